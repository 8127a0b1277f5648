"""Events in words, shared by all outputs. Pure; the console's format is the contract's, to the letter."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from .chosen import watches
from .events import ComponentChange, Event, EventKind, PageProblem, shown_state
from .flaps import STEADY, topic
from .model import Impact, Incident, Kind, Page, Reading, Update, badness, worst
from .notice import Notice
from .probe import Verdict
from .text import cut
from .view import Overview, PageView

RULE = "-" * 60
INDENT = " " * 12
NOTHING = "—"

IMPACT_WORDS = {
    Impact.NONE: "None",
    Impact.NOTICE: "Notice",
    Impact.MAINTENANCE: "Maintenance",
    Impact.MINOR: "Minor",
    Impact.MAJOR: "Major",
    Impact.CRITICAL: "Critical",
    Impact.UNKNOWN: "Unknown",
}

STANDING_WORDS = {**IMPACT_WORDS, Impact.NONE: "Operational"}
"""How a page or a component stands; an incident without impact is not "operational"."""

HEADLINES = {
    Impact.NONE: "All systems operational",
    Impact.NOTICE: "An incident without impact is open",
    Impact.MAINTENANCE: "Maintenance under way",
    Impact.MINOR: "Minor trouble",
    Impact.MAJOR: "Major trouble",
    Impact.CRITICAL: "Critical trouble",
    Impact.UNKNOWN: "Not known",
}

READING_WORDS = {
    Reading.FRESH: "read",
    Reading.STALE: "not read lately",
    Reading.UNREACHABLE: "cannot be reached",
    Reading.OFFLINE: "this computer is offline",
    Reading.BLOCKED: "something between us and the page blocks it",
    Reading.HOST_DOWN: "its status host is down",
    Reading.BROKEN: "does not answer as a status page",
    Reading.NEVER: "not read yet",
}


NOT_POSTED = "The page shows this and has posted no incident that tells of it."
OFFLINE_LINE = "This computer is offline: no page can be read until it has a network again."
ONLINE_LINE = "This computer is online again."


def state_words(incident: Incident) -> str:
    """`in_progress` → `In progress`; a vendor's own word where we have none."""
    word = shown_state(incident.state, incident.word).replace("_", " ").strip()
    return word[:1].upper() + word[1:] if word else "Unknown"


def incident_line(page: Page, incident: Incident) -> str:
    """`OpenAI: Elevated errors (Minor, Resolved)`."""
    words = f"{IMPACT_WORDS[incident.shown_impact]}, {state_words(incident)}"
    return f"{page.name}: {cut(incident.name, 70)} ({words})"


