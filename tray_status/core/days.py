"""How bad each day was, of one page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from .model import Impact, badness
from .spans import Span, clipped, stretches

ENOUGH_SECONDS = 3600.0
"""A day on which a page was watched for less tells nothing by itself."""

WHOLE = 0.9
"""Of a day: watched for less, it is shown as read in part."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one page."""

    day: date
    impact: Impact | None
    """The worst of it; None where nothing is known: not watched, and no incident told."""
    incidents: int
    """That touched this day, maintenance too."""
    minutes: float
    """During which something was the matter."""
    partly: bool = False
    """Whether the page was watched only for a part of it, so that what is shown may not be all."""


def days_of(
    spans: Sequence[Span],
    watched: Mapping[date, float],
    first: date,
    last: date,
    now: datetime,
    zone: tzinfo | None = None,
) -> tuple[Day, ...]:
    """Each day from the first to the last, in the person's zone.

    `watched` tells for how many seconds the page was read on a day. A day without an incident is green only where it
    was watched.
    """
    today = now.astimezone(zone).date()
    found = []
    day = first
    begin = _midnight(day, zone)
    while day <= last:
        end = _midnight(day + timedelta(days=1), zone)
        touching = [each for each in spans if each.begin < end and (each.end > begin or each.begin >= begin)]
        length = (min(end, now) - begin).total_seconds() if day == today else (end - begin).total_seconds()
        seconds = watched.get(day, 0.0)
        known = seconds >= min(ENOUGH_SECONDS, 0.5 * max(length, 1.0))
        impact = max((each.impact for each in touching), key=badness, default=Impact.NONE if known else None)
        found.append(
            Day(
                day,
                None if day > today else impact,
                len(touching),
                sum(each.minutes for each in stretches(clipped(touching, begin, end))),
                partly=known and seconds < WHOLE * length,
            )
        )
        day, begin = day + timedelta(days=1), end
    return tuple(found)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    """When a day begins in a zone, or in this computer's; in UTC."""
    at = datetime.combine(day, time())
    return (at.replace(tzinfo=zone) if zone else at.astimezone()).astimezone(timezone.utc)
