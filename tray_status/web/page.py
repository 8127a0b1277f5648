"""What the status page shows, worked out from how things stand. Pure; the template only lays it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..core.model import Impact, Incident, Kind, Page, Reading, Update, badness
from ..core.text import safe_url
from ..core.view import Overview, PageView
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
)

UPDATES_SHOWN = 3
"""The newest updates of an incident; those before are folded away."""

INCIDENTS_LIMIT = 100
"""Incidents that are shown of the open ones, so that a page gone wild does not make ours unusable."""

UPDATES_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Moment:
    """A time for a person and for a script."""

    shown: str
    machine: str


@dataclass(frozen=True, slots=True)
class UpdateRow:
    key: str
    state: str
    text: str
    at: Moment | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    key: str
    page: str
    name: str
    url: str
    icon: str
    impact: str
    state: str
    products: str
    began: Moment | None
    ends: Moment | None
    newest: tuple[UpdateRow, ...]
    earlier: tuple[UpdateRow, ...]


@dataclass(frozen=True, slots=True)
class PageRow:
    key: str
    name: str
    url: str
    icon: str
    impact: str
    words: str
    open: int
    read: Moment | None
    problem: str
    troubled: tuple[tuple[str, str], ...]
    """Components that are not well, with their state in words."""


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
    maintenances: tuple[IncidentRow, ...]
    closed: tuple[IncidentRow, ...]
    pages: tuple[PageRow, ...]


def describe(
    overview: Overview, recent: Sequence[tuple[Page, Incident]], next_check: datetime | None, now: datetime
) -> Shown:
    """Everything that is shown, in the local zone."""
    checks = [view.state.checked_at for view in overview.pages if view.state.checked_at]
    maintenances = [(view.page, each) for view in overview.pages for each in view.maintenances]
    maintenances.sort(key=lambda row: (not row[1].is_open, row[1].scheduled_for or row[1].started_at or now))
    closed = [row for row in recent if not row[1].is_open]
    known = overview.pages and all(view.impact is not Impact.UNKNOWN for view in overview.pages)
    return Shown(
        icon="offline" if overview.offline else overview.worst.value,
        headline=headline(overview),
        tally=tally(overview),
        states=_states(view.impact for view in overview.pages),
        checked=_moment(max(checks, default=None)),
        next_check=_moment(next_check),
        open=tuple(_incident(*row) for row in overview.open_incidents[:INCIDENTS_LIMIT]),
        more_open=max(0, len(overview.open_incidents) - INCIDENTS_LIMIT),
        none_open="None." if known else "None that is known: not every page could be read.",
        maintenances=tuple(_incident(*row) for row in maintenances[:INCIDENTS_LIMIT]),
        closed=tuple(_incident(*row) for row in closed),
        pages=tuple(_page(view) for view in overview.pages),
    )


def _states(impacts: Iterable[Impact]) -> str:
    found = sorted(Counter(impacts).items(), key=lambda row: badness(row[0]), reverse=True)
    words = (f"{n} {STANDING_WORDS[each].lower()}" for each, n in found)
    return f"Pages: {', '.join(words)}." if found else "No pages are watched."


def _incident(page: Page, incident: Incident) -> IncidentRow:
    updates = tuple(_update(each) for each in reversed(incident.updates))
    planned = incident.kind is Kind.MAINTENANCE
    first = incident.updates[0].at if incident.updates else None
    began = (incident.scheduled_for if planned else None) or incident.started_at or first
    return IncidentRow(
        key=f"{page.id}/{incident.id}",
        page=page.name,
        name=incident.name,
        url=safe_url(incident.url) or page.url,
        icon=incident.shown_impact.value,
        impact=IMPACT_WORDS[incident.shown_impact],
        state=state_words(incident),
        products=", ".join(incident.components) or NOTHING,
        began=_moment(began),
        ends=_moment(incident.scheduled_until if planned else incident.resolved_at),
        newest=updates[:UPDATES_SHOWN],
        earlier=updates[UPDATES_SHOWN:UPDATES_LIMIT],
    )


def _update(update: Update) -> UpdateRow:
    word = update.word.replace("_", " ") or update.state.value.replace("_", " ")
    return UpdateRow(update.id, word[:1].upper() + word[1:], update.text or NOTHING, _moment(update.at))


def _page(view: PageView) -> PageRow:
    words = standing(view)
    return PageRow(
        key=view.page.id,
        name=view.page.name,
        url=safe_url(view.state.vendor_url) or view.page.url,
        icon="offline" if view.reading is Reading.OFFLINE and view.impact is Impact.UNKNOWN else view.impact.value,
        impact=STANDING_WORDS[view.impact],
        words=words[:1].upper() + words[1:],
        open=len(view.open_incidents),
        read=_moment(view.state.read_at),
        problem=" ".join(reasons(view)),
        troubled=tuple(
            (each.name, IMPACT_WORDS[each.impact]) for each in view.state.components if each.impact is not Impact.NONE
        ),
    )


def _moment(at: datetime | None) -> Moment | None:
    return Moment(local_time(at.astimezone()), at.strftime("%Y-%m-%dT%H:%M:%SZ")) if at else None
