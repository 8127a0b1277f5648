"""Upptime, which keeps its results in a repository on GitHub. Documentation: https://upptime.js.org/docs; the shape
as recorded, and as its source writes it, https://github.com/upptime/uptime-monitor (`src/interfaces.ts`).

`history/summary.json` of the repository is authoritative for how each site is. Its page reads the same document,
from `master`; `HEAD` is the default branch, whatever it is called. GitHub caches it for five minutes. Silent: the
page's name, since when a site is down, and what people write in the repository's issues, which are not asked for:
GitHub answers few questions an hour to those who have no account. A site's minutes of downtime tell one outage
from the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ..core.model import Component, Impact, Snapshot
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation
from .outages import Monitored, outages
from .platform import Platform
from .reading import Reader, look_up

PATH = "/history/summary.json"
RAW = "https://raw.githubusercontent.com"

STATES: Mapping[str, Impact] = {"up": Impact.NONE, "degraded": Impact.MINOR, "down": Impact.CRITICAL}

REPOSITORIES_AT_MOST = 2
"""A page names few repositories, its own among the first."""

_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
_REPOSITORY = re.compile(rf"https://(?:raw\.githubusercontent|github)\.com/({_NAME})/({_NAME})(?=[/\"'?#\s<]|\Z)")
_PAGES = re.compile(rf"({_NAME})\.github\.io", re.IGNORECASE)
_UPPTIME = re.compile(r"upptime", re.IGNORECASE)
_OTHERS = frozenset({"upptime/upptime", "upptime/status-page", "upptime/uptime-monitor", "upptime/assets"})
"""Every page may name these for its icon or its footer."""


def own_source(address: str) -> str | None:
    """Of a repository's own address, as people paste it."""
    match = _REPOSITORY.match(address)
    return _source(match[1], match[2]) if match else None


def traces(html: str, address: str) -> Iterable[str]:
    """A page of GitHub's is called by owner and repository; the page itself links to it, where that is not hidden."""
    if not _UPPTIME.search(html):
        return ()
    return list(dict.fromkeys(_source(*each) for each in _repositories(html, address)))[:REPOSITORIES_AT_MOST]


def _repositories(html: str, address: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(address)
    if owner := _PAGES.fullmatch(parts.hostname or ""):
        name = parts.path.strip("/").partition("/")[0] or parts.hostname or ""
        if re.fullmatch(_NAME, name):
            yield owner[1], name
    for match in _REPOSITORY.finditer(html):
        if f"{match[1]}/{match[2]}".lower() not in _OTHERS:
            yield match[1], match[2]


def _source(owner: str, repository: str) -> str:
    return f"{RAW}/{owner}/{repository.removesuffix('.git')}/HEAD"


def is_mine(document: Document) -> bool:
    rows = _rows(document)
    return bool(rows) and all(
        row.id("slug") and row.line("name") and row.word("status") in STATES and "uptime" in row and "time" in row
        for row in rows
    )


def _rows(document: Document) -> list[Reader]:
    """The sites; none where the document is anything but a list of objects."""
    try:
        value: Any = document.json
    except NotThisPlatform:
        return []
    rows = list(Reader({"rows": value}).rows("rows"))
    return rows if isinstance(value, list) and len(rows) == len(value) else []


def read(situation: Situation, _told: Answers, document: Document) -> Snapshot:
    rows = _rows(document)
    if (
        not rows
        or not all(row.id("slug") or row.line("name") for row in rows)
        or not any("uptime" in row for row in rows)
    ):
        raise NotThisPlatform("its answer is JSON, but not a list of sites")
    oddities: list[str] = []
    monitored = [_monitored(row, oddities) for row in rows]
    return Snapshot(
        platform=PLATFORM.name,
        components=tuple(each.component for each in monitored),
        all_components=True,
        incidents=outages(situation, monitored),
        open_told=True,
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _monitored(row: Reader, oddities: list[str]) -> Monitored:
    word = row.word("status")
    key = row.id("slug") or row.line("name")
    impact = look_up(STATES, word, Impact.UNKNOWN, oddities, "state")
    days = row.part("dailyMinutesDown")
    minutes = sum(days.number(day) or 0 for day in days.fields)
    return Monitored(Component(key, row.line("name") or key, impact, word), mark=f"{minutes:.0f}")


PLATFORM = Platform(
    name="upptime",
    title="Upptime",
    tells="how each site is, some minutes late; no words",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    sources=(),
    own_source=own_source,
    traces=traces,
)
