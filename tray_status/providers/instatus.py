"""Instatus. Documentation: https://instatus.com/help/api/public-data; shapes as recorded in 2022, 2023 and 2026.

`/summary.json` (or `/v3/summary.json`, the same) tells the page's state and all that is open; lists that are empty
are left out, so the page's state says whether that means "none": a missing list under a state of trouble is not told.
Components are in `/v3/components.json`, on older pages in `/v2/components.json` or `/components.json`: as an object
of a flat list (as recorded), or a list of groups with their children (as documented).

It has no words, and no end: both are in the feed of the page's history, `/history.atom`, which is asked for while
something is open; see `instatus_feed.py`. (`/history.rss` is there too, but its shape was nowhere to be seen.) What
left the summary is over when the feed says so, and stays open while the feed calls it open; else it is removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..core.exchange import FEED_TYPE
from ..core.model import CLOSED, Component, Impact, Incident, Kind, Snapshot, State
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .instatus_feed import PATH as FEED
from .instatus_feed import Entry, month_of, read_feed
from .platform import Platform
from .reading import Reader, all_once, look_up

PATH = "/summary.json"
COMPONENTS = ("/v3/components.json", "/v2/components.json", "/components.json")

PAGE_STATES: Mapping[str, Impact] = {
    "up": Impact.NONE,
    "undermaintenance": Impact.MAINTENANCE,
    "allundermaintenance": Impact.MAINTENANCE,
    "oneundermaintenance": Impact.MAINTENANCE,
    "someundermaintenance": Impact.MAINTENANCE,
    "hasissues": Impact.MINOR,
    "alldegradedperformance": Impact.MINOR,
    "onedegradedperformance": Impact.MINOR,
    "somedegradedperformance": Impact.MINOR,
    "allminoroutage": Impact.MINOR,
    "oneminoroutage": Impact.MINOR,
    "someminoroutage": Impact.MINOR,
    "allpartialoutage": Impact.MAJOR,
    "onepartialoutage": Impact.MAJOR,
    "somepartialoutage": Impact.MAJOR,
    "onemajoroutage": Impact.MAJOR,
    "somemajoroutage": Impact.MAJOR,
    "allmajoroutage": Impact.CRITICAL,
}
IMPACTS: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "undermaintenance": Impact.MAINTENANCE,
    "degradedperformance": Impact.MINOR,
    "minoroutage": Impact.MINOR,
    "partialoutage": Impact.MAJOR,
    "majoroutage": Impact.CRITICAL,
}
STATES: Mapping[str, State] = {
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
    "notstartedyet": State.SCHEDULED,
    "inprogress": State.IN_PROGRESS,
    "verifying": State.VERIFYING,
    "completed": State.COMPLETED,
}


_SPOKEN_TIME = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})\b")
_ID_IN_URL = re.compile(r"/([a-z0-9]{20,40})/?$")


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    page = doc.part("page")
    listed = doc.lists("activeIncidents") or doc.lists("activeMaintenances")
    return "name" in page and "status" in page and (page.word("status") in PAGE_STATES or listed)


def more(situation: Situation, told: Answers) -> Iterable[Want]:
    doc = Reader(json_object(told.get(situation.source + PATH)) or {})
    if situation.known or any(doc.rows("activeIncidents")) or any(doc.rows("activeMaintenances")):
        # A 304 would not tell what became of one that has just left.
        yield Want(FEED, FEED_TYPE, conditional=False)
    for path in COMPONENTS:
        if path not in situation.absent:
            yield Want(path)
            if not is_told(told.get(path), Told.ABSENT, Told.FRESH) or _component_rows(told.get(path)) is not None:
                return


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    page = doc.part("page")
    oddities: list[str] = []
    indicator = look_up(PAGE_STATES, page.word("status"), Impact.UNKNOWN, oddities, "page state")
    listed = [_incident(_row(each), oddities) for each in doc.rows("activeIncidents")]
    listed += [_maintenance(_row(each), oddities) for each in doc.rows("activeMaintenances")]
    incidents = {each.id: each for each in all_once(listed)}
    entries = read_feed(told.get(FEED), {**situation.known, **incidents})
    for key, entry in entries.items():
        if key in incidents:
            incidents[key] = _with_words(incidents[key], entry)
        elif entry.is_sure:
            incidents[key] = _as_the_feed_has_it(situation.known[key], entry)
    left_out = [doc.fields.get(key) is None for key in ("activeIncidents", "activeMaintenances")]
    told_open = doc.lists_all("activeIncidents") or (left_out[0] and indicator in (Impact.NONE, Impact.MAINTENANCE))
    told_planned = doc.lists_all("activeMaintenances") or (left_out[1] and told_open)
    components = _components(told, oddities)
    return Snapshot(
        platform=PLATFORM.name,
        name=page.line("name") or None,
        url=page.url("url"),
        indicator=indicator,
        components=components,
        all_components=components is not None,
        incidents=tuple(incidents.values()),
        open_told=told_open,
        open_hidden=not told_open,
        open_maintenances_told=told_planned or (left_out[1] and indicator is Impact.MINOR),
        history_absent=not is_told(told.get(FEED), Told.FAILED),
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _row(row: Reader) -> Reader:
    """A row with the id that its link has, where it has none itself, and with times as of today's pages."""
    fields = dict(row.fields)
    for key in ("started", "start"):
        if spoken := _SPOKEN_TIME.match(row.line(key)):
            month, day, year, time, zone = spoken.groups()
            fields[key] = f"{year}-{month_of(month):02}-{int(day):02}T{time}{zone}"
    if not row.id() and (link := _ID_IN_URL.search(row.line("url"))):
        fields["id"] = link[1]
    return Reader(fields)


