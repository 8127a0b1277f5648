"""Events whose notice comes later, or as one: what flaps, what came in an absence, what was to be quiet."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from ...core.attention import Say
from ...core.events import Event, EventKind
from ...core.flaps import STEADY, last_words, topic
from ...core.notice import Notice
from ...core.notice_words import away_digest, flapping, flapping_key, notice

log = logging.getLogger(__name__)

AWAY_INCIDENTS, AWAY_EVENTS = 2, 3
"""So many incidents, or events, that were held back are one digest."""

COMING_BACK = timedelta(seconds=20)
"""So long the news of an absence wait for each other, to be one digest."""

AWAY, FLAPS, QUIET = "away", "flaps", "quiet"
"""Why an event is held back, as the log keeps it."""

TITLES = {AWAY: "While you were away", QUIET: "While it was quiet"}


class Memory(Protocol):
    """Where events are kept that are told later; see `store/log.py`. Each may raise StoreError."""

    def lately(self, since: datetime, limit: int = 1000) -> list[Event]: ...
    def hold(self, output: str, seq: int, due: datetime, why: str) -> None: ...
    def held(self, output: str) -> list[tuple[datetime, str, Event]]: ...
    def let_go(self, output: str, seqs: Iterable[int]) -> None: ...
    def last_of(self, kind: EventKind, page_id: str, before: int) -> Event | None: ...


class Held:
    """What one output holds back. `show` and `withdraw` are its own, and `say` is what becomes of an event by now."""

    def __init__(
        self,
        output: str,
        memory: Memory,
        now: Callable[[], datetime],
        show: Callable[[Notice], None],
        withdraw: Callable[[str], None],
        say: Callable[[Event], Say],
    ) -> None:
        self._output = output
        self._memory = memory
        self._now = now
        self._show = show
        self._withdraw = withdraw
        self._say = say

    def hold_until_steady(self, event: Event) -> None:
        """Tell an event when what it is about has been steady for a while; that it is not is told once."""
        held = [each for _, why, each in self._held() if why == FLAPS and topic(each) == topic(event)]
        if not held:
            self._show(flapping(event))
        for each in (*held, event):
            self._memory.hold(self._output, each.seq, event.seen_at + STEADY, FLAPS)

    def hold_for_digest(self, event: Event) -> None:
        """What came during an absence waits a moment for the rest of it: the pages are read one after the other."""
        waiting = [due for due, why, _ in self._held() if why == AWAY]
        self._memory.hold(self._output, event.seq, min((*waiting, event.seen_at + COMING_BACK)), AWAY)

    def hold_for_quiet(self, event: Event) -> None:
        """What is not to be told now is told as soon as it is not quiet any more, whenever that is."""
        self._memory.hold(self._output, event.seq, event.seen_at, QUIET)

    def tell_due(self) -> None:
        """Tell what is due. Raises NotDelivered and StoreError; the rest stays due."""
        now = self._now()
        too_far = 2 * STEADY  # the clock was set back
        due = [(why, event) for at, why, event in self._held() if at <= now or at - now > too_far]
        self._tell_steady([event for why, event in due if why == FLAPS])
        for why in (AWAY, QUIET):
            self._tell_digest(self._wanted([event for reason, event in due if reason == why]), TITLES[why])

    def _wanted(self, events: Sequence[Event]) -> list[Event]:
        """Those that may be told now. What is not wanted any more is let go, what is to be quiet still waits."""
        wanted = []
        for event in events:
            say = self._say(event)
            if say is Say.NOW:
                wanted.append(event)
            elif say is Say.NEVER:
                log.debug("%s: no notice for event %d any more", event.page.name, event.seq)
                self._memory.let_go(self._output, [event.seq])
        return wanted

    def _tell_digest(self, events: Sequence[Event], title: str) -> None:
        """What was held back, as one digest where it is more than a word."""
        if len(events) < AWAY_EVENTS and len(subjects(events)) < AWAY_INCIDENTS:
            for event in events:
                if (shown := notice(event)) is not None:
                    self._show(shown)
                self._memory.let_go(self._output, [event.seq])
            return
        self._show(away_digest(events, title))
        self._memory.let_go(self._output, [event.seq for event in events])
        for key in {shown.key for event in events if (shown := notice(event))}:
            self._withdraw(key)  # what it said before is part of the digest now

    def _tell_steady(self, steady: Sequence[Event]) -> None:
        for last in last_words(steady):
            self._withdraw(flapping_key(last))
            if self._say(last) is Say.NOW and (shown := notice(last)) is not None:
                self._show(shown)
            self._memory.let_go(self._output, [each.seq for each in steady if topic(each) == topic(last)])

    def _held(self) -> list[tuple[datetime, str, Event]]:
        return self._memory.held(self._output)


def subjects(events: Iterable[Event]) -> set[tuple[str, str]]:
    """What some events are about: incidents by page and id, and pages that cannot be read, or can be again."""
    return {(event.page.id, event.incident.id if event.incident else "") for event in events}
