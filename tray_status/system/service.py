"""Talks to a service manager that started this process: ready, alive, stopping. Format: sd_notify(3).

Where none did, nothing is said to anybody.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)


class ServiceManager:
    """The manager behind NOTIFY_SOCKET, if any."""

    def __init__(
        self, environment: Mapping[str, str] = os.environ, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self._every = _watchdog_interval(environment)
        self._monotonic = monotonic
        self._pinged: float | None = None

    def ready(self, status: str) -> None:
        """All is begun; `status` is a line for `systemctl status`."""
        self._send(f"READY=1\nSTATUS={status.splitlines()[0] if status else ''}")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def alive(self) -> None:
        """Called now and then for as long as all is well; where it falls silent, the manager starts us anew."""
        if self._every is None:
            return
        now = self._monotonic()
        if self._pinged is None or now - self._pinged >= self._every:
            self._pinged = now
            self._send("WATCHDOG=1")

    def _send(self, text: str) -> None:
        if self._address is None or sys.platform == "win32":
            return
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as sock:
            sock.setblocking(False)
            try:
                sock.sendto(text.encode(), self._address)
            except OSError as error:
                log.info("The service manager cannot be told %s: %s", text.partition("=")[0], error)


def _address(told: str) -> str | None:
    """The socket's address; one that begins with `@` has no file (an abstract one, on Linux)."""
    if told.startswith("@"):
        return "\0" + told[1:]
    return told if told.startswith("/") else None


def _watchdog_interval(environment: Mapping[str, str]) -> float | None:
    """Seconds between two signs of life, half of what the manager waits; None where it waits for none of ours."""
    told, process = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not told.isdecimal() or int(told) == 0 or (process and process != str(os.getpid())):
        return None
    return int(told) / 1_000_000 / 2
