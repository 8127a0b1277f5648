"""Instatus. Documentation: https://instatus.com/help/api ("Public API"); shapes as recorded in 2026.

`/summary.json` (or `/v3/summary.json`, the same) tells the page's state and all that is open; lists that are empty
are left out, so the page's state says whether that means "none". It has no words: those are in the feed of its
history. A missing list under a state that is not `UP` or maintenance is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..core.model import Component, Impact, Incident, Kind, Snapshot, State
from .documents import Answers, Document, Situation, Want, json_object
from .platform import Platform
from .reading import Reader, look_up

PATH = "/summary.json"
COMPONENTS = "/components.json"

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


def is_mine(document: Document) -> bool:
    page = Reader(json_object(document) or {}).part("page")
    return "name" in page and page.word("status") in PAGE_STATES


def more(situation: Situation, _told: Answers) -> Iterable[Want]:
    yield Want((situation.source or "/v2") + COMPONENTS)


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    page = doc.part("page")
    oddities: list[str] = []
    indicator = look_up(PAGE_STATES, page.word("status"), Impact.UNKNOWN, oddities, "page state")
    incidents = [_incident(row, oddities) for row in doc.rows("activeIncidents")]
    maintenances = [_maintenance(row, oddities) for row in doc.rows("activeMaintenances")]
    return Snapshot(
        platform=PLATFORM.name,
        name=page.line("name") or None,
        url=page.url("url"),
        indicator=indicator,
        components=_components(situation, told, oddities),
        all_components=True,
        incidents=(*incidents, *maintenances),
        open_told=doc.lists_all("activeIncidents") or indicator in (Impact.NONE, Impact.MAINTENANCE),
        open_maintenances_told=doc.lists_all("activeMaintenances") or indicator in (Impact.NONE, Impact.MINOR),
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


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


def _components(situation: Situation, told: Answers, oddities: list[str]) -> tuple[Component, ...] | None:
    document = next((told[want.path] for want in more(situation, told) if want.path in told), None)
    doc = Reader(json_object(document) or {})
    if not doc.lists_all("components"):
        return None
    return tuple(
        Component(
            id=row.known_id(),
            name=row.line("name") or row.id(),
            impact=look_up(IMPACTS, row.word("status"), Impact.UNKNOWN, oddities, "component state"),
            word=row.word("status"),
            group=row.part("group").line("name") or row.line("group") or None,
        )
        for row in doc.rows("components")
        if not row.flag("isParent")
    )


PLATFORM = Platform(
    name="instatus",
    title="Instatus",
    tells="what is open, the page's own state and its components; no words of updates",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    hosts=(".instatus.com",),
    sources=("", "/v3", "/api/v2"),
)
