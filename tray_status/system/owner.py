"""Processes that share a home: who is alive, and who has the tray.

A process holds a lock on a file of its own for as long as it lives; the system frees it however the process ends, so
nothing stale ever blocks, and no heartbeat is needed. The files lie in the home; where that cannot be written to, in
the system's folder for what is temporary, under a name made from the home's.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

if sys.platform != "win32":
    import fcntl

log = logging.getLogger(__name__)

FOLDER = "running"


class Held(Protocol):
    """A lock that this process holds until it is released, or ends."""

    @property
    def lock_file(self) -> str: ...
    def release(self) -> None: ...


class Owner:
    """This process among others of the same home. Where no lock can be had, it acts as if it were alone."""

    def __init__(self, home: Path, *, onlooker: bool = False) -> None:
        """An onlooker only asks who else is alive, and has nothing that others could wait for."""
        self._folders = (home / FOLDER, _spare_folder(home))
        self.token = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._held: list[Held] = []
        if not onlooker:
            self.take(self.token)

    def is_alive(self, token: str) -> bool:
        """Whether the process behind a token still runs. What a dead one left is cleared away."""
        from filelock import Timeout

        if token == self.token:
            return True
        if not any((folder / _file(token)).exists() for folder in self._folders):
            return False
        try:
            lock = self._lock(token)
        except Timeout:
            return True
        if lock is not None:
            lock.release()
            self._forget(token)
        return False

    def take(self, what: str) -> bool:
        """Take something that only one process may have, until this process ends; False where another has it."""
        from filelock import Timeout

        try:
            lock = self._lock(what)
        except Timeout:
            return False
        if lock is not None:
            self._held.append(lock)
        return True

    def give_back(self, what: str) -> None:
        """Let another process have it."""
        for lock in [each for each in self._held if Path(each.lock_file).name == _file(what)]:
            self._held.remove(lock)
            with contextlib.suppress(OSError):
                lock.release()

    def close(self) -> None:
        """Give everything back."""
        while self._held:
            with contextlib.suppress(OSError):
                self._held.pop().release()
        self._forget(self.token)

    def _forget(self, token: str) -> None:
        for folder in self._folders:
            with contextlib.suppress(OSError):
                (folder / _file(token)).unlink()

    def _lock(self, name: str) -> Held | None:
        """A lock that is held now; None where this place knows no locks. Raises Timeout where another has it."""
        from filelock import Timeout

        for folder in self._folders:
            path = folder / _file(name)
            try:
                if not _is_foreign(folder):
                    return _locked(path)
            except Timeout:
                raise
            except (OSError, NotImplementedError) as error:
                log.info("No lock can be had at %s: %s", path, error)
        log.info("Acting as if alone")
        return None


class Turns:
    """What only one process of a home does at a time, and the next one once that has ended."""

    def __init__(self, owner: Owner | None, every: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Without `owner` this process is alone. `every`: seconds between two attempts to take over."""
        self._owner = owner
        self._every = every
        self._monotonic = monotonic
        self._next = 0.0
        self._waiting: list[tuple[str, Callable[[], None]]] = []

    def when_mine(self, what: str, do: Callable[[], None]) -> None:
        """Do it now, or, on the thread that looks, when the process that does it has ended."""
        if self._owner is None or self._owner.take(what):
            do()
        else:
            self._waiting.append((what, do))

    def look(self) -> None:
        """Take over what has become free; called now and then, and cheap."""
        if self._waiting and self._monotonic() >= self._next:
            self._next = self._monotonic() + self._every
            waiting, self._waiting = self._waiting, []
            for what, do in waiting:
                self.when_mine(what, do)


def _file(name: str) -> str:
    return f"{name}.lock"


def _locked(path: Path) -> Held:
    """Raises Timeout where another process has it, and OSError or NotImplementedError where no lock can be had."""
    from filelock import FileLock

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(path, timeout=0)
        lock.acquire()
    except PermissionError:
        return _ReadLock(path)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return _ReadLock(path)
    return lock


class _ReadLock:
    """A lock on a file that is there and cannot be written to; the same that others hold who can."""

    _descriptor: int

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file is not there, and Timeout where another process has the lock."""
        from filelock import Timeout

        if sys.platform == "win32":
            raise NotImplementedError("no lock without writing")
        self.lock_file = str(path)
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            if isinstance(error, BlockingIOError):
                raise Timeout(self.lock_file) from None
            raise

    def release(self) -> None:
        """Does nothing the second time."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _is_foreign(folder: Path) -> bool:
    """Whether somebody else made this folder in a place that is common to all."""
    if sys.platform == "win32":
        return False
    if folder.parent != Path(tempfile.gettempdir()):
        return False
    try:
        return folder.lstat().st_uid != os.getuid()
    except FileNotFoundError:
        return False


def _spare_folder(home: Path) -> Path:
    """Where the locks of a home lie that cannot be written to."""
    name = hashlib.blake2b(os.fsencode(home.absolute()), digest_size=8).hexdigest()
    user = "" if sys.platform == "win32" else os.getuid()
    return Path(tempfile.gettempdir(), f"tray-status-{user}-{name}")
