"""Where what is printed cannot go: a full disk, a closed stream, a reader that left."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from tests.loopback import StatusHost, incident, statuspage, update

from .running import PATIENCE, ROOT, TRAY_STATUS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shell's redirections are POSIX")

FULL = "/dev/full"


def in_shell(*arguments, redirected, unbuffered=False, **environment):
    """A run whose streams a shell redirected; its code, stdout and stderr."""
    command = f"exec {shlex.join([*TRAY_STATUS, *arguments])} {redirected}"
    more = {"PYTHONUNBUFFERED": "1"} if unbuffered else {}
    run = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE,
        env={**os.environ, **more, **environment},
    )  # fmt: skip
    assert "Traceback" not in run.stderr
    return run.returncode, run.stdout, run.stderr


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("inc1", update("u1")))) as serving:
        yield serving


@pytest.mark.skipif(not os.path.exists(FULL), reason="this system has no device that is always full")
@pytest.mark.parametrize("unbuffered", [False, True])
def test_a_full_disk_is_told_in_one_line(host, unbuffered):
    words = "tray-status: standard output cannot be written to: No space left on device\n"
    for command in (["list"], ["config", "schema"], ["status", "--page", host.url], ["status", "--json", host.url]):
        assert in_shell(*command, redirected=f">{FULL}", unbuffered=unbuffered) == (1, "", words), command


@pytest.mark.skipif(not os.path.exists(FULL), reason="this system has no device that is always full")
@pytest.mark.parametrize("unbuffered", [False, True])
def test_help_and_modes_tell_a_full_disk_too(host, unbuffered):
    words = "tray-status: standard output cannot be written to: No space left on device\n"
    once = ["--console", "--once", "--page", host.url]
    for command in (["--help"], ["--version"], ["add", "--help"], once, ["--console", "--page", host.url]):
        assert in_shell(*command, redirected=f">{FULL}", unbuffered=unbuffered) == (1, "", words), command
    assert in_shell("--help", redirected="| head -1")[2] == ""


@pytest.mark.skipif(not os.path.exists(FULL), reason="this system has no device that is always full")
def test_where_nobody_can_be_told_the_code_tells(host):
    assert in_shell("list", redirected=f">{FULL} 2>&1") == (1, "", "")
    assert in_shell("--page", "no such vendor", "--console", redirected=f"2>{FULL}") == (2, "", "")
    assert in_shell("add", host.url, redirected=f"2>{FULL}")[0] == 0


def test_a_closed_stream_is_one_that_goes_nowhere(host):
    assert in_shell("list", redirected=">&-") == (0, "", "")
    assert in_shell("status", "--page", host.url, redirected=">&- <&-") == (0, "", "")
    assert in_shell("--console", "--once", "--page", host.url, redirected=">&- 2>&-") == (0, "", "")
    assert in_shell("--page", "no such vendor", "--console", redirected="2>&-") == (2, "", "")
    assert in_shell("--version", redirected=">&-")[0] == 0


def test_what_is_opened_later_never_becomes_a_closed_stream(host, tmp_path):
    """Or else what is printed would end up in the history."""
    assert in_shell("--console", "--once", "--page", host.url, redirected="<&- >&- 2>&-")[0] == 0
    assert (tmp_path / "home" / "tray-status.sqlite3").read_bytes().startswith(b"SQLite format 3")
    assert "Elevated errors" in in_shell("events", "--page", host.url, redirected="")[1]


def test_a_reader_that_left_is_no_failure(host):
    for command in (["list"], ["config", "schema"], ["status", "--page", host.url]):
        reading, writing = os.pipe()
        os.close(reading)
        run = subprocess.run(
            [*TRAY_STATUS, *command], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=PATIENCE
        )
        os.close(writing)
        assert (run.returncode, run.stderr) == (0, "")


def test_a_character_that_a_stream_cannot_show_fails_nothing():
    with StatusHost(statuspage(incident("inc1", update("u1"), name="Störung — 障害"))) as host:
        code, out, _ = in_shell("status", "--page", host.url, redirected="", PYTHONIOENCODING="ascii")
    assert code == 0
    assert "St?rung" in out
