"""The catalogue: one line of `pages.csv` for each page; read when a name is first looked up.

The columns: `id` (what scripts and the history know the page by; it never changes), `name`, `url`, `platform` (as in
`providers/registry.py`; empty where it is not known), `category`, `homepage`, `aliases` (with `|` between them).
"""

from __future__ import annotations

import csv
import io
import logging
import re
from collections import Counter
from dataclasses import dataclass, fields
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from ..errors import CatalogueError
from .addresses import normalise

log = logging.getLogger(__name__)

FILE = "pages.csv"
SIZE_LIMIT = 8_000_000
"""Bytes of a catalogue that is taken from elsewhere."""

CATEGORIES = frozenset(
    (
        "ai", "business", "cloud", "commerce", "communication", "crm", "data", "databases", "developer-tools",
        "devices", "education", "email", "finance", "gaming", "hosting", "hr", "identity", "marketing", "media",
        "monitoring", "network", "other", "payments", "productivity", "security", "social", "storage", "support",
    )
)  # fmt: skip

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the catalogue."""

    id: str
    name: str
    url: str
    platform: str = ""
    category: str = "other"
    homepage: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that it may be called."""
        return (self.name, self.id, *self.aliases)


COLUMNS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True)
class Catalogue:
    """All known pages."""

    entries: tuple[Entry, ...]

    @cached_property
    def _by_name(self) -> dict[str, Entry]:
        return {name.casefold(): entry for entry in reversed(self.entries) for name in reversed(entry.names)}

    @cached_property
    def _by_url(self) -> dict[str, Entry]:
        return {_bare(entry.url): entry for entry in self.entries}

    def by_name(self, name: str) -> Entry | None:
        """The page of that name, id or alias, whatever its case."""
        return self._by_name.get(" ".join(name.split()).casefold())

    def by_address(self, url: str) -> Entry | None:
        """The page at an address, as `normalise` gives it, with or without `www.`."""
        return self._by_url.get(_bare(url))


def _bare(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.")


def read_entries(text: str) -> tuple[Entry, ...]:
    """The entries of a catalogue. Raises CatalogueError where it is none; see `mistakes` for the rest."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        header = tuple(next(rows, ()))
        if header != COLUMNS:
            raise CatalogueError(f"line 1: the columns must be {','.join(COLUMNS)}")
        entries = []
        for row in rows:
            if len(row) != len(COLUMNS):
                raise CatalogueError(f"line {rows.line_num}: it has {len(row)} columns in place of {len(COLUMNS)}")
            key, name, url, platform, category, homepage, aliases = row
            others = tuple(each for each in aliases.split("|") if each)
            entries.append(Entry(key, name, url, platform, category, homepage, others))
    except csv.Error as error:
        raise CatalogueError(f"line {rows.line_num}: {error}") from None
    return tuple(entries)


def mistakes(entries: tuple[Entry, ...], platforms: frozenset[str]) -> list[str]:
    """What is wrong with a catalogue, each in a sentence that names the entry."""
    found = []
    for entry in entries:
        where = entry.id or entry.name or entry.url
        if not _ID.fullmatch(entry.id):
            found.append(f"{where}: id: must be small letters and digits of ASCII, with single dashes between")
        if not entry.name or entry.name != entry.name.strip():
            found.append(f"{where}: name: must be a name, without blanks around it")
        if normalise(entry.url) != entry.url or not entry.url.startswith("https://"):
            found.append(f"{where}: url: must be the https address of a status page, without a slash at its end")
        if entry.platform and entry.platform not in platforms:
            found.append(f"{where}: platform: “{entry.platform}” is not known")
        if entry.category not in CATEGORIES:
            found.append(f"{where}: category: must be one of {', '.join(sorted(CATEGORIES))}")
        if entry.homepage and normalise(entry.homepage) != entry.homepage:
            found.append(f"{where}: homepage: must be an https address without a slash at its end")
        found += [
            f"{where}: aliases: “{each}” must be in small letters" for each in entry.aliases if each.lower() != each
        ]
    names = Counter(name for entry in entries for name in {each.casefold() for each in entry.names})
    found += [
        f"“{name}” is a name of {count} pages; each needs names of its own"
        for name, count in names.items()
        if count > 1
    ]
    addresses = Counter(_bare(entry.url) for entry in entries)
    found += [f"{url} is the address of {count} pages" for url, count in addresses.items() if count > 1]
    return found


class _Chosen:
    """Which catalogue is in force; a newer one that the person took is read in place of ours."""

    path: Path | None = None


def choose(path: Path) -> None:
    """Read names from the file at `path` from now on, where there is one, else from our own."""
    if path != _Chosen.path:
        _Chosen.path = path
        catalogue.cache_clear()


def own_file() -> Path:
    """The list that came with the program."""
    return Path(str(files(__package__).joinpath(FILE)))


@cache
def catalogue() -> Catalogue:
    """The catalogue in force."""
    path = _Chosen.path
    if path is not None and path.is_file():
        try:
            return Catalogue(read_entries(path.read_text("utf-8")))
        except (OSError, ValueError, CatalogueError) as error:
            log.warning("The catalogue %s cannot be used, so the one that came with the program is: %s", path, error)
    return Catalogue(read_entries(own_file().read_text("utf-8")))


def known_pages() -> tuple[Entry, ...]:
    """All pages of the catalogue."""
    return catalogue().entries


def by_name(name: str) -> Entry | None:
    """The page of that name, id or alias, whatever its case."""
    return catalogue().by_name(name)


def by_address(url: str) -> Entry | None:
    """The page at an address, as `normalise` gives it, with or without `www.`."""
    return catalogue().by_address(url)
