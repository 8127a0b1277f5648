"""Threads that work through keys, and that nothing can bring to a standstill: what dies or hangs is replaced."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from ..system.threads import stack_of

log = logging.getLogger(__name__)


class _Worker(threading.Thread):
    def __init__(self, lane: Lane, name: str) -> None:
        super().__init__(name=f"tray-status {name}", daemon=True)
        self.lane = lane
        self.key: str | None = None
        self.since = 0.0
        self.left_alone = False
        """Whether another one works in its place; whatever it finds out yet counts for nothing."""

    def run(self) -> None:
        while not self.left_alone and (key := self.lane.keys.get()) is not None:
            self.since = self.lane.monotonic()
            self.key = key
            self.lane.work(key)
            self.key = None


class Lane:
    """Some workers and the keys that wait for them."""

    def __init__(
        self, name: str, workers: int, work: Callable[[str], None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`work` is called with each key on a worker's thread; what it raises ends that worker, not the lane."""
        self.name = name
        self.work = work
        self.monotonic = monotonic
        self.keys: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._workers = [_Worker(self, f"{name}-{number}") for number in range(workers)]
        self._stopping = False

    def start(self) -> None:
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Have all end after what they are doing."""
        self._stopping = True
        for _ in self._workers:
            self.keys.put(None)

    def join(self, until: float) -> None:
        """Wait for them until a time of `time.monotonic`; whoever still hangs then is left behind."""
        for worker in self._workers:
            if worker.ident is not None:  # else it was never started
                worker.join(max(0.0, until - time.monotonic()))

    def forgive(self) -> None:
        """Let the time until now count for nothing: the computer slept."""
        for worker in self._workers:
            worker.since = self.monotonic()

    def heal(self, is_stuck: Callable[[str, float], bool]) -> list[str]:
        """Replace workers that died or hang; the keys that they had, which nobody works on any more.

        `is_stuck` says of a key, and the seconds that it has taken so far, whether that is too long.
        """
        lost = []
        for place, worker in enumerate(self._workers):
            if self._stopping:
                break
            key, alive = worker.key, worker.is_alive()
            if alive and not (key is not None and is_stuck(key, self.monotonic() - worker.since)):
                continue
            if alive:
                log.error("%s hangs at %s; another one takes its place.\n%s", worker.name, key, stack_of(worker))
            else:
                log.error("%s ended at %s; another one takes its place", worker.name, key)
            worker.left_alone = True
            self._workers[place] = _Worker(self, worker.name.removeprefix("tray-status "))
            self._workers[place].start()
            lost += [key] if key is not None else []
        return lost
