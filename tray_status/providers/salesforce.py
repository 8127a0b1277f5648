"""Salesforce Trust, which since 2025 also tells of Heroku. Documentation: https://api.status.salesforce.com/v1/docs/;
shapes as the Heroku CLI's own tests had them in 2025.

`/incidents/active` is a list of what is open, and authoritative for that; an empty one says that all is well. What
became of one that left it is in `/incidents/<id>`, in the same shape. `/maintenances` is a list of planned ones.

An incident names the instances (such as `NA123`) that it is limited to, hundreds at times: those are its regions, so
that a person chooses theirs; what it touches are its services. It has neither a title nor a state: the kind of its
impact stands for the one, the kind of its latest event for the other. Both are open vocabularies (`issueIsolated…`,
`herokuIncidentMonitoring`), so a state is read from a part of the word, and is unknown where none is there.

Assumed, for want of samples: all words of a maintenance's `eventStatus` but `resolved`; that an incident is over once
it has left the active ones and each of its impacts has an end, or its latest event calls it resolved; and that a list
of maintenances whose length is a multiple of ten may have been cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Impact, Incident, Kind, Snapshot, State, Update, worst
from ..core.text import clean_line
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up, told_once

SOURCE = "https://api.status.salesforce.com/v1"
PATH = "/incidents/active"
MAINTENANCES = "/maintenances"
HOSTS = ("status.salesforce.com", "trust.salesforce.com", "api.status.salesforce.com")

SEVERITIES: Mapping[str, Impact] = {
    "informational": Impact.NOTICE,
    "maintenance": Impact.MAINTENANCE,
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
}
PARTS: Mapping[str, State] = {
    "resolved": State.RESOLVED,
    "monitoring": State.MONITORING,
    "isolated": State.IDENTIFIED,
    "identified": State.IDENTIFIED,
    "investigating": State.INVESTIGATING,
}
"""Parts of the words for kinds of events."""
MAINTENANCE_STATES: Mapping[str, State] = {
    "scheduled": State.SCHEDULED,
    "started": State.IN_PROGRESS,
    "inprogress": State.IN_PROGRESS,
    "completed": State.COMPLETED,
    "resolved": State.COMPLETED,
    "canceled": State.CANCELLED,
    "cancelled": State.CANCELLED,
}

ASKED_AFTER = 20
"""Of so many incidents that left is asked at once."""

_NUMBER = re.compile(r"[0-9]{1,20}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_mine(document: Document) -> bool:
    """An empty list is nobody's; but it is asked for at this platform's own address alone."""
    listed = Reader.listed(document)
    rows = list(listed.rows("rows"))
    whole = listed.lists("rows") and len(rows) == len(listed.fields["rows"])
    return whole and all("IncidentImpacts" in row or "instanceKeys" in row for row in rows)


def own_source(address: str) -> str | None:
    return SOURCE if (urlsplit(address).hostname or "") in HOSTS else None


def more(situation: Situation, told: Answers) -> Iterable[Want]:
    yield Want(situation.source + MAINTENANCES, conditional=not situation.missing)
    for path in _left(situation, told):
        yield Want(path, conditional=False)


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    active = Reader.listed(document)
    if not active.lists("rows"):
        raise NotThisPlatform("its answer is not the list of active incidents that Salesforce Trust has")
    oddities: list[str] = []
    incidents = [_incident(row, oddities, active=True) for row in active.rows("rows")]
    left = [told.get(path) for path in _left(situation, told)]
    for each in left:
        if (row := Reader(json_object(each) or {})).id():
            incidents.append(_incident(row, oddities, active=False))
    planned = Reader.listed(told.get(situation.source + MAINTENANCES))
    incidents += [_maintenance(row, oddities) for row in planned.rows("rows")]
    count = len(planned.fields.get("rows", ()))
    return Snapshot(
        platform=PLATFORM.name,
        name="Salesforce",
        url="https://status.salesforce.com",
        incidents=all_once(incidents),
        open_told=active.lists_all("rows"),
        open_hidden=not active.lists_all("rows"),
        open_maintenances_told=planned.lists_all("rows") and (count == 0 or count % 10 != 0),
        # What left is asked for one by one; while that fails, it is not taken for removed.
        history_absent=not any(is_told(each, Told.FAILED) for each in left),
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _left(situation: Situation, told: Answers) -> list[str]:
    """The documents of known incidents that the active ones no longer list."""
    active = {row.id() for row in Reader.listed(told.get(situation.source + PATH)).rows("rows")}
    known = (each for each in situation.known.values() if each.kind is Kind.INCIDENT and each.id not in active)
    numbers = [each.id for each in known if _NUMBER.fullmatch(each.id)]
    return [f"{situation.source}/incidents/{number}" for number in numbers[:ASKED_AFTER]]


def _incident(row: Reader, oddities: list[str], *, active: bool) -> Incident:
    impacts = list(row.rows("IncidentImpacts"))
    began = min((at for each in impacts if (at := each.time("startTime"))), default=row.time("createdAt"))
    incident_id = row.known_id(row.time("createdAt"))
    updates = _updates(row, "IncidentEvents", incident_id, _state_of)
    state = updates[-1].state if updates else State.INVESTIGATING
    ends = [at for each in impacts if (at := each.time("endTime"))]
    if active and state is State.RESOLVED:
        state = State.MONITORING  # for as long as it is listed as active
    elif not active and impacts and len(ends) == len(impacts):
        state = State.RESOLVED
    lasting = [each for each in impacts if each.time("endTime") is None] or impacts
    severities = [each.word("severity") for each in lasting if "severity" in each]
    return Incident(
        id=incident_id,
        name=_name(lasting, f"Incident {incident_id}"),
        state=state,
        word=updates[-1].word if updates else "",
        impact=_worst(severities, oddities),
        url=_url("incidents", row.id()),
        started_at=began,
        resolved_at=max(ends, default=updates[-1].at if updates else None) if state is State.RESOLVED else None,
        affected=_affected(row),
        updates=updates,
        regions=_regions(row),
    )


def _maintenance(row: Reader, oddities: list[str]) -> Incident:
    maintenance_id = row.known_id(row.time("plannedStartTime"))
    updates = _updates(
        row, "MaintenanceEvents", maintenance_id, lambda word: MAINTENANCE_STATES.get(word, State.UNKNOWN)
    )
    word = row.part("message").word("eventStatus")
    if word:
        state = look_up(MAINTENANCE_STATES, word, State.UNKNOWN, oddities, "state of a maintenance")
    else:
        state = updates[-1].state if updates else State.SCHEDULED
    impacts = list(row.rows("MaintenanceImpacts"))
    return Incident(
        id=maintenance_id,
        name=row.line("name") or _name(impacts, f"Maintenance {maintenance_id}"),
        state=state,
        word=word or (updates[-1].word if updates else ""),
        kind=Kind.MAINTENANCE,
        impact=Impact.MAINTENANCE,
        url=_url("maintenances", row.id()),
        affected=_affected(row),
        updates=updates,
        scheduled_for=row.time("plannedStartTime"),
        scheduled_until=row.time("plannedEndTime"),
        regions=_regions(row),
    )


def _updates(row: Reader, key: str, incident_id: str, state_of: Callable[[str], State]) -> tuple[Update, ...]:
    """The events, oldest first; the newest is listed first, be they of the same second."""
    updates = []
    for event in reversed(list(row.rows(key))):
        at, text, word = event.time("createdAt"), event.text("message"), event.word("type")
        update_id = event.id() or f"{SYNTHETIC}{incident_id}:{at.isoformat() if at else ''}"
        updates.append(Update(update_id, state_of(word), word, text, at, key))
    return told_once(updates)


def _state_of(word: str) -> State:
    return next((state for part, state in PARTS.items() if part in word), State.UNKNOWN)


def _worst(severities: list[str], oddities: list[str]) -> Impact | None:
    impacts = [look_up(SEVERITIES, word, Impact.UNKNOWN, oddities, "severity") for word in severities]
    return worst(impacts) if impacts else None


def _name(impacts: list[Reader], otherwise: str) -> str:
    """`featurePerfDegradation` as “Feature perf degradation”."""
    kind = next((kind for each in impacts if (kind := each.line("type"))), "")
    return clean_line(_HUMP.sub(" ", kind).capitalize()) if kind.isalnum() else kind or otherwise


def _affected(row: Reader) -> tuple[Affected, ...] | None:
    return tuple(Affected(key, key) for key in _keys(row, "serviceKeys")) if row.lists("serviceKeys") else None


def _regions(row: Reader) -> tuple[str, ...] | None:
    return None if row.flag("affectsAll") or not row.lists("instanceKeys") else tuple(_keys(row, "instanceKeys"))


def _keys(row: Reader, key: str) -> Iterator[str]:
    words = (clean_line(each) for each in row.fields[key] if isinstance(each, str))
    return (word for word in dict.fromkeys(words) if word)


def _url(folder: str, number: str) -> str | None:
    return f"https://status.salesforce.com/{folder}/{number}" if _NUMBER.fullmatch(number) else None


PLATFORM = Platform(
    name="salesforce",
    title="Salesforce Trust",
    tells="what is open or planned, with all its words, services and instances; choose your instances as regions",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    hosts=HOSTS,
    sources=(),  # an empty list, which means that nothing is open, could be anybody's
    own_source=own_source,
)
