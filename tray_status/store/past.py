"""All that ever happened, as far as it is kept: looked through, and one by one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from ..core.events import Event
from ..core.model import Impact, Incident, Kind, Page, State
from ..core.past import Found, Wanted
from ..core.spans import Span
from .database import Database
from .loading import EVENT_COLUMNS, event_of, incidents_of
from .rows import text_time, time_text

_BEGAN = "coalesce(scheduled_for, started_at, last_at)"
_ENDED = "CASE WHEN live THEN '9' ELSE coalesce(resolved_at, last_at) END"


class Past:
    """All methods may be called from any thread; each raises StoreError when the file cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pages(self) -> list[Page]:
        """Every page of which something is known, watched now or not, by name."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id, name, url FROM pages ORDER BY name COLLATE NOCASE").fetchall()
        return [Page(row["id"], row["name"], row["url"]) for row in rows]

    def find(self, wanted: Wanted, limit: int, offset: int = 0) -> Found:
        """Incidents and maintenances with their timelines, those that began last first."""
        where, values = _condition(wanted)
        with self._database.reading() as connection:
            count = connection.execute(f"SELECT count(*) FROM incidents WHERE {where}", values).fetchone()[0]
            keys = connection.execute(
                f"SELECT page_id, id FROM incidents WHERE {where} ORDER BY {_BEGAN} DESC, page_id, id"
                " LIMIT ? OFFSET ?",
                (*values, limit, offset),
            ).fetchall()
            rows = [
                (key["page_id"], each)
                for key in keys
                for each in incidents_of(connection, "page_id = ? AND id = ?", (key["page_id"], key["id"]))
            ]
        return Found(tuple(rows), count)

    def by_id(self, incident_id: str) -> list[tuple[str, Incident]]:
        """Those with that id, in any case, with their pages' ids: of several pages there may be several."""
        with self._database.reading() as connection:
            keys = connection.execute("SELECT page_id, id FROM incidents WHERE id = ? COLLATE NOCASE", (incident_id,))
            pages = [(row["page_id"], row["id"]) for row in keys]
            found = [each for key in pages for each in incidents_of(connection, "page_id = ? AND id = ?", key)]
        return [(page_id, each) for (page_id, _), each in zip(pages, found, strict=True)]

    def incident(self, page_id: str, incident_id: str) -> Incident | None:
        """One of them; None where it is not known, or forgotten."""
        with self._database.reading() as connection:
            found = incidents_of(connection, "page_id = ? AND id = ?", (page_id, incident_id))
        return found[0] if found else None

    def spans(self, since: datetime, until: datetime, now: datetime, page_ids: Sequence[str] = ()) -> list[Span]:
        """What went on between two moments, without its words; what goes on still ends at `now`."""
        where, values = _condition(Wanted(since=since, until=until, page_ids=tuple(page_ids)))
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT page_id, id, name, kind, state, impact, live, started_at, scheduled_for, resolved_at,"
                " last_at, (SELECT min(at) FROM updates WHERE updates.page_id = incidents.page_id"
                f" AND updates.incident_id = incidents.id) AS first_at FROM incidents WHERE {where}",
                values,
            ).fetchall()
        return [span for row in rows if (span := _span(row, now)) is not None]

    def watched(self, page_id: str) -> dict[date, float]:
        """For how many seconds a page was read on each day, in this computer's zone."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT day, seconds FROM watched WHERE page_id = ?", (page_id,)).fetchall()
        return {date.fromisoformat(row["day"]): row["seconds"] for row in rows}

    def watched_since(self, page_ids: Sequence[str]) -> date | None:
        """The first day on which one of these pages was read; None where none was."""
        marks = ",".join("?" * len(page_ids))
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT min(day) FROM watched WHERE page_id IN ({marks})", tuple(page_ids)
            ).fetchone()
        return date.fromisoformat(row[0]) if row[0] else None

    def events_of(self, page_id: str, incident_id: str) -> list[Event]:
        """What the log says of one incident, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {EVENT_COLUMNS} FROM events WHERE page_id = ?"
                " AND json_extract(json, '$.incident.id') = ? ORDER BY seq",
                (page_id, incident_id),
            ).fetchall()
        return [event_of(row) for row in rows]


def _span(row: sqlite3.Row, now: datetime) -> Span | None:
    """A row of `incidents` as a span; None for a maintenance that is still to come, or was called off."""
    kind, state = Kind(row["kind"]), State(row["state"])
    planned = kind is Kind.MAINTENANCE
    if planned and state in (State.SCHEDULED, State.CANCELLED):
        return None
    told = row["started_at"] or (row["scheduled_for"] if planned else None)
    begin = text_time(told or row["first_at"] or row["last_at"])
    end = now if row["live"] else text_time(row["resolved_at"] or row["last_at"])
    if begin is None or end is None:
        return None
    resolved = state in (State.RESOLVED, State.POSTMORTEM, State.COMPLETED)
    impact = Impact(row["impact"]) if row["impact"] else Impact.NONE
    shown = Impact.MAINTENANCE if planned else Impact.NOTICE if impact is Impact.NONE else impact
    both = bool(told and row["resolved_at"] and resolved)
    return Span(row["page_id"], row["id"], row["name"], kind, shown, begin, max(begin, end), both)


def _condition(wanted: Wanted) -> tuple[str, tuple[object, ...]]:
    """What a row of `incidents` has to fulfil, as SQL with its values."""
    parts: list[str] = ["1"]
    values: list[object] = []
    for word in wanted.text.split():
        parts.append(
            "(name LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM updates WHERE updates.page_id = incidents.page_id"
            " AND updates.incident_id = incidents.id AND updates.text LIKE ? ESCAPE '\\'))"
        )
        values += [_anywhere(word)] * 2
    if wanted.page_ids:
        parts.append(f"page_id IN ({','.join('?' * len(wanted.page_ids))})")
        values += wanted.page_ids
    if wanted.component:
        # As JSON writes it: [["id", "name"], …]
        written = wanted.component.replace("\\", "\\\\").replace('"', '\\"')
        parts.append("affected LIKE ? ESCAPE '\\'")
        values.append(_anywhere(written))
    if wanted.impacts:
        told = [each.value for each in wanted.impacts if each is not Impact.MAINTENANCE]
        kinds = [f"kind = '{Kind.MAINTENANCE.value}'"] if Impact.MAINTENANCE in wanted.impacts else []
        if told:
            marks = ",".join("?" * len(told))
            kinds.append(f"(kind <> '{Kind.MAINTENANCE.value}' AND coalesce(impact, 'none') IN ({marks}))")
            values += told
        parts.append(f"({' OR '.join(kinds)})")
    if wanted.since:
        parts.append(f"{_ENDED} >= ?")
        values.append(time_text(wanted.since))
    if wanted.until:
        parts.append(f"{_BEGAN} < ?")
        values.append(time_text(wanted.until))
    if wanted.open_only:
        parts.append(f"live AND (kind <> '{Kind.MAINTENANCE.value}' OR state <> 'scheduled')")
    return " AND ".join(parts), tuple(values)


def _anywhere(text: str) -> str:
    """The pattern of LIKE for a text that stands anywhere."""
    for mark in "\\%_":
        text = text.replace(mark, f"\\{mark}")
    return f"%{text}%"
