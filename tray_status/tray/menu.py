"""The menu as data: what stands in it, and what each entry does. Pure; `desktop` turns it into the tray's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ..core.model import Incident, Page, Reading
from ..core.text import cut
from ..core.view import Overview, PageView
from ..core.wording import (
    IMPACT_WORDS,
    ago,
    headline,
    last_read,
    standing,
    state_words,
    unreadable_line,
)

LABEL_LIMIT = 72
OPEN_LIMIT = 12
RECENT_LIMIT = 10
UPDATES_SHOWN = 3


class Do(Enum):
    """What choosing an entry does."""

    OPEN = "open"
    SHOW_RECENT = "show_recent"
    STATUS_PAGE = "status_page"
    CHECK_NOW = "check_now"
    SWITCH_LOGIN = "switch_login"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. Without an action and without children it only informs."""

    label: str
    do: Do | None = None
    url: str | None = None
    children: tuple[Entry, ...] = ()
    default: bool = False
    """What a click on the icon does where the click does not open the menu."""
    visible: bool = True
    checked: bool | None = None
    """Whether it bears a check mark; None where it never does."""
    key: str = ""
    """Stays the same while the label changes, so that an open menu is not disturbed."""


SEPARATOR = Entry("")


def build(
    overview: Overview, recent: Sequence[tuple[Page, Incident]], now: datetime, at_login: bool | None = None
) -> tuple[Entry, ...]:
    """The whole menu: how things stand, what is open, what was lately, and what can be done.

    `at_login` tells whether a login starts the program; None leaves that entry out.
    """
    several = len(overview.pages) > 1
    entries = [Entry(headline(overview), key="headline")]
    rows = overview.open_incidents
    entries += [_incident(page, incident, now, several) for page, incident in rows[:OPEN_LIMIT]]
    if len(rows) > OPEN_LIMIT:
        entries.append(Entry(f"and {len(rows) - OPEN_LIMIT} more open"))
    for view in overview.pages:
        for maintenance in view.maintenances:
            if maintenance.is_open:
                entries.append(_incident(view.page, maintenance, now, several))
    entries += [Entry(cut(line, LABEL_LIMIT)) for view in overview.pages if (line := unreadable_line(view))]
    entries.append(SEPARATOR)
    past = tuple(_incident(page, incident, now, several) for page, incident in recent[:RECENT_LIMIT])
    entries.append(
        Entry(
            "Recent incidents" if past else "No recent incidents",
            do=None if past else Do.SHOW_RECENT,
            children=past,
            key="recent",
        )
    )
    entries.append(Entry("Show recent incidents", Do.SHOW_RECENT, default=True, visible=False))
    pages = tuple(_page(view, now) for view in overview.pages)
    entries += [Entry("Pages", children=pages)] if several else list(pages)
    entries += [
        SEPARATOR,
        Entry("Open status page", Do.STATUS_PAGE),
        Entry("Check now", Do.CHECK_NOW),
        *([] if at_login is None else [Entry("Start at login", Do.SWITCH_LOGIN, checked=at_login)]),
        Entry("Quit", Do.QUIT),
    ]
    return tuple(entries)


def _page(view: PageView, now: datetime) -> Entry:
    words = standing(view)
    if view.reading is not Reading.FRESH:
        words = f"{last_read(view, now)}, {words}"
    label = cut(f"{view.page.name}: {words}", LABEL_LIMIT)
    return Entry(label, Do.OPEN, view.page.url, key=view.page.id)


def _incident(page: Page, incident: Incident, now: datetime, several: bool) -> Entry:
    """An incident with its facts, its last updates, newest first, and a way to its page."""
    name = f"{page.name}: {incident.name}" if several else incident.name
    began = incident.started_at or (incident.updates[0].at if incident.updates else None)
    facts = [IMPACT_WORDS[incident.shown_impact], state_words(incident)]
    if began is not None:
        facts.append(ago(now - began))
    lines = [Entry(" · ".join(facts), key="facts")]
    if incident.components:
        lines.append(Entry(cut(", ".join(incident.components), LABEL_LIMIT), key="components"))
    lines.append(SEPARATOR)
    for update in incident.updates[: -UPDATES_SHOWN - 1 : -1]:
        when = f"{ago(now - update.at)}: " if update.at else ""
        lines.append(Entry(cut(when + " ".join((update.text or "(no words)").split()), LABEL_LIMIT), key=update.id))
    lines += [SEPARATOR, Entry("Open in browser", Do.OPEN, incident.url or page.url)]
    mark = "" if incident.is_open else "✓ "
    return Entry(cut(mark + name, LABEL_LIMIT), children=tuple(lines), key=f"{page.id}/{incident.id}")