def _incident(row: Reader, oddities: list[str]) -> Incident:
    word = row.word("status")
    return Incident(
        id=row.known_id(row.time("started")),
        name=row.line("name") or "(no title)",
        state=look_up(STATES, word, State.UNKNOWN, oddities, "state"),
        word=word,
        impact=look_up(IMPACTS, row.word("impact"), Impact.UNKNOWN, oddities, "impact") if "impact" in row else None,
        url=row.url("url"),
        started_at=row.time("started"),
    )


def _maintenance(row: Reader, oddities: list[str]) -> Incident:
    word = row.word("status")
    return Incident(
        id=row.known_id(row.time("start")),
        name=row.line("name") or "(no title)",
        state=look_up(STATES, word, State.UNKNOWN, oddities, "state"),
        word=word,
        kind=Kind.MAINTENANCE,
        url=row.url("url"),
        scheduled_for=row.time("start"),
        scheduled_until=row.later("start", minutes=row.number("duration")),
    )


def _with_words(incident: Incident, entry: Entry) -> Incident:
    """With what the feed tells of it; where it stands is told by the summary, and so is its end."""
    updates = entry.updates
    while incident.state not in CLOSED and updates and updates[-1].state in CLOSED:
        updates = updates[:-1]
    return replace(incident, updates=updates, affected=entry.affected or None)


def _as_the_feed_has_it(known: Incident, entry: Entry) -> Incident:
    """One that the summary no longer lists."""
    last = entry.updates[-1]
    return replace(
        known,
        state=last.state,
        word=last.word,
        resolved_at=last.at if last.state in CLOSED else None,
        updates=entry.updates,
        affected=entry.affected or None,
    )


def _components(told: Answers, oddities: list[str]) -> tuple[Component, ...] | None:
    found = (_component_rows(told.get(path)) for path in COMPONENTS)
    rows = next((rows for rows in found if rows is not None), None)
    if rows is None:
        return None
    return tuple(
        Component(
            id=row.known_id(),
            name=row.line("name") or row.id(),
            impact=look_up(IMPACTS, row.word("status"), Impact.UNKNOWN, oddities, "component state"),
            word=row.word("status"),
            group=group or row.part("group").line("name") or row.line("group") or None,
        )
        for group, row in rows
    )


def _component_rows(document: Document | None) -> list[tuple[str, Reader]] | None:
    """All components with their groups' names, in either shape; None where they are not told, or not all."""
    doc = Reader(json_object(document) or {})
    key = "components" if "components" in doc else "rows"
    doc = doc if key == "components" else Reader.listed(document)
    return list(_flat(doc, key)) if doc.lists_all(key) else None


def _flat(doc: Reader, key: str) -> Iterator[tuple[str, Reader]]:
    for row in doc.rows(key):
        if row.flag("isParent") or any(row.rows("children")):
            yield from ((row.line("name"), each) for each in row.rows("children") if each.is_somebody)
        else:
            yield "", row


PLATFORM = Platform(
    name="instatus",
    title="Instatus",
    tells="what is open, the page's own state and its components; words and what is over only by its feed",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    hosts=(".instatus.com",),
    sources=("", "/v3", "/api/v2"),
)
