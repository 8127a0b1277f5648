"""Dataclasses to rows and back. Times are ISO text in UTC with fractions; None is NULL and means "not told"."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from ..core.events import PageProblem
from ..core.model import Affected, Component, Impact, Incident, Kind, Reading, State, Update
from ..core.probe import Probe

INCIDENT_COLUMNS = (
    "page_id, id, kind, name, state, word, impact, url, started_at, resolved_at, affected,"
    " scheduled_for, scheduled_until, regions, live, last_at"
)
UPDATE_COLUMNS = "page_id, incident_id, id, place, state, word, text, at, source, affected"

_NO_TIME = "1970-01-01T00:00:00+00:00"


def time_text(at: datetime | None) -> str | None:
    return at.astimezone(timezone.utc).isoformat() if at else None


def text_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def incident_row(page_id: str, incident: Incident) -> tuple[Any, ...]:
    """In the order of INCIDENT_COLUMNS."""
    times = [update.at for update in incident.updates if update.at]
    last = max(times, default=incident.resolved_at or incident.started_at or incident.scheduled_for)
    return (
        page_id,
        incident.id,
        incident.kind.value,
        incident.name,
        incident.state.value,
        incident.word,
        incident.impact.value if incident.impact else None,
        incident.url,
        time_text(incident.started_at),
        time_text(incident.resolved_at),
        _affected_text(incident.affected),
        time_text(incident.scheduled_for),
        time_text(incident.scheduled_until),
        None if incident.regions is None else json.dumps(incident.regions, ensure_ascii=False),
        int(incident.is_open or incident.state is State.SCHEDULED),
        time_text(last) or _NO_TIME,
    )


def update_rows(page_id: str, incident: Incident) -> Iterable[tuple[Any, ...]]:
    """In the order of UPDATE_COLUMNS."""
    for place, update in enumerate(incident.updates):
        yield (
            page_id,
            incident.id,
            update.id,
            place,
            update.state.value,
            update.word,
            update.text,
            time_text(update.at),
            update.source,
            _affected_text(update.affected),
        )


def incident_of(row: sqlite3.Row, updates: Iterable[sqlite3.Row]) -> Incident:
    return Incident(
        id=row["id"],
        name=row["name"],
        state=State(row["state"]),
        word=row["word"],
        kind=Kind(row["kind"]),
        impact=Impact(row["impact"]) if row["impact"] else None,
        url=row["url"],
        started_at=text_time(row["started_at"]),
        resolved_at=text_time(row["resolved_at"]),
        affected=_affected_of(row["affected"]),
        updates=tuple(_update_of(each) for each in updates),
        scheduled_for=text_time(row["scheduled_for"]),
        scheduled_until=text_time(row["scheduled_until"]),
        regions=None if row["regions"] is None else tuple(json.loads(row["regions"])),
    )


def _update_of(row: sqlite3.Row) -> Update:
    return Update(
        id=row["id"],
        state=State(row["state"]),
        word=row["word"],
        text=row["text"],
        at=text_time(row["at"]),
        source=row["source"],
        affected=_affected_of(row["affected"]),
    )


def component_row(page_id: str, component: Component) -> tuple[Any, ...]:
    return (page_id, component.id, component.name, component.impact.value, component.word, component.group)


def component_of(row: sqlite3.Row) -> Component:
    return Component(row["id"], row["name"], Impact(row["impact"]), row["word"], row["group_name"])


def problem_text(problem: PageProblem | None) -> str | None:
    if problem is None:
        return None
    return json.dumps([problem.reading.value, problem.text, problem.cure], ensure_ascii=False)


def problem_of(text: str | None) -> PageProblem | None:
    if not text:
        return None
    reading, words, cure = json.loads(text)
    return PageProblem(Reading(reading), words, cure)


def probe_text(probe: Probe | None) -> str | None:
    if probe is None:
        return None
    facts = [probe.target, probe.alive, probe.words, time_text(probe.at), probe.proven, probe.told]
    return json.dumps(facts, ensure_ascii=False)


def probe_of(text: str | None) -> Probe | None:
    if not text:
        return None
    target, alive, words, at, proven, told = json.loads(text)
    return Probe(alive, words, datetime.fromisoformat(at), proven=proven, target=target, told=told)


def _affected_text(affected: tuple[Affected, ...] | None) -> str | None:
    if affected is None:
        return None
    return json.dumps([[each.id, each.name] for each in affected], ensure_ascii=False)


def _affected_of(text: str | None) -> tuple[Affected, ...] | None:
    return None if text is None else tuple(Affected(key, name) for key, name in json.loads(text))
