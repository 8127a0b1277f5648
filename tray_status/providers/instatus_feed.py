"""The feed of an Instatus page's history, `/history.atom`, which alone has words. Pure. Shape as Instatus's own page
had it in 2023 (in a public issue): one entry an incident or maintenance, with all its updates in HTML.

The last part of an entry's id is that of the incident in `/summary.json`. An update has a state in words, which may
be those of the page's language, and a time without a year: that follows from the entry's own times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Incident, Kind, State, Update
from ..core.text import clean_line, clean_text
from ..errors import NotThisPlatform
from .documents import Document
from .reading import ID_LIMIT, read_time, told_once
from .xml_feed import parse_feed

STATES: Mapping[str, State] = {
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
}
MAINTENANCE_STATES: Mapping[str, State] = {
    "planned": State.SCHEDULED,
    "scheduled": State.SCHEDULED,
    "not started yet": State.SCHEDULED,
    "identified": State.IN_PROGRESS,
    "in progress": State.IN_PROGRESS,
    "verifying": State.VERIFYING,
    "completed": State.COMPLETED,
}
"""`identified` and `completed` were seen; the others are what the page itself calls them."""

PATH = "/history.atom"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_AFFECTED = re.compile(r"<strong>Affected Components:</strong>([^<]{0,5000})")
_UPDATE = re.compile(
    r"<p><small>\s{0,20}(?P<month>[^\W\d_]{3})[^\s<]{0,20}\s{0,20}"
    r"<var data-var=.date.>\s{0,20}(?P<day>\d{1,2})</var>,?\s{0,20}"
    r"<var data-var=.time.>\s{0,20}(?P<time>\d\d:\d\d:\d\d)</var>\s{0,20}GMT(?P<zone>[+-]\d{1,2})?[^<]{0,10}"
    r"</small>\s{0,20}<br\s?/?>\s{0,20}<strong>(?P<word>[^<]{0,100})</strong>\s{0,20}-?"
)
_FULL_STOP = re.compile(r"(?<=[.!?])\.$")


@dataclass(frozen=True)
class Entry:
    """What the feed tells of one incident or maintenance."""

    id: str
    updates: tuple[Update, ...]
    affected: tuple[Affected, ...]
    is_sure: bool
    """Whether the word of its latest update is one that we know."""


def read_feed(document: Document | None, wanted: Mapping[str, Incident]) -> Mapping[str, Entry]:
    """The entries of some incidents by id; none where there is no feed, or not one of this shape."""
    if not wanted or document is None or b"<feed" not in document.body[:1000]:
        return {}
    try:
        feed = parse_feed(document.body, whole=True)
    except NotThisPlatform:
        return {}
    entries = {}
    for fields in feed.entries:
        entry_id = clean_line(_text(fields, "id").rpartition("/")[2], ID_LIMIT)
        if entry_id in wanted and (entry := _entry(fields, wanted[entry_id])).updates:
            entries[entry_id] = entry
    return entries


def _entry(fields: Mapping[str, Any], incident: Incident) -> Entry:
    html = next((_text(each, "value") for each in fields.get("content") or ()), "")
    affected = _AFFECTED.search(html)
    names = (clean_line(each) for each in unescape(affected[1] if affected else "").split(","))
    updates, is_sure = _updates(html, incident, read_time(_text(fields, "published")))
    return Entry(
        id=incident.id,
        updates=updates,
        affected=tuple(Affected(None, name) for name in dict.fromkeys(names) if name),
        is_sure=is_sure,
    )


def month_of(word: str) -> int:
    """1 to 12 for the English beginning of a month's name; 0 for anything else."""
    return MONTHS.index(word.lower()) + 1 if word.lower() in MONTHS else 0


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def _updates(html: str, incident: Incident, since: datetime | None) -> tuple[tuple[Update, ...], bool]:
    """The updates, oldest first, and whether the latest has a word that we know.

    A word that we do not know, be it only in another language, leaves things as they stood before.
    """
    found = list(_UPDATE.finditer(html))
    ends = [each.start() for each in found[1:]] + [len(html)]
    told = []
    for match, end in zip(found, ends, strict=True):
        at = _time(match, since)
        text = _FULL_STOP.sub("", clean_text(html[match.end() : end]))
        word = clean_line(match["word"])
        if at is None:
            return (), False  # in a calendar that we cannot read, its updates cannot be told apart
        update_id = f"{SYNTHETIC}{incident.id}:{at.isoformat()}"
        told.append(Update(update_id, State.UNKNOWN, word, text or None, at, PATH))
    states = MAINTENANCE_STATES if incident.kind is Kind.MAINTENANCE else STATES
    state = State.SCHEDULED if incident.kind is Kind.MAINTENANCE else State.INVESTIGATING
    updates = []
    known = None
    for update in told_once(told):
        known = states.get(update.word.lower())
        state = known or state
        updates.append(Update(update.id, state, update.word, update.text, update.at, update.source))
    return tuple(updates), known is not None


def _time(match: re.Match[str], since: datetime | None) -> datetime | None:
    """The moment of an update: that of its year which lies the least before the entry's beginning, or after it."""
    month = month_of(match["month"])
    if since is None or not month:
        return None
    zone = int(match["zone"] or 0)
    stamp = f"{month:02}-{int(match['day']):02}T{match['time']}{zone:+03}:00"
    moments = (read_time(f"{year}-{stamp}") for year in (since.year, since.year + 1))
    return next((at for at in moments if at and at >= since - timedelta(days=180)), None)
