"""Outages that machines find: where nobody writes incidents, a monitor that is down is made one of its own. Pure.

An outage keeps the id under which it was first told until its monitor is up again, and is then told as resolved,
once. What a document says of its beginning is only looked at when it is new: a list of results is cut at some
length, so its oldest failure moves with every poll.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ..core.model import Affected, Component, Impact, Incident, State
from .documents import Situation

PREFIX = "outage:"
"""Ids of outages begin with this; then come the component's id and what tells one outage from the next."""

ID_LIMIT = 200

_IN_TROUBLE = frozenset({Impact.MINOR, Impact.MAJOR, Impact.CRITICAL})


@dataclass(frozen=True, slots=True)
class Monitored:
    """A component that a machine watches; its impact says how it is, UNKNOWN where the document does not tell."""

    component: Component
    since: datetime | None = None
    """When its trouble began, or the trouble before; as far back as the document tells."""
    until: datetime | None = None
    """When it was found up again, where it is."""
    mark: str = ""
    """What tells this outage from the component's next one, where no time is told."""
    sure: bool = True
    """False for a first failure that may be none: it opens no outage, and ends none."""


def outages(situation: Situation, monitored: Iterable[Monitored]) -> tuple[Incident, ...]:
    """The outages under way, and those known that are over now."""
    known: dict[str, list[Incident]] = {}
    for incident in situation.known.values():
        if incident.id.startswith(PREFIX):
            known.setdefault(_component_of(incident.id), []).append(incident)
    once = {each.component.id[:ID_LIMIT]: each for each in monitored}
    return tuple(outage for key, each in once.items() for outage in _of_one(key, each, known.get(key, [])))


def _of_one(key: str, monitored: Monitored, known: list[Incident]) -> Iterator[Incident]:
    component = monitored.component
    if component.impact is Impact.NONE:
        for before in known:
            until = monitored.until
            over = until if until and until >= (before.started_at or until) else None
            yield replace(before, state=State.RESOLVED, word=component.word, resolved_at=over)
    elif component.impact not in _IN_TROUBLE:
        yield from known  # nobody knows how it is: what was known goes on
    elif known:
        for before in known:
            yield _outage(component, before.id, before.started_at)
    elif monitored.sure:
        since = monitored.since
        mark = monitored.mark or (str(int(since.timestamp())) if since else "")
        yield _outage(component, f"{PREFIX}{key}:{mark}", since)


def _outage(component: Component, id: str, since: datetime | None) -> Incident:
    return Incident(
        id=id,
        name=f"{component.name} is {'degraded' if component.impact is Impact.MINOR else 'down'}",
        state=State.INVESTIGATING,
        word=component.word,
        impact=component.impact,
        started_at=since,
        affected=(Affected(component.id, component.name),),
    )


def _component_of(outage_id: str) -> str:
    return outage_id[len(PREFIX) :].rpartition(":")[0]
