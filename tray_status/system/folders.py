"""Where settings, history and log live: in each system's own places, or all in one folder.

`TRAY_STATUS_HOME=DIR` puts everything under DIR: for a portable copy, and for tests.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APP = "tray-status"
HOME_VARIABLE = "TRAY_STATUS_HOME"


@dataclass(frozen=True, slots=True)
class Folders:
    """The files of one installation; nothing is created by looking them up."""

    settings: Path
    database: Path
    log: Path


def find_folders(environment: Mapping[str, str] = os.environ) -> Folders:
    """The places for this person on this system."""
    if home := environment.get(HOME_VARIABLE):
        root = Path(home).expanduser().absolute()
        return Folders(root / "config.toml", root / f"{APP}.sqlite3", root / f"{APP}.log")
    import platformdirs

    config = platformdirs.user_config_path(APP, appauthor=False)
    data = platformdirs.user_data_path(APP, appauthor=False)
    logs = platformdirs.user_log_path(APP, appauthor=False)
    return Folders(config / "config.toml", data / f"{APP}.sqlite3", logs / f"{APP}.log")
