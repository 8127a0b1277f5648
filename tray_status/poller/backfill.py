"""Reads as much of a page's past as the page tells, one question after the other; what is known is not asked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from ..core.exchange import Request
from ..core.model import Incident, Page
from ..errors import NotThisPlatform
from ..providers.documents import Told, judge
from ..providers.older import (
    EMPTY_LIMIT,
    PAGES_LIMIT,
    PLATFORM,
    history_path,
    incident_path,
    read_months,
    read_one,
)
from ..store import Store
from .page_poll import Fetch

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.3
"""Between two questions: a history is no hurry, and the host is a stranger's."""

FAILURES_LIMIT = 5
"""So many failures in a row end it; what was read until then is kept."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of it."""

    added: int
    known: int
    """Listed, and known before."""
    trouble: str = ""
    """Why it ended early, or what could not be read, in a sentence; empty where all went well."""


def can_be_filled(platform: str | None) -> bool:
    """Whether pages of that platform tell more of their past than each poll reads."""
    return platform == PLATFORM


def backfill(
    page: Page,
    fetch: Fetch,
    store: Store,
    since: date,
    *,
    progress: Callable[[int, int], None] = lambda _done, _listed: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Filled:
    """Note what happened since that day and was not known. Raises StoreError.

    `progress` is told how many incidents were looked at, of how many that were listed so far.
    """
    asking = _Asking(store.state(page).moved_to or page.url, fetch, sleep)
    known = added = done = listed = empty = 0
    for number in range(1, PAGES_LIMIT + 1):
        months = read_months(asking.json(history_path(number), may_end=number > 1))
        if months is None:
            nothing = "" if number > 1 else "its history could not be read"
            return Filled(added, known, asking.trouble or nothing)
        listed += len(months.ids)
        for incident_id in months.ids:
            done += 1
            progress(done, listed)
            if store.past.incident(page.id, incident_id) is not None:
                known += 1
                continue
            found = read_one(asking.json(incident_path(incident_id)), page.url)
            if asking.ended:
                return Filled(added, known, asking.trouble)
            if found is not None:
                added += _keep(page, store, found)
        empty = 0 if months.ids else empty + 1
        if empty >= EMPTY_LIMIT or (months.last_day is not None and months.last_day <= since):
            break
    return Filled(added, known, asking.trouble)


def _keep(page: Page, store: Store, incident: Incident) -> int:
    with store.writing(page) as writing:
        return writing.backfill([incident])


class _Asking:
    """Asks one host, politely; notes what went wrong."""

    def __init__(self, base: str, fetch: Fetch, sleep: Callable[[float], None]) -> None:
        self._base = base
        self._host = urlsplit(base).netloc
        self._fetch = fetch
        self._sleep = sleep
        self._asked = self._failed = 0
        self.trouble = ""
        self.ended = False

    def json(self, path: str, *, may_end: bool = False) -> Any:
        """The document; None where it did not come, which is no trouble where all may be read by now."""
        if self._asked:
            self._sleep(PAUSE_SECONDS)
        self._asked += 1
        document = judge(self._fetch.get(Request(self._base + path)), self._host)
        if document.told is Told.ABSENT and may_end:
            return None
        why = document.problem.text if document.problem else "it is not there"
        if document.told is Told.FRESH:
            try:
                told = document.json
            except NotThisPlatform as error:
                why = str(error)
            else:
                self._failed = 0
                return told
        self._failed += 1
        self.trouble = f"{path} could not be read: {why}"
        log.info("%s%s", self._base, f": {self.trouble}")
        wants_rest = document.problem is not None and document.problem.retry_after is not None
        self.ended = wants_rest or self._failed >= FAILURES_LIMIT
        return None
