"""Waiting for something to become true, with a limit and never for a fixed time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 10.0
"""Seconds; generous, because it is only ever used up by a test that fails."""

T = TypeVar("T")


def wait_until(look: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """The first true value that `look` gives, asked every 20 ms."""
    end = time.monotonic() + patience
    pause = threading.Event()
    while True:
        if found := look():
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:g} s in vain: {what}")
        pause.wait(0.02)
