"""Deadlines that no server can stretch, and an end to all requests at once.

A socket's own timeout begins anew with every byte, so a server that drips could hold a worker for days. So every
request under way is known here with its end, and one thread, asleep until the earliest end, shuts down the socket
of whichever is overdue: its reader wakes up with an error.
"""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any


class Flight:
    """One request under way, on the thread that made it."""

    __slots__ = ("_sock", "ends_at", "guarded", "over", "reused")

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.over = False
        """Whether it was ended, overdue or because all are closed. What it read is then not to be trusted."""
        self.reused = False
        """Whether the request went over a connection that had served another one before."""
        self.guarded = False
        """Whether a public host redirected to another: that must not turn out to be on a private network."""
        self._sock: Any = None

    def remaining(self) -> float:
        """Seconds to its end, always above 0: a socket takes 0 for "do not wait"."""
        return max(0.001, self.ends_at - time.monotonic())

    def waits_on(self, sock: Any) -> None:
        """The request goes over this socket from now on."""
        self._sock = sock
        if self.over:
            self.end()

    def end(self) -> None:
        """Have whoever waits on the socket stop waiting."""
        self.over = True
        sock = getattr(self._sock, "socket", self._sock)  # TLS through a TLS proxy is a wrapper, and no socket
        if isinstance(sock, socket.socket):
            # The plain socket's method: that of an SSL socket would pull the TLS state from under its reader.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


_here = threading.local()


def current_flight() -> Flight:
    """The calling thread's request. Only connections ask, and only while one is under way."""
    flight: Flight = _here.flight
    return flight


class Deadlines:
    """All requests under way, and the thread that ends the overdue ones."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._flights: set[Flight] = set()
        self._thread: threading.Thread | None = None
        self._wakes_at = math.inf
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @contextlib.contextmanager
    def flight(self, seconds: float) -> Iterator[Flight]:
        """While this lasts, requests of the calling thread end after so many seconds at the latest."""
        flight = Flight(time.monotonic() + seconds)
        with self._changed:
            if self._closed:
                flight.end()
            else:
                self._flights.add(flight)
                self._mind(flight)
        _here.flight = flight
        try:
            yield flight
        finally:
            del _here.flight
            with self._changed:
                self._flights.discard(flight)

    def close(self) -> None:
        """End every request, and those to come."""
        with self._changed:
            self._closed = True
            for flight in self._flights:
                flight.end()
            self._changed.notify()

    def _mind(self, flight: Flight) -> None:
        """Wake the thread only for an end that comes before the one it sleeps for: seldom, as all take as long."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="tray-status deadlines", daemon=True)
            self._thread.start()
        elif flight.ends_at < self._wakes_at:
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for flight in [each for each in self._flights if each.ends_at <= now]:
                    flight.end()
                    self._flights.discard(flight)
                self._wakes_at = min((each.ends_at for each in self._flights), default=math.inf)
                self._changed.wait(None if self._wakes_at == math.inf else self._wakes_at - now)
