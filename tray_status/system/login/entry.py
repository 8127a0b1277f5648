"""What is the same on every system: an entry, the place that keeps it, and the file that most keep it in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ...errors import TrayStatusError
from ...whole_file import replace_file


class CannotStartAtLogin(TrayStatusError):
    """The entry cannot be read, written or removed; the text says which, why, and the cure."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at the place where the system looks at login."""

    command: tuple[str, ...]
    """The program and its arguments; empty where nothing of it can be read."""
    on: bool
    """False where it is there, but somebody has switched it off."""


class Place(Protocol):
    """Where one system keeps what it starts at login. Each method may raise CannotStartAtLogin."""

    name: str
    """The file or the registry value, as a person would look for it."""

    def read(self) -> Entry | None:
        """What stands there; None where nothing does."""

    def write(self, command: Sequence[str]) -> None:
        """Have this command started, whatever stood there and however it was switched off."""

    def remove(self) -> None:
        """Leave no trace; nothing to do where there is none."""


def read_file(path: Path) -> bytes | None:
    """The file's content; None where there is no such file. Raises CannotStartAtLogin."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CannotStartAtLogin(f"{path} cannot be read: {_cure(path, error)}") from None


def write_file(path: Path, content: bytes) -> None:
    """Replace the file as a whole: a session that begins meanwhile reads the old one or the new one.

    Raises CannotStartAtLogin.
    """
    try:
        replace_file(path, content)
    except OSError as error:
        raise CannotStartAtLogin(f"{path} cannot be written: {_cure(path, error)}") from None


def remove_file(path: Path) -> None:
    """Remove the file; its folder stays, it belongs to the desktop. Raises CannotStartAtLogin."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise CannotStartAtLogin(f"{path} cannot be removed: {_cure(path, error)}") from None


def _cure(path: Path, error: OSError) -> str:
    """What is in the way, and what the person can do about it."""
    # Not by methods of `Path`: before Python 3.14 these raise where a folder on the way may not be looked into.
    folder = next((each for each in path.parents if os.path.lexists(each)), path.parent)
    for each, wrong, cure in (
        (path, os.path.isdir(path), "is a folder; move it away"),
        (folder, not os.path.isdir(folder), "is not a folder; move it away"),
        (folder, not os.access(folder, os.W_OK | os.X_OK), "is a folder that you may not write to; change that"),
        (path, os.path.exists(path) and not os.access(path, os.R_OK), "is a file that you may not read; change that"),
    ):
        if wrong:
            return f"{each} {cure}"
    return f"{error.strerror or type(error).__name__}; see that there is room in {folder}"
