"""Signals, and what changes while the program runs."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from tests.loopback import SUMMARY, StatusHost, incident, statuspage, update
from tests.waiting import wait_until

from .running import PATIENCE, ROOT, TRAY_STATUS, Program, blocks

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no POSIX signals to send")

AT_MOST = 1.0
"""Seconds that an end may take, by the contract."""


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("inc1", update("u1"))), etags=True) as serving:
        yield serving


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_with_zero(host, number):
    with Program("--console", "--page", host.url) as program:
        program.wait_for("1 open.\n")
        began = time.monotonic()
        assert program.end(number) == 0
        assert time.monotonic() - began < AT_MOST
        assert program.err == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_though_a_request_hangs(host, number):
    host.hang()
    with Program("--console", "--page", host.url) as program:
        host.wait_until_asked()
        began = time.monotonic()
        assert program.end(number) == 0
        assert time.monotonic() - began < AT_MOST
        assert "Traceback" not in program.err


def test_a_signal_ends_a_single_round_that_hangs(host):
    host.hang()
    with Program("--console", "--once", "--page", host.url) as program:
        host.wait_until_asked()
        assert program.end(signal.SIGINT) == 0
        assert "Traceback" not in program.err


def test_sighup_polls_at_once(host):
    with Program("--console", "--interval", "3600", "--page", host.url) as program:
        program.wait_for("1 open.\n")
        asked = host.paths.count(SUMMARY)
        host.documents.update(
            statuspage(incident("inc2", update("u2"), name="Slow logins"), incident("inc1", update("u1")))
        )
        program.send(signal.SIGHUP)
        program.wait_for("] Checking all pages now.")
        host.wait_until_asked(asked + 1, SUMMARY)
        program.wait_for("Slow logins")
        assert program.end() == 0


def test_settings_are_taken_up_while_it_runs_and_mistakes_are_not(host, tmp_path):
    def page(name, url):
        return f'[[pages]]\nname = "{name}"\nurl = "{url}"\n'

    file = tmp_path / "mine.toml"
    file.write_text("poll_interval_seconds = 1\n" + page("First", host.url))
    second = statuspage(incident("inc9", update("u9"), name="Second's trouble"))
    with StatusHost(second) as other, Program("--console", "--config", str(file)) as program:
        program.wait_for("1 open.\n")
        file.write_text("poll_interval_seconds = 1\n" + page("First", host.url) + page("Second", other.url))
        program.wait_for("The settings were changed. Watching 2 pages: First, Second")
        told = blocks(program.wait_for("Second's trouble"))
        assert told[-1]["Page"] == "Second"
        file.write_text("poll_interval_seconds = 'never'\n")
        text = program.wait_for("the last good ones stay")
        assert f"{file}, line 1: poll_interval_seconds" in text
        asked = len(other.asked)
        other.wait_until_asked(asked + 2)
        file.write_text("poll_interval_seconds = 1\n" + page("Second", other.url))
        program.wait_for("Watching 1 page: Second")
        asked, others = len(host.asked), len(other.asked)
        other.wait_until_asked(others + 3)
        assert len(host.asked) <= asked + 4, "the page that was dropped is polled no longer"
        assert program.end() == 0
        assert "Traceback" not in program.err


@pytest.mark.parametrize("how", ["removed", "emptied"])
def test_settings_that_are_gone_or_empty_for_a_while_drop_nothing(host, tmp_path, how):
    file = tmp_path / "home" / "config.toml"
    file.parent.mkdir()
    text = f'poll_interval_seconds = 1\n[[pages]]\nname = "First"\nurl = "{host.url}"\n'
    file.write_text(text)
    with Program("--console") as program:
        program.wait_for("1 open.\n")
        if how == "removed":
            file.unlink()
        else:
            file.write_text(" \n")
        program.wait_for(f"] The settings {file} are gone, or empty; the last good ones stay.")
        asked = len(host.asked)
        host.wait_until_asked(asked + 2)
        file.write_text(text.replace("First", "Renamed"))
        program.wait_for("Watching 1 page: Renamed")
        assert program.end() == 0


@pytest.mark.parametrize(("mode", "ends"), [(["--console"], True), (["--serve", "--port", "0"], False)])
def test_when_nobody_reads_any_more_a_run_that_only_prints_ends_and_others_go_on(host, mode, ends):
    ours, theirs = os.pipe()
    command = [*TRAY_STATUS, *mode, "--interval", "1", "--page", host.url]
    with subprocess.Popen(command, cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, text=True) as process:
        os.close(theirs)
        text = b""
        while b"1 open.\n" not in text:
            text += os.read(ours, 65536)
        os.close(ours)
        host.documents.update(statuspage(incident("inc2", update("u2")), incident("inc1", update("u1"))))
        if not ends:
            host.wait_until_asked(len(host.asked) + 4)
            assert process.poll() is None
            process.terminate()
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")


# Before there is anything to end

IMPORTS = (sys.executable, "-X", "importtime", "-m", "tray_status")
"""Tells on stderr how far the start has come: each module, once it is loaded."""

MODES = (("--console",), ("--serve", "--port", "0"), (), ("--demo", "--console"), ("--console", "--once", "--json"))


def reaching(module, *arguments):
    """The program while it starts, right after it has loaded a module."""
    program = Program(*arguments, command=IMPORTS)
    line = re.compile(rf"\| +{re.escape(module)}\n")  # further in, the more imports are above it
    try:
        wait_until(lambda: line.search(program.err), f"{module} loaded", PATIENCE)
    except AssertionError:
        program.kill()
        raise
    return program


def reached(program):
    """What it printed but for the modules."""
    return [line for line in program.err.splitlines() if not line.startswith("import time:")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module", ["argparse", "tray_status.config", "tray_status.app"])
def test_a_signal_while_the_program_still_loads_ends_it_with_zero(number, module):
    with reaching(module, "--console", "--page", "http://127.0.0.1:9") as program:
        began = time.monotonic()
        assert program.end(number) == 0
        assert time.monotonic() - began < AT_MOST
        assert (reached(program), program.out) == ([], "")


@pytest.mark.parametrize("mode", MODES, ids=" ".join)
def test_every_mode_can_be_ended_before_it_has_begun(mode):
    with reaching("argparse", *mode) as program:
        assert program.end(signal.SIGINT) == 0
        assert reached(program) == []


def test_a_second_signal_changes_nothing():
    with reaching("argparse", "--console", "--page", "http://127.0.0.1:9") as program:
        program.send(signal.SIGINT)
        program.send(signal.SIGTERM)
        assert program.end(signal.SIGINT) == 0
        assert reached(program) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_though_another_program_holds_the_history(number, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with closing(sqlite3.connect(home / "tray-status.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Program("--console", "--page", "http://127.0.0.1:9") as program:
            wait_until(lambda: (home / "config.toml").exists(), "the settings, which come right before the history")
            began = time.monotonic()
            assert program.end(number) == 0
            assert time.monotonic() - began < AT_MOST
            assert program.err == ""


def test_a_command_that_is_ended_early_says_so_with_its_code_and_without_words():
    with reaching("argparse", "status", "--page", "http://127.0.0.1:9") as program:
        assert program.end(signal.SIGINT) == 130
        assert reached(program) == []


def test_a_command_is_ended_by_a_signal_while_it_waits(host):
    host.hang()
    with Program("status", "--page", host.url) as program:
        host.wait_until_asked()
        assert program.end(signal.SIGINT) == 130
        assert program.err == ""
