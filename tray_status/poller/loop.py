"""The polling thread: a heap of pages by due time, and a small fixed pool of workers.

Nothing ticks: the thread sleeps until the next page is due or something wakes it. Adding pages adds no threads.
Two workers are kept for pages that lately kept one waiting, so that hosts that hang never delay healthy ones.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial

from ..core.metrics import Polls
from ..core.model import Page
from ..core.schedule import SPREAD_FROM, Timetable, next_due, second_due
from ..core.view import PageState
from ..errors import StoreError
from ..providers.provider import Provider
from ..store import Store
from ..system.network import has_name, has_route
from ..system.power import Thrift
from ..system.threads import stack_of
from .crew import Lane
from .hosts import Hosts
from .page_poll import Fetch, PagePoll, Polled
from .testimony import Testimony

log = logging.getLogger(__name__)

WORKERS = 10
SLOW_WORKERS = 2
SLOW_SECONDS = 2.0
"""A poll that takes longer sends its page to the slow workers next time."""

WAKE_AFTER, WAKE_SPREAD = 2.0, 6.0
"""Seconds that the network gets after a sleep, and over which the round of polls is then spread."""

HANGS_AFTER = 120.0
"""Seconds after which what does not go on is given up; a poll takes less, see `page_poll.ENOUGH_SECONDS`."""

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
        has_route: Callable[[], bool] = has_route,
        has_name: Callable[[str], bool] = has_name,
        thrift: Callable[[], bool] | None = None,
    ) -> None:
        """`thrift` is whether this computer is to be spared, as on battery."""
        self._make: Callable[[Page], PagePoll] = lambda page: PagePoll(
            page, provider, fetch, store, now, partial(self._testimony.explain, page.id)
        )
        self._testimony = Testimony(has_route, has_name, self._hasten)
        self._hosts = Hosts()
        self._thrift = thrift or Thrift()
        self._sleeps_until: float | None = None
        """When the polling thread wakes up by itself; whoever has something earlier for it wakes it."""
        self._polls: dict[str, PagePoll] = {}
        self._store = store
        self._monotonic = monotonic
        self._now = now
        self._chance = chance
        self._timetable = Timetable()
        self._slow: set[str] = set()
        self._counted: dict[str, Polls] = {}
        self._round: set[str] = set()
        self._rounds = 0
        self._noted_at = 0.0
        self._stopping = False
        self._changed = threading.Condition()
        self._lanes = (
            Lane("worker", WORKERS, self._work, monotonic),
            Lane("slow-worker", SLOW_WORKERS, self._work, monotonic),
        )
        self._thread: threading.Thread | None = None
        self._listeners: list[Callable[[], None]] = []
        self.watch(pages)

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(poll.page for poll in self._polls.values())

    def watch(self, pages: Sequence[Page]) -> None:
        """Watch these pages from now on. One that was watched before goes on as it is, with its new settings."""
        with self._changed:
            before, self._polls = self._polls, {}
            renewed = set()
            for page in pages:
                poll = before.get(page.id)
                if poll is None or (poll.page.url, poll.page.interval) != (page.url, page.interval):
                    renewed.add(page.id)
                if poll is None or poll.page.url != page.url:
                    poll = self._make(page)
                poll.page = page
                self._polls[page.id] = poll
            self._timetable.plan(self._polls, renewed, self._monotonic())
            self._round &= self._polls.keys()
            self._note_every = min([NOTE_EVERY, *(page.interval for page in pages)])
            self._changed.notify_all()

    def on_poll(self, listener: Callable[[], None]) -> None:
        """Have `listener` called, on a worker's thread, after each poll of a page."""
        self._listeners.append(listener)

    def start(self) -> None:
        for lane in self._lanes:
            lane.start()
        self._begin_polling()

    def _begin_polling(self) -> None:
        # Under the lock: whoever looks after the thread must not find one that is about to begin, and not alive yet.
        with self._changed:
            self._thread = threading.Thread(target=self._run, name="tray-status polling", daemon=True)
            self._thread.start()

    def heal(self) -> list[str]:
        """Replace whatever died or hangs; a sentence for each, and for each page that moved. Called now and then."""
        thread = self._thread
        if thread is None or self._stopping:
            return []
        words = []
        if self.stands_still:
            log.error("The polling thread ended, or hangs; another one takes its place.\n%s", stack_of(thread))
            self._begin_polling()
            words.append("Polling had come to a standstill; it was started anew.")
        for poll in list(self._polls.values()):
            while poll.words:
                words.append(poll.words.pop(0))
        for key in [key for lane in self._lanes for key in lane.heal(self._is_stuck)]:
            words.append(f"Polling {self._begin_anew(key)} hung, or failed; it was started anew.")
        return words

    @property
    def stands_still(self) -> bool:
        """Whether the polling thread died, or hangs; False before the start and after the end."""
        with self._changed:
            thread, due = self._thread, self._timetable.next_due
            if thread is None or self._stopping:
                return False
            return not thread.is_alive() or (due is not None and self._monotonic() - due > HANGS_AFTER)

    @property
    def polls(self) -> dict[str, Polls]:
        """How polling each page went since the start, by the page's id."""
        return {key: self._counted[key] for key in list(self._polls) if key in self._counted}

    def _count(self, key: str, seconds: float, *, failed: bool) -> None:
        before = self._counted.get(key, Polls())
        self._counted[key] = Polls(before.count + 1, before.failed + failed, before.seconds + seconds, seconds)

    @property
    def is_alive(self) -> bool:
        """Whether the polling thread runs, and has not slept over what was due."""
        with self._changed:
            thread = self._thread
        return thread is not None and thread.is_alive() and not self.stands_still

    def _is_stuck(self, key: str, seconds: float) -> bool:
        poll = self._polls.get(key)
        return seconds > max(HANGS_AFTER, 2 * poll.page.interval if poll else 0.0)

    def _begin_anew(self, key: str) -> str:
        """Poll a page whose worker was lost as if for the first time; its name."""
        with self._changed:
            self._slow.add(key)
            stuck, now = self._polls.get(key), self._monotonic()
            self._timetable.done(key, now, None if stuck is None else now)
            if stuck is None:
                return key
            stuck.abandoned = True
            self._leave_host(key)
            self._polls[key] = self._make(stuck.page)
            self._changed.notify_all()
            return stuck.page.name

    def stop(self, patience: float = 0.5) -> None:
        """End the threads; whoever is still in a request after `patience` seconds is left behind (a daemon)."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        end = time.monotonic() + patience
        for lane in self._lanes:
            lane.stop()
        for lane in self._lanes:
            lane.join(end)
        if self._thread is not None and self._thread.is_alive():  # else it may be only about to start
            self._thread.join(max(0.0, end - time.monotonic()))
        self._note_times(last=True)

    def check_now(self) -> None:
        """Poll every page at once; one that is being polled right now is polled again after that."""
        with self._changed:
            self._timetable.hurry(self._monotonic())
            self._changed.notify_all()

    @property
    def offline(self) -> bool:
        """Whether no page at all can be read for want of a network."""
        polls = list(self._polls.values())
        return bool(polls) and all(poll.offline for poll in polls)

    def look_at_network(self) -> None:
        """Poll at once where the network has come back; called now and then, and cheap."""
        offline = [key for key, poll in list(self._polls.items()) if poll.offline]
        if offline and self._testimony.network_is_back():
            log.info("The network is back")
            with self._changed:
                self._timetable.spread(self._monotonic(), WAKE_SPREAD, self._chance, only=offline)
                self._changed.notify_all()

    def _hasten(self, keys: list[str]) -> None:
        """Poll the first of these pages that waits for its turn."""
        with self._changed:
            if (chosen := self._timetable.hurry_one(keys, self._monotonic())) is not None:
                log.info("%s is polled ahead of time, to tell whether the network works", chosen)
                self._changed.notify_all()

    def wake_up(self) -> None:
        """After sleep, or a jump of the clock: one calm round, and what failed before counts for nothing."""
        with self._changed:
            for poll in self._polls.values():
                poll.forgive()
            for lane in self._lanes:
                lane.forgive()
            self._timetable.spread(self._monotonic() + WAKE_AFTER, WAKE_SPREAD, self._chance)
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
            if (due := self._timetable.next_due) is None:
                return None
            wait = max(0.0, due - self._monotonic())
        return self._now() + timedelta(seconds=wait)

    def states(self) -> list[PageState]:
        """How the pages stand now, with times fresher than those on disk. Raises StoreError."""
        return [poll.state for poll in list(self._polls.values())]

    def asked(self, page_id: str) -> list[tuple[str, str]]:
        """What the last poll of a page asked for, and what came of it."""
        poll = self._polls.get(page_id)
        return list(poll.asked) if poll else []

    @property
    def any_read(self) -> bool:
        """Whether some page was read in this run."""
        return any(poll.times[1] for poll in list(self._polls.values()))

    @property
    def unkept(self) -> str | None:
        """Why what some page told last could not be kept; None where all was."""
        return next((poll.unkept for poll in list(self._polls.values()) if poll.unkept), None)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopping or threading.current_thread() is not self._thread:
                    return
                now = self._monotonic()
                for key in self._timetable.take(now):
                    self._begin_poll(key, now)
                due = self._timetable.next_due
                self._sleeps_until = due
                self._changed.wait(None if due is None else due - now)
            self._note_times()

    def _begin_poll(self, key: str, now: float) -> None:
        """Hand a page to the workers, unless its host cannot be asked now."""
        poll = self._polls.get(key)
        if poll is None:
            self._timetable.done(key, now, None)
        elif (until := self._hosts.left_alone_until(poll.host, now)) is not None:
            self._timetable.done(key, now, until + self._chance() * self._note_every)
        elif self._hosts.enter(poll.host, key):
            self._hand_over(key)

    def _hand_over(self, key: str) -> None:
        self._lanes[key in self._slow].keys.put(key)

    def _leave_host(self, key: str) -> None:
        if (queued := self._hosts.leave(key)) is not None:
            self._hand_over(queued)

    def _work(self, key: str) -> None:
        if self._stopping:
            return
        began = self._monotonic()
        poll = self._polls.get(key)
        polled = self._poll(poll) if poll is not None else Polled(0)
        if poll is None or not poll.abandoned:
            took = self._monotonic() - began
            self._count(key, took, failed=polled.failures > 0)
            self._done(key, poll, polled, slow=took > SLOW_SECONDS)

    def _poll(self, poll: PagePoll) -> Polled:
        try:
            return poll.poll()
        except StoreError as error:
            log.info("What %s told could not be kept: %s", poll.page.name, error)
            poll.unkept = str(error)
        except Exception:
            # Whatever it is, it is our fault, and must end neither this worker nor the other pages' polls.
            log.exception("Polling %s failed; this is a fault of Tray Status, please report it", poll.page.name)
        poll.forget_validators()
        return Polled(1)

    def _done(self, key: str, polling: PagePoll | None, polled: Polled, *, slow: bool) -> None:
        spared = self._thrift()  # asks the system now and then, which may take a moment: before the lock
        now = self._monotonic()
        with self._changed:
            (self._slow.add if slow else self._slow.discard)(key)
            self._leave_host(key)
            if polling is not None:
                if polled.retry_after is not None:
                    self._hosts.leave_alone(polling.host, now, polled.retry_after)
                if polling.outcome is not None:
                    self._testimony.hear(key, polling.outcome)
            due = None
            if poll := self._polls.get(key):  # else it is no longer watched
                interval = poll.paced(spared=spared)
                due = next_due(now, interval, self._chance(), polled.failures, polled.retry_after)
                if not polled.failures and poll.is_first and len(self._polls) >= SPREAD_FROM:
                    due = second_due(now, interval, self._chance())
                if (until := self._hosts.left_alone_until(poll.host, now)) is not None and until > due:
                    due = until + self._chance() * self._note_every
                log.debug(
                    "%s: due again in %.0f s (failures in a row: %d)", poll.page.name, due - now, polled.failures
                )
                self._round.add(key)
            self._timetable.done(key, now, due)
            next_one, wakes_at = self._timetable.next_due, self._sleeps_until
            earlier = next_one is not None and (wakes_at is None or next_one < wakes_at)
            if self._round >= self._polls.keys():
                self._round.clear()
                self._rounds += 1
                earlier = True  # somebody may wait for the round
            if earlier:
                self._changed.notify_all()
        for listener in self._listeners:
            try:
                listener()
            except Exception:
                # A fault in what is shown must not end the worker that polls.
                log.exception("Showing a poll failed; this is a fault of Tray Status, please report it")

    def _note_times(self, *, last: bool = False) -> None:
        now = self._monotonic()
        if now - self._noted_at < self._note_every and not last:
            return
        self._noted_at = now
        times = [(poll.page.id, *poll.times) for poll in list(self._polls.values())]
        checked = {key: checked_at for key, checked_at, _ in times if checked_at}
        read = {key: read_at for key, _, read_at in times if read_at}
        if checked:
            try:
                every = {page.id: page.interval for page in self.pages}
                self._store.checked(checked, read=read, every=every)
            except StoreError as error:
                log.info("The time of the last check could not be kept: %s", error)
