"""Text into the clipboard: by what is there, whole, and without waiting for long."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.requirements import require
from tests.waiting import wait_until
from tray_status.system.clipboard import CannotCopy, find_clipboard

TEXT = "Acme: Störung — 5 > 3 & “so on”\nhttps://status.acme.example\n"
BOTH = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}


@pytest.mark.parametrize(
    ("platform", "environment", "there", "command"),
    [
        ("linux", BOTH, {"wl-copy", "xclip", "xsel"}, "wl-copy"),
        ("linux", BOTH, {"xclip", "xsel"}, "xclip"),
        ("linux", {"DISPLAY": ":0"}, {"wl-copy", "xsel"}, "xsel"),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, {"xclip", "xsel"}, None),
        ("linux", {}, {"wl-copy", "xclip", "xsel"}, None),
        ("linux", BOTH, set(), None),
        ("darwin", {}, {"pbcopy"}, "pbcopy"),
        ("win32", {}, {"clip"}, "clip"),
    ],
)
def test_the_way_is_what_is_installed_and_has_a_display(platform, environment, there, command):
    found = find_clipboard(environment, lambda name: name if name in there else None, platform)
    assert (found.way.command[0] if found else None) == command


def stand_in(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


@posix
@pytest.mark.parametrize(
    ("platform", "name", "encoding"), [("darwin", "pbcopy", "utf-8"), ("win32", "clip", "utf-16")]
)
def test_each_gets_the_text_in_the_encoding_that_it_reads(tmp_path, monkeypatch, platform, name, encoding):
    stand_in(tmp_path, name, f'/bin/cat > "{tmp_path}/copied"; echo "$LC_CTYPE" > "{tmp_path}/locale"')
    monkeypatch.setenv("PATH", str(tmp_path))
    find_clipboard({}, platform=platform).copy(TEXT)
    assert (tmp_path / "copied").read_bytes().decode(encoding) == TEXT
    assert (tmp_path / "locale").read_text().strip() == ("UTF-8" if name == "pbcopy" else "")


@posix
def test_a_way_that_fails_or_hangs_or_is_gone_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("tray_status.system.clipboard.PATIENCE", 0.2)
    monkeypatch.setenv("PATH", str(tmp_path))
    stand_in(tmp_path, "xclip", "exit 3")
    clipboard = find_clipboard({"DISPLAY": ":0"}, platform="linux")
    with pytest.raises(CannotCopy, match="ended with 3"):
        clipboard.copy(TEXT)
    stand_in(tmp_path, "xclip", "exec /bin/sleep 60")
    with pytest.raises(CannotCopy, match=r"within 0\.2 s"):
        clipboard.copy(TEXT)
    (tmp_path / "xclip").unlink()
    with pytest.raises(CannotCopy, match="cannot be started"):
        clipboard.copy(TEXT)


@pytest.mark.skipif(sys.platform != "linux", reason="X is Linux's")
def test_xclip_holds_the_text_for_whoever_pastes():
    xclip = require("xclip", "xclip")
    server = require("Xvfb", "xvfb")
    reader, writer = os.pipe()
    command = [server, "-displayfd", str(writer), "-nolisten", "tcp"]
    display = subprocess.Popen(command, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            environment = {"PATH": os.environ["PATH"], "DISPLAY": f":{told.readline().strip()}"}
        find_clipboard(environment, shutil.which, "linux").copy(TEXT)
        paste = [xclip, "-selection", "clipboard", "-out"]
        wait_until(
            lambda: subprocess.run(paste, env=environment, capture_output=True, timeout=5).stdout == TEXT.encode(),
            "the text",
        )
    finally:
        display.terminate()
        display.wait(10)
