"""Hooks and webhooks that do not take what they are sent: since when, and why. `doctor` tells it, whoever sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .database import Database
from .rows import time_text


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an output could not tell what it had to."""

    since: datetime
    words: str


class Troubles:
    """All methods may be called from any thread; each raises StoreError when the file cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, output: str, trouble: Trouble) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO troubles (output, since, words) VALUES (?, ?, ?)"
                " ON CONFLICT (output) DO UPDATE SET since = excluded.since, words = excluded.words",
                (output, time_text(trouble.since), trouble.words),
            )

    def clear(self, output: str) -> None:
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM troubles WHERE output = ?", (output,))

    def of(self, output: str) -> Trouble | None:
        with self._database.reading() as connection:
            row = connection.execute("SELECT since, words FROM troubles WHERE output = ?", (output,)).fetchone()
        return Trouble(datetime.fromisoformat(row["since"]), row["words"]) if row else None

    def forget(self, output: str) -> None:
        """Forget all of an output that is no more, its cursor too."""
        with self._database.transaction() as connection:
            for table in ("troubles", "cursors", "told", "held"):
                connection.execute(f"DELETE FROM {table} WHERE output = ?", (output,))
