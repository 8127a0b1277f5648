"""The v2 documents of Atlassian Statuspage, and of incident.io, which imitates them. Pure.

Formats: https://metastatuspage.com/api documents the originals; fields that differ were seen on githubstatus.com,
status.claude.com and status.openai.com in 2026. A word that was never seen is UNKNOWN; a missing list is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.merge import SYNTHETIC, in_time, merge
from ..core.model import Affected, Component, Impact, Incident, Kind, State, Update
from ..errors import NotThisPlatform
from .reading import Reader, invented_id, look_up

SUMMARY = "/api/v2/summary.json"
INCIDENTS = "/api/v2/incidents.json"
UNRESOLVED = "/api/v2/incidents/unresolved.json"
STATUS = "/api/v2/status.json"
COMPONENTS = "/api/v2/components.json"
MAINTENANCES = "/api/v2/scheduled-maintenances.json"

STATES: Mapping[str, State] = {
    **{state.value: state for state in State if state not in (State.UNKNOWN, State.REMOVED)},
    "canceled": State.CANCELLED,
    "maintenance_scheduled": State.SCHEDULED,
    "maintenance_in_progress": State.IN_PROGRESS,
    "maintenance_complete": State.COMPLETED,
    "maintenance_completed": State.COMPLETED,
}
IMPACTS: Mapping[str, Impact] = {
    "none": Impact.NONE,
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
    "maintenance": Impact.MAINTENANCE,
}
INDICATORS: Mapping[str, Impact] = {**IMPACTS, "operational": Impact.NONE}  # clones say so
COMPONENT_STATES: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "degraded_performance": Impact.MINOR,
    "partial_outage": Impact.MAJOR,
    "major_outage": Impact.CRITICAL,
    "full_outage": Impact.CRITICAL,
    "under_maintenance": Impact.MAINTENANCE,
}
MAINTENANCE_STATES = frozenset({State.SCHEDULED, State.IN_PROGRESS, State.VERIFYING, State.COMPLETED})

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}\Z", re.IGNORECASE)
_LINKABLE = re.compile(r"[\w-]{1,100}\Z", re.ASCII)


@dataclass
class Gathered:
    """What the documents of one poll told so far; each reader adds to it."""

    platform: str | None = None
    name: str | None = None
    url: str | None = None
    indicator: Impact | None = None
    components: dict[str, Component] | None = None
    all_components: bool = False
    incidents: dict[str, Incident] = field(default_factory=dict)
    open_told: bool = False
    open_maintenances_told: bool = False
    history_told: bool = False
    history_cut: bool = False
    oddities: list[str] = field(default_factory=list)

    def add(self, incident: Incident) -> None:
        """Add what one document says of an incident to what the others said."""
        known = self.incidents.get(incident.id)
        self.incidents[incident.id] = merge(known, incident) if known else incident


def platform_of(document: Any) -> str:
    """Which platform a v2 document comes from. Raises NotThisPlatform where it is no v2 document."""
    doc = Reader.envelope(document)
    page, status = doc.part("page"), doc.part("status")
    if "status" in page and "indicator" not in status:
        raise NotThisPlatform("it looks like an Instatus page")
    lists = any(doc.lists(key) for key in ("incidents", "components", "scheduled_maintenances"))
    if not (("id" in page or "name" in page) and ("indicator" in status or lists)) and not (
        "indicator" in status and lists
    ):
        raise NotThisPlatform("its answer is JSON, but not a status page's")
    if _ULID.match(page.id()):
        return "incident.io"
    return "statuspage"


def read_page(doc: Reader, told: Gathered) -> None:
    """The page's own name and address, its indicator and its components, from any v2 document."""
    page = doc.part("page")
    told.name = page.line("name") or told.name
    told.url = (page.url("url") or told.url or "").rstrip("/") or None
    if word := doc.part("status").word("indicator"):
        told.indicator = look_up(INDICATORS, word, Impact.UNKNOWN, told.oddities, "indicator")
    if doc.lists("components"):
        rows = list(doc.rows("components"))
        groups = {row.id(): row.line("name") for row in rows if row.flag("group")}
        told.components = told.components or {}
        for row in rows:
            if row.flag("group") or not (component_id := row.id() or row.line("name")):
                continue
            word = _enum_word(row.word("status"))
            impact = look_up(COMPONENT_STATES, word, Impact.UNKNOWN, told.oddities, "component state")
            name = row.line("name") or component_id
            group = groups.get(row.id("group_id"))
            told.components[component_id] = Component(component_id, name, impact, word, group)


