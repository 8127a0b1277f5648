"""What changed between what is known of a page and a new snapshot. Pure: the same two give the same events.

Everything is keyed on ids, never on names, order or clocks. Silence changes nothing: what a snapshot does not
tell stays as it was known, and an incident that leaves the page is not taken for resolved unless the page's own
history says so, or two readings in a row list it nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from .events import ComponentChange, Event, EventKind
from .merge import SYNTHETIC, merge
from .model import CLOSED, Component, Incident, Kind, Known, Page, Snapshot, State, Update, badness
from .unposted import component_changes

GONE_AFTER = 2
"""How many readings in a row must list an open incident nowhere before it counts as removed."""

REMOVED_TEXT = "The page no longer lists this, neither as open nor among its recent entries."


@dataclass(frozen=True, slots=True)
class Change:
    """What a snapshot brings: events to tell, and rows to write."""

    events: tuple[Event, ...] = ()
    incidents: tuple[Incident, ...] = ()
    """New or changed ones, whole."""
    components: tuple[Component, ...] = ()
    """New or changed ones."""
    gone_components: tuple[str, ...] = ()
    """Ids of those that the page no longer lists."""
    missing: tuple[tuple[str, int], ...] = ()
    """Open incidents whose count of readings without them changed: (id, new count)."""


def diff(page: Page, known: Known, snapshot: Snapshot, seen_at: datetime) -> Change:
    """Compare a snapshot with what is known. `seen_at` stamps the events; nothing is decided by it."""
    changed: dict[str, Incident] = {}
    timelines: list[list[Event]] = []
    teller = _Teller(page, seen_at)
    silent = _recorded_in_silence(known, snapshot)
    for told in snapshot.incidents:
        before = known.incidents.get(told.id)
        after = told if before is None else merge(before, told)
        if after == before:
            continue
        changed[told.id] = after
        if before is not None:
            timelines.append(teller.developed(before, after))
        elif not known.read:
            timelines.append(teller.found(after))
        elif told.id not in silent:
            timelines.append(teller.appeared(after))
    missing, removed = _gone(known, snapshot)
    for incident in removed:
        closed = _closed_as_removed(incident, seen_at)
        changed[incident.id] = closed
        timelines.append(teller.developed(incident, closed))
    components, gone = _components(known, snapshot)
    touching = {**known.incidents, **changed}
    telling = [each for each in touching.values() if each.is_open or each.id in changed]
    changes = component_changes(page, known, snapshot, components, gone, telling)
    return Change(
        events=(*_in_order(timelines), *(teller.component_changed(each) for each in changes)),
        incidents=tuple(changed.values()),
        components=components,
        gone_components=gone,
        missing=missing,
    )


def _in_order(timelines: Sequence[list[Event]]) -> Iterator[Event]:
    """All events by the vendor's time, without turning around an incident whose update was dated back."""
    keyed = []
    for timeline in timelines:
        latest = datetime.min.replace(tzinfo=timezone.utc)
        for event in timeline:
            latest = max(latest, event.at)
            keyed.append((latest, event))
    keyed.sort(key=lambda pair: pair[0])
    return (event for _, event in keyed)


class _Teller:
    """Makes the events of one page, all seen at the same time."""

    def __init__(self, page: Page, seen_at: datetime) -> None:
        self.page = page
        self.seen_at = seen_at

    def found(self, incident: Incident) -> list[Event]:
        """What was there when the page was read for the first time: one event for each that is open."""
        if not incident.is_open:
            return []
        kind = EventKind.OPENED if incident.kind is Kind.INCIDENT else EventKind.MAINTENANCE_STARTED
        update = incident.latest or _unspoken(incident)
        return [replace(self._event(kind, incident, update), first=True)]

    def appeared(self, incident: Incident) -> list[Event]:
        """A new incident: one event for each of its updates."""
        updates = list(incident.updates)
        if not any(update.state is incident.state for update in updates):
            updates.append(_unspoken(incident))
        return self._told(incident, updates, edited=frozenset(), stage=None)

    def developed(self, before: Incident, after: Incident) -> list[Event]:
        """A known incident: one event for each update that is new or edited, or for a change without words."""
        old = {update.id: update for update in before.updates}
        edited = frozenset(u.id for u in after.updates if u.id in old and _says_other(old[u.id], u))
        updates = [u for u in after.updates if u.id not in old or u.id in edited]
        last, turned = after.latest, after.is_open is not before.is_open
        if turned and last and last.id in edited and old[last.id].state is not last.state:
            edited -= {last.id}  # the words that told of its beginning were turned into those of its end, or back
        if after.state is not before.state and not any(u.state is after.state for u in updates):
            updates.append(_unspoken(after))
        stage = _stage(before.kind, before.state, is_open=before.is_open)
        if not updates and badness(after.shown_impact) > badness(before.shown_impact):
            # It got worse without a word: the latest words are told again under the new impact.
            return [self._event(EventKind.UPDATED, after, after.latest or _unspoken(after))]
        return self._told(after, updates, edited=edited, stage=stage)

    def _told(
        self, incident: Incident, updates: Sequence[Update], *, edited: frozenset[str], stage: str | None
    ) -> list[Event]:
        events = []
        for update in updates:
            as_of = replace(incident, state=update.state, word=update.word)
            reached = _stage(incident.kind, update.state, is_open=as_of.is_open)
            if update.id in edited:
                kind = EventKind.EDITED
            elif reached != stage:
                kind = _REACHED[incident.kind, reached]
                if kind is EventKind.OPENED and stage is not None:
                    kind = EventKind.UPDATED  # open again after a resolution
                stage = reached
            else:
                kind = EventKind.UPDATED
            events.append(self._event(kind, as_of, update))
        return events

    def _event(self, kind: EventKind, incident: Incident, update: Update) -> Event:
        if incident.is_open:
            incident = replace(incident, resolved_at=None)
        return Event(
            kind=kind,
            page=self.page,
            at=update.at or self.seen_at,
            seen_at=self.seen_at,
            incident=incident,
            update=update,
        )

    def component_changed(self, change: ComponentChange) -> Event:
        return Event(EventKind.COMPONENT_CHANGED, self.page, self.seen_at, self.seen_at, component=change)


