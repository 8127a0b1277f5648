"""What desktop notices say. Pure; plain text throughout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from .events import ComponentChange, Event, EventKind, PageProblem
from .flaps import STEADY, topic
from .language import ntr, tr
from .measure import length, took
from .model import Impact, Incident, Kind, Page, Reading, badness, worst
from .notice import Action, Notice
from .text import cut, cut_sentence
from .together import Together
from .wording import IMPACT_WORDS, STANDING_WORDS, age, local_time, state_words

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
    state = tr("Resolved after {span}", span=length(span)) if span is not None else state_words(incident)
    facts = [state, tr(IMPACT_WORDS[incident.shown_impact])]
    if incident.components:
        facts.append(cut(", ".join(incident.components), 120))
    words = cut_sentence((event.update.text if event.update else None) or "", 400)
    hope = ""
    if usual and event.kind is EventKind.OPENED:
        hope = tr("Here, incidents are usually resolved within {usual}.", usual=usual)
    # Desktops cut titles short, so the title is the page and what happened, and the incident's name leads the body.
    return Notice(
        key=f"incident:{event.page.id}:{incident.id}",
        title=f"{name}: {tr(_NOTICE_VERBS[event.kind])}",
        body="\n".join(filter(None, (cut(incident.name, 160), " · ".join(facts), words, hope))),
        impact=incident.shown_impact,
        url=incident.url or event.page.url,
        over=event.kind in _OVER,
        actions=() if event.kind in _OVER else _buttons(ACKNOWLEDGE, MUTE),
    )


def _buttons(*actions: Action) -> tuple[Action, ...]:
    return tuple(replace(each, label=tr(each.label)) for each in actions)


def incidents_of(n: int) -> str:
    return ntr("{n} incident", "{n} incidents", n)


def together_notice(found: Together) -> Notice:
    """One notice for incidents that opened together; whatever joins them replaces it."""
    rows = [(event.page, event.incident) for event in reversed(found.events) if event.incident]  # the newest first
    pages = list(dict.fromkeys(page.name for page, _ in rows))
    within = tr("a minute") if found.within <= timedelta(minutes=1) else age(found.within)
    if found.cause:
        others = len([name for name in pages if name != found.cause])
        title = ntr(
            "{cause} and {n} page that you watch, within {within}",
            "{cause} and {n} pages that you watch, within {within}",
            others, cause=found.cause, within=within,
        )  # fmt: skip
    else:
        on_pages = ntr("{n} page", "{n} pages", len(pages))
        told = {"incidents": incidents_of(len(rows)), "pages": on_pages, "within": within}
        title = tr("{incidents} on {pages}, within {within}", **told)
    lines = [f"{page.name}: {cut(each.name, 80)} ({tr(IMPACT_WORDS[each.shown_impact])})" for page, each in rows[:6]]
    lines += [tr("and {n} more", n=len(rows) - 6)] if len(rows) > 6 else []
    return Notice("together", title, "\n".join(lines), _worst_of(rows))


def greeting(names: Sequence[str], *, tray: bool) -> Notice:
    """Shown once, at the very first start."""
    watched = ", ".join(names[:5]) + (" " + tr("and {n} more", n=len(names) - 5) if len(names) > 5 else "")
    there = "Its icon is in the tray; a click on it shows what is open."
    where = tr(there) if tray else tr("There is no tray here yet.")
    promise = tr("You are told what changes, at once, and only once.")
    return Notice(
        "greeting",
        tr("Tray Status is watching"),
        f"{watched}. {where}\n{promise}",
        Impact.NONE,
        over=True,
        actions=_buttons(CHOOSE, LOGIN),
    )


def parts_notice(events: Sequence[Event]) -> Notice:
    """One notice for what became of a page's components at once, or for what a probe found."""
    page, changes = events[-1].page, [event.component for event in events if event.component]
    if changes[-1].found:
        back = changes[-1].after is Impact.NONE
        title = f"{page.name}: {tr('your probe is answered again') if back else tr('is there trouble?')}"
        return Notice(probe_key(page), title, changes[-1].found, Impact.UNKNOWN, page.url, over=changes[-1].over)
    impact = worst(change.after for change in changes)
    if all(badness(change.after) < badness(change.before) for change in changes):
        title = f"{page.name}: {tr('operational again') if impact is Impact.NONE else tr('better')}"
    else:
        title = f"{page.name}: {tr('{impact}, with no incident posted', impact=tr(STANDING_WORDS[impact]))}"
    lines = []
    for change in changes:
        before, after = tr(STANDING_WORDS[change.before]), tr(STANDING_WORDS[change.after])
        lines.append(f"{change.name}: {tr('{after} (before: {before})', after=after, before=before)}")
    left = [tr("and {n} more", n=len(lines) - 5)] if len(lines) > 5 else []
    lines = [cut(line, 120) for line in lines[:5]] + left
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
        title=f"{event.page.name}: {tr('opens and closes again and again')}",
        body=f"{name}\n{tr('The next word comes when it has stayed the same for {age}.', age=age(STEADY))}",
    )


def flapping_key(event: Event) -> str:
    """Not the incident's own: what machines find gets a new incident each time."""
    return f"flaps:{topic(event)}"


