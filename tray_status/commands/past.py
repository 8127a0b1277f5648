"""`history`, `incidents` and `show`: what ever happened, looked through in the terminal."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..config import find_page, page_of
from ..core.events import VERSION
from ..core.measure import length, took
from ..core.model import Impact, Incident, Page
from ..core.past import Wanted, moment
from ..core.report import past_json
from ..core.text import clean_line, cut
from ..core.timeline import incident_text, incident_whole
from ..core.wording import IMPACT_WORDS, state_words
from ..errors import UsageError
from ..home import Home, home_of
from .finding import find_incident
from .history import add_page_option
from .printing import note, say

if TYPE_CHECKING:
    from datetime import datetime

    from ..store import Store

NOTHING_FOUND = 1
IMPACTS = ("none", "minor", "major", "critical", "maintenance")


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    history = commands.add_parser(
        "history",
        help="look through all that happened",
        description="Incidents and maintenances that are kept, newest first. Reads the log alone; nothing is asked.",
        epilog="examples: tray-status history api errors --since 90d; tray-status history --page openai --impact"
        " major. Exits with 1 where nothing is found.",
    )
    history.add_argument("words", nargs="*", metavar="WORD", help="each must be in the name or in an update")
    history.add_argument("--component", default="", metavar="NAME", help="a part of the name of what it touched")
    history.add_argument(
        "--impact", action="append", choices=IMPACTS, default=[], help="as the vendor told it; may repeat"
    )
    history.add_argument("--until", metavar="WHEN", help="it began before the end of that day")
    incidents = commands.add_parser(
        "incidents",
        help="the incidents that are kept, newest first",
        description="The incidents that are kept, newest first, without maintenances. Reads the log alone.",
        epilog="examples: tray-status incidents --open; tray-status incidents --since 7d --page openai."
        " Exits with 1 where there are none.",
    )
    incidents.set_defaults(words=[], component="", impact=list(IMPACTS[:4]), until=None)
    for parser in (history, incidents):
        add_page_option(parser)
        parser.add_argument("--open", action="store_true", help="only what is open")
        parser.add_argument("--since", metavar="WHEN", help="such as 7d, or 2026-01-31: it ended then or later")
        parser.add_argument(
            "--limit", type=int, default=50, metavar="N", help="at most so many (0: all; default: 50)"
        )
        parser.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object, for scripts"
        )
        parser.set_defaults(run=_history)
    show = commands.add_parser(
        "show",
        help="one incident with all its words",
        description="One incident or maintenance, open or past, with all its updates and their earlier wordings.",
        epilog="examples: tray-status show 01K7M3V5; tray-status show elevated errors",
    )
    show.add_argument("what", nargs="+", metavar="INCIDENT", help="its id, or words of its name or of an update")
    show.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object, for scripts")
    show.set_defaults(run=_show)


def _show(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..store import Store

    store = Store.open(home_of(options, environment).database, read_only=True)
    try:
        page, incident = find_incident(store, " ".join(options.what), "show")
        events = store.past.events_of(page.id, incident.id)
    finally:
        store.close()
    if options.json:
        say(json.dumps(incident_whole(page, incident, events), ensure_ascii=False))
    else:
        say(incident_text(page, incident, events, shutil.get_terminal_size((100, 24)).columns))
    return 0


def _history(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..poller.loop import utc_now
    from ..store import Store

    home, now = home_of(options, environment), utc_now()
    store = Store.open(home.database, read_only=True)
    try:
        names = {page.id: page for page in store.past.pages()}
        wanted = Wanted(
            text=" ".join(options.words),
            page_ids=tuple(_page_id(home, store, each) for each in options.page),
            component=options.component,
            impacts=tuple(Impact(each) for each in options.impact),
            since=_moment("--since", options.since, now),
            until=_moment("--until", options.until, now, end=True),
            open_only=options.open,
        )
        found = store.past.find(wanted, options.limit if options.limit > 0 else -1)
    finally:
        store.close()
    rows = [(names.get(page_id) or Page(page_id, page_id, ""), each) for page_id, each in found.rows]
    if options.json:
        told = {"v": VERSION, "count": found.count, "incidents": [past_json(page.id, each) for page, each in rows]}
        say(json.dumps(told, ensure_ascii=False))
    for page, each in () if options.json else rows:
        say(_line(page, each))
    if found.count > len(rows) and not options.json:
        note(f"{len(rows)} of {found.count}; --limit 0 tells all.")
    if not rows and not options.json:
        note("Nothing was found.")
    return 0 if rows else NOTHING_FOUND


def _line(page: Page, incident: Incident) -> str:
    begun = incident.scheduled_for or incident.started_at or (incident.updates[0].at if incident.updates else None)
    when = begun.astimezone().strftime("%Y-%m-%d %H:%M") if begun else "not told"
    span = took(incident)
    lasted = f", {length(span)}" if span is not None else ""
    words = f"{IMPACT_WORDS[incident.shown_impact]}, {state_words(incident)}{lasted}"
    return f"{when:<16}  {page.name}: {cut(incident.name, 100)} ({words})  {incident.id}"


def _page_id(home: Home, store: Store, text: str) -> str:
    """The id of a page that is watched, known by name, or kept in the log. Raises UsageError."""
    kept = next((page for page in store.past.pages() if text.casefold() in (page.id, page.name.casefold())), None)
    return kept.id if kept else page_of(find_page(home.settings_to_add_to(), text), 60.0).id


def _moment(option: str, text: str | None, now: datetime, *, end: bool = False) -> datetime | None:
    if text is None:
        return None
    at = moment(text, now, end=end)
    if at is None:
        raise UsageError(f"{option}: “{clean_line(text, 40)}” is neither a day nor a span, such as 2026-01-31 or 7d")
    return at