_REACHED = {
    (Kind.INCIDENT, "open"): EventKind.OPENED,
    (Kind.INCIDENT, "closed"): EventKind.RESOLVED,
    (Kind.MAINTENANCE, "coming"): EventKind.MAINTENANCE_SCHEDULED,
    (Kind.MAINTENANCE, "open"): EventKind.MAINTENANCE_STARTED,
    (Kind.MAINTENANCE, "closed"): EventKind.MAINTENANCE_ENDED,
}


def _stage(kind: Kind, state: State, *, is_open: bool) -> str:
    if kind is Kind.MAINTENANCE and state is State.SCHEDULED:
        return "coming"
    return "open" if is_open else "closed"


def _says_other(before: Update, after: Update) -> bool:
    return (before.text or "") != (after.text or "") or before.state is not after.state


def _unspoken(incident: Incident) -> Update:
    """An update for a change that the vendor made without words."""
    at = incident.resolved_at if not incident.is_open else None
    if at is None and incident.latest is None:
        at = incident.started_at
    return Update(f"{SYNTHETIC}{incident.id}:{incident.state.value}", incident.state, incident.word, None, at)


def _recorded_in_silence(known: Known, snapshot: Snapshot) -> frozenset[str]:
    """Closed incidents that are history and no news, though they were not known.

    They come with the first reading of the page's list of recent ones; and, when the vendor deletes one, from
    below its cut end: those are older than all that is known in the same list.
    """
    unknown = [each for each in snapshot.incidents if each.id not in known.incidents]
    # Maintenances that are over come only from the list of past ones, which is asked when a known one left.
    past = frozenset(each.id for each in unknown if each.kind is Kind.MAINTENANCE and each.state in CLOSED)
    return past | _past_incidents(known, snapshot, [each for each in unknown if not each.is_open])


def _past_incidents(known: Known, snapshot: Snapshot, closed: list[Incident]) -> frozenset[str]:
    if not snapshot.history_told:
        return frozenset()
    if not known.history_read:
        return frozenset(each.id for each in closed)
    if not snapshot.history_cut:
        return frozenset()
    ages = [_last_word(each) for each in snapshot.incidents if each.id in known.incidents]
    oldest = min((age for age in ages if age), default=None)
    return frozenset(each.id for each in closed if oldest and (_last_word(each) or oldest) < oldest)


def _last_word(incident: Incident) -> datetime | None:
    times = [update.at for update in incident.updates if update.at]
    return max(times, default=incident.resolved_at or incident.started_at)


def _gone(known: Known, snapshot: Snapshot) -> tuple[tuple[tuple[str, int], ...], list[Incident]]:
    """Count the readings that no longer list a known open incident; name those that are gone for good."""
    listed = {each.id for each in snapshot.incidents}
    counts: list[tuple[str, int]] = []
    removed = []
    for incident in known.incidents.values():
        before = known.missing.get(incident.id, 0)
        if incident.id in listed:
            if before:
                counts.append((incident.id, 0))
            continue
        if not (incident.is_open or incident.state is State.SCHEDULED) or not _would_be_listed(incident, snapshot):
            continue
        counts.append((incident.id, before + 1))
        if before + 1 >= GONE_AFTER:
            removed.append(incident)
    return tuple(counts), removed


def _would_be_listed(incident: Incident, snapshot: Snapshot) -> bool:
    """Whether this snapshot could not have left the incident out, were it still open."""
    asked = snapshot.history_told or snapshot.history_absent
    told = snapshot.open_maintenances_told if incident.kind is Kind.MAINTENANCE else snapshot.open_told
    return asked and told


def _closed_as_removed(incident: Incident, seen_at: datetime) -> Incident:
    update = Update(
        f"{SYNTHETIC}{incident.id}:{State.REMOVED.value}",
        State.REMOVED,
        State.REMOVED.value,
        REMOVED_TEXT,
        seen_at,
    )
    return replace(incident, state=State.REMOVED, word=State.REMOVED.value, updates=(*incident.updates, update))


def _components(known: Known, snapshot: Snapshot) -> tuple[tuple[Component, ...], tuple[str, ...]]:
    """Components to write, and the ids of those that are gone."""
    if snapshot.components is None:
        return (), ()
    changed = []
    for told in snapshot.components:
        before = known.components.get(told.id)
        after = replace(told, group=before.group) if before and told.group is None else told
        if after != before:
            changed.append(after)
    gone: tuple[str, ...] = ()
    if snapshot.all_components:
        listed = {told.id for told in snapshot.components}
        gone = tuple(key for key in known.components if key not in listed)
    return tuple(changed), gone
