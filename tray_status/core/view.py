"""State as people look at it: one row a page, and the worst of all. Shared by tray, console and scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .chosen import concerns, missing_component, watches
from .events import PageProblem
from .model import Component, Impact, Incident, Page, Reading, badness, worst
from .probe import Probe, Verdict, verdict

STALE_AFTER_INTERVALS = 3

CONFIRMED_AFTER = timedelta(minutes=2)
"""One failed poll is no news; so long without a good one is."""

SILENT = (
    "its answers do not tell which incidents are open",
    "Look at it in a browser; the vendor may have moved its status page.",
)
"""Of a page that can be read and says nothing that matters: text and cure."""


@dataclass(frozen=True, slots=True)
class PageState:
    """What the log holds of one page now."""

    page: Page
    reading: Reading = Reading.NEVER
    """As last confirmed; FRESH may have become STALE by now, see `look`."""
    problem: PageProblem | None = None
    trouble: PageProblem | None = None
    """What went wrong with the last poll, confirmed or not."""
    failing_since: datetime | None = None
    """When the page began to fail, in this run; None while it does not."""
    platform: str | None = None
    source: str = ""
    """Where its platform's documents are, see `providers/platform.py`."""
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
    probe: Probe | None = None
    """What a probe found last, whatever the settings want to be probed by now; see `PageView.probe`."""
    moved_to: str | None = None
    """Where its documents are asked for, where it has moved for good."""


@dataclass(frozen=True, slots=True)
class PageView:
    """One page as it is shown."""

    state: PageState
    reading: Reading
    impact: Impact
    problem: PageProblem | None = None
    """Why it cannot be read, confirmed or not."""

    @property
    def page(self) -> Page:
        return self.state.page

    @property
    def verdict(self) -> Verdict:
        """Them, me, or the internet."""
        probe = self.probe
        return verdict(self.reading, self.impact, *((probe.alive, probe.proven) if probe else (None,)))

    @property
    def probe(self) -> Probe | None:
        """What the page's probe found, as far as that still counts."""
        probe = self.state.probe
        if probe is None or probe.target != self.page.probe or self.reading is Reading.STALE:
            return None
        return probe

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        """Those that touch what was chosen of this page, oldest first."""
        return tuple(each for each in self.state.open_incidents if concerns(self.page, each))

    @property
    def maintenances(self) -> tuple[Incident, ...]:
        """Those under way or coming that touch what was chosen, soonest first."""
        return tuple(each for each in self.state.maintenances if concerns(self.page, each))


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
        rows = [(view.page, incident) for view in self.pages for incident in view.open_incidents]
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
    """The confirmed reading, or STALE where the last good one is older than three intervals.

    A clock that was set back makes it lie in the future, which tells no more. A failure is confirmed by time too: the
    next poll may be an hour away.
    """
    if state.reading is not Reading.FRESH:
        return state.reading
    if state.read_at is None:
        return Reading.NEVER
    if state.trouble and state.failing_since and now - state.failing_since >= CONFIRMED_AFTER:
        return state.trouble.reading
    limit = timedelta(seconds=STALE_AFTER_INTERVALS * state.page.interval)
    return Reading.STALE if abs(now - state.read_at) > limit else Reading.FRESH


def flaw_of(state: PageState) -> PageProblem | None:
    """Why a page that can be read does not tell what this person wants to know; None where it does."""
    gone = missing_component(state.page, state.components)
    return gone or (None if state.open_told else PageProblem(Reading.BROKEN, *SILENT))


def view_of(state: PageState, now: datetime) -> PageView:
    """A page as it is to be shown at `now`.

    Its impact is the worst of open incidents, maintenance under way, the page's own indicator and its components,
    as far as they matter to this person. It is green only after a fresh reading that told which incidents are open.
    """
    page, reading = state.page, reading_now(state, now)
    # While this computer has no network, what was told of the page before is not why it cannot be read now.
    problem = state.trouble if reading is Reading.OFFLINE else state.problem or state.trouble
    if reading is Reading.FRESH or (reading is Reading.BROKEN and problem is None):
        flaw = flaw_of(state)
        reading, problem = (reading, problem) if flaw is None else (flaw.reading, flaw)
    view = PageView(state, reading, Impact.UNKNOWN, problem)
    parts = [incident.shown_impact for incident in view.open_incidents]
    parts += [Impact.MAINTENANCE for each in view.maintenances if each.is_open]
    parts += [each.impact for each in state.components if watches(page, each.id, each.name)]
    if state.indicator is not None and not page.components:
        parts.append(state.indicator)
    parts.append(Impact.NONE if reading is Reading.FRESH else Impact.UNKNOWN)
    view = replace(view, impact=worst(parts))
    if view.verdict is Verdict.NOT_POSTED:
        view = replace(view, impact=Impact.UNKNOWN)  # the page says that all is well, and the service says otherwise
    return view


def look(states: Sequence[PageState], now: datetime) -> Overview:
    """How things stand at `now`. With no pages at all, nothing is known."""
    views = [view_of(state, now) for state in states]
    views.sort(key=lambda view: view.page.name.casefold())
    views.sort(key=lambda view: badness(view.impact), reverse=True)
    overall = worst(view.impact for view in views)
    offline = overall is Impact.UNKNOWN and bool(views) and all(view.reading is Reading.OFFLINE for view in views)
    return Overview(tuple(views), overall, offline)
