"""What the rest of the program calls: pages' state, the log of events, and how far each output has told it.

State and events of one poll are written in one transaction, so a crash at any point leaves either both or neither,
and the same poll again gives the same events, once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ..core.events import Event, EventKind
from ..core.model import Incident, Kind, Page, State
from ..core.view import PageState
from ..errors import StoreError
from .archive import Taken, dump, take
from .claims import Claims
from .database import Database, open_database
from .loading import EVENT_COLUMNS, event_of, incidents_of, state_of
from .past import Past
from .pruning import forget_events, forget_incidents, forget_watched, forgettable
from .rows import time_text
from .troubles import Troubles
from .watched import note_watched
from .wishes import Wishes
from .writing import Writing


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
        self.past = Past(database)
        self._noted: dict[str, datetime] = {}
        """Until when it was noted that pages were watched."""
        self.troubles = Troubles(database)
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

    def checked(
        self, times: Mapping[str, datetime], *, read: Mapping[str, datetime], every: Mapping[str, float] | None = None
    ) -> None:
        """Note when pages were last tried, and last read, in one transaction for all.

        With `every`, their intervals in seconds, also for how long they were watched on this day.
        """
        with self._database.transaction() as connection:
            if every is not None:
                note_watched(connection, read, every, self._noted)
            connection.executemany(
                "UPDATE pages SET checked_at = ? WHERE id = ?", [(time_text(at), key) for key, at in times.items()]
            )
            connection.executemany(
                "UPDATE pages SET read_at = ? WHERE id = ?", [(time_text(at), key) for key, at in read.items()]
            )
        if every is not None:
            self._noted.update(read)

    def state(self, page: Page) -> PageState:
        """How the page stands, as last written."""
        with self._database.reading() as connection:
            return state_of(connection, page)

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
                    for each in incidents_of(connection, "page_id = ? AND id = ?", (row["page_id"], row["id"]))
                ]
            return found

    def durations(self, page_id: str, since: datetime) -> list[timedelta]:
        """How long each incident of a page took that began since then and is resolved. Raises StoreError."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT started_at, resolved_at FROM incidents WHERE page_id = ? AND kind = ? AND NOT live"
                " AND state IN (?, ?) AND started_at >= ? AND resolved_at >= started_at",
                (page_id, Kind.INCIDENT.value, State.RESOLVED.value, State.POSTMORTEM.value, time_text(since)),
            ).fetchall()
        return [
            datetime.fromisoformat(row["resolved_at"]) - datetime.fromisoformat(row["started_at"]) for row in rows
        ]

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
        query = f"SELECT {EVENT_COLUMNS} FROM events WHERE seq > ?"
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
        return [event_of(row) for row in rows]

    def lately(self, since: datetime, limit: int = 1000) -> list[Event]:
        """The last events that were seen since then, oldest first. Raises StoreError."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {EVENT_COLUMNS} FROM events WHERE seen_at >= ? ORDER BY seq DESC LIMIT ?",
                (time_text(since), limit),
            ).fetchall()
        return [event_of(row) for row in reversed(rows)]

    def last_events(self, page_id: str, limit: int) -> list[Event]:
        """The last events of a page, oldest first. Raises StoreError."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {EVENT_COLUMNS} FROM events WHERE page_id = ? ORDER BY seq DESC LIMIT ?", (page_id, limit)
            ).fetchall()
        return [event_of(row) for row in reversed(rows)]

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
        with self._database.transaction() as connection:
            forget_watched(connection, before.astimezone().date().isoformat())
        with self._database.reading() as connection:
            keys = forgettable(connection, time_text(before) or "", limit)
        if keys:
            with self._database.transaction() as connection:
                forget_incidents(connection, keys)
        return len(keys)

    def dump(self) -> Iterator[str]:
        """The whole history as lines, see `archive.py`. Raises StoreError."""
        with self._database.reading() as connection:
            yield from dump(connection)

    def take(self, lines: Iterable[str]) -> Taken:
        """Take in what `dump` gave, here or elsewhere, as one. Raises ArchiveError, and StoreError."""
        return take(lines, self._database.transaction)

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
                f"SELECT {EVENT_COLUMNS} FROM events WHERE page_id = ? AND seq < ? AND json LIKE ?"
                " ORDER BY seq DESC LIMIT 1",
                (page_id, before, f'{{"v":%,"seq":%,"kind":"{kind.value}",%'),
            ).fetchone()
        return event_of(row) if row else None

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
                f"SELECT due, why, {EVENT_COLUMNS} FROM held JOIN events USING (seq) WHERE output = ? ORDER BY seq",
                (output,),
            ).fetchall()
        return [(datetime.fromisoformat(row["due"]), row["why"], event_of(row)) for row in rows]

    def let_go(self, output: str, seqs: Iterable[int]) -> None:
        """Note that held events were told. Raises StoreError."""
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM held WHERE output = ? AND seq = ?", [(output, each) for each in seqs])
