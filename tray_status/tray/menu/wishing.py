"""Entries by which a person says what they want to hear and not to hear, and how they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import MAXYEAR, datetime, timedelta

from ...core.model import Incident, Kind
from ...core.view import PageView
from ...core.wishes import (
    EVERYTHING,
    Wish,
    Wished,
    is_acknowledged,
    is_calm,
    is_followed,
    is_muted,
    paused_until,
)
from .entry import SEPARATOR, Ask, Entry, TakeBack, moment

HOUR = timedelta(hours=1)
SPANS = (("For 1 hour", HOUR), ("For 8 hours", 8 * HOUR))


def marks_of_incident(wishes: Sequence[Wished], page_id: str, incident: Incident) -> list[str]:
    """How it stands with the person, in words; here and below, `wishes` are those that hold."""
    marks = []
    if is_muted(wishes, page_id, incident.id):
        marks.append("muted")
    if is_acknowledged(wishes, page_id, incident):
        marks.append("acknowledged")
    if is_followed(wishes, page_id, incident.id):
        marks.append("followed")
    return marks


def marks_of_page(wishes: Sequence[Wished], view: PageView, now: datetime) -> list[str]:
    marks = []
    if _own(wishes, Wish.MUTE, view.page.id):
        marks.append("muted")
    if _is_page_acknowledged(wishes, view, now):
        marks.append("acknowledged")
    return marks


def wishes_of_incident(wishes: Sequence[Wished], page_id: str, incident: Incident) -> list[Entry]:
    """Acknowledge and Follow, each of which can be undone, with a check mark."""
    acknowledged = is_acknowledged(wishes, page_id, incident)
    followed = _own(wishes, Wish.FOLLOW, page_id, incident.id) is not None
    return [
        _switch("Acknowledge", "Acknowledged", Wish.ACKNOWLEDGE, page_id, incident.id, on=acknowledged),
        _switch("Follow until resolved", "Followed until resolved", Wish.FOLLOW, page_id, incident.id, on=followed),
    ]


def wishes_of_page(wishes: Sequence[Wished], view: PageView, now: datetime) -> list[Entry]:
    """The same for all that is the matter with a page."""
    page_id = view.page.id
    acknowledged = _is_page_acknowledged(wishes, view, now)
    entries = [_switch("Acknowledge", "Acknowledged", Wish.ACKNOWLEDGE, page_id, on=acknowledged)]
    if view.open_incidents:
        followed = all(is_followed(wishes, page_id, each.id) for each in view.open_incidents)
        entries.append(_switch("Follow until resolved", "Followed until resolved", Wish.FOLLOW, page_id, on=followed))
    return entries


def mute(
    wishes: Sequence[Wished], now: datetime, page_id: str, incident_id: str = EVERYTHING, kind: Kind | None = None
) -> Entry:
    """`Mute ▸` of an incident, a maintenance or a page."""
    own = _own(wishes, Wish.MUTE, page_id, incident_id)
    at_last = {None: "For good", Kind.INCIDENT: "Until resolved", Kind.MAINTENANCE: "Until it is over"}[kind]
    spans = (*SPANS, (at_last, None))
    children = [Entry(label, Ask(Wish.MUTE, page_id, incident_id, span), key=f"mute {span}") for label, span in spans]
    label = "Mute"
    if own is not None:
        label = f"Muted {at_last.lower() if own.until is None else f'until {moment(own.until, now)}'}"
        back = Entry("Unmute", TakeBack(Wish.MUTE, page_id, incident_id), key="unmute")
        children = [back, SEPARATOR, *children]
    return Entry(label, children=tuple(children), key="mute")


def pause(wishes: Sequence[Wished], now: datetime) -> Entry:
    """`Pause notifications ▸`, or until when they are."""
    until = paused_until(wishes)
    children = [
        Entry("For 1 hour", Ask(Wish.PAUSE, span=HOUR), key="pause hour"),
        Entry("Until tomorrow 8:00", Ask(Wish.PAUSE, until_morning=True), key="pause morning"),
        Entry("Until I resume", Ask(Wish.PAUSE), key="pause"),
    ]
    if now.hour < 4:
        children[1] = Entry("Until 8:00", Ask(Wish.PAUSE, until_morning=True), key="pause morning")
    label = "Pause notifications"
    if until is not None:
        when = "you resume" if until.year == MAXYEAR else moment(until, now)
        label = f"Notifications paused until {when}"
        children = [Entry("Resume notifications", TakeBack(Wish.PAUSE), key="resume"), SEPARATOR, *children]
    return Entry(label, children=tuple(children), key="pause")


def _switch(off: str, on_words: str, wish: Wish, page_id: str, incident_id: str = EVERYTHING, *, on: bool) -> Entry:
    if on:
        return Entry(f"{on_words} (undo)", TakeBack(wish, page_id, incident_id), checked=True, key=wish.value)
    return Entry(off, Ask(wish, page_id, incident_id), checked=False, key=wish.value)


def _own(wishes: Sequence[Wished], wish: Wish, page_id: str, incident_id: str = EVERYTHING) -> Wished | None:
    """What was wished of just this."""
    same = (wish, page_id, incident_id)
    return next((each for each in wishes if (each.wish, each.page_id, each.incident_id) == same), None)


def _is_page_acknowledged(wishes: Sequence[Wished], view: PageView, now: datetime) -> bool:
    whole = _own(wishes, Wish.ACKNOWLEDGE, view.page.id)
    return whole is not None and is_calm(view, wishes, now)
