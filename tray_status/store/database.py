"""Opens the SQLite file and owns its transactions: one connection, one lock, errors in our own words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ..errors import StoreError
from .schema import migrate

BUSY_SECONDS = 2.0
"""How long to wait for another process that is writing; short enough to stop within a second or two."""

_DAMAGED = ("not a database", "malformed", "disk image", "corrupt")


class Database:
    """One connection that all threads share behind a lock."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._where = where

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Read and write as one: all of it is kept, or nothing. Raises StoreError when it cannot be."""
        with self._lock, self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read one consistent state."""
        with self._lock, self._translated():
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def version(self) -> int:
        """Changes whenever another connection has written. Raises StoreError."""
        with self._lock, self._translated():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self._where}: {_in_words(error)}") from error


def open_database(path: Path | None) -> tuple[Database, str | None]:
    """Open or begin the file; `None` keeps everything in memory.

    A damaged file is set aside under another name and a new one is begun; the second value says so.
    Raises StoreError where the file can be neither opened nor begun.
    """
    if path is None:
        return Database(_connect(":memory:"), "the history in memory"), None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _create_private(path)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
    try:
        return Database(_connect(str(path)), str(path)), None
    except sqlite3.DatabaseError as error:
        if not any(word in str(error) for word in _DAMAGED):
            raise StoreError(f"{path}: {_in_words(error)}") from error
    except StoreError as error:
        raise StoreError(f"{path}: {error}") from error
    kept = _set_aside(path)
    _create_private(path)
    return Database(_connect(str(path)), str(path)), (
        f"The history {path} was damaged. It is kept as {kept.name}; a new one was begun."
    )


def _connect(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # what was announced must survive a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _create_private(path: Path) -> None:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _set_aside(path: Path) -> Path:
    stamp = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y%m%d-%H%M%S")  # noqa: DTZ006 - a name for people
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    path.rename(kept)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + suffix))
    return kept


def _in_words(error: sqlite3.Error) -> str:
    text = str(error)
    for sign, words in (
        ("locked", "another program is writing to it"),
        ("full", "the disk is full"),
        ("readonly", "it cannot be written to (read-only)"),
        ("unable to open", "it cannot be opened (is its folder writable?)"),
        ("I/O", "the disk cannot be read or written"),
    ):
        if sign in text:
            return words
    return text
