"""What of the history is forgotten: old events that nobody waits for, and incidents that ended long ago.

Forgotten is a little at a time, so that nothing has to wait for it. An incident that its page still lists stays,
however old it is: once forgotten, it would be told as new.
"""

from __future__ import annotations

import json
import sqlite3

from ..core.model import Incident

KEPT_PER_PAGE = 200
"""So many of a page's incidents, the newest, stay however old they are: lists of past ones are shorter, or whole."""


def forget_events(connection: sqlite3.Connection, before: str, silent_since: str, limit: int) -> int:
    """Forget events seen before then that no output has yet to tell; how many.

    Outputs that have not told how far they are since `silent_since` hold nothing back: nobody runs them any more.
    """
    gone = connection.execute(
        "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE seen_at < ?"
        " AND seq <= ifnull((SELECT min(seq) FROM cursors WHERE moved_at >= ?), seq)"
        " AND seq NOT IN (SELECT seq FROM held WHERE due >= ?) ORDER BY seq LIMIT ?)",
        (before, silent_since, silent_since, limit),
    ).rowcount
    if gone:
        connection.execute("DELETE FROM held WHERE seq NOT IN (SELECT seq FROM events)")
    return gone


def forget_watched(connection: sqlite3.Connection, day: str) -> None:
    """Forget on which days before that one pages were watched."""
    connection.execute("DELETE FROM watched WHERE day < ?", (day,))


def forgettable(connection: sqlite3.Connection, before: str, limit: int) -> list[tuple[str, str]]:
    """Incidents, by page and id, that ended before then and that their pages have not listed since."""
    waiting = _held(connection)
    found: list[tuple[str, str]] = []
    many = connection.execute(
        "SELECT page_id FROM incidents GROUP BY page_id HAVING count(*) > ?", (KEPT_PER_PAGE,)
    ).fetchall()
    for (page_id,) in many:
        newest, listed = connection.execute(
            "SELECT (SELECT last_at FROM incidents WHERE page_id = ?1 ORDER BY last_at DESC LIMIT 1 OFFSET ?2),"
            " (SELECT max(listed_at) FROM incidents WHERE page_id = ?1)",
            (page_id, KEPT_PER_PAGE - 1),
        ).fetchone()
        rows = connection.execute(
            "SELECT id FROM incidents WHERE page_id = ? AND NOT live AND last_at < ? AND listed_at < ?"
            " AND coalesce(resolved_at, last_at) < ? ORDER BY last_at LIMIT ?",
            (page_id, min(newest, before), min(listed, before), before, limit + len(waiting)),
        )
        found += [(page_id, row["id"]) for row in rows if (page_id, row["id"]) not in waiting]
        if len(found) >= limit:
            break
    return found[:limit]


def _held(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """The incidents of which some output has yet to tell the last word."""
    rows = connection.execute("SELECT page_id, json FROM events WHERE seq IN (SELECT seq FROM held)")
    told = [(row["page_id"], json.loads(row["json"]).get("incident")) for row in rows]
    return {(page_id, incident["id"]) for page_id, incident in told if incident}


def forget_incidents(connection: sqlite3.Connection, keys: list[tuple[str, str]]) -> None:
    """Forget them and their updates, unless they are open again."""
    connection.executemany("DELETE FROM incidents WHERE page_id = ? AND id = ? AND NOT live", keys)


def note_listed(
    connection: sqlite3.Connection, page_id: str, incidents: tuple[Incident, ...], day: str, chunk: int
) -> None:
    """Note the day on which a page listed some incidents; writes once a day."""
    ids = [each.id for each in incidents]
    for start in range(0, len(ids), chunk):
        some = ids[start : start + chunk]
        connection.execute(
            f"UPDATE incidents SET listed_at = ? WHERE page_id = ? AND listed_at < ?"
            f" AND id IN ({','.join('?' * len(some))})",
            (day, page_id, day, *some),
        )
