"""The polling thread: a heap of pages by due time, and a small fixed pool of workers.

Nothing ticks: the thread sleeps until the next page is due or something wakes it. Adding pages adds no threads.
Two workers are kept for pages that lately kept one waiting, so that hosts that hang never delay healthy ones.
"""

from __future__ import annotations

import heapq
import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone

from ..core.model import Page
from ..core.schedule import next_due
from ..core.view import PageState
from ..errors import StoreError
from ..providers.provider import Provider
from ..store import Store
from .page_poll import Fetch, PagePoll, Polled

log = logging.getLogger(__name__)

WORKERS = 6
SLOW_WORKERS = 2
SLOW_SECONDS = 2.0
"""A poll that takes longer sends its page to the slow workers next time."""

NOTE_EVERY = 30.0
"""Seconds between two writes of "checked at", or the shortest interval where that is less."""


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Poller:
    """Polls pages on threads of its own until stopped. To stop takes under a second, whatever the network does."""

    def __init__(
        self,
        pages: Sequence[Page],
        provider: Provider,
        fetch: Fetch,
        store: Store,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._polls = [PagePoll(page, provider, fetch, store, now) for page in pages]
        self._store = store
        self._monotonic = monotonic
        self._now = now
        self._chance = chance
        self._note_every = min([NOTE_EVERY, *(page.interval for page in pages)])
        self._due = [(0.0, index) for index in range(len(self._polls))]
        self._slow: set[int] = set()
        self._at_work: set[int] = set()
        self._again: set[int] = set()
        self._round: set[int] = set()
        self._rounds = 0
        self._noted_at = 0.0
        self._stopping = False
        self._changed = threading.Condition()
        self._lanes: tuple[queue.SimpleQueue[int | None], ...] = (queue.SimpleQueue(), queue.SimpleQueue())
        self._threads: list[threading.Thread] = []
        self._listeners: list[Callable[[], None]] = []

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(poll.page for poll in self._polls)

    def on_poll(self, listener: Callable[[], None]) -> None:
        """Have `listener` called, on a worker's thread, after each poll of a page."""
        self._listeners.append(listener)

    def start(self) -> None:
        for number in range(min(WORKERS, max(1, len(self._polls)))):
            self._begin(self._work, f"worker-{number}", self._lanes[0])
        for number in range(min(SLOW_WORKERS, max(1, len(self._polls)))):
            self._begin(self._work, f"slow-worker-{number}", self._lanes[1])
        self._begin(self._run, "polling")

    def _begin(self, target: Callable[..., None], name: str, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name=f"tray-status {name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self, patience: float = 0.5) -> None:
        """End the threads; whoever is still in a request after `patience` seconds is left behind (a daemon)."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for lane in self._lanes:
            for _ in self._threads:
                lane.put(None)
        end = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._note_times(last=True)

    def check_now(self) -> None:
        """Poll every page at once; one that is being polled right now is polled again after that."""
        with self._changed:
            self._again |= self._at_work
            self._due = [(0.0, index) for _, index in self._due]
            heapq.heapify(self._due)
            self._changed.notify_all()

    def wait_for_round(self, rounds: int = 1, timeout: float | None = None) -> bool:
        """Wait until every page was polled so many times, be it without success; False when time ran out first."""
        with self._changed:
            return self._changed.wait_for(lambda: self._rounds >= rounds or self._stopping, timeout) and (
                self._rounds >= rounds
            )

    @property
    def rounds(self) -> int:
        """How often every page was polled."""
        return self._rounds

    def next_check(self) -> datetime | None:
        """When the next page is due; None while all are being polled."""
        with self._changed:
            if not self._due:
                return None
            wait = max(0.0, self._due[0][0] - self._monotonic())
        return self._now() + timedelta(seconds=wait)

    def states(self) -> list[PageState]:
        """How the pages stand now, with times fresher than those on disk. Raises StoreError."""
        return [poll.state for poll in self._polls]

    @property
    def any_read(self) -> bool:
        """Whether some page was read in this run."""
        return any(poll.times[1] for poll in self._polls)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
                now = self._monotonic()
                while self._due and self._due[0][0] <= now:
                    _, index = heapq.heappop(self._due)
                    self._at_work.add(index)
                    self._lanes[index in self._slow].put(index)
                self._changed.wait(self._due[0][0] - now if self._due else None)
            self._note_times()

    def _work(self, lane: queue.SimpleQueue[int | None]) -> None:
        while (index := lane.get()) is not None:
            if self._stopping:
                return
            began = self._monotonic()
            polled = self._poll(self._polls[index])
            self._done(index, polled, slow=self._monotonic() - began > SLOW_SECONDS)

    def _poll(self, poll: PagePoll) -> Polled:
        try:
            return poll.poll()
        except StoreError as error:
            log.warning("What %s told could not be kept: %s", poll.page.name, error)
        except Exception:
            # Whatever it is, it is our fault, and must end neither this worker nor the other pages' polls.
            log.exception("Polling %s failed; this is a fault of Tray Status, please report it", poll.page.name)
        poll.forget_validators()
        return Polled(1)

    def _done(self, index: int, polled: Polled, *, slow: bool) -> None:
        page = self._polls[index].page
        now = self._monotonic()
        due = next_due(now, page.interval, self._chance(), polled.failures, polled.retry_after)
        with self._changed:
            (self._slow.add if slow else self._slow.discard)(index)
            self._at_work.discard(index)
            if index in self._again:
                self._again.discard(index)
                due = now
            heapq.heappush(self._due, (due, index))
            self._round.add(index)
            if len(self._round) == len(self._polls):
                self._round.clear()
                self._rounds += 1
            self._changed.notify_all()
        for listener in self._listeners:
            listener()

    def _note_times(self, *, last: bool = False) -> None:
        now = self._monotonic()
        if now - self._noted_at < self._note_every and not last:
            return
        self._noted_at = now
        times = [(poll.page.id, *poll.times) for poll in self._polls]
        checked = {key: checked_at for key, checked_at, _ in times if checked_at}
        read = {key: read_at for key, _, read_at in times if read_at}
        if checked:
            try:
                self._store.checked(checked, read=read)
            except StoreError as error:
                log.info("The time of the last check could not be kept: %s", error)
