"""What a person asked to hear, and not to hear: mutes, acknowledgements, follows, pauses and quiet hours. Pure.

All of it is one list of wishes, kept in the log. Each says what it is about and until when it holds; none needs to be
taken back by hand, but for a page that was muted for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from .model import Impact, Incident, Reading, badness
from .view import Overview, PageView

EVERYTHING = ""
"""In place of a page's id, or of an incident's: all of them, or the page as a whole."""


class Wish(Enum):
    """What a person may ask for."""

    MUTE = "mute"
    """No notices, and no colour of the icon."""
    ACKNOWLEDGE = "acknowledge"
    """As a mute, until it gets worse or another one opens; its end is told."""
    FOLLOW = "follow"
    """Every update is told, whatever the threshold."""
    PAUSE = "pause"
    """Of everything: what happens meanwhile is told at its end, as one."""


@dataclass(frozen=True, slots=True)
class Wished:
    """One wish. Of each kind, a page and an incident have one at most."""

    wish: Wish
    page_id: str
    incident_id: str
    at: datetime
    until: datetime | None = None
    """None: until the incident is over; of a page, for good; of everything, until it is taken back."""
    impact: Impact = Impact.UNKNOWN
    """How bad it was when it was asked for."""
    page_impact: Impact = Impact.UNKNOWN
    """How bad its page was then."""

    def holds(self, moment: datetime) -> bool:
        """Whether it holds for what was seen, or is to be shown, at that moment."""
        return self.until is None or moment <= self.until

    def is_about(self, page_id: str, incident_id: str = EVERYTHING) -> bool:
        return self.page_id in (EVERYTHING, page_id) and self.incident_id in (EVERYTHING, incident_id)


def wish_of_incident(
    wish: Wish, view: PageView, incident: Incident, now: datetime, until: datetime | None = None
) -> Wished:
    """A wish about one incident; without `until`, until it is over."""
    return Wished(wish, view.page.id, incident.id, now, until, incident.shown_impact, view.impact)


def wishes_of_page(wish: Wish, view: PageView, now: datetime, until: datetime | None = None) -> list[Wished]:
    """A wish about a page: a mute is of whatever comes, the others are of what is the matter with it now."""
    whole = Wished(wish, view.page.id, EVERYTHING, now, until, view.impact, view.impact)
    if wish is Wish.MUTE:
        return [whole]
    each = [wish_of_incident(wish, view, incident, now, until) for incident in view.open_incidents]
    return [*each, whole] if wish is Wish.ACKNOWLEDGE else each


def asked_for(
    wish: Wish, overview: Overview, page_id: str, incident_id: str, now: datetime, until: datetime | None = None
) -> list[Wished]:
    """The wishes that a person means by a page, or by one of its incidents; none where that has ended meanwhile."""
    view = next((each for each in overview.pages if each.page.id == page_id), None)
    if view is None:
        return []
    if incident_id == EVERYTHING:
        return wishes_of_page(wish, view, now, until)
    return [
        wish_of_incident(wish, view, each, now, until)
        for each in (*view.open_incidents, *view.maintenances)
        if each.id == incident_id
    ]


def is_taken_back(wished: Wished, wish: Wish, page_id: str, incident_id: str) -> bool:
    """Whether taking that back means this wish too.

    Of a page as a whole an acknowledgement and a follow were of each incident.
    """
    if (wish, page_id) != (wished.wish, wished.page_id):
        return False
    all_of_it = incident_id == EVERYTHING and wish is not Wish.MUTE
    return all_of_it or incident_id == wished.incident_id


def pause(now: datetime, until: datetime | None) -> Wished:
    """No notices at all until then; without a time, until it is taken back."""
    return Wished(Wish.PAUSE, EVERYTHING, EVERYTHING, now, until)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when to when nothing makes a noise, by the clock on the wall; over midnight where it begins late."""

    begin: time
    end: time

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"

    def cover(self, local: datetime) -> bool:
        at = local.time()
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end

    def over(self, local: datetime) -> datetime:
        """When those that cover `local` end, in its zone."""
        end = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return end if end > local else end + timedelta(days=1)


_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|to|bis)\s*(\d{1,2}):(\d{2})")


def quiet_hours(text: str) -> QuietHours | None:
    """What `22:00-07:00` says; None where it says nothing of the kind, or no time at all.

    >>> str(quiet_hours("22:00 - 7:00"))
    '22:00-07:00'
    """
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return None
    begin, end = clock(f"{found[1]}:{found[2]}"), clock(f"{found[3]}:{found[4]}")
    return QuietHours(begin, end) if begin is not None and end is not None and begin != end else None


