"""What the first page shows, worked out from how things stand. Pure; the template only lays it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, datetime
from urllib.parse import urlencode

from django.utils.safestring import mark_safe

from ..core.model import Component, Impact, Incident, Kind, Page, Reading, Update, badness, worst
from ..core.text import safe_url
from ..core.view import Overview, PageView
from ..core.wishes import Wished, is_acknowledged, is_followed, is_muted, paused_until
from ..core.wording import (
    IMPACT_WORDS,
    NOTHING,
    STANDING_WORDS,
    headline,
    local_time,
    reasons,
    standing,
    state_words,
    tally,
    update_state,
)

UPDATES_SHOWN = 3
"""The newest updates of an incident; those before are folded away."""

INCIDENTS_LIMIT = 100
"""Incidents that are shown of the open ones, so that a page gone wild does not make ours unusable."""

UPDATES_LIMIT = 100

PARTS_LIMIT = 300
"""Components that are shown on the first page; those of further pages are on the pages' own."""

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time for a person and for a script, and as HTML, for which the script of the page has words."""

    shown: str
    machine: str

    kind: str = ""
    """`due`: now where it should have come already; `exact`: never in words."""

    def __str__(self) -> str:
        of_kind = f' class="{self.kind}"' if self.kind else ""
        return mark_safe(f'<time datetime="{self.machine}"{of_kind}>{self.shown}</time>')  # noqa: S308 - all of it is ours

    @property
    def due(self) -> Moment:
        return Moment(self.shown, self.machine, "due")

    @property
    def exact(self) -> Moment:
        """To the minute."""
        return Moment(self.shown[:16], self.machine, "exact")


@dataclass(frozen=True, slots=True)
class UpdateRow:
    key: str
    state: str
    text: str
    at: Moment | None


@dataclass(frozen=True, slots=True)
class Act:
    """A button: what it asks for, and in which words."""

    do: str
    words: str
    on: bool = False
    """Whether it takes back what holds now."""

    @property
    def key(self) -> str:
        """The same for what asks and what takes back, so that who is at the button stays there."""
        return self.do.removeprefix("un")


@dataclass(frozen=True, slots=True)
class IncidentRow:
    key: str
    page_id: str
    id: str
    page: str
    name: str
    url: str
    link: str
    """Where our own page of it is, for good."""
    icon: str
    impact: str
    state: str
    products: str
    began: Moment | None
    ends: Moment | None
    newest: tuple[UpdateRow, ...]
    earlier: tuple[UpdateRow, ...]
    acts: tuple[Act, ...] = ()
    wished: str = ""
    """What the person wants to hear of it, where that was said."""


@dataclass(frozen=True, slots=True)
class Part:
    """A component, or a group of them."""

    name: str
    icon: str
    impact: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRow:
    key: str
    name: str
    url: str
    link: str
    icon: str
    impact: str
    words: str
    open: int
    read: Moment | None
    problem: str
    troubled: tuple[tuple[str, str], ...]
    """Components that are not well, with their state in words."""
    components: int = 0
    parts: tuple[Part, ...] = ()
    """The tree of its components, where there is room for it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Pages of one category, worst first."""

    name: str
    pages: tuple[PageRow, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """All of the page."""

    icon: str
    headline: str
    tally: str
    states: str
    """How many pages are in which state."""
    checked: Moment | None
    next_check: Moment | None
    open: tuple[IncidentRow, ...]
    more_open: int
    """Open incidents beyond those that are shown."""
    none_open: str
    """What is said where no incident is open."""
    under_way: tuple[IncidentRow, ...]
    """Maintenance that goes on now."""
    coming: tuple[IncidentRow, ...]
    """Maintenance that is planned, soonest first."""
    closed: tuple[IncidentRow, ...]
    groups: tuple[Group, ...]
    pause: Act
    paused: str
    """Until when notices are held back; empty where they are not."""

    @property
    def pages(self) -> tuple[PageRow, ...]:
        return tuple(page for group in self.groups for page in group.pages)


def describe(
    overview: Overview,
    recent: Sequence[tuple[Page, Incident]],
    next_check: datetime | None,
    now: datetime,
    wishes: Sequence[Wished] = (),
) -> Shown:
    """Everything that is shown, in the local zone."""
    checks = [view.state.checked_at for view in overview.pages if view.state.checked_at]
    maintenances = [(view.page, each) for view in overview.pages for each in view.maintenances]
    maintenances.sort(key=lambda row: row[1].scheduled_for or row[1].started_at or now)
    closed = [row for row in recent if not row[1].is_open]
    known = overview.pages and all(view.impact is not Impact.UNKNOWN for view in overview.pages)
    held = [each for each in wishes if each.holds(now)]
    pause_end = paused_until(held)
    return Shown(
        icon="offline" if overview.offline else overview.worst.value,
        headline=headline(overview),
        tally=tally(overview),
        states=_states(view.impact for view in overview.pages),
        checked=moment(max(checks, default=None)),
        next_check=moment(next_check),
        open=tuple(incident_row(*row, held) for row in overview.open_incidents[:INCIDENTS_LIMIT]),
        more_open=max(0, len(overview.open_incidents) - INCIDENTS_LIMIT),
        none_open="None." if known else "None that is known: not every page could be read.",
        under_way=tuple(incident_row(*row, held) for row in maintenances if row[1].is_open)[:INCIDENTS_LIMIT],
        coming=tuple(incident_row(*row, held) for row in maintenances if not row[1].is_open)[:INCIDENTS_LIMIT],
        closed=tuple(incident_row(*row) for row in closed),
        groups=_groups(overview.pages),
        pause=Act("resume", "Resume notices", on=True) if pause_end else Act("pause", "Pause notices"),
        paused=_until(pause_end, now) if pause_end else "",
    )


def _until(end: datetime, now: datetime) -> str:
    if end.year == MAXYEAR:
        return "until you resume them"
    local = end.astimezone()
    return f"until {local:%H:%M}" if local.date() == now.astimezone().date() else f"until {local:%Y-%m-%d %H:%M}"


def _groups(views: Sequence[PageView]) -> tuple[Group, ...]:
    """By category in the order of the worst of each; trees of components while there is room."""
    room = PARTS_LIMIT
    rows: dict[str, list[PageRow]] = {}
    for view in views:
        row = page_row(view)
        if row.components <= room:
            room -= row.components
            row = replace(row, parts=tree(view.state.components))
        rows.setdefault(view.page.category or OTHER, []).append(row)
    return tuple(Group(name, tuple(pages)) for name, pages in rows.items())


def _states(impacts: Iterable[Impact]) -> str:
    found = sorted(Counter(impacts).items(), key=lambda row: badness(row[0]), reverse=True)
    words = (f"{n} {STANDING_WORDS[each].lower()}" for each, n in found)
    return f"Pages: {', '.join(words)}." if found else "No pages are watched."


def incident_row(page: Page, incident: Incident, held: Sequence[Wished] = ()) -> IncidentRow:
    """One incident; `held` are the wishes that hold now."""
    updates = tuple(update_row(each) for each in reversed(incident.updates))
    planned = incident.kind is Kind.MAINTENANCE
    first = incident.updates[0].at if incident.updates else None
    began = (incident.scheduled_for if planned else None) or incident.started_at or first
    return IncidentRow(
        key=f"{page.id}/{incident.id}",
        page_id=page.id,
        id=incident.id,
        page=page.name,
        name=incident.name,
        url=safe_url(incident.url) or page.url,
        link=f"/incident?{urlencode({'page': page.id, 'id': incident.id})}",
        icon=incident.shown_impact.value,
        impact=IMPACT_WORDS[incident.shown_impact],
        state=state_words(incident),
        products=", ".join(incident.components) or NOTHING,
        began=moment(began),
        ends=moment(incident.scheduled_until if planned else incident.resolved_at),
        newest=updates[:UPDATES_SHOWN],
        earlier=updates[UPDATES_SHOWN:UPDATES_LIMIT],
        acts=_acts(page, incident, held) if incident.is_open or planned else (),
        wished=_wished(page, incident, held),
    )


def _acts(page: Page, incident: Incident, held: Sequence[Wished]) -> tuple[Act, ...]:
    known = is_acknowledged(held, page.id, incident)
    followed, muted = is_followed(held, page.id, incident.id), is_muted(held, page.id, incident.id)
    return (
        Act("unacknowledge", "Acknowledged (undo)", on=True) if known else Act("acknowledge", "Acknowledge"),
        Act("unfollow", "Followed (undo)", on=True) if followed else Act("follow", "Follow until resolved"),
        *(
            (Act("unmute", "Muted (undo)", on=True),)
            if muted
            else (Act("mute:1h", "Mute 1 h"), Act("mute:8h", "Mute 8 h"), Act("mute", "Mute until resolved"))
        ),
    )


def _wished(page: Page, incident: Incident, held: Sequence[Wished]) -> str:
    words = []
    if is_acknowledged(held, page.id, incident):
        words.append("acknowledged")
    if is_followed(held, page.id, incident.id):
        words.append("followed")
    if is_muted(held, page.id, incident.id):
        words.append("muted")
    return ", ".join(words)


def update_row(update: Update) -> UpdateRow:
    return UpdateRow(update.id, update_state(update), update.text or NOTHING, moment(update.at))


def page_row(view: PageView) -> PageRow:
    words = standing(view)
    return PageRow(
        key=view.page.id,
        name=view.page.name,
        url=safe_url(view.state.vendor_url) or view.page.url,
        link=f"/page?{urlencode({'id': view.page.id})}",
        icon="offline" if view.reading is Reading.OFFLINE and view.impact is Impact.UNKNOWN else view.impact.value,
        impact=STANDING_WORDS[view.impact],
        words=words[:1].upper() + words[1:],
        open=len(view.open_incidents),
        read=moment(view.state.read_at),
        problem=" ".join(reasons(view)),
        troubled=tuple(
            (each.name, IMPACT_WORDS[each.impact]) for each in view.state.components if each.impact is not Impact.NONE
        ),
        components=len(view.state.components),
    )


def tree(components: Iterable[Component]) -> tuple[Part, ...]:
    """Groups with their components, and those that are in none, each where its first one stands."""
    groups: dict[str, list[Component]] = {}
    rows: list[str | Component] = []
    for each in components:
        if each.group and each.group not in groups:
            rows.append(each.group)
        if each.group:
            groups.setdefault(each.group, []).append(each)
        else:
            rows.append(each)
    return tuple(_part(row) if isinstance(row, Component) else _grouped(row, groups[row]) for row in rows)


def _part(component: Component) -> Part:
    return Part(component.name, component.impact.value, STANDING_WORDS[component.impact])


def _grouped(name: str, components: Sequence[Component]) -> Part:
    found = worst(each.impact for each in components)
    return Part(name, found.value, STANDING_WORDS[found], tuple(_part(each) for each in components))


def moment(at: datetime | None) -> Moment | None:
    return Moment(local_time(at.astimezone()), at.strftime("%Y-%m-%dT%H:%M:%SZ")) if at else None
