"""Whether Tray Status starts when its person logs in: read, switched on and off; one system a file.

What the system keeps is read anew each time: desktops have switches of their own for it, and people delete files.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ...core.text import clean_line
from .entry import CannotStartAtLogin, Place
from .installation import launcher, options, running

__all__ = ["CannotStartAtLogin", "Standing", "Start", "StartAtLogin", "start_as_service", "start_at_login"]


class Start(Enum):
    """What a login starts."""

    NOTHING = "nothing"
    THIS = "this"
    """This installation, with these settings."""
    OTHER = "other"
    """Another installation of Tray Status."""
    OTHER_SETTINGS = "other_settings"
    """This installation, but with another home or other settings."""
    OFF = "off"
    """There is an entry, but it was switched off, or nothing can be read from it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand at the place where the system looks."""

    start: Start
    place: str
    """The file, or the registry value."""
    command: tuple[str, ...] = ()
    """What the entry starts, or would start."""

    @property
    def instead(self) -> str:
        """What the entry starts in place of this, in words; nothing where it does not."""
        if self.start not in (Start.OTHER, Start.OTHER_SETTINGS):
            return ""
        which = "another installation" if self.start is Start.OTHER else "this installation with other settings"
        gone = "" if shutil.which(self.command[0]) else " (which is not there any more)"
        return f"{which}: {clean_line(' '.join(self.command))}{gone}"


class StartAtLogin:
    """The switch. Each method but `is_on` may raise CannotStartAtLogin."""

    def __init__(self, place: Place, launcher: tuple[str, ...] | None, options: tuple[str, ...] = ()) -> None:
        self._place = place
        self._launcher = launcher
        self._options = options

    def standing(self) -> Standing:
        entry = self._place.read()
        if entry is None:
            return Standing(Start.NOTHING, self._place.name)
        start = self._started_by(entry.command) if entry.on else Start.OFF
        return Standing(start, self._place.name, entry.command)

    def is_on(self) -> bool:
        """Whether a login starts this installation; no where that cannot be known."""
        try:
            return self.standing().start is Start.THIS
        except CannotStartAtLogin:
            return False

    def enable(self) -> Standing:
        """Have a login start this installation, and no other; how it stood before."""
        if self._launcher is None:
            cure = "install it (pip install . in its folder) and use that one"
            raise CannotStartAtLogin(f"this copy of Tray Status is not installed, so a login cannot start it; {cure}")
        before = self._readable_standing()
        if before.start is not Start.THIS:
            self._place.write((*self._launcher, *self._options))
        return before

    def disable(self) -> Standing:
        """Have a login start no Tray Status at all; how it stood before."""
        before = self._readable_standing()
        if before.start is not Start.NOTHING:
            self._place.remove()
        return before

    def _readable_standing(self) -> Standing:
        """An entry that cannot be read can still be replaced or removed; what is in the way of that is told then."""
        try:
            return self.standing()
        except CannotStartAtLogin:
            return Standing(Start.OFF, self._place.name)

    def _started_by(self, command: tuple[str, ...]) -> Start:
        """A person may have added options by hand, such as `--page`; with them it is still ours."""
        ours = self._launcher
        if ours is None or not _same(command[: len(ours)], ours):
            return Start.OTHER
        told = command[len(ours) :]
        first, added = told[: len(self._options)], told[len(self._options) :]
        names = [each.partition("=")[0] for each in added]
        same = _same(first, self._options) and "--home" not in names and "--config" not in names
        return Start.THIS if same else Start.OTHER_SETTINGS


def _same(command: tuple[str, ...], ours: tuple[str, ...]) -> bool:
    """Windows knows one file under many spellings."""
    return [*map(os.path.normcase, command)] == [*map(os.path.normcase, ours)]


def start_at_login(environment: Mapping[str, str], settings: Path | None = None) -> StartAtLogin:
    """The switch for this installation on this system. `settings` is the file that the person named, if any."""
    return StartAtLogin(place_here(environment), launcher(running()), options(environment, settings))


def start_as_service(environment: Mapping[str, str], settings: Path | None = None) -> StartAtLogin:
    """The switch for a service without an icon. Raises CannotStartAtLogin where there is no systemd."""
    if sys.platform != "linux":
        raise CannotStartAtLogin("systemd is of Linux only; leave out --systemd")
    from .systemd import HEADLESS, UserUnit

    told = options(environment, settings)
    return StartAtLogin(UserUnit(environment), launcher(running()), (*told, *HEADLESS))


def place_here(environment: Mapping[str, str]) -> Place:
    """Where this system keeps what it starts at login."""
    if sys.platform == "win32":
        from .windows import RunKey, WindowsRegistry

        return RunKey(WindowsRegistry())
    if sys.platform == "darwin":
        from .macos import LaunchAgent

        return LaunchAgent(Path.home())
    from .linux import Autostart

    return Autostart(environment)
