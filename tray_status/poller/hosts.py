"""What each host can be asked at one time: never by all workers at once, and not while it wants to be left alone."""

from __future__ import annotations

from collections import deque

AT_ONCE = 3
"""So many pages of one host are polled at one time; the others wait for their turn."""

LEFT_ALONE = 15.0
"""Seconds that a host is left alone that says it is asked too often, and not for how long."""


class Hosts:
    """Not for several threads at once. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._at_work: dict[str, set[str]] = {}
        self._queued: dict[str, deque[str]] = {}
        self._until: dict[str, float] = {}
        self._entered: dict[str, str] = {}
        """The host under which each page is at work: it may be found to be on another one meanwhile."""

    def left_alone_until(self, host: str, now: float) -> float | None:
        """When a host may be asked again; None where it may be asked now."""
        until = self._until.get(host)
        if until is not None and until <= now:
            del self._until[host]
            return None
        return until

    def enter(self, host: str, key: str) -> bool:
        """Whether a page of a host may be polled now; else it is queued, and `leave` gives it back in its turn."""
        at_work = self._at_work.setdefault(host, set())
        if len(at_work) >= AT_ONCE and key not in at_work:
            self._queued.setdefault(host, deque()).append(key)
            return False
        at_work.add(key)
        self._entered[key] = host
        return True

    def leave(self, key: str) -> str | None:
        """A page is no longer polled; the next one of its host that may be, if one is queued."""
        host = self._entered.pop(key, "")
        at_work = self._at_work.get(host, set())
        at_work.discard(key)
        queue = self._queued.get(host)
        if queue:
            at_work.add(queue[0])
            self._entered[queue[0]] = host
            return queue.popleft()
        if not at_work:
            self._at_work.pop(host, None)
            self._queued.pop(host, None)
        return None

    def leave_alone(self, host: str, now: float, seconds: float) -> None:
        """Ask a host for nothing for so many seconds, whatever page of it is due."""
        self._until[host] = max(self._until.get(host, 0.0), now + max(seconds, LEFT_ALONE))
