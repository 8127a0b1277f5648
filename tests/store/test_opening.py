"""The history's file at its worst: begun by several at once, damaged, locked, read-only, older, taken away."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.specimens import ACME, NOW, ZENITH, incident, snapshot, update
from tests.store.powerless import POWERLESS, permissions_count
from tests.waiting import wait_until
from tray_status.core.diff import diff
from tray_status.core.model import Page, Reading
from tray_status.errors import StoreError
from tray_status.store import Store, database, opening
from tray_status.store.schema import STEPS

ROOT = Path(__file__).parents[2]
VERSIONS = Path(__file__).parent / "versions"

TOGETHER = 6

OPEN = incident(update(1), update(2))
MORE = incident(update(1), update(2), update(3))

OPENER = """
import sys
from pathlib import Path
from tray_status.store import Store
print("ready", flush=True)
for line in sys.stdin:
    path, name = line.split()
    try:
        store = Store.open(Path(path))
        mine = store.claims.take(["acme"], name, lambda _: True)
        print(len(mine), store.note or "well", flush=True)
        store.close()
    except Exception as error:
        print(type(error).__name__, error, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder / "history.sqlite3"


def tell(store, told, page=ACME, at=NOW):
    """Save a snapshot as a poll does; the events that it gave."""
    with store.writing(page) as writing:
        writing.save(diff(writing.page, writing.known(told), told, at), told, at)
        writing.set_reading(Reading.FRESH, None)
        return writing.appended


def fill(path, kilobytes=300):
    """A history of so many kilobytes, the newest event last; its number."""
    store = Store.open(path)
    number = 0
    while path.stat().st_size < kilobytes * 1024:
        rows = [incident(update(each, text="w" * 900), id=f"i{number}-{each}") for each in range(30)]
        tell(store, snapshot(*rows), Page(f"p{number % 20}", "P", f"https://status.{number % 20}.example"))
        number += 1
    last = store.last_seq()
    store.close()
    return last


def damage(path, first, last=None):
    """Write noise over some of the file's pages of 4 kB, counted from 0."""
    last = first + 1 if last is None else last
    with path.open("r+b") as file:
        file.seek(first * 4096)
        file.write(random.Random(first).randbytes((last - first) * 4096))


def damage_all_but_the_head(path):
    damage(path, 1, path.stat().st_size // 4096)


def set_aside(path):
    return [each for each in path.parent.glob("*.damaged-*") if not each.name.endswith(("-wal", "-shm"))]


@contextlib.contextmanager
def openers():
    """Processes that open a file when told to, all at the same instant."""
    command = [sys.executable, "-c", OPENER]
    with contextlib.ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
                )
            )
            for _ in range(TOGETHER)
        ]
        stack.callback(lambda: [each.kill() for each in running])
        assert [each.stdout.readline() for each in running] == ["ready\n"] * TOGETHER

        def open_together(path):
            for number, each in enumerate(running):
                each.stdin.write(f"{path} n{number}\n")
            for each in running:
                each.stdin.flush()
            return [each.stdout.readline().strip() for each in running]

        yield open_together


# Several processes at the same instant


def test_of_several_that_begin_or_bring_up_a_file_together_none_fails(tmp_path):
    """A file is begun ten times, and one of each earlier version brought up twice."""
    with openers() as open_together:
        for number in range(10):
            answers = open_together(tmp_path / f"fresh{number}.sqlite3")
            assert sorted(answers) == ["0 well"] * (TOGETHER - 1) + ["1 well"]
        for version in range(1, len(STEPS)):
            for attempt in range(2):
                path = tmp_path / f"v{version}-{attempt}.sqlite3"
                with contextlib.closing(sqlite3.connect(path)) as raw:
                    raw.executescript((VERSIONS / f"v{version}.sql").read_text("utf-8"))
                    raw.execute("DELETE FROM claims") if version > 1 else None
                    raw.commit()
                assert sorted(open_together(path)) == ["0 well"] * (TOGETHER - 1) + ["1 well"]
                store = Store.open(path)
                assert [each.text for each in store.state(ACME).open_incidents[0].updates] == [
                    "We look into it.",
                    "A cable.",
                ]
                store.close()


