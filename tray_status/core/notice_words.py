"""What desktop notices say. Pure; plain text throughout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from .events import ComponentChange, Event, EventKind, PageProblem
from .flaps import STEADY, topic
from .measure import length, took
from .model import Impact, Incident, Kind, Page, Reading, badness, worst
from .notice import Action, Notice
from .text import cut, cut_sentence
from .together import Together
from .wording import IMPACT_WORDS, STANDING_WORDS, age, count, local_time, state_words

ACKNOWLEDGE, MUTE = Action("acknowledge", "Acknowledge"), Action("mute", "Mute 1 h")
CHOOSE, LOGIN = Action("choose", "Choose pages…"), Action("login", "Start at login")


_NOTICE_VERBS = {
    EventKind.OPENED: "new incident",
    EventKind.UPDATED: "update",
    EventKind.EDITED: "edited update",
    EventKind.RESOLVED: "resolved",
    EventKind.MAINTENANCE_SCHEDULED: "maintenance planned",
    EventKind.MAINTENANCE_STARTED: "maintenance started",
    EventKind.MAINTENANCE_ENDED: "maintenance ended",
}

_OVER = frozenset({EventKind.RESOLVED, EventKind.MAINTENANCE_ENDED, EventKind.PAGE_READABLE})


def notice(event: Event, usual: str | None = None) -> Notice | None:
    """The desktop notice for an event; None for what can raise none.

    `usual` is within how long the page's incidents are resolved as a rule, where that is known.
    """
    name = event.page.name
    if event.problem is not None:
        return _problem_notice(event, event.problem)
    if event.component is not None:
        return parts_notice([event])
    incident = event.incident
    if incident is None:
        return None
    span = took(incident) if event.kind is EventKind.RESOLVED else None
    state = f"Resolved after {length(span)}" if span is not None else state_words(incident)
    facts = [state, IMPACT_WORDS[incident.shown_impact]]
    if incident.components:
        facts.append(cut(", ".join(incident.components), 120))
    words = cut_sentence((event.update.text if event.update else None) or "", 400)
    hope = f"Here, incidents are usually resolved within {usual}." if usual and event.kind is EventKind.OPENED else ""
    # Desktops cut titles short, so the title is the page and what happened, and the incident's name leads the body.
    return Notice(
        key=f"incident:{event.page.id}:{incident.id}",
        title=f"{name}: {_NOTICE_VERBS[event.kind]}",
        body="\n".join(filter(None, (cut(incident.name, 160), " · ".join(facts), words, hope))),
        impact=incident.shown_impact,
        url=incident.url or event.page.url,
        over=event.kind in _OVER,
        actions=() if event.kind in _OVER else (ACKNOWLEDGE, MUTE),
    )


def together_notice(found: Together) -> Notice:
    """One notice for incidents that opened together; whatever joins them replaces it."""
    rows = [(event.page, event.incident) for event in reversed(found.events) if event.incident]  # the newest first
    pages = list(dict.fromkeys(page.name for page, _ in rows))
    within = "a minute" if found.within <= timedelta(minutes=1) else age(found.within)
    if found.cause:
        others = len([name for name in pages if name != found.cause])
        title = f"{found.cause} and {count(others, 'page')} that you watch, within {within}"
    else:
        title = f"{count(len(rows), 'incident')} on {count(len(pages), 'page')}, within {within}"
    lines = [f"{page.name}: {cut(each.name, 80)} ({IMPACT_WORDS[each.shown_impact]})" for page, each in rows[:6]]
    lines += [f"and {len(rows) - 6} more"] if len(rows) > 6 else []
    return Notice("together", title, "\n".join(lines), _worst_of(rows))


def greeting(names: Sequence[str], *, tray: bool) -> Notice:
    """Shown once, at the very first start."""
    watched = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    where = "Its icon is in the tray; a click on it shows what is open." if tray else "There is no tray here yet."
    return Notice(
        "greeting",
        "Tray Status is watching",
        f"{watched}. {where}\nYou are told what changes, at once, and only once.",
        Impact.NONE,
        over=True,
        actions=(CHOOSE, LOGIN),
    )


def parts_notice(events: Sequence[Event]) -> Notice:
    """One notice for what became of a page's components at once, or for what a probe found."""
    page, changes = events[-1].page, [event.component for event in events if event.component]
    if changes[-1].found:
        back = changes[-1].after is Impact.NONE
        title = f"{page.name}: {'your probe is answered again' if back else 'is there trouble?'}"
        return Notice(probe_key(page), title, changes[-1].found, Impact.UNKNOWN, page.url, over=changes[-1].over)
    impact = worst(change.after for change in changes)
    if all(badness(change.after) < badness(change.before) for change in changes):
        title = f"{page.name}: {'operational again' if impact is Impact.NONE else 'better'}"
    else:
        title = f"{page.name}: {STANDING_WORDS[impact]}, with no incident posted"
    lines = [
        f"{change.name}: {STANDING_WORDS[change.after]} (before: {STANDING_WORDS[change.before]})"
        for change in changes
    ]
    lines = [cut(line, 120) for line in lines[:5]] + ([f"and {len(lines) - 5} more"] if len(lines) > 5 else [])
    return Notice(parts_key(page), title, "\n".join(lines), impact, page.url, over=impact is Impact.NONE)


