"""What a script may wait for, and whether it came to that. Pure."""

from __future__ import annotations

from enum import Enum
from typing import Any

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


def reached(goal: Goal, first: Overview, now: Overview) -> bool:
    """Whether it came to that, since the first look at all pages. What cannot be read is no proof of anything."""
    if goal is Goal.CHANGED:
        before = {view.page.id: _stance(view) for view in first.pages}
        return any(
            view.reading is Reading.FRESH and before.get(view.page.id, ()) != _stance(view) for view in now.pages
        )
    if not now.pages or any(view.reading is not Reading.FRESH for view in now.pages):
        return False
    if goal is Goal.OPERATIONAL:
        return all(view.impact is Impact.NONE for view in now.pages)
    begun = {(view.page.id, each.id) for view in first.pages for each in view.open_incidents}
    return not begun & {(view.page.id, each.id) for view in now.pages for each in view.open_incidents}


def _stance(view: PageView) -> tuple[Any, ...]:
    """What of a page counts as a change: how bad it is, and each word of what is open or planned."""
    return (view.impact, view.open_incidents, view.maintenances)


def said(overview: Overview) -> list[str]:
    """How the pages stand, a line each, and one for each open incident."""
    lines = []
    for view in overview.pages:
        words = standing(view)
        lines.append(" ".join((f"{view.page.name}: {words[:1].lower()}{words[1:]}.", *reasons(view))))
        lines += [f"  {incident_line(view.page, each)}" for each in view.open_incidents]
    return lines
