"""What the person has not looked at yet."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from ..core.attention import Say, decide
from ..core.events import Event
from ..core.model import Page
from ..core.wishes import Wished
from ..errors import StoreError

log = logging.getLogger(__name__)

ASK_AGAIN = 60.0
"""Seconds after which the log is asked anew though nobody said that it grew: it may not have been readable."""

Marks = frozenset[tuple[str, str]]


class Source(Protocol):
    """Where it is kept how far the person has looked."""

    def unseen(self) -> list[Event]: ...
    def note_seen(self) -> None: ...


def marks(events: Iterable[Event]) -> Marks:
    """Of which incidents, by their page's id and their own, something is new."""
    return frozenset((event.page.id, event.incident.id) for event in events if event.incident)


def is_unread(events: Iterable[Event], pages: Sequence[Page], wishes: Sequence[Wished]) -> bool:
    """Whether something is new that this person wants to hear of."""
    watched = {page.id: page for page in pages}
    return any(
        page is not None and decide(event, page, wishes).say is not Say.NEVER
        for event in events
        for page in [watched.get(event.page.id)]
    )


class News:
    """What is new, and that it stays marked for as long as the person looks at it."""

    def __init__(self, source: Source, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._monotonic = monotonic
        self._unseen: list[Event] = []
        self._asked_at: float | None = None
        """When the log was asked last; None where it has to be asked: who never looks has a thousand events there."""
        self._looked_at: Marks = frozenset()
        self._looking = False

    def grew(self) -> None:
        """The log has grown, or somebody has looked."""
        self._asked_at = None

    def now(self) -> tuple[list[Event], Marks]:
        """What happened since the person looked last, and what is marked as new."""
        now = self._monotonic()
        if self._asked_at is None or now - self._asked_at > ASK_AGAIN:
            self._asked_at = now  # first: it may grow while it is asked
            self._unseen = self._source.unseen()
        return self._unseen, marks(self._unseen) | self._looked_at

    def look(self, opened: bool) -> None:
        """The person opened the menu, or closed it."""
        if opened:
            seen = marks(self._source.unseen())
            self._looked_at = self._looked_at | seen if self._looking else seen
            self.note_seen()
        else:
            self._looked_at = frozenset()
        self._looking = opened

    def note_seen(self) -> None:
        try:
            self._source.note_seen()
        except StoreError as error:
            log.info("That the person has looked cannot be noted: %s", error)
        self.grew()
