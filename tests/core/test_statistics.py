"""A time in numbers: by hand for a few incidents, and what always holds for any."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timespans import ALL_DAY, BEGIN, DAY, END, HOUR, UTC, at, numbers, span, spans
from tray_status.core.days import days_of
from tray_status.core.model import Impact, Kind, badness
from tray_status.core.spans import stretches


def test_incidents_are_counted_in_the_month_in_which_they_began_in_the_persons_zone():
    found = numbers(span(at(2), 1), span(at(31, 23), 5, Impact.MAJOR), span(at(1, month=4), 1, Impact.MAINTENANCE))
    assert [(month.name, dict(month.counts)) for month in found.months] == [
        ("2026-03", {Impact.MINOR: 1, Impact.MAJOR: 1}),
        ("2026-04", {Impact.MAINTENANCE: 1}),
    ]
    east = numbers(span(at(31, 23), 5), zone=timezone(2 * HOUR))
    assert [month.counts.get(Impact.MINOR) for month in east.months] == [None, 1]
    assert (found.incidents, found.maintenances) == (2, 1)


def test_what_goes_on_at_once_counts_once_at_the_worst_and_pages_are_added_up():
    found = numbers(
        span(at(2, 10), 4), span(at(2, 11), 1, Impact.CRITICAL), span(at(2, 13), 3), span(at(2, 10), 1, page="other")
    )
    assert found.minutes == {Impact.MINOR: 60 + 60 + 180 + 60, Impact.CRITICAL: 60}


def test_how_long_incidents_took_is_told_of_those_whose_both_ends_are_known():
    spans = [span(at(day), day) for day in range(1, 11)]
    more = [span(at(20), 400, told=False), span(BEGIN - DAY, 30), span(at(21), 9, Impact.MAINTENANCE)]
    found = numbers(*spans[1:], spans[0], *more, since=BEGIN - timedelta(seconds=1))
    assert (found.resolution.count, found.resolution.median, found.resolution.p90) == (10, 5 * HOUR, 9 * HOUR)
    assert numbers().resolution.count == 0


def test_the_longest_quiet_time_begins_where_somebody_watched():
    found = numbers(span(at(5), 1), span(at(5), 3), span(at(20), 1), watched=at(4))
    assert (found.quiet.begin, found.quiet.end) == (at(20, 1), END)
    assert numbers(span(at(5), 1), watched=at(4), until=at(7)).quiet.begin == at(5, 1)
    assert numbers(span(BEGIN, 24 * 90)).quiet is None


def test_when_it_happens_is_told_by_weekday_and_hour():
    found = numbers(span(at(2, 22), 3), span(at(9, 23), 1))  # both are Mondays
    assert (found.hours[0][22], found.hours[0][23], found.hours[1][0]) == (60, 120, 60)
    assert sum(map(sum, found.hours)) == 240
    half = numbers(span(at(2, 22), 1), zone=timezone(timedelta(hours=5, minutes=30)))
    assert (half.hours[1][3], half.hours[1][4]) == (30, 30)


def test_what_fails_together_is_told_with_how_often_and_how_long():
    found = numbers(
        span(at(2, 10), 2, page="a"), span(at(2, 11), 4, page="b"), span(at(3, 10), 1, page="a"),
        span(at(3, 10), 1, page="b"), span(at(4), 1, page="c"), span(at(2, 11), 1, Impact.MAINTENANCE, page="c"),
    )  # fmt: skip
    assert [(pair.first, pair.second, pair.count, pair.minutes) for pair in found.together] == [("a", "b", 2, 120)]


# --- days -----------------------------------------------------------------------------------------------------------


def days(*spans, watched=None, first=date(2026, 3, 2), last=date(2026, 3, 4), now=END, zone=UTC):
    seen = {first + DAY * place: ALL_DAY for place in range(9)} if watched is None else watched
    return [(each.impact, each.incidents) for each in days_of(spans, seen, first, last, now, zone)]


def test_each_day_has_its_worst_and_one_that_nobody_watched_is_not_green():
    assert days(span(at(3, 23), 2), span(at(3, 1), 1, Impact.MAJOR)) == [
        (Impact.NONE, 0), (Impact.MAJOR, 2), (Impact.MINOR, 1),
    ]  # fmt: skip
    assert days(watched={}) == [(None, 0)] * 3
    assert days(span(at(3), 1), watched={}) == [(None, 0), (Impact.MINOR, 1), (None, 0)]
    assert days(watched={date(2026, 3, 3): 1800.0}) == [(None, 0)] * 3


def test_a_day_that_was_watched_in_part_says_so_and_tomorrow_is_unknown():
    found = days_of(
        (),
        {date(2026, 3, 2): 7200.0, date(2026, 3, 3): 9 * 3600.0},
        date(2026, 3, 2),
        date(2026, 3, 4),
        at(3, 10),
        UTC,
    )
    assert [(each.impact, each.partly) for each in found] == [
        (Impact.NONE, True),
        (Impact.NONE, False),
        (None, False),
    ]


def test_days_are_as_long_as_the_zone_has_them():
    zoneinfo = pytest.importorskip("zoneinfo")
    try:
        berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("this computer knows no zones")
    long = span(datetime(2026, 3, 28, tzinfo=UTC), 72)
    found = days_of([long], {}, date(2026, 3, 29), date(2026, 3, 30), END, berlin)
    assert [each.minutes for each in found] == [23 * 60, 24 * 60]


# --- what always holds ----------------------------------------------------------------------------------------------


@given(spans, st.randoms())
def test_no_order_changes_the_numbers_and_none_is_larger_than_the_time(told, chance):
    found = numbers(*told)
    mixed = list(told)
    chance.shuffle(mixed)
    assert numbers(*mixed) == found
    whole = (END - BEGIN).total_seconds() / 60
    assert sum(found.minutes.values()) <= 3 * whole + 1e-6
    trouble = sum(found.minutes.values()) - found.minutes.get(Impact.MAINTENANCE, 0)
    assert sum(map(sum, found.hours)) >= trouble - 1e-6
    assert sum(sum(month.counts.values()) for month in found.months) <= found.incidents + found.maintenances
    if found.quiet:
        assert BEGIN <= found.quiet.begin < found.quiet.end <= END
        assert not any(
            each.kind is Kind.INCIDENT and each.begin < found.quiet.end and each.end > found.quiet.begin
            for each in told
        )
    assert all(pair.minutes >= 0 and pair.first < pair.second for pair in found.together)


@given(spans)
def test_stretches_cover_just_what_the_spans_do(told):
    found = stretches(told)
    assert all(one.end <= two.begin for one, two in pairwise(found))
    for moment in (BEGIN + timedelta(minutes=997 * step) for step in range(90)):
        open_then = [each.impact for each in told if each.begin <= moment < each.end]
        shown = [each.impact for each in found if each.begin <= moment < each.end]
        assert shown == ([max(open_then, key=badness)] if open_then else [])


@given(spans, st.sets(st.integers(0, 40)))
def test_no_day_is_green_that_nobody_watched_or_that_had_trouble(told, seen):
    first = BEGIN.date()
    watched = {first + place * DAY: ALL_DAY for place in seen}
    for each in days_of(told, watched, first, first + 40 * DAY, END, UTC):
        if each.impact is Impact.NONE:
            assert each.day in watched
            assert not any(
                one.begin.date() <= each.day <= (one.end - timedelta(microseconds=1)).date()
                for one in told
                if one.end > one.begin
            )
