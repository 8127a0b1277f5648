"""When something was the matter: incidents and maintenances as spans of time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from .model import Impact, Kind, badness


@dataclass(frozen=True, slots=True)
class Span:
    """One incident or maintenance, from its beginning to its end, or until now where it goes on."""

    page_id: str
    incident_id: str
    name: str
    kind: Kind
    impact: Impact
    """NOTICE where the vendor told none; MAINTENANCE for maintenance."""
    begin: datetime
    end: datetime
    both_told: bool = True
    """Whether the vendor told both ends, and it is resolved."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which a page was as bad as that, and no worse."""

    begin: datetime
    end: datetime
    impact: Impact

    @property
    def minutes(self) -> float:
        return (self.end - self.begin).total_seconds() / 60


def clipped(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """What of them lies between two moments."""
    found = []
    for each in spans:
        begin, end = max(each.begin, since), min(each.end, until)
        if begin < end or (begin == end and since <= each.begin < until):
            found.append(
                Span(each.page_id, each.incident_id, each.name, each.kind, each.impact, begin, end, each.both_told)
            )
    return found


def stretches(spans: Sequence[Span]) -> list[Stretch]:
    """One page's time in order, each moment once, at the worst of what went on then; quiet times are left out."""
    turns: list[tuple[datetime, int, Impact]] = []
    for each in spans:
        if each.begin < each.end:
            turns += [(each.begin, 1, each.impact), (each.end, -1, each.impact)]
    turns.sort(key=lambda turn: turn[0])
    active: dict[Impact, int] = {}
    found: list[Stretch] = []
    before: datetime | None = None
    for at, group in groupby(turns, key=lambda turn: turn[0]):
        if before is not None and active:
            worst = max(active, key=badness)
            if found and found[-1].end == before and found[-1].impact is worst:
                found[-1] = Stretch(found[-1].begin, at, worst)
            else:
                found.append(Stretch(before, at, worst))
        for _, step, impact in group:
            active[impact] = active.get(impact, 0) + step
            if not active[impact]:
                del active[impact]
        before = at
    return found


def by_page(spans: Iterable[Span]) -> dict[str, list[Span]]:
    """The spans of each page, in the order in which they came."""
    found: dict[str, list[Span]] = {}
    for each in spans:
        found.setdefault(each.page_id, []).append(each)
    return found
