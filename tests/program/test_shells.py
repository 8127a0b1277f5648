"""Completion in real shells, the manual page, and `watch` on a real terminal."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time

import pytest

from tests.loopback import StatusHost, incident, statuspage, update

from .running import ROOT, TRAY_STATUS, finished

posix = pytest.mark.skipif(sys.platform == "win32", reason="these shells and terminals are POSIX's")


def need(program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


@pytest.fixture
def bin_folder(tmp_path):
    """A folder with a `tray-status` that runs this source."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "tray-status"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tray_status "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.fixture
def settings(tmp_path):
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text('[[pages]]\nname = "Acme Cloud"\nurl = "http://127.0.0.1:9/a"\n')


def run_shell(bin_folder, *command, text=None):
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, input=text)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")


BASH = """
source <(tray-status completion bash)
complete_line() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _tray_status; printf '%s\\n' "${COMPREPLY[@]}"; echo ==; }
complete_line tray-status wa
complete_line tray-status --con
complete_line tray-status wait ac
complete_line tray-status wait acme --unt
complete_line tray-status completion f
complete_line tray-status --page ac
complete_line tray-status add vercel
"""


def test_names_of_pages_come_from_the_settings_as_they_are_and_from_the_catalogue(settings, tmp_path):
    assert finished("completion-pages").out == "Acme Cloud\n"
    known = finished("completion-pages", "--known").out.splitlines()
    assert ("GitHub" in known, "name" in known) == (True, False)
    elsewhere = tmp_path / "other.toml"
    elsewhere.write_text('[[pages]]\nname = "A\\u001b[31m"\n[[pages]]\nname = "B  C"\n[[pages]]\nname = 3\n')
    for told in (("completion-pages", "--config", str(elsewhere)), ("--config", str(elsewhere), "completion-pages")):
        assert finished(*told).out == "B C\n"
    elsewhere.write_text("pages = [")
    assert (finished("completion-pages", f"--config={elsewhere}").out, finished("completion-pages", "--home", "/").out) == (
        "", "OpenAI\n",
    )  # fmt: skip


@posix
def test_bash_completes_commands_options_choices_and_pages(bin_folder, settings):
    need("bash")
    parts = "\n".join(run_shell(bin_folder, "bash", "-c", BASH)).split("==\n")
    assert [sorted(part.split("\n")[:-1]) for part in parts[:7]] == [
        ["wait", "watch"], ["--config", "--console"], ["Acme\\ Cloud"], ["--until"], ["fish"], ["Acme\\ Cloud"], ["Vercel"],
    ]  # fmt: skip


@posix
def test_fish_completes_commands_options_choices_and_pages(bin_folder, settings):
    need("fish")
    script = (
        "tray-status completion fish | source; complete -C 'tray-status wa'; echo ==; complete -C 'tray-status wait ac';"
        " echo ==; complete -C 'tray-status wait --unt'; echo ==; complete -C 'tray-status completion f';"
        " echo ==; complete -C 'tray-status add githu'"
    )
    parts = "\n".join(run_shell(bin_folder, "fish", "--no-config", "-c", script)).split("==\n")
    told = [[line.split("\t")[0] for line in part.strip().split("\n")] for part in parts[:2]]
    assert told == [["wait", "watch"], ["Acme Cloud"]]
    assert ("--until" in parts[2], "fish" in parts[3], "GitHub" in parts[4]) == (True, True, True)


ZSH = """
autoload -U compinit; compinit -u -d $ZDOTDIR/dump
source <(tray-status completion zsh)
whence -w _tray_status; whence -w _tray_status_words
compadd() { print -l -- "${(@)argv}" }
_tray_status_words tray-status+completion-pages one two
"""


@posix
def test_zsh_takes_the_script_and_is_given_pages(bin_folder, settings, tmp_path, monkeypatch):
    need("zsh")
    monkeypatch.setenv("ZDOTDIR", str(tmp_path))
    told = run_shell(bin_folder, "zsh", "-f", "-c", ZSH)
    assert told[:2] == ["_tray_status: function", "_tray_status_words: function"]
    assert told[-4:-1] == ["one", "two", "Acme Cloud"]


def test_powershell_gets_each_command_with_its_options():
    told = finished("completion", "powershell").out
    assert (
        "'wait' = @('--help', '--until', '--timeout', '--component', '--json', 'operational', 'changed', 'resolved')"
        in told
    )
    assert told.count("{") == told.count("}")
    assert "completion-pages" not in finished("--help").out


@posix
def test_the_manual_has_each_command_and_no_mistake(tmp_path):
    told = finished("man").out
    for words in (".SH NAME", '.SS "wait"', "\\fB\\-\\-until\\fR", ".SH NOTES"):
        assert words in told
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=told, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "until what is open now is resolved" in " ".join(done.stdout.split()) or "--until" in done.stdout


class Terminal:
    """`tray-status watch` on a terminal of a size."""

    def __init__(self, rows, columns, *arguments):
        import fcntl
        import pty
        import termios

        def take_over():
            """Have the terminal for its own, so that it hears of a new size."""
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self._master, slave = pty.openpty()
        self.resize(rows, columns)
        self._process = subprocess.Popen(
            [*TRAY_STATUS, "watch", *arguments], stdin=slave, stdout=slave, stderr=slave, cwd=ROOT,
            env={**os.environ, "TERM": "xterm-256color"}, preexec_fn=take_over,
        )  # fmt: skip
        os.close(slave)
        self.out = ""

    def resize(self, rows, columns):
        import fcntl
        import struct
        import termios

        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_for(self, words, patience=30.0):
        end = time.monotonic() + patience
        while words not in self.out:
            assert time.monotonic() < end, f"{words!r} did not come: {self.out[-2000:]!r}"
            if select.select([self._master], [], [], 0.2)[0]:
                self.out += os.read(self._master, 65536).decode(errors="replace")

    def press(self, keys):
        self.out = ""
        os.write(self._master, keys.encode())

    def end(self):
        self.press("q")
        while True:  # whoever ends while nobody reads waits for the terminal
            try:
                if select.select([self._master], [], [], 0.05)[0] and not os.read(self._master, 65536):
                    break
            except OSError:
                break
            if self._process.poll() is not None:
                break
        return self._process.wait(20)


@posix
def test_watch_shows_all_on_the_screen_follows_and_ends_with_q():
    trouble = incident("now", update("u1"), impact="major")
    with StatusHost(statuspage(trouble), etags=True) as host:
        finished("add", host.url, "--name", "Mine")
        terminal = Terminal(24, 80, "Mine")
        terminal.wait_for("1 incident open, worst: Major")
        terminal.wait_for("We look into it.")
        terminal.wait_for("q quits")
        host.documents.update(
            statuspage(incident("now", update("u1"), update("u2", "identified", "A cable."), impact="major"))
        )
        terminal.press("c")
        terminal.wait_for("A cable.")
        terminal.resize(6, 60)
        terminal.press("\x1bOB")
        terminal.press("\x1bOF")  # to the end, where the pages are
        terminal.wait_for("Major trouble")
        assert terminal.end() == 0


@posix
def test_watch_ends_with_its_terminal():
    with StatusHost(statuspage()) as host:
        finished("add", host.url, "--name", "Mine")
        terminal = Terminal(24, 80, "Mine")
        terminal.wait_for("q quits")
        os.close(terminal._master)
        assert terminal._process.wait(20) == 0


def test_watch_wants_a_terminal():
    told = finished("watch")
    assert told.code == 2
    assert "this is no terminal" in told.err or "no curses" in told.err