def _problem_notice(event: Event, problem: PageProblem) -> Notice:
    who, key = f"{event.page.name}:", f"page:{event.page.id}"
    if problem.reading is Reading.HOST_DOWN:
        # All pages of the host share one notice, which is replaced in place.
        who, key = tr("Many pages"), f"host_down:{problem.text}"
    back = event.kind is EventKind.PAGE_READABLE
    title = f"{who} {tr('can be read again') if back else tr('cannot be read')}"
    body = "" if back else f"{problem.text}. {problem.cure}".strip()
    return Notice(key, title, body, Impact.UNKNOWN, event.page.url, over=back)


def digest(events: Sequence[Event]) -> Notice:
    """One notice in place of many that would come at once."""
    names = list(dict.fromkeys(event.page.name for event in events))
    incidents = _latest_incidents(events)
    still_open = [row for row in incidents if row[1].is_open]
    lines = [*_open_lines(still_open), *_unread_lines(_unread(events))]
    if over := len(incidents) - len(still_open):
        lines.append(tr("{n} resolved", n=over))
    lines += _change_lines(_latest_changes(events))
    return Notice(
        key="digest",
        title=ntr(
            "{n} update on {pages}",
            "{n} updates on {pages}",
            len(events),
            pages=", ".join(names[:3]) + (f" {tr('and more')}" if len(names) > 3 else ""),
        ),
        body="\n".join(lines),
        impact=_worst_of(still_open),
    )


def _part_line(page: Page, change: ComponentChange) -> str:
    if change.found:
        return cut(f"{page.name}: {change.found}", 160)
    stands, part = tr(STANDING_WORDS[change.after]), f"{page.name}, {cut(change.name, 80)}"
    if badness(change.after) > badness(change.before):
        return f"{stands}: {tr('{part}, with no incident posted', part=part)}"
    return f"{stands}: {part}"


def away_digest(events: Sequence[Event], title: str = "While you were away") -> Notice:
    """One notice for what happened while nobody could be told: `While you were away: 3 incidents, 2 resolved, …`."""
    told = _latest_incidents(events)
    incidents = [row for row in told if row[1].kind is Kind.INCIDENT]
    still_open = [row for row in incidents if row[1].is_open]
    unread, changes = _unread(events), _latest_changes(events)
    parts = [incidents_of(len(incidents))] if incidents else []
    if over := len(incidents) - len(still_open):
        parts.append(tr("{n} resolved", n=over))
    if still_open:
        parts.append(tr("{n} still open", n=len(still_open)))
    if maintenances := len(told) - len(incidents):
        parts.append(ntr("{n} maintenance", "{n} maintenances", maintenances))
    if unread:
        parts.append(ntr("{n} page not readable", "{n} pages not readable", len(unread)))
    lines = [*_open_lines(still_open), *_unread_lines(unread), *_change_lines(changes)]
    ended = [row for row in told if not row[1].is_open][: max(0, 6 - len(lines))]
    lines += [tr("Over: {what}", what=f"{page.name}: {cut(each.name, 80)}") for page, each in ended]
    return Notice(
        key="away",
        title=f"{tr(title)}: {', '.join(parts) or ntr('{n} update', '{n} updates', len(events))}",
        body="\n".join(lines),
        impact=_worst_of(still_open),
        over=not still_open and not unread,
    )


def reminder(page: Page, maintenance: Incident, now: datetime) -> Notice:
    """The notice for a maintenance that begins soon."""
    begins = maintenance.scheduled_for or now
    soon = begins - now >= timedelta(minutes=1)
    when = tr("maintenance begins in {age}", age=age(begins - now)) if soon else tr("maintenance begins now")
    facts = [
        tr("at {clock}", clock=local_time(begins.astimezone())[11:16]),
        cut(", ".join(maintenance.components), 120),
    ]
    return Notice(
        key=f"incident:{page.id}:{maintenance.id}",
        title=f"{page.name}: {when}",
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
    lines = [f"{name} {tr('cannot be read')}" for name in names[:5]]
    return [*lines, tr("and {n} more cannot be read", n=len(names) - 5)] if len(names) > 5 else lines


def _latest_changes(events: Iterable[Event]) -> list[tuple[Page, ComponentChange]]:
    rows = {(event.page.id, event.component.id): (event.page, event.component) for event in events if event.component}
    return list(rows.values())


def _change_lines(changes: Sequence[tuple[Page, ComponentChange]]) -> list[str]:
    lines = [_part_line(page, change) for page, change in changes[:5]]
    return [*lines, tr("and {n} more components", n=len(changes) - 5)] if len(changes) > 5 else lines


def _latest_incidents(events: Sequence[Event]) -> list[tuple[Page, Incident]]:
    """What some events are about, each incident once, as the last of its events has it."""
    rows = {(event.page.id, event.incident.id): (event.page, event.incident) for event in events if event.incident}
    return list(rows.values())


def _open_lines(still_open: Sequence[tuple[Page, Incident]]) -> list[str]:
    lines = [f"{tr(IMPACT_WORDS[each.shown_impact])}: {cut(each.name, 80)}" for _, each in still_open[:5]]
    return [*lines, tr("and {n} more open", n=len(still_open) - 5)] if len(still_open) > 5 else lines


def _worst_of(still_open: Sequence[tuple[Page, Incident]]) -> Impact:
    return max((each.shown_impact for _, each in still_open), key=list(IMPACT_WORDS).index, default=Impact.NONE)
