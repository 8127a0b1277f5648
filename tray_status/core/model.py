"""The nouns of the field: page, snapshot, incident, update, component, impact, state.

Everywhere, `None` means "not told by the vendor" and an empty tuple or string means "told: there is none".
All times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Impact(Enum):
    """How bad it is, in the contract's words. Compare with `worst`, never with `<`: UNKNOWN has no order."""

    NONE = "none"
    NOTICE = "notice"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


# Unknown hides behind everything that is known to be worse than green, and in front of all that is green.
_BADNESS: Mapping[Impact, int] = {
    impact: rank
    for rank, impact in enumerate(
        (
            Impact.NONE,
            Impact.NOTICE,
            Impact.UNKNOWN,
            Impact.MAINTENANCE,
            Impact.MINOR,
            Impact.MAJOR,
            Impact.CRITICAL,
        )
    )
}


def badness(impact: Impact) -> int:
    """The sort key behind `worst`: the larger the worse."""
    return _BADNESS[impact]


def worst(impacts: Iterable[Impact], default: Impact = Impact.UNKNOWN) -> Impact:
    """The worst of some impacts; `default` where there are none (of nothing, nothing is known)."""
    return max(impacts, key=badness, default=default)


class State(Enum):
    """Where an incident or a maintenance stands, in the words that v2 pages use."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    """The page stopped listing it without a word: our finding, not the vendor's."""
    UNKNOWN = "unknown"
    """A word we never saw; the word itself is kept beside it."""


CLOSED = frozenset({State.RESOLVED, State.POSTMORTEM, State.COMPLETED, State.CANCELLED, State.REMOVED})
UNDER_WAY = frozenset({State.IN_PROGRESS, State.VERIFYING})


class Kind(Enum):
    """What an entry of the page is about."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


class Reading(Enum):
    """How well a page can be read; see the contract for each word."""

    FRESH = "fresh"
    STALE = "stale"
    UNREACHABLE = "unreachable"
    OFFLINE = "offline"
    BLOCKED = "blocked"
    HOST_DOWN = "host_down"
    BROKEN = "broken"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Page:
    """A status page that a person watches."""

    id: str
    """Stable and made for machines: `openai`, `127-0-0-1-8000`."""
    name: str
    url: str
    """The page's address without a trailing slash; documents are asked below it."""
    interval: float = 60.0
    """Seconds between two polls."""
    named: bool = True
    """False while `name` is only the host: the vendor's own name replaces it when it is first read."""
    components: tuple[str, ...] = ()
    """Names or ids of the components that matter to this person; empty means all."""
    category: str = ""
    """What it is about, such as `ai`; the catalogue's word, or the person's own."""
    regions: tuple[str, ...] = ()
    """Ids of the vendor's regions that matter to this person; empty means all."""
    notify_from: Impact = Impact.NOTICE
    """The least impact that is worth a notice."""
    relax_when_quiet: bool = False
    """Whether it may be polled seldomer while nothing has happened on it for long."""
    relax_on_battery: bool = True
    """Whether it may be polled seldomer while this computer runs on battery, or its connection costs."""
    probe: str = ""
    """What to knock at after each poll, see `core/probe.py`; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A component as an incident names it; the vendor may tell an id, a name or both."""

    id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the vendor's service, as its page lists it."""

    id: str
    name: str
    impact: Impact
    word: str = ""
    """The vendor's own word for its state."""
    group: str | None = None
    """The name of the group it belongs to, where there is one."""


@dataclass(frozen=True, slots=True)
class Update:
    """One entry in an incident's timeline."""

    id: str
    state: State
    word: str
    """The vendor's own word for the state."""
    text: str | None
    """Plain text, cleaned; None where this document does not carry the words."""
    at: datetime | None
    """When the vendor says it was published."""
    source: str = ""
    """Which kind of document the text came from: the same words differ between two of them."""
    affected: tuple[Affected, ...] | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident or a maintenance with its timeline, oldest update first."""

    id: str
    name: str
    state: State
    word: str = ""
    kind: Kind = Kind.INCIDENT
    impact: Impact | None = None
    """None where the vendor does not tell it."""
    url: str | None = None
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    affected: tuple[Affected, ...] | None = None
    updates: tuple[Update, ...] = ()
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    regions: tuple[str, ...] | None = None
    """Ids of the places that it is limited to, such as `eu-west-1`; None where the vendor does not tell."""

    @property
    def is_open(self) -> bool:
        """Whether it goes on now: an incident that is not closed, a maintenance that is under way.

        A word never seen keeps it open, unless the vendor says when it ended.
        """
        if self.state is State.UNKNOWN:
            return self.resolved_at is None
        if self.kind is Kind.MAINTENANCE:
            return self.state not in CLOSED and self.state is not State.SCHEDULED
        return self.state not in CLOSED

    @property
    def shown_impact(self) -> Impact:
        """The impact as it is shown: an open incident is at least a notice, a maintenance is a maintenance."""
        if self.kind is Kind.MAINTENANCE:
            return Impact.MAINTENANCE
        if self.impact is None or self.impact is Impact.NONE:
            return Impact.NOTICE if self.is_open else Impact.NONE
        return self.impact

    @property
    def components(self) -> tuple[str, ...]:
        """The names of what it touches, each once; empty where the vendor names none."""
        return tuple(dict.fromkeys(each.name for each in self.affected or ()))

    @property
    def latest(self) -> Update | None:
        return self.updates[-1] if self.updates else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one poll of a page told. Documents may be missing or silent, so each fact says whether it was told."""

    platform: str
    source: str = ""
    """Where the platform's documents are, see `providers/platform.py`."""
    name: str | None = None
    """The page's own name."""
    url: str | None = None
    """The page's own address, for people; never asked."""
    indicator: Impact | None = None
    components: tuple[Component, ...] | None = None
    all_components: bool = False
    """Whether `components` lists every one, so that one that is missing is gone."""
    incidents: tuple[Incident, ...] = ()
    """Incidents and maintenances told, open or closed."""
    open_told: bool = False
    """Whether some document said which incidents are open, so that none listed means none open."""
    open_hidden: bool = False
    """Whether every document that could have said so was there to be read, and none did."""
    open_maintenances_told: bool = False
    history_told: bool = False
    """Whether the page's list of recent incidents, resolved ones too, is part of this."""
    history_absent: bool = False
    """Whether the page has no such list at all (so an incident that leaves cannot be asked after)."""
    history_cut: bool = False
    """Whether that list is so long that the page has probably cut it."""
    oddities: tuple[str, ...] = ()
    """Words and shapes that were not understood, each in a short sentence."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the log holds of a page before a snapshot is compared with it."""

    read: bool = False
    """Whether the page was ever read."""
    history_read: bool = False
    """Whether its list of recent incidents was ever read."""
    indicator: Impact | None = None
    components: Mapping[str, Component] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    """By id: at least the open ones and all that the snapshot names."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """By id: how many reads in a row have no longer listed an open incident."""
