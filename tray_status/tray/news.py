"""What the person has not looked at yet."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Protocol

from ..core.attention import Say, decide
from ..core.events import Event
from ..core.model import Page
from ..core.wishes import Wished
from ..errors import StoreError

log = logging.getLogger(__name__)

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

    def __init__(self, source: Source) -> None:
        self._source = source
        self._looked_at: Marks = frozenset()
        self._looking = False

    def now(self) -> tuple[list[Event], Marks]:
        """What happened since the person looked last, and what is marked as new."""
        events = self._source.unseen()
        return events, marks(events) | self._looked_at

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
