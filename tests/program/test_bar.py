"""`bar` as status bars run it: from the history alone, once or line by line, in the tools that Debian has."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys

import pytest

from tests.desktop.requirements import require
from tests.guides import block
from tests.loopback import StatusHost, incident, statuspage, update
from tests.waiting import wait_until

from .running import ROOT, TRAY_STATUS, Program, finished

NAME = "Ac#S #[fg=red]me & #{q}"
"""What a person may call a page, and what tmux, Pango and others would read otherwise."""

DOWN = statuspage(incident("inc1", update("u1"), impact="major"))
WELL = statuspage(incident("inc1", update("u1"), update("u2", "resolved"), impact="major"))

posix = pytest.mark.skipif(sys.platform == "win32", reason="the tool, or the signal, is POSIX's")


@pytest.fixture
def host():
    with StatusHost(DOWN) as serving:
        yield serving


@pytest.fixture
def home(host, tmp_path):
    """A home that watches a page, read once."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text(f"[[pages]]\nname = {json.dumps(NAME)}\nurl = {json.dumps(host.url)}\n")
    assert finished("status").code == 0
    return folder


@pytest.fixture
def command(tmp_path):
    """The program as a script, for the configuration files of other tools."""
    script = tmp_path / "tray-status"
    script.write_text(f'#!/bin/sh\ncd {shlex.quote(str(ROOT))} && exec {shlex.join(TRAY_STATUS)} "$@"\n')
    script.chmod(0o755)
    return script


def documented(bar, command):
    """What the guide says of a bar's own settings, with the program's whole path."""
    text = block("status-bars.md", bar)
    assert text.count("tray-status bar") == 1
    return text.replace("tray-status bar", f"{command} bar")


def shown_by(screen):
    """A screen, once the bar is on it."""
    return screen if "‼" in screen else ""


def printed_by(*command, until):
    """What a tool prints until it has printed some words; it is ended then."""
    with Program(command=command) as tool:
        return tool.wait_for(until)


def test_it_tells_what_the_history_holds_and_asks_nobody(home, host):
    asked = len(host.asked)
    host.stop()
    for bar in ("waybar", "polybar", "i3blocks", "i3status-rust", "py3status", "tmux", "xbar", "swiftbar", "argos"):
        run = finished("bar", bar)
        assert (run.code, run.err) == (0, "")
        assert "‼ Ac" in run.out or "‼%{F-} Ac" in run.out or "‼#[default] Ac" in run.out, bar
    assert len(host.asked) == asked


def test_where_nothing_was_ever_read_it_says_that_nothing_runs_and_makes_no_files(tmp_path):
    run = finished("bar", "waybar")
    assert run.code == 0
    assert json.loads(run.out)["text"] == "? not running"
    assert not (tmp_path / "home").exists()


def test_a_mistake_is_shown_in_the_bar_and_told_on_stderr(home):
    (home / "config.toml").write_text("poll_interval_seconds = 0\n")
    run = finished("bar", "waybar")
    assert (run.code, json.loads(run.out)["alt"]) == (0, "unknown")
    assert "poll_interval_seconds" in json.loads(run.out)["tooltip"]
    assert "poll_interval_seconds" in run.err


def test_what_no_bar_is_is_refused(home):
    assert finished("bar", "windows95").code == 2
    run = finished("bar", "xbar", "--follow")
    assert (run.code, run.err) == (2, "tray-status: --follow: xbar runs the command anew each time; leave it out\n")


