"""Desktop notices as data: what to show, before any desktop is asked to show it."""

from __future__ import annotations

from dataclasses import dataclass

from .model import Impact


@dataclass(frozen=True, slots=True)
class Action:
    """A button on a notice."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One desktop notification. Plain text throughout: whoever shows it escapes what its desktop reads as markup."""

    key: str
    """Notices with the same key replace each other: one an incident."""
    title: str
    body: str
    impact: Impact
    """Chooses icon and urgency: critical for critical only, low for what is over."""
    url: str | None = None
    """What a click opens; http or https only."""
    over: bool = False
    """Whether this is the last word (resolved): the notice may go away by itself."""
    actions: tuple[Action, ...] = ()
    """What can be done about it, where the desktop shows buttons."""


def subject(key: str) -> tuple[str, str] | None:
    """Page and incident that a notice with this key is about; None where it is about none."""
    kind, _, rest = key.partition(":")
    page_id, _, incident_id = rest.partition(":")
    return (page_id, incident_id) if kind == "incident" and incident_id else None
