"""The catalogue: `pages.toml` beside this file, read when a name is first looked up."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the catalogue."""

    id: str
    name: str
    url: str
    aliases: tuple[str, ...] = ()


@cache
def known_pages() -> tuple[Entry, ...]:
    """All pages of the catalogue."""
    rows = tomllib.loads(files(__package__).joinpath("pages.toml").read_text("utf-8"))["pages"]
    return tuple(Entry(row["id"], row["name"], row["url"], tuple(row.get("aliases", ()))) for row in rows)


def by_name(name: str) -> Entry | None:
    """The page of that name, id or alias, whatever its case."""
    wanted = name.strip().casefold()
    for entry in known_pages():
        if wanted in (entry.id, entry.name.casefold(), *(alias.casefold() for alias in entry.aliases)):
            return entry
    return None


def by_address(url: str) -> Entry | None:
    """The page at an address, as `normalise` gives it."""
    return next((entry for entry in known_pages() if entry.url == url), None)