def parts_key(page: Page) -> str:
    """Of the one notice about a page's components."""
    return f"components:{page.id}"


def probe_key(page: Page) -> str:
    """Of the one notice about what a page's probe found."""
    return f"probe:{page.id}"


def flapping(event: Event) -> Notice:
    """The notice for what turns to and fro; what replaces it comes when it is steady."""
    name = cut(event.incident.name if event.incident else event.component.name if event.component else "", 160)
    told = notice(event)
    assert told is not None  # noqa: S101 - only incidents and components turn to and fro
    return replace(
        told,
        key=flapping_key(event),
        title=f"{event.page.name}: opens and closes again and again",
        body=f"{name}\nThe next word comes when it has stayed the same for {age(STEADY)}.",
    )


def flapping_key(event: Event) -> str:
    """Not the incident's own: what machines find gets a new incident each time."""
    return f"flaps:{topic(event)}"


def _problem_notice(event: Event, problem: PageProblem) -> Notice:
    who, key = f"{event.page.name}:", f"page:{event.page.id}"
    if problem.reading is Reading.HOST_DOWN:
        # All pages of the host share one notice, which is replaced in place.
        who, key = "Many pages", f"host_down:{problem.text}"
    back = event.kind is EventKind.PAGE_READABLE
    title = f"{who} {'can be read again' if back else 'cannot be read'}"
    body = "" if back else f"{problem.text}. {problem.cure}".strip()
    return Notice(key, title, body, Impact.UNKNOWN, event.page.url, over=back)


def digest(events: Sequence[Event]) -> Notice:
    """One notice in place of many that would come at once."""
    names = list(dict.fromkeys(event.page.name for event in events))
    incidents = _latest_incidents(events)
    still_open = [row for row in incidents if row[1].is_open]
    lines = [*_open_lines(still_open), *_unread_lines(_unread(events))]
    if over := len(incidents) - len(still_open):
        lines.append(f"{over} resolved")
    lines += _change_lines(_latest_changes(events))
    return Notice(
        key="digest",
        title=f"{count(len(events), 'update')} on {', '.join(names[:3])}{' and more' if len(names) > 3 else ''}",
        body="\n".join(lines),
        impact=_worst_of(still_open),
    )


def _part_line(page: Page, change: ComponentChange) -> str:
    if change.found:
        return cut(f"{page.name}: {change.found}", 160)
    unposted = ", with no incident posted" if badness(change.after) > badness(change.before) else ""
    return f"{STANDING_WORDS[change.after]}: {page.name}, {cut(change.name, 80)}{unposted}"


