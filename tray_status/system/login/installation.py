"""How this very installation is started again: by the console script beside its interpreter, frozen, or by `-m`."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ..folders import APP, HOME_VARIABLE

PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What runs us."""

    executable: Path
    scripts: tuple[Path, ...]
    """Where its console scripts are; the likeliest first."""
    frozen: bool = False
    """Whether `executable` is the program itself (PyInstaller and its like)."""
    windows: bool = False
    installed: bool = True
    """Whether the package is found from everywhere, and not only because we were started beside it."""


def running() -> Interpreter:
    """The interpreter of this process."""
    # Links stay as they are: a virtual environment is where its interpreter's link is, not where that leads.
    executable = Path(sys.executable)
    return Interpreter(
        executable,
        (executable.parent, Path(sysconfig.get_path("scripts"))),
        frozen=bool(getattr(sys, "frozen", False)),
        windows=os.name == "nt",
        installed=_is_installed(),
    )


def _is_installed() -> bool:
    try:
        metadata.distribution(APP)
    except metadata.PackageNotFoundError:
        return False
    return True


def launcher(interpreter: Interpreter) -> tuple[str, ...] | None:
    """The command that starts this installation, without a console window; None where none can.

    On Windows each program exists twice: the one without a window is the one to start at login.
    """
    if interpreter.frozen:
        return (str(interpreter.executable),)
    if not interpreter.installed:
        return None
    for folder in interpreter.scripts:
        script = folder / (f"{APP}-tray.exe" if interpreter.windows else APP)
        if os.path.isfile(script) and os.access(script, os.X_OK):
            return (str(script),)
    executable = interpreter.executable
    if interpreter.windows and os.path.isfile(windowless := executable.with_name("pythonw.exe")):
        executable = windowless
    return (str(executable), "-m", PACKAGE.name)


def options(environment: Mapping[str, str], settings: Path | None) -> tuple[str, ...]:
    """What says whose settings and history are meant: a login has neither our environment nor our folder."""
    told: list[str] = []
    if home := environment.get(HOME_VARIABLE):
        told += ["--home", str(Path(home).expanduser().absolute())]
    if settings is not None:
        told += ["--config", str(settings.absolute())]
    return tuple(told)


def icon() -> Path | None:
    """Our picture for lists of programs: within the package, or beside it in a checkout."""
    for folder in (PACKAGE, PACKAGE.parent):
        path = folder / "assets" / "icons" / f"{APP}.png"
        if path.is_file():
            return path
    return None
