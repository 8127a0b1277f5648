"""The whole menu: how things stand, what is open, what is coming and was lately, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ... import HOME_PAGE, LICENCE, __version__
from ...core.language import tr
from ...core.model import Impact, Incident, Page, badness
from ...core.view import Overview
from ...core.wishes import Wished, attended
from ...core.wording import headline
from .entry import ROWS, SEPARATOR, Do, Entry, NotifyFrom, Open, moment
from .incidents import coming_maintenance, open_incident, past_incident
from .pages import limited, operational_pages, troubled_pages
from .wishing import pause

OPEN_LIMIT = 8
RECENT_LIMIT = 10

THRESHOLDS = (
    ("Every incident", Impact.NOTICE),
    ("Minor trouble or worse", Impact.MINOR),
    ("Major trouble or worse", Impact.MAJOR),
    ("Critical trouble only", Impact.CRITICAL),
)
_SAME_AS = {Impact.NONE: Impact.NOTICE, Impact.MAINTENANCE: Impact.MINOR}
"""Thresholds of the settings file that come to the same: no notice is ever about nothing, or about maintenance."""


@dataclass(frozen=True, slots=True)
class Switches:
    """What the settings say, as far as the menu shows it."""

    at_login: bool | None = None
    """Whether a login starts the program; None leaves that entry out."""
    notify_from: Impact | None = None
    """None where there is no settings file; all that is about it is left out."""
    sounds: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the menu tells."""

    overview: Overview
    now: datetime
    """In the person's own zone."""
    recent: tuple[tuple[Page, Incident], ...] = ()
    """The newest incidents, open or not."""
    wishes: tuple[Wished, ...] = ()
    new: frozenset[tuple[str, str]] = frozenset()
    """Pages and incidents, by id, of which something was not looked at yet."""
    can_copy: bool = False
    """Whether there is a clipboard."""
    switches: Switches = Switches()


def build(shown: Shown) -> tuple[Entry, ...]:
    """The whole menu, worst first."""
    overview, now, can_copy = shown.overview, shown.now, shown.can_copy
    wishes = tuple(each for each in shown.wishes if each.holds(now))
    entries = [_headline(overview, wishes, now), *_open(shown, wishes), SEPARATOR]
    entries += troubled_pages(overview, now, wishes, can_copy=can_copy)
    entries += operational_pages(overview, now, wishes, can_copy=can_copy)
    entries += [*_coming(shown, wishes), _recent(shown), SEPARATOR]
    entries += [
        Entry(tr("Show recent incidents"), Do.SHOW_RECENT, default=True, visible=False),
        Entry(tr("Check now ({last})", last=_last_check(overview, now)), Do.CHECK_NOW, key="check"),
        pause(wishes, now),
        Entry(tr("Open status page"), Do.STATUS_PAGE),
        _settings(shown.switches),
        _about(),
        Entry(tr("Quit"), Do.QUIT),
    ]
    return tuple(entries)


def _headline(overview: Overview, wishes: tuple[Wished, ...], now: datetime) -> Entry:
    known = overview.worst is not Impact.NONE and attended(overview, wishes, now) == (Impact.NOTICE, 0)
    calm = known and overview.worst is not Impact.NOTICE
    return Entry(headline(overview) + (f" ({tr('acknowledged or muted')})" if calm else ""), key="headline")


def _open(shown: Shown, wishes: tuple[Wished, ...]) -> list[Entry]:
    """What goes on now, the worst first; what leaves no room for the rest goes into a submenu."""
    overview = shown.overview
    rows = list(overview.open_incidents)
    rows += [(view.page, each) for view in overview.pages for each in view.maintenances if each.is_open]
    rows.sort(key=lambda row: badness(row[1].shown_impact), reverse=True)
    several = len(overview.pages) > 1
    entries = [
        open_incident(page, each, shown.now, wishes, shown.new, name_page=several, can_copy=shown.can_copy)
        for page, each in rows[: OPEN_LIMIT + ROWS]
    ]
    if len(rows) <= OPEN_LIMIT:
        return entries
    left = len(rows) - OPEN_LIMIT
    rest = Entry(tr("and {n} more open", n=left), children=limited(entries[OPEN_LIMIT:], left), key="more open")
    return [*entries[:OPEN_LIMIT], rest]


def _coming(shown: Shown, wishes: tuple[Wished, ...]) -> list[Entry]:
    views = shown.overview.pages
    rows = [(view.page, each) for view in views for each in view.maintenances if not each.is_open]
    if not rows:
        return []
    rows.sort(key=lambda row: (row[1].scheduled_for is None, row[1].scheduled_for or shown.now))
    children = [
        coming_maintenance(page, each, shown.now, wishes, name_page=len(views) > 1, can_copy=shown.can_copy)
        for page, each in rows[:ROWS]
    ]
    return [
        Entry(
            tr("Upcoming maintenance ({n})", n=len(rows)),
            children=limited(children, len(rows)),
            key="upcoming maintenance",
        )
    ]


def _recent(shown: Shown) -> Entry:
    """What is over; what is open stands above already."""
    past = [(page, each) for page, each in shown.recent if not each.is_open][:RECENT_LIMIT]
    if not past:
        return Entry(tr("No recent incidents"), key="recent")
    several = len(shown.overview.pages) > 1
    children = [
        past_incident(page, each, shown.now, shown.new, name_page=several, can_copy=shown.can_copy)
        for page, each in past
    ]
    new = sum((page.id, each.id) in shown.new for page, each in past)
    label = tr("Recent incidents") + (f" ({tr('{n} new', n=new)})" if new else "")
    children += [SEPARATOR, Entry(tr("Show as a notice"), Do.SHOW_RECENT, key="show recent")]
    return Entry(label, children=tuple(children), key="recent")


def _last_check(overview: Overview, now: datetime) -> str:
    checked = max((view.state.checked_at for view in overview.pages if view.state.checked_at), default=None)
    return tr("not checked yet") if checked is None else tr("last at {when}", when=moment(checked, now))


def _settings(switches: Switches) -> Entry:
    children = []
    if switches.at_login is not None:
        children.append(Entry(tr("Start at login"), Do.SWITCH_LOGIN, checked=switches.at_login))
    if switches.notify_from is not None:
        chosen = _SAME_AS.get(switches.notify_from, switches.notify_from)
        thresholds = tuple(
            Entry(tr(label), NotifyFrom(impact), checked=impact is chosen, radio=True) for label, impact in THRESHOLDS
        )
        children += [
            Entry(tr("Notify from"), children=thresholds),
            Entry(tr("Sounds"), Do.SWITCH_SOUNDS, checked=switches.sounds),
            Entry(tr("Edit settings file"), Do.EDIT_SETTINGS),
        ]
    return Entry(tr("Settings"), children=(*children, Entry(tr("Show a test notification"), Do.TEST_NOTIFICATION)))


def _about() -> Entry:
    children = [
        Entry(f"Tray Status {__version__}", key="version"),
        Entry(tr("Licence: {name}", name=LICENCE), key="licence"),
    ]
    if HOME_PAGE:
        children.append(Entry(tr("Home page"), Open(HOME_PAGE), key="home page"))
    return Entry(tr("About"), children=tuple(children))
