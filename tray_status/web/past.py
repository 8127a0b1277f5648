"""What the pages of the past show: one incident with all its words, and what was found among all. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlencode

from ..core.edits import Part, changes
from ..core.events import Event
from ..core.measure import length, took
from ..core.model import Impact, Incident, Page
from ..core.past import Found, Wanted, moment, wordings
from ..core.text import clean_line
from ..core.wishes import Wished
from .page import IncidentRow, Moment, UpdateRow, incident_row, update_row
from .page import moment as shown_moment

AT_ONCE = 50
"""Rows of one page of what was found."""

FIELDS = ("q", "page", "component", "impact", "from", "to", "open")

IMPACTS = (Impact.CRITICAL, Impact.MAJOR, Impact.MINOR, Impact.NONE, Impact.MAINTENANCE)

LIMIT = 200
"""Characters of a field that are looked at."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What was changed in an update, and when we saw it."""

    at: Moment | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One update with all its wordings."""

    row: UpdateRow
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """One incident with all its words, oldest first."""

    row: IncidentRow
    updates: tuple[Told, ...]
    lasted: str
    """How long it took; empty while it goes on, and where that was not told."""


def whole(page: Page, incident: Incident, events: Sequence[Event], held: Sequence[Wished] = ()) -> Whole:
    """One incident as its own page shows it; `events` are what the log says of it."""
    updates = []
    for update in incident.updates:
        words = wordings(update, events)
        edits = tuple(
            Edit(shown_moment(after.seen_at), changes(before.text, after.text)) for before, after in pairwise(words)
        )
        updates.append(Told(update_row(update), edits))
    span = took(incident)
    return Whole(incident_row(page, incident, held), tuple(updates), length(span) if span is not None else "")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked for, and a part of what was found."""

    given: Mapping[str, str]
    """The fields of the form as they were filled in."""
    wrong: str
    """What of it could not be understood; empty where all was."""
    rows: tuple[IncidentRow, ...]
    count: int
    first: int
    """The number of the first row, from 1; 0 where there is none."""
    newer: str | None
    older: str | None
    """Addresses of the parts beside this one."""

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


def wanted(given: Mapping[str, str], now: datetime) -> tuple[Wanted, str]:
    """What the form asks for, and what of it could not be understood."""
    told = {name: clean_line(given.get(name, ""), LIMIT) for name in FIELDS}
    since, until = moment(told["from"], now), moment(told["to"], now, end=True)
    impacts = tuple(each for each in IMPACTS if each.value == told["impact"])
    ends = {"from": since, "to": until}
    wrong = [f"“{told[name]}” is no day, such as 2026-01-31 or 7d" for name in ends if told[name] and not ends[name]]
    if told["impact"] and not impacts:
        wrong.append(f"“{told['impact']}” is no impact")
    asked = Wanted(
        text=told["q"],
        page_ids=(told["page"],) if told["page"] else (),
        component=told["component"],
        impacts=impacts,
        since=since,
        until=until,
        open_only=bool(told["open"]),
    )
    return asked, "; ".join(wrong)


def looked(given: Mapping[str, str], wrong: str, found: Found, offset: int, pages: Mapping[str, Page]) -> Looked:
    """What the history page shows; `pages` are all that are known, by id."""
    rows = tuple(
        replace(incident_row(pages.get(page_id) or Page(page_id, page_id, ""), each), acts=())
        for page_id, each in found.rows
    )
    told = {name: given.get(name, "") for name in FIELDS if given.get(name)}
    return Looked(
        given={name: given.get(name, "") for name in FIELDS},
        wrong=wrong,
        rows=rows,
        count=found.count,
        first=offset + 1 if rows else 0,
        newer=_address(told, offset - AT_ONCE) if offset > 0 else None,
        older=_address(told, offset + AT_ONCE) if offset + len(rows) < found.count else None,
    )


def _address(told: Mapping[str, str], offset: int) -> str:
    more = {"after": str(offset)} if offset > 0 else {}
    return f"/history?{urlencode({**told, **more})}"
