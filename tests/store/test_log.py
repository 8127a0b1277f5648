"""The history on disk: one transaction for state and events, numbers that only grow, cursors, several processes."""

from __future__ import annotations

import sqlite3
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.specimens import ACME, NOW, ZENITH, incident, snapshot, update
from tray_status.core.diff import diff
from tray_status.core.model import Component, Impact, Reading
from tray_status.errors import StoreError
from tray_status.store import Store
from tray_status.store.schema import STEPS

VERSIONS = Path(__file__).parent / "versions"
"""What each earlier schema kept, as SQL."""

OPEN = incident(update(1), update(2))
MORE = incident(update(1), update(2), update(3))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "history.sqlite3"


@pytest.fixture
def store(path):
    opened = Store.open(path)
    yield opened
    opened.close()


def tell(store, told, page=ACME, at=NOW):
    """Save a snapshot as a poll does; the events that it gave."""
    with store.writing(page) as writing:
        writing.save(diff(writing.page, writing.known(told), told, at), told, at)
        writing.set_reading(Reading.FRESH, None)
        return writing.appended


def test_what_was_saved_is_read_back_whole(store, path):
    parts = (Component("c1", "API", Impact.MAJOR, "major_outage", "Core"), Component("c2", "Web", Impact.NONE))
    tell(store, snapshot(OPEN, indicator=Impact.MINOR, components=parts, all_components=True))
    store.close()
    state = Store.open(path).state(ACME)
    assert state.open_incidents == (OPEN,)
    assert (state.indicator, state.open_told, state.tracked) == (Impact.MINOR, True, 1)
    assert set(state.components) == set(parts)
    assert (state.read_at, state.checked_at, state.changed_at) == (NOW, NOW, NOW)


def test_a_page_that_was_never_read_is_empty_and_says_so(store):
    state = store.state(ACME)
    assert (state.reading, state.open_incidents, state.read_at) == (Reading.NEVER, (), None)


def test_the_same_snapshot_again_gives_no_event(store):
    assert len(tell(store, snapshot(OPEN))) == 1
    assert tell(store, snapshot(OPEN), at=NOW + timedelta(minutes=1)) == []
    assert [each.update.id for each in tell(store, snapshot(MORE))] == ["u3"]


def test_when_events_cannot_be_kept_neither_is_the_state(store):
    tell(store, snapshot(OPEN))
    before = store.state(ACME)
    told = snapshot(MORE)

    def cut_short():
        with store.writing(ACME) as writing:
            writing.save(diff(writing.page, writing.known(told), told, NOW), told, NOW)
            raise RuntimeError("the process ends here")

    with pytest.raises(RuntimeError):
        cut_short()
    assert store.state(ACME) == before
    assert len(store.events()) == 1
    assert [each.update.id for each in tell(store, snapshot(MORE))] == ["u3"]


def test_listeners_hear_of_events_only_when_they_are_safe(store, path):
    other = Store.open(path)
    heard = []
    store.on_growth(lambda: heard.append(len(other.events())))
    tell(store, snapshot(OPEN))
    tell(store, snapshot(OPEN))
    assert heard == [1]
    other.close()


def test_numbers_only_grow_over_restarts_and_over_what_was_removed(store, path):
    tell(store, snapshot(OPEN))
    tell(store, snapshot(MORE))
    last = store.last_seq()
    store.close()
    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM events")
    raw.commit()
    raw.close()
    again = Store.open(path)
    assert again.last_seq() == last
    (event,) = tell(again, snapshot(OPEN), ZENITH)
    assert event.seq == last + 1
    again.close()


def test_events_are_read_in_order_by_page_and_in_pieces(store):
    tell(store, snapshot(OPEN))
    tell(store, snapshot(OPEN), ZENITH)
    tell(store, snapshot(MORE))
    assert [each.page.id for each in store.events()] == ["acme", "zenith", "acme"]
    assert [each.seq for each in store.events(1, limit=1)] == [2]
    assert [each.seq for each in store.events(page_ids=["acme"])] == [1, 3]
    assert store.events(page_ids=[]) == []


def test_each_output_has_a_cursor_that_never_moves_back(store, path):
    assert store.cursor("console") is None
    store.move_cursor("console", 7)
    store.move_cursor("console", 3)
    store.move_cursor("notices", 1)
    store.close()
    again = Store.open(path)
    assert (again.cursor("console"), again.cursor("notices")) == (7, 1)
    again.close()


def test_an_unchanged_poll_writes_only_the_time_of_the_check(store, path):
    tell(store, snapshot(OPEN))
    before = rows(path)
    store.checked({ACME.id: NOW + timedelta(minutes=5)}, read={})
    after = rows(path)
    assert {table for table in after if after[table] != before[table]} == {"pages"}
    assert store.state(ACME).checked_at == NOW + timedelta(minutes=5)
    assert store.state(ACME).read_at == NOW


def rows(path):
    raw = sqlite3.connect(path)
    tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = {table: raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables}
    raw.close()
    return found


def test_recent_incidents_come_newest_words_first(store):
    old, new = incident(update(1), id="old"), incident(update(9), id="new")
    tell(store, snapshot(old))
    tell(store, snapshot(new), ZENITH)
    assert [(page, each.id) for page, each in store.recent(["acme", "zenith"], 5)] == [
        ("zenith", "new"),
        ("acme", "old"),
    ]
    assert len(store.recent(["acme", "zenith"], 1)) == 1


