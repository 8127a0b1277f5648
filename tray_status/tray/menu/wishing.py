"""Entries by which a person says what they want to hear and not to hear, and how they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import MAXYEAR, datetime, timedelta

from ...core.language import tr
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


_MUTED = {None: "Muted for good", Kind.INCIDENT: "Muted until resolved", Kind.MAINTENANCE: "Muted until it is over"}


def marks_of_incident(wishes: Sequence[Wished], page_id: str, incident: Incident) -> list[str]:
    """How it stands with the person, in words; here and below, `wishes` are those that hold."""
    marks = []
    if is_muted(wishes, page_id, incident.id):
        marks.append(tr("muted"))
    if is_acknowledged(wishes, page_id, incident):
        marks.append(tr("acknowledged"))
    if is_followed(wishes, page_id, incident.id):
        marks.append(tr("followed"))
    return marks


def marks_of_page(wishes: Sequence[Wished], view: PageView, now: datetime) -> list[str]:
    marks = []
    if _own(wishes, Wish.MUTE, view.page.id):
        marks.append(tr("muted"))
    if _is_page_acknowledged(wishes, view, now):
        marks.append(tr("acknowledged"))
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
    children = [
        Entry(tr(label), Ask(Wish.MUTE, page_id, incident_id, span), key=f"mute {span}") for label, span in spans
    ]
    label = tr("Mute")
    if own is not None:
        until = tr("Muted until {when}", when=moment(own.until, now)) if own.until is not None else ""
        label = until or tr(_MUTED[kind])
        back = Entry(tr("Unmute"), TakeBack(Wish.MUTE, page_id, incident_id), key="unmute")
        children = [back, SEPARATOR, *children]
    return Entry(label, children=tuple(children), key="mute")


def pause(wishes: Sequence[Wished], now: datetime) -> Entry:
    """`Pause notifications ▸`, or until when they are."""
    until = paused_until(wishes)
    children = [
        Entry(tr("For 1 hour"), Ask(Wish.PAUSE, span=HOUR), key="pause hour"),
        Entry(tr("Until tomorrow 8:00"), Ask(Wish.PAUSE, until_morning=True), key="pause morning"),
        Entry(tr("Until I resume"), Ask(Wish.PAUSE), key="pause"),
    ]
    if now.hour < 4:
        children[1] = Entry(tr("Until 8:00"), Ask(Wish.PAUSE, until_morning=True), key="pause morning")
    label = tr("Pause notifications")
    if until is not None:
        for_good = until.year == MAXYEAR
        label = tr("Notifications paused until {when}", when=tr("you resume") if for_good else moment(until, now))
        children = [Entry(tr("Resume notifications"), TakeBack(Wish.PAUSE), key="resume"), SEPARATOR, *children]
    return Entry(label, children=tuple(children), key="pause")


def _switch(off: str, on_words: str, wish: Wish, page_id: str, incident_id: str = EVERYTHING, *, on: bool) -> Entry:
    if on:
        return Entry(
            tr("{what} (undo)", what=tr(on_words)), TakeBack(wish, page_id, incident_id), checked=True, key=wish.value
        )
    return Entry(tr(off), Ask(wish, page_id, incident_id), checked=False, key=wish.value)


def _own(wishes: Sequence[Wished], wish: Wish, page_id: str, incident_id: str = EVERYTHING) -> Wished | None:
    """What was wished of just this."""
    same = (wish, page_id, incident_id)
    return next((each for each in wishes if (each.wish, each.page_id, each.incident_id) == same), None)


def _is_page_acknowledged(wishes: Sequence[Wished], view: PageView, now: datetime) -> bool:
    whole = _own(wishes, Wish.ACKNOWLEDGE, view.page.id)
    return whole is not None and is_calm(view, wishes, now)
