"""Statuspal. Documentation: https://www.statuspal.io/api-docs/v2; shapes as recorded from hosttech's and Exoscale's
pages in 2023 to 2025 (Linuxfabrik/monitoring-plugins, check-plugins/statuspal/unit-test/stdout).

`https://statuspal.io/api/v2/status_pages/<subdomain>/summary` (or statuspal.eu) is authoritative for what is open,
with all updates, for maintenance under way and to come, and for the services, which are nested. What is over leaves
it at once; `…/incidents` tells the past with its last words, some polls later. Silent: where an incident stands,
other than by its updates' types, which may say nothing about it (`essential`, `info`).

`ends_at` is a plan in a maintenance, and no proof of an end while an incident is listed as open. Times have no zone
and are taken for UTC, as the documentation has it. `info_notices` are standing notices, not incidents. Of the types
of updates, issue, essential, scheduled and info were seen; the others are assumed from what people can choose.
A page at a domain of its own is found where its HTML names its subdomain at Statuspal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..core.merge import in_time
from ..core.model import CLOSED, Affected, Component, Impact, Incident, Kind, Snapshot, State, Update
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up

PATH = "/summary"
HISTORY = "/incidents"

IMPACTS: Mapping[str, Impact] = {
    "major": Impact.MAJOR,
    "minor": Impact.MINOR,
    "performance": Impact.MINOR,
    "info": Impact.NOTICE,
    "scheduled": Impact.MAINTENANCE,
    "maintenance": Impact.MAINTENANCE,
    "emergency-maintenance": Impact.MAINTENANCE,
}
"""By type of incident; where no incident is, its type is null."""

STATES: Mapping[str, State] = {
    "issue": State.INVESTIGATING,
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
    "completed": State.RESOLVED,
    "retroactive": State.RESOLVED,
}
SILENT = ("essential", "info", "update", "progress", "scheduled", "in_progress", "")
"""Types of updates that do not tell where an incident stands: it stands where it stood."""

_HOST = re.compile(r"https?://([a-z0-9][a-z0-9-]{0,62})\.statuspal\.(io|eu)(?![a-z0-9.-])", re.IGNORECASE)
_API = re.compile(r"statuspal\.(io|eu)/(?:api/v[12]/)?status_pages/([A-Za-z0-9_-]{1,64})(?![A-Za-z0-9_-])")
_OWN = frozenset({"www", "docs", "help", "app", "blog", "status", "cdn", "static", "assets", "api"})
"""Statuspal's own hosts, which are nobody's page."""


def own_source(address: str) -> str | None:
    return next(iter(_sources(address)), None)


def traces(html: str, _address: str) -> Iterable[str]:
    return list(dict.fromkeys(_sources(html)))[:2] if "statuspal." in html else ()


def _sources(text: str) -> Iterable[str]:
    for found in _API.finditer(text):
        yield f"https://statuspal.{found[1]}/api/v2/status_pages/{found[2]}"
    for found in _HOST.finditer(text):
        if (name := found[1].lower()) not in _OWN:
            yield f"https://statuspal.{found[2].lower()}/api/v2/status_pages/{name}"


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    page = doc.part("status_page")
    return "subdomain" in page and "current_incident_type" in page.fields and doc.lists("services")


def more(situation: Situation, _told: Answers) -> Iterable[Want]:
    # What left the summary is looked for there, so a body is needed.
    yield Want(situation.source + HISTORY, conditional=not situation.missing)


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    oddities: list[str] = []
    services = _services(doc, oddities)
    names = {each.id: each.name for each in services}
    page = doc.part("status_page")
    listed = (
        *(_incident(row, names, oddities) for row in doc.rows("incidents")),
        *(_maintenance(row, names, State.IN_PROGRESS, oddities) for row in doc.rows("maintenances")),
        *(_maintenance(row, names, State.SCHEDULED, oddities) for row in doc.rows("upcoming_maintenances")),
    )
    history_path = situation.source + HISTORY
    history = told.get(history_path)
    past = Reader(json_object(history) or {})
    open_told = doc.lists_all("incidents")
    maintenances_told = doc.lists_all("maintenances") and doc.lists_all("upcoming_maintenances")
    left = (
        frozenset(situation.known) - {each.id for each in listed} if open_told and maintenances_told else frozenset()
    )
    return Snapshot(
        platform=PLATFORM.name,
        name=page.line("name") or None,
        indicator=_impact(page, oddities, "page state"),
        components=services if doc.lists("services") else None,
        all_components=doc.lists_all("services"),
        incidents=all_once((*listed, *_past(past, {each.id for each in listed}, left, names, oddities))),
        open_told=open_told,
        open_maintenances_told=maintenances_told,
        history_told=past.lists_all("incidents"),
        history_absent=history_path in situation.absent or is_told(history, Told.ABSENT),
        history_cut=(past.part("meta").number("total_count") or 0) > len(list(past.rows("incidents"))),
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _impact(row: Reader, oddities: list[str], what: str) -> Impact:
    word = row.word("current_incident_type")
    if not word:
        none = row.fields.get("current_incident_type", "") is None
        return Impact.NONE if none else Impact.UNKNOWN
    return look_up(IMPACTS, word, Impact.UNKNOWN, oddities, what)


def _services(doc: Reader, oddities: list[str]) -> tuple[Component, ...]:
    """All services, in whatever depth; one that has others below it is their group, and a service as well."""
    found: dict[str, Component] = {}
    rows: list[tuple[Reader, str | None]] = [(row, None) for row in reversed(list(doc.rows("services")))]
    while rows:
        row, group = rows.pop()
        if row.is_somebody:
            name = row.line("name") or row.id()
            word = row.word("current_incident_type")
            impact = _impact(row, oddities, "service state")
            found.setdefault(row.known_id(), Component(row.known_id(), name, impact, word or "operational", group))
            rows += [(child, name) for child in reversed(list(row.rows("children")))]
    return tuple(found.values())


def _incident(row: Reader, names: Mapping[str, str], oddities: list[str]) -> Incident:
    begin = row.time("starts_at") or row.time("inserted_at")
    word = row.word("type")
    updates = []
    state = State.INVESTIGATING
    for update in _updates(row):
        if update.word not in SILENT:
            state = look_up(STATES, update.word, State.UNKNOWN, oddities, "type of update")
        updates.append(replace(update, state=state))
    is_over = state is State.RESOLVED
    return Incident(
        id=row.known_id(begin),
        name=row.line("title") or "(no title)",
        state=state,
        word=updates[-1].word if updates else "",
        impact=look_up(IMPACTS, word, Impact.UNKNOWN, oddities, "type of incident") if word else None,
        url=row.url("url"),
        started_at=begin,
        resolved_at=(row.time("ends_at") or updates[-1].at) if is_over and updates else None,
        affected=_affected(row, names),
        updates=tuple(updates),
    )


def _maintenance(row: Reader, names: Mapping[str, str], state: State, oddities: list[str]) -> Incident:
    """A maintenance stands as its list says; its updates stand by their times."""
    begin = row.time("starts_at")
    incident = _incident(row, names, oddities)
    updates = []
    for each in incident.updates:
        is_ahead = each.at is not None and begin is not None and each.at < begin
        stage = State.SCHEDULED if each.word == "scheduled" or is_ahead else State.IN_PROGRESS
        updates.append(replace(each, state=State.COMPLETED if STATES.get(each.word) in CLOSED else stage))
    return replace(
        incident,
        state=state,
        word=row.word("type"),
        kind=Kind.MAINTENANCE,
        started_at=begin if state is not State.SCHEDULED else None,
        resolved_at=row.time("ends_at") if state in CLOSED else None,
        updates=tuple(updates),
        scheduled_for=begin,
        scheduled_until=row.time("ends_at"),
    )


def _past(
    past: Reader, listed: set[str], left: frozenset[str], names: Mapping[str, str], oddities: list[str]
) -> Iterable[Incident]:
    """What is over: incidents that have an end, and the maintenances that are known and left the summary."""
    for row in past.rows("incidents"):
        incident_id = row.known_id(row.time("starts_at") or row.time("inserted_at"))
        if incident_id in listed:
            continue
        if IMPACTS.get(row.word("type")) is Impact.MAINTENANCE:
            if incident_id in left and row.time("ends_at"):
                yield _maintenance(row, names, State.COMPLETED, oddities)
        elif row.time("ends_at"):
            incident = _incident(row, names, oddities)
            yield replace(incident, state=State.RESOLVED, resolved_at=row.time("ends_at"))


def _updates(row: Reader) -> tuple[Update, ...]:
    updates: dict[str, Update] = {}
    for each in row.rows("updates"):
        at = each.time("posted_at") or each.time("inserted_at")
        update_id = each.known_id(at)
        updates[update_id] = Update(update_id, State.UNKNOWN, each.word("type"), each.text("description"), at, PATH)
    return in_time(tuple(updates.values()))


def _affected(row: Reader, names: Mapping[str, str]) -> tuple[Affected, ...] | None:
    if not row.lists("service_ids"):
        return None
    ids = (Reader({"id": each}).id() for each in row.fields["service_ids"][:1000])
    return tuple(Affected(each, names.get(each, each)) for each in dict.fromkeys(ids) if each)


PLATFORM = Platform(
    name="statuspal",
    title="Statuspal",
    tells="what is open and what is over with all updates, maintenance, and services",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    hosts=(".statuspal.io", ".statuspal.eu"),
    sources=(),
    own_source=own_source,
    traces=traces,
)
