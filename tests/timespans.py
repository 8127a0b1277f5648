"""Spans of trouble as tests of numbers and plots need them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from tray_status.core.model import Impact, Kind
from tray_status.core.spans import Span
from tray_status.core.statistics import IMPACTS, statistics

ALL_DAY = 86_400.0
UTC = timezone.utc
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 4, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def span(begin, hours, impact=Impact.MINOR, page="acme", told=True, **more):
    kind = Kind.MAINTENANCE if impact is Impact.MAINTENANCE else Kind.INCIDENT
    return Span(page, f"{begin}", "Trouble", kind, impact, begin, begin + hours * HOUR, told, **more)


def at(day, hour=0, month=3):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def numbers(*spans, since=BEGIN, until=END, watched=BEGIN, zone=UTC):
    return statistics(spans, since, until, watched, zone)


moments = st.integers(-10 * 1440, 70 * 1440).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
spans = st.lists(
    st.builds(
        lambda begin, minutes, impact, page: span(begin, minutes / 60, impact, page),
        moments, st.integers(0, 5000), st.sampled_from(IMPACTS), st.sampled_from("abc"),
    ),
    max_size=12,
)  # fmt: skip
