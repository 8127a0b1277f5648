"""A server for the tray: there when somebody looks at the page, gone when nobody does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

UNUSED_SECONDS = 600.0
"""An open page asks once a minute even while it is hidden."""


class Serving(Protocol):
    """A server that listens. `used_at` is by the monotonic clock."""

    url: str
    used_at: float

    def close(self) -> None: ...


class OnDemand:
    """Starts a server when the page is first asked for, and ends it when it is no longer used."""

    def __init__(
        self,
        start: Callable[[], Serving],
        *,
        unused_seconds: float = UNUSED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start = start
        self._unused_seconds = unused_seconds
        self._monotonic = monotonic
        self._server: Serving | None = None
        self._lock = threading.Lock()

    def url(self) -> str:
        """Where the page is now. Raises NoServer where none can be started."""
        with self._lock:
            if self._server is None:
                self._server = self._start()
            self._server.used_at = self._monotonic()
            return self._server.url

    def close_unused(self) -> None:
        """Called now and then."""
        with self._lock:
            if self._server is not None and self._monotonic() - self._server.used_at > self._unused_seconds:
                self._close()

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
