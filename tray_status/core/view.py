"""State as people look at it: one row a page, and the worst of all. Shared by tray, console and scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .events import PageProblem
from .model import Component, Impact, Incident, Kind, Page, Reading, State, badness, worst

STALE_AFTER_INTERVALS = 3


@dataclass(frozen=True, slots=True)
class PageState:
    """What the log holds of one page now."""

    page: Page
    reading: Reading = Reading.NEVER
    """As last confirmed; FRESH may have become STALE by now, see `look`."""
    problem: PageProblem | None = None
    trouble: PageProblem | None = None
    """What went wrong with the last poll, confirmed or not."""
    platform: str | None = None
    vendor_url: str | None = None
    """The page's own address, for people."""
    indicator: Impact | None = None
    open_told: bool = False
    """Whether the vendor ever told which incidents are open."""
    components: tuple[Component, ...] = ()
    open_incidents: tuple[Incident, ...] = ()
    """Open incidents, oldest first."""
    maintenances: tuple[Incident, ...] = ()
    """Those under way or coming, soonest first."""
    tracked: int = 0
    """How many incidents are known, closed ones too."""
    read_at: datetime | None = None
    """When it was last read with success."""
    checked_at: datetime | None = None
    """When it was last tried."""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """One page as it is shown."""

    state: PageState
    reading: Reading
    impact: Impact

    @property
    def page(self) -> Page:
        return self.state.page


@dataclass(frozen=True, slots=True)
class Overview:
    """All pages, worst first."""

    pages: tuple[PageView, ...]
    worst: Impact
    offline: bool = False
    """Whether grey is this computer's own doing: no page can be read for want of a network."""

    @property
    def open_incidents(self) -> tuple[tuple[Page, Incident], ...]:
        """All open incidents with their pages, worst first, then newest first."""
        rows = [(view.page, incident) for view in self.pages for incident in view.state.open_incidents]
        rows.sort(key=lambda row: _newest_first(row[1]))
        rows.sort(key=lambda row: badness(row[1].shown_impact), reverse=True)
        return tuple(rows)

    @property
    def tracked(self) -> int:
        return sum(view.state.tracked for view in self.pages)


def _newest_first(incident: Incident) -> float:
    at = incident.started_at or (incident.latest.at if incident.latest else None)
    return -at.timestamp() if at else 0.0


def reading_now(state: PageState, now: datetime) -> Reading:
    """The confirmed reading, or STALE where the last good one is older than three intervals."""
    if state.reading is not Reading.FRESH:
        return state.reading
    if state.read_at is None:
        return Reading.NEVER
    limit = timedelta(seconds=STALE_AFTER_INTERVALS * state.page.interval)
    return Reading.STALE if now - state.read_at > limit else Reading.FRESH


def page_impact(state: PageState, reading: Reading) -> Impact:
    """The worst of open incidents, maintenance under way, the page's own indicator and its components.

    Never green for anything but a fresh reading that told which incidents are open.
    """
    parts = [incident.shown_impact for incident in state.open_incidents]
    parts += [Impact.MAINTENANCE for each in state.maintenances if each.is_open]
    if state.indicator is not None:
        parts.append(state.indicator)
    parts += [component.impact for component in state.components]
    parts.append(Impact.NONE if reading is Reading.FRESH and state.open_told else Impact.UNKNOWN)
    return worst(parts)


def look(states: Sequence[PageState], now: datetime) -> Overview:
    """How things stand at `now`. With no pages at all, nothing is known."""
    views = []
    for state in states:
        reading = reading_now(state, now)
        views.append(PageView(state, reading, page_impact(state, reading)))
    views.sort(key=lambda view: view.page.name.casefold())
    views.sort(key=lambda view: badness(view.impact), reverse=True)
    overall = worst(view.impact for view in views)
    offline = overall is Impact.UNKNOWN and bool(views) and all(view.reading is Reading.OFFLINE for view in views)
    return Overview(tuple(views), overall, offline)


def is_upcoming(incident: Incident) -> bool:
    """Whether a maintenance is announced and has not begun."""
    return incident.kind is Kind.MAINTENANCE and incident.state is State.SCHEDULED
