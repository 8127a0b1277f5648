"""Mutes, acknowledgements, follows, pauses and quiet hours: what they say, and what the icon shows of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, ZENITH, incident, state_of, update
from tray_status.core.model import Component, Impact, Reading, badness
from tray_status.core.view import look
from tray_status.core.wishes import (
    QuietHours,
    Wish,
    Wished,
    attended,
    fulfilled,
    is_stale,
    next_morning,
    paused_until,
    quiet_hours,
    span,
    wish_of_incident,
    wishes_of_page,
)

HOUR = timedelta(hours=1)
MINOR = incident(update(1))
MAJOR = incident(update(1), impact=Impact.MAJOR)
CRITICAL = incident(update(1), id="i2", impact=Impact.CRITICAL)


def wished(wish, incident_id="i1", impact=Impact.MAJOR, until=None, page=ACME):
    return Wished(wish, page.id, incident_id, NOW - HOUR, until, impact, impact)


def icon(states, *wishes, now=NOW):
    return attended(look(states, NOW), wishes, now)


def test_what_nobody_knows_of_colours_the_icon_and_is_counted():
    assert icon([]) == (Impact.UNKNOWN, 0)
    assert icon([state_of(ACME)]) == (Impact.NONE, 0)
    assert icon([state_of(ACME, MAJOR), state_of(ZENITH, CRITICAL)]) == (Impact.CRITICAL, 2)


@pytest.mark.parametrize("wish", [Wish.ACKNOWLEDGE, Wish.MUTE])
def test_what_is_acknowledged_or_muted_is_calm_and_never_green(wish):
    assert icon([state_of(ACME, MAJOR)], wished(wish)) == (Impact.NOTICE, 0)
    assert icon([state_of(ACME, MAJOR), state_of(ZENITH, MINOR)], wished(wish)) == (Impact.MINOR, 1)


def test_it_is_not_calm_any_more_once_it_is_worse_or_another_one_opens_or_the_time_is_over():
    worse = replace(MAJOR, impact=Impact.CRITICAL)
    assert icon([state_of(ACME, worse)], wished(Wish.ACKNOWLEDGE)) == (Impact.CRITICAL, 1)
    assert icon([state_of(ACME, MAJOR, CRITICAL)], wished(Wish.ACKNOWLEDGE)) == (Impact.CRITICAL, 2)
    assert icon([state_of(ACME, MAJOR)], wished(Wish.MUTE, until=NOW - HOUR)) == (Impact.MAJOR, 1)
    down = state_of(ACME, MAJOR, components=(Component("c9", "Web", Impact.CRITICAL),))
    assert icon([down], wished(Wish.ACKNOWLEDGE)) == (Impact.CRITICAL, 1), "a component is worse than it was then"


def test_a_muted_page_is_calm_whatever_happens_and_an_acknowledged_one_until_it_is_worse():
    muted, known = wished(Wish.MUTE, ""), wished(Wish.ACKNOWLEDGE, "")
    assert icon([state_of(ACME, CRITICAL)], muted) == (Impact.NOTICE, 0)
    unreadable = state_of(ACME, reading=Reading.UNREACHABLE)
    assert icon([unreadable], muted) == (Impact.NOTICE, 0)
    assert icon([unreadable], known) == (Impact.NOTICE, 0)
    assert icon([state_of(ACME, CRITICAL)], known) == (Impact.CRITICAL, 1), "another one opened"


def test_what_was_acknowledged_of_a_page_is_over_once_all_is_well():
    known, other = wished(Wish.ACKNOWLEDGE, ""), wished(Wish.ACKNOWLEDGE, "", page=ZENITH)
    overview = look([state_of(ACME), state_of(ZENITH, MAJOR)], NOW)
    assert fulfilled(overview, [known, other, wished(Wish.MUTE, "")], NOW) == [known]


impacts = st.sampled_from([each for each in Impact if each is not Impact.MAINTENANCE])


@given(st.lists(impacts, min_size=1, max_size=4), impacts)
def test_wishes_never_make_anything_green_or_worse(open_ones, then):
    incidents = [incident(update(1), id=f"i{at}", impact=each) for at, each in enumerate(open_ones)]
    overview = look([state_of(ACME, *incidents)], NOW)
    wishes = [wished(Wish.ACKNOWLEDGE, each.id, then) for each in incidents]
    shown, count = attended(overview, wishes, NOW)
    assert shown is not Impact.NONE
    assert badness(shown) <= badness(overview.worst)
    assert count in (0, len(incidents))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-07:00", QuietHours(time(22), time(7))),
        (" 9:30 – 17:05 ", QuietHours(time(9, 30), time(17, 5))),
        ("00:00-23:59", QuietHours(time(0), time(23, 59))),
        ("22:00-22:00", None),
        ("24:00-07:00", None),
        ("22-07", None),
        ("22:00-07:60", None),
        ("always", None),
        ("", None),
    ],
)
def test_quiet_hours_are_read(text, hours):
    assert quiet_hours(text) == hours
    if hours:
        assert quiet_hours(str(hours)) == hours


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("22:00-07:00", "21:59", False),
        ("22:00-07:00", "22:00", True),
        ("22:00-07:00", "06:59", True),
        ("22:00-07:00", "07:00", False),
        ("09:00-17:00", "09:00", True),
        ("09:00-17:00", "17:00", False),
    ],
)
def test_quiet_hours_go_over_midnight(hours, at, quiet):
    local = datetime.combine(NOW.date(), time.fromisoformat(at), timezone.utc)
    assert quiet_hours(hours).cover(local) is quiet


@given(st.datetimes(NOW.replace(tzinfo=None), NOW.replace(tzinfo=None) + timedelta(days=365)), st.times(), st.times())
def test_quiet_hours_end_within_a_day_and_are_over_then(at, begin, end):
    begin, end = (each.replace(second=0, microsecond=0) for each in (begin, end))
    hours, local = QuietHours(begin, end), at.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    over = hours.over(local)
    assert timedelta(0) < over.replace(tzinfo=None) - at <= timedelta(days=1)
    if begin != end:
        assert not hours.cover(over)


@pytest.mark.parametrize(
    ("text", "length"),
    [("30m", HOUR / 2), ("90 min", 1.5 * HOUR), ("8h", 8 * HOUR), ("2d", 48 * HOUR), ("1W", 168 * HOUR), ("0h", None),
     ("h", None), ("8", None), ("-1h", None), ("99999h", None), ("8h30", None)],
)  # fmt: skip
def test_spans_are_read(text, length):
    assert span(text) == length


@pytest.mark.parametrize(("at", "day"), [("22:10", 4), ("08:00", 4), ("03:59", 3), ("04:00", 4)])
def test_the_next_morning_is_todays_while_the_night_is_not_over(at, day):
    local = datetime.combine(NOW.date(), time.fromisoformat(at), timezone.utc)
    assert next_morning(local) == datetime(2025, 11, day, 8, tzinfo=timezone.utc)


def test_a_pause_ends_with_the_last_of_its_wishes_or_never():
    assert paused_until([wished(Wish.MUTE)]) is None
    assert paused_until([wished(Wish.PAUSE, until=NOW)]) == NOW
    assert paused_until([wished(Wish.PAUSE, until=NOW), wished(Wish.PAUSE)]).year == 9999


def test_a_wish_about_a_page_is_about_what_is_the_matter_with_it_now():
    (view,) = look([state_of(ACME, MAJOR, CRITICAL)], NOW).pages
    muted = wishes_of_page(Wish.MUTE, view, NOW, NOW + HOUR)
    assert [(each.incident_id, each.until) for each in muted] == [("", NOW + HOUR)]
    known = wishes_of_page(Wish.ACKNOWLEDGE, view, NOW)
    assert [(each.incident_id, each.impact) for each in known] == [
        ("i1", Impact.MAJOR), ("i2", Impact.CRITICAL), ("", Impact.CRITICAL),
    ]  # fmt: skip
    assert attended(look([view.state], NOW), known, NOW) == (Impact.NOTICE, 0)
    assert [each.incident_id for each in wishes_of_page(Wish.FOLLOW, view, NOW)] == ["i1", "i2"]


def test_what_was_bad_before_a_page_stopped_being_read_is_old():
    unread = {"reading": Reading.UNREACHABLE}
    assert is_stale(look([state_of(ACME, MAJOR, **unread)], NOW), Impact.MAJOR)
    assert not is_stale(look([state_of(ACME, MAJOR)], NOW), Impact.MAJOR)
    assert not is_stale(look([state_of(ACME, MAJOR, **unread), state_of(ZENITH, MAJOR)], NOW), Impact.MAJOR)
    assert not is_stale(look([state_of(ACME, **unread)], NOW), Impact.UNKNOWN), "grey says enough"


def test_a_wish_keeps_when_it_was_made_and_how_bad_it_was_then():
    down = Component("c9", "Web", Impact.CRITICAL)
    (view,) = look([state_of(ACME, MAJOR, components=(down,))], NOW).pages
    one = wish_of_incident(Wish.MUTE, view, view.open_incidents[0], NOW, NOW + HOUR)
    assert one == Wished(Wish.MUTE, "acme", "i1", NOW, NOW + HOUR, Impact.MAJOR, Impact.CRITICAL)
    assert wish_of_incident(Wish.MUTE, view, view.open_incidents[0], NOW).until is None
    assert wishes_of_page(Wish.ACKNOWLEDGE, view, NOW, NOW + HOUR) == [
        replace(one, wish=Wish.ACKNOWLEDGE),
        Wished(Wish.ACKNOWLEDGE, "acme", "", NOW, NOW + HOUR, Impact.CRITICAL, Impact.CRITICAL),
    ]
    assert wishes_of_page(Wish.MUTE, view, NOW) == [
        Wished(Wish.MUTE, "acme", "", NOW, None, Impact.CRITICAL, Impact.CRITICAL)
    ]


def test_quiet_hours_and_mornings_end_on_the_minute():
    late = NOW.replace(hour=23, minute=59, second=59, microsecond=999)
    assert quiet_hours("22:00-07:00").over(late) == late.replace(
        hour=7, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    assert next_morning(late) == late.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert next_morning(NOW.replace(hour=4), hour=9) == NOW.replace(hour=9, minute=0, second=0) + timedelta(days=1)


def test_an_acknowledgement_that_is_over_already_is_not_ended_again():
    past = wished(Wish.ACKNOWLEDGE, "", until=NOW - HOUR)
    assert fulfilled(look([state_of(ACME)], NOW), [past, wished(Wish.ACKNOWLEDGE, "", until=NOW + HOUR)], NOW) == [
        wished(Wish.ACKNOWLEDGE, "", until=NOW + HOUR)
    ]
