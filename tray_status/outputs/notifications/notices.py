"""Events → notices: one an incident, replaced as it develops, withdrawn some time after its end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from ...core.attention import worth_a_notice
from ...core.events import Event, EventKind
from ...core.flaps import STEADY, WITHIN, Turns, brief, last_words, topic
from ...core.model import Page
from ...core.notice import Notice
from ...core.wording import away_digest, digest, flapping, flapping_key, notice, parts_key, parts_notice
from ...errors import NotDelivered, StoreError
from .backend import Notifier

log = logging.getLogger(__name__)

AT_ONCE = 5
"""More incidents and pages than this in one delivery become one digest: a storm of notices tells nobody anything."""

AWAY_INCIDENTS, AWAY_EVENTS = 2, 3
"""So many incidents, or events, that come after an absence are one digest."""

COMING_BACK = timedelta(seconds=20)
"""So long the news of an absence wait for each other, to be one digest."""

WITHDRAWN_AFTER = 600.0
"""Seconds that the notice of a resolved incident stays."""


class Memory(Protocol):
    """Where events are kept that are told later; see `store/log.py`. Each may raise StoreError."""

    def lately(self, since: datetime, limit: int = 1000) -> list[Event]: ...
    def hold(self, output: str, seq: int, due: datetime) -> None: ...
    def held(self, output: str) -> list[tuple[datetime, Event]]: ...
    def let_go(self, output: str, seqs: Iterable[int]) -> None: ...
    def last_of(self, kind: EventKind, page_id: str, before: int) -> Event | None: ...


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
        self._unreadable: dict[str, bool] = {}
        """By page: whether the last word of this run was that it cannot be read."""
        self._lock = threading.Lock()
        self._telling = threading.Lock()

    def deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        with self._telling:
            self._deliver(events, told)

    def _deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        turns = self._counted(before=events[0].seq)
        wanted = {event.seq: event for event in self._wanted(events)}
        now = [event for event in wanted.values() if not event.late or event.incident is None]
        if len(subjects(now)) > AT_ONCE:
            self._show(digest(now))
            for event in now:
                self._note_page(event)
                del wanted[event.seq]
        unneeded, together = brief(now), alike(now)
        for event in events:
            turns.hear(event)
            if event.seq in wanted and event.seq not in unneeded:
                self._tell(event, together.get(event.seq, (event,)), flaps=turns.flaps(event))
            elif event.component is not None and event.component.over:
                self._notifier.withdraw(parts_key(event.page))
            told(event.seq)

    def _tell(self, event: Event, together: Sequence[Event], *, flaps: bool) -> None:
        """Tell an event; `together` are those that share one notice with it, which is shown with the last of them."""
        if event.late and event.incident is not None:
            self._hold_for_digest(event)
        elif flaps:
            self._hold_until_steady(event)
        elif event is together[-1] and (shown := parts_notice(together) if event.component else notice(event)):
            self._show(shown)
            self._note_page(event)
            if event.kind is EventKind.OPENED:
                self._notifier.withdraw(parts_key(event.page))  # now it has a name

    def _counted(self, before: int) -> Turns:
        """What turned to and fro until now; read back from the log in a new run."""
        if self._turns is None:
            self._turns = Turns()
            for event in self._memory.lately(self._now() - WITHIN - STEADY):
                if event.seq < before:
                    self._turns.hear(event)
        return self._turns

    def _hold_until_steady(self, event: Event) -> None:
        """Tell an event when what it is about has been steady for a while; that it is not is told once."""
        held = [each for _, each in self._memory.held(self.name) if topic(each) == topic(event) and not each.late]
        if not held:
            self._show(flapping(event))
        for each in (*held, event):
            self._memory.hold(self.name, each.seq, event.seen_at + STEADY)

    def _hold_for_digest(self, event: Event) -> None:
        """What came during an absence waits a moment for the rest of it: the pages are read one after the other."""
        waiting = [due for due, each in self._memory.held(self.name) if each.late]
        self._memory.hold(self.name, event.seq, min((*waiting, event.seen_at + COMING_BACK)))

    def tell_held(self) -> None:
        """Tell what was held back and is due; called now and then, from any thread."""
        if not self._telling.acquire(blocking=False):
            return  # while events are told; there is a next time
        try:
            now = self._now()
            held = self._memory.held(self.name)
            due = [event for at, event in held if at <= now or at - now > 2 * STEADY]  # the clock was set back
            self._tell_away([event for event in due if event.late])
            self._tell_steady([event for event in due if not event.late])
        except (NotDelivered, StoreError) as error:
            log.info("What was held back has to wait: %s", error)
        finally:
            self._telling.release()

    def _tell_away(self, away: Sequence[Event]) -> None:
        """What came during an absence, as one digest where it is more than a word."""
        if len(away) < AWAY_EVENTS and len(subjects(away)) < AWAY_INCIDENTS:
            for event in away:
                if (shown := notice(event)) is not None:
                    self._show(shown)
                self._memory.let_go(self.name, [event.seq])
            return
        self._show(away_digest(away))
        self._memory.let_go(self.name, [event.seq for event in away])
        for key in {shown.key for event in away if (shown := notice(event))}:
            self._notifier.withdraw(key)  # what it said before the absence is part of the digest now

    def _tell_steady(self, steady: Sequence[Event]) -> None:
        for last in last_words(steady):
            self._notifier.withdraw(flapping_key(last))
            if (shown := notice(last)) is not None:
                self._show(shown)
            self._memory.let_go(self.name, [each.seq for each in steady if topic(each) == topic(last)])

    def _wanted(self, events: Sequence[Event]) -> list[Event]:
        """What is worth a notice. That a page can be read again is told to whom the opposite was told."""
        pages = {page.id: page for page in self._pages()}
        unreadable = dict(self._unreadable)
        wanted = []
        for event in events:
            key, kind = event.page.id, event.kind
            if kind is EventKind.PAGE_READABLE:
                tells = unreadable.get(key, True) and self._was_told_unreadable(event, unreadable)
                unreadable[key] = False
            else:
                tells = worth_a_notice(event, pages.get(key, event.page))
                if kind is EventKind.PAGE_UNREADABLE:
                    unreadable[key] = tells
            if tells:
                wanted.append(event)
            else:
                log.debug("%s: no notice for event %d (%s)", event.page.name, event.seq, kind.value)
        return wanted

    def _was_told_unreadable(self, event: Event, unreadable: Mapping[str, bool]) -> bool:
        """Whether the last word was that a page cannot be read, in this run or in an earlier one."""
        if event.page.id in unreadable:
            return unreadable[event.page.id]
        before = self._memory.last_of(EventKind.PAGE_UNREADABLE, event.page.id, event.seq)
        return before is not None and worth_a_notice(before, before.page)

    def _note_page(self, event: Event) -> None:
        if event.problem is not None:
            self._unreadable[event.page.id] = event.kind is EventKind.PAGE_UNREADABLE

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


def subjects(events: Iterable[Event]) -> set[tuple[str, str]]:
    """What some events are about: incidents by page and id, and pages that cannot be read, or can be again."""
    return {(event.page.id, event.incident.id if event.incident else "") for event in events}


def alike(events: Iterable[Event]) -> dict[int, tuple[Event, ...]]:
    """By seq: the components of one page that changed with one reading of it, what probes found apart."""
    groups: dict[tuple[str, datetime], list[Event]] = {}
    for event in events:
        if event.component is not None and not event.component.found:
            groups.setdefault((event.page.id, event.seen_at), []).append(event)
    return {event.seq: tuple(group) for group in groups.values() for event in group}
