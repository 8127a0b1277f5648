"""Processes that share a home: who is alive, and who has the tray.

A process holds a lock on a file of its own for as long as it lives; the system frees it however the process ends, so
nothing stale ever blocks, and no heartbeat is needed.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

log = logging.getLogger(__name__)

FOLDER = "running"


class Owner:
    """This process among others of the same home. Where no lock can be had, it acts as if it were alone."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self.token = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._held: list[BaseFileLock] = []
        self.take(self.token)

    def is_alive(self, token: str) -> bool:
        """Whether the process behind a token still runs. What a dead one left is cleared away."""
        from filelock import Timeout

        if token == self.token:
            return True
        if not self._path(token).exists():
            return False
        try:
            lock = self._lock(token)
        except Timeout:
            return True
        if lock is not None:
            lock.release()
            self._forget(token)
        return False

    def take(self, what: str) -> bool:
        """Take something that only one process may have, until this process ends; False where another has it."""
        from filelock import Timeout

        try:
            lock = self._lock(what)
        except Timeout:
            return False
        if lock is not None:
            self._held.append(lock)
        return True

    def give_back(self, what: str) -> None:
        """Let another process have it."""
        for lock in [each for each in self._held if Path(each.lock_file) == self._path(what)]:
            self._held.remove(lock)
            with contextlib.suppress(OSError):
                lock.release()

    def close(self) -> None:
        """Give everything back."""
        while self._held:
            with contextlib.suppress(OSError):
                self._held.pop().release()
        self._forget(self.token)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"

    def _forget(self, token: str) -> None:
        with contextlib.suppress(OSError):
            self._path(token).unlink()

    def _lock(self, name: str) -> BaseFileLock | None:
        """A lock that is held now; None where this place knows no locks. Raises Timeout where another has it."""
        from filelock import FileLock, Timeout

        path = self._path(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = FileLock(path, timeout=0)
            lock.acquire()
        except Timeout:
            raise
        except (OSError, NotImplementedError) as error:
            log.info("No lock can be had at %s (%s); acting as if alone", path, error)
            return None
        return lock
