"""What happened over a time in numbers: how often, how long, when, and what failed together. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from .model import Impact, Kind
from .spans import Span, Stretch, by_page, clipped, stretches

IMPACTS = (Impact.CRITICAL, Impact.MAJOR, Impact.MINOR, Impact.NOTICE, Impact.UNKNOWN, Impact.MAINTENANCE)
"""In the order in which they are shown."""

TOGETHER_LIMIT = 20

DEFINITIONS: Mapping[str, str] = {
    "months": "Incidents and maintenances by the month in which they began, in your zone, and by the impact that the"
    " vendor gave them last; “notice” where it gave none.",
    "minutes": "Minutes during which something was open. What goes on at once on one page counts once, at the worst"
    " impact; pages are added up.",
    "resolution": "From the first word to the resolution, of incidents that began in this time and whose both ends"
    " the vendor told. Half of them took no longer than the median, nine of ten no longer than p90. Maintenance is"
    " left out.",
    "quiet": "The longest time without an open incident on any of these pages, from when the first of them was"
    " watched. Maintenance is left out.",
    "hours": "Minutes with an open incident by weekday and hour, in your zone; pages are added up. Maintenance is"
    " left out.",
    "together": "Pairs of pages that had incidents open at the same time: how often, and for how many minutes.",
    "days": "The worst impact of each day, in your zone. A day without an incident is green only where the page was"
    " watched for an hour or more; else nothing is known of it.",
}
"""What each number means, in sentences."""


@dataclass(frozen=True, slots=True)
class Month:
    """Incidents that began in one month, by impact."""

    name: str
    """Such as `2026-01`."""
    counts: Mapping[Impact, int]


@dataclass(frozen=True, slots=True)
class Resolution:
    """How long incidents took."""

    count: int
    median: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """A time without an incident."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pages that had trouble at the same time."""

    first: str
    second: str
    count: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of it, of some pages over some time."""

    since: datetime
    until: datetime
    incidents: int
    maintenances: int
    months: tuple[Month, ...]
    minutes: Mapping[Impact, float]
    resolution: Resolution
    quiet: Quiet | None
    hours: tuple[tuple[float, ...], ...]
    """Seven weekdays from Monday, each with 24 hours."""
    together: tuple[Pair, ...]


def statistics(
    spans: Iterable[Span], since: datetime, until: datetime, watched_since: datetime, zone: tzinfo | None = None
) -> Statistics:
    """The numbers of what lies between two moments; `watched_since` is when the first of the pages was watched."""
    inside = clipped(spans, since, until)
    incidents = [each for each in inside if each.kind is Kind.INCIDENT]
    pages = by_page(inside)
    trouble = {page_id: stretches(found) for page_id, found in by_page(incidents).items()}
    return Statistics(
        since=since,
        until=until,
        incidents=len(incidents),
        maintenances=len(inside) - len(incidents),
        months=_months([each for each in inside if each.begin > since or each.begin == since], since, until, zone),
        minutes=_minutes(each for found in pages.values() for each in stretches(found)),
        resolution=_resolution(each for each in incidents if each.begin > since and each.both_told),
        quiet=_quiet(incidents, max(since, watched_since), until),
        hours=_hours((each for found in trouble.values() for each in found), zone),
        together=_together(trouble),
    )


def _months(spans: Sequence[Span], since: datetime, until: datetime, zone: tzinfo | None) -> tuple[Month, ...]:
    counts: dict[str, Counter[Impact]] = {}
    local, last = since.astimezone(zone), until.astimezone(zone)
    year, month = local.year, local.month
    while (year, month) <= (last.year, last.month):
        counts[f"{year:04}-{month:02}"] = Counter()
        year, month = year + month // 12, month % 12 + 1
    for each in spans:
        counts[each.begin.astimezone(zone).strftime("%Y-%m")][each.impact] += 1
    return tuple(Month(name, dict(found)) for name, found in counts.items())


def _minutes(found: Iterable[Stretch]) -> dict[Impact, float]:
    minutes: Counter[Impact] = Counter()
    for each in found:
        minutes[each.impact] += each.minutes  # type: ignore[assignment]
    return dict(minutes)


def _resolution(spans: Iterable[Span]) -> Resolution:
    lengths = sorted(each.end - each.begin for each in spans)
    if not lengths:
        return Resolution(0)
    return Resolution(len(lengths), _rank(lengths, 0.5), _rank(lengths, 0.9))


def _rank(lengths: Sequence[timedelta], share: float) -> timedelta:
    """The shortest that so large a share took no longer than."""
    return lengths[max(0, math.ceil(share * len(lengths)) - 1)]


def _quiet(incidents: Sequence[Span], since: datetime, until: datetime) -> Quiet | None:
    best: Quiet | None = None
    at = since
    for begin, end in [*sorted((each.begin, each.end) for each in incidents), (until, until)]:
        if begin > at and (best is None or begin - at > best.end - best.begin):
            best = Quiet(at, begin)
        at = max(at, end)
    return best


def _hours(found: Iterable[Stretch], zone: tzinfo | None) -> tuple[tuple[float, ...], ...]:
    minutes = [[0.0] * 24 for _ in range(7)]
    for each in found:
        at = each.begin
        while at < each.end:
            local = at.astimezone(zone)
            # Zones are off by quarters of an hour at least, so that within an hour of theirs nothing changes.
            into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            end = min(each.end, at + timedelta(hours=1) - into)
            minutes[local.weekday()][local.hour] += (end - at).total_seconds() / 60
            at = end
    return tuple(tuple(row) for row in minutes)


def _together(trouble: Mapping[str, Sequence[Stretch]]) -> tuple[Pair, ...]:
    """By a sweep over all of it: at each beginning, with all that go on then."""
    merged = sorted((begin, end, page_id) for page_id, found in trouble.items() for begin, end in _joined(found))
    active: list[tuple[datetime, str]] = []
    counts: Counter[tuple[str, str]] = Counter()
    minutes: dict[tuple[str, str], float] = {}
    for begin, end, page_id in merged:
        active = [row for row in active if row[0] > begin]
        for other_end, other in active:
            pair = (page_id, other) if page_id < other else (other, page_id)
            counts[pair] += 1
            minutes[pair] = minutes.get(pair, 0.0) + (min(end, other_end) - begin).total_seconds() / 60
        active.append((end, page_id))
    pairs = [Pair(*pair, count, minutes[pair]) for pair, count in counts.items()]
    pairs.sort(key=lambda pair: (-pair.count, -pair.minutes, pair.first, pair.second))
    return tuple(pairs[:TOGETHER_LIMIT])


def _joined(found: Sequence[Stretch]) -> list[tuple[datetime, datetime]]:
    """Times of trouble of any kind, those that touch as one."""
    joined: list[tuple[datetime, datetime]] = []
    for each in found:
        if joined and joined[-1][1] == each.begin:
            joined[-1] = (joined[-1][0], each.end)
        else:
            joined.append((each.begin, each.end))
    return joined