def read_incidents(rows: Iterable[Reader], told: Gathered, *, maintenance: bool = False) -> int:
    """Add a list of incidents or maintenances; returns how many there were."""
    count = 0
    for row in rows:
        count += 1
        if row.is_somebody:
            told.add(read_incident(row, told, maintenance=maintenance))
        else:
            told.oddities.append("an incident without id and name")
    return count


def read_incident(row: Reader, told: Gathered, *, maintenance: bool = False) -> Incident:
    """One incident or maintenance with its updates."""
    name = row.line("name") or "(no title)"
    began = row.time("started_at") or row.time("created_at")
    incident_id = row.id() or invented_id(name, began)
    updates = read_updates(row.rows("incident_updates"), incident_id, told.oddities)
    word = _enum_word(row.word("status")) or (updates[-1].word if updates else "")
    state = look_up(STATES, word, State.UNKNOWN, told.oddities, "state")
    impact_word = row.word("impact")
    affected = _affected(row.rows("components"), "id") if row.lists("components") else None
    if not affected and told.platform == "incident.io":
        affected = None  # its imitation leaves them out, or lists none where its own page names some
    if affected is None:
        told_by_updates = [each for update in updates for each in update.affected or ()]
        affected = tuple(dict.fromkeys(told_by_updates)) or None
    return Incident(
        id=incident_id,
        name=name,
        state=state,
        word=word,
        kind=Kind.MAINTENANCE if maintenance or state in MAINTENANCE_STATES else Kind.INCIDENT,
        impact=look_up(IMPACTS, impact_word, Impact.UNKNOWN, told.oddities, "impact") if impact_word else None,
        url=row.url("shortlink") or incident_url(told.url, incident_id),
        started_at=began,
        resolved_at=row.time("resolved_at"),
        affected=affected,
        updates=updates,
        scheduled_for=row.time("scheduled_for"),
        scheduled_until=row.time("scheduled_until"),
    )


def read_updates(rows: Iterable[Reader], incident_id: str, oddities: list[str]) -> tuple[Update, ...]:
    """A timeline, oldest first; pages list the newest first."""
    updates: dict[str, Update] = {}
    for place, row in enumerate(reversed(list(rows))):
        word = _enum_word(row.word("status"))
        at = row.time("display_at") or row.time("created_at") or row.time("updated_at")
        update = Update(
            id=row.id() or f"{SYNTHETIC}{incident_id}:{at.isoformat() if at else place}",
            state=look_up(STATES, word, State.UNKNOWN, oddities, "state"),
            word=word,
            text=row.text("body"),
            at=at,
            source="v2",
            affected=_affected(_components(row), "code") if row.lists("affected_components") else None,
        )
        updates[update.id] = update
    return in_time(tuple(updates.values()))


def _components(update: Reader) -> Iterable[Reader]:
    """What an update touches. Where that is nothing, Statuspage says so in a sentence that stands as a name alone."""
    return (row for row in update.rows("affected_components") if "code" in row or "new_status" in row)


def _affected(rows: Iterable[Reader], id_key: str) -> tuple[Affected, ...]:
    return tuple(
        Affected(row.id(id_key) or None, row.line("name") or row.id(id_key))
        for row in rows
        if row.line("name") or row.id(id_key)
    )


def _enum_word(word: str) -> str:
    return word.replace(" ", "_").replace("-", "_")


def incident_url(page_url: str | None, incident_id: str) -> str | None:
    """Where a person reads about an incident: both platforms use the same path."""
    if page_url is None or not _LINKABLE.match(incident_id):
        return None
    return f"{page_url.rstrip('/')}/incidents/{incident_id}"
