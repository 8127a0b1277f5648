"""The whole history as lines of JSON, and back: for another computer, a backup, or a look with other tools.

The first line is `{"tray_status_history": 1, "schema": 6, "last_event": 17}`; each further one is a row of a table as
it is kept, `{"table": "incidents", "row": {"page_id": "openai", …}}`, pages before what belongs to them. What a row
may hold is told by `schema.py`; a file of an earlier version is brought up when it is taken in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from typing import Any

from ..core.model import Page
from ..errors import ArchiveError, StoreError
from .loading import EVENT_COLUMNS, event_of, incidents_of, state_of
from .schema import STEPS, begin, migrate, version_of

MARK = "tray_status_history"
VERSION = 1

LINE_LIMIT = 4_000_000
"""Characters of a line; the longest text that is kept takes a fraction of it."""

_LEFT_OUT = ("claims",)
"""Who polls what on this computer just now."""

_OF_PAGES = ("pages", "components")
_OF_INCIDENTS = ("incidents", "updates")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in."""

    pages: int
    incidents: int
    events: int
    whole: bool
    """Whether there was nothing before, so that all of it could be taken: events, and what was told of them, too."""


def is_archive(line: str) -> bool:
    """Whether a file that begins so is one of ours."""
    try:
        head = json.loads(line)
    except ValueError:
        return False
    return isinstance(head, dict) and MARK in head


def dump(connection: sqlite3.Connection) -> Iterator[str]:
    """All that is kept, line by line, within one reading."""
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    yield json.dumps({MARK: VERSION, "schema": version_of(connection), "last_event": last[0] if last else 0})
    for table in _tables(connection):
        for row in connection.execute(f"SELECT * FROM {table}"):
            yield json.dumps({"table": table, "row": dict(row)}, ensure_ascii=False)


def take(lines: Iterable[str], transaction: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> Taken:
    """Take all of it into an empty history; into another one, pages and incidents that it does not know.

    Nothing is taken where one line is wrong. Raises ArchiveError, and StoreError where it cannot be written.
    """
    with closing(sqlite3.connect("")) as given:  # a file of its own that goes with the connection
        given.row_factory = sqlite3.Row
        try:
            last = _fill(given, lines)
            _look_through(given)
        except sqlite3.Error as error:
            raise ArchiveError(f"it cannot be taken in: {error}") from None
        with transaction() as connection:
            if connection.execute("SELECT 1 FROM pages").fetchone() is None:
                return _take_whole(given, connection, last)
            return _take_unknown(given, connection)


def _fill(given: sqlite3.Connection, lines: Iterable[str]) -> int:
    """Put the lines into a file of their own version and bring that up; the number of the last event ever."""
    numbered = enumerate(lines, 1)
    head = _json(*next(numbered, (1, "")))
    schema, last = head.get("schema"), head.get("last_event")
    if head.get(MARK) != VERSION or not isinstance(schema, int) or not isinstance(last, int):
        raise ArchiveError("line 1: it does not begin as a history of Tray Status does")
    if not 1 <= schema <= len(STEPS):
        raise ArchiveError(
            f"line 1: its schema is {schema} and this program knows 1 to {len(STEPS)}; take a newer one"
        )
    begin(given, schema)
    given.execute("PRAGMA foreign_keys = ON")
    columns = {table: _columns(given, table) for table in _tables(given)}
    for number, line in numbered:
        if not line.strip():
            continue
        told = _json(number, line)
        table, row = told.get("table"), told.get("row")
        if table not in columns or not isinstance(row, dict):
            raise ArchiveError(f"line {number}: it names no table of a history")
        if not row or not row.keys() <= columns[table]:
            raise ArchiveError(f"line {number}: {table} has no such columns")
        if not all(value is None or isinstance(value, (str, int, float)) for value in row.values()):
            raise ArchiveError(f"line {number}: a value is neither text nor a number")
        try:
            _insert(given, table, row)
        except (sqlite3.Error, OverflowError) as error:
            raise ArchiveError(f"line {number}: {error}") from None
    given.commit()
    migrate(given)
    return last


def _json(number: int, line: str) -> dict[str, Any]:
    if len(line) > LINE_LIMIT:
        raise ArchiveError(f"line {number}: it is longer than any that is written")
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise ArchiveError(f"line {number}: it is no JSON") from None
    if not isinstance(told, dict):
        raise ArchiveError(f"line {number}: it is no JSON object")
    return told


def _look_through(given: sqlite3.Connection) -> None:
    """Read all of it once as the program will, so that nothing wrong is found only later."""
    where = "the file"
    try:
        for page in given.execute("SELECT * FROM pages").fetchall():
            where = f"page {page['id']}"
            state_of(given, Page(page["id"], page["name"], page["url"]))
            incidents_of(given, "page_id = ?", (page["id"],))
        for row in given.execute(f"SELECT {EVENT_COLUMNS} FROM events"):
            where = f"event {row['seq']}"
            event_of(row)
    except (ValueError, KeyError, TypeError, AttributeError, StoreError) as error:
        raise ArchiveError(f"{where}: what is kept of it cannot be read: {error}") from None


def _take_whole(given: sqlite3.Connection, connection: sqlite3.Connection, last: int) -> Taken:
    for table in _tables(given):
        for row in given.execute(f"SELECT * FROM {table}"):
            _insert(connection, table, dict(row))
    # Numbers only grow, also beyond events that were forgotten.
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'events'")
    most = max(last, given.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0])
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)", (most,))
    pages, incidents, events = (
        given.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("pages", "incidents", "events")
    )
    return Taken(pages, incidents, events, whole=True)


def _take_unknown(given: sqlite3.Connection, connection: sqlite3.Connection) -> Taken:
    """Of pages that are known here only what is over: what is open is told by the pages themselves."""
    known = {row["id"] for row in connection.execute("SELECT id FROM pages")}
    new = [row["id"] for row in given.execute("SELECT id FROM pages") if row["id"] not in known]
    for table in _OF_PAGES:
        key = "id" if table == "pages" else "page_id"
        for row in given.execute(f"SELECT * FROM {table}").fetchall():
            if row[key] not in known:
                _insert(connection, table, dict(row))
    taken = 0
    for row in given.execute("SELECT * FROM incidents").fetchall():
        place = (row["page_id"], row["id"])
        there = connection.execute("SELECT 1 FROM incidents WHERE page_id = ? AND id = ?", place).fetchone()
        if there is not None or (row["live"] and row["page_id"] in known):
            continue
        _insert(connection, "incidents", dict(row))
        for update in given.execute("SELECT * FROM updates WHERE page_id = ? AND incident_id = ?", place).fetchall():
            _insert(connection, "updates", dict(update))
        taken += 1
    return Taken(len(new), taken, 0, whole=False)


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    names = [row[0] for row in rows if not row[0].startswith("sqlite_") and row[0] not in _LEFT_OUT]
    first = (*_OF_PAGES, *_OF_INCIDENTS)
    return [*first, *(name for name in names if name not in first)]


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
    )
