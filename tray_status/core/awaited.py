"""What a script may wait for, and whether it came to that. Pure."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from .model import Impact, Reading
from .view import Overview, PageView
from .wording import incident_line, reasons, standing


class Goal(Enum):
    """What is waited for."""

    OPERATIONAL = "operational"
    CHANGED = "changed"
    RESOLVED = "resolved"

    @property
    def words(self) -> str:
        return {
            Goal.OPERATIONAL: "all of it was operational",
            Goal.CHANGED: "anything changed",
            Goal.RESOLVED: "what was open was resolved",
        }[self]


GOALS = tuple(each.value for each in Goal)


def beginning(first: Overview | None, now: Overview) -> Overview:
    """What is compared with: the first look, and of a page that was never read before, the first time that it is."""
    if first is None:
        return now
    read = {view.page.id: view for view in first.pages if view.state.read_at is not None}
    return replace(first, pages=tuple(read.get(view.page.id, view) for view in now.pages))


def reached(goal: Goal, first: Overview, now: Overview) -> bool:
    """Whether it came to that since the beginning. What cannot be read is no proof of anything."""
    before = {view.page.id: view for view in first.pages}
    if goal is Goal.CHANGED:
        return any(_has_changed(before.get(view.page.id, view), view) for view in now.pages)
    if not now.pages or any(view.reading is not Reading.FRESH for view in now.pages):
        return False
    if goal is Goal.OPERATIONAL:
        return all(view.impact is Impact.NONE for view in now.pages)
    begun = {(view.page.id, each.id) for view in first.pages for each in view.open_incidents}
    return not begun & {(view.page.id, each.id) for view in now.pages for each in view.open_incidents}


def _has_changed(before: PageView, now: PageView) -> bool:
    """Whether the vendor says something else: how bad it is, or any word of what is open or planned."""
    if now.reading is not Reading.FRESH or before.state.read_at is None:
        return False
    words = (before.open_incidents, before.maintenances) != (now.open_incidents, now.maintenances)
    return words or (before.reading is Reading.FRESH and before.impact is not now.impact)


def said(overview: Overview) -> list[str]:
    """How the pages stand, a line each, and one for each open incident."""
    lines = []
    for view in overview.pages:
        words = standing(view)
        lines.append(" ".join((f"{view.page.name}: {words[:1].lower()}{words[1:]}.", *reasons(view))))
        lines += [f"  {incident_line(view.page, each)}" for each in view.open_incidents]
    return lines
