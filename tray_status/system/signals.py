"""Ctrl+C, SIGTERM and SIGHUP, handled outside of the signal handler.

A handler runs between any two steps of the main thread, so it must take no lock that this thread may hold: it
only drops a note into a queue that is safe for that, and a thread of its own acts on it.
"""

from __future__ import annotations

import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Stopping:
    """Whether the program is to end, and who must be told."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._callbacks: list[Callable[[], None]] = []

    def then(self, callback: Callable[[], None]) -> None:
        """Have `callback` called once the program is to end; at once where it already is."""
        self._callbacks.append(callback)
        if self._event.is_set():
            callback()

    def set(self) -> None:
        if not self._event.is_set():
            self._event.set()
            for callback in list(self._callbacks):
                callback()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end, at most `timeout` seconds; whether it has come."""
        if timeout is None and sys.platform == "win32":
            # There, a wait without a limit keeps Ctrl+C from ever being seen.
            while not self._event.wait(0.5):
                pass
            return True
        return self._event.wait(timeout)


@contextmanager
def signals_handled(stopping: Stopping, check_now: Callable[[], None]) -> Iterator[None]:
    """SIGINT and SIGTERM end the program, SIGHUP polls at once; as before, afterwards. For the main thread."""
    notes: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
    wanted: dict[int, Callable[[], None]] = {signal.SIGINT: stopping.set, signal.SIGTERM: stopping.set}
    if hasattr(signal, "SIGHUP"):
        wanted[signal.SIGHUP] = check_now

    def handler(number: int, _frame: FrameType | None) -> None:
        notes.put(wanted[number])

    def act() -> None:
        while (action := notes.get()) is not None:
            action()

    thread = threading.Thread(target=act, name="tray-status signals", daemon=True)
    thread.start()
    before = {number: signal.signal(number, handler) for number in wanted}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
        notes.put(None)
