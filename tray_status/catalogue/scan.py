"""Which vendors a project depends on, by a table of names: `dependencies.csv`, a line for each name of a page.

Pure: files come in as paths and bytes. The columns: `page` (an id of `pages.csv`), `kind` (as in `manifests.py`, or
`file` for the path of a file that tells by being there), `pattern` (`*` stands for anything; a pattern of a path is
one of its end). Names are in small letters, those of variables in capitals.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, cached_property
from importlib.resources import files

from ..core.text import clean_line
from .formats import Malformed
from .manifests import Need, reader_of
from .names import Entry, known_pages
from .plain_text import NoText, decoded

FILE = "dependencies.csv"
SIZE_LIMIT = 1_000_000
"""Bytes of a file that is read."""

LONGEST_NAME = 300

_PUBLIC = re.compile(
    r"(?:NEXT_PUBLIC|NUXT_PUBLIC|NUXT|VITE|REACT_APP|EXPO_PUBLIC|GATSBY|VUE_APP|PUBLIC|STORYBOOK)_(?=[A-Z])"
)
"""What frameworks want before the name of a variable that a browser may see."""


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A line of the table."""

    page: str
    kind: str
    pattern: str


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why a page is thought to matter: a name in a file, or the file itself."""

    file: str
    name: str | None = None

    def __str__(self) -> str:
        return self.file if self.name is None else f"{self.file}: {self.name}"


@dataclass(frozen=True, slots=True)
class Match:
    """A page that a project depends on."""

    entry: Entry
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Table:
    """All rules, made ready to be asked."""

    rules: tuple[Rule, ...]

    @cached_property
    def _exact(self) -> Mapping[tuple[str, str], frozenset[str]]:
        found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for rule in self.rules:
            if "*" not in rule.pattern:
                found[rule.kind, rule.pattern].add(rule.page)
        return {key: frozenset(pages) for key, pages in found.items()}

    @cached_property
    def _beginnings(self) -> Mapping[str, Mapping[str, str]]:
        """For each kind, what names may begin with, and the page."""
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for rule in self.rules:
            if rule.pattern.find("*") == len(rule.pattern) - 1:
                found[rule.kind][rule.pattern[:-1]] = rule.page
        return found

    @cached_property
    def _open(self) -> Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]:
        """For each kind, the patterns that have their star elsewhere too, and the page."""
        found: defaultdict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
        for rule in self.rules:
            if "*" in rule.pattern[:-1]:
                found[rule.kind].append((re.compile(translate(rule.pattern)), rule.page))
        return {kind: tuple(patterns) for kind, patterns in found.items()}

    def pages(self, need: Need) -> frozenset[str]:
        """The ids of the pages that a name tells of."""
        found = self._exact.get((need.kind, need.name), frozenset())
        beginnings = self._beginnings.get(need.kind, {})
        if need.name.startswith(tuple(beginnings)):
            found |= {page for beginning, page in beginnings.items() if need.name.startswith(beginning)}
        return found | {page for pattern, page in self._open.get(need.kind, ()) if pattern.match(need.name)}


def read_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a table whose first line names the columns."""
    rows = csv.reader(text.splitlines())
    next(rows, None)
    return tuple(Rule(*row) for row in rows)


@cache
def table() -> Table:
    """The table that came with the program."""
    return Table(read_rules(files(__package__).joinpath(FILE).read_text("utf-8")))


Evidence = dict[str, set[Reason]]
"""The reasons for each page, by its id."""


def look_at_path(path: str, evidence: Evidence) -> bool:
    """Note what a file tells by its path, with `/` between; whether it should be read too."""
    parts = path.lower().split("/")
    for start in range(max(0, len(parts) - 4), len(parts)):
        for page in table().pages(Need("file", "/".join(parts[start:]))):
            evidence.setdefault(page, set()).add(Reason(clean_line(path)))
    return reader_of(path) is not None


def look_into(path: str, data: bytes, evidence: Evidence) -> None:
    """Note what stands in a file. Raises Malformed, which leaves the evidence as it was."""
    reader = reader_of(path)
    if reader is None:
        return
    if len(data) > SIZE_LIMIT:
        raise Malformed(f"it is larger than {SIZE_LIMIT // 1_000_000} MB")
    try:
        needs = {each for each in reader(decoded(data)) if len(each.name) <= LONGEST_NAME}
    except NoText as error:
        raise Malformed(str(error)) from None
    for need in needs:
        for page in table().pages(_bare(need)):
            evidence.setdefault(page, set()).add(Reason(clean_line(path), _shown(need)))


def _bare(need: Need) -> Need:
    return Need("env", _PUBLIC.sub("", need.name, count=1)) if need.kind == "env" else need


def _shown(need: Need) -> str:
    """A name as it stands in the file, or nearly so."""
    name = need.name
    if need.kind == "image":
        name = name.removeprefix("docker.io/").removeprefix("library/")
    elif need.kind == "key":
        name = name.partition(":")[2]
    return clean_line(name, 120)


def matches(evidence: Evidence) -> list[Match]:
    """The pages that there are reasons for, as the catalogue in force has them, by name."""
    entries = sorted(known_pages(), key=lambda entry: entry.name.casefold())
    return [Match(entry, tuple(sorted(evidence[entry.id], key=_place))) for entry in entries if entry.id in evidence]


def _place(reason: Reason) -> tuple[int, str, str]:
    """Files nearer to the top come first."""
    return reason.file.count("/"), reason.file, reason.name or ""
