"""The status page over model objects that a test puts together, served for real."""

from __future__ import annotations

import http.client
from datetime import datetime, timezone
from urllib.parse import urlsplit

from tests.specimens import ACME, incident, state_of, update
from tray_status.core.model import Incident, Page
from tray_status.core.view import Overview, PageState, look
from tray_status.core.wishes import Wished
from tray_status.store import Store
from tray_status.web.site import Site


class Shown:
    """What the page is asked to show; a test may change `states` and `past` at any time."""

    def __init__(self, *states: PageState, past: list[tuple[Page, Incident]] | None = None) -> None:
        self.states = states
        self.past = past or []
        self.error: Exception | None = None
        self.next: datetime | None = None
        self.wished: list[Wished] = []
        self.store = Store.open(None)

    @property
    def site(self) -> Site:
        return Site(self)

    def overview(self) -> Overview:
        if self.error:
            raise self.error
        return look(self.states, datetime.now(timezone.utc))

    def recent(self, limit: int = 10) -> list[tuple[Page, Incident]]:
        return self.past[:limit]

    def next_check(self) -> datetime | None:
        return self.next

    def wishes(self) -> list[Wished]:
        return self.wished

    def polls(self):
        return {}

    def ailment(self) -> str:
        return ""

    def usual(self, page_id: str) -> str | None:
        return None


def acme(*incidents: Incident, **more) -> PageState:
    """Acme, read just now."""
    now = datetime.now(timezone.utc)
    return state_of(ACME, *incidents, **{"read_at": now, "checked_at": now, **more})


TROUBLE = incident(update(1), update(2, text="Found it."), name="Elevated errors")


def ask(url, path="/", method="GET", headers=None, body=None):
    """Status, headers and text of one request on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        connection.close()
