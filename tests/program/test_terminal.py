"""The console on a real terminal: colour, and the line at the bottom."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.waiting import wait_until

from .running import PATIENCE, ROOT, TRAY_STATUS, Program

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals of this kind")


class Terminal:
    """The program on a pseudo-terminal of 80 columns."""

    def __init__(self, *arguments, **environment):
        import fcntl
        import struct
        import termios

        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        shown = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
        self.process = subprocess.Popen(
            [*TRAY_STATUS, *arguments], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env={**shown, "TERM": "xterm-256color", **environment},
        )  # fmt: skip
        os.close(theirs)
        self.text = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            try:
                data = os.read(self._ours, 65536)
            except OSError:  # the other side has ended
                return
            if not data:
                return
            self.text += data.decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE)
        os.close(self._ours)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("inc1", update("u1"), impact="critical")), etags=True) as serving:
        yield serving


def test_the_impact_is_coloured_and_the_bottom_line_is_refreshed_in_place(host):
    with Terminal("--console", "--page", host.url) as terminal:
        wait_until(
            lambda: terminal.text.count("] No new updates detected. Next check in ") >= 2, "two refreshes", PATIENCE
        )
        assert terminal.end() == 0
        assert "Impact   : \x1b[1;31mCritical\x1b[0m" in terminal.text
        bottom = re.findall(r"\r\x1b\[2K(\[[^\r\n]*)", terminal.text)
        assert len(bottom) >= 2
        assert terminal.text.rstrip().endswith("\x1b[2K"), "the prompt gets a line of its own"


def test_beside_a_running_one_the_bottom_line_says_what_its_polls_brought(host):
    with Program("--console", "--interval", "1", "--page", host.url) as first:
        first.wait_for("1 open.\n")
        with Terminal("--console", "--page", host.url) as terminal:
            wait_until(lambda: terminal.text.count("] No new updates detected.") >= 2, "two refreshes", PATIENCE)
            assert terminal.end() == 0
        first.end()


def test_verbose_says_that_the_other_ones_polls_brought_nothing(host):
    with Program("--console", "--interval", "1", "--page", host.url) as first:
        first.wait_for("1 open.\n")
        with Program("--console", "--verbose", "--page", host.url) as second:
            second.wait_for("] No new updates detected.", times=2)
            second.end()
        first.end()


def test_no_color_is_obeyed(host):
    with Terminal("--console", "--once", "--page", host.url, NO_COLOR="1") as terminal:
        assert terminal.process.wait(PATIENCE) == 0
        wait_until(lambda: "1 open." in terminal.text, "the tally", PATIENCE)
        assert "Impact   : Critical" in terminal.text
        assert "\x1b[1" not in terminal.text


def test_long_text_wraps_at_the_terminals_width(host):
    host.documents.update(statuspage(incident("inc1", update("u1", body="A long story. " * 30))))
    with Terminal("--console", "--once", "--page", host.url) as terminal:
        assert terminal.process.wait(PATIENCE) == 0
        wait_until(lambda: "1 open." in terminal.text, "the tally", PATIENCE)
    plain = re.sub(r"\x1b\[[0-9;]*[mK]", "", terminal.text)
    assert max(len(line.rstrip("\r")) for line in plain.split("\n")) <= 80