def test_a_name_of_the_vendors_own_replaces_a_host_but_never_a_persons_word(store):
    unnamed = type(ACME)("acme", "status.acme.example", ACME.url, named=False)
    tell(store, snapshot(OPEN), unnamed)
    assert store.state(unnamed).page.name == "Acme"
    assert store.state(ACME).page.name == ACME.name


def test_another_process_sees_what_was_written_and_is_told_once(store, path):
    other = Store.open(path)
    heard = []
    other.on_growth(lambda: heard.append(other.last_seq()))
    other.look_for_others()
    tell(store, snapshot(OPEN))
    other.look_for_others()
    other.look_for_others()
    assert heard == [1]
    other.close()


def test_threads_may_write_at_once(store):
    pages = [type(ACME)(f"p{number}", f"P{number}", ACME.url) for number in range(8)]
    threads = [threading.Thread(target=tell, args=(store, snapshot(OPEN), page)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.page.id for each in store.events()) == sorted(page.id for page in pages)
    assert [each.seq for each in store.events()] == list(range(1, 9))


# Claims


def test_a_page_belongs_to_the_first_that_claims_it_until_that_one_ends(store, path):
    other = Store.open(path)
    alive = {"a", "b"}
    assert store.claims.take(["x", "y"], "a", alive.__contains__) == {"x", "y"}
    assert other.claims.take(["x", "z"], "b", alive.__contains__) == {"z"}
    assert not other.claims.is_free("x", "b", alive.__contains__)
    alive.remove("a")
    assert other.claims.is_free("x", "b", alive.__contains__)
    assert other.claims.take(["x"], "b", alive.__contains__) == {"x"}
    other.claims.give_back("b", ["x"])
    assert store.claims.take(["x", "z"], "c", {"b", "c"}.__contains__) == {"x"}
    other.close()


# Files that cannot be used


def test_a_file_that_is_no_database_is_set_aside_and_kept(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database, by any means" * 100)
    store = Store.open(path)
    assert "was damaged" in store.note
    assert any(b"by any means" in each.read_bytes() for each in path.parent.glob("*.damaged-*"))
    tell(store, snapshot(OPEN))
    store.close()


def test_old_events_that_all_outputs_have_told_are_forgotten_in_steps_and_no_number_comes_again(store):
    tell(store, snapshot(OPEN))
    tell(store, snapshot(MORE), at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    store.move_cursor("console", 2)
    store.move_cursor("notices", 1)
    assert store.prune(later, limit=1) == 1
    assert store.prune(later) == 0, "the notices have yet to tell it"
    store.move_cursor("notices", 2)
    assert store.prune(NOW + timedelta(hours=1)) == 0, "it is not old"
    assert store.prune(later) == 1
    assert (store.events(), store.last_seq()) == ([], 2)
    assert store.state(ACME).open_incidents == (MORE,)
    assert tell(store, snapshot(MORE)) == []


def test_a_file_of_a_newer_program_is_left_alone(store, path):
    store.close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version = 999")
    raw.close()
    with pytest.raises(StoreError, match="made by a newer Tray Status"):
        Store.open(path)
    assert not list(path.parent.glob("*.damaged-*"))


@pytest.mark.parametrize("version", range(1, len(STEPS)))
def test_a_file_of_an_older_program_is_brought_up_with_all_it_holds(path, version):
    path.parent.mkdir()
    raw = sqlite3.connect(path)
    raw.executescript((VERSIONS / f"v{version}.sql").read_text("utf-8"))
    raw.close()
    store = Store.open(path)
    (kept,) = store.state(ACME).open_incidents
    assert [each.text for each in kept.updates] == ["We look into it.", "A cable."]
    assert [(each.seq, each.incident.name, each.late) for each in store.events()] == [(1, kept.name, False)]
    assert store.cursor("console") == 1
    assert store.claims.take(["acme"], "a", lambda _: False) == {"acme"}
    assert [
        each.seq for each in tell(store, snapshot(incident(update(1), update(2, text="A cable."), update(3))))
    ] != []
    store.close()
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    raw.close()


def test_a_file_of_each_version_is_kept():
    assert len(list(VERSIONS.glob("v*.sql"))) == len(STEPS) - 1


def test_a_file_that_another_program_writes_to_is_told_in_words_and_nothing_is_lost(store, path):
    tell(store, snapshot(OPEN))
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program is writing to it"):
        tell(store, snapshot(MORE))
    raw.execute("ROLLBACK")
    raw.close()
    assert [each.update.id for each in tell(store, snapshot(MORE))] == ["u3"]


def test_a_full_disk_is_told_in_words_and_what_was_there_stays(store, path):
    tell(store, snapshot(OPEN))
    connection = store._database._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    many = snapshot(*(incident(update(1, text="w" * 2000), id=f"i{number}") for number in range(200)))
    with pytest.raises(StoreError, match="the disk is full"):
        tell(store, many)
    assert len(store.events()) == 1
    connection.execute("PRAGMA max_page_count = 1000000")
    assert len(tell(store, many)) >= 199
    assert path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits mean little on Windows")
def test_the_history_is_for_its_owner_only(store, path):
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
