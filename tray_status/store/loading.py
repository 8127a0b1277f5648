"""What is written of a page and its incidents, read back as it stands."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from itertools import groupby

from ..core.events import Event, from_json
from ..core.model import Impact, Incident, Kind, Page, Reading
from ..core.view import PageState
from .rows import component_of, incident_of, probe_of, problem_of, text_time, time_text

EVENT_COLUMNS = "seq, first, late, json"


def event_of(row: sqlite3.Row) -> Event:
    return from_json({**json.loads(row["json"]), "seq": row["seq"]}, first=bool(row["first"]), late=bool(row["late"]))


def _soonest(maintenance: Incident) -> str:
    return time_text(maintenance.scheduled_for) or ""


def renamed(page: Page, name: str) -> Page:
    """The page under the vendor's own name, where the person gave none."""
    return page if page.named else replace(page, name=name)


def incidents_of(connection: sqlite3.Connection, where: str, wanted: tuple[object, ...]) -> list[Incident]:
    """Incidents with their timelines, oldest first."""
    rows = connection.execute(
        f"SELECT * FROM incidents WHERE {where} ORDER BY coalesce(started_at, last_at), id",
        wanted,
    ).fetchall()
    updates = connection.execute(
        "SELECT * FROM updates WHERE (page_id, incident_id) IN"
        f" (SELECT page_id, id FROM incidents WHERE {where}) ORDER BY page_id, incident_id, place",
        wanted,
    ).fetchall()
    timelines = {key: list(group) for key, group in groupby(updates, key=lambda row: row["incident_id"])}
    return [incident_of(row, timelines.get(row["id"], ())) for row in rows]


def state_of(connection: sqlite3.Connection, page: Page) -> PageState:
    row = connection.execute("SELECT * FROM pages WHERE id = ?", (page.id,)).fetchone()
    if row is None:
        return PageState(page)
    live = incidents_of(connection, "page_id = ? AND live", (page.id,))
    components = connection.execute(
        "SELECT * FROM components WHERE page_id = ? ORDER BY group_name, name, id", (page.id,)
    )
    tracked = connection.execute(
        "SELECT count(*) FROM incidents WHERE page_id = ? AND kind = ?", (page.id, Kind.INCIDENT.value)
    ).fetchone()[0]
    maintenances = [each for each in live if each.kind is Kind.MAINTENANCE]
    return PageState(
        page=renamed(page, row["name"]),
        reading=Reading(row["reading"]),
        problem=problem_of(row["problem"]),
        trouble=problem_of(row["trouble"]),
        failing_since=text_time(row["failing_since"]),
        platform=row["platform"],
        source=row["source"],
        vendor_url=row["vendor_url"],
        indicator=Impact(row["indicator"]) if row["indicator"] else None,
        open_told=bool(row["open_told"]),
        components=tuple(component_of(each) for each in components),
        open_incidents=tuple(each for each in live if each.kind is Kind.INCIDENT and each.is_open),
        maintenances=tuple(sorted(maintenances, key=_soonest)),
        tracked=tracked,
        read_at=text_time(row["read_at"]),
        checked_at=text_time(row["checked_at"]),
        changed_at=text_time(row["changed_at"]),
        moved_to=row["moved_to"] if row["url"] == page.url else None,
        probe=probe_of(row["probe"]),
    )
