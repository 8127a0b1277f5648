"""Heroku's own status page. No documentation is left; shapes as recorded in 2019, 2020 and September 2026.

`/api/v4/current-status` tells the colours of the three systems, the open incidents and what is scheduled; it is
authoritative for these. `/api/v4/incidents?limit=N` is a list of the latest incidents in the same shape: what became
of one that left.

Untrustworthy: `resolved` may be false of an incident whose `state` is `resolved`, and a maintenance may be listed as
`upcoming` for months after its own words said that it is complete, in an update that is still called `scheduled`.
So a maintenance is under way only by an update that says so, and over by any sign of it. Silent: when a maintenance
is due (only its words tell), and since 2026 the colours of an update; what an incident touches before that.

Assumed, for want of samples: an incident that is not `resolved` stands where its latest update says; `monitoring` and
`identified` may be among the types of updates. That of 2012, `update`, told nothing of the state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Component, Impact, Incident, Kind, Snapshot, State, Update, worst
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up, told_once

SOURCE = "/api/v4"
PATH = "/current-status"
HISTORY = "/incidents?limit=25"
HOST = "status.heroku.com"

COLOURS: Mapping[str, Impact] = {
    "green": Impact.NONE,
    "blue": Impact.MAINTENANCE,
    "yellow": Impact.MINOR,
    "red": Impact.MAJOR,
}
TYPES: Mapping[str, State] = {
    "investigating": State.INVESTIGATING,
    "issue": State.IDENTIFIED,
    "identified": State.IDENTIFIED,
    "update": State.IDENTIFIED,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
}
MAINTENANCE_TYPES: Mapping[str, State] = {
    "scheduled": State.SCHEDULED,
    "maintenance": State.IN_PROGRESS,
    "resolved": State.COMPLETED,
}
OPEN_STATES = ("open", "upcoming", "")
OVER_STATES = ("resolved", "completed", "closed")

_COMPLETE = re.compile(r"\b(?:is|are|was|has been|have been) (?:now )?completed?\b", re.IGNORECASE)


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    return bool(_systems(doc)) and doc.lists("incidents") and doc.lists("scheduled")


def own_source(address: str) -> str | None:
    return SOURCE if urlsplit(address).hostname == HOST else None


def more(situation: Situation, _told: Answers) -> Iterable[Want]:
    # A 304 would not tell what became of one that has just left.
    yield Want(situation.source + HISTORY, conditional=not situation.known)


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    oddities: list[str] = []
    entries = [_incident(row, oddities) for row in doc.rows("incidents")]
    entries += [_maintenance(row, oddities) for row in doc.rows("scheduled")]
    incidents = {each.id: each for each in all_once(entries)}
    past = told.get(situation.source + HISTORY)
    history = Reader.listed(past)
    for each in _past(history, situation, oddities):
        if not each.is_open or each.id in situation.known:
            incidents.setdefault(each.id, each)
    components = tuple(_component(row, oddities) for row in _systems(doc))
    whole = doc.lists("status") and len(components) == len(doc.fields["status"]) > 0
    return Snapshot(
        platform=PLATFORM.name,
        name="Heroku",
        url=f"https://{HOST}",
        indicator=worst(each.impact for each in components) if whole else Impact.UNKNOWN,
        components=components if whole else None,
        all_components=whole,
        incidents=tuple(incidents.values()),
        open_told=doc.lists_all("incidents"),
        open_hidden=not doc.lists_all("incidents"),
        open_maintenances_told=doc.lists_all("scheduled"),
        history_told=history.lists_all("rows"),
        history_absent=is_told(past, Told.ABSENT),
        history_cut=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _systems(doc: Reader) -> tuple[Reader, ...]:
    return tuple(row for row in doc.rows("status") if row.line("system") and "status" in row)


def _component(row: Reader, oddities: list[str]) -> Component:
    name, word = row.line("system"), row.word("status")
    return Component(name, name, look_up(COLOURS, word, Impact.UNKNOWN, oddities, "colour"), word)


def _past(history: Reader, situation: Situation, oddities: list[str]) -> Iterator[Incident]:
    for row in history.rows("rows"):
        known = situation.known.get(row.id())
        types = {each.word("update_type") for each in row.rows("updates")}
        planned = known.kind is Kind.MAINTENANCE if known else bool(types & {"scheduled", "maintenance"})
        yield _maintenance(row, oddities) if planned else _incident(row, oddities)


def _is_over(row: Reader) -> bool:
    """What the flag says counts only where there is no state."""
    word = row.word("state")
    return word in OVER_STATES or row.time("resolved_at") is not None or (row.flag("resolved") and not word)


def _incident(row: Reader, oddities: list[str]) -> Incident:
    began = row.time("created_at")
    incident_id = row.known_id(began)
    updates = _updates(row, incident_id, TYPES, oddities)
    word = row.word("state")
    over = _is_over(row)
    if over:
        state = State.RESOLVED
    elif word in OPEN_STATES:
        state = updates[-1].state if updates else State.INVESTIGATING
        # What its words alone say is no end of it.
        state = State.MONITORING if state is State.RESOLVED and word else state
    else:
        state = look_up(TYPES, word, State.UNKNOWN, oddities, "state")
    return Incident(
        id=incident_id,
        name=row.line("title") or "(no title)",
        state=state,
        word=word or (updates[-1].word if updates else ""),
        impact=_impact(row, oddities),
        url=row.url("full_url"),
        started_at=began,
        resolved_at=(row.time("resolved_at") or (updates[-1].at if updates else None)) if over else None,
        affected=_affected(row),
        updates=updates,
    )


def _maintenance(row: Reader, oddities: list[str]) -> Incident:
    announced = row.time("created_at")
    maintenance_id = row.known_id(announced)
    updates = _updates(row, maintenance_id, MAINTENANCE_TYPES, oddities)
    word = row.word("state")
    over = _is_over(row)
    if over:
        state = State.COMPLETED
    elif word in OPEN_STATES:
        state = updates[-1].state if updates else State.SCHEDULED
    else:
        state = look_up(MAINTENANCE_TYPES, word, State.UNKNOWN, oddities, "state")
    began = next((each.at for each in updates if each.state is State.IN_PROGRESS), None)
    return Incident(
        id=maintenance_id,
        name=row.line("title") or "(no title)",
        state=state,
        word=word or (updates[-1].word if updates else ""),
        kind=Kind.MAINTENANCE,
        impact=Impact.MAINTENANCE,
        url=row.url("full_url"),
        started_at=began,
        resolved_at=updates[-1].at if state is State.COMPLETED and updates else None,
        affected=_affected(row),
        updates=updates,
    )


def _updates(row: Reader, incident_id: str, types: Mapping[str, State], oddities: list[str]) -> tuple[Update, ...]:
    updates = []
    for each in row.rows("updates"):
        at, text, word = each.time("created_at"), each.text("contents"), each.word("update_type")
        state = look_up(types, word, State.UNKNOWN, oddities, "type of update")
        update_id = each.id() or f"{SYNTHETIC}{incident_id}:{at.isoformat() if at else ''}"
        updates.append(Update(update_id, state, word, text, at, PATH))
    timeline = told_once(updates)
    return tuple(_as_it_says(each) if place else each for place, each in enumerate(timeline))


def _as_it_says(update: Update) -> Update:
    """An update after the announcement that is still called `scheduled` may say that all is over."""
    if update.state is State.SCHEDULED and _COMPLETE.search(update.text or ""):
        return Update(update.id, State.COMPLETED, update.word, update.text, update.at, update.source)
    return update


def _impact(row: Reader, oddities: list[str]) -> Impact | None:
    """By the systems' colours as the incident names them, or else by those of its latest update."""
    latest = max(row.rows("updates"), key=lambda each: each.line("created_at"), default=Reader({}))
    words = [each.word("status") for each in row.rows("systems")]
    words = [word for word in words if word] or [latest.word(key) for key in ("status_prod", "status_dev")]
    impacts = [look_up(COLOURS, word, Impact.UNKNOWN, oddities, "colour") for word in words if word]
    return worst(impacts) if impacts else None


def _affected(row: Reader) -> tuple[Affected, ...] | None:
    if not row.lists("systems"):
        return None
    names = (each.line("name") for each in row.rows("systems"))
    return tuple(Affected(name, name) for name in dict.fromkeys(names) if name)


PLATFORM = Platform(
    name="heroku",
    title="Heroku",
    tells="its three systems, and what is open or planned with all its words; not when a maintenance is due",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    hosts=(HOST,),
    sources=(SOURCE,),
    own_source=own_source,
)
