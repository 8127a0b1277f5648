"""One page within one transaction: its state and its events are written together, or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timezone

from ..core.diff import Change
from ..core.events import Event, PageProblem, to_json
from ..core.model import Component, Impact, Incident, Known, Page, Reading, Snapshot, State
from ..core.probe import Probe
from ..core.view import PageState
from .loading import incidents_of, renamed, state_of
from .pruning import note_listed
from .rows import (
    INCIDENT_COLUMNS,
    UPDATE_COLUMNS,
    component_of,
    component_row,
    incident_row,
    probe_text,
    problem_text,
    time_text,
    update_rows,
)
from .wishes import end_with

_CHUNK = 500
"""SQLite limits the number of parameters of one statement."""


class Writing:
    """One page within one transaction."""

    def __init__(self, connection: sqlite3.Connection, page: Page) -> None:
        self._connection = connection
        self._page = page
        self.appended: list[Event] = []
        """The events added so far, with their numbers."""
        connection.execute(
            "INSERT INTO pages (id, name, url) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET url = excluded.url,"
            " moved_to = CASE WHEN pages.url = excluded.url THEN moved_to END,"
            " name = CASE WHEN ? THEN excluded.name ELSE name END",
            (page.id, page.name, page.url, page.named),
        )
        self.row = connection.execute("SELECT * FROM pages WHERE id = ?", (page.id,)).fetchone()

    @property
    def page(self) -> Page:
        """The page under the name that the log knows."""
        return renamed(self._page, self.row["name"])

    def recognised(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with each incident under the id that it is known by, though the vendor now gives another.

        Ids go or change when a vendor moves to another platform; then the same name and the very same start tell.
        """
        listed = {each.id for each in snapshot.incidents}
        incidents = []
        for told in snapshot.incidents:
            known = self._ids("id = ?", told.id)
            same = [] if known else self._ids("name = ? AND started_at = ?", told.name, time_text(told.started_at))
            found = same[0] if len(same) == 1 and same[0] not in listed else told.id
            incidents.append(replace(told, id=found) if found != told.id else told)
        return replace(snapshot, incidents=tuple(incidents))

    def _ids(self, where: str, *wanted: str | None) -> list[str]:
        rows = self._connection.execute(
            f"SELECT id FROM incidents WHERE page_id = ? AND {where}", (self._page.id, *wanted)
        )
        return [row["id"] for row in rows]

    def state(self) -> PageState:
        """How the page stands by what was written so far."""
        return state_of(self._connection, self._page)

    def known(self, snapshot: Snapshot) -> Known:
        """What the log holds of this page and of all incidents that a snapshot names."""
        key = self._page.id
        incidents = {each.id: each for each in incidents_of(self._connection, "page_id = ? AND live", (key,))}
        named = [each.id for each in snapshot.incidents if each.id not in incidents]
        for start in range(0, len(named), _CHUNK):
            some = named[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            for each in incidents_of(self._connection, f"page_id = ? AND id IN ({marks})", (key, *some)):
                incidents[each.id] = each
        components = self._connection.execute("SELECT * FROM components WHERE page_id = ?", (key,))
        missing = self._connection.execute(
            "SELECT id, missing FROM incidents WHERE page_id = ? AND live AND missing", (key,)
        )
        return Known(
            read=self.row["read_at"] is not None,
            history_read=bool(self.row["history_read"]),
            indicator=Impact(self.row["indicator"]) if self.row["indicator"] else None,
            components={row["id"]: component_of(row) for row in components},
            incidents=incidents,
            missing={row["id"]: row["missing"] for row in missing},
        )

    def backfill(self, incidents: Iterable[Incident]) -> int:
        """Note incidents that are over and were not known, without a word to anybody; how many there were."""
        over = {each.id: each for each in incidents if not each.is_open and each.state is not State.SCHEDULED}
        new = [each for each in over.values() if not self._ids("id = ?", each.id)]
        self._write_incidents(Change(incidents=tuple(new)))
        return len(new)

    def save(self, change: Change, snapshot: Snapshot, at: datetime) -> None:
        """Write what a snapshot changed, and append its events."""
        key = self._page.id
        if not self._page.named and snapshot.name:
            self._connection.execute("UPDATE pages SET name = ? WHERE id = ?", (snapshot.name, key))
        self._connection.execute(
            "UPDATE pages SET platform = ?, source = ?, vendor_url = coalesce(?, vendor_url),"
            " indicator = coalesce(?, indicator), open_told = ?,"
            " history_read = history_read OR ?, read_at = ?, checked_at = ? WHERE id = ?",
            (
                snapshot.platform,
                snapshot.source,
                snapshot.url,
                snapshot.indicator.value if snapshot.indicator else None,
                snapshot.open_told or (self.row["open_told"] and not snapshot.open_hidden),
                snapshot.history_told,
                time_text(at),
                time_text(at),
                key,
            ),
        )
        self._write_incidents(change)
        end_with(self._connection, key, change.incidents, at)
        day = at.astimezone(timezone.utc).date().isoformat()
        note_listed(self._connection, key, snapshot.incidents, day, _CHUNK)
        self._write_components(change.components)
        self._connection.executemany(
            "DELETE FROM components WHERE page_id = ? AND id = ?", [(key, each) for each in change.gone_components]
        )
        self.append(change.events, at)

    def restore(self, state: PageState) -> None:
        """Write how the page stands, where nothing is known of it."""
        if self.row["read_at"] is not None:
            return
        self._connection.execute(
            "UPDATE pages SET name = ?, platform = ?, source = ?, vendor_url = ?, indicator = ?, open_told = ?,"
            " moved_to = ?, read_at = ?, checked_at = ?, changed_at = ? WHERE id = ?",
            (
                state.page.name,
                state.platform,
                state.source,
                state.vendor_url,
                state.indicator.value if state.indicator else None,
                state.open_told,
                state.moved_to,
                time_text(state.read_at),
                time_text(state.checked_at),
                time_text(state.changed_at),
                self._page.id,
            ),
        )
        self.set_reading(state.reading, state.problem)
        self.set_probe(state.probe)
        self._write_incidents(Change(incidents=(*state.open_incidents, *state.maintenances)))
        self._write_components(state.components)

    def _write_components(self, components: Iterable[Component]) -> None:
        self._connection.executemany(
            "INSERT INTO components VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (page_id, id) DO UPDATE SET"
            " name = excluded.name, impact = excluded.impact, word = excluded.word, group_name = excluded.group_name",
            [component_row(self._page.id, each) for each in components],
        )

    def _write_incidents(self, change: Change) -> None:
        key = self._page.id
        columns = [column.strip() for column in INCIDENT_COLUMNS.split(",")]
        renewed = ", ".join(f"{column} = excluded.{column}" for column in columns[2:])
        marks = ",".join("?" * len(columns))
        self._connection.executemany(
            f"INSERT INTO incidents ({INCIDENT_COLUMNS}) VALUES ({marks})"
            f" ON CONFLICT (page_id, id) DO UPDATE SET {renewed}",
            [incident_row(key, each) for each in change.incidents],
        )
        for incident in change.incidents:
            self._connection.executemany(
                f"INSERT INTO updates ({UPDATE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT (page_id, incident_id, id) DO UPDATE SET place = excluded.place,"
                " state = excluded.state, word = excluded.word, text = excluded.text, at = excluded.at,"
                " source = excluded.source, affected = excluded.affected",
                update_rows(key, incident),
            )
        self._connection.executemany(
            "UPDATE incidents SET missing = ? WHERE page_id = ? AND id = ?",
            [(count, key, each) for each, count in change.missing],
        )

    def moved(self, url: str) -> None:
        """Remember where the page's address redirects to for good."""
        self._connection.execute("UPDATE pages SET moved_to = ? WHERE id = ?", (url, self._page.id))

    def set_probe(self, probe: Probe | None) -> None:
        """Note what the page's probe found."""
        self._connection.execute("UPDATE pages SET probe = ? WHERE id = ?", (probe_text(probe), self._page.id))

    def set_trouble(self, trouble: PageProblem | None, since: datetime | None) -> None:
        """Note why the last poll failed, and since when polls have."""
        self._connection.execute(
            "UPDATE pages SET trouble = ?, failing_since = ? WHERE id = ?",
            (problem_text(trouble), time_text(since), self._page.id),
        )

    def set_reading(self, reading: Reading, problem: PageProblem | None) -> None:
        """Note how well the page can be read from now on."""
        self._connection.execute(
            "UPDATE pages SET reading = ?, problem = ? WHERE id = ?",
            (reading.value, problem_text(problem), self._page.id),
        )

    def append(self, events: Iterable[Event], at: datetime) -> None:
        """Add events to the log; they get their numbers."""
        for event in events:
            written = self._connection.execute(
                "INSERT INTO events (page_id, seen_at, first, late, json) VALUES (?, ?, ?, ?, ?)",
                (
                    self._page.id,
                    time_text(event.seen_at),
                    event.first,
                    event.late,
                    json.dumps(to_json(event), ensure_ascii=False, separators=(",", ":")),
                ),
            )
            self.appended.append(event.numbered(int(written.lastrowid or 0)))
        if self.appended:
            self._connection.execute("UPDATE pages SET changed_at = ? WHERE id = ?", (time_text(at), self._page.id))
