"""One incident told twice: what is told replaces what was known, silence nothing; words are compared per source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.specimens import NOW, START, incident, update
from tray_status.core.merge import in_time, merge
from tray_status.core.model import Affected, Impact, Kind, State, Update

API, WEB = Affected("c1", "API"), Affected("c2", "Web")
SECOND = timedelta(seconds=1)
SPLIT = timedelta(microseconds=250_000)

FACTS = [
    # fact, known, told, silence
    ("name", "Elevated errors", "Errors in the API", ""),
    ("impact", Impact.MINOR, Impact.MAJOR, None),
    ("impact", Impact.MINOR, Impact.NONE, None),
    ("url", "https://status.acme.example/1", "https://status.acme.example/one", None),
    ("started_at", START, START - SECOND, None),
    ("affected", (API,), (API, WEB), None),
    ("affected", (API,), (), None),
    ("affected", (), (API,), None),
    ("scheduled_for", START, NOW, None),
    ("scheduled_until", START, NOW, None),
    ("regions", ("eu-west-1",), ("us-east-1",), None),
    ("regions", ("eu-west-1",), (), None),
    ("regions", (), ("us-east-1",), None),
]


@pytest.mark.parametrize(("fact", "known", "told", "silence"), FACTS)
def test_what_is_told_replaces_what_was_known(fact, known, told, silence):
    before = incident(update(1), **{fact: known})
    assert merge(before, replace(before, **{fact: told})) == replace(before, **{fact: told})


@pytest.mark.parametrize(("fact", "known", "told", "silence"), FACTS)
def test_silence_replaces_nothing_and_is_filled_by_what_is_told(fact, known, told, silence):
    before = incident(update(1), **{fact: known})
    nothing = replace(before, **{fact: silence})
    assert merge(before, nothing) == before
    assert merge(nothing, before) == before
    assert merge(nothing, nothing) == nothing


def test_what_was_an_incident_may_be_told_as_a_maintenance():
    before = incident(update(1))
    assert merge(before, replace(before, kind=Kind.MAINTENANCE)).kind is Kind.MAINTENANCE


@pytest.mark.parametrize(
    ("state", "word", "reached"),
    [
        (State.MONITORING, "Watching", (State.MONITORING, "Watching")),
        (State.RESOLVED, "resolved", (State.RESOLVED, "resolved")),
        (State.IDENTIFIED, "", (State.IDENTIFIED, "")),
        (State.UNKNOWN, "reconsidered", (State.UNKNOWN, "reconsidered")),
        (State.UNKNOWN, "", (State.INVESTIGATING, "Looking")),
    ],
)
def test_only_no_word_at_all_leaves_an_incident_and_its_update_in_the_state_that_was_known(state, word, reached):
    before = incident(update(1, word="Looking"), word="Looking")
    told = incident(update(1, state, word=word), state=state, word=word)
    both = merge(before, told)
    assert (both.state, both.word) == reached
    assert (both.latest.state, both.latest.word) == reached


@pytest.mark.parametrize(
    ("state", "word", "told", "end"),
    [
        (State.RESOLVED, "resolved", None, START),
        (State.RESOLVED, "resolved", NOW, NOW),
        (State.POSTMORTEM, "postmortem", None, START),
        (State.UNKNOWN, "", None, START),
        (State.UNKNOWN, "", NOW, NOW),
        (State.MONITORING, "monitoring", None, None),
        (State.UNKNOWN, "reconsidered", None, None),
    ],
)
def test_when_it_ended_is_kept_until_it_is_told_to_go_on(state, word, told, end):
    before = incident(update(1, State.RESOLVED), resolved_at=START)
    assert merge(before, replace(before, state=state, word=word, resolved_at=told)).resolved_at == end


# --- the timeline ---------------------------------------------------------------------------------------------


def timeline(known: tuple[Update, ...], told: tuple[Update, ...]) -> tuple[Update, ...]:
    """What is known of an incident's updates after some were told again."""
    return merge(incident(*known), incident(*told)).updates


def ids(updates: tuple[Update, ...]) -> list[str]:
    return [each.id for each in updates]


def test_new_updates_join_those_that_are_known_though_these_are_told_no_more():
    first, second = update(1), update(2, State.MONITORING)
    assert timeline((first,), (second,)) == (first, second)
    assert timeline((first, second), (second,)) == (first, second)
    assert timeline((first, second), ()) == (first, second)


@pytest.mark.parametrize(
    ("known", "told", "text", "source"),
    [
        (("v2", "Old."), ("v2", "New."), "New.", "v2"),
        (("v2", "Old."), ("feed", "<p>Old.</p>"), "Old.", "v2"),
        (("v2", "Old."), ("v2", None), "Old.", "v2"),
        (("v2", "Old."), ("v2", ""), "Old.", "v2"),
        (("v2", "Old."), ("feed", None), "Old.", "v2"),
        (("v2", None), ("feed", "New."), "New.", "feed"),
        (("v2", ""), ("feed", "New."), "New.", "feed"),
        (("v2", None), ("v2", "New."), "New.", "v2"),
        (("v2", None), ("feed", None), None, "v2"),
        (("v2", None), ("feed", ""), None, "v2"),
    ],
)
def test_words_are_only_replaced_by_words_of_the_same_source_or_where_there_were_none(known, told, text, source):
    before, after = (update(1, source=each, text=words) for each, words in (known, told))
    assert timeline((before,), (after,)) == (update(1, source=source, text=text),)


