"""What opens and closes again and again, counted by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.specimens import ACME, START, TIMEOUT, ZENITH, event, incident, update
from tray_status.core.events import ComponentChange, EventKind
from tray_status.core.flaps import BRIEF, STEADY, WITHIN, Turns, brief, last_words, topic
from tray_status.core.model import Impact, Kind, State

OPENED, RESOLVED, UPDATED = EventKind.OPENED, EventKind.RESOLVED, EventKind.UPDATED


def turn(number, minute, *, over=False, name="API is down", page=ACME, seq=0, **more):
    at = START + timedelta(minutes=minute)
    state = State.RESOLVED if over else State.INVESTIGATING
    subject = incident(update(number, state, at=at), id=f"o{number}", name=name, started_at=at, **more)
    return event(RESOLVED if over else OPENED, subject, page).numbered(seq or number)


def heard(*events):
    turns = Turns()
    for each in events:
        turns.hear(each)
    return turns


def flips(*minutes, **more):
    """Openings and ends in turn, at these minutes."""
    return [turn(place, minute, over=bool(place % 2), **more) for place, minute in enumerate(minutes)]


@pytest.mark.parametrize(
    ("minutes", "flapping"),
    [
        ((0, 2, 4, 6), False),
        ((0, 2, 4, 6, 8), True),
        ((0, 2, 4, 6, 8, 10), True),
        ((0, 10, 20, 25, 30), True),
        ((0, 10, 20, 25, 30.5), False),
        ((0, 60, 120, 180, 240), False),
    ],
)
def test_the_third_opening_within_half_an_hour_is_too_many(minutes, flapping):
    events = flips(*minutes)
    assert heard(*events).flaps(events[-1]) is flapping


def test_it_is_over_after_ten_minutes_without_a_turn():
    events = flips(0, 2, 4, 6, 8)
    turns = heard(*events)
    last = events[-1]
    words = event(UPDATED, last.incident, at=last.at + STEADY)
    assert turns.flaps(words)
    assert not turns.flaps(event(UPDATED, last.incident, at=last.at + STEADY + timedelta(seconds=1)))


def test_more_words_are_no_turns():
    events = [turn(1, minute) for minute in range(9)]
    assert not heard(*events).flaps(events[-1])


def test_names_are_counted_apart_by_page_and_kind_and_in_any_case():
    events = flips(0, 2, 4, 6, 8)
    turns = heard(*events)
    assert turns.flaps(turn(9, 9, name="api IS down"))
    assert not turns.flaps(turn(9, 9, name="Web is down"))
    assert not turns.flaps(turn(9, 9, page=ZENITH))
    assert not turns.flaps(turn(9, 9, kind=Kind.MAINTENANCE))
    assert topic(event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)) is None
    assert not turns.flaps(event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT))


def test_ever_new_names_cost_no_memory():
    turns = heard(*(turn(number, 0, name=f"Trouble {number}") for number in range(3000)))
    assert len(turns._turned) == len(turns._open) == 1000


def test_what_is_over_within_a_minute_in_the_same_batch_is_told_by_its_end():
    opened, ended = turn(1, 0, seq=1), turn(1, 1, over=True, seq=2)
    ended = event(RESOLVED, ended.incident, at=START + BRIEF).numbered(2)
    assert brief([opened, ended]) == {1}
    late = event(RESOLVED, ended.incident, at=START + BRIEF + timedelta(seconds=1)).numbered(2)
    assert brief([opened, late]) == frozenset()
    assert brief([opened]) == frozenset()
    other = turn(2, 0.5, over=True, seq=3)
    assert brief([opened, other]) == frozenset()
    assert brief([event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)]) == frozenset()


def test_a_moment_is_counted_from_the_beginning_and_from_the_words_where_none_is_told():
    words, ended = turn(1, 30, seq=1), turn(1, 30.5, over=True, seq=2)
    began_earlier = event(UPDATED, replace(words.incident, started_at=START), at=words.at).numbered(1)
    assert brief([began_earlier, ended]) == frozenset()
    began_now = event(UPDATED, words.incident, at=words.at - timedelta(minutes=5)).numbered(1)
    assert brief([began_now, ended]) == {1}
    unknown = event(OPENED, replace(words.incident, started_at=None), at=words.at).numbered(1)
    assert brief([unknown, ended]) == {1}
    long_ago = event(OPENED, unknown.incident, at=START).numbered(1)
    assert brief([long_ago, ended]) == frozenset()


def test_words_after_the_end_are_not_left_out():
    opened = turn(1, 0, seq=1)
    ended = event(RESOLVED, turn(1, 0, over=True).incident, at=START).numbered(2)
    postmortem = event(UPDATED, ended.incident, at=START).numbered(3)
    assert brief([opened, ended, postmortem]) == {1, 2}


def test_the_last_words_of_each_in_the_order_of_the_log():
    a, b, c = turn(1, 0, seq=1), turn(2, 1, name="Web is down", seq=2), turn(3, 2, over=True, seq=3)
    assert [each.seq for each in last_words([c, b, a])] == [2, 3]


def test_the_limits_fit_together():
    assert BRIEF < STEADY < WITHIN


def test_components_turn_to_and_fro_too():
    turns = Turns()
    for minute in range(6):
        bad = minute % 2 == 0
        before, after = (Impact.NONE, Impact.MAJOR) if bad else (Impact.MAJOR, Impact.NONE)
        change = ComponentChange("c1", "API", before, after, posted=False)
        told = event(EventKind.COMPONENT_CHANGED, component=change, at=START + timedelta(minutes=minute))
        turns.hear(told)
        assert turns.flaps(told) is (minute >= 4)
    again = replace(told, component=replace(change, before=Impact.MINOR))
    turns.hear(again)
    other = replace(told, component=replace(change, id="c2"))
    assert not turns.flaps(other)
    assert not Turns().flaps(event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT))
