"""Rootly. Documentation: https://docs.rootly.com/configuration/status-page-public-api; no recorded answer was found.

`/api/v1/status.json`, on pages with a domain of their own only, tells the page's state and what is open. It tells
neither components nor what is over: that leaves the list at once. Where its incidents come without their updates,
`/api/v1/incidents.json` (also open ones only, with its updates) is asked for them. Neither incidents nor updates have
ids: an incident is known by the last part of its address, an update by when it was created.

An incident's own state is that of the people who work on it (started, mitigated); its updates have the states that
are meant for the public, and the last of these counts. Assumed: that a maintenance is listed like an incident, with
the states that updates of one can have (scheduled, in_progress, completed), and when it is due in the words of v2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import CLOSED, UNDER_WAY, Impact, Incident, Kind, Snapshot, State, Update
from .documents import Answers, Document, Situation, Want, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up, told_once

PATH = "/api/v1/status.json"
INCIDENTS = "/api/v1/incidents.json?per_page=100"

IMPACTS: Mapping[str, Impact] = {
    "none": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
}
STATES: Mapping[str, State] = {
    "in_triage": State.INVESTIGATING,
    "started": State.INVESTIGATING,
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "mitigated": State.MONITORING,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
    "closed": State.RESOLVED,
    "cancelled": State.CANCELLED,
    "scheduled": State.SCHEDULED,
    "in_progress": State.IN_PROGRESS,
    "verifying": State.VERIFYING,
    "completed": State.COMPLETED,
}
PLANNED = frozenset({State.SCHEDULED, State.COMPLETED, *UNDER_WAY})

_PART = re.compile(r"[A-Za-z0-9_-]{1,200}")


def traces(html: str, _address: str) -> Iterable[str]:
    return ("",) if "rootly" in html.lower() else ()


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    page = doc.part("page")
    is_v1 = "name" in page and "time_zone" in page and "id" not in page  # v2 has an id, or no zone
    return is_v1 and "indicator" in doc.part("status") and doc.lists("incidents")


def more(situation: Situation, told: Answers) -> Iterable[Want]:
    doc = Reader(json_object(told.get(situation.source + PATH)) or {})
    if any(not row.lists("incident_updates") for row in doc.rows("incidents")):
        yield Want(situation.source + INCIDENTS)


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    page = doc.part("page")
    further = Reader(json_object(told.get(situation.source + INCIDENTS)) or {})
    oddities: list[str] = []
    found = {each.id: each for each in (_incident(row, oddities) for row in further.rows("incidents"))}
    listed = [_incident(row, oddities) for row in doc.rows("incidents")]
    whole = doc.lists_all("incidents")
    return Snapshot(
        platform=PLATFORM.name,
        name=page.line("name") or None,
        url=page.url("url"),
        indicator=look_up(IMPACTS, doc.part("status").word("indicator"), Impact.UNKNOWN, oddities, "page state"),
        # What the second document has beyond the first came or went between the two.
        incidents=all_once(found.get(each.id, each) for each in listed),
        open_told=whole,
        open_maintenances_told=whole,
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _incident(row: Reader, oddities: list[str]) -> Incident:
    begin = row.time("started_at") or row.time("created_at")
    incident_id = _known_as(row, begin)
    own_word, impact = row.word("status"), row.word("impact")
    own = look_up(STATES, own_word, State.UNKNOWN, oddities, "state") if own_word else State.INVESTIGATING
    updates = told_once(_update(each, incident_id, oddities) for each in row.rows("incident_updates"))
    state, word = own, own_word
    if updates and updates[-1].word and own not in CLOSED:
        state, word = updates[-1].state, updates[-1].word
    kind = Kind.MAINTENANCE if {own, state} & PLANNED else Kind.INCIDENT
    due = row.time("scheduled_for")
    return Incident(
        id=incident_id,
        name=row.line("name") or row.line("title") or "(no title)",
        state=state,
        word=word,
        kind=kind,
        impact=look_up(IMPACTS, impact, Impact.UNKNOWN, oddities, "impact") if impact else None,
        url=row.url("url"),
        started_at=begin if state is not State.SCHEDULED else None,
        resolved_at=(row.time("resolved_at") or (updates[-1].at if updates else None)) if state in CLOSED else None,
        updates=updates,
        scheduled_for=due if kind is Kind.MAINTENANCE else None,
        scheduled_until=row.time("scheduled_until") if kind is Kind.MAINTENANCE else None,
    )


def _known_as(row: Reader, begin: datetime | None) -> str:
    """The id, or what the incident's address ends in."""
    last = urlsplit(row.url("url") or "").path.rstrip("/").rpartition("/")[2]
    return row.id() or (last if _PART.fullmatch(last) else row.known_id(begin))


def _update(row: Reader, incident_id: str, oddities: list[str]) -> Update:
    created = row.time("created_at") or row.time("display_at")
    word = row.word("status")
    return Update(
        id=row.id() or f"{SYNTHETIC}{incident_id}:{created.isoformat() if created else ''}",
        state=look_up(STATES, word, State.UNKNOWN, oddities, "state of an update"),
        word=word,
        text=row.text("body"),
        at=row.time("display_at") or created,
        source=PATH,
    )


PLATFORM = Platform(
    name="rootly",
    title="Rootly",
    tells="what is open with its updates, and the page's own state; no components, and nothing that is over",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    hosts=("status.rootly.com",),
    traces=traces,
)
