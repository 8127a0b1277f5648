"""Status.io. Documentation: https://kb.status.io/developers/public-status-api; shapes as recorded from Docker's and
GitLab's pages in 2020 and 2026.

`https://api.status.io/1.0/status/<page id>` tells what is open, with all messages, and how the page and its
components stand. It does not tell the page's own name, or anything of what is over: that leaves the lists at once.
Messages have no ids. The page's id of 24 hexadecimal digits stands in links of its HTML, such as
`/pages/history/<id>`; incidents' addresses are those of https://status.io/pages/<id>/rss.

Codes of states: an incident's are 100 to 400, as in the table. A maintenance's 300 is said to mean verifying by some
and completed by others; while it is listed as active, it is not over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC, in_time
from ..core.model import UNDER_WAY, Affected, Component, Impact, Incident, Kind, Snapshot, State, Update
from .documents import Answers, Document, Situation, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up

API = "https://api.status.io/1.0/status/"
PAGES = "https://status.io/pages/"

IMPACTS: Mapping[str, Impact] = {
    "100": Impact.NONE,
    "200": Impact.MAINTENANCE,
    "300": Impact.MINOR,
    "400": Impact.MAJOR,
    "500": Impact.CRITICAL,
    "600": Impact.CRITICAL,
}
"""Operational, planned maintenance, degraded performance, partial disruption, disruption, security event."""

STATES: Mapping[str, State] = {
    "100": State.INVESTIGATING,
    "200": State.IDENTIFIED,
    "300": State.MONITORING,
    "400": State.RESOLVED,
}
MAINTENANCE_STATES: Mapping[str, State] = {
    "100": State.SCHEDULED,
    "200": State.IN_PROGRESS,
    "300": State.VERIFYING,
    "400": State.COMPLETED,
}

_ID = r"([0-9a-f]{24})(?![0-9a-f])"
_IN_ADDRESS = re.compile(
    rf"^https://(?:[a-z0-9-]{{1,63}}\.)?status\.io/(?:pages/(?:[a-z]{{1,20}}/)?|1\.0/status/){_ID}"
)
_INTERFACE = re.compile(rf"/1\.0/status/{_ID}\Z")
_IN_PAGE = re.compile(rf"(?:/pages/(?:[a-z]{{1,20}}/)?|/1\.0/status/){_ID}")
_MARKS = ("status.io", "statusio.com")


def own_source(address: str) -> str | None:
    if found := _IN_ADDRESS.match(address):
        return API + found[1]
    # The interface's own path at another host, as of a proxy.
    return "" if _INTERFACE.search(urlsplit(address).path) else None


def traces(html: str, _address: str) -> Iterable[str]:
    if any(mark in html for mark in _MARKS):
        yield from list(dict.fromkeys(API + page_id for page_id in _IN_PAGE.findall(html)))[:2]


def is_mine(document: Document) -> bool:
    result = Reader(json_object(document) or {}).part("result")
    return "status_code" in result.part("status_overall") and result.lists("status") and "maintenance" in result


def read(situation: Situation, _told: Answers, document: Document) -> Snapshot:
    result = Reader.envelope(document.json).part("result")
    page_id = situation.source.removeprefix(API)
    oddities: list[str] = []
    planned = result.part("maintenance")
    return Snapshot(
        platform=PLATFORM.name,
        indicator=look_up(
            IMPACTS, result.part("status_overall").id("status_code"), Impact.UNKNOWN, oddities, "page state"
        ),
        components=_components(result, oddities),
        all_components=result.lists_all("status"),
        incidents=all_once(
            (
                *(_incident(row, page_id, oddities) for row in result.rows("incidents")),
                *(_maintenance(row, page_id, State.IN_PROGRESS, oddities) for row in planned.rows("active")),
                *(_maintenance(row, page_id, State.SCHEDULED, oddities) for row in planned.rows("upcoming")),
            )
        ),
        open_told=result.lists_all("incidents"),
        open_maintenances_told=planned.lists_all("active") and planned.lists_all("upcoming"),
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _incident(row: Reader, page_id: str, oddities: list[str]) -> Incident:
    opened = row.time("datetime_open")
    incident_id = row.id("_id") or row.known_id(opened)
    messages = _messages(row, incident_id)
    updates = _updates(messages, STATES, oddities)
    last = updates[-1] if updates else None
    impact = messages[last.id].id("status") if last else ""
    return Incident(
        id=incident_id,
        name=row.line("name") or "(no title)",
        state=last.state if last and last.word else State.INVESTIGATING,
        word=last.word if last else "",
        impact=look_up(IMPACTS, impact, Impact.UNKNOWN, oddities, "impact") if impact else None,
        url=_address("incident", page_id, row),
        started_at=opened,
        resolved_at=last.at if last and last.state is State.RESOLVED else None,
        affected=_affected(row),
        updates=updates,
    )


def _maintenance(row: Reader, page_id: str, listed_as: State, oddities: list[str]) -> Incident:
    """A maintenance stands as its list says, unless its last message says more."""
    begin = row.time("datetime_planned_start")
    incident_id = row.id("_id") or row.known_id(begin)
    updates = _updates(_messages(row, incident_id), MAINTENANCE_STATES, oddities)
    last = updates[-1].state if updates else listed_as
    state = last if last in (*UNDER_WAY, State.COMPLETED) else listed_as
    return Incident(
        id=incident_id,
        name=row.line("name") or "(no title)",
        state=state,
        word=state.value,
        kind=Kind.MAINTENANCE,
        url=_address("maintenance", page_id, row),
        started_at=begin if state in UNDER_WAY else None,
        affected=_affected(row),
        updates=updates,
        scheduled_for=begin,
        scheduled_until=row.time("datetime_planned_end"),
    )


def _messages(row: Reader, incident_id: str) -> dict[str, Reader]:
    """The messages by ids that we make of their times."""
    found: dict[str, Reader] = {}
    for each in row.rows("messages"):
        at = each.time("datetime")
        known_as = f"{SYNTHETIC}{incident_id}:{at.isoformat() if at else ''}"
        while known_as in found:
            known_as += "+"
        found[known_as] = each
    return found


def _updates(messages: Mapping[str, Reader], states: Mapping[str, State], oddities: list[str]) -> tuple[Update, ...]:
    return in_time(
        tuple(
            Update(
                id=known_as,
                state=look_up(states, each.id("state"), State.UNKNOWN, oddities, "state"),
                word=_word(states, each.id("state")),
                text=each.text("details"),
                at=each.time("datetime"),
                source=API,
            )
            for known_as, each in messages.items()
        )
    )


def _word(states: Mapping[str, State], code: str) -> str:
    """What a code is called; a number says nothing to a person."""
    return states[code].value if code in states else code


def _affected(row: Reader) -> tuple[Affected, ...] | None:
    if not row.lists("components_affected"):
        return None
    parts = ((each.id("_id") or each.id(), each.line("name")) for each in row.rows("components_affected"))
    return tuple(Affected(part_id or None, name or part_id) for part_id, name in parts if part_id or name)


def _components(result: Reader, oddities: list[str]) -> tuple[Component, ...] | None:
    if not result.lists("status"):
        return None
    return tuple(
        Component(
            id=row.known_id(),
            name=row.line("name") or row.id(),
            impact=look_up(IMPACTS, row.id("status_code"), Impact.UNKNOWN, oddities, "component state"),
            word=row.line("status"),
        )
        for row in result.rows("status")
        if row.is_somebody
    )


def _address(kind: str, page_id: str, row: Reader) -> str | None:
    incident_id = row.id("_id")
    safe = incident_id.isascii() and incident_id.isalnum()
    return f"{PAGES}{kind}/{page_id}/{incident_id}" if safe else None


PLATFORM = Platform(
    name="statusio",
    title="Status.io",
    tells="what is open with all messages, the page's own state and its components; nothing that is over",
    path="",
    is_mine=is_mine,
    reads=read,
    hosts=(".status.io",),
    sources=(),
    own_source=own_source,
    traces=traces,
)
