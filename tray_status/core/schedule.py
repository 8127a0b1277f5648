"""When a page is due again. Pure: time and chance are parameters; all times are seconds of one monotonic clock."""

from __future__ import annotations

import math

JITTER = 0.05
"""A poll is at most this part of its interval early or late, so that pages spread and no rhythm settles in."""

SLOWEST = 300.0
"""Failures never stretch an interval beyond this many seconds (or the interval itself, where that is longer)."""

SLOT_SHARE = 1 / 24
"""Due times are rounded to slots of this part of the interval, at most 5 s: pages share a wake-up."""


def backoff(interval: float, failures: int) -> float:
    """Seconds until the next poll after so many failures in a row: the second poll comes no later than usual."""
    if failures <= 1:
        return interval
    return min(interval * 2.0 ** min(failures - 1, 16), max(SLOWEST, interval))


def next_due(
    now: float, interval: float, chance: float, failures: int = 0, retry_after: float | None = None
) -> float:
    """The due time of the next poll; `chance` is from 0 to 1.

    >>> next_due(0.0, 60.0, 0.5)
    60.0
    """
    wait = backoff(interval, failures) * (1 + JITTER * (2 * chance - 1))
    if retry_after is not None:
        wait = max(wait, retry_after)
    slot = min(5.0, interval * SLOT_SHARE)
    return math.ceil((now + wait) / slot - 1e-9) * slot
