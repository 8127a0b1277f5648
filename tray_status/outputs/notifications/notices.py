"""Events → notices: one an incident, replaced as it develops, withdrawn some time after its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

from ...core.attention import worth_a_notice
from ...core.events import Event, EventKind
from ...core.model import Page
from ...core.notice import Notice
from ...core.wording import digest, notice
from .backend import Notifier

AT_ONCE = 5
"""More incidents than this in one delivery become one digest: a storm of notices tells nobody anything."""

WITHDRAWN_AFTER = 600.0
"""Seconds that the notice of a resolved incident stays."""


class Notices:
    """Tells events through a notifier. The cursor of this output lives in the log: each event is told once, ever."""

    name = "notices"

    def __init__(
        self,
        notifier: Notifier,
        pages: Callable[[], Iterable[Page]] = tuple,
        *,
        monotonic: Callable[[], float],
        blind: Callable[[], bool] = lambda: False,
    ) -> None:
        self._notifier = notifier
        self._pages = pages
        self._monotonic = monotonic
        self._blind = blind
        self._ending: dict[str, float] = {}
        self._unreadable: set[str] = set()
        """Pages of which this run has told that they cannot be read."""
        self._lock = threading.Lock()

    def deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        wanted = self._wanted(events)
        incidents = {(event.page.id, event.incident.id) for event in wanted if event.incident}
        if len(incidents) > AT_ONCE:
            self._show(digest(wanted))
            for event in wanted:
                self._note_page(event)
            told(events[-1].seq)
            return
        for event in events:
            if event in wanted and (shown := notice(event)) is not None:
                self._show(shown)
                self._note_page(event)
            told(event.seq)

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
                # When no page can be read, it is this computer's network that is gone; the grey icon says so.
                hidden = event.kind is EventKind.PAGE_UNREADABLE and self._blind()
                tells = not hidden and worth_a_notice(event, pages.get(key, event.page))
                unreadable |= {key} if tells and event.kind is EventKind.PAGE_UNREADABLE else set()
            wanted += [event] if tells else []
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
