"""The past of a Statuspage beyond what its API lists, for `backfill`. Pure.

Seen on supabase's, claude.com's and githubstatus.com's pages: `/history.json?page=N` lists three months each, back to
the beginning, as `months[] {name: "March", year, incidents[] {code, name, message, impact, timestamp}}`, where `code`
is the id that the API uses; `/incidents/<code>.json` is one incident with all its updates, in the shape of the API.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..core.model import Incident
from .reading import Reader
from .v2 import Gathered, read_incident

PLATFORM = "statuspage"

PAGES_LIMIT = 120
"""Thirty years."""

EMPTY_LIMIT = 2
"""After so many pages without an incident the beginning is taken for reached: pages of a quiet year have none."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Months:
    """What one page of the history lists."""

    ids: tuple[str, ...]
    last_day: date | None
    """Not later than this its incidents began; None where that was not told."""


def history_path(number: int) -> str:
    """Of the page of the history with that number, from 1."""
    return f"/history.json?page={number}"


def incident_path(incident_id: str) -> str:
    return f"/incidents/{incident_id}.json"


def read_months(document: Any) -> Months | None:
    """What a page of the history lists; None where it is none."""
    doc = Reader(document if isinstance(document, dict) else {})
    if not doc.lists("months"):
        return None
    ids: list[str] = []
    ends: list[date] = []
    for month in doc.rows("months"):
        year, name = month.number("year"), month.word("name")
        if name in _MONTHS and year is not None and 1990 <= year <= 2100:
            ends.append(_end_of(int(year), _MONTHS.index(name) + 1))
        ids += [code for row in month.rows("incidents") if (code := row.id("code")).isalnum()]
    return Months(tuple(dict.fromkeys(ids)), max(ends, default=None))


def _end_of(year: int, month: int) -> date:
    """The first day after a month."""
    return date(year + month // 12, month % 12 + 1, 1)


def read_one(document: Any, page_url: str | None) -> Incident | None:
    """One incident with all its updates; None where the document is none."""
    doc = Reader(document if isinstance(document, dict) else {})
    row = doc.part("incident") if "incident" in doc else doc
    if not row.id() or not row.lists("incident_updates"):
        return None
    return read_incident(row, Gathered(platform=PLATFORM, url=page_url))
