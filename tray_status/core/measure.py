"""How long incidents take: this one until its end, and a page's own as a rule. Pure; never more than is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from .language import tr
from .model import Incident, State

ENOUGH = 8
"""So many resolved incidents are needed before anything is called usual."""

_STEPS = (
    *(timedelta(minutes=minutes) for minutes in (15, 30, 45)),
    *(timedelta(hours=hours) for hours in (1, 2, 3, 4, 6, 8, 12)),
    *(timedelta(days=days) for days in (1, 2, 3, 5, 7, 14)),
)


def length(span: timedelta) -> str:
    """`1 h 12 min`, `45 min`, `2 d 3 h`: two units at most, and none below a minute.

    >>> length(timedelta(minutes=72))
    '1 h 12 min'
    """
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return tr("under a minute")
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return tr("{d} d {h} h", d=days, h=hours) if hours else tr("{d} d", d=days)
    if hours:
        return tr("{h} h {m} min", h=hours, m=rest) if rest else tr("{h} h", h=hours)
    return tr("{m} min", m=rest)


def took(incident: Incident) -> timedelta | None:
    """From its beginning to its end; None while it is open, and where the vendor does not tell both."""
    if incident.is_open or incident.state in (State.REMOVED, State.CANCELLED):
        return None
    latest = incident.latest
    end = incident.resolved_at or (latest.at if latest else None)
    if incident.started_at is None or end is None or end < incident.started_at:
        return None
    return end - incident.started_at


def usual(spans: Sequence[timedelta]) -> str | None:
    """Within how long three quarters of a page's incidents were over, rounded up; None where there are too few.

    >>> usual([timedelta(minutes=minutes) for minutes in (10, 20, 30, 40, 50, 60, 70, 80)])
    '2 h'
    """
    if len(spans) < ENOUGH:
        return None
    ranked = sorted(spans)
    span = ranked[min(len(ranked) - 1, -(-3 * len(ranked) // 4))]
    return next((length(step) for step in _STEPS if span <= step), None)
