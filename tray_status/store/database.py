"""One connection to the history that all threads share behind a lock; owns its transactions, and opens it anew.

A file that turns out to be damaged, that was taken away or that another process replaced is left for the one that
bears its name then; one that is locked when the program starts is opened as soon as it can be.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import StoreError
from .opening import FileId, Locked, Opened, id_of, in_memory, in_words, is_damage, open_file, read_file

log = logging.getLogger(__name__)

OPEN_SECONDS = 5.0
"""How long a start waits for another process that opens, migrates or locks the file."""

PATIENCE = 0.3
"""Seconds that opening anew may take while other threads wait for the connection."""

TRY_AGAIN = 1.0
"""Seconds between two attempts to open a file that cannot be opened."""

DOUBTS = 2
"""So often a file may seem to be damaged in use, though nothing is found when it is looked through."""


class Database:
    """One connection that all threads share behind a lock. Every method raises StoreError when it cannot be used."""

    def __init__(self, opened: Opened | None, where: str, path: Path | None = None) -> None:
        """`path` is what to open anew; without `opened`, what to open at all, at the first use."""
        self._connection = opened.connection if opened else None
        self._file: FileId | None = opened.file if opened else None
        self._path = path
        self._where = where
        self._lock = threading.RLock()
        self._closed = False
        self._doubts = 0
        self._replaced = False
        self._hurries = False
        self._waits = ("", 0.0)
        """Why it could not be opened lately, and until when that counts."""
        self._renewed: Callable[[], None] = lambda: None
        self.renewals = 0
        """How often a file took the place of another one."""
        self.words: list[str] = []
        """What a person should be told; whoever tells it empties this."""
        self.last_number = 0
        """The highest number of an event that was seen here: a new file goes on above it."""

    @property
    def shared(self) -> bool:
        """Whether other processes see what is written here, and whether it is there after this one."""
        return self._path is not None

    def on_renewal(self, renewed: Callable[[], None]) -> None:
        """Have `renewed` called, on whatever thread, before anything is written to a file that took the place."""
        self._renewed = renewed

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Read and write as one: all of it is kept, or nothing."""
        with self._within("BEGIN IMMEDIATE", "COMMIT") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read one consistent state."""
        with self._within("BEGIN", "ROLLBACK") as connection:
            yield connection

    def version(self) -> tuple[int, int]:
        """Changes whenever another connection has written, or another file took the place."""
        with self._lock, self._translated():
            connection = self._usable()
            return self.renewals, int(connection.execute("PRAGMA data_version").fetchone()[0])

    def hurry(self) -> None:
        """Wait no longer for other programs: this one is about to end."""
        self._hurries = True

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._let_go()

    @contextmanager
    def _within(self, begin: str, end: str) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            connection = self._usable()
            if self._hurries:
                connection.execute("PRAGMA busy_timeout = 50")
            connection.execute(begin)
            try:
                yield connection
                connection.execute(end)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if is_damage(error) and self._path is not None and not self._closed:
                self._doubt(self._path, error)
            raise StoreError(f"{self._where}: {in_words(error)}") from error

    def _usable(self) -> sqlite3.Connection:
        """The connection, to the file that bears the name now."""
        if self._closed:
            raise StoreError(f"{self._where}: it was closed")
        if self._path is not None and (self._connection is None or id_of(self._path) != self._file):
            if self._file is not None and not self._path.parent.exists():
                raise StoreError(f"{self._where}: its folder is gone")
            self._open_anew(self._path)
        assert self._connection is not None  # noqa: S101 - only a file can be closed for a while
        return self._connection

    def _doubt(self, path: Path, error: sqlite3.Error) -> None:
        """Something in the file cannot be read: look it through, and set it aside where it is to blame."""
        log.info("The history %s seems to be damaged: %s", path, error)
        self._doubts += 1
        # Text that is none is not looked for when a file is looked through.
        certain = "decode" in str(error) or self._doubts >= DOUBTS
        with contextlib.suppress(StoreError):  # it is tried again with the next use
            self._open_anew(path, doubtful=True, condemned=self._file if certain else None)

    def _open_anew(self, path: Path, *, doubtful: bool = False, condemned: FileId | None = None) -> None:
        words, until = self._waits
        if time.monotonic() < until:
            raise StoreError(words)
        before = self._file
        # To be asked before it is closed: after that, a new file may get its number.
        self._replaced = self._replaced or (before is not None and id_of(path) != before)
        self._let_go()
        try:
            opened = open_file(
                path, patience=PATIENCE, after=self.last_number, doubtful=doubtful, condemned=condemned
            )
        except StoreError as error:
            self._waits = str(error), time.monotonic() + TRY_AGAIN
            raise
        self._connection, self._file = opened.connection, opened.file
        if opened.file is None:
            self._path = None  # it can be read and not written: from here on all is kept in memory
        if opened.note:
            self.words.append(opened.note)
        elif before is None:
            self.words.append("The history can be used now.")
        elif self._replaced:
            self.words.append(f"The history {path} was taken away or replaced; what is there now is used.")
        if self._replaced or before != opened.file:
            self._replaced = False
            self._doubts = 0
            self.renewals += 1
            self._renewed()

    def _let_go(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def open_database(path: Path | None, *, read_only: bool = False) -> tuple[Database, str | None]:
    """Open or begin the file; `None` keeps everything in memory. The second value is what a person must know.

    With `read_only` nothing is changed, and a missing file is empty. One that is locked for longer is opened as soon
    as it can be. Raises StoreError where the file can be neither opened nor begun.
    """
    if path is None:
        return Database(Opened(in_memory()), "the history in memory"), None
    if read_only:
        return Database(read_file(path), str(path)), None
    try:
        opened = open_file(path, patience=OPEN_SECONDS)
    except Locked as error:
        return Database(None, str(path), path), f"The history has to wait: {error}. It is tried again."
    return Database(opened, str(path), path if opened.file else None), opened.note
