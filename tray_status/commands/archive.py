"""`export --history` and `import` of what it wrote: all that ever happened, to another computer and back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ..core.wording import count
from ..errors import ArchiveError, TrayStatusError, UsageError
from ..home import Home
from .printing import note, say

_START = 300
"""Characters that the first line of a history has at most."""


def is_history(path: Path) -> bool:
    """Whether a file begins as a history does; what cannot be read does not."""
    from ..store.archive import is_archive

    try:
        with path.open(encoding="utf-8") as file:
            return is_archive(file.readline(_START))
    except (OSError, UnicodeDecodeError):
        return False


def export_history(home: Home, path: Path | None) -> int:
    """Write the whole history, to a file or to standard output."""
    from ..store import Store

    store = Store.open(home.database, read_only=True)
    try:
        if path is None:
            for line in store.dump():
                say(line)
            return 0
        lines = _write(path, store.dump())
    finally:
        store.close()
    note(f"{path}: the history is written ({count(lines, 'line')}).")
    return 0


def _write(path: Path, lines: Iterator[str]) -> int:
    """Write a file that is whole, or not there; how many lines."""
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}")
    written, name = 0, ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(f"{line}\n")
                written += 1
        os.replace(name, path)
    except OSError as error:
        raise TrayStatusError(f"{path}: it cannot be written: {error.strerror or error}") from None
    finally:
        if name and os.path.exists(name):
            os.unlink(name)
    return written


def import_history(home: Home, path: Path, *, dry_run: bool) -> int:
    """Take a history in. Raises UsageError that names the line where it is none."""
    from ..store import Store

    store = Store.open(None if dry_run else home.database)
    try:
        with path.open(encoding="utf-8") as file:
            taken = store.take(file)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: it cannot be read: {error}") from None
    except ArchiveError as error:
        raise ArchiveError(f"{path}: {error}") from None
    finally:
        store.close()
    what = f"{count(taken.pages, 'page')}, {count(taken.incidents, 'incident')} and {count(taken.events, 'event')}"
    if dry_run:
        say(f"{path}: it holds {what}; nothing was changed.")
    elif taken.whole:
        say(f"{path}: {what} were taken in.")
    else:
        say(f"{path}: {count(taken.pages, 'new page')} and {count(taken.incidents, 'new incident')} were taken in.")
        note("There is a history here already, so that events were left out: their numbers are taken.")
    return 0
