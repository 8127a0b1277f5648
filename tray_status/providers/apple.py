"""Apple's system status, for everybody and for developers. No documentation; shapes as several public programs have
had them from 2017 to 2025. The one for everybody is bare JSON, the other a call (`jsonCallback({…});`).

It lists all services, each with its events: going on, coming, and over for a day or two; it is authoritative for all
of them, so a service without an event that goes on is fine. An event tells only its latest words. The same event may
stand under several services, by the same `messageId`: it is one, and over when it is over everywhere.

Silent: states between its start and its end, titles, and when words were posted: `datePosted` moves for all events
at once. So an event has one update for each status that it has had, and changed words are an edit of that.

Assumed: `drPost`, seen as false alone, is a message for all; `scheduled` may stand for `upcoming`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Component, Impact, Incident, Kind, Snapshot, State, Update, worst
from ..core.text import clean_line, cut
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, decode_json
from .platform import Platform
from .reading import Reader, invented_id, look_up

SOURCE = "https://www.apple.com/support/systemstatus/data"
DEVELOPER = f"{SOURCE}/developer"
PATH = "/system_status_en_US.js"
PAGES: Mapping[str, str] = {
    SOURCE: "https://www.apple.com/support/systemstatus/",
    DEVELOPER: "https://developer.apple.com/system-status/",
}
ACCEPT = "application/json, application/javascript;q=0.9, */*;q=0.1"

IMPACTS: Mapping[str, Impact] = {
    "available": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
    "performance": Impact.MINOR,
    "issue": Impact.MINOR,
    "outage": Impact.MAJOR,
}
STATES: Mapping[str, State] = {
    "ongoing": State.INVESTIGATING,
    "resolved": State.RESOLVED,
    "completed": State.RESOLVED,
}
MAINTENANCE_STATES: Mapping[str, State] = {
    "upcoming": State.SCHEDULED,
    "scheduled": State.SCHEDULED,
    "ongoing": State.IN_PROGRESS,
    "resolved": State.COMPLETED,
    "completed": State.COMPLETED,
}
TO_COME = ("upcoming", "scheduled")
OVER = ("resolved", "completed")

_CALL = re.compile(r"\s{0,100}[A-Za-z_$][\w.$]{0,100}\s{0,100}\(")

Event = tuple[str, Reader]
"""An event, with the service that it stands under."""


def is_mine(document: Document) -> bool:
    try:
        doc = Reader.envelope(_decoded(document))
    except NotThisPlatform:
        return False
    return doc.lists("services") and any("serviceName" in row and row.lists("events") for row in doc.rows("services"))


def own_source(address: str) -> str | None:
    host = urlsplit(address).hostname or ""
    if host == "developer.apple.com":
        return DEVELOPER
    return SOURCE if host in ("www.apple.com", "apple.com") else None


def read(situation: Situation, _told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(_decoded(document))
    oddities: list[str] = []
    events = _by_id(doc)
    incidents = {key: _incident(key, events[key], situation.known.get(key), oddities) for key in events}
    whole = doc.lists("services") and len(_services(doc)) == len(doc.fields["services"]) > 0
    whole = whole and all(_lists_events(row) for row in _services(doc))
    if doc.flag("drPost"):
        oddities.append(f"a message for all: “{doc.line('drMessage')}”")
    return Snapshot(
        platform=PLATFORM.name,
        name="Apple Developer" if situation.source == DEVELOPER else "Apple",
        url=PAGES.get(situation.source),
        indicator=Impact.NOTICE if doc.flag("drPost") else Impact.NONE,
        components=tuple(_components(doc, incidents)) if _services(doc) else None,
        all_components=whole,
        incidents=tuple(incidents.values()),
        open_told=whole,
        open_hidden=not whole,
        open_maintenances_told=whole,
        history_told=whole,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _decoded(document: Document) -> Any:
    """The JSON, be it bare or what a function is called with."""
    text = document.text.lstrip("\ufeff")
    call = _CALL.match(text[:500])
    if call is None:
        return document.json
    return decode_json(text[call.end() : text.rfind(")")].encode())


def _services(doc: Reader) -> list[Reader]:
    return [row for row in doc.rows("services") if row.line("serviceName")]


def _lists_events(row: Reader) -> bool:
    return row.lists("events") and all(isinstance(each, dict) for each in row.fields["events"])


def _by_id(doc: Reader) -> Mapping[str, Sequence[Event]]:
    """All events by their ids, in the order of their services' names, whatever that of the document."""
    found: dict[str, list[Event]] = {}
    for row in sorted(_services(doc), key=lambda each: each.line("serviceName")):
        name = row.line("serviceName")
        for event in row.rows("events"):
            key = event.id("messageId") or invented_id(name, event.epoch("epochStartDate", per_second=1000))
            found.setdefault(key, []).append((name, event))
    return found