def test_words_that_another_source_brought_are_replaced_by_its_words_from_then_on():
    brought = timeline((update(1, source="v2", text=None),), (update(1, source="feed", text="One."),))
    again = timeline(brought, (update(1, source="v2", text="Not one."),))
    assert [each.text for each in again] == ["One."]
    assert [each.text for each in timeline(again, (update(1, source="feed", text="Two."),))] == ["Two."]


@pytest.mark.parametrize(
    ("known", "told", "touched"),
    [
        ((API,), (API, WEB), (API, WEB)),
        ((API,), (), ()),
        ((API,), None, (API,)),
        (None, (WEB,), (WEB,)),
        (None, None, None),
    ],
)
def test_what_an_update_touches_is_kept_until_it_is_told_otherwise(known, told, touched):
    (both,) = timeline((update(1, affected=known),), (update(1, affected=told),))
    assert both.affected == touched


@pytest.mark.parametrize(
    ("known", "told", "at"),
    [(START, NOW, START), (START, None, START), (None, NOW, NOW), (None, None, None)],
)
def test_an_update_stays_at_the_time_that_was_told_first(known, told, at):
    (both,) = timeline((update(1, at=known),), (update(1, at=told),))
    assert both.at == at


@pytest.mark.parametrize(
    ("known", "told", "same"),
    [
        (("~1", State.MONITORING, START), ("u1", State.MONITORING, START), True),
        (("u1", State.MONITORING, START), ("~1", State.MONITORING, START), True),
        (("~1", State.MONITORING, START), ("~2", State.MONITORING, START), True),
        (("~1", State.MONITORING, START + SPLIT), ("u1", State.MONITORING, START), True),
        (("~1", State.MONITORING, START), ("u1", State.MONITORING, START + 2 * SPLIT), True),
        (("~1", State.MONITORING, None), ("u1", State.MONITORING, None), True),
        (("u1", State.MONITORING, START), ("u2", State.MONITORING, START), False),
        (("~1", State.MONITORING, START), ("u1", State.IDENTIFIED, START), False),
        (("~1", State.MONITORING, START), ("u1", State.MONITORING, START + SECOND), False),
        (("~1", State.MONITORING, START), ("u1", State.MONITORING, None), False),
        (("~1", State.MONITORING, None), ("u1", State.MONITORING, START), False),
    ],
)
def test_an_update_with_an_invented_id_is_the_one_of_the_same_state_and_second(known, told, same):
    before, after = (Update(id, state, state.value, "Words.", at) for id, state, at in (known, told))
    assert sorted(ids(timeline((before,), (after,)))) == sorted({known[0]} if same else {known[0], told[0]})


def test_the_one_with_an_invented_id_is_found_among_others_and_takes_what_is_told_of_it():
    known = (update(1), Update("~2", State.MONITORING, "", None, START + SECOND), update(3, State.MONITORING))
    told = Update("u2", State.MONITORING, "monitoring", "It works again.", START + SECOND, "feed", (API,))
    assert timeline(known, (told,)) == (replace(told, id="~2"), known[0], known[2])


def test_the_same_id_counts_before_the_same_state_and_second():
    invented, named = update(1, text="Old."), update(2, text="Older.", at=update(1).at)
    known = (replace(invented, id="~1"), named)
    assert timeline(known, (replace(named, text="New."),)) == (known[0], replace(named, text="New."))


def test_updates_stand_in_the_order_of_their_times_however_they_are_told():
    one, two, three = update(1), update(2), update(3)
    assert timeline((), (three, one, two)) == (one, two, three)
    assert timeline((one, three), (two,)) == (one, two, three)
    assert timeline((three,), (one,)) == (one, three)


def test_updates_of_the_same_time_stay_as_they_are_told():
    one, two = (update(number, at=START) for number in (1, 2))
    assert in_time((two, one)) == (two, one)


def test_an_update_without_a_time_stays_behind_the_one_before_it():
    one, two, three = update(1), update(2), update(3)
    vague, first = update(9, at=None), update(8, at=None)
    assert timeline((one, vague, three), (two,)) == (one, vague, two, three)
    assert timeline((three, vague), (one,)) == (one, three, vague)
    assert in_time((first, two, one)) == (first, one, two)


def test_no_new_words_are_taken_for_known_ones_that_are_told_beside_them():
    known = (Update("~i1:0", State.INVESTIGATING, "investigating", "First.", None, "v2"),)
    second = Update("~i1:1", State.INVESTIGATING, "investigating", "Second.", None, "v2")
    assert [each.text for each in timeline(known, (*known, second))] == ["First.", "Second."]


def test_what_was_known_under_an_invented_id_is_found_in_one_update_alone():
    known = (Update("~k", State.INVESTIGATING, "investigating", "First.", START, "v2"),)
    told = tuple(
        Update(key, State.INVESTIGATING, "investigating", text, START, "v2")
        for key, text in (("u1", "First."), ("u2", "Second."))
    )
    assert [(each.id, each.text) for each in timeline(known, told)] == [("~k", "First."), ("u2", "Second.")]
