"""Entries of pages: those in trouble with the reasons, the others out of the way, in groups where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...core.chosen import watches
from ...core.language import ntr, tr
from ...core.model import Impact, Reading
from ...core.text import cut
from ...core.view import Overview, PageView
from ...core.wishes import Wished
from ...core.wording import IMPACT_WORDS, last_read, reasons, standing, state_words
from .entry import ROWS, SEPARATOR, Copy, Do, Entry, Open, informing, labelled
from .wishing import marks_of_page, mute, wishes_of_page

TROUBLED_SHOWN = 3
"""Pages in trouble that stand in the menu itself; more are put into a submenu."""

PARTS_SHOWN = 5


def troubled_pages(overview: Overview, now: datetime, wishes: Sequence[Wished], *, can_copy: bool) -> list[Entry]:
    """The pages that are not operational, worst first."""
    views = [view for view in overview.pages if view.impact is not Impact.NONE]
    entries = [_troubled(view, now, wishes, can_copy=can_copy) for view in views[:ROWS]]
    if len(views) <= TROUBLED_SHOWN:
        return entries
    label = ntr("{n} page not operational", "{n} pages not operational", len(views))
    return [Entry(label, children=limited(entries, len(views)), key="troubled")]


def operational_pages(overview: Overview, now: datetime, wishes: Sequence[Wished], *, can_copy: bool) -> list[Entry]:
    """`12 pages operational ▸`; the one, where it is the only one.

    The groups are of all pages that are watched, so that a page stays in its group whatever becomes of others.
    """
    views = sorted(overview.pages, key=lambda view: view.page.name.casefold())
    well = [view for view in views if view.impact is Impact.NONE]
    if not well:
        return []
    if len(well) == 1:
        return [_operational(well[0], now, wishes, can_copy=can_copy)]
    if len(views) <= ROWS:
        rows = [_operational(view, now, wishes, can_copy=can_copy) for view in well]
        return [Entry(_well(len(well)), children=tuple(rows), key="operational")]
    groups = []
    for number, begin in enumerate(range(0, min(len(views), ROWS * (ROWS - 1)), ROWS)):
        chunk = views[begin : begin + ROWS]
        members = [each for each in chunk if each.impact is Impact.NONE]
        if members:
            label = f"{cut(chunk[0].page.name, 24)} – {cut(chunk[-1].page.name, 24)} ({len(members)})"
            rows = [_operational(each, now, wishes, can_copy=can_copy) for each in members]
            groups.append(Entry(label, children=tuple(rows), key=f"group {number}"))
    left = sum(view.impact is Impact.NONE for view in views[ROWS * (ROWS - 1) :])
    if left:
        groups.append(more(left))
    return [Entry(_well(len(well)), children=tuple(groups), key="operational")]


def _well(n: int) -> str:
    return ntr("{n} page operational", "{n} pages operational", n)


def limited(entries: Sequence[Entry], how_many: int) -> tuple[Entry, ...]:
    """No more than one submenu takes; of `how_many` there are, the rest is on the status page."""
    if how_many <= ROWS:
        return tuple(entries)
    return (*entries[: ROWS - 1], more(how_many - ROWS + 1))


def more(how_many: int) -> Entry:
    return Entry(tr("and {n} more, on the status page", n=how_many), Do.STATUS_PAGE, key="more")


def _operational(view: PageView, now: datetime, wishes: Sequence[Wished], *, can_copy: bool) -> Entry:
    marks = marks_of_page(wishes, view, now)
    rows = [_open_in_browser(view), mute(wishes, now, view.page.id), *_copy(view, can_copy=can_copy)]
    return Entry(labelled(f"{view.page.name}: {standing(view)}", "", marks), children=tuple(rows), key=view.page.id)


def _troubled(view: PageView, now: datetime, wishes: Sequence[Wished], *, can_copy: bool) -> Entry:
    """A page with why it stands as it does, and what can be done about all of it."""
    facts = "" if view.reading is Reading.FRESH else last_read(view, now)
    rows: list[Entry] = []
    for number, reason in enumerate(reasons(view)):
        rows += informing(f"reason {number}", reason, 3)
    parts = [part for part in view.state.components if watches(view.page, part.id, part.name)]
    parts = [part for part in parts if part.impact not in (Impact.NONE, Impact.UNKNOWN)]
    rows += [
        Entry(labelled(part.name, tr(IMPACT_WORDS[part.impact])), key=f"part {part.id}")
        for part in parts[:PARTS_SHOWN]
    ]
    if len(parts) > PARTS_SHOWN:
        rows.append(Entry(tr("and {n} more components", n=len(parts) - PARTS_SHOWN), key="parts"))
    rows += [SEPARATOR] if rows else []
    rows += [_open_in_browser(view), *wishes_of_page(wishes, view, now), mute(wishes, now, view.page.id)]
    rows += _copy(view, can_copy=can_copy)
    label = labelled(f"{view.page.name}: {standing(view)}", facts, marks_of_page(wishes, view, now))
    return Entry(label, children=tuple(rows), key=view.page.id)


def _open_in_browser(view: PageView) -> Entry:
    return Entry(tr("Open in browser"), Open(view.page.url), key="open")


def _copy(view: PageView, *, can_copy: bool) -> list[Entry]:
    if not can_copy:
        return []
    told = [f"{view.page.name}: {standing(view)}", *reasons(view)]
    told += [
        f"• {each.name} ({tr(IMPACT_WORDS[each.shown_impact])}, {state_words(each)})" for each in view.open_incidents
    ]
    return [Entry(tr("Copy summary"), Copy("\n".join((*told, view.page.url)) + "\n"), key="copy")]
