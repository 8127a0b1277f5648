"""Incidents that open together: within a moment, or on many pages for one cause. Told as one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from .events import Event

BURST, BURST_WITHIN = 3, timedelta(minutes=1)
"""So many incidents that open within this are one piece of news."""

PAGES, PAGES_WITHIN = 4, timedelta(minutes=10)
"""So many pages on which something opens within this seem to have one cause."""

NAMED_BY = 2
"""A vendor that the words of so many other pages name is that cause."""


@dataclass(frozen=True, slots=True)
class Together:
    """What opened together."""

    events: tuple[Event, ...]
    """The opening of each incident, oldest first."""
    within: timedelta
    cause: str = ""
    """The vendor that seems to be the cause; empty where none is named."""


def together(opened: Sequence[Event], names: Iterable[str] = ()) -> Together | None:
    """What opened together with the last of some openings, oldest first; None where it opened by itself.

    `names` are those of the watched pages, of which one may be the cause.
    """
    if not opened:
        return None
    last = opened[-1].seen_at
    lately = _each_once(event for event in opened if last - event.seen_at <= PAGES_WITHIN)
    pages = {event.page.id for event in lately}
    if len(pages) >= PAGES:
        return Together(lately, PAGES_WITHIN, _cause(lately, names))
    cause = _cause(lately, names)
    if cause and len(pages) > NAMED_BY:
        return Together(lately, PAGES_WITHIN, cause)
    burst = tuple(event for event in lately if last - event.seen_at <= BURST_WITHIN)
    return Together(burst, BURST_WITHIN) if len(burst) >= BURST else None


def _each_once(events: Iterable[Event]) -> tuple[Event, ...]:
    latest = {(event.page.id, event.incident.id): event for event in events if event.incident}
    return tuple(latest.values())


def _cause(events: Sequence[Event], names: Iterable[str]) -> str:
    """The watched vendor that most of the other pages name."""
    counted = []
    for name in names:
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        naming = {event.page.id for event in events if event.page.name != name and word.search(_words(event))}
        counted.append((len(naming), name))
    how_many, name = max(counted, default=(0, ""))
    return name if how_many >= NAMED_BY else ""


def _words(event: Event) -> str:
    """What an incident is called, and its first words."""
    name = event.incident.name if event.incident else ""
    text = (event.update.text if event.update else None) or ""
    return f"{name}\n{text[:2000]}"
