"""What a person looks for among all that ever happened. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from .events import Event
from .model import Impact, Incident, Update
from .wishes import span


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents and maintenances are looked for; what is empty does not matter."""

    text: str = ""
    """Words of the name or of an update, in any case; each must be there."""
    page_ids: tuple[str, ...] = ()
    component: str = ""
    """A part of the name of something that it touches."""
    impacts: tuple[Impact, ...] = ()
    """As the vendor told it; MAINTENANCE is for maintenances."""
    since: datetime | None = None
    """It ended then or later, or goes on."""
    until: datetime | None = None
    """It began before then."""
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A part of what was found, newest first, and how much there is in all."""

    rows: tuple[tuple[str, Incident], ...]
    """Each with its page's id."""
    count: int


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an update as they stood from then on."""

    text: str
    seen_at: datetime


def moment(text: str, now: datetime, zone: tzinfo | None = None, *, end: bool = False) -> datetime | None:
    """What `7d`, `2026-01-31` or `2026-01-31T12:00` says, in the person's zone; None for anything else.

    A span is so long ago. With `end`, a day is meant to its end.

    >>> moment("1h", datetime(2026, 1, 1, 12, tzinfo=timezone.utc)).isoformat()
    '2026-01-01T11:00:00+00:00'
    """
    if (length := span(text)) is not None:
        return now - length
    try:
        if len(text.strip()) == len("2026-01-31"):
            day = date.fromisoformat(text.strip()) + timedelta(days=1 if end else 0)
            at = datetime.combine(day, time())
        else:
            at = datetime.fromisoformat(text.strip())
        aware = at if at.tzinfo else (at.replace(tzinfo=zone) if zone else at.astimezone())
        return aware.astimezone(timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None


def wordings(update: Update, events: Sequence[Event]) -> tuple[Wording, ...]:
    """How an update was worded over time, oldest first; empty where it was never changed."""
    told = [event for event in events if event.update is not None and event.update.id == update.id]
    found: list[Wording] = []
    for event in told:
        text = event.update.text or "" if event.update else ""
        if not found or found[-1].text != text:
            found.append(Wording(text, event.seen_at))
    return tuple(found) if len(found) > 1 else ()
