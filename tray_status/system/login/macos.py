"""macOS: a launch agent of this person. The file alone is enough: launchd reads the folder at each login.

Format: launchd.plist(5). What a person switched off under System Settings, Login Items, is in launchd's own database,
which a program cannot read; here such an agent reads as on.
"""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .entry import CannotStartAtLogin, Entry, read_file, remove_file, write_file

LABEL = "io.github.tray-status"
"""The file is named after it: launchd's tools look for one by the other."""


class LaunchAgent:
    """The agent of the person whose home this is."""

    def __init__(self, home: Path) -> None:
        self.path = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        self.name = str(self.path)

    def read(self) -> Entry | None:
        content = read_file(self.path)
        return None if content is None else read_launch_agent(content)

    def write(self, command: Sequence[str]) -> None:
        write_file(self.path, launch_agent(command))

    def remove(self) -> None:
        remove_file(self.path)


def launch_agent(command: Sequence[str]) -> bytes:
    """The file that starts `command`. Raises CannotStartAtLogin where no such file can say it."""
    rows = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "LimitLoadToSessionType": "Aqua",  # not over ssh: there is no menu bar
        "ProcessType": "Interactive",  # launchd would else slow down what looks like a background job
    }
    try:
        return plistlib.dumps(rows)
    except ValueError:
        words = ascii(" ".join(command))
        raise CannotStartAtLogin(f"no launch agent can name {words}: use a folder whose name is plain text") from None


def read_launch_agent(content: bytes) -> Entry:
    """What such a file starts, whoever wrote it. A file that is none starts nothing."""
    try:
        rows: Any = plistlib.loads(content)
    except Exception:  # noqa: BLE001 - plistlib lets all errors of its parsers through
        return Entry((), on=False)
    if not isinstance(rows, dict):
        return Entry((), on=False)
    told = rows.get("ProgramArguments") or [rows.get("Program")]
    command = tuple(told) if isinstance(told, list) and all(isinstance(each, str) for each in told) else ()
    return Entry(command, on=bool(command) and rows.get("RunAtLoad") is True and rows.get("Disabled") is not True)
