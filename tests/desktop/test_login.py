"""Start at login on a desktop: what the autostart file says is started, and the menu's check mark tells the truth."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.program.running import Program, finished
from tests.waiting import wait_until
from tray_status.system.login import StartAtLogin
from tray_status.system.login.installation import Interpreter, launcher, options
from tray_status.system.login.linux import Autostart

from .peer import DBUS
from .requirements import require
from .watcher import Watcher

ENTRY = ("Settings", "Start at login")
AWKWARD = """a "b"=100% $HOME `id` \\n 'c' & d; é"""
NOWHERE = "http://127.0.0.1:9"
"""A proxy that refuses: nothing that a test starts asks anybody but the loopback host."""


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("inc1", update("u1")))) as running:
        yield running


@pytest.fixture
def home(tmp_path, host):
    """A home with an awkward name, whose settings name the loopback host's page."""
    folder = tmp_path / AWKWARD
    folder.mkdir()
    (folder / "config.toml").write_text(f'[[pages]]\nname = "Acme"\nurl = "{host.url}"\n')
    return folder


@pytest.fixture
def autostart(tmp_path, monkeypatch):
    """The autostart file of this test's session."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, NOWHERE)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Autostart(os.environ).path


def launch(file: Path) -> None:
    """Start what the file says, the way GLib's desktops do; from another folder than ours."""
    gio = require("gio", "libglib2.0-bin")
    environment = {name: value for name, value in os.environ.items() if name != "TRAY_STATUS_HOME"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([gio, "launch", str(file)], env=environment, cwd="/", check=True, timeout=30, **quiet)


@pytest.fixture
def started_item(watcher: Watcher):
    """Waits for the item of what was launched; its process is ended afterwards."""
    found = []

    def wait():
        found.append(watcher.item())
        return found[-1]

    yield wait
    for item in found:
        with suppress(Exception):
            pid = int(
                watcher.call(DBUS, "/org/freedesktop/DBus", DBUS, "GetConnectionUnixProcessID", "s", [item.owner])[0]
            )
            os.kill(pid, signal.SIGKILL)


def test_what_the_file_says_starts_the_program_with_its_home(autostart, home, host, started_item, watcher):
    done = finished("--home", str(home), "login", "enable")
    assert done.code == 0, done.err
    launch(autostart)
    item = started_item()
    assert item.properties()["Id"] == "tray-status"
    host.wait_until_asked(timeout=30)
    item.click("Quit")
    wait_until(lambda: not watcher.services, "the program did not end")


def test_a_program_in_an_awkward_folder_is_started_too(autostart, home, tmp_path, host, started_item, watcher):
    folder = tmp_path / f"{AWKWARD}-installed" / "bin"
    folder.mkdir(parents=True)
    script = folder / "tray-status"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tray_status "$@"\n')
    script.chmod(0o755)
    interpreter = Interpreter(folder / "python", (folder,))
    StartAtLogin(
        Autostart(os.environ), launcher(interpreter), options({"TRAY_STATUS_HOME": str(home)}, None)
    ).enable()
    launch(autostart)
    item = started_item()
    host.wait_until_asked(timeout=30)
    item.click("Quit")
    wait_until(lambda: not watcher.services, "the program did not end")


@pytest.mark.usefixtures("desktop_bus")
def test_glib_reads_every_argument_as_it_was_meant(autostart, tmp_path):
    told = tmp_path / "told.json"
    script = tmp_path / AWKWARD
    words = f"import json, os, sys; open({str(told)!r} + '.new', 'w').write(json.dumps(sys.argv[1:]))"
    rename = f"os.rename({str(told)!r} + '.new', {str(told)!r})"
    script.write_text(f"#!{sys.executable}\n{words}; {rename}\n")
    script.chmod(0o755)
    arguments = [
        AWKWARD,
        "%f",
        "%%",
        "100%",
        "",
        "\\",
        "\\\\$",
        "a\nb\tc",
        "~",
        "#",
        "--x=y z",
        "日本",
        "'",
        '"',
        "`",
        "$",
    ]
    Autostart(os.environ).write([str(script), *arguments])
    launch(autostart)
    wait_until(told.exists, "the program was not started")
    assert json.loads(told.read_text()) == arguments


def test_the_file_of_the_command_passes_desktop_file_validate(autostart, home):
    assert finished("--home", str(home), "login", "enable").code == 0
    validate = require("desktop-file-validate", "desktop-file-utils")
    done = subprocess.run([validate, autostart], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.fixture
def program(autostart, home, watcher):
    with Program("--home", str(home)) as running:
        yield running


def is_checked(item):
    line = item.menu().find(*ENTRY)
    assert line.toggle == "checkmark"
    return line.checked


def test_the_menu_switches_it_on_and_off_and_its_check_mark_follows(program, autostart, watcher, home):
    item = watcher.item()
    wait_until(lambda: item.menu().has(*ENTRY), "the menu")
    assert not is_checked(item)
    item.click(*ENTRY)
    wait_until(lambda: is_checked(item), "the check mark")
    assert finished("--home", str(home), "login", "status").out == f"Tray Status starts at login ({autostart}).\n"
    item.click(*ENTRY)
    wait_until(lambda: not is_checked(item), "that the check mark goes")
    assert not autostart.exists()


def test_what_others_changed_shows_when_the_menu_is_opened(program, autostart, watcher, home):
    item = watcher.item()
    wait_until(lambda: item.menu().has(*ENTRY), "the menu")
    for command, checked in (("enable", True), ("disable", False)):
        assert finished("--home", str(home), "login", command).code == 0
        item.call_menu("AboutToShow", "i", [0])
        assert is_checked(item) is checked


def test_an_open_menu_is_told_of_the_check_mark_alone(program, autostart, watcher):
    item = watcher.item()
    wait_until(lambda: item.menu().has(*ENTRY), "the menu")
    number = item.menu().find(*ENTRY).id
    item.click(*ENTRY)

    def told():
        checked = [number, {"label": ENTRY[-1], "toggle-type": "checkmark", "toggle-state": 1}]
        changes = [each.body[0] for each in item.signals if each.member == "ItemsPropertiesUpdated"]
        return any(checked in each for each in changes)

    wait_until(told, "the signal")


def test_what_cannot_be_switched_is_told_by_a_notice_and_harms_nothing(
    notification_daemon, program, autostart, watcher
):
    autostart.parent.parent.mkdir(exist_ok=True)
    autostart.parent.touch()
    item = watcher.item()
    wait_until(lambda: item.menu().has(*ENTRY), "the menu")
    item.click(*ENTRY)

    def told():
        return [each for each in notification_daemon.shown if each.title == "Start at login was not changed"]

    (notice,) = wait_until(told, "the notice")
    assert "is not a folder; move it away" in notice.body
    assert not is_checked(item)


def test_without_notices_the_console_tells_it(program, autostart, watcher):
    autostart.parent.parent.mkdir(exist_ok=True)
    autostart.parent.touch()
    item = watcher.item()
    wait_until(lambda: item.menu().has(*ENTRY), "the menu")
    item.click(*ENTRY)
    program.wait_for("is not a folder; move it away")
    assert program.running


def test_the_demo_changes_nothing_and_has_no_such_entry(autostart, watcher):
    with Program("--demo"):
        item = watcher.item()
        wait_until(lambda: "Quit" in item.menu().labels, "the menu")
        assert not item.menu().has(*ENTRY)
