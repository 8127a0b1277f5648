"""How all stands as lines of a terminal's whole screen. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .model import Impact, Incident, Page
from .view import Overview
from .wording import (
    IMPACT_WORDS,
    STANDING_WORDS,
    age,
    ago,
    headline,
    incident_line,
    read_ago,
    reasons,
    standing,
    state_words,
    tally,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; an impact gives it its colour, which is never the only sign."""

    text: str
    impact: Impact | None = None
    strong: bool = False


def screen(overview: Overview, recent: Sequence[tuple[Page, Incident]], now: datetime, width: int) -> list[Line]:
    """All lines, the worst first; none is wider than the screen."""
    lines = [Line(headline(overview), overview.worst, strong=True), Line(tally(overview)), Line("")]
    for page, each in overview.open_incidents:
        lines.append(Line(f"{page.name}: {each.name}", each.shown_impact, strong=True))
        facts = [IMPACT_WORDS[each.shown_impact], state_words(each)]
        facts += [age(now - each.started_at)] if each.started_at else []
        facts += [", ".join(each.components)] if each.components else []
        lines.append(Line(f"  {' · '.join(facts)}"))
        for update in reversed(each.updates[-2:]):
            when = f"{ago(now - update.at)}: " if update.at else ""
            lines += [Line(f"  {row}") for row in textwrap.wrap(f"{when}{update.text or '—'}", max(20, width - 2))]
        lines.append(Line(""))
    lines.append(Line("Pages", strong=True))
    name = max((len(view.page.name) for view in overview.pages), default=0)
    for view in overview.pages:
        words = f"{standing(view)}, {read_ago(view, now)}"
        lines.append(Line(f"{STANDING_WORDS[view.impact]:<11}  {view.page.name:<{name}}  {words}", view.impact))
        for line in reasons(view):
            lines += [Line(f"{'':<13}{row}") for row in textwrap.wrap(line, max(20, width - 13))]
    planned = [(view.page, each) for view in overview.pages for each in view.maintenances]
    if planned:
        lines += [Line(""), Line("Maintenance", strong=True)]
        lines += [Line(incident_line(*row), Impact.MAINTENANCE) for row in planned]
    past = [row for row in recent if not row[1].is_open]
    if past:
        lines += [Line(""), Line("Lately", strong=True), *(Line(incident_line(*row)) for row in past)]
    return [Line(line.text[: max(1, width)], line.impact, line.strong) for line in lines]
