"""Checkly status pages. Not documented; shapes as seen at Mistral's page from July to September 2026, words also from
Checkly's management API (https://www.checklyhq.com/docs/api-reference, status pages) and its command line program.

`/summary.json` is authoritative for the page's state and for all that is open, without words. Those are in what the
page itself asks: `/api/status-page/<slug>/unresolved-incidents`, the slug being the page's name below
`checkly-status-page.com`, which the summary tells. It has open incidents with all their words, and stands in for the
summary where a page has none: then `…/maintenance-windows` tells planned work. What is over leaves each list without
a word, and an empty list proves no platform: a page without a summary is only recognised while something is open.

Assumed: the fields and words of maintenances, of which none was seen; what is listed as active without a state is
under way. Four severities are known from the API (three are used at Mistral), so MAJOR is not the worst.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from ..core.merge import in_time, merge
from ..core.model import Affected, Impact, Incident, Kind, Snapshot, State, Update
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Want, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up

SUMMARY = "/summary.json"
API = "/api/status-page/"
UNRESOLVED = "/unresolved-incidents"
WINDOWS = "/maintenance-windows"
HOST = ".checkly-status-page.com"

PAGE_STATES: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "up": Impact.NONE,
    "under_maintenance": Impact.MAINTENANCE,
    "has_issues": Impact.MINOR,
}
SEVERITIES: Mapping[str, Impact] = {
    "minor": Impact.MINOR,
    "medium": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
    "maintenance": Impact.MAINTENANCE,
}
STATES: Mapping[str, State] = {
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
}
PLANNED: Mapping[str, State] = {
    "upcoming": State.SCHEDULED,
    "scheduled": State.SCHEDULED,
    "not_started_yet": State.SCHEDULED,
    "notstartedyet": State.SCHEDULED,
    "active": State.IN_PROGRESS,
    "in_progress": State.IN_PROGRESS,
    "inprogress": State.IN_PROGRESS,
    "completed": State.COMPLETED,
}

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}")
TRACES = 3
"""So many names that a web page gives away are tried."""

_TRACE = re.compile(r"(?:/api/status-page/|https?://)([A-Za-z0-9_-]{1,80})(?:/|\.checkly-status-page\.com)")


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    page = doc.part("page")
    if "name" in page and doc.lists("activeIncidents") and doc.lists("activeMaintenances"):
        ours = any("affectedServices" in row and "severity" in row for row in doc.rows("activeIncidents"))
        word = page.word("status")
        return ours or _slug(page) != "" or (word in PAGE_STATES and word != "up")
    rows = list(doc.rows("incidents"))
    return bool(rows) and all("lastUpdateStatus" in row and row.lists("incidentUpdates") for row in rows)


def traces(html: str, _address: str) -> Iterable[str]:
    if "checkly" not in html:
        return ()
    found = (match for match in _TRACE.finditer(html) if match[0].startswith(API) or match[0].endswith(HOST))
    slugs = list(dict.fromkeys(match[1] for match in found))
    return (SUMMARY, *(f"{API}{slug}{UNRESOLVED}" for slug in slugs[:TRACES]))


def more(situation: Situation, told: Answers) -> Iterable[Want]:
    if situation.source != SUMMARY:
        yield Want(situation.source.removesuffix(UNRESOLVED) + WINDOWS)
        return
    doc = Reader(json_object(told.get(SUMMARY)) or {})
    if (slug := _slug(doc.part("page"))) and next(doc.rows("activeIncidents"), None) is not None:
        yield Want(f"{API}{slug}{UNRESOLVED}")


def _slug(page: Reader) -> str:
    """The page's name below Checkly's own host; empty where that is not told."""
    host = urlsplit(page.url("url") or "").hostname or ""
    slug = host.removesuffix(HOST)
    return slug if slug != host and _SLUG.fullmatch(slug) else ""


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    oddities: list[str] = []
    if situation.source == SUMMARY or "page" in doc:
        snapshot = _summary(doc, told, oddities)
    elif doc.lists("incidents"):
        windows = Reader(json_object(told.get(situation.source.removesuffix(UNRESOLVED) + WINDOWS)) or {})
        snapshot = _unresolved(doc, windows, oddities)
    else:
        raise NotThisPlatform("it does not list what is open as Checkly does")
    return snapshot


def _summary(doc: Reader, told: Answers, oddities: list[str]) -> Snapshot:
    page = doc.part("page")
    words = Reader(json_object(told.get(f"{API}{_slug(page)}{UNRESOLVED}")) or {})
    spoken = {each.id: each for each in _incidents(words.rows("incidents"), oddities)}
    brief = list(_incidents(doc.rows("activeIncidents"), oddities))
    incidents = [merge(each, spoken[each.id]) if each.id in spoken else each for each in brief]
    incidents += [_maintenance(row, "", oddities) for row in doc.rows("activeMaintenances")]
    return Snapshot(
        platform=PLATFORM.name,
        name=page.line("name") or None,
        url=page.url("url"),
        indicator=look_up(PAGE_STATES, page.word("status"), Impact.UNKNOWN, oddities, "page state"),
        incidents=all_once(incidents),
        open_told=doc.lists_all("activeIncidents"),
        open_maintenances_told=doc.lists_all("activeMaintenances"),
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _unresolved(doc: Reader, windows: Reader, oddities: list[str]) -> Snapshot:
    incidents = list(_incidents(doc.rows("incidents"), oddities))
    incidents += [_maintenance(row, each, oddities) for each in ("upcoming", "active") for row in windows.rows(each)]
    return Snapshot(
        platform=PLATFORM.name,
        incidents=all_once(incidents),
        open_told=doc.lists_all("incidents"),
        open_maintenances_told=windows.lists_all("upcoming") and windows.lists_all("active"),
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _incidents(rows: Iterable[Reader], oddities: list[str]) -> Iterator[Incident]:
    """The incidents of either list: the page's own calls some fields by other names than the summary."""
    for row in rows:
        started = row.time("startedAt") or row.time("created_at")
        word = row.word("lastUpdateStatus") or row.word("status")
        updates = in_time(tuple(_update(each, oddities) for each in row.rows("incidentUpdates")))
        state = look_up(STATES, word, State.UNKNOWN, oddities, "state")
        over = [each.at for each in updates if each.state is State.RESOLVED and each.at]
        impact = None
        if "severity" in row:
            impact = look_up(SEVERITIES, row.word("severity"), Impact.UNKNOWN, oddities, "severity")
        yield Incident(
            id=row.known_id(started),
            name=row.line("name") or "(no title)",
            state=state,
            word=word,
            impact=impact,
            url=row.url("url"),
            started_at=started,
            resolved_at=max(over, default=None) if state is State.RESOLVED else None,
            affected=_affected(row),
            updates=updates,
        )


