"""The folders that prompts and completion look into are those that the program uses."""

from __future__ import annotations

import os

import pytest

from tray_status.system.folders import find_folders
from tray_status.system.places import config_folder, data_folder


@pytest.mark.parametrize("told", [None, "", "  ", "{}/elsewhere", "not/absolute"])
def test_they_are_the_programs_own(told, tmp_path, monkeypatch):
    monkeypatch.delenv("TRAY_STATUS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
        if told is not None:
            monkeypatch.setenv(name, told.format(tmp_path))
    folders = find_folders()
    assert (config_folder(os.environ), data_folder(os.environ)) == (
        str(folders.settings.parent), str(folders.database.parent),
    )  # fmt: skip
