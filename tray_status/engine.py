"""Store, poller and delivery put together: everything but what a person sees.

Several processes of one home share its log. Each page is polled by one of them; the others follow the log, and take
over when that one ends.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from .core.events import Event
from .core.model import Incident, Page, Reading
from .core.view import Overview, PageState, look, reading_now
from .delivery import Delivery, Output
from .errors import StoreError
from .fetch import Fetcher
from .poller import Poller
from .poller.loop import utc_now
from .providers.registry import AnyPlatform
from .store import Store
from .system.clock import ClockWatch
from .system.owner import Owner

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks around; each costs a `stat` or two."""

KEPT = timedelta(days=400)
"""How long events are kept."""

PRUNE_EVERY = 3600.0

TOLD = "console"
"""The cursor of what was told to this person, on whatever console."""


class Engine:
    """Polls pages into the log and feeds outputs from it."""

    def __init__(self, pages: Sequence[Page], database: Path | None) -> None:
        self.notes: list[str] = []
        """What the person should be told about how this started."""
        self.owner: Owner | None = None
        """This process among those that share the log; None where nothing is shared."""
        self.store = self._open(database)
        self.pages = tuple(pages)
        self.fetcher = Fetcher()
        self.poller = Poller((), AnyPlatform(), self.fetcher, self.store)
        self.delivery = Delivery(self.store, ())
        self._clock = ClockWatch()
        self._prune_at = time.monotonic() + PRUNE_EVERY
        self.on_trouble: Callable[[str], None] = log.error
        """Called with a sentence when a part of this program had to be started anew."""
        self._stopped = threading.Event()
        self.started_after = self.store.last_seq()
        """The last event that was in the log before this run."""
        self.watch(pages)

    def _open(self, database: Path | None) -> Store:
        try:
            store = Store.open(database)
        except StoreError as error:
            # Better to tell without a memory than not at all.
            self.notes.append(f"The history cannot be kept: {error}. This run keeps it in memory only.")
            return Store.open(None)
        self.owner = Owner(database.parent) if database else None
        if store.note:
            self.notes.append(store.note)
        return store

    def watch(self, pages: Sequence[Page]) -> None:
        """Watch these pages from now on, in place of those before. Raises StoreError."""
        ids = {page.id for page in pages}
        dropped = [page.id for page in self.pages if page.id not in ids]
        self.pages = tuple(pages)
        self.delivery.wanted = tuple(page.id for page in pages)
        if self.owner and dropped:
            self.store.claims.give_back(self.owner.token, dropped)
        self._claim()

    def _claim(self) -> None:
        mine = {page.id for page in self.pages}
        if self.owner:
            mine &= self.store.claims.take(mine, self.owner.token, self.owner.is_alive)
        self.poller.watch([page for page in self.pages if page.id in mine])

    @property
    def followed(self) -> tuple[Page, ...]:
        """The pages that another process polls."""
        mine = {page.id for page in self.poller.pages}
        return tuple(page for page in self.pages if page.id not in mine)

    def look_around(self) -> None:
        """Take up what other processes wrote, and the pages of those that ended; called now and then.

        Costs next to nothing where this process polls all that it watches.
        """
        if (gap := self._clock.jumped(LOOK_EVERY)) is not None:
            log.info("The clock went on by %.0f s at once: this computer slept, or its clock was set", gap)
            self.poller.wake_up()
            self.delivery.forgive()
        self.poller.look_at_network()
        for words in (*self.poller.heal(), *self.delivery.heal()):
            self.on_trouble(words)
        self._prune()
        followed = self.followed
        if not followed or not self.owner:
            return
        try:
            if any(self.store.claims.is_free(page.id, self.owner.token, self.owner.is_alive) for page in followed):
                self._claim()
            self.store.look_for_others()
        except StoreError as error:
            log.info("The log has to wait: %s", error)

    def _prune(self) -> None:
        """Forget old events in small steps, so that nothing waits for it: the rest at the next look."""
        if (now := time.monotonic()) < self._prune_at:
            return
        try:
            pruned = self.store.prune(utc_now() - KEPT)
        except StoreError as error:
            pruned = 0
            log.info("Old events could not be forgotten: %s", error)
        self._prune_at = now + (0.0 if pruned else PRUNE_EVERY)

    def states(self) -> list[PageState]:
        """How the pages stand, in the order of `pages`. Raises StoreError."""
        mine = {state.page.id: state for state in self.poller.states()}
        return [mine.get(page.id) or self.store.state(page) for page in self.pages]

    def overview(self) -> Overview:
        """How everything stands now. Raises StoreError before the first poll where the log cannot be read."""
        return look(self.states(), utc_now())

    def wait_for_round(self, timeout: float) -> bool:
        """Wait until every page was polled, here or by the process that this one follows; False when time ran out."""
        if self.poller.pages and not self.poller.wait_for_round(1, timeout):
            return False
        if all(self.store.state(page).checked_at for page in self.followed):
            return True
        self._stopped.wait(timeout)
        return False

    def all_checked(self) -> bool:
        """Whether every page was polled at least once, here or by the process that this one follows."""
        if self.poller.pages and not self.poller.rounds:
            return False
        return bool(self.poller.pages) or self.last_check() is not None

    def last_check(self) -> datetime | None:
        """When a page that another process polls was polled last, as far as the log tells; None before."""
        times = [self.store.state(page).checked_at for page in self.followed]
        return max((at for at in times if at), default=None)

    def pages_of_others(self) -> tuple[Page, ...]:
        """The pages that other processes of this home poll now. Raises StoreError."""
        if not self.owner:
            return ()
        ids = self.store.claims.of_others(self.owner.token, self.owner.is_alive)
        return self.store.pages(ids)

    def any_read(self) -> bool:
        """Whether some page was read in this run, be it by another process. Raises StoreError."""
        now = utc_now()
        return self.poller.any_read or any(
            reading_now(self.store.state(page), now) is Reading.FRESH for page in self.followed
        )

    def recent(self, limit: int = 10) -> list[tuple[Page, Incident]]:
        """The newest incidents with their pages, open or not. Raises StoreError."""
        pages = {state.page.id: state.page for state in self.states()}
        return [(pages[page_id], incident) for page_id, incident in self.store.recent(list(pages), limit)]

    def next_check(self) -> datetime | None:
        """When a page is polled next, here or, as far as the log tells, by another process; None while all are."""
        if self.poller.pages:
            return self.poller.next_check()
        checks = [(self.store.state(page).checked_at, page.interval) for page in self.pages]
        return min((at + timedelta(seconds=interval) for at, interval in checks if at), default=None)

    def untold(self, output: str) -> tuple[int, list[Event]]:
        """Where an output has to go on, and the news since then: what was found at a first reading is none."""
        cursor = self.store.cursor(output)
        after = self.started_after if cursor is None else cursor
        end = self.store.last_seq()
        news: list[Event] = []
        position = after
        while events := self.store.events(position, page_ids=[page.id for page in self.pages]):
            news += [event for event in events if not event.first and event.seq <= end]
            position = events[-1].seq
        return end, news

    def feed(self, output: Output, *, after: int, kept: bool) -> None:
        self.delivery.add(output, after=after, kept=kept)

    def stop(self) -> None:
        """End all of it in well under a second."""
        self._stopped.set()
        self.fetcher.close()
        self.poller.stop()
        self.delivery.stop()
        if self.owner:
            try:
                self.store.claims.give_back(self.owner.token)
            except StoreError as error:
                log.info("The next process has to find out by itself that this one ended: %s", error)
            self.owner.close()
        self.store.close()
