"""What a person wants to hear, and not to hear, and what they were reminded of; see `core/wishes.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from ..core.model import Impact, Incident
from ..core.wishes import Wish, Wished
from .database import Database
from .rows import text_time, time_text


class Wishes:
    """All methods may be called from any thread; each raises StoreError when the file cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Wished]:
        """Those that are kept, whether they still hold or not."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM wishes ORDER BY at").fetchall()
        return [
            Wished(
                Wish(row["wish"]),
                row["page_id"],
                row["incident_id"],
                datetime.fromisoformat(row["at"]),
                text_time(row["until"]),
                Impact(row["impact"]),
                Impact(row["page_impact"]),
            )
            for row in rows
        ]

    def keep(self, wishes: Iterable[Wished]) -> None:
        """Note wishes, each in place of an earlier one of its kind about the same."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO wishes VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        each.wish.value,
                        each.page_id,
                        each.incident_id,
                        time_text(each.at),
                        time_text(each.until),
                        each.impact.value,
                        each.page_impact.value,
                    )
                    for each in wishes
                ],
            )

    def take_back(self, wishes: Iterable[Wished]) -> None:
        """Forget wishes."""
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM wishes WHERE wish = ? AND page_id = ? AND incident_id = ?",
                [(each.wish.value, each.page_id, each.incident_id) for each in wishes],
            )

    def forget(self, before: datetime) -> None:
        """Forget those that ended before then."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM wishes WHERE until < ?", (time_text(before),))

    def was_reminded(self, output: str, page_id: str, maintenance: Incident) -> bool:
        """Whether an output has reminded of a maintenance that begins when it does now."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT begins FROM reminded WHERE output = ? AND page_id = ? AND incident_id = ?",
                (output, page_id, maintenance.id),
            ).fetchone()
        return row is not None and row["begins"] == time_text(maintenance.scheduled_for)

    def note_reminded(self, output: str, page_id: str, maintenance: Incident) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO reminded VALUES (?, ?, ?, ?)",
                (output, page_id, maintenance.id, time_text(maintenance.scheduled_for)),
            )


def end_with(connection: sqlite3.Connection, page_id: str, incidents: Iterable[Incident], at: datetime) -> None:
    """End what was wished of incidents that are over; it still holds for the word that tells of their end."""
    over = [(time_text(at), page_id, each.id) for each in incidents if not each.is_open]
    connection.executemany(
        "UPDATE wishes SET until = ? WHERE page_id = ? AND incident_id = ? AND until IS NULL", over
    )
