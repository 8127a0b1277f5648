"""What the rest of the program calls: pages' state, the log of events, and how far each output has told it.

State and events of one poll are written in one transaction, so a crash at any point leaves either both or neither,
and the same poll again gives the same events, once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any

from ..core.diff import Change
from ..core.events import Event, EventKind, PageProblem, from_json, to_json
from ..core.model import Component, Impact, Incident, Kind, Known, Page, Reading, Snapshot
from ..core.probe import Probe
from ..core.view import PageState
from ..errors import StoreError
from .claims import Claims
from .database import Database, open_database
from .pruning import forget_events, forget_incidents, forgettable, note_listed
from .rows import (
    INCIDENT_COLUMNS,
    UPDATE_COLUMNS,
    component_of,
    component_row,
    incident_of,
    incident_row,
    probe_of,
    probe_text,
    problem_of,
    problem_text,
    text_time,
    time_text,
    update_rows,
)
from .wishes import Wishes, end_with

_EVENT_COLUMNS = "seq, first, late, json"

_CHUNK = 500
"""SQLite limits the number of parameters of one statement."""


class Store:
    """The history. All methods may be called from any thread; each raises StoreError when the file cannot be used."""

    def __init__(self, database: Database, note: str | None = None) -> None:
        self._database = database
        self._listeners: list[Callable[[], None]] = []
        self._version = (-1, 0)
        with suppress(StoreError):  # it may have to wait for another program
            self._version = database.version()
        self.claims = Claims(database)
        self.wishes = Wishes(database)
        self.note = note
        """What a person must know about how it was opened, if anything."""

    @classmethod
    def open(cls, path: Path | None, *, read_only: bool = False) -> Store:
        """Open or begin the file; `None` keeps everything in memory. Raises StoreError.

        With `read_only` the file stays as it is, however it is, and a missing one is empty: for a look at what
        may be another process's.
        """
        return cls(*open_database(path, read_only=read_only))

    @property
    def shared(self) -> bool:
        """Whether other processes see what is written here."""
        return self._database.shared

    @property
    def words(self) -> list[str]:
        """What a person should be told, such as that the file was damaged; whoever tells it empties this."""
        return self._database.words

    def on_renewal(self, listener: Callable[[], None]) -> None:
        """Have `listener` called when another file has taken the place, before anything is written to it."""
        self._database.on_renewal(listener)

    def hurry(self) -> None:
        """Wait no longer for other programs: this one is about to end."""
        self._database.hurry()

    def close(self) -> None:
        self._database.close()

    def on_growth(self, listener: Callable[[], None]) -> None:
        """Have `listener` called, on the writing thread, after events were added."""
        self._listeners.append(listener)

    def look_for_others(self) -> None:
        """Tell the listeners where another process has written since the last look. Raises StoreError."""
        before, self._version = self._version, self._database.version()
        if self._version != before:
            self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    @contextmanager
    def writing(self, page: Page) -> Iterator[Writing]:
        """One transaction over one page. What it appended is announced to listeners once it is safe on disk."""
        with self._database.transaction() as connection:
            writing = Writing(connection, page)
            yield writing
        if writing.appended:
            self._database.last_number = max(self._database.last_number, writing.appended[-1].seq)
            self._tell()

    def restore(self, states: Iterable[PageState]) -> None:
        """Write how pages stand into a file that knows nothing of them, so that nothing is told anew."""
        for state in states:
            if state.read_at is not None:
                with self.writing(state.page) as writing:
                    writing.restore(state)

    def checked(self, times: Mapping[str, datetime], *, read: Mapping[str, datetime]) -> None:
        """Note when pages were last tried, and last read, in one transaction for all."""
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE pages SET checked_at = ? WHERE id = ?", [(time_text(at), key) for key, at in times.items()]
            )
            connection.executemany(
                "UPDATE pages SET read_at = ? WHERE id = ?", [(time_text(at), key) for key, at in read.items()]
            )

    def state(self, page: Page) -> PageState:
        """How the page stands, as last written."""
        with self._database.reading() as connection:
            return _state_of(connection, page)

    def pages(self, ids: Iterable[str]) -> tuple[Page, ...]:
        """Those of some pages that are known, by name. Raises StoreError."""
        wanted = set(ids)
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id, name, url FROM pages ORDER BY name").fetchall()
        return tuple(Page(row["id"], row["name"], row["url"]) for row in rows if row["id"] in wanted)

    def recent(self, page_ids: Sequence[str], limit: int) -> list[tuple[str, Incident]]:
        """The newest incidents of some pages with their page's id, open or not, newest words first."""
        with self._database.reading() as connection:
            marks = ",".join("?" * len(page_ids))
            rows = connection.execute(
                f"SELECT page_id, id FROM incidents WHERE page_id IN ({marks}) AND kind = ?"
                " ORDER BY last_at DESC LIMIT ?",
                (*page_ids, Kind.INCIDENT.value, limit),
            ).fetchall()
            found = []
            for row in rows:
                found += [
                    (row["page_id"], each)
                    for each in _incidents(connection, "page_id = ? AND id = ?", (row["page_id"], row["id"]))
                ]
            return found

    def events(
        self,
        after: int = 0,
        *,
        page_ids: Iterable[str] | None = None,
        limit: int = 1000,
        untold_by: str | None = None,
    ) -> list[Event]:
        """Events of the log after `after`, oldest first, at most `limit` of them.

        With `untold_by` those are left out that this output told when it was fed with some pages alone.
        """
        query = f"SELECT {_EVENT_COLUMNS} FROM events WHERE seq > ?"
        wanted: tuple[object, ...] = (after,)
        if page_ids is not None:
            ids = tuple(page_ids)
            query += f" AND page_id IN ({','.join('?' * len(ids))})"
            wanted += ids
        if untold_by is not None:
            query += (
                " AND NOT EXISTS (SELECT 1 FROM told WHERE told.output = ?"
                " AND told.page_id = events.page_id AND told.seq >= events.seq)"
            )
            wanted += (untold_by,)
        with self._database.reading() as connection:
            rows = connection.execute(f"{query} ORDER BY seq LIMIT ?", (*wanted, limit)).fetchall()
        return [_event_of(row) for row in rows]

    def lately(self, since: datetime, limit: int = 1000) -> list[Event]:
        """The last events that were seen since then, oldest first. Raises StoreError."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_EVENT_COLUMNS} FROM events WHERE seen_at >= ? ORDER BY seq DESC LIMIT ?",
                (time_text(since), limit),
            ).fetchall()
        return [_event_of(row) for row in reversed(rows)]

    def last_seq(self) -> int:
        with self._database.reading() as connection:
            row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        last = int(row["seq"]) if row else 0
        self._database.last_number = max(self._database.last_number, last)
        return last

    def prune(self, before: datetime, limit: int = 500, *, silent_since: datetime | None = None) -> int:
        """Forget some events that were seen before then and that every output has told; how many. Raises StoreError.

        An output that has not told how far it is since `silent_since` is waited for no longer.
        """
        silent = time_text(silent_since) or ""
        with self._database.transaction() as connection:
            return forget_events(connection, time_text(before) or "", silent, limit)

    def prune_incidents(self, before: datetime, limit: int = 100) -> int:
        """Forget some incidents that ended before then and that no page lists; how many. Raises StoreError."""
        with self._database.reading() as connection:
            keys = forgettable(connection, time_text(before) or "", limit)
        if keys:
            with self._database.transaction() as connection:
                forget_incidents(connection, keys)
        return len(keys)

    def health(self) -> dict[str, Any]:
        """What `doctor` tells of the history. Raises StoreError."""
        with self._database.reading() as connection:
            counts = {
                name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for name in ("pages", "incidents", "updates", "events")
            }
            cursors = {row["output"]: row["seq"] for row in connection.execute("SELECT * FROM cursors")}
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            problems = [row[0] for row in connection.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
        return {"schema": version, "damage": problems, **counts, "last_event": self.last_seq(), "told": cursors}

    def cursor(self, output: str) -> int | None:
        """How far an output has told the log; None for one that never ran."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT seq FROM cursors WHERE output = ?", (output,)).fetchone()
        return int(row["seq"]) if row else None

    def told_alone(self, output: str) -> dict[str, int]:
        """How far beyond its cursor an output was told of pages that it was fed with alone. Raises StoreError."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT page_id, seq FROM told WHERE output = ?", (output,)).fetchall()
        return {row["page_id"]: row["seq"] for row in rows}

    def move_cursor(
        self, output: str, seq: int, at: datetime | None = None, *, only: Collection[str] | None = None
    ) -> None:
        """Note that an output has told everything up to `seq`, at that time or now; it never moves back.

        With `only`, everything of these pages: what happened on all others is still due.
        """
        moved_at = time_text(at or datetime.now(timezone.utc))
        with self._database.transaction() as connection:
            if only is not None:
                connection.executemany(
                    "INSERT INTO told (output, page_id, seq) VALUES (?, ?, ?)"
                    " ON CONFLICT (output, page_id) DO UPDATE SET seq = max(seq, excluded.seq)",
                    [(output, page_id, seq) for page_id in only],
                )
                return
            connection.execute(
                "INSERT INTO cursors (output, seq, moved_at) VALUES (?, ?, ?)"
                " ON CONFLICT (output) DO UPDATE SET seq = max(seq, excluded.seq), moved_at = excluded.moved_at",
                (output, seq, moved_at),
            )
            connection.execute("DELETE FROM told WHERE output = ? AND seq <= ?", (output, seq))

    def last_of(self, kind: EventKind, page_id: str, before: int) -> Event | None:
        """The last event of a kind on a page before another one. Raises StoreError."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {_EVENT_COLUMNS} FROM events WHERE page_id = ? AND seq < ? AND json LIKE ?"
                " ORDER BY seq DESC LIMIT 1",
                (page_id, before, f'{{"v":%,"seq":%,"kind":"{kind.value}",%'),
            ).fetchone()
        return _event_of(row) if row else None

    def hold(self, output: str, seq: int, due: datetime, why: str) -> None:
        """Note that an output tells an event later than its cursor says: when, and why. Raises StoreError."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO held (output, seq, due, why) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (output, seq) DO UPDATE SET due = excluded.due, why = excluded.why",
                (output, seq, time_text(due), why),
            )

    def held(self, output: str) -> list[tuple[datetime, str, Event]]:
        """The events that an output holds back, oldest first, with when each is due, and why. Raises StoreError."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT due, why, {_EVENT_COLUMNS} FROM held JOIN events USING (seq) WHERE output = ? ORDER BY seq",
                (output,),
            ).fetchall()
        return [(datetime.fromisoformat(row["due"]), row["why"], _event_of(row)) for row in rows]

    def let_go(self, output: str, seqs: Iterable[int]) -> None:
        """Note that held events were told. Raises StoreError."""
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM held WHERE output = ? AND seq = ?", [(output, each) for each in seqs])


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
        return _renamed(self._page, self.row["name"])

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
        return _state_of(self._connection, self._page)

    def known(self, snapshot: Snapshot) -> Known:
        """What the log holds of this page and of all incidents that a snapshot names."""
        key = self._page.id
        incidents = {each.id: each for each in _incidents(self._connection, "page_id = ? AND live", (key,))}
        named = [each.id for each in snapshot.incidents if each.id not in incidents]
        for start in range(0, len(named), _CHUNK):
            some = named[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            for each in _incidents(self._connection, f"page_id = ? AND id IN ({marks})", (key, *some)):
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


def _state_of(connection: sqlite3.Connection, page: Page) -> PageState:
    row = connection.execute("SELECT * FROM pages WHERE id = ?", (page.id,)).fetchone()
    if row is None:
        return PageState(page)
    live = _incidents(connection, "page_id = ? AND live", (page.id,))
    components = connection.execute(
        "SELECT * FROM components WHERE page_id = ? ORDER BY group_name, name, id", (page.id,)
    )
    tracked = connection.execute(
        "SELECT count(*) FROM incidents WHERE page_id = ? AND kind = ?", (page.id, Kind.INCIDENT.value)
    ).fetchone()[0]
    maintenances = [each for each in live if each.kind is Kind.MAINTENANCE]
    return PageState(
        page=_renamed(page, row["name"]),
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


def _event_of(row: sqlite3.Row) -> Event:
    return from_json({**json.loads(row["json"]), "seq": row["seq"]}, first=bool(row["first"]), late=bool(row["late"]))


def _soonest(maintenance: Incident) -> str:
    return time_text(maintenance.scheduled_for) or ""


def _renamed(page: Page, name: str) -> Page:
    """The page under the vendor's own name, where the person gave none."""
    return page if page.named else replace(page, name=name)


def _incidents(connection: sqlite3.Connection, where: str, wanted: tuple[object, ...]) -> list[Incident]:
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
