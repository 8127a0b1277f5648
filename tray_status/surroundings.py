"""What may change around a running program: its settings file, and what other processes of the same home do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)


class FileWatch:
    """Whether a file was changed, made or removed since the last look."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._before = self._stamp()
        self._absent = self._before is None

    def changed(self) -> bool:
        now = self._stamp()
        if now is None and not self._absent:
            # Some editors remove a file before they write it anew; it is gone if it still is at the next look.
            self._absent = True
            return False
        self._absent = now is None
        before, self._before = self._before, now
        return before != now

    @property
    def is_blank(self) -> bool:
        """Whether the file is gone, or says nothing at all: editors and other programs leave it so for a moment."""
        try:
            return not self.path.read_bytes().strip()
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


class Surroundings:
    """Calls `look` every so many seconds on a thread of its own, until closed."""

    def __init__(self, look: Callable[[], None], every: float) -> None:
        self._look = look
        self._every = every
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tray-status surroundings", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._thread.join(0.5)

    def _run(self) -> None:
        while not self._closed.wait(self._every):
            try:
                self._look()
            except Exception:
                log.exception("A look around failed; this is a fault of Tray Status, please report it")
