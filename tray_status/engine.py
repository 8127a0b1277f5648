"""Store, poller and delivery put together: everything but what a person sees."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from .core.events import Event
from .core.model import Incident, Page
from .core.view import Overview, look
from .delivery import Delivery, Output
from .errors import StoreError
from .fetch import Fetcher
from .poller import Poller
from .poller.loop import utc_now
from .providers.statuspage import StatuspageProvider
from .store import Store

log = logging.getLogger(__name__)

TOLD = "console"
"""The cursor of what was told to this person, on whatever console."""


class Engine:
    """Polls pages into the log and feeds outputs from it. Start order: `poll`, then outputs, then `deliver`."""

    def __init__(self, pages: Sequence[Page], database: Path | None) -> None:
        self.notes: list[str] = []
        """What the person should be told about how this started."""
        self.store = self._open(database)
        self.fetcher = Fetcher()
        self.poller = Poller(pages, StatuspageProvider(), self.fetcher, self.store)
        self.delivery = Delivery(self.store, [page.id for page in pages])
        self.started_after = self.store.last_seq()
        """The last event that was in the log before this run."""

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

    def overview(self) -> Overview:
        """How everything stands now. Raises StoreError before the first poll where the log cannot be read."""
        return look(self.poller.states(), utc_now())

    def recent(self, limit: int = 10) -> list[tuple[Page, Incident]]:
        """The newest incidents with their pages, open or not. Raises StoreError."""
        pages = {state.page.id: state.page for state in self.poller.states()}
        return [(pages[page_id], incident) for page_id, incident in self.store.recent(list(pages), limit)]

    def untold(self, output: str) -> tuple[int, list[Event]]:
        """Where an output has to go on, and the news since then: what was found at a first reading is none."""
        cursor = self.store.cursor(output)
        after = self.started_after if cursor is None else cursor
        end = self.store.last_seq()
        news: list[Event] = []
        position = after
        while events := self.store.events(position, page_ids=[page.id for page in self.poller.pages]):
            news += [event for event in events if not event.first and event.seq <= end]
            position = events[-1].seq
        return end, news

    def feed(self, output: Output, *, after: int, kept: bool) -> None:
        self.delivery.add(output, after=after, kept=kept)

    def stop(self) -> None:
        """End all of it in well under a second."""
        self.fetcher.close()
        self.poller.stop()
        self.delivery.stop()
        self.store.close()
