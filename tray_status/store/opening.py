"""Opens the history's file: begins it, brings it up to date, sets a damaged one aside.

Processes of one home open it one after the other, under a lock in the home's `running` folder, so that none begins,
migrates or renames a file under another's hands.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..errors import StoreError
from .schema import STEPS, migrate, version_of

log = logging.getLogger(__name__)

BUSY_SECONDS = 1.0
"""How long to wait for another process that is writing: it takes milliseconds, and this one may be told to end."""

TRY_EVERY = 0.05

CHECKED_BYTES = 32 * 2**20
"""A larger file is not looked through at each start, which costs 1 ms a megabyte; damage shows when it is met."""

RUNNING = "running"
"""The folder of locks, as in `system/owner.py`."""

MOST = 2**53
"""No number of an event is larger; where one is read in a damaged file, it is damage too."""

_DAMAGED = ("not a database", "malformed", "disk image", "corrupt", "decode to UTF-8")

FileId = tuple[int, int]
"""Which file it is, whatever its name; see `id_of`."""


class Locked(StoreError):
    """Another program has the file for itself now; later it may be well."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection that can be used, and what a person must know about how it came to be."""

    connection: sqlite3.Connection
    file: FileId | None = None
    """None where it is kept in memory."""
    note: str | None = None


def id_of(path: Path) -> FileId | None:
    """Which file bears this name now; None where none does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def in_memory() -> sqlite3.Connection:
    """An empty history that ends with the process."""
    connection = _connect(":memory:")
    _prepare(connection)
    return connection


def open_file(
    path: Path, *, patience: float, after: int = 0, doubtful: bool = False, condemned: FileId | None = None
) -> Opened:
    """Open or begin the file; another program that has it is waited for for `patience` seconds.

    A damaged one is set aside under another name, and told in the note; a `doubtful` one is looked through however
    large it is, and the `condemned` one is set aside whatever is found. New events get numbers above `after`. One
    that can be read and not written is taken into memory. Raises Locked, or StoreError where it can be neither
    opened nor begun.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(path, patience):
            try:
                if condemned is not None and id_of(path) == condemned:
                    raise sqlite3.DatabaseError("malformed: what is in it cannot be read")
                _create_private(path)
                opened = _open_as_it_is(path, patience, doubtful)
            except sqlite3.DatabaseError as error:
                if not is_damage(error) or not _can_be_written(path):
                    raise
                opened = _begin_anew(path, patience, after)
            if opened.file and after:
                _number_after(opened.connection, after)
            return opened
    except sqlite3.Error as error:
        kind = Locked if is_locked(error) else StoreError
        raise kind(f"{path}: {in_words(error)}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def read_file(path: Path) -> Opened:
    """Open the file for a look that changes nothing in it, whoever else uses it; a missing one is empty.

    Raises StoreError.
    """
    try:
        if not path.exists():
            return Opened(in_memory())
        if _can_be_written(path):
            connection = _connect_to_read(path)
            try:
                with _named(path):
                    if version_of(connection) == len(STEPS):
                        return Opened(connection, id_of(path))
            except BaseException:
                connection.close()
                raise
            connection.close()
        return Opened(_copy_in_memory(path))
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {in_words(error)}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def _open_as_it_is(path: Path, patience: float, doubtful: bool) -> Opened:
    """Raises StoreError, sqlite3.Error and OSError."""
    try:
        if not _can_be_written(path):
            raise sqlite3.OperationalError("readonly")
        connection = _open_to_write(path, patience, doubtful)
        return Opened(connection, id_of(path))
    except sqlite3.OperationalError as error:
        if is_locked(error) or is_damage(error):
            raise
        return _take_into_memory(path, error)


def _take_into_memory(path: Path, why: sqlite3.Error) -> Opened:
    note = (
        f"The history {path} cannot be kept: {in_words(why)}. What it holds is known;"
        " what happens in this run is kept in memory only."
    )
    return Opened(_copy_in_memory(path), note=note)


def _open_to_write(path: Path, patience: float, doubtful: bool = False) -> sqlite3.Connection:
    connection = _connect(path.as_posix())
    end = time.monotonic() + patience
    try:
        # SQLite waits for some locks and fails at once for others: all are tried again until the time is up.
        connection.execute("PRAGMA busy_timeout = 100")
        while True:
            try:
                with _named(path):
                    _prepare(connection, check=doubtful or path.stat().st_size <= CHECKED_BYTES)
                break
            except sqlite3.OperationalError as error:
                if not is_locked(error) or time.monotonic() > end:
                    raise
                time.sleep(TRY_EVERY)
        _refuse_read_only(connection)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=uri)
    connection.row_factory = sqlite3.Row
    return connection


