"""What is forgotten, and what never is: nothing that a page lists, an output waits for, or that is still open."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.specimens import ACME, NOW, START, ZENITH, incident, snapshot, update
from tray_status.core.diff import diff
from tray_status.core.model import Impact, State
from tray_status.store import Store
from tray_status.store.pruning import KEPT_PER_PAGE

YEARS = timedelta(days=2 * 365)
LATER = NOW + YEARS
BEFORE = LATER - timedelta(days=400)
SILENT = LATER - timedelta(days=30)


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "history.sqlite3")
    yield opened
    opened.close()


def tell(store, told, page=ACME, at=NOW):
    with store.writing(page) as writing:
        writing.save(diff(writing.page, writing.known(told), told, at), told, at)
        return writing.appended


def over(number, **more):
    """An incident that ended `number` minutes after the start."""
    at = START + timedelta(minutes=number)
    end = update(1, State.RESOLVED, at=at)
    return incident(update(0), end, id=f"i{number}", name=f"Trouble {number}", resolved_at=at, **more)


MANY = tuple(over(number) for number in range(KEPT_PER_PAGE + 20))


def kept(store, page=ACME):
    return {each.id for _, each in store.recent([page.id], 10_000)}


# Events


def test_an_output_that_nobody_runs_any_more_holds_no_events_back(store):
    tell(store, snapshot(over(1), incident(update(1))))
    store.move_cursor("notices", 0, at=LATER - timedelta(days=31))
    store.move_cursor("console", store.last_seq(), at=LATER)
    assert store.prune(BEFORE) == 0
    assert store.prune(BEFORE, silent_since=SILENT) == 1
    assert store.events() == []


def test_one_that_ran_lately_does_though_it_has_nothing_new_to_tell(store):
    tell(store, snapshot(incident(update(1))))
    store.move_cursor("notices", 0, at=LATER - timedelta(days=500))
    store.move_cursor("notices", 0, at=LATER - timedelta(days=29))
    assert store.prune(BEFORE, silent_since=SILENT) == 0


def test_where_no_output_ever_ran_nobody_waits(store):
    """As with `status` called by a script; an output begins with what comes then."""
    tell(store, snapshot(incident(update(1))))
    assert store.prune(BEFORE, silent_since=SILENT) == 1


def test_what_an_output_holds_back_stays_until_it_is_told(store):
    (event,) = tell(store, snapshot(incident(update(1))))
    store.move_cursor("notices", event.seq, at=LATER)
    store.hold("notices", event.seq, LATER, "away")
    assert store.prune(BEFORE, silent_since=SILENT) == 0
    assert [each.seq for _, _, each in store.held("notices")] == [event.seq]
    store.let_go("notices", [event.seq])
    assert store.prune(BEFORE, silent_since=SILENT) == 1


def test_what_was_held_back_by_one_that_nobody_runs_any_more_goes_too(store):
    (event,) = tell(store, snapshot(incident(update(1))))
    store.hold("notices", event.seq, NOW, "away")
    assert store.prune(BEFORE, silent_since=SILENT) == 1
    assert store.held("notices") == []


# Incidents


def test_the_oldest_that_ended_long_ago_are_forgotten_in_steps_with_their_updates(store, tmp_path):
    tell(store, snapshot(*MANY))
    tell(store, snapshot(), at=LATER)
    tell(store, snapshot(over(9_999)), at=LATER)
    assert store.prune_incidents(BEFORE, limit=15) == 15
    assert store.prune_incidents(BEFORE, limit=15) == 6
    assert store.prune_incidents(BEFORE, limit=15) == 0
    assert kept(store) == {each.id for each in MANY[21:]} | {"i9999"}
    with sqlite3.connect(tmp_path / "history.sqlite3") as raw:
        assert raw.execute("SELECT count(*) FROM updates").fetchone() == (2 * KEPT_PER_PAGE,)
    raw.close()


def test_what_is_forgotten_and_listed_again_among_past_ones_is_no_news(store):
    tell(store, snapshot(*MANY))
    tell(store, snapshot(over(9_999)), at=LATER)
    assert store.prune_incidents(BEFORE) == 21
    again = snapshot(*MANY, history_cut=True)
    assert tell(store, again, at=LATER + timedelta(minutes=1)) == []


@pytest.mark.parametrize("when", [NOW, BEFORE, LATER])
def test_what_the_page_listed_at_its_last_reading_stays_however_much_it_is(store, when):
    tell(store, snapshot(*MANY))
    tell(store, snapshot(*MANY, indicator=Impact.MINOR), at=when)
    assert store.prune_incidents(BEFORE) == 0
    assert tell(store, snapshot(*MANY), at=LATER + timedelta(minutes=1)) == []


def test_what_the_page_listed_within_that_time_stays(store):
    tell(store, snapshot(*MANY))
    tell(store, snapshot(*MANY, indicator=Impact.MINOR), at=BEFORE + timedelta(days=2))
    tell(store, snapshot(over(9_999)), at=LATER)
    assert store.prune_incidents(BEFORE) == 0


def test_open_ones_and_those_that_ended_lately_stay(store):
    still = [replace(each, state=State.IDENTIFIED, updates=each.updates[:1], resolved_at=None) for each in MANY[:10]]
    lately = [replace(each, resolved_at=LATER) for each in MANY[10:20]]
    tell(store, snapshot(*still, *lately, *MANY[20:]))
    tell(store, snapshot(over(9_999), history_told=False), at=LATER)
    assert store.prune_incidents(BEFORE) == 1
    assert kept(store) == {each.id for each in MANY if each.id != "i20"} | {"i9999"}


def test_what_an_output_still_has_to_tell_the_last_word_of_stays(store):
    tell(store, snapshot(replace(MANY[3], state=State.IDENTIFIED, updates=MANY[3].updates[:1], resolved_at=None)))
    (event,) = [each for each in tell(store, snapshot(*MANY)) if each.incident.id == "i3"]
    store.hold("notices", event.seq, LATER, "away")
    tell(store, snapshot(over(9_999)), at=LATER)
    store.prune_incidents(BEFORE)
    assert "i3" in kept(store)
    assert "i2" not in kept(store)


def test_a_page_with_few_incidents_keeps_them_all(store):
    tell(store, snapshot(*MANY[:KEPT_PER_PAGE]), ZENITH)
    tell(store, snapshot(*MANY))
    tell(store, snapshot(over(9_999)), at=LATER)
    assert store.prune_incidents(BEFORE, 1000) == 21
    assert len(kept(store, ZENITH)) == KEPT_PER_PAGE