def away_digest(events: Sequence[Event], title: str = "While you were away") -> Notice:
    """One notice for what happened while nobody could be told: `While you were away: 3 incidents, 2 resolved, …`."""
    told = _latest_incidents(events)
    incidents = [row for row in told if row[1].kind is Kind.INCIDENT]
    still_open = [row for row in incidents if row[1].is_open]
    unread, changes = _unread(events), _latest_changes(events)
    parts = [count(len(incidents), "incident")] if incidents else []
    if over := len(incidents) - len(still_open):
        parts.append(f"{over} resolved")
    if still_open:
        parts.append(f"{len(still_open)} still open")
    if maintenances := len(told) - len(incidents):
        parts.append(count(maintenances, "maintenance"))
    if unread:
        parts.append(f"{count(len(unread), 'page')} not readable")
    lines = [*_open_lines(still_open), *_unread_lines(unread), *_change_lines(changes)]
    lines += [f"Over: {page.name}: {cut(each.name, 80)}" for page, each in told if not each.is_open][: 6 - len(lines)]
    return Notice(
        key="away",
        title=f"{title}: {', '.join(parts) or count(len(events), 'update')}",
        body="\n".join(lines),
        impact=_worst_of(still_open),
        over=not still_open and not unread,
    )


def reminder(page: Page, maintenance: Incident, now: datetime) -> Notice:
    """The notice for a maintenance that begins soon."""
    begins = maintenance.scheduled_for or now
    when = f"begins in {age(begins - now)}" if begins - now >= timedelta(minutes=1) else "begins now"
    facts = [f"at {local_time(begins.astimezone())[11:16]}", cut(", ".join(maintenance.components), 120)]
    return Notice(
        key=f"incident:{page.id}:{maintenance.id}",
        title=f"{page.name}: maintenance {when}",
        body="\n".join((cut(maintenance.name, 160), " · ".join(filter(None, facts)))),
        impact=Impact.MAINTENANCE,
        url=maintenance.url or page.url,
        over=True,
    )


def _unread(events: Iterable[Event]) -> list[str]:
    """The pages that cannot be read, as the last of some events has it."""
    blind = {event.page.name: event.kind is EventKind.PAGE_UNREADABLE for event in events if event.problem}
    return [name for name, still in blind.items() if still]


def _unread_lines(names: Sequence[str]) -> list[str]:
    lines = [f"{name} cannot be read" for name in names[:5]]
    return [*lines, f"and {len(names) - 5} more cannot be read"] if len(names) > 5 else lines


def _latest_changes(events: Iterable[Event]) -> list[tuple[Page, ComponentChange]]:
    rows = {(event.page.id, event.component.id): (event.page, event.component) for event in events if event.component}
    return list(rows.values())


def _change_lines(changes: Sequence[tuple[Page, ComponentChange]]) -> list[str]:
    lines = [_part_line(page, change) for page, change in changes[:5]]
    return [*lines, f"and {len(changes) - 5} more components"] if len(changes) > 5 else lines


def _latest_incidents(events: Sequence[Event]) -> list[tuple[Page, Incident]]:
    """What some events are about, each incident once, as the last of its events has it."""
    rows = {(event.page.id, event.incident.id): (event.page, event.incident) for event in events if event.incident}
    return list(rows.values())


def _open_lines(still_open: Sequence[tuple[Page, Incident]]) -> list[str]:
    lines = [f"{IMPACT_WORDS[each.shown_impact]}: {cut(each.name, 80)}" for _, each in still_open[:5]]
    return [*lines, f"and {len(still_open) - 5} more open"] if len(still_open) > 5 else lines


def _worst_of(still_open: Sequence[tuple[Page, Incident]]) -> Impact:
    return max((each.shown_impact for _, each in still_open), key=list(IMPACT_WORDS).index, default=Impact.NONE)
