"""What a dialect is: how one platform says what a vendor did. Written from the platform's documentation and recorded
answers, never from our reader, so that the two check each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from tray_status.core.model import Affected, Component, Impact, Incident, Kind, State, Update

START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
API = Component("c1", "API", Impact.NONE)
WEB = Component("c2", "Web", Impact.NONE)

Write = Callable[[Sequence[Incident], Sequence[Component]], dict[str, Any]]


@dataclass(frozen=True)
class Dialect:
    """One platform's way to say things, and what it cannot say."""

    platform: str
    write: Write
    """All incidents and maintenances ever, oldest first, and all components → documents, by path below the page's
    address or by whole address. What JSON can say, or bytes."""
    encoding: str = "utf-8"
    """Of its JSON; what is UTF-16 begins with a byte order mark."""
    address: str = "https://status.acme.example"
    """Of a page where the platform is found by itself."""
    page_name: str | None = "Acme"
    """What the page is called by the vendor; None where the documents do not tell."""
    words: bool = True
    """Whether updates carry text."""
    update_ids: bool = True
    """Whether updates have ids of their own, so that an edited one is known again."""
    every_update: bool = True
    """Whether all updates of an incident are told, not only the latest or none."""
    keeps_resolved: bool = True
    """Whether an incident is still listed, as resolved, once it is over."""
    impacts: tuple[Impact, ...] = (Impact.MINOR, Impact.MAJOR, Impact.CRITICAL)
    """What an open incident can be said to be."""
    states: tuple[State, ...] = (State.INVESTIGATING, State.IDENTIFIED, State.MONITORING)
    """Where an open incident can be said to stand."""
    incidents: bool = True
    """Whether people write incidents here; else they are outages that are found by machines."""
    titles: bool = True
    """Whether an incident has a title of its own; else it is called by what it touches."""
    products: bool = True
    """Whether incidents name what they touch."""
    components: bool = True
    """Whether components are listed with a state."""
    maintenance: bool = True
    scheduled: bool = True
    """Whether a maintenance is told before it starts."""
    due: bool = True
    """Whether it is told when a maintenance is due, other than in its words."""
    patience: int = 1
    """How many polls it may take until a maintenance is heard of: more than one where another document than the main one
    tells it."""
    hindsight: int = 2
    """How many polls it may take until an incident is heard of that came and went between two polls."""
    vocabulary: frozenset[str] = field(default_factory=frozenset)
    """The words, as they stand in the documents, that our tables translate: one that we never saw must not be green."""
    green_without: frozenset[Any] = field(default_factory=frozenset)
    """Keys, or whole paths of keys, that may be missing from an open incident's documents so that the page is green for
    want of them, each with its reason beside it."""
    most_requests: int = 6
    """How many questions it may take to find the platform of a page that is seen for the first time."""


def at(minutes: float) -> datetime:
    """A time so many minutes after START."""
    return START + timedelta(minutes=minutes)


def iso(moment: datetime | None) -> str | None:
    """`2026-03-01T12:00:00.000Z`."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def said(minutes: float, state: State, text: str = "We look into it.") -> Update:
    """Words of the vendor."""
    return Update(f"up{minutes:g}", state, state.value, text, at(minutes))


def incident(
    *updates: Update, id: str = "inc1", name: str = "Elevated errors", impact: Impact = Impact.MAJOR, touches=(API,)
) -> Incident:
    """An incident as the vendor means it; its last update says how it stands."""
    last = updates[-1]
    over = last.state is State.RESOLVED
    return Incident(
        id=id,
        name=name,
        state=last.state,
        word=last.state.value,
        impact=impact,
        started_at=updates[0].at,
        resolved_at=last.at if over else None,
        affected=tuple(Affected(each.id, each.name) for each in touches),
        updates=updates,
    )


def maintenance(*updates: Update, id: str = "mnt1", name: str = "New cables", touches=(WEB,)) -> Incident:
    """A maintenance as the vendor means it, from minute 60 to minute 120."""
    last = updates[-1]
    return Incident(
        id=id,
        name=name,
        state=last.state,
        word=last.state.value,
        kind=Kind.MAINTENANCE,
        impact=Impact.MAINTENANCE,
        started_at=at(60) if last.state is not State.SCHEDULED else None,
        resolved_at=last.at if last.state is State.COMPLETED else None,
        affected=tuple(Affected(each.id, each.name) for each in touches),
        updates=updates,
        scheduled_for=at(60),
        scheduled_until=at(120),
    )
