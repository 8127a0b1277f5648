"""Whether this computer should be spared: on battery, or behind a connection that costs. Asked seldom, and cheap."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

POWER_SUPPLIES = Path("/sys/class/power_supply")
ASK_EVERY = 60.0
SECONDS = 2.0


class Thrift:
    """Remembers the answer for a minute. Called from many threads; at worst it is asked twice."""

    def __init__(
        self, ask: Callable[[], bool] | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask or (lambda: on_battery() or is_metered())
        self._monotonic = monotonic
        self._asked_at: float | None = None
        self._answer = False

    def __call__(self) -> bool:
        now = self._monotonic()
        if self._asked_at is None or now - self._asked_at >= ASK_EVERY:
            self._asked_at = now
            self._answer = self._ask()
        return self._answer


def on_battery() -> bool:
    """Whether the system says that it runs on battery; False where it does not say."""
    if sys.platform == "win32":
        return _windows_on_battery()
    if sys.platform == "darwin":
        return "'Battery Power'" in _output("pmset", "-g", "batt")
    return linux_on_battery(POWER_SUPPLIES)


def linux_on_battery(supplies: Path) -> bool:
    """As the kernel tells it: a battery of the computer itself is discharging, and no mains is plugged in.

    Format: https://www.kernel.org/doc/html/latest/power/power_supply_class.html
    """
    discharging = False
    try:
        found = sorted(supplies.iterdir())
    except OSError:
        return False
    for supply in found:
        kind, scope = _word(supply / "type"), _word(supply / "scope")
        if kind in ("Mains", "USB") and _word(supply / "online") == "1":
            return False
        if kind == "Battery" and scope != "Device":  # a mouse has one, too
            discharging = discharging or _word(supply / "status") == "Discharging"
    return discharging


def is_metered() -> bool:
    """Whether NetworkManager takes the connection for one that costs; False where it is not there to ask."""
    return metered_told(_output("nmcli", "-t", "-g", "GENERAL.METERED", "device", "show"))


def metered_told(text: str) -> bool:
    """What nmcli says of each device: `yes`, `no`, `yes (guessed)` …; one that is used and costs is enough."""
    return any(line.strip().startswith("yes") for line in text.splitlines())


def _word(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""


def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _windows_on_battery() -> bool:
    import ctypes

    class Status(ctypes.Structure):
        """SYSTEM_POWER_STATUS of the Windows API; `line` is 0 on battery, 1 on mains, 255 where it is not known."""

        _fields_ = (
            ("line", ctypes.c_ubyte), ("flag", ctypes.c_ubyte), ("percent", ctypes.c_ubyte),
            ("saver", ctypes.c_ubyte), ("seconds", ctypes.c_ulong), ("full", ctypes.c_ulong),
        )  # fmt: skip

    status = Status()
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows alone
    return bool(kernel.GetSystemPowerStatus(ctypes.byref(status))) and status.line == 0
