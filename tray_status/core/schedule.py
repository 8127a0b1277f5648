"""When a page is due again. Pure: time and chance are parameters; all times are seconds of one monotonic clock."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

JITTER = 0.05
"""A poll is at most this part of its interval early or late, so that pages spread and no rhythm settles in."""

SLOWEST = 300.0
"""Failures never stretch an interval beyond this many seconds (or the interval itself, where that is longer)."""

SLOT_SHARE = 1 / 12
"""Due times are rounded to slots of this part of the interval, at most 5 s: pages share a wake-up."""


CONFIRMED_WITHIN = 120.0
"""Seconds after a first failure by which a second poll tells whether that was more than a slip."""


def backoff(interval: float, failures: int) -> float:
    """Seconds until the next poll after so many failures in a row: the second poll comes no later than usual."""
    if failures <= 1:
        return min(interval, CONFIRMED_WITHIN) if failures else interval
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
        wait = max(wait, retry_after * (1 + 2 * JITTER * chance))  # no two come back at the same instant
    slot = min(5.0, interval * SLOT_SHARE)
    return math.ceil((now + wait) / slot - 1e-9) * slot


AT_LEAST_OPEN = 15.0
"""Seconds: while an incident is open a page is polled twice as often, though not oftener than this for that."""

QUIET_AFTER = timedelta(days=7)
"""A page on which nothing happened for so long is a quiet one."""

SLOWED = 2.0
MOST_SLOWED = 2.5
"""Less than the three intervals after which a reading is stale."""


SPREAD_FROM = 10
"""So many pages are spread over their interval after the first round, in which all are due at once."""


def second_due(now: float, interval: float, chance: float) -> float:
    """The due time after the first poll of one of many pages; `chance` is from 0 to 1.

    >>> second_due(0.0, 60.0, 0.0)
    30.0
    """
    return now + interval * (1 + chance) / 2


def paced(interval: float, *, is_open: bool, quiet_for: timedelta | None = None, spared: bool = False) -> float:
    """The interval as circumstances have it, in seconds.

    An open incident makes it shorter; a page that is quiet, or a computer that is to be spared, makes it longer.
    `quiet_for` is None where a person wants quiet pages polled as all others are.

    >>> paced(60.0, is_open=True)
    30.0
    >>> paced(60.0, is_open=False, spared=True)
    120.0
    """
    if is_open:
        return min(interval, max(AT_LEAST_OPEN, interval / 2))
    factor = SLOWED if quiet_for is not None and quiet_for >= QUIET_AFTER else 1.0
    return interval * min(MOST_SLOWED, factor * (SLOWED if spared else 1.0))


class Timetable:
    """Which page is polled when. A key is either waiting for its time or at work. Not for several threads at once."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, str]] = []
        self._at_work: set[str] = set()
        self._again: set[str] = set()

    def plan(self, keys: Iterable[str], renewed: Collection[str], now: float) -> None:
        """From now on, these and no others. Those that are `renewed` are due at once, or again once they are done."""
        before = {key: at for at, key in self._waiting}
        self._again |= self._at_work & set(renewed)
        self._waiting = [
            (now if key in renewed else before[key], key)
            for key in keys
            if key not in self._at_work and (key in renewed or key in before)
        ]
        heapq.heapify(self._waiting)

    def take(self, now: float) -> list[str]:
        """All that is due, in order; it is at work from now on."""
        due = []
        while self._waiting and self._waiting[0][0] <= now:
            due.append(heapq.heappop(self._waiting)[1])
        self._at_work.update(due)
        return due

    def done(self, key: str, now: float, due: float | None) -> None:
        """A key is no longer at work; it waits until `due`, or is due now where it was wanted meanwhile.

        With `due` None it is not wanted any more.
        """
        self._at_work.discard(key)
        if due is not None:
            heapq.heappush(self._waiting, (now if key in self._again else due, key))
        self._again.discard(key)

    def hurry(self, now: float) -> None:
        """All are due at once; those at work, again once they are done."""
        self._again |= self._at_work
        self._waiting = [(now, key) for _, key in self._waiting]
        heapq.heapify(self._waiting)

    def hurry_one(self, keys: Iterable[str], now: float) -> str | None:
        """The first of these that waits is due at once; which one that is."""
        waiting = {key for _, key in self._waiting}
        chosen = next((key for key in keys if key in waiting), None)
        if chosen is not None:
            self._waiting = [(now if key == chosen else at, key) for at, key in self._waiting]
            heapq.heapify(self._waiting)
        return chosen

    def spread(
        self, begin: float, over: float, chance: Callable[[], float], only: Collection[str] | None = None
    ) -> None:
        """All that wait, or some of them, are due within `over` seconds from `begin`, in no order."""
        self._waiting = [
            (begin + chance() * over if only is None or key in only else at, key) for at, key in self._waiting
        ]
        heapq.heapify(self._waiting)

    @property
    def next_due(self) -> float | None:
        """When the next one is due; None while none waits."""
        return self._waiting[0][0] if self._waiting else None
