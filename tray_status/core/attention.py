"""Which events are worth a notice to this person, and when. Pure rules; each says why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from .chosen import concerns, watches
from .events import ComponentChange, Event, EventKind
from .model import Impact, Incident, Kind, Page
from .wishes import EVERYTHING, QuietHours, Wished, is_acknowledged, is_followed, is_muted, paused_until

_ORDER = (Impact.NONE, Impact.NOTICE, Impact.MAINTENANCE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL, Impact.UNKNOWN)


class Say(Enum):
    """What becomes of an event's notice."""

    NOW = "now"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an event is worth a notice, and the rule that decided, in words."""

    say: Say
    why: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of all pages together."""

    quiet: QuietHours | None = None
    breaks_through: Impact = Impact.CRITICAL
    """The least impact that is told in quiet hours too."""
    remind: timedelta | None = timedelta(minutes=30)
    """So long before a maintenance begins a reminder comes; None: never."""
    icon: str = "auto"
    """How the icon is drawn, see `tray/art.py`."""
    language: str = "auto"
    """In which icon, menu and notices speak, see `system/language.py`."""
    sounds: bool = False
    """Whether notices may be heard."""
    notify_from: Impact = Impact.NOTICE
    """The least impact that is worth a notice, on pages that have no threshold of their own."""
    kept: timedelta = timedelta(days=400)
    """How long what is over is kept."""


def decide(
    event: Event, page: Page, wishes: Iterable[Wished] = (), rules: Rules | None = None, local: datetime | None = None
) -> Decision:
    """Whether an event is worth a desktop notice to whoever watches `page` with these settings and wishes.

    `local` is now in the person's own zone. Who follows an incident hears every word of it; what is muted is never
    told; what is paused, or falls into quiet hours, is told at their end.
    """
    wishes = [each for each in wishes if each.holds(event.seen_at)]
    incident = event.incident
    if incident is not None and not concerns(page, incident):
        return Decision(Say.NEVER, "it touches nothing that you watch there")
    if incident is not None and is_followed(wishes, page.id, incident.id):
        return _by_the_clock(event, wishes, rules, local, "you follow it")
    if is_muted(wishes, page.id, incident.id if incident else EVERYTHING):
        return Decision(Say.NEVER, "it is muted")
    if incident is not None and event.kind is not EventKind.RESOLVED and is_acknowledged(wishes, page.id, incident):
        return Decision(Say.NEVER, "you acknowledged it, and it got no worse since")
    if (why := _not_worth_it(event, page)) is not None:
        return Decision(Say.NEVER, why)
    return _by_the_clock(event, wishes, rules, local, _worth_it(event))


def _by_the_clock(
    event: Event, wishes: Iterable[Wished], rules: Rules | None, local: datetime | None, why: str
) -> Decision:
    """What is worth a notice, told now or when the pause or the quiet hours are over."""
    if local is None:
        return Decision(Say.NOW, why)
    pause = paused_until([each for each in wishes if each.holds(local)])
    if pause is not None:
        return Decision(Say.LATER, "notices are paused")
    if rules is not None and rules.quiet is not None and rules.quiet.cover(local):
        incident = event.incident
        if incident is None or not incident.is_open or not _reaches(_impact(incident), rules.breaks_through):
            return Decision(Say.LATER, f"these are quiet hours ({rules.quiet})")
        return Decision(Say.NOW, f"{why}, and breaks through your quiet hours")
    return Decision(Say.NOW, why)


def _worth_it(event: Event) -> str:
    if event.problem is not None:
        return "whether a page can be read is always told"
    if event.component is not None and event.component.found:
        return "what your probe finds is always told"
    return "it reaches your threshold"


def _not_worth_it(event: Event, page: Page) -> str | None:
    """Why an event is worth no notice to anybody with these settings; None where it is."""
    if event.problem is not None:
        never_read = event.kind is EventKind.PAGE_UNREADABLE and event.first
        return "the page could never be read" if never_read else None
    if event.component is not None:
        return _not_worth_a_word(event.component, page)
    if event.incident is None:
        return "it is no incident"
    if event.incident.kind is Kind.MAINTENANCE:
        return "of maintenance you are reminded before it begins"
    return None if _reaches(_impact(event.incident), page.notify_from) else f"it is below {page.notify_from.value}"


def _not_worth_a_word(change: ComponentChange, page: Page) -> str | None:
    """What a person's own probe finds always is worth one; its better turn is to whom the worse one was."""
    if change.found:
        return None
    if change.posted:
        return "a component's change is told by its incident, or changes nothing for the page"
    if not watches(page, change.id, change.name):
        return "it touches nothing that you watch there"
    worse = max(change.before, change.after, key=_ORDER.index)
    if worse is Impact.MAINTENANCE:
        return "of maintenance you are reminded before it begins"
    return None if _reaches(worse, page.notify_from) else f"it is below {page.notify_from.value}"


def _impact(incident: Incident) -> Impact:
    """The end of an incident without impact is as much news as its beginning was."""
    return Impact.NOTICE if incident.shown_impact is Impact.NONE else incident.shown_impact


def _reaches(impact: Impact, threshold: Impact) -> bool:
    return _ORDER.index(impact) >= _ORDER.index(threshold)