def _update(row: Reader, oddities: list[str]) -> Update:
    at = row.time("publicIncidentUpdateDate") or row.time("created_at")
    word = row.word("status")
    state = look_up(STATES, word, State.UNKNOWN, oddities, "state")
    return Update(row.known_id(at), state, word, row.text("description"), at)


def _affected(row: Reader) -> tuple[Affected, ...] | None:
    key = "affectedServices" if row.lists("affectedServices") else "services"
    if not row.lists(key):
        return None
    return tuple(
        Affected(each.id() or None, each.line("name") or each.id()) for each in row.rows(key) if each.is_somebody
    )


def _maintenance(row: Reader, listed: str, oddities: list[str]) -> Incident:
    begin, end = (
        _first_time(row, "startsAt", "startAt", "startedAt", "start"),
        _first_time(row, "endsAt", "endAt", "end"),
    )
    word = row.word("status") or listed or "active"
    state = look_up(PLANNED, word, State.UNKNOWN, oddities, "maintenance state")
    return Incident(
        id=row.known_id(begin),
        name=row.line("name") or row.line("title") or "(no title)",
        state=state,
        word=word,
        kind=Kind.MAINTENANCE,
        url=row.url("url"),
        started_at=None if state is State.SCHEDULED else begin,
        affected=_affected(row),
        scheduled_for=begin,
        scheduled_until=end,
    )


def _first_time(row: Reader, *keys: str) -> datetime | None:
    return next((at for key in keys if (at := row.time(key))), None)


PLATFORM = Platform(
    name="checkly",
    title="Checkly",
    tells="what is open with all its words, and the page's own state; no list of its services",
    path="",  # the source is the whole path: the page's API has the slug in its midst
    is_mine=is_mine,
    reads=read,
    more=more,
    hosts=(HOST,),
    sources=(SUMMARY,),
    traces=traces,
)
