"""`scan`: which vendors a project depends on, from its files. Reads only; nothing is run, nothing is fetched."""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..catalogue.formats import Malformed
from ..catalogue.lists import page_key
from ..catalogue.scan import SIZE_LIMIT, Evidence, Match, Reason, look_at_path, look_into, matches
from ..config import PageSetting
from ..config.file import add_pages
from ..core.text import clean_line
from ..core.wording import count
from ..errors import UsageError
from ..home import home_of
from .exchange import unwatched
from .printing import note, say

NOTHING_FOUND = 1

DEPTH_LIMIT = 12
READ_LIMIT = 5_000
SEEN_LIMIT = 200_000
"""Folders below the first, files that are read, and names that are looked at."""

REASONS_SHOWN = 4

SKIPPED = frozenset(
    (
        "node_modules", "bower_components", "vendor", "dist", "target", "__pycache__", "site-packages", "venv",
        ".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".terraform", ".mypy_cache", ".pytest_cache", ".ruff_cache",
        ".gradle", ".next", ".nuxt", ".yarn",
    )
)  # fmt: skip
"""Folders of other people's code, or of what was made from one's own."""


@dataclass(slots=True)
class Walk:
    """What was found in a folder, and what was left out."""

    evidence: Evidence = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """Files and folders that could not be read, and why."""
    limits: list[str] = field(default_factory=list)
    read: int = 0
    seen: int = 0


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    scan = commands.add_parser(
        "scan",
        help="which vendors a project depends on, from its files",
        description="Find the vendors that a project depends on from its files: packages, images, providers, CI,"
        " names of variables. It only reads; it runs nothing, asks no network, and never opens .env or keys.",
    )
    scan.add_argument("path", metavar="PATH", help="the project's folder, or one file")
    scan.add_argument("--add", action="store_true", help="watch all that is found")
    scan.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object, for scripts")
    scan.set_defaults(run=_scan)


def _scan(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    settings = home.settings_to_add_to()
    walk = _walked(options.path)
    found = matches(walk.evidence)
    watched = {page_key(page.url) for page in settings.pages}
    for path, why in walk.skipped:
        note(f"{path}: {why}; it was skipped.")
    for words in walk.limits:
        note(words)
    if options.json:
        say(json.dumps(_as_json(options.path, walk, found, watched), ensure_ascii=False, indent=1))
    else:
        for match in found:
            mark = "  watched already" if match.entry.url in watched else ""
            say(f"{match.entry.name}  ({_reasons(match.reasons)}){mark}")
    if not found:
        note(f"{clean_line(options.path)}: nothing was found that depends on a known vendor.")
        return NOTHING_FOUND
    new = unwatched(settings, [PageSetting(name=each.entry.name, url=each.entry.url) for each in found])
    if not new:
        note("All of them are watched already.")
    elif options.add or (not options.json and _agreed(len(new))):
        add_pages(home.settings_path, new)
        (note if options.json else say)(f"Added {count(len(new), 'page')}.")
    elif not options.json:
        note(f"{count(len(new), 'page')} not watched yet; --add adds them.")
    return 0


def _agreed(how_many: int) -> bool:
    """Whether the person says yes; where nobody can be asked, it is no."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        answer = input(f"Add {'this page' if how_many == 1 else f'these {how_many} pages'}? [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")


def _reasons(reasons: Sequence[Reason]) -> str:
    words = [str(each) for each in reasons[:REASONS_SHOWN]]
    more = len(reasons) - REASONS_SHOWN
    return "; ".join(words) + (f"; and {more} more" if more > 0 else "")


def _as_json(path: str, walk: Walk, found: Sequence[Match], watched: set[str]) -> dict[str, Any]:
    return {
        "v": 1,
        "path": clean_line(path, 4000),
        "pages": [
            {
                "id": each.entry.id,
                "name": each.entry.name,
                "url": each.entry.url,
                "watched": each.entry.url in watched,
                "why": [{"file": reason.file, "name": reason.name} for reason in each.reasons],
            }
            for each in found
        ],
        "skipped": [{"file": file, "why": why} for file, why in walk.skipped],
        "limits": walk.limits,
    }


def _walked(text: str) -> Walk:
    """All that a project's files tell. Raises UsageError where there is no such folder or file."""
    root = Path(text).expanduser()
    walk = Walk()
    try:
        mode = root.stat().st_mode
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no path"
        raise UsageError(f"scan: {clean_line(text)}: {why}") from None
    if stat.S_ISREG(mode):
        _look_at(root.resolve(), root.as_posix(), walk)
        return walk
    if not stat.S_ISDIR(mode):
        raise UsageError(f"scan: {clean_line(text)}: it is neither a folder nor a file")
    for path, shown in _files(root, walk):
        _look_at(path, shown, walk)
        if walk.read >= READ_LIMIT:
            walk.limits.append(f"{READ_LIMIT} files were read; the rest was left out.")
            break
    return walk


def _files(root: Path, walk: Walk) -> Iterator[tuple[Path, str]]:
    """The files below a folder with their paths from there, those near the top first; no link is followed."""
    folders = [(root, "")]
    for depth in range(DEPTH_LIMIT + 1):
        below: list[tuple[Path, str]] = []
        for folder, shown in folders:
            for entry in _listed(folder, shown, walk):
                walk.seen += 1
                if walk.seen > SEEN_LIMIT:
                    walk.limits.append(f"{SEEN_LIMIT} names were looked at; the rest was left out.")
                    return
                place = shown + entry.name
                if _is_folder(entry):
                    if entry.name.lower() not in SKIPPED:
                        below.append((Path(entry.path), f"{place}/"))
                elif not entry.is_symlink():
                    yield Path(entry.path), place
        folders = below
        if depth == DEPTH_LIMIT and folders:
            walk.limits.append(f"Folders more than {DEPTH_LIMIT} deep were left out.")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _listed(folder: Path, shown: str, walk: Walk) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        walk.skipped.append((clean_line(shown or "."), error.strerror or str(error)))
        return []


def _look_at(path: Path, shown: str, walk: Walk) -> None:
    """Note what a file tells by its name, and by what stands in it."""
    if not look_at_path(shown, walk.evidence):
        return
    walk.read += 1
    try:
        look_into(shown, _bytes_of(path), walk.evidence)
    except Malformed as error:
        walk.skipped.append((clean_line(shown), clean_line(str(error))))
    except OSError as error:
        walk.skipped.append((clean_line(shown), f"it cannot be read: {error.strerror or error}"))


def _bytes_of(path: Path) -> bytes:
    """A file's bytes, at most one more than may be read; never a link's, nor a pipe's, whatever took its place."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise Malformed("it is no file")
        return stream.read(SIZE_LIMIT + 1)
