"""A vendor's page in any dialect, polled the real way: detection, provider, diff and log; only the network is played."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tests.providers.dialects.dialect import API, WEB, Dialect, at
from tray_status.core.exchange import Answer, Problem, Request
from tray_status.core.model import Component, Impact, Incident, Page, Reading
from tray_status.core.view import PageView, view_of
from tray_status.poller import PagePoll
from tray_status.providers.registry import AnyPlatform
from tray_status.store import Store


def encoded(document: Any, encoding: str = "utf-8") -> bytes:
    if isinstance(document, bytes):
        return document
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    return (mark + json.dumps(document)).encode(encoding)


class VendorPage:
    """One page, its documents, and a watch over it. Also plays the fetcher."""

    def __init__(self, dialect: Dialect, *, address: str | None = None) -> None:
        self.dialect = dialect
        self.address = address or dialect.address
        self.documents: dict[str, Any] = {}
        self.asked: list[str] = []
        self.catch_all: bytes | None = None
        """What every path brings that has no document of its own; None is a 404."""
        self.store = Store.open(None)
        self._minutes = 0.0
        self._page = Page("acme", "acme", self.address, named=False)
        self.begin()

    def begin(self) -> None:
        """A run of the program over what `store` holds."""
        self._poll = PagePoll(self._page, AnyPlatform(), self, self.store, lambda: at(self._minutes))

    def says(self, *incidents: Incident, components: Sequence[Component] = (API, WEB)) -> VendorPage:
        """The vendor publishes this."""
        self.documents = self.dialect.write(incidents, components)
        return self

    def serves(self, documents: Mapping[str, Any]) -> VendorPage:
        self.documents = dict(documents)
        return self

    def get(self, request: Request) -> Answer | Problem:
        self.asked.append(request.url)
        for path, document in self.documents.items():
            if request.url == (path if "://" in path else self.address + path):
                return Answer(request.url, 200, encoded(document, self.dialect.encoding))
        if self.catch_all is not None:
            return Answer(request.url, 200, self.catch_all)
        return Answer(request.url, 404)

    def poll(self, times: int = 1) -> list[str]:
        """Poll so often, a minute apart; the kinds of the events that it brought, components' own left out."""
        before = self.store.last_seq()
        for _ in range(times):
            self._minutes += 1
            self._poll.poll()
        events = self.store.events(before, limit=10_000)
        return [event.kind.value for event in events if event.component is None]

    @property
    def events(self):
        return [event for event in self.store.events(limit=10_000) if event.component is None]

    @property
    def view(self) -> PageView:
        return view_of(self._poll.state, at(self._minutes) + timedelta(seconds=5))

    @property
    def is_green(self) -> bool:
        return self.view.impact is Impact.NONE

    @property
    def is_read(self) -> bool:
        return self.view.state.reading is Reading.FRESH

    @property
    def platform(self) -> str | None:
        return self.view.state.platform