def test_of_several_that_meet_a_damaged_file_one_sets_it_aside_and_all_share_the_new_one(path):
    fill(path)
    kept = path.read_bytes()
    with openers() as open_together:
        for number in range(5):
            file = path.with_name(f"f{number}.sqlite3")
            file.write_bytes(kept)
            damage_all_but_the_head(file)
            answers = open_together(file)
            assert sorted(each.split()[0] for each in answers) == ["0"] * (TOGETHER - 1) + ["1"]
            assert len([each for each in answers if "was damaged" in each]) == 1
            assert len(set_aside(file)) == number + 1


# Damage


@pytest.mark.parametrize("part", ["page 2", "pages 3 to 6", "the last half", "cut short"])
def test_a_file_damaged_anywhere_is_set_aside_at_the_start_and_numbers_go_on(path, part):
    last = fill(path)
    count = path.stat().st_size // 4096
    if part == "cut short":
        os.truncate(path, count // 2 * 4096)
    else:
        damage(path, *{"page 2": (1, 2), "pages 3 to 6": (2, 6), "the last half": (count // 2, count)}[part])
    before = path.read_bytes()
    store = Store.open(path)
    assert f"The history {path} was damaged. It is kept as {path.name}.damaged-" in store.note
    assert [each.read_bytes() for each in set_aside(path)] == [before]
    (event,) = tell(store, snapshot(OPEN))
    assert event.seq > last
    store.close()


def test_whichever_page_is_damaged_the_next_start_works(path):
    """Where nothing is found, nothing that is read is damaged."""
    fill(path)
    whole = path.read_bytes()
    for page in range(1, len(whole) // 4096, 13):
        path.write_bytes(whole)
        damage(path, page)
        store = Store.open(path)
        for each in range(20):
            store.state(Page(f"p{each}", "P", f"https://status.{each}.example"))
        assert store.health()["damage"] == []
        tell(store, snapshot(OPEN))
        store.close()
        path.unlink()


def wear(path, *stores):
    """Damage a file that is open, and have what was read of it forgotten."""
    stores[0]._database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage_all_but_the_head(path)
    for each in stores:
        each._database._connection.execute("PRAGMA shrink_memory")


@pytest.fixture
def worn(path):
    """A store whose file was damaged while it was open."""
    last = fill(path, 3000)
    store = Store.open(path)
    assert store.note is None
    assert store.last_seq() == last
    wear(path, store)
    yield store
    store.close()


def test_damage_that_shows_while_running_is_told_and_a_new_file_is_begun(path, worn):
    last = worn._database.last_number
    with pytest.raises(StoreError, match="damaged"):
        tell(worn, snapshot(OPEN))
    (words,) = worn.words
    assert "was damaged. It is kept as" in words
    assert len(set_aside(path)) == 1
    (event,) = tell(worn, snapshot(OPEN))
    assert event.seq == last + 1, "outputs go on where they were"
    assert worn.state(ACME).open_incidents == (OPEN,)


def test_what_a_run_knows_is_carried_over_so_that_nothing_is_told_anew(path):
    fill(path, 3000)
    store = Store.open(path)
    tell(store, snapshot(OPEN))
    known = [store.state(ACME)]
    store.on_renewal(lambda: store.restore(known))
    wear(path, store)
    with pytest.raises(StoreError):
        store.events()
    assert store.state(ACME).open_incidents == (OPEN,)
    assert tell(store, snapshot(OPEN), at=NOW + timedelta(minutes=1)) == []
    assert [each.update.id for each in tell(store, snapshot(MORE), at=NOW + timedelta(minutes=2))] == ["u3"]
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows renames no file that is open")
def test_another_process_goes_over_to_the_file_that_took_the_place(path):
    fill(path, 3000)
    first, second = Store.open(path), Store.open(path)
    first.last_seq()
    second.last_seq()
    wear(path, first, second)
    with pytest.raises(StoreError):
        tell(first, snapshot(OPEN))
    heard = []
    second.on_growth(lambda: heard.append(True))
    tell(first, snapshot(OPEN))
    second.look_for_others()
    assert heard
    assert [each.page.id for each in second.events()] == ["acme"]
    tell(second, snapshot(OPEN), ZENITH)
    assert [each.page.id for each in first.events()] == ["acme", "zenith"]
    assert len(set_aside(path)) == 1
    second.close()
    first.close()


def test_text_that_is_none_condemns_the_file_too(path):
    store = Store.open(path)
    tell(store, snapshot(OPEN))
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE incidents SET name = cast(x'ff' AS TEXT)")
        raw.commit()
    store = Store.open(path)
    assert store.note is None, "no check of the file looks at the text in it"
    with pytest.raises(StoreError):
        store.state(ACME)
    assert "was damaged" in store.words[0]
    tell(store, snapshot(OPEN))
    store.close()


def test_what_only_seems_to_be_damage_loses_nothing(path, monkeypatch):
    store = Store.open(path)
    tell(store, snapshot(OPEN))
    monkeypatch.setattr(database, "DOUBTS", 99)

    def fail():
        with store._database.reading():
            raise sqlite3.DatabaseError("database disk image is malformed")

    with pytest.raises(StoreError, match="damaged"):
        fail()
    assert not set_aside(path)
    assert store.state(ACME).open_incidents == (OPEN,)
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes no file away that is open")
def test_a_file_that_is_taken_away_is_begun_anew_and_told(path):
    store = Store.open(path)
    (event,) = tell(store, snapshot(OPEN))
    for each in path.parent.glob("history*"):
        each.unlink()
    (again,) = tell(store, snapshot(OPEN))
    assert again.seq > event.seq
    assert "was taken away or replaced" in store.words[0]
    store.close()


def test_in_a_large_file_which_is_not_looked_through_damage_shows_when_it_is_met(path, monkeypatch):
    assert opening.CHECKED_BYTES > 5 * 2**20
    fill(path)
    monkeypatch.setattr(opening, "CHECKED_BYTES", 1000)
    damage_all_but_the_head(path)
    store = Store.open(path)
    told = []
    with contextlib.suppress(StoreError):
        told = tell(store, snapshot(OPEN))
    assert "was damaged" in (store.note or store.words[0])
    assert told or tell(store, snapshot(OPEN))
    store.close()


# Locked


@contextlib.contextmanager
def locked(path, how="EXCLUSIVE"):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(f"BEGIN {how}")
        yield raw
        raw.execute("ROLLBACK")


def test_a_file_that_another_has_for_itself_is_opened_as_soon_as_it_can_be(path, monkeypatch):
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.executescript((VERSIONS / "v1.sql").read_text("utf-8"))
    monkeypatch.setattr(database, "OPEN_SECONDS", 0.1)
    monkeypatch.setattr(database, "TRY_AGAIN", 0.0)
    renewed = []
    with locked(path):
        store = Store.open(path)
        assert "another program is writing to it" in store.note
        store.on_renewal(lambda: renewed.append(store.last_seq()))
        with pytest.raises(StoreError, match="another program"):
            store.state(ACME)
    assert store.state(ACME).open_incidents
    assert renewed == [1]
    store.close()


def test_those_that_wait_for_a_short_lock_get_the_file(path):
    answers = []
    with openers() as open_together:
        with locked(path):
            thread = threading.Thread(target=lambda: answers.extend(open_together(path)))
            thread.start()
            wait_until((path.parent / "running" / f"{path.name}.lock").exists, "one that opens the file")
        thread.join()
    assert sorted(answers) == ["0 well"] * (TOGETHER - 1) + ["1 well"]


# For a look only


def test_a_look_changes_nothing(path):
    for version in range(1, len(STEPS)):
        path.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(path)) as raw:
            raw.executescript((VERSIONS / f"v{version}.sql").read_text("utf-8"))
        before = path.read_bytes()
        store = Store.open(path, read_only=True)
        assert [each.seq for each in store.events()] == [1]
        assert store.health()["incidents"] == 1
        with contextlib.suppress(StoreError):
            store.move_cursor("console", 9)
        store.close()
        assert path.read_bytes() == before


def test_a_look_at_a_damaged_file_leaves_it_there(path):
    fill(path)
    damage_all_but_the_head(path)
    with pytest.raises(StoreError, match=r"history\.sqlite3: it is damaged"):
        Store.open(path, read_only=True).events()
    assert not set_aside(path)


def test_a_look_at_no_file_makes_none(path):
    store = Store.open(path, read_only=True)
    assert (store.events(), store.last_seq()) == ([], 0)
    store.close()
    assert not path.exists()


def test_a_look_sees_what_a_running_process_wrote_last(path):
    store = Store.open(path)
    tell(store, snapshot(OPEN))
    look = Store.open(path, read_only=True)
    assert len(look.events()) == 1
    tell(store, snapshot(MORE))
    assert len(look.events()) == 2
    with pytest.raises(StoreError, match="read-only"):
        look.move_cursor("console", 1)
    look.close()
    store.close()


# What can be read and not written


READER = f"""
{POWERLESS}
import sys
from pathlib import Path
from tray_status.core.model import Page
from tray_status.errors import StoreError
from tray_status.store import Store
try:
    store = Store.open(Path(sys.argv[1]))
    state = store.state(Page("acme", "Acme", "https://status.acme.example"))
    store.move_cursor("console", 99)
    print(store.note, store.shared, [len(each.updates) for each in state.open_incidents], store.cursor("console"))
except StoreError as error:
    print("StoreError", error)
"""


def read_as_somebody(path):
    """What a person who may not write to it gets."""
    command = [sys.executable, "-c", READER, str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@permissions_count
@pytest.mark.parametrize("version", ["older", "killed", "newest"])
@pytest.mark.parametrize("what", ["the file", "its folder", "both"])
def test_what_cannot_be_written_is_known_all_the_same(path, what, version):
    if version == "older":
        with contextlib.closing(sqlite3.connect(path)) as raw:
            raw.executescript((VERSIONS / "v2.sql").read_text("utf-8"))
    else:
        store = Store.open(path)
        tell(store, snapshot(OPEN))
        if version == "killed":  # what was written last is in the file beside it
            for each in list(path.parent.glob("history*")):
                if not each.name.endswith("-shm"):
                    path.with_name(f"k{each.name}").write_bytes(each.read_bytes())
        store.close()
        if version == "killed":
            path.unlink()
            path = path.with_name(f"k{path.name}")
            assert path.with_name(f"{path.name}-wal").stat().st_size
    before = sorted(each.name for each in path.parent.iterdir())
    if what != "its folder":
        path.chmod(0o444)
    if what != "the file":
        path.parent.chmod(0o555)
    try:
        told = read_as_somebody(path)
    finally:
        path.parent.chmod(0o755)
    assert "cannot be written to (read-only)" in told
    assert told.endswith("False [2] 99\n")
    assert sorted({each.name for each in path.parent.iterdir()} - {"running"}) == sorted(set(before) - {"running"})


@permissions_count
def test_a_damaged_file_that_cannot_be_set_aside_is_told_in_words(path):
    fill(path)
    damage_all_but_the_head(path)
    path.parent.chmod(0o555)
    try:
        assert "it is damaged" in read_as_somebody(path)
    finally:
        path.parent.chmod(0o755)
    assert not set_aside(path)
