"""One incident told by several documents, or by one document several times. Pure.

Two documents of the same page word the same update differently (Markdown here, HTML there), and one may name the
components that the other leaves out. So facts are merged by a simple rule: what is told replaces what was known,
silence replaces nothing, and words are only compared with words from the same kind of document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from .model import CLOSED, Incident, State, Update

SYNTHETIC = "~"
"""Ids of updates that we had to invent (the vendor gave none) begin with this."""


def merge(before: Incident, told: Incident) -> Incident:
    """The incident after `told` was heard; equal to `before` where nothing new was said."""
    silent_state = told.state is State.UNKNOWN and not told.word
    over = silent_state or told.state in CLOSED  # else it goes on (again), and what ended it before has not
    return Incident(
        id=before.id,
        name=told.name or before.name,
        state=before.state if silent_state else told.state,
        word=before.word if silent_state else told.word,
        kind=told.kind,
        impact=told.impact if told.impact is not None else before.impact,
        url=told.url or before.url,
        started_at=told.started_at or before.started_at,
        resolved_at=told.resolved_at or (before.resolved_at if over else None),
        affected=told.affected if told.affected is not None else before.affected,
        updates=_timeline(before.updates, told.updates),
        scheduled_for=told.scheduled_for or before.scheduled_for,
        scheduled_until=told.scheduled_until or before.scheduled_until,
        regions=told.regions if told.regions is not None else before.regions,
    )


def _timeline(before: tuple[Update, ...], told: tuple[Update, ...]) -> tuple[Update, ...]:
    updates = {update.id: update for update in before}
    # What is told under its own id is nobody else's twin, and each has one at most.
    single = [update for update in before if update.id not in {each.id for each in told}]
    for update in told:
        same = updates.get(update.id)
        if same is None and (same := _invented_twin(single, update)) is not None:
            single.remove(same)
        if same is None:
            updates[update.id] = update
        else:
            updates[same.id] = _update(same, update)
    return in_time(tuple(updates.values()))


def _invented_twin(updates: Iterable[Update], told: Update) -> Update | None:
    """The update that is the same as `told`, where one of the two has an id that we invented."""
    for update in updates:
        invented = update.id.startswith(SYNTHETIC) or told.id.startswith(SYNTHETIC)
        if invented and update.state is told.state and _second(update.at) == _second(told.at):
            return update
    return None


def _second(at: datetime | None) -> datetime | None:
    """One document tells fractions of a second, the other does not."""
    return at.replace(microsecond=0) if at else None


def _update(before: Update, told: Update) -> Update:
    merged = replace(
        before,
        affected=told.affected if told.affected is not None else before.affected,
        at=before.at or told.at,
    )
    if told.state is not State.UNKNOWN or told.word:
        merged = replace(merged, state=told.state, word=told.word)
    if told.text and (told.source == before.source or not before.text):
        merged = replace(merged, text=told.text, source=told.source)
    return merged


def in_time(updates: tuple[Update, ...]) -> tuple[Update, ...]:
    """Oldest first; those without a time stay where they stand, behind the one before them."""
    latest = None
    keyed = []
    for update in updates:
        latest = update.at or latest
        keyed.append((latest.timestamp() if latest else float("-inf"), update))
    keyed.sort(key=lambda pair: pair[0])
    return tuple(update for _, update in keyed)
