"""Events → notices: one an incident, replaced as it develops, withdrawn some time after its end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from ...core.attention import worth_a_notice
from ...core.events import Event, EventKind
from ...core.flaps import STEADY, WITHIN, Turns, brief, last_words, topic
from ...core.model import Page
from ...core.notice import Notice
from ...core.wording import away_digest, digest, flapping, flapping_key, notice
from ...errors import NotDelivered, StoreError
from .backend import Notifier

log = logging.getLogger(__name__)

AT_ONCE = 5
"""More incidents than this in one delivery become one digest: a storm of notices tells nobody anything."""

AWAY_INCIDENTS, AWAY_EVENTS = 2, 3
"""So many incidents, or events, that come after an absence are one digest."""

ONE_ABSENCE = timedelta(minutes=10)
"""What comes within this of an absence's other news belongs to the same digest."""

WITHDRAWN_AFTER = 600.0
"""Seconds that the notice of a resolved incident stays."""


class Memory(Protocol):
    """Where events are kept that are told later; see `store/log.py`. Each may raise StoreError."""

    def lately(self, since: datetime, limit: int = 1000) -> list[Event]: ...
    def hold(self, output: str, seq: int, due: datetime) -> None: ...
    def held(self, output: str) -> list[tuple[datetime, Event]]: ...
    def let_go(self, output: str, seqs: Iterable[int]) -> None: ...


class Notices:
    """Tells events through a notifier. The cursor of this output lives in the log: each event is told once, ever."""

    name = "notices"

    def __init__(
        self,
        notifier: Notifier,
        memory: Memory,
        pages: Callable[[], Iterable[Page]] = tuple,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._notifier = notifier
        self._memory = memory
        self._pages = pages
        self._monotonic = monotonic
        self._now = now
        self._turns: Turns | None = None
        self._ending: dict[str, float] = {}
        self._unreadable: set[str] = set()
        """Pages of which this run has told that they cannot be read."""
        self._away: dict[int, Event] = {}
        """By seq: what came during the last absence."""
        self._lock = threading.Lock()
        self._telling = threading.Lock()

    def deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        with self._telling:
            self._deliver(events, told)

    def _deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        turns = self._counted(before=events[0].seq)
        wanted = self._without_digested(self._wanted(events))
        if len(incident_keys(wanted)) > AT_ONCE:
            self._show(digest(wanted))
            for event in events:
                turns.hear(event)
            for event in wanted:
                self._note_page(event)
            told(events[-1].seq)
            return
        unneeded = brief(wanted)
        for event in events:
            turns.hear(event)
            if event in wanted and event.seq not in unneeded:
                if turns.flaps(event):
                    self._hold(event)
                elif (shown := notice(event)) is not None:
                    self._show(shown)
                    self._note_page(event)
            told(event.seq)

    def _counted(self, before: int) -> Turns:
        """What turned to and fro until now; read back from the log in a new run."""
        if self._turns is None:
            self._turns = Turns()
            for event in self._memory.lately(self._now() - WITHIN - STEADY):
                if event.seq < before:
                    self._turns.hear(event)
        return self._turns

    def _hold(self, event: Event) -> None:
        """Tell an event when what it is about has been steady for a while; that it is not is told once."""
        held = [each for _, each in self._memory.held(self.name) if topic(each) == topic(event)]
        if not held:
            self._show(flapping(event))
        for each in (*held, event):
            self._memory.hold(self.name, each.seq, event.seen_at + STEADY)

    def tell_held(self) -> None:
        """Tell the last word of what has become steady; called now and then, from any thread."""
        if not self._telling.acquire(blocking=False):
            return  # while events are told; there is a next time
        try:
            now = self._now()
            held = self._memory.held(self.name)
            due = [event for at, event in held if at <= now or at - now > 2 * STEADY]  # the clock was set back
            for last in last_words(due):
                self._notifier.withdraw(flapping_key(last))
                if (shown := notice(last)) is not None:
                    self._show(shown)
                self._memory.let_go(self.name, [each.seq for each in due if topic(each) == topic(last)])
        except (NotDelivered, StoreError) as error:
            log.info("What was held back has to wait: %s", error)
        finally:
            self._telling.release()

    def _wanted(self, events: Sequence[Event]) -> list[Event]:
        """What is worth a notice. That a page can be read again is told to whom the opposite was told."""
        pages = {page.id: page for page in self._pages()}
        unreadable = set(self._unreadable)
        wanted = []
        for event in events:
            key = event.page.id
            if event.kind is EventKind.PAGE_READABLE:
                tells = key in unreadable
                unreadable.discard(key)
            else:
                tells = worth_a_notice(event, pages.get(key, event.page))
                unreadable |= {key} if tells and event.kind is EventKind.PAGE_UNREADABLE else set()
            wanted += [event] if tells else []
        return wanted

    def _without_digested(self, wanted: list[Event]) -> list[Event]:
        """Show what came during an absence as one digest, where it is more than a word; what is left to be told."""
        late = [event for event in wanted if event.late and event.incident]
        if not late:
            return wanted
        if self._away and late[-1].seen_at - max(each.seen_at for each in self._away.values()) > ONE_ABSENCE:
            self._away = {}
        away = {**self._away, **{event.seq: event for event in late}}
        if len(away) >= AWAY_EVENTS or len(incident_keys(away.values())) >= AWAY_INCIDENTS:
            if away != self._away:
                self._show(away_digest([away[seq] for seq in sorted(away)]))
            for page_id, incident_id in incident_keys(self._away.values()):
                self._notifier.withdraw(f"incident:{page_id}:{incident_id}")
            wanted = [event for event in wanted if event not in late]
        self._away = away
        return wanted

    def _note_page(self, event: Event) -> None:
        if event.kind is EventKind.PAGE_UNREADABLE:
            self._unreadable.add(event.page.id)
        elif event.kind is EventKind.PAGE_READABLE:
            self._unreadable.discard(event.page.id)

    def _show(self, shown: Notice) -> None:
        self._notifier.show(shown)
        with self._lock:
            self._ending.pop(shown.key, None)
            if shown.over:
                self._ending[shown.key] = self._monotonic() + WITHDRAWN_AFTER

    def withdraw_old(self) -> None:
        """Take away the notices of what is long over; called now and then."""
        now = self._monotonic()
        with self._lock:
            due = [key for key, at in self._ending.items() if at <= now]
            for key in due:
                del self._ending[key]
        for key in due:
            self._notifier.withdraw(key)


def incident_keys(events: Iterable[Event]) -> set[tuple[str, str]]:
    """The incidents that some events are about, by page and id."""
    return {(event.page.id, event.incident.id) for event in events if event.incident}