def _prepare(connection: sqlite3.Connection, *, check: bool = False) -> None:
    """Look it through where wanted, and bring it to the newest version. Raises StoreError and sqlite3.Error."""
    connection.execute("PRAGMA synchronous = FULL")  # what was announced must survive a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    version_of(connection)  # one of a newer program is left alone, whatever is the matter with it
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if check:
        _look_through(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    migrate(connection)


def _look_through(connection: sqlite3.Connection) -> None:
    if (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise sqlite3.DatabaseError(f"malformed: {found}")


def _refuse_read_only(connection: sqlite3.Connection) -> None:
    """Raise where nothing can be written, which SQLite tells at the first write only; this one leaves no trace."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
    except sqlite3.OperationalError as error:
        if not is_locked(error):
            raise
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put the file's name before what is wrong with it."""
    try:
        yield
    except StoreError as error:
        raise StoreError(f"{path}: {error}") from error


# Reading what cannot be written


def _can_be_written(path: Path) -> bool:
    """As far as permissions tell. Where they forbid it, SQLite must not try: it would leave files like it behind."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _connect_to_read(path: Path) -> sqlite3.Connection:
    connection = _connect(path.absolute().as_uri() + "?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _copy_in_memory(path: Path) -> sqlite3.Connection:
    """What the file holds, brought to the newest version; the file stays as it is."""
    memory = _connect(":memory:")
    try:
        with _readable(path) as source:
            source.backup(memory)
        with _named(path):
            _prepare(memory, check=True)
    except BaseException:
        memory.close()
        raise
    return memory


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for reading: to the file where another process has it open now, else to a copy.

    SQLite needs files beside the one that it reads; where they are not there, it would have to make them.
    """
    if _beside(path, "-shm").exists() or _can_be_written(path):
        try:
            source = _connect_to_read(path)
        except sqlite3.OperationalError as error:
            if is_locked(error):
                raise
        else:
            with contextlib.closing(source):
                yield source
            return
    with tempfile.TemporaryDirectory(prefix="tray-status-") as folder:
        copy = Path(folder, "history")
        shutil.copyfile(path, copy)
        if _beside(path, "-wal").exists():
            shutil.copyfile(_beside(path, "-wal"), _beside(copy, "-wal"))
        with contextlib.closing(_connect(copy.as_posix())) as source:
            yield source


# Setting aside


def _begin_anew(path: Path, patience: float, after: int) -> Opened:
    """Set a damaged file aside and begin a new one, whose numbers go on. Raises StoreError where it cannot be."""
    after = max(after, _last_number(path, after))
    kept = _set_aside(path)
    log.info("The history %s was damaged; it is kept as %s", path, kept)
    _create_private(path)
    connection = _open_to_write(path, patience)
    _number_after(connection, after)
    return Opened(
        connection, id_of(path), f"The history {path} was damaged. It is kept as {kept.name}; a new one was begun."
    )


def _set_aside(path: Path) -> Path:
    stamp = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y%m%d-%H%M%S")  # noqa: DTZ006 - a name for people
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    try:
        path.rename(kept)
    except OSError as error:
        raise StoreError(f"{path}: it is damaged, and cannot be set aside: {error.strerror or error}") from error
    for suffix in ("-wal", "-shm"):
        if _beside(path, suffix).exists():
            _beside(path, suffix).rename(_beside(kept, suffix))
    return kept


def _last_number(path: Path, known: int) -> int:
    """The last number that an event had; where a damaged file does not tell, and none is known, one above it."""
    found: list[object] = []
    with contextlib.suppress(sqlite3.Error, OSError), contextlib.closing(_connect_to_read(path)) as connection:
        for query in (
            "SELECT seq FROM sqlite_sequence WHERE name = 'events'",
            "SELECT max(seq) FROM events",
            "SELECT max(seq) FROM cursors",
        ):
            with contextlib.suppress(sqlite3.Error):
                found += [row[0] for row in connection.execute(query)]
    numbers = [each for each in found if isinstance(each, int) and 0 <= each < MOST]
    return max(numbers, default=known or int(time.time()))


def _number_after(connection: sqlite3.Connection, after: int) -> None:
    """Give the next event a number above `after`."""
    known = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    if known is None:
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)", (after,))
    elif known["seq"] < after:
        connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'events' AND seq < ?", (after, after))


def _create_private(path: Path) -> None:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


@contextlib.contextmanager
def _alone(path: Path, patience: float) -> Iterator[None]:
    """No other process of this home opens the file meanwhile; where no lock can be had, as if there were none.

    Raises Locked.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path.parent / RUNNING / f"{path.name}.lock", timeout=patience)
    try:
        Path(lock.lock_file).parent.mkdir(exist_ok=True, mode=0o700)
        lock.acquire()
    except Timeout:
        raise Locked(f"{path}: another program is opening it, and does not come to an end") from None
    except (OSError, NotImplementedError) as error:
        log.info("No lock can be had at %s (%s); acting as if alone", lock.lock_file, error)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.release()


# Errors


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is to blame, and no other will do."""
    return any(sign in str(error) for sign in _DAMAGED)


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another program is to blame."""
    return "locked" in str(error)


def in_words(error: sqlite3.Error) -> str:
    """What went wrong, for a person."""
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
    return f"it is damaged ({text})" if is_damage(error) else text