_SPAN = re.compile(r"(\d{1,4})\s*(m|min|h|d|w)")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span(text: str) -> timedelta | None:
    """What `30m`, `8h`, `2d` or `1w` says; None for anything else.

    >>> span("8h")
    datetime.timedelta(seconds=28800)
    """
    found = _SPAN.fullmatch(text.strip().casefold())
    if found is None or int(found[1]) == 0:
        return None
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def clock(text: str) -> time | None:
    """What `8:00` says; None for anything else.

    >>> clock("8:00")
    datetime.time(8, 0)
    """
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def next_morning(local: datetime, hour: int = 8) -> datetime:
    """Tomorrow at that hour; today, where the night is not over yet."""
    morning = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return morning if local.hour < hour // 2 else morning + timedelta(days=1)


def is_followed(wishes: Iterable[Wished], page_id: str, incident_id: str) -> bool:
    """Whether every word of an incident is wanted. Here and below, `wishes` are those that hold."""
    return any(each.wish is Wish.FOLLOW and each.is_about(page_id, incident_id) for each in wishes)


def is_muted(wishes: Iterable[Wished], page_id: str, incident_id: str = EVERYTHING) -> bool:
    """Whether nothing is to be heard of an incident, or of its page as a whole."""
    return any(each.wish is Wish.MUTE and each.is_about(page_id, incident_id) for each in wishes)


def is_acknowledged(wishes: Iterable[Wished], page_id: str, incident: Incident) -> bool:
    """Whether an incident was, and is no worse than it was then."""
    return any(
        each.wish is Wish.ACKNOWLEDGE
        and (each.page_id, each.incident_id) == (page_id, incident.id)
        and badness(incident.shown_impact) <= badness(each.impact)
        for each in wishes
    )


def paused_until(wishes: Iterable[Wished]) -> datetime | None:
    """When the pause ends: None where there is none, the end of time where it waits for a word."""
    ends = [each.until or datetime.max.replace(tzinfo=each.at.tzinfo) for each in wishes if each.wish is Wish.PAUSE]
    return max(ends, default=None)


def is_calm(view: PageView, wishes: Sequence[Wished], now: datetime) -> bool:
    """Whether the person knows of all that is the matter with a page, and wants to see no more of it for now."""
    mine = [each for each in wishes if each.page_id == view.page.id and each.holds(now)]
    if any(each.wish is Wish.MUTE and each.incident_id == EVERYTHING for each in mine):
        return True
    known = [each for each in mine if each.wish in (Wish.MUTE, Wish.ACKNOWLEDGE)]
    for incident in view.open_incidents:
        if not is_muted(known, view.page.id, incident.id) and not is_acknowledged(known, view.page.id, incident):
            return False
    # Components and the page's own indicator are as bad as its incidents; what is worse than it was then is news.
    return any(badness(view.impact) <= badness(each.page_impact) for each in known)


def attended(overview: Overview, wishes: Sequence[Wished], now: datetime) -> tuple[Impact, int]:
    """What the icon tells: the worst that the person does not know of yet, and how many incidents are open there.

    What is calm is never green: it counts as an incident without impact.
    """
    impacts, count = [Impact.NONE], 0
    for view in overview.pages:
        if view.impact is Impact.NONE or not is_calm(view, wishes, now):
            impacts.append(view.impact)
            count += len(view.open_incidents)
        else:
            impacts.append(Impact.NOTICE)
    return (max(impacts, key=badness) if overview.pages else Impact.UNKNOWN), count


def is_stale(overview: Overview, shown: Impact) -> bool:
    """Whether what the icon shows is known only from before a page stopped being read."""
    bad = shown not in (Impact.NONE, Impact.UNKNOWN)
    of_these = [view for view in overview.pages if view.impact is shown]
    return bad and bool(of_these) and all(view.reading is not Reading.FRESH for view in of_these)


def fulfilled(overview: Overview, wishes: Iterable[Wished], now: datetime) -> list[Wished]:
    """Acknowledgements of a page as a whole that are over: all is well there again."""
    well = {view.page.id for view in overview.pages if view.impact is Impact.NONE}
    return [
        each
        for each in wishes
        if each.wish is Wish.ACKNOWLEDGE
        and each.incident_id == EVERYTHING
        and each.page_id in well
        and each.holds(now)
    ]
