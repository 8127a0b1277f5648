"""A service of the person's own under systemd: what is written, read back, and what systemd says of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.program.running import finished
from tray_status.system.login import CannotStartAtLogin, Start, StartAtLogin
from tray_status.system.login.systemd import UserUnit, read_unit, unit

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is of Linux")

ODD = '/home/me/h o%me$x"y\\z/'


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.isprintable)))
def test_whatever_can_be_written_is_read_back(words):
    command = ("/opt/tray-status", *words)
    assert read_unit(unit(command)) == command


def test_what_no_unit_can_say_is_refused():
    with pytest.raises(CannotStartAtLogin, match="use a folder whose name is plain text"):
        unit(["/home/me/new\nline"])


def test_switched_on_and_off_it_leaves_no_trace(tmp_path):
    place = UserUnit({"XDG_CONFIG_HOME": str(tmp_path)})
    switch = StartAtLogin(place, ("/usr/bin/tray-status",), ("--home", ODD, "run", "--no-tray"))
    assert switch.standing().start is Start.NOTHING
    switch.enable()
    assert switch.standing().start is Start.THIS
    assert place.link.resolve() == place.path
    place.link.unlink()  # as `systemctl --user disable` does
    assert switch.standing().start is Start.OFF
    switch.enable()
    assert switch.standing().start is Start.THIS
    switch.disable()
    assert switch.standing().start is Start.NOTHING
    assert not [each for each in tmp_path.rglob("*") if not each.is_dir()]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_it(tmp_path):
    odd = tmp_path / 'a "b" %h $HOME'
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    done = finished("--home", str(odd), "login", "enable", "--systemd", environment=environment)
    assert done.code == 0
    assert "systemctl --user daemon-reload" in done.out
    path = tmp_path / "systemd/user/tray-status.service"
    command = ["systemd-analyze", "--user", "verify", str(path)]
    told = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
    assert read_unit(path.read_text())[1:] == ("--home", str(odd), "run", "--no-tray")
    assert Path(read_unit(path.read_text())[0]).is_file()
    status = finished("--home", str(odd), "login", "status", "--systemd", environment=environment)
    assert f"starts at login ({path})" in status.out
