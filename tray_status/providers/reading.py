"""Tolerant readers of vendors' JSON: a field of the wrong type reads as not told; nothing raises.

The envelope is strict, see `Reader.envelope`: a document of the wrong kind is an error.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from enum import Enum
from typing import Any, TypeVar

from ..core.merge import SYNTHETIC, in_time, merge
from ..core.model import Incident, Update
from ..core.text import clean_line, clean_text, safe_url
from ..errors import NotThisPlatform
from .documents import Document

ROW_LIMIT = 20_000
"""More rows than this in one list are not read: no status page has them."""

ID_LIMIT = 200
EARLIEST = datetime(1990, 1, 1, tzinfo=timezone.utc)
LATEST = datetime(2100, 1, 1, tzinfo=timezone.utc)

_PLAIN_OFFSET = re.compile(r"(:\d\d(?:\.\d+)?[+-]\d\d)(\d\d)$")

Word = TypeVar("Word", bound=Enum)


class Reader:
    """One JSON object of a vendor's, read field by field."""

    __slots__ = ("fields",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = fields

    @classmethod
    def envelope(cls, value: Any) -> Reader:
        """The document's outermost object. Raises NotThisPlatform for anything else."""
        if not isinstance(value, dict):
            raise NotThisPlatform("its answer is JSON, but not a status page's")
        return cls(value)

    @classmethod
    def listed(cls, document: Document | None) -> Reader:
        """A document that is a list, as the field `rows`; without that field where it is anything else."""
        try:
            value = document.json if document is not None else None
        except NotThisPlatform:
            value = None
        return cls({"rows": value} if isinstance(value, list) else {})

    def __contains__(self, key: str) -> bool:
        return self.fields.get(key) is not None

    def line(self, key: str) -> str:
        """One clean line; empty where it was not told."""
        value = self.fields.get(key)
        return clean_line(value) if isinstance(value, str) else ""

    def text(self, key: str) -> str | None:
        """Clean text of several lines; None where it was not told."""
        value = self.fields.get(key)
        return clean_text(value) if isinstance(value, str) else None

    def id(self, key: str = "id") -> str:
        """An identifier; whole numbers are taken too. Empty where it was not told."""
        value = self.fields.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value) if abs(value) < 10**ID_LIMIT else ""
        return clean_line(value, ID_LIMIT) if isinstance(value, str) else ""

    def known_id(self, at: datetime | None = None) -> str:
        """What a row is known by: its id, or one made of its name and the time when it began. Stable."""
        return self.id() or invented_id(self.line("name") or self.line("title"), at)

    def number(self, key: str) -> float | None:
        """A finite number, also one that was told as text; None where it was not told."""
        value = self.fields.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            return None
        try:
            number = float(value)
        except (ValueError, OverflowError):
            return None
        return number if math.isfinite(number) else None

    def word(self, key: str) -> str:
        """A vendor's enum word as it stands, but clean and in lower case."""
        return self.line(key).lower()

    def flag(self, key: str) -> bool:
        return self.fields.get(key) is True

    def url(self, key: str) -> str | None:
        return safe_url(self.fields.get(key))

    def time(self, key: str) -> datetime | None:
        """A moment in UTC. Without a zone it is taken for UTC; outside 1990–2100 it was not told."""
        value = self.fields.get(key)
        return read_time(value) if isinstance(value, str) else None

    def epoch(self, key: str, *, per_second: int = 1) -> datetime | None:
        """A moment told as seconds since 1970 (or parts of a second); outside 1990–2100 it was not told."""
        value = self.number(key)
        return None if value is None else read_epoch(value / per_second)

    def later(self, key: str, *, minutes: float | None) -> datetime | None:
        """A moment so long after another one; None where one of the two was not told."""
        begin = self.time(key)
        return None if begin is None or minutes is None else read_epoch(begin.timestamp() + 60 * minutes)

    def part(self, key: str) -> Reader:
        """An inner object; an empty one where it was not told."""
        value = self.fields.get(key)
        return Reader(value if isinstance(value, dict) else {})

    def rows(self, key: str) -> Iterator[Reader]:
        """The objects of a list, whatever else stands among them; none where it was not told."""
        value = self.fields.get(key)
        if isinstance(value, list):
            for row in value[:ROW_LIMIT]:
                if isinstance(row, dict):
                    yield Reader(row)

    def lists(self, key: str) -> bool:
        """Whether a list was told, be it empty."""
        return isinstance(self.fields.get(key), list)

    def lists_all(self, key: str) -> bool:
        """Whether a list was told whose every row can be told apart: what is not in it is not there."""
        value = self.fields.get(key)
        return isinstance(value, list) and all(isinstance(row, dict) and Reader(row).is_somebody for row in value)

    @property
    def is_somebody(self) -> bool:
        """Whether it has an id or a name to be known by."""
        return bool(self.id() or self.line("name"))


def read_time(text: str) -> datetime | None:
    """Read ISO 8601 as vendors write it: with `Z`, an offset or neither, fractions of any length, or none."""
    text = text.strip()
    if not 10 <= len(text) <= 40 or not text.isascii():
        return None
    head, dot, rest = text.partition(".")
    if dot:  # Python 3.10 wants three or six digits
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = f"{head}.{rest[:digits][:6].ljust(6, '0')}{rest[digits:]}"
    if text[-1] in "zZ":
        text = text[:-1] + "+00:00"
    text = _PLAIN_OFFSET.sub(r"\1:\2", text)
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=timezone.utc)
        at = at.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
    return at if EARLIEST <= at <= LATEST else None


def read_epoch(seconds: float) -> datetime | None:
    """Seconds since 1970 as a moment in UTC; None outside 1990–2100."""
    if not EARLIEST.timestamp() <= seconds <= LATEST.timestamp():
        return None
    return datetime.fromtimestamp(seconds, timezone.utc)


def invented_id(name: str, at: datetime | None) -> str:
    """A stable id for an incident that came without one."""
    seed = f"{name}\n{at.isoformat() if at else ''}"
    return SYNTHETIC + hashlib.sha256(seed.encode()).hexdigest()[:16]


def all_once(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Each incident once: what was told twice under one id is one, and open where one of the two says so."""
    found: dict[str, Incident] = {}
    for each in sorted(incidents, key=lambda each: each.is_open):
        if (same := found.get(each.id)) is None:
            found[each.id] = each
        else:
            both = merge(same, each)
            found[each.id] = replace(both, state=each.state, word=each.word, resolved_at=each.resolved_at)
    return tuple(found.values())


def told_once(updates: Iterable[Update]) -> tuple[Update, ...]:
    """Oldest first, each id once: the words of two updates that cannot be told apart are told as one."""
    found: dict[str, Update] = {}
    for each in updates:
        same = found.get(each.id)
        words = dict.fromkeys(text for text in (same.text if same else None, each.text) if text)
        found[each.id] = replace(each, text="\n\n".join(words) or each.text)
    return in_time(tuple(found.values()))


def look_up(words: Mapping[str, Word], word: str, unknown: Word, oddities: list[str], what: str) -> Word:
    """Our word for a vendor's; `unknown` for one never seen, which is noted."""
    ours = words.get(word)
    if ours is not None:
        return ours
    if word:
        oddities.append(f"unknown {what} “{word}”")
    return unknown
