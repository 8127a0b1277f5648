"""The program with a history that is damaged, locked, read-only, full or too new: it goes on, says so, tells once."""

from __future__ import annotations

import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.store.powerless import POWERLESS, permissions_count
from tests.waiting import wait_until
from tray_status.core.model import Impact, Page, Reading
from tray_status.engine import Engine
from tray_status.system.owner import Owner

from .running import ROOT, Program, finished

FIRST = incident("inc1", update("u1", body="We look into it. " * 300))
PAST = [
    incident(f"old{number}", update(f"o{number}"), update(f"p{number}", "resolved", "Over. " * 500))
    for number in range(40)
]
SECOND = incident("inc2", update("u2", body="New."), name="Slow logins")
THIRD = incident("inc3", update("u3", body="Newer."), name="Lost mail")

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither its signals nor its permissions")


@pytest.fixture
def host():
    with StatusHost(statuspage(FIRST, *PAST), etags=True) as serving:
        yield serving


@pytest.fixture
def history(tmp_path):
    return tmp_path / "home" / "tray-status.sqlite3"


def watch(host, *more, **options):
    return Program("--console", "--interval", "1", "--page", host.url, *more, **options)


def once(host):
    return finished("--console", "--once", "--page", host.url)


def raw(path):
    return contextlib.closing(sqlite3.connect(path, isolation_level=None))


