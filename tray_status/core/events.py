"""Events: what happened, as it is logged, told and handed to scripts. The JSON shape is the contract's, `v` 1."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from .model import Affected, Impact, Incident, Kind, Page, Reading, State, Update

VERSION = 1


class EventKind(Enum):
    """The closed set of things that can happen."""

    OPENED = "opened"
    UPDATED = "updated"
    EDITED = "edited"
    RESOLVED = "resolved"
    MAINTENANCE_SCHEDULED = "maintenance_scheduled"
    MAINTENANCE_STARTED = "maintenance_started"
    MAINTENANCE_ENDED = "maintenance_ended"
    COMPONENT_CHANGED = "component_changed"
    PAGE_UNREADABLE = "page_unreadable"
    PAGE_READABLE = "page_readable"


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """A component that changed its state."""

    id: str
    name: str
    before: Impact
    after: Impact
    posted: bool = True
    """Whether an incident or a maintenance of the page tells of it; where none does, this is news of its own."""
    found: str = ""
    """What the person's own probe found, in sentences; empty for what the vendor says itself."""

    @property
    def over(self) -> bool:
        """Whether nothing bad is known of it any more."""
        return self.after is Impact.NONE or (bool(self.found) and self.before is self.after)


@dataclass(frozen=True, slots=True)
class PageProblem:
    """Why a page cannot be read; with PAGE_READABLE, what it was."""

    reading: Reading
    text: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on one page. Incident events carry `incident` and `update`, the others do not."""

    kind: EventKind
    page: Page
    at: datetime
    """When the vendor published it; for the page's own events, when we saw it."""
    seen_at: datetime
    incident: Incident | None = None
    update: Update | None = None
    component: ComponentChange | None = None
    problem: PageProblem | None = None
    first: bool = False
    """Whether it was already so when the page was read for the first time."""
    late: bool = False
    """Whether it came while the page was not read for long: the program was off, asleep or offline."""
    seq: int = 0
    """Its place in the log, from 1; 0 until it is logged."""

    def numbered(self, seq: int) -> Event:
        return replace(self, seq=seq)


def stamp(at: datetime | None) -> str | None:
    """A time as the contract writes it: `2025-11-03T14:32:00Z`; fractions of a second are cut."""
    if at is None:
        return None
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def unstamp(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _unstamp(text: str | None) -> datetime | None:
    return None if text is None else unstamp(text)


def shown_state(state: State, word: str) -> str:
    """A state for machines: our word, or the vendor's own where we have none."""
    return word if state is State.UNKNOWN and word else state.value


def incident_json(incident: Incident) -> dict[str, Any]:
    """An incident as events and `status --json` show it (there, `updates` are added)."""
    return {
        "id": incident.id,
        "name": incident.name,
        "impact": incident.shown_impact.value,
        "state": shown_state(incident.state, incident.word),
        "components": list(incident.components),
        "url": incident.url,
        "started_at": stamp(incident.started_at),
        "resolved_at": stamp(incident.resolved_at),
    }


def update_json(update: Update) -> dict[str, Any]:
    return {
        "id": update.id,
        "state": shown_state(update.state, update.word),
        "text": update.text or "",
    }


def problem_json(problem: PageProblem) -> dict[str, Any]:
    return {"reading": problem.reading.value, "text": problem.text, "cure": problem.cure}


def page_json(page: Page) -> dict[str, Any]:
    return {"id": page.id, "name": page.name, "url": page.url}


def to_json(event: Event) -> dict[str, Any]:
    """The event as one JSON object; see the contract."""
    record: dict[str, Any] = {
        "v": VERSION,
        "seq": event.seq,
        "kind": event.kind.value,
        "at": stamp(event.at),
        "seen_at": stamp(event.seen_at),
        "page": page_json(event.page),
        "incident": incident_json(event.incident) if event.incident else None,
        "update": update_json(event.update) if event.update else None,
    }
    if event.incident and event.incident.kind is Kind.MAINTENANCE:
        record["incident"]["scheduled_for"] = stamp(event.incident.scheduled_for)
        record["incident"]["scheduled_until"] = stamp(event.incident.scheduled_until)
    if event.incident and event.incident.regions:
        record["incident"]["regions"] = list(event.incident.regions)
    if event.component:
        record["component"] = {
            "id": event.component.id,
            "name": event.component.name,
            "before": event.component.before.value,
            "impact": event.component.after.value,
            "posted": event.component.posted,
        }
        if event.component.found:
            record["component"]["found"] = event.component.found
    if event.problem:
        record["problem"] = problem_json(event.problem)
    return record


def _state(word: str) -> tuple[State, str]:
    try:
        return State(word), word
    except ValueError:
        return State.UNKNOWN, word


def from_json(record: dict[str, Any], *, first: bool = False, late: bool = False) -> Event:
    """The inverse of `to_json`, for what the log keeps. The incident carries only the update of this event."""
    kind = EventKind(record["kind"])
    at = unstamp(record["at"])
    page = record["page"]
    incident = update = component = problem = None
    if told := record.get("update"):
        state, word = _state(told["state"])
        update = Update(told["id"], state, word, told["text"], at)
    if told := record.get("incident"):
        state, word = _state(told["state"])
        maintenance = "scheduled_for" in told
        incident = Incident(
            id=told["id"],
            name=told["name"],
            state=state,
            word=word,
            kind=Kind.MAINTENANCE if maintenance else Kind.INCIDENT,
            impact=Impact(told["impact"]),
            url=told["url"],
            started_at=_unstamp(told["started_at"]),
            resolved_at=_unstamp(told["resolved_at"]),
            affected=tuple(Affected(None, name) for name in told["components"]),
            updates=(update,) if update else (),
            scheduled_for=_unstamp(told.get("scheduled_for")),
            scheduled_until=_unstamp(told.get("scheduled_until")),
            regions=tuple(told["regions"]) if "regions" in told else None,
        )
    if told := record.get("component"):
        component = ComponentChange(
            told["id"],
            told["name"],
            Impact(told["before"]),
            Impact(told["impact"]),
            posted=told.get("posted", True),
            found=told.get("found", ""),
        )
    if told := record.get("problem"):
        problem = PageProblem(Reading(told["reading"]), told["text"], told["cure"])
    return Event(
        kind=kind,
        page=Page(page["id"], page["name"], page["url"]),
        at=at,
        seen_at=unstamp(record["seen_at"]),
        incident=incident,
        update=update,
        component=component,
        problem=problem,
        first=first,
        late=late,
        seq=record["seq"],
    )
