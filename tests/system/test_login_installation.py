"""Which command starts this very installation, on any system and however it was installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tray_status import __version__
from tray_status.system.login.installation import Interpreter, icon, launcher, options, running

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no mark for what can be run, and another HOME")


def program(path: Path, mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    path.chmod(mode)
    return path


@pytest.mark.parametrize("folder", [".venv", "pipx/venvs/tray-status", "uv/tools/tray-status"])
def test_the_console_script_beside_the_interpreter_is_started(tmp_path, folder):
    python = program(tmp_path / folder / "bin/python")
    script = program(tmp_path / folder / "bin/tray-status")
    assert launcher(Interpreter(python, (python.parent,))) == (str(script),)


def test_the_first_folder_that_has_the_script_wins(tmp_path):
    script = program(tmp_path / "usr/local/bin/tray-status")
    python = program(tmp_path / "usr/bin/python3")
    assert launcher(Interpreter(python, (python.parent, script.parent))) == (str(script),)


def test_a_frozen_program_is_started_itself(tmp_path):
    frozen = program(tmp_path / "dist/tray-status")
    assert launcher(Interpreter(frozen, (frozen.parent,), frozen=True, installed=False)) == (str(frozen),)


@posix
@pytest.mark.parametrize("mode", [None, 0o644])
def test_without_a_script_that_can_be_run_the_interpreter_starts_the_package(tmp_path, mode):
    python = program(tmp_path / "bin/python")
    if mode is not None:
        program(tmp_path / "bin/tray-status", mode)
    assert launcher(Interpreter(python, (python.parent,))) == (str(python), "-m", "tray_status")


def test_on_windows_nothing_opens_a_console_window(tmp_path):
    python = program(tmp_path / "Scripts/python.exe")
    interpreter = Interpreter(python, (python.parent,), windows=True)
    program(tmp_path / "Scripts/tray-status.exe")
    assert launcher(interpreter) == (str(python), "-m", "tray_status"), "nothing else is there"
    windowless = program(tmp_path / "Scripts/pythonw.exe")
    assert launcher(interpreter) == (str(windowless), "-m", "tray_status")
    script = program(tmp_path / "Scripts/tray-status-tray.exe")
    assert launcher(interpreter) == (str(script),)


def test_a_copy_that_is_not_installed_cannot_be_started_from_elsewhere(tmp_path):
    python = program(tmp_path / "bin/python")
    program(tmp_path / "bin/tray-status")
    assert launcher(Interpreter(python, (python.parent,), installed=False)) is None


def test_what_is_said_to_start_this_installation_does_so_from_anywhere(tmp_path):
    command = launcher(running())
    assert command is not None
    assert Path(command[0]).is_relative_to(Path(sys.executable).parent)
    done = subprocess.run([*command, "--version"], cwd=tmp_path, env={}, capture_output=True, text=True, check=True)
    assert done.stdout == f"tray-status {__version__}\n"


@posix
def test_home_and_settings_are_passed_on_with_absolute_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ada")
    assert options({}, None) == ()
    assert options({"TRAY_STATUS_HOME": ""}, None) == ()
    assert options({"TRAY_STATUS_HOME": "here"}, Path("my.toml")) == (
        "--home", str(tmp_path / "here"), "--config", str(tmp_path / "my.toml"),
    )  # fmt: skip
    assert options({"TRAY_STATUS_HOME": "~/x"}, None) == ("--home", "/home/ada/x")


def test_our_picture_is_there():
    found = icon()
    assert found is not None
    assert found.read_bytes().startswith(b"\x89PNG")
