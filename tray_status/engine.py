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
from typing import TypeVar

from .core.events import Event, PageProblem
from .core.measure import usual
from .core.metrics import Polls
from .core.model import Incident, Page, Reading
from .core.view import Overview, PageState, look, reading_now
from .core.wishes import Wished
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

T = TypeVar("T")

LOOK_EVERY = 1.0
"""Seconds between two looks around; each costs a `stat` or two."""

KEPT = timedelta(days=400)
"""How long events are kept, and incidents after their end, where the settings do not say."""

SILENT = timedelta(days=30)
"""An output that did not tell for so long how far it is holds no old events back: nobody runs it any more."""

WISHES_KEPT = timedelta(days=1)
"""How long what is over is kept of what the person wished: words about it may still have to be told."""

PRUNE_EVERY = 3600.0

CLAIM_EVERY = 5.0
"""Seconds between two attempts to settle who polls what, while the log cannot be written."""

TOLD = "console"
"""The cursor of what was told to this person, on whatever console."""


SEEN = "seen"
"""The cursor of what this person has looked at, in the menu or in the list of recent incidents."""


class Engine:
    """Polls pages into the log and feeds outputs from it."""

    def __init__(self, pages: Sequence[Page], database: Path | None, *, alone: bool = False) -> None:
        """With `alone`, these pages are only some of those that are watched otherwise."""
        self.notes: list[str] = []
        """What the person should be told about how this started."""
        self.owner = Owner(database.parent) if database else None
        """This process among those of the same home, whatever is the matter with the log; None without a home."""
        self.on_trouble: Callable[[str], None] = log.error
        """Called with a sentence when a part of this program had to be started anew, or the log cannot be used."""
        self.kept = KEPT
        self._waits = ""
        self._late: list[tuple[Output, bool]] = []
        """Outputs that are fed once the log can be read, and whether each keeps its cursor."""
        self._told: dict[str, int] = {}
        """Cursors to be moved once the log can be written."""
        self._unkept: str | None = None
        self._claimed = True
        self._claim_at = 0.0
        self._renewed = threading.Event()
        self.store = self._open(database)
        self.pages = tuple(pages)
        self.fetcher = Fetcher()
        self.poller = Poller((), AnyPlatform(), self.fetcher, self.store)
        self.delivery = Delivery(self.store, ())
        self.delivery.alone = alone
        self._clock = ClockWatch()
        self._prune_at = time.monotonic() + PRUNE_EVERY
        self._stopped = threading.Event()
        self.store.on_renewal(self._carry_over)
        self.started_after = self._ask(self.store.last_seq, None)
        """The last event that was in the log before this run; None while it cannot be read."""
        self.watch(pages)

    def _open(self, database: Path | None) -> Store:
        try:
            store = Store.open(database)
        except StoreError as error:
            # Better to tell without a memory than not at all.
            self.notes.append(f"The history cannot be kept: {error}. This run keeps it in memory only.")
            return Store.open(None)
        if store.note:
            self.notes.append(store.note)
        return store

    def _ask(self, ask: Callable[[], T], otherwise: T) -> T:
        """What the log answers; `otherwise` while it cannot be used."""
        try:
            answer = ask()
        except StoreError as error:
            if str(error) != self._waits:
                log.info("The log has to wait: %s", error)
            self._waits = str(error)
            return otherwise
        self._waits = ""
        return answer

    @property
    def _partner(self) -> Owner | None:
        """This process to others that see the same log; None where none do."""
        return self.owner if self.store.shared else None

    def watch(self, pages: Sequence[Page]) -> None:
        """Watch these pages from now on, in place of those before."""
        ids = {page.id for page in pages}
        dropped = [page.id for page in self.pages if page.id not in ids]
        self.pages = tuple(pages)
        self.delivery.wanted = tuple(page.id for page in pages)
        if (owner := self._partner) and dropped:
            self._ask(lambda: self.store.claims.give_back(owner.token, dropped), None)
        self._claim()

    def _claim(self) -> None:
        """Poll what no other process polls; where that cannot be settled now, what none seems to poll."""
        mine = frozenset(page.id for page in self.pages)
        self._claimed, self._claim_at = True, time.monotonic() + CLAIM_EVERY
        if owner := self._partner:
            claimed = self._ask(lambda: self.store.claims.take(mine, owner.token, owner.is_alive), None)
            self._claimed = claimed is not None
            mine = claimed if claimed is not None else frozenset(each for each in mine if self._is_free(owner, each))
        self.poller.watch([page for page in self.pages if page.id in mine])

    def _is_free(self, owner: Owner, page_id: str) -> bool:
        return self._ask(lambda: self.store.claims.is_free(page_id, owner.token, owner.is_alive), True)

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
        self._look_at_log()
        self._prune()

    def _look_at_log(self) -> None:
        """Take up what others did to the log, and say what is the matter with it."""
        self._ask(self.store.look_for_others, None)
        if self._renewed.is_set():
            self._renewed.clear()
            self._unkept = None
            self.poller.watch(())  # each page is read anew, for what is known of it lies in another file
            self._claim()
        elif owner := self._partner:
            late = not self._claimed and time.monotonic() >= self._claim_at
            if late or any(self._is_free(owner, page.id) for page in self.followed):
                self._claim()
        while self.store.words:
            self.on_trouble(self.store.words.pop(0))
        self._tell_unkept()
        for output, seq in list(self._told.items()):
            self.told(output, seq)
        late_outputs, self._late = self._late, []
        for each, kept in late_outputs:
            self.feed(each, after=self.place(each.name), kept=kept)

    def _carry_over(self) -> None:
        """Another file took the place of the log: begin it with what this run knows, so that nothing is told anew."""
        if self.started_after is None:
            self.started_after = self._ask(self.store.last_seq, None)
        self._ask(lambda: self.store.restore(self.poller.states()), None)
        self._renewed.set()

    def _tell_unkept(self) -> None:
        """Say that what pages tell cannot be kept, and that it can be again."""
        before, self._unkept = self._unkept, self.poller.unkept
        if self._unkept and not before:
            self.on_trouble(
                f"The history cannot be written: {self._unkept}."
                " Nothing is lost: what happens meanwhile is told once it can be."
            )
        elif before and not self._unkept and self.poller.pages:
            self.on_trouble("The history can be written again.")

    def _prune(self) -> None:
        """Forget what is old in small steps, so that nothing waits for it: the rest at the next look."""
        if (at := time.monotonic()) < self._prune_at:
            return
        before = utc_now() - self.kept
        pruned = self._ask(lambda: self.store.prune(before, silent_since=utc_now() - SILENT), 0)
        pruned += self._ask(lambda: self.store.prune_incidents(before), 0)
        self._ask(lambda: self.store.wishes.forget(utc_now() - WISHES_KEPT), None)
        self._prune_at = at + (0.0 if pruned else PRUNE_EVERY)

    def states(self) -> list[PageState]:
        """How the pages stand, in the order of `pages`."""
        none: list[PageState] = []
        mine = {state.page.id: state for state in self._ask(self.poller.states, none)}
        return [mine.get(page.id) or self._state(page) for page in self.pages]

    def _state(self, page: Page) -> PageState:
        """What the log holds of a page; while it cannot be read, why."""
        try:
            return self.store.state(page)
        except StoreError as error:
            return PageState(page, trouble=PageProblem(Reading.STALE, f"what is known of it cannot be read: {error}"))

    def overview(self) -> Overview:
        """How everything stands now."""
        return look(self.states(), utc_now())

    def wait_for_round(self, timeout: float) -> bool:
        """Wait until every page was polled, here or by the process that this one follows; False when time ran out."""
        if self.poller.pages and not self.poller.wait_for_round(1, timeout):
            return False
        if all(self._state(page).checked_at for page in self.followed):
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
        times = [self._state(page).checked_at for page in self.followed]
        return max((at for at in times if at), default=None)

    def pages_of_others(self) -> tuple[Page, ...]:
        """The pages that other processes of this home poll now."""
        if not (owner := self._partner):
            return ()
        return self._ask(lambda: self.store.pages(self.store.claims.of_others(owner.token, owner.is_alive)), ())

    def any_read(self) -> bool:
        """Whether some page was read in this run, be it by another process."""
        now = utc_now()
        return self.poller.any_read or any(
            reading_now(self._state(page), now) is Reading.FRESH for page in self.followed
        )

    def recent(self, limit: int = 10) -> list[tuple[Page, Incident]]:
        """The newest incidents with their pages, open or not."""
        pages = {state.page.id: state.page for state in self.states()}
        none: list[tuple[str, Incident]] = []
        rows = self._ask(lambda: self.store.recent(list(pages), limit), none)
        return [(pages[page_id], incident) for page_id, incident in rows]

    def wishes(self) -> list[Wished]:
        """What the person wants to hear, and not to hear; none while the log cannot be read."""
        none: list[Wished] = []
        return self._ask(self.store.wishes.all, none)

    def usual(self, page_id: str) -> str | None:
        """Within how long a page's incidents are resolved as a rule; None where too few are known."""
        none: list[timedelta] = []
        return usual(self._ask(lambda: self.store.durations(page_id, utc_now() - self.kept), none))

    def wish(self, wishes: Sequence[Wished]) -> None:
        """Keep what the person wishes, and have it seen at once. Raises StoreError."""
        self.store.wishes.keep(wishes)
        self.delivery.wake()

    def take_back(self, wishes: Sequence[Wished]) -> None:
        """Forget what the person wished. Raises StoreError."""
        self.store.wishes.take_back(wishes)
        self.delivery.wake()

    def unseen(self) -> list[Event]:
        """What happened since the person last looked, oldest first; nothing while the log cannot be read."""
        position = self.place(SEEN)
        if position is None:
            return []
        ids, none = [page.id for page in self.pages], list[Event]()
        events = self._ask(lambda: self.store.events(position, page_ids=ids), none)
        return [event for event in events if not event.first]

    def note_seen(self) -> None:
        """The person has looked at what happened until now."""
        self.told(SEEN, self._ask(self.store.last_seq, None))

    def next_check(self) -> datetime | None:
        """When a page is polled next, here or, as far as the log tells, by another process; None while all are."""
        if self.poller.pages:
            return self.poller.next_check()
        checks = [(self._state(page).checked_at, page.interval) for page in self.pages]
        return min((at + timedelta(seconds=interval) for at, interval in checks if at), default=None)

    def untold(self, output: str) -> tuple[int | None, list[Event]]:
        """Where an output has to go on, and the news since then: what was found at a first reading is none.

        While the log cannot be read, None: all that comes is told once it can be.
        """
        try:
            return self._untold(output)
        except StoreError as error:
            log.warning("What happened meanwhile is told later: %s", error)
            return None, []

    def _untold(self, output: str) -> tuple[int | None, list[Event]]:
        end, position = self.store.last_seq(), self.place(output)
        if position is None:
            return None, []
        news: list[Event] = []
        ids = [page.id for page in self.pages]
        while events := self.store.events(position, page_ids=ids, untold_by=output):
            news += [event for event in events if not event.first and event.seq <= end]
            position = events[-1].seq
        return end, news

    def place(self, output: str) -> int | None:
        """The last event that an output has told, or need not tell; None while the log cannot be read."""
        if self.started_after is None:
            self.started_after = self._ask(self.store.last_seq, None)
        try:
            cursor = self.store.cursor(output)
        except StoreError as error:
            log.info("Where %s has to go on is found out later: %s", output, error)
            return None
        if cursor is None and self.started_after is not None:
            # From now on this is where it began, whichever pages it is fed with.
            begin = self.started_after
            self._ask(lambda: self.store.move_cursor(output, begin), None)
        return self.started_after if cursor is None else cursor

    def told(self, output: str, seq: int | None) -> None:
        """Note that an output has told all up to `seq`; later, where that cannot be written now."""
        if seq is None:
            return
        try:
            self.store.move_cursor(output, seq, only=self.delivery.wanted if self.delivery.alone else None)
        except StoreError as error:
            log.info("How far %s has told the log is noted later: %s", output, error)
            self._told[output] = seq
        else:
            self._told.pop(output, None)

    def feed(self, output: Output, *, after: int | None, kept: bool) -> None:
        """Have an output told what the log holds after `after`; None is where it got to, once that can be read."""
        if after is None:
            self._late.append((output, kept))
        else:
            self.delivery.add(output, after=after, kept=kept)
            self.delivery.wake()

    def polls(self) -> dict[str, Polls]:
        """How polling went, of the pages that this process polls."""
        return self.poller.polls

    def ailment(self) -> str:
        """Why this program does not do its work just now, in a sentence; empty while it does."""
        if self.poller.stands_still:
            return "Polling has come to a standstill; it is started anew."
        try:
            self.store.last_seq()
        except StoreError as error:
            return f"The history cannot be read just now: {error}."
        return f"The history cannot be written: {self._unkept}." if self._unkept else ""

    def stop(self) -> None:
        """End all of it in well under a second."""
        self._stopped.set()
        self.store.hurry()
        self.fetcher.close()
        self.poller.stop()
        self.delivery.stop()
        if owner := self._partner:
            # Where it cannot be written, the next process finds out by itself that this one ended.
            self._ask(lambda: self.store.claims.give_back(owner.token), None)
        if self.owner:
            self.owner.close()
        self.store.close()
