"""The shape of the database, and one step for each version it ever had.

`user_version` counts the steps that a file has gone through; `application_id` says that the file is ours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from ..errors import StoreError

APPLICATION_ID = 0x54524159  # "TRAY"

_FIRST = """
CREATE TABLE pages (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    vendor_url TEXT,                        -- the page's own address, for people
    platform TEXT,
    reading TEXT NOT NULL DEFAULT 'never',
    problem TEXT,                           -- JSON, see rows.py
    indicator TEXT,
    open_told INTEGER NOT NULL DEFAULT 0,
    history_read INTEGER NOT NULL DEFAULT 0,
    read_at TEXT,
    checked_at TEXT,
    changed_at TEXT
);
CREATE TABLE components (
    page_id TEXT NOT NULL REFERENCES pages ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    impact TEXT NOT NULL,
    word TEXT NOT NULL,
    group_name TEXT,
    PRIMARY KEY (page_id, id)
) WITHOUT ROWID;
CREATE TABLE incidents (
    page_id TEXT NOT NULL REFERENCES pages ON DELETE CASCADE,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    word TEXT NOT NULL,
    impact TEXT,
    url TEXT,
    started_at TEXT,
    resolved_at TEXT,
    affected TEXT,                          -- JSON list of [id, name]; NULL is "not told"
    scheduled_for TEXT,
    scheduled_until TEXT,
    live INTEGER NOT NULL,                  -- open, or a maintenance still to come
    missing INTEGER NOT NULL DEFAULT 0,     -- readings in a row that no longer list it though it is open
    last_at TEXT NOT NULL,                  -- of its newest update, for "recent"
    PRIMARY KEY (page_id, id)
) WITHOUT ROWID;
CREATE INDEX incidents_live ON incidents (page_id) WHERE live;
CREATE INDEX incidents_recent ON incidents (last_at);
CREATE TABLE updates (
    page_id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    id TEXT NOT NULL,
    place INTEGER NOT NULL,                 -- in the incident's timeline, oldest first
    state TEXT NOT NULL,
    word TEXT NOT NULL,
    text TEXT,
    at TEXT,
    source TEXT NOT NULL,
    affected TEXT,
    PRIMARY KEY (page_id, incident_id, id),
    FOREIGN KEY (page_id, incident_id) REFERENCES incidents ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,  -- only grows, also when rows are pruned
    page_id TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    first INTEGER NOT NULL,                 -- was so when the page was read for the first time
    json TEXT NOT NULL                      -- as told then; see core/events.py
);
CREATE TABLE cursors (
    output TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) WITHOUT ROWID;
"""

_CLAIMS = """
CREATE TABLE claims (
    page_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL                     -- the process that polls it, see system/owner.py
) WITHOUT ROWID;
"""

_LATE = """
ALTER TABLE events ADD COLUMN late INTEGER NOT NULL DEFAULT 0;  -- came while the page was not read for long
"""

_MOVED = """
ALTER TABLE pages ADD COLUMN moved_to TEXT;  -- where `url` redirects to for good, once that is sure
"""

_SOURCES = """
ALTER TABLE pages ADD COLUMN source TEXT NOT NULL DEFAULT '';  -- where the platform's documents are
ALTER TABLE incidents ADD COLUMN regions TEXT;                 -- JSON list of ids; NULL is "not told"
CREATE TABLE held (                                            -- events that an output tells later, or as one
    output TEXT NOT NULL,
    seq INTEGER NOT NULL,
    due TEXT NOT NULL,
    PRIMARY KEY (output, seq)
) WITHOUT ROWID;
CREATE TABLE told (                                            -- how far beyond its cursor a page was told alone
    output TEXT NOT NULL,
    page_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (output, page_id)
) WITHOUT ROWID;
ALTER TABLE cursors ADD COLUMN moved_at TEXT NOT NULL DEFAULT '';    -- when its output last told how far it is
UPDATE cursors SET moved_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now');
ALTER TABLE incidents ADD COLUMN listed_at TEXT NOT NULL DEFAULT ''; -- the day on which its page last listed it
UPDATE incidents SET listed_at = date('now');
"""

_ATTENTION = """
ALTER TABLE pages ADD COLUMN probe TEXT;          -- JSON: what the person's own probe found, see rows.py
ALTER TABLE pages ADD COLUMN trouble TEXT;        -- JSON: why the last poll failed, confirmed or not
ALTER TABLE pages ADD COLUMN failing_since TEXT;  -- since when polls have failed
ALTER TABLE held ADD COLUMN why TEXT NOT NULL DEFAULT 'away';
UPDATE held SET why = 'flaps' WHERE NOT (SELECT late FROM events WHERE events.seq = held.seq);
CREATE TABLE wishes (                             -- what the person wants to hear, and not to hear; core/wishes.py
    wish TEXT NOT NULL,
    page_id TEXT NOT NULL,                        -- empty: all pages
    incident_id TEXT NOT NULL,                    -- empty: the page as a whole
    at TEXT NOT NULL,
    until TEXT,
    impact TEXT NOT NULL,
    page_impact TEXT NOT NULL,
    PRIMARY KEY (wish, page_id, incident_id)
) WITHOUT ROWID;
CREATE TABLE reminded (                           -- maintenances that the person was reminded of, and for when
    output TEXT NOT NULL,
    page_id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    begins TEXT NOT NULL,
    PRIMARY KEY (output, page_id, incident_id)
) WITHOUT ROWID;
"""

_SERVICES = """
CREATE TABLE watched (                            -- how long a page was read on a day, so that no day is green unseen
    page_id TEXT NOT NULL REFERENCES pages ON DELETE CASCADE,
    day TEXT NOT NULL,                            -- in this computer's zone
    seconds REAL NOT NULL,
    PRIMARY KEY (page_id, day)
) WITHOUT ROWID;
CREATE TABLE troubles (                           -- hooks and webhooks that did not take what they were sent last
    output TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    words TEXT NOT NULL
) WITHOUT ROWID;
"""

STEPS = (_FIRST, _CLAIMS, _LATE, _MOVED, _SOURCES, _ATTENTION, _SERVICES)


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps a file has gone through. Raises StoreError where it went through more than are known here."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(STEPS):
        raise StoreError(
            f"its version is {version} and this program knows {len(STEPS)}: it was made by a newer Tray Status"
        )
    return version


def begin(connection: sqlite3.Connection, version: int) -> None:
    """Make an empty file of an earlier version, as one that is about to be filled from elsewhere."""
    for step in STEPS[:version]:
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to the newest version, all steps in one transaction. Raises StoreError for a newer one.

    Of several processes that start together one migrates; the others wait for it, or fail with "locked".
    """
    if version_of(connection) == len(STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection)  # another process may have been here first
        for step in STEPS[version:]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; `executescript` would commit what came before."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
