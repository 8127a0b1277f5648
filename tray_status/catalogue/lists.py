"""Lists of pages that other programs and people keep: sorted out, and written. Pure.

`rows.py` tells what stands in such a file, `sort_out` which of it can be watched, and the `as_…` write them anew.
"""

from __future__ import annotations

import html
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from ..core.text import clean_line
from .addresses import normalise
from .names import by_address, by_name, known_pages
from .rows import ADDRESS, NAME_LIMIT, SETTINGS, Row

_FEEDS = {"statuspage": "/history.atom", "instatus": "/history.atom", "incident.io": "/feed.atom"}
"""Where a platform has the feed of a page, for feed readers; `normalise` takes it off again."""

_LIKE_ENOUGH = 66.0
"""Of 100: how alike a name must be to one that is known to be offered in its place."""

_LONGEST_NAME = 60
"""No longer name is looked for among those that are known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page that may be watched."""

    where: str
    name: str
    """Empty where nobody told any."""
    url: str
    known: bool
    """Whether the catalogue has it, so that it need not be read first."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else was told of it, by the keys of the settings file; not checked."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that is not taken."""

    where: str
    words: str
    why: str
    harmless: bool = False
    """Whether its page is watched all the same."""

    def __str__(self) -> str:
        return f"{self.where}: “{self.words}”: {self.why}" if self.words else f"{self.where}: {self.why}"


@dataclass(frozen=True, slots=True)
class SortedOut:
    """A list with its good and its bad entries, each in the list's order."""

    wanted: tuple[Wanted, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A page as it is written to a list."""

    id: str
    name: str
    url: str
    feed: str | None = None
    """Its feed, for feed readers; None where none is known."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else the settings say of it, by their keys."""


def page_key(url: str) -> str:
    """What two addresses of one page have in common, with and without `www.` where the catalogue has it."""
    entry = by_address(url)
    return entry.url if entry else url


def sort_out(rows: Iterable[Row], watched: Mapping[str, str]) -> SortedOut:
    """Which entries can be watched. `watched` are the addresses of those that are, with their names."""
    there = {page_key(url): name for url, name in watched.items()}
    seen: dict[str, str] = {}
    hints = _Hints()
    wanted, refused = [], []
    for row in rows:
        words = clean_line(row.name or next(iter(row.addresses), ""), 80)
        found = _found(row, hints)
        if isinstance(found, str):
            refused.append(Refused(row.where, words, found))
            continue
        key = page_key(found.url)
        if key in there:
            refused.append(Refused(row.where, words, f"it is watched already, as “{there[key]}”", harmless=True))
        elif key in seen:
            refused.append(Refused(row.where, words, f"{seen[key]} names it already", harmless=True))
        else:
            seen[key] = row.where
            wanted.append(found)
    return SortedOut(tuple(wanted), tuple(refused))


def _found(row: Row, hints: _Hints) -> Wanted | str:
    """The page that an entry means, or why none can be told."""
    if row.addresses:
        return _at_address(row)
    if entry := by_name(row.name):
        return Wanted(row.where, entry.name, entry.url, True, row.settings)
    if not row.name:
        return "it has neither a name nor an address"
    if "://" in row.name or ADDRESS.fullmatch(row.name):
        return _at_address(Row(row.where, "", (row.name,), row.settings))
    return "it has no address, and no page is known by this name" + hints.of(row.name)


def _at_address(row: Row) -> Wanted | str:
    urls = [(each, url) for each in row.addresses if (url := normalise(each))]
    if not urls:
        return f"“{clean_line(row.addresses[0], 80)}” is not the address of a web page"
    name = clean_line(row.name, NAME_LIMIT)
    for _, url in urls:
        if entry := by_address(url):
            return Wanted(row.where, name or entry.name, url, True, row.settings)
    # Of a feed that is not below its page's address, the page may be told beside it.
    told = [url for text, url in urls if urlsplit(text).path.rstrip("/") != urlsplit(url).path]
    url = told[0] if told else urls[min(1, len(urls) - 1)][1]
    return Wanted(row.where, name, url, False, row.settings)


class _Hints:
    """Which known names those that nobody knows may have meant; costs nothing until one is looked up."""

    @cached_property
    def _names(self) -> dict[str, str]:
        return {each.casefold(): entry.name for entry in known_pages() for each in entry.names}

    def of(self, name: str) -> str:
        """The end of a sentence; empty where nothing is like it."""
        from rapidfuzz import fuzz, process

        if len(name) > _LONGEST_NAME:
            return ""
        near = process.extractOne(name.casefold(), self._names.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
        return f"; did you mean “{self._names[near[0]]}”?" if near else ""


def distinct_name(name: str, url: str, taken: Collection[str]) -> str:
    """The name, or one like it where it is among those `taken` (in small letters)."""
    host = urlsplit(url).netloc[:80]
    name = name or host
    if name.casefold() not in taken:
        return name
    beginning = f"{name[: NAME_LIMIT - 100]} ({host}"
    numbered = (f"{beginning}{f', {number}' if number > 1 else ''})" for number in count(1))
    return next(each for each in numbered if each.casefold() not in taken)


def as_opml(pages: Iterable[Exported]) -> str:
    """OPML for feed readers, with the feed of each page whose platform is known to have one."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0" xmlns:ts="urn:tray-status">',
        "  <head><title>Status pages</title></head>",
        "  <body>",
    ]
    for page in pages:
        name, url, feed = html.escape(page.name), html.escape(page.url), page.feed
        kind = f'type="rss" xmlUrl="{html.escape(feed)}" htmlUrl="{url}"' if feed else f'type="link" url="{url}"'
        told = json.dumps(page.settings, ensure_ascii=False) if page.settings else ""
        more = f' {SETTINGS}="{html.escape(told)}"' if told else ""
        lines.append(f'    <outline text="{name}" title="{name}" {kind}{more}/>')
    return "\n".join([*lines, "  </body>", "</opml>"])


def feed_of(url: str, platform: str | None, source: str) -> str | None:
    """Where a page of that platform, read at `source`, has a feed; None where it is not known to have one."""
    if platform == "feed":
        return source if "://" in source else url + source
    below = _FEEDS.get(platform or "")
    return url + below if below else None


def as_list(pages: Iterable[Exported]) -> str:
    """A plain list: a name and an address in each line, with a tab between."""
    return "\n".join(f"{_quoted(page.name)}\t{page.url}" for page in pages)


def _quoted(name: str) -> str:
    if name.startswith(("#", '"', "{", "<")):
        return '"' + name.replace('"', '""') + '"'
    return name


def as_json(pages: Iterable[Exported]) -> str:
    """One JSON object, with all that the settings say of each page."""
    rows = [{"id": page.id, "name": page.name, "url": page.url, **page.settings} for page in pages]
    return json.dumps({"v": 1, "pages": rows}, ensure_ascii=False, indent=1)
