"""Events in words, shared by all outputs. Pure; the console's format is the contract's, to the letter."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from .chosen import watches
from .events import ComponentChange, Event, EventKind, shown_state
from .language import ntr, tr
from .model import Impact, Incident, Page, Reading, Update, badness, worst
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
    return tr(word[:1].upper() + word[1:] if word else "Unknown")


def update_state(update: Update) -> str:
    """The vendor's own word for the state that an update tells, as it is shown."""
    word = (update.word or update.state.value).replace("_", " ")
    return tr(word[:1].upper() + word[1:])


def incident_line(page: Page, incident: Incident) -> str:
    """`OpenAI: Elevated errors (Minor, Resolved)`."""
    words = f"{tr(IMPACT_WORDS[incident.shown_impact])}, {state_words(incident)}"
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
        return tr(HEADLINES[overview.worst])
    impact = tr(IMPACT_WORDS[overview.worst])
    return ntr("{n} incident open, worst: {impact}", "{n} incidents open, worst: {impact}", still_open, impact=impact)


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
    return words if view.state.read_at is None else tr("last {read}", read=words)


def unreadable_line(view: PageView, now: datetime | None = None) -> str | None:
    """Why a page cannot be read, or is not to be believed, in one line; None where all is well.

    With `now` it says how old is what is known.
    """
    since = "" if now is None or view.state.read_at is None else tr(" It was {read}.", read=last_read(view, now))
    probe = view.probe
    if probe is not None and view.verdict is Verdict.NOT_POSTED:
        words = tr("{found}, says your probe.", found=probe.words)
        return f"{view.page.name}: {tr(view.verdict.value)}. {words}"
    problem = view.problem
    if problem is not None:
        cure = f" {problem.cure}" if problem.cure else ""
        words = tr("{page} cannot be read: {why}.", page=view.page.name, why=problem.text)
        return f"{words}{since}{cure}"
    if view.reading is Reading.FRESH or (view.reading is Reading.STALE and not since):
        return None
    return f"{view.page.name}: {tr(READING_WORDS[view.reading])}.{since}"


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
        return tr(READING_WORDS[view.reading])
    return tr(view.verdict.value if view.verdict is Verdict.NOT_POSTED else HEADLINES[view.impact])


def reasons(view: PageView) -> list[str]:
    """Why a page stands as it does, as far as no incident tells, in sentences."""
    lines = []
    if view.probe is not None:
        verdict = tr(view.verdict.value)
        prefix = "" if verdict == standing(view) else f"{verdict}: "
        lines.append(prefix + tr("{found}, says your probe.", found=view.probe.words))
    if view.problem is not None:
        lines.append(f"{view.problem.text}. {view.problem.cure}".rstrip())
    if (unposted := _unposted(view)) is not None:
        lines.append(tr("No incident is posted{about}.", about=unposted))
    return lines


def read_ago(view: PageView, now: datetime) -> str:
    """`read 3 h ago`; in seconds where a minute is not "just now" for this page."""
    at = view.state.read_at
    if at is None:
        return tr("never read")
    span = now - at
    if view.reading is not Reading.FRESH and timedelta(0) <= span < timedelta(minutes=1):
        return ntr("read {n} second ago", "read {n} seconds ago", int(span.total_seconds()))
    return tr("read {ago}", ago=ago(span))


def age(span: timedelta) -> str:
    """`just now`, `5 min`, `3 h`, `2 d`: short enough for a menu."""
    seconds = span.total_seconds()
    if seconds < 60:
        return tr("just now")
    if seconds < 3600:
        return tr("{m} min", m=int(seconds // 60))
    if seconds < 48 * 3600:
        return tr("{h} h", h=int(seconds // 3600))
    return tr("{d} d", d=int(seconds // 86400))


def ago(span: timedelta) -> str:
    words = age(span)
    return words if span.total_seconds() < 60 else tr("{age} ago", age=words)


def tooltip(overview: Overview, now: datetime, *, calm: bool = False) -> tuple[str, str]:
    """Title and text of the icon's tooltip: how things stand, and the worst open incident.

    `calm` is whether the person knows of the worst, so that the icon shows less.
    """
    if overview.offline:
        return tr("Tray Status: offline"), tr("This computer has no network; nothing is known.")
    title = f"Tray Status: {tr(HEADLINES[overview.worst])}{tr(', and you know of it') if calm else ''}"
    lines = []
    rows = overview.open_incidents
    for page, incident in rows[:1]:
        lines.append(f"{page.name}: {cut(incident.name, 100)} ({state_words(incident)})")
    if len(rows) > 1:
        lines.append(tr("and {n} more open", n=len(rows) - 1))
    lines += [line for view in overview.pages if (line := unreadable_line(view))][:3]
    checked = max((view.state.checked_at for view in overview.pages if view.state.checked_at), default=None)
    if checked is not None:
        lines.append(tr("Checked {ago}", ago=ago(now - checked)))
    return title, "\n".join(lines)
