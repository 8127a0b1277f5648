"""Which events go to a hook or a webhook, what becomes of one that was sent, and when it is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .events import Event, EventKind
from .model import Impact

_ORDER = tuple(Impact)
"""From none to critical; what is not known is worth a word whatever the threshold."""

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
"""Seconds before the first repetition, and between two at most, while something is in the way that may pass."""

SELDOM = 3600.0
"""Seconds between two attempts at a target that refuses: only a person can mend that."""

LOOKED_AGAIN = 60.0
"""Seconds between two looks for what is missing on this side: to look costs nobody anything."""

WAITS_LONG = 600.0
"""Seconds after which a person is told that a target cannot be reached."""


@dataclass(frozen=True, slots=True)
class Wants:
    """A target's filters: an event has to pass each of them."""

    pages: frozenset[str] = frozenset()
    """Ids of pages; empty means all."""
    least: Impact = Impact.NONE
    """The least impact of incidents and components. That a page can or cannot be read always passes."""
    kinds: frozenset[EventKind] = frozenset()
    """Empty means all."""
    for_people: bool = False
    """Whether people read it: component changes that an incident tells of are left out unless `kinds` has them."""

    def __call__(self, event: Event) -> bool:
        if self.pages and event.page.id not in self.pages:
            return False
        if self.kinds and event.kind not in self.kinds:
            return False
        change = event.component
        if change is not None and self.for_people and not self.kinds and change.posted and not change.found:
            return False
        impact = impact_of(event)
        return impact is None or _ORDER.index(impact) >= _ORDER.index(self.least)


def impact_of(event: Event) -> Impact | None:
    """How bad it is, for a threshold; None for what has no impact.

    The end of an incident without impact is as much news as its beginning, and the better turn of a component is
    news to whom the worse one was.
    """
    if event.incident is not None:
        shown = event.incident.shown_impact
        return Impact.NOTICE if shown is Impact.NONE else shown
    if event.component is not None:
        return max(event.component.before, event.component.after, key=_ORDER.index)
    return None


class Fate(Enum):
    """What became of an event that was sent."""

    TAKEN = "taken"
    LATER = "later"
    """It may well be taken when it is sent again."""
    REFUSED = "refused"
    """The same will not be taken until a person changes something."""
    NOT_SENT = "not sent"
    """Something is missing on this side, such as a secret or a package: only a person can mend that, here."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a target."""

    fate: Fate
    words: str
    """For a person, without secrets: `HTTP 404 (no_service)`."""
    retry_after: float | None = None
    """Seconds that the target asks to be left alone."""
    printed: str = ""
    """What a program printed, made safe."""


def fate_of(status: int) -> Fate:
    """What an HTTP status says. Of the 4xx only those that ask for patience may turn into another by themselves."""
    if 200 <= status < 300:
        return Fate.TAKEN
    if status in (408, 421, 423, 425, 429) or status >= 500:
        return Fate.LATER
    return Fate.REFUSED


def pause(reply: Reply, failures: int, chance: float) -> float:
    """Seconds until the next attempt, after so many failures in a row (from 1); `chance` from 0 to 1 spreads them."""
    passing = min(FIRST_PAUSE * 2.0 ** min(failures - 1, 30), LONGEST_PAUSE)
    usual = {Fate.REFUSED: SELDOM, Fate.NOT_SENT: LOOKED_AGAIN}.get(reply.fate, passing)
    return max(usual * (0.8 + 0.4 * chance), reply.retry_after or 0.0)


def idempotency_key(event: Event) -> str:
    """The same for each attempt at one event, and another one for each event of this home: page, place in the log,
    and when it was seen, for a log that was lost begins to count anew.
    """
    return f"{event.page.id}-{event.seq}-{int(event.seen_at.timestamp()):x}"
