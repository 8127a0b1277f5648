"""For how long each page was read on each day: what nobody looked at is no quiet day."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from .rows import text_time

LONGEST = timedelta(minutes=15)
"""Between two readings, unless the page is asked for more seldom: after more, nobody watched meanwhile."""


def note_watched(
    connection: sqlite3.Connection,
    read: Mapping[str, datetime],
    every: Mapping[str, float],
    noted: Mapping[str, datetime],
) -> None:
    """Count what lies between the reading that was noted last, or the last one of an earlier run, and this one."""
    rows = connection.execute("SELECT id, read_at FROM pages WHERE reading = 'fresh'").fetchall()
    told = []
    for row in rows:
        at, before = read.get(row["id"]), noted.get(row["id"]) or text_time(row["read_at"])
        if at is None or before is None:
            continue
        longest = max(LONGEST, timedelta(seconds=3 * every.get(row["id"], 0.0)))
        if timedelta(0) <= at - before <= longest:
            told.append((row["id"], at.astimezone().date().isoformat(), (at - before).total_seconds()))
    connection.executemany(
        "INSERT INTO watched VALUES (?, ?, ?)"
        " ON CONFLICT (page_id, day) DO UPDATE SET seconds = seconds + excluded.seconds",
        told,
    )