@posix
def test_followed_it_prints_a_line_at_each_change_and_ends_with_its_reader(home, host):
    with Program("--console", "--interval", "1") as polling:
        polling.wait_for("1 open.\n")
        follow = [*TRAY_STATUS, "bar", "waybar", "--follow"]
        with subprocess.Popen(follow, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as bar:
            assert json.loads(bar.stdout.readline())["alt"] == "major"
            host.documents.update(WELL)
            assert json.loads(bar.stdout.readline())["alt"] == "none"
            bar.stdout.close()
            assert bar.wait(30) == 0
        polling.end()


@posix
def test_what_is_old_is_called_so_and_the_cure_is_told_where_nobody_polls(home):
    settings = home / "config.toml"
    settings.write_text(f"poll_interval_seconds = 1\n{settings.read_text()}")

    def classes():
        return json.loads(finished("bar", "waybar").out)["class"]

    with Program("--console", "--interval", "3600") as polling:
        polling.wait_for("1 open.\n")
        assert wait_until(lambda: [*classes()][1:], "a page that is old by its own interval") == ["stale"]
        polling.end()
    assert classes() == ["major", "stale", "trouble"]


@posix
def test_a_signal_ends_it(home):
    with Program("bar", "polybar", "--follow") as bar:
        bar.wait_for("\n")
        assert bar.end(signal.SIGTERM) == -signal.SIGTERM


@posix
def test_tmux_shows_the_words_and_takes_none_of_them_for_its_own(home, command, tmp_path):
    """A tmux within another one, whose screen can be read."""
    tmux = require("tmux", "tmux")
    environment = {**os.environ, "TMUX_TMPDIR": str(tmp_path), "LC_ALL": "C.UTF-8"}
    environment.pop("TMUX", None)

    settings = tmp_path / "tmux.conf"
    settings.write_text(f"{documented('tmux', command)}\nset -g status-interval 1\n")

    def run(name, *arguments):
        done = subprocess.run(
            [tmux, "-L", name, "-f", settings, *arguments], env=environment, capture_output=True, encoding="utf-8"
        )
        return done.stdout

    try:
        run("inner", "new", "-d", "-x", "80", "-y", "5", "sleep 1000")
        run("outer", "new", "-d", "-x", "80", "-y", "6", f"env -u TMUX {tmux} -L inner attach")
        screen = wait_until(lambda: shown_by(run("outer", "capture-pane", "-p")), "the bar in tmux", 30)
    finally:
        run("outer", "kill-server")
        run("inner", "kill-server")
    assert f"‼ {NAME} | " in screen


@posix
def test_i3blocks_shows_the_block(home, command, tmp_path):
    i3blocks = require("i3blocks", "i3blocks")
    config = tmp_path / "i3blocks.conf"
    config.write_text(f"markup=pango\n\n{documented('i3blocks', command)}")
    line = printed_by(i3blocks, "-c", str(config), until="‼").splitlines()[-1]
    block = json.loads(line.lstrip(","))[-1]
    assert (block["full_text"], block["markup"], block["color"]) == (f"‼ {NAME}", "none", "#f0883e")


@posix
def test_i3status_has_one_block_more(home, tmp_path):
    i3status = require("i3status", "i3status")
    config = tmp_path / "i3status.conf"
    config.write_text('general {\n output_format = "i3bar"\n interval = 1\n}\norder += "load"\n')
    bar = [*TRAY_STATUS, "bar", "i3status"]
    with (
        subprocess.Popen([i3status, "-c", config], stdout=subprocess.PIPE) as theirs,
        subprocess.Popen(bar, cwd=ROOT, stdin=theirs.stdout, stdout=subprocess.PIPE, encoding="utf-8") as ours,
    ):
        lines = [ours.stdout.readline() for _ in range(4)]
        theirs.terminate()
        assert ours.wait(30) == 0
    assert lines[0].startswith('{"version":1')
    for line in lines[2:]:
        assert [each["name"] for each in json.loads(line.lstrip(","))] == ["tray-status", "load"]


@posix
def test_py3status_shows_text_and_colour(home, command, tmp_path):
    py3status = require("py3status", "py3status")
    config = tmp_path / "py3status.conf"
    config.write_text(
        'general {\n output_format = "i3bar"\n}\norder += "external_script tray_status"\n'
        + documented("py3status", command)
    )
    log = str(tmp_path / "py3status.log")
    line = printed_by(py3status, "-s", "-c", str(config), "-l", log, until="#f0883e").splitlines()[-1]
    block = json.loads(line.lstrip(","))[-1]
    assert (block["full_text"], block["color"].lower()) == (f"‼ {NAME}", "#f0883e")