def _incident(key: str, events: Sequence[Event], known: Incident | None, oddities: list[str]) -> Incident:
    words = [event.word("eventStatus") for _, event in events]
    kinds = [event.word("statusType") for _, event in events]
    planned = "maintenance" in kinds or any(word in TO_COME for word in words)
    # What was announced stays a maintenance, whatever it is called once it goes on.
    planned = planned or (known is not None and known.kind is Kind.MAINTENANCE)
    # Over only where it is over everywhere, coming only where it has begun nowhere.
    word = min(words, key=lambda each: (each in OVER, each in TO_COME))
    states = MAINTENANCE_STATES if planned else STATES
    state = look_up(states, word, State.UNKNOWN, oddities, "status of an event")
    impacts = [look_up(IMPACTS, kind, Impact.UNKNOWN, oddities, "type of an event") for kind in kinds if kind]
    starts = [at for _, event in events if (at := event.epoch("epochStartDate", per_second=1000))]
    ends = [at for _, event in events if (at := event.epoch("epochEndDate", per_second=1000))]
    begin, end = min(starts, default=None), max(ends, default=None)
    over, to_come = state in (State.RESOLVED, State.COMPLETED), state is State.SCHEDULED
    update = Update(
        f"{SYNTHETIC}{key}:{state.value}",
        state,
        word,
        _text(events),
        end if over else None if to_come else begin,
        PATH,
    )
    return Incident(
        id=key,
        name=_name(events),
        state=state,
        word=word,
        kind=Kind.MAINTENANCE if planned else Kind.INCIDENT,
        impact=worst(impacts) if impacts else None,
        url=next((url for _, event in events if (url := event.url("redirectUrl"))), None),
        started_at=None if to_come else begin,
        resolved_at=end if over else None,
        affected=tuple(Affected(name, name) for name in dict.fromkeys(_names(events))),
        updates=(update,),
        scheduled_for=begin if planned else None,
        scheduled_until=end if planned else None,
    )


def _text(events: Sequence[Event]) -> str | None:
    """The words, and how many people it concerns; each once."""
    texts = [event.text(key) for key in ("message", "usersAffected") for _, event in events]
    return "\n".join(dict.fromkeys(text for text in texts if text)) or None


def _name(events: Sequence[Event]) -> str:
    first, event = events[0]
    others = f" and {len(events) - 1} more" if len(events) > 1 else ""
    return clean_line(f"{cut(first, 200)}{others}: {event.line('statusType') or 'event'}")


def _names(events: Sequence[Event]) -> Iterator[str]:
    """All services that it touches: those that it stands under, and those that it names."""
    yield from (name for name, _ in events)
    for _, event in events:
        for each in event.fields["affectedServices"] if event.lists("affectedServices") else ():
            if isinstance(each, str) and (name := clean_line(each)):
                yield name


def _components(doc: Reader, incidents: Mapping[str, Incident]) -> Iterator[Component]:
    """The services; one has no state of its own but what goes on there."""
    for row in _services(doc):
        name = row.line("serviceName")
        impacts = [
            each.shown_impact
            for each in incidents.values()
            if each.is_open and name in (at.name for at in each.affected or ())
        ]
        yield Component(name, name, worst([*impacts, Impact.NONE if _lists_events(row) else Impact.UNKNOWN]))


PLATFORM = Platform(
    name="apple",
    title="Apple",
    tells="all services, and what goes on, is coming or was over lately, with the latest words of each",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    hosts=("www.apple.com", "apple.com", "developer.apple.com"),
    sources=(),
    own_source=own_source,
    accept=ACCEPT,
)