def local_time(at: datetime) -> str:
    """In the zone that `at` is in: whoever calls has turned it into the person's own."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def banner(pages: Sequence[Page], title: str) -> str:
    """What a console begins with."""
    intervals = sorted({page.interval for page in pages})
    every = number(intervals[0]) + (f" to {number(intervals[-1])}" if len(intervals) > 1 else "")
    names = ", ".join(page.name for page in pages[:10])
    if len(pages) > 10:
        names += f" and {len(pages) - 10} more"
    return "\n".join(
        (
            "=" * 60,
            f"  Tray Status — {title}",
            f"  Watching {count(len(pages), 'page')}: {names}",
            f"  Polling every {every} {'second' if every == '1' else 'seconds'} for new incidents.",
            "  Press Ctrl+C to stop.",
            "=" * 60,
        )
    )


def count(how_many: int, noun: str) -> str:
    return f"{how_many} {noun}" if how_many == 1 else f"{how_many} {noun}s"


def number(value: float) -> str:
    """`60` and `2.5`, never `60.0`."""
    return str(int(value)) if value == int(value) else f"{value:g}"


def tally(overview: Overview) -> str:
    """`25 incidents tracked on 3 pages, 1 open.`"""
    still_open = sum(len(view.state.open_incidents) for view in overview.pages)
    return (
        f"{count(overview.tracked, 'incident')} tracked on {count(len(overview.pages), 'page')}, {still_open} open."
    )


def headline(overview: Overview) -> str:
    """`2 incidents open, worst: Major`."""
    still_open = len(overview.open_incidents)
    if still_open == 0:
        return HEADLINES[overview.worst]
    return f"{count(still_open, 'incident')} open, worst: {IMPACT_WORDS[overview.worst]}"


def event_block(event: Event, at: datetime, *, name_page: bool, width: int, edge: int | None = None) -> str:
    """One event as a block of the console, its ruler included.

    `at` is the event's time in the person's zone, `width` the columns that its text may take, and `edge` those
    of the terminal, where there is one.
    """
    if event.problem is not None:
        return _problem_block(event, at, width)
    if event.incident is not None:
        edited = event.kind is EventKind.EDITED
        return incident_block(
            event.incident, event.update, at, page=event.page if name_page else None, width=width, edge=edge,
            edited=edited,
        )  # fmt: skip
    lines = [("Page", event.page.name)] if name_page else []
    if event.component is not None:
        lines += _component_lines(event.component)
    return _block(lines, at, width, edge)


def _component_lines(change: ComponentChange) -> list[tuple[str, str]]:
    before, after = STANDING_WORDS[change.before], STANDING_WORDS[change.after]
    lines = [("Product", change.name), ("Impact", f"{after}  |  Before: {before}")]
    if change.found:
        return [*lines, ("Status", change.found)]
    if not change.posted:
        better = badness(change.after) < badness(change.before)
        lines.append(("Status", "It got better; no incident was posted about it." if better else NOT_POSTED))
    return lines


def incident_block(
    incident: Incident,
    update: Update | None,
    at: datetime,
    *,
    page: Page | None,
    width: int,
    edge: int | None = None,
    edited: bool = False,
) -> str:
    """One incident with one of its updates as a block of the console."""
    lines = [("Page", page.name)] if page else []
    state = state_words(incident) + (" (edited)" if edited else "")
    lines += [
        ("Incident", incident.name),
        ("Product", ", ".join(incident.components) or NOTHING),
        ("Impact", f"{IMPACT_WORDS[incident.shown_impact]}  |  State: {state}"),
        ("Status", (update.text if update else None) or NOTHING),
    ]
    return _block(lines, at, width, edge)


def _problem_block(event: Event, at: datetime, width: int) -> str:
    problem = event.problem
    assert problem is not None  # noqa: S101 - the caller looked
    if event.kind is EventKind.PAGE_READABLE:
        lines = [("Page", event.page.name), ("Status", f"It can be read again (before: {problem.text}).")]
    else:
        lines = [("Page", event.page.name), ("Problem", f"{problem.text}.")]
        if problem.cure:
            lines.append(("Cure", problem.cure))
    return _block(lines, at, width, None)


def _block(lines: Iterable[tuple[str, str]], at: datetime, width: int, edge: int | None) -> str:
    rows = []
    lead = f"[{local_time(at)}] "
    for label, text in lines:
        start = f"{lead or INDENT}{label:<8} : "
        limit = width if label in ("Status", "Problem", "Cure") else edge
        rows += _wrapped(text, start, limit)
        lead = ""
    return "\n".join((*rows, RULE))


def _wrapped(text: str, start: str, width: int | None) -> list[str]:
    """The text under its label: paragraphs keep their lines, long ones are broken at `width`."""
    below = " " * (len(INDENT) + 11)
    room = max(20, width - len(below)) if width else None
    rows: list[str] = []
    for line in text.split("\n"):
        first_room = max(20, width - len(start)) if width and not rows else room
        if room is None or first_room is None or len(line) <= first_room:
            rows.append(line)
            continue
        indent = room - first_room if not rows else 0
        parts = textwrap.wrap(line, room, initial_indent=" " * indent, break_long_words=True, break_on_hyphens=False)
        rows += [parts[0][indent:], *parts[1:]] if parts else [""]
    return [start + rows[0], *(below + row if row else "" for row in rows[1:])]


def following_line(pages: Sequence[Page]) -> str:
    """Said where another process of this home polls some pages."""
    names = ", ".join(page.name for page in pages[:5]) + (f" and {len(pages) - 5} more" if len(pages) > 5 else "")
    return f"Another Tray Status polls {names}; this one follows its log."


def last_read(view: PageView, now: datetime) -> str:
    """`last read 3 h ago`."""
    words = read_ago(view, now)
    return words if view.state.read_at is None else f"last {words}"


def unreadable_line(view: PageView, now: datetime | None = None) -> str | None:
    """Why a page cannot be read, or is not to be believed, in one line; None where all is well.

    With `now` it says how old is what is known.
    """
    since = "" if now is None or view.state.read_at is None else f" It was {last_read(view, now)}."
    probe = view.probe
    if probe is not None and view.verdict is Verdict.NOT_POSTED:
        return f"{view.page.name}: {view.verdict.value}. {probe.words}, says your probe."
    problem = view.problem
    if problem is not None:
        cure = f" {problem.cure}" if problem.cure else ""
        return f"{view.page.name} cannot be read: {problem.text}.{since}{cure}"
    if view.reading is Reading.FRESH or (view.reading is Reading.STALE and not since):
        return None
    return f"{view.page.name}: {READING_WORDS[view.reading]}.{since}"


def unposted_line(view: PageView) -> str | None:
    """What a page shows that no incident tells of, such as `Acme: Critical, with no incident posted (API).`"""
    unposted = _unposted(view)
    return (
        None
        if unposted is None
        else f"{view.page.name}: {IMPACT_WORDS[view.impact]}, with no incident posted{unposted}."
    )


def _unposted(view: PageView) -> str | None:
    """The components that make a page look worse than any of its incidents, in brackets; None where it does not."""
    posted = [each.shown_impact for each in view.open_incidents]
    posted += [Impact.MAINTENANCE for each in view.maintenances if each.is_open]
    if badness(view.impact) <= badness(worst((Impact.UNKNOWN, *posted))):
        return None
    parts = [each for each in view.state.components if each.impact is view.impact]
    names = [each.name for each in parts if watches(view.page, each.id, each.name)]
    return f" ({cut(', '.join(names), 120)})" if names else ""


def standing(view: PageView) -> str:
    """How a page stands, in a few words: `Major trouble`, `not read lately`."""
    if view.reading is not Reading.FRESH:
        return READING_WORDS[view.reading]
    return view.verdict.value if view.verdict is Verdict.NOT_POSTED else HEADLINES[view.impact]


def reasons(view: PageView) -> list[str]:
    """Why a page stands as it does, as far as no incident tells, in sentences."""
    lines = []
    if view.probe is not None:
        prefix = "" if view.verdict.value == standing(view) else f"{view.verdict.value}: "
        lines.append(f"{prefix}{view.probe.words}, says your probe.")
    if view.problem is not None:
        lines.append(f"{view.problem.text}. {view.problem.cure}".rstrip())
    if (unposted := _unposted(view)) is not None:
        lines.append(f"No incident is posted{unposted}.")
    return lines


def read_ago(view: PageView, now: datetime) -> str:
    """`read 3 h ago`; in seconds where a minute is not "just now" for this page."""
    at = view.state.read_at
    if at is None:
        return "never read"
    span = now - at
    if view.reading is not Reading.FRESH and timedelta(0) <= span < timedelta(minutes=1):
        return f"read {count(int(span.total_seconds()), 'second')} ago"
    return f"read {ago(span)}"


def age(span: timedelta) -> str:
    """`just now`, `5 min`, `3 h`, `2 d`: short enough for a menu."""
    seconds = span.total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 48 * 3600:
        return f"{int(seconds // 3600)} h"
    return f"{int(seconds // 86400)} d"


def ago(span: timedelta) -> str:
    words = age(span)
    return words if words == "just now" else f"{words} ago"


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


def notice(event: Event) -> Notice | None:
    """The desktop notice for an event; None for what can raise none."""
    name = event.page.name
    if event.problem is not None:
        return _problem_notice(event, event.problem)
    if event.component is not None:
        return parts_notice([event])
    incident = event.incident
    if incident is None:
        return None
    facts = [state_words(incident), IMPACT_WORDS[incident.shown_impact]]
    if incident.components:
        facts.append(cut(", ".join(incident.components), 120))
    words = (event.update.text if event.update else None) or ""
    # Desktops cut titles short, so the title is the page and what happened, and the incident's name leads the body.
    return Notice(
        key=f"incident:{event.page.id}:{incident.id}",
        title=f"{name}: {_NOTICE_VERBS[event.kind]}",
        body="\n".join(filter(None, (cut(incident.name, 160), " · ".join(facts), cut(words, 400)))),
        impact=incident.shown_impact,
        url=incident.url or event.page.url,
        over=event.kind in _OVER,
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


def tooltip(overview: Overview, now: datetime) -> tuple[str, str]:
    """Title and text of the icon's tooltip: how things stand, and the worst open incident."""
    if overview.offline:
        return "Tray Status: offline", "This computer has no network; nothing is known."
    title = f"Tray Status: {HEADLINES[overview.worst]}"
    lines = []
    rows = overview.open_incidents
    for page, incident in rows[:1]:
        lines.append(f"{page.name}: {cut(incident.name, 100)} ({state_words(incident)})")
    if len(rows) > 1:
        lines.append(f"and {len(rows) - 1} more open")
    lines += [line for view in overview.pages if (line := unreadable_line(view))][:3]
    checked = max((view.state.checked_at for view in overview.pages if view.state.checked_at), default=None)
    if checked is not None:
        lines.append(f"Checked {ago(now - checked)}")
    return title, "\n".join(lines)
