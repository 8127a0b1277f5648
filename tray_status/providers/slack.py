"""Slack's own status page. Documentation: https://docs.slack.dev/reference/slack-status-api; shapes as recorded
in 2020 and 2026, of `/history` in August 2026.

`/current` tells what is open now, and `status` whether that is anything; it is authoritative for both. `/history` is
a list of the latest entries (37 were seen), open and over, in the same shape: what became of one that left
`/current`, and its last words. Where it lists an unknown one as active that `/current` does not, `/current` is right.

Silent: how far Slack has come with an open incident (it is `active` until it is `resolved`), when it was resolved
(`date_updated` moves with later edits), ids and states of notes, and the states of its services. A note is known by
its time, and Slack posts the last one up to minutes before it sets `resolved`; so the closing words of an incident
that is over are an update of their own, which also says that it is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import CLOSED, Affected, Impact, Incident, Kind, Snapshot, State, Update
from ..core.text import clean_line
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up, told_once

SOURCE = "https://slack-status.com/api/v2.0.0"
PATH = "/current"
HISTORY = "/history"
HOSTS = ("slack-status.com", "www.slack-status.com", "status.slack.com")

PAGE_STATES: Mapping[str, Impact] = {"ok": Impact.NONE, "active": Impact.NOTICE}
"""`active` says only that something is listed; how bad that is stands there."""
IMPACTS: Mapping[str, Impact] = {
    "notice": Impact.NOTICE,
    "maintenance": Impact.MAINTENANCE,
    "incident": Impact.MINOR,
    "outage": Impact.MAJOR,
}
STATES: Mapping[str, State] = {"active": State.INVESTIGATING, "resolved": State.RESOLVED}
MAINTENANCE_STATES: Mapping[str, State] = {
    "scheduled": State.SCHEDULED,
    "active": State.IN_PROGRESS,
    "completed": State.COMPLETED,
    "resolved": State.COMPLETED,
    "cancelled": State.CANCELLED,
}
ONLY_MAINTENANCE = ("scheduled", "completed", "cancelled")
"""States that no incident has."""


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    return doc.word("status") in PAGE_STATES and doc.lists("active_incidents") and "date_updated" in doc


def own_source(address: str) -> str | None:
    return SOURCE if (urlsplit(address).hostname or "") in HOSTS else None


def more(situation: Situation, _told: Answers) -> Iterable[Want]:
    # A 304 would not tell what became of one that has just left.
    yield Want(situation.source + HISTORY, conditional=not situation.known)


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    oddities: list[str] = []
    incidents = {each.id: each for each in all_once(_entries(doc, "active_incidents", situation, oddities))}
    past = told.get(situation.source + HISTORY)
    history = Reader.listed(past)
    for each in _entries(history, "rows", situation, oddities):
        if not each.is_open or each.id in situation.known:
            incidents.setdefault(each.id, each)
    indicator = look_up(PAGE_STATES, doc.word("status"), Impact.UNKNOWN, oddities, "page state")
    planned = [each.state is State.SCHEDULED for each in incidents.values() if each.state not in CLOSED]
    if indicator is Impact.NOTICE and planned and all(planned):
        indicator = Impact.NONE  # it is what is to come that makes it active
    told_open = doc.lists_all("active_incidents")
    return Snapshot(
        platform=PLATFORM.name,
        name="Slack",
        url="https://slack-status.com",
        indicator=indicator,
        incidents=tuple(incidents.values()),
        open_told=told_open,
        open_hidden=not told_open,
        open_maintenances_told=told_open,
        history_told=history.lists_all("rows"),
        history_absent=is_told(past, Told.ABSENT),
        history_cut=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _entries(doc: Reader, key: str, situation: Situation, oddities: list[str]) -> Iterator[Incident]:
    return (_entry(row, situation, oddities) for row in doc.rows(key))


def _entry(row: Reader, situation: Situation, oddities: list[str]) -> Incident:
    began = row.time("date_created")
    entry_id = row.known_id(began)
    word = row.word("status")
    known = situation.known.get(entry_id)
    planned = word in ONLY_MAINTENANCE or row.word("type") == "maintenance"
    # An announced one that has become active may no longer say that it was planned.
    planned = planned or (known is not None and known.kind is Kind.MAINTENANCE)
    states = MAINTENANCE_STATES if planned else STATES
    impact = look_up(IMPACTS, row.word("type"), Impact.UNKNOWN, oddities, "type") if "type" in row else None
    state = look_up(states, word, State.UNKNOWN, oddities, "state")
    entry = Incident(
        id=entry_id,
        name=row.line("title") or "(no title)",
        state=state,
        word=word,
        kind=Kind.MAINTENANCE if planned else Kind.INCIDENT,
        impact=impact,
        url=row.url("url"),
        started_at=began if state is not State.SCHEDULED else None,
        affected=_services(row),
        scheduled_for=began if planned else None,
    )
    return replace(entry, updates=_notes(row, entry, known))


def _services(row: Reader) -> tuple[Affected, ...] | None:
    if not row.lists("services"):
        return None
    names = (clean_line(each) for each in row.fields["services"] if isinstance(each, str))
    return tuple(Affected(None, name) for name in dict.fromkeys(names) if name)


def _notes(row: Reader, entry: Incident, known: Incident | None) -> tuple[Update, ...]:
    """The notes, oldest first. Each is as the entry stood when it was first seen, but for the last words of one that
    is over; what those of a planned one said before is not told any more."""
    seen = {update.id for update in known.updates} if known else frozenset()
    over = entry.state in CLOSED
    notes = []
    for note in row.rows("notes"):
        at, text = note.time("date_created"), note.text("body")
        update = Update(
            f"{SYNTHETIC}{entry.id}:{at.isoformat() if at else ''}", entry.state, entry.word, text, at, PATH
        )
        if update.id in seen or (over and entry.kind is Kind.MAINTENANCE):
            update = replace(update, state=State.UNKNOWN, word="")
        elif over:
            update = replace(update, state=State.INVESTIGATING, word="active")
        if at or text:
            notes.append(update)
    timeline = told_once(notes)
    if not over or not timeline:
        return timeline
    last = timeline[-1]
    return (*timeline[:-1], replace(last, id=f"{last.id}:{entry.state.value}", state=entry.state, word=entry.word))


PLATFORM = Platform(
    name="slack",
    title="Slack",
    tells="what is open, with all its words and the services it touches, and the latest entries that are over",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    hosts=HOSTS,
    sources=("/api/v2.0.0",),
    own_source=own_source,
)
