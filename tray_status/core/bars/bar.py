"""How all stands as a status bar has room for it: a mark, a few words, and the rest for a tooltip or a menu. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..model import Impact, Reading
from ..text import clean_line, cut
from ..view import Overview
from ..wishes import Wished, attended, is_calm, is_stale
from ..wording import tooltip

MARKS = {
    Impact.NONE: "✓",
    Impact.NOTICE: "•",
    Impact.MAINTENANCE: "⚙",
    Impact.MINOR: "!",
    Impact.MAJOR: "‼",
    Impact.CRITICAL: "✖",
    Impact.UNKNOWN: "?",
}
"""Colour is never the only sign, and some bars have none."""

OFFLINE_MARK = "⊘"

COLOURS = {
    Impact.NONE: "#3fb950",
    Impact.NOTICE: "#3fb950",
    Impact.MAINTENANCE: "#58a6ff",
    Impact.MINOR: "#e3b341",
    Impact.MAJOR: "#f0883e",
    Impact.CRITICAL: "#f85149",
    Impact.UNKNOWN: "#8b949e",
}
"""Plain on the dark ground that most bars have, and readable on a light one."""

NOT_RUNNING = "No Tray Status is running, so that nothing new is known. Start it: tray-status"

NAME_LIMIT = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """What a bar shows. Nothing in it is escaped yet: each format does so in its own way."""

    overview: Overview
    now: datetime
    """In the person's own zone."""
    impact: Impact
    """What the icon shows: what the person knows of already counts less."""
    words: str
    """What stands beside the mark; empty where all is well."""
    title: str
    details: str
    """Some lines: the worst incident, what cannot be read, how old all of it is."""
    stale: bool = False
    """Whether what is shown is known only from before."""
    trouble: str = ""
    """Why nothing new is known, and the cure, where it is this program's own doing."""

    @property
    def mark(self) -> str:
        return OFFLINE_MARK if self.overview.offline else MARKS[self.impact]

    @property
    def text(self) -> str:
        """`✖ OpenAI +1`."""
        return f"{self.mark} {self.words}" if self.words else self.mark

    @property
    def colour(self) -> str:
        return COLOURS[self.impact]

    @property
    def name(self) -> str:
        """One word for how it stands: `offline`, or the impact's own."""
        return "offline" if self.overview.offline else self.impact.value


def bar_of(overview: Overview, wishes: Sequence[Wished], now: datetime, *, polled: bool) -> Bar:
    """How all stands, with what the person wished; `polled` is whether some process polls these pages.

    What was not read lately is never green, whoever polls.
    """
    impact, _ = attended(overview, wishes, now)
    stale = is_stale(overview, impact)
    unread = impact is Impact.UNKNOWN and any(
        each.reading in (Reading.STALE, Reading.NEVER) for each in overview.pages
    )
    trouble = NOT_RUNNING if (stale or unread) and not polled else ""
    title, details = tooltip(overview, now, calm=impact is not overview.worst)
    return Bar(
        overview,
        now,
        impact,
        _words(overview, wishes, now, impact, trouble) + (" (old)" if stale else ""),
        title,
        "\n".join(filter(None, (details, trouble))),
        stale,
        trouble,
    )


def failed_bar(why: str, now: datetime) -> Bar:
    """What is shown where nothing can be looked at, such as for a mistake in the settings."""
    told = clean_line(why, 400)
    nothing = Overview((), Impact.UNKNOWN)
    return Bar(nothing, now, Impact.UNKNOWN, "Tray Status", "Tray Status: it cannot tell", told, trouble=told)


def _words(overview: Overview, wishes: Sequence[Wished], now: datetime, impact: Impact, trouble: str) -> str:
    """The name of the worst page that the person does not know of yet, and how many more are not well."""
    if overview.offline:
        return "offline"
    if trouble and impact is Impact.UNKNOWN:
        return "not running"
    troubled = [view for view in overview.pages if view.impact is not Impact.NONE]
    if impact is Impact.NONE or not troubled:
        return ""
    news = [view for view in troubled if view.impact is impact and not is_calm(view, wishes, now)]
    more = f" +{len(troubled) - 1}" if len(troubled) > 1 else ""
    return cut((news or troubled)[0].page.name, NAME_LIMIT) + more