def damage(path):
    """Write noise over all but the head, as a dying disk may, and have what was read of it be read again."""
    with raw(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("CREATE TABLE IF NOT EXISTS noise (x)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(4096)
        file.write(random.Random(1).randbytes(size - 4096))


def set_aside(path):
    return list(path.parent.glob("*.damaged-*"))


def told(program, name):
    return program.out.count(f"Incident : {name}")


# Damaged


def test_a_damaged_history_is_set_aside_at_the_start_and_the_next_start_is_as_ever(host, history):
    assert once(host).code == 0
    damage(history)
    run = once(host)
    assert run.code == 0
    assert f"The history {history} was damaged. It is kept as" in run.out
    assert "1 open.\n" in run.out
    assert set_aside(history)
    again = once(host)
    assert (again.code, "damaged" in again.out, "While you were away" in again.out) == (0, False, False)
    (kept,) = [each.name for each in set_aside(history) if not each.name.endswith(("-wal", "-shm"))]
    assert f"Set aside as damaged: {kept}\n" in finished("doctor").out


@posix_only
def test_damage_while_it_runs_is_told_and_nothing_is_lost_or_told_anew(host, history):
    with watch(host) as program:
        program.wait_for("1 open.\n")
        damage(history)
        host.documents = statuspage(SECOND, FIRST, *PAST)
        program.wait_for("Slow logins")
        program.wait_for(f"The history {history} was damaged. It is kept as")
        host.documents = statuspage(THIRD, SECOND, FIRST, *PAST)
        program.wait_for("Lost mail")
        assert program.end() == 0
        assert [told(program, name) for name in ("Slow logins", "Lost mail")] == [1, 1]
        assert told(program, FIRST["name"]) == 1, "it was listed at the start, and is known"
        assert "Traceback" not in program.err
    events = [json.loads(each) for each in finished("events", "--json").out.splitlines()]
    assert [each["incident"]["id"] for each in events] == ["inc2", "inc3"]
    assert events[0]["seq"] > 1


def test_for_a_look_a_damaged_history_stays_where_it_is(host, history):
    assert once(host).code == 0
    damage(history)
    events, doctor = finished("events"), finished("doctor")
    assert events.code == 1
    assert f"{history}: it is damaged" in events.err
    assert doctor.code == 1
    assert "it is damaged" in doctor.out
    assert not set_aside(history)


def test_a_look_does_not_bring_up_an_older_history(history):
    history.parent.mkdir()
    script = (ROOT / "tests" / "store" / "versions" / "v1.sql").read_text("utf-8")
    with raw(history) as connection:
        connection.executescript(script)
    before = history.read_bytes()
    assert len(finished("events", "--json").out.splitlines()) == 1
    assert "1 incident, 2 updates" in finished("doctor").out
    assert history.read_bytes() == before


# Locked


@posix_only
@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_history_that_is_locked_at_the_start_has_to_wait_and_all_is_told_then(host, history, how):
    with watch(host) as program:
        program.wait_for("1 open.\n")
        program.end()
    with raw(history) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"BEGIN {how}")
        host.documents = statuspage(SECOND, FIRST, *PAST)
        with watch(host) as program:
            program.wait_for("another program is writing to it")
            program.wait_for(" tracked on ")
            assert told(program, "Slow logins") == 0
            connection.execute("ROLLBACK")
            program.wait_for("Slow logins")
            program.wait_for("The history can be used now.")
            host.documents = statuspage(THIRD, SECOND, FIRST, *PAST)
            program.wait_for("Lost mail")
            assert program.end() == 0
            assert [told(program, name) for name in ("Slow logins", "Lost mail")] == [1, 1]
            assert "Traceback" not in program.err


@posix_only
def test_a_write_lock_at_the_start_does_not_end_it(host, history):
    assert once(host).code == 0
    with raw(history) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with watch(host) as program:
            program.wait_for("1 open.\n")
            began = time.monotonic()
            assert program.end() == 0
            assert time.monotonic() - began < 3
        with watch(host) as program:
            program.wait_for("The history cannot be written")
            program.wait_for("1 open.\n")
            connection.execute("ROLLBACK")
            program.wait_for("The history can be written again.")
            host.documents = statuspage(SECOND, FIRST, *PAST)
            program.wait_for("Slow logins")
            assert program.end() == 0
            assert told(program, "Slow logins") == 1


# Read-only


@pytest.fixture
def home(history):
    """One whose permissions may be taken away."""
    history.parent.mkdir()
    yield history.parent
    for each in (history.parent, *history.parent.rglob("*")):
        each.chmod(0o700)


def powerless(*arguments):
    """The program run by one for whom permissions count."""
    script = POWERLESS + "from tray_status.cli import main; main()"
    return Program(*arguments, command=(sys.executable, "-c", script))


@permissions_count
@pytest.mark.parametrize("what", ["the file", "all"])
def test_a_history_that_cannot_be_written_is_known_and_told_from(host, home, what):
    arguments = ("--console", "--once", "--page", host.url)
    with powerless(*arguments) as program:
        assert program.wait() == 0, program.err
    (home / "tray-status.sqlite3").chmod(0o444)
    if what == "all":
        home.chmod(0o555)
    host.documents = statuspage(SECOND, FIRST, *PAST)
    with powerless(*arguments) as program:
        assert program.wait() == 0
        assert program.out.count("cannot be written to (read-only)") == 1
        assert told(program, "Slow logins") + told(program, FIRST["name"]) == 3, "one is news and open, one is open"
        assert "42 incidents tracked on 1 page, 2 open.\n" in program.out
        assert "Traceback" not in program.err


# Full


@pytest.fixture
def engine(host, history):
    page = Page("acme", "Acme", host.url, interval=1.0)
    running = Engine([page], history)
    running.said = []
    running.on_trouble = running.said.append
    yield running
    running.stop()


class Listener:
    """An output that keeps what it was told."""

    name = "listener"

    def __init__(self):
        self.heard = []

    def deliver(self, events, told):
        for event in events:
            self.heard.append(event.incident.name)
            told(event.seq)


def test_a_full_disk_is_told_once_nothing_is_green_and_all_is_told_once_there_is_room(host, engine):
    host.documents = statuspage(*PAST)
    listener = Listener()
    engine.feed(listener, after=engine.place(listener.name), kept=True)
    engine.poller.start()
    engine.delivery.start()
    wait_until(lambda: engine.overview().worst is Impact.NONE, "a green page")
    connection = engine.store._database._connection
    full = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {full}")
    large = [incident(f"l{number}", update(f"l{number}", body="w" * 3000), name="Trouble") for number in range(40)]
    host.documents = statuspage(*large, *PAST)
    wait_until(lambda: engine.overview().worst is not Impact.NONE, "a page that is not green")
    for _ in range(3):
        host.wait_until_asked(len(host.asked) + 1)
        engine.look_around()
    (view,) = engine.overview().pages
    assert (view.reading, view.impact) == (Reading.STALE, Impact.UNKNOWN)
    assert "the disk is full" in view.problem.text
    (words,) = engine.said
    assert "The history cannot be written: " in words
    assert "the disk is full" in words
    assert listener.heard == []
    connection.execute("PRAGMA max_page_count = 1000000")
    wait_until(lambda: len(listener.heard) == len(large), "all that happened meanwhile")
    wait_until(lambda: engine.look_around() or len(engine.said) == 2, "the end of it")
    assert engine.said[1] == "The history can be written again."
    (view,) = engine.overview().pages
    assert (view.reading, view.impact) == (Reading.FRESH, Impact.MINOR)


# Whoever has the tray has it, whatever the history is like


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The system's folder for what is temporary."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_with_a_history_of_a_newer_program_a_second_icon_is_refused(host, history):
    page = Page("acme", "Acme", host.url)
    Engine([page], history).stop()
    with raw(history) as connection:
        connection.execute("PRAGMA user_version = 999")
    first, second = Engine([page], history), Engine([page], history)
    assert "made by a newer Tray Status" in first.notes[0]
    assert first.owner.take("tray")
    assert not second.owner.take("tray")
    assert first.poller.pages == second.poller.pages == (page,), "each by itself: neither sees the other's log"
    first.stop()
    assert second.owner.take("tray")
    second.stop()


def test_where_the_home_is_a_file_locks_lie_elsewhere(tmp_path, temporary):
    home = tmp_path / "home"
    home.write_text("not a folder")
    first, second = Owner(home), Owner(home)
    try:
        assert first.take("tray")
        assert not second.take("tray")
        assert second.is_alive(first.token)
        first.give_back("tray")
        assert second.take("tray")
    finally:
        first.close()
        second.close()
    assert not first.is_alive(second.token)
    assert [each.stat().st_mode & 0o077 for each in temporary.iterdir()] == [0] or sys.platform == "win32"


TAKES_THE_TRAY = f"""
{POWERLESS}
import sys
from pathlib import Path
from tray_status.system.owner import Owner
owner = Owner(Path(sys.argv[1]))
print(owner.take("tray"), flush=True)
sys.stdin.read()
"""


@permissions_count
@pytest.mark.parametrize(
    "before", ["never written to", "read-only since yesterday", "read-only since the first began"]
)
def test_in_a_home_that_cannot_be_written_to_only_one_gets_the_tray(home, temporary, before):
    def owner():
        command = [sys.executable, "-c", TAKES_THE_TRAY, str(home)]
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def forbid():
        for each in (*home.rglob("*"), home):
            each.chmod(0o555 if each.is_dir() else 0o444)

    if before == "read-only since yesterday":
        with owner() as earlier:
            assert earlier.stdout.readline() == "True\n"
            earlier.kill()
    if before != "read-only since the first began":
        forbid()
    with owner() as first:
        assert first.stdout.readline() == "True\n"
        forbid()
        with owner() as second:
            assert second.stdout.readline() == "False\n"
            second.kill()
        first.kill()
    with owner() as third:
        assert third.stdout.readline() == "True\n"
        third.kill()
