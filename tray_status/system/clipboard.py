"""Text into the clipboard, by what the system has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..errors import TrayStatusError

PATIENCE = 5.0
"""Seconds; each of the programs returns at once."""


class CannotCopy(TrayStatusError):
    """The clipboard did not take a text; the words say why."""


@dataclass(frozen=True, slots=True)
class _Way:
    command: tuple[str, ...]
    needs: str = ""
    """The variable of the environment without which it has no display to talk to."""
    encoding: str = "utf-8"


_ON_LINUX = (
    _Way(("wl-copy",), "WAYLAND_DISPLAY"),
    _Way(("xclip", "-selection", "clipboard"), "DISPLAY"),
    _Way(("xsel", "--clipboard", "--input"), "DISPLAY"),
)
_ELSEWHERE = {"darwin": (_Way(("pbcopy",)),), "win32": (_Way(("clip",), encoding="utf-16"),)}


@dataclass(frozen=True, slots=True)
class Clipboard:
    """One way into the clipboard that is there."""

    way: _Way
    program: str
    """Where the way's program is."""
    environment: Mapping[str, str]

    def copy(self, text: str) -> None:
        """Raises CannotCopy."""
        name = self.way.command[0]
        # Those for X and Wayland leave a process behind that holds the text, and whatever output it was given.
        nowhere = subprocess.DEVNULL
        # pbcopy goes by the locale, which a program that was started from a desktop does not have.
        environment = {**self.environment, "LC_CTYPE": "UTF-8"} if name == "pbcopy" else dict(self.environment)
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command; the text goes to its stdin
                (self.program, *self.way.command[1:]),
                input=text.encode(self.way.encoding),
                stdout=nowhere,
                stderr=nowhere,
                env=environment,
                timeout=PATIENCE,
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired:
            raise CannotCopy(f"{name} did not take the text within {PATIENCE:g} s") from None
        except OSError as error:
            raise CannotCopy(f"{name} cannot be started: {error.strerror or error}") from None
        if done.returncode:
            raise CannotCopy(f"{name} did not take the text (it ended with {done.returncode})")


def find_clipboard(
    environment: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
    platform: str = sys.platform,
) -> Clipboard | None:
    """A way into the clipboard; None where there is none."""
    for way in _ELSEWHERE.get(platform, _ON_LINUX):
        if (not way.needs or environment.get(way.needs)) and (program := which(way.command[0])):
            return Clipboard(way, program, environment)
    return None
