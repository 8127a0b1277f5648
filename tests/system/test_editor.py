"""The settings file opened in the desktop's editor."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.waiting import wait_until
from tray_status.system.opening import CannotOpen, open_in_editor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


@pytest.mark.parametrize(
    ("platform", "name", "told"),
    [("linux", "xdg-open", ""), ("darwin", "open", "-t "), ("win32", "notepad", "")],
)
def test_the_desktops_own_program_gets_the_file_and_is_not_waited_for(tmp_path, monkeypatch, platform, name, told):
    opened = tmp_path / "opened"
    script = tmp_path / name
    script.write_text(
        f'#!/bin/sh\necho "$*" > "{opened}.new"\n/bin/mv "{opened}.new" "{opened}"\nexec /bin/sleep 5\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    open_in_editor(Path("my settings.toml"), platform)
    wait_until(opened.exists, "the editor")
    assert opened.read_text() == f"{told}my settings.toml\n"


def test_where_there_is_none_the_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotOpen, match=r"xdg-open cannot be started .*; the file is /x/config\.toml"):
        open_in_editor(Path("/x/config.toml"), "linux")
