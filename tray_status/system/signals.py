"""Ctrl+C, SIGTERM and SIGHUP, handled outside of the signal handler.

A handler runs between any two steps of the main thread, so it must take no lock that this thread may hold, and it
does not run at all while that thread waits inside a library. So the handlers do nothing: the system leaves a note in
a pipe, and a thread of its own acts on it.

Imports little, so that the program can ask for this before it loads anything else.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

BEGINNING_PATIENCE = 0.5
"""Seconds that a beginning may still take once the program is to end."""

_STOPS = (signal.SIGINT, signal.SIGTERM)
_remembered: list[int] = []


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


def remember_signals() -> None:
    """From now on SIGINT and SIGTERM end nothing by themselves; that one came is kept for whoever can act on it."""
    for number in _STOPS:
        signal.signal(number, lambda number, _frame: _remembered.append(number))


def obey_signals() -> None:
    """SIGINT raises KeyboardInterrupt and SIGTERM ends the process, as everywhere; at once where one came before."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while _remembered:
        signal.raise_signal(_remembered.pop(0))


@contextmanager
def signals_handled(stopping: Stopping, check_now: Callable[[], None]) -> Iterator[None]:
    """SIGINT and SIGTERM end the program, SIGHUP polls at once; as before, afterwards. For the main thread."""
    wanted: dict[int, Callable[[], None]] = dict.fromkeys(_STOPS, stopping.set)
    if hasattr(signal, "SIGHUP"):
        wanted[signal.SIGHUP] = check_now
    reading, writing = os.pipe()
    if sys.platform != "win32":
        os.set_blocking(writing, False)

    def act() -> None:
        with open(reading, "rb", buffering=0) as notes:
            while note := notes.read(1):
                if action := wanted.get(note[0]):
                    action()

    threading.Thread(target=act, name="tray-status signals", daemon=True).start()
    fd_before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    before = {number: signal.signal(number, _do_nothing) for number in wanted}
    if _remembered:
        stopping.set()
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
        signal.set_wakeup_fd(fd_before)
        os.close(writing)


def _do_nothing(_number: int, _frame: FrameType | None) -> None:
    """The note is in the pipe already."""


@contextmanager
def beginning(stopping: Stopping) -> Iterator[None]:
    """For a time in which nothing is begun yet that has to be ended well.

    Where the program is to end and this still takes long (a file that another program holds), the process ends
    without it, as a mode ends that is told to.
    """
    over = threading.Event()

    def end() -> None:
        if not over.wait(BEGINNING_PATIENCE):
            os._exit(0)

    if not stopping.is_set():
        stopping.then(end)
    try:
        yield
    finally:
        over.set()
