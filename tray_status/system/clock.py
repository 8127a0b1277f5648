"""Sleep, and clocks that jump: seen by comparing the wall clock with the monotonic one, look by look."""

from __future__ import annotations

import time
from collections.abc import Callable

JUMP = 30.0
"""Seconds by which the clocks must differ from what is expected; a busy machine is never so late."""


class ClockWatch:
    """Tells that this computer slept, or that somebody set its clock."""

    def __init__(
        self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._before = wall(), monotonic()

    def jumped(self, expected: float) -> float | None:
        """Seconds by which the wall clock went on since the last look, where that is no time anybody stayed awake.

        `expected` is how long ago the last look should have been. Some systems' monotonic clock stands still
        during sleep and others' goes on, so either may tell. Negative where the clock was set back.
        """
        wall, monotonic = self._wall(), self._monotonic()
        went_on, passed = wall - self._before[0], monotonic - self._before[1]
        self._before = wall, monotonic
        if abs(went_on - passed) > JUMP or passed > expected + JUMP:
            return went_on
        return None
