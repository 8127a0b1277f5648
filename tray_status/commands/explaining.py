"""`explain`: why a page has its colour, and why a notice came or did not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core.event_words import event_line
from ..core.events import stamp
from ..core.explanation import Told, colour, explanation, notices
from ..core.view import view_of
from ..home import home_of
from .printing import say

if TYPE_CHECKING:
    from ..store import Store

EVENTS = 10

NOTICES = "notices"
"""The cursor of desktop notices in the log."""


def register(commands: Any) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "explain",
        help="why a page has its colour, and why a notice came or did not",
        description="What decides how a page is shown, and which rule decided whether its last events were worth a"
        " notice: by what you had muted, acknowledged or paused when they were seen, and by the settings of now.",
        epilog="examples: tray-status explain openai. Reads the log alone; nothing is asked.",
    )
    parser.add_argument("wanted", metavar="PAGE", help="a name or an address")
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object, for scripts")
    parser.set_defaults(run=_explain)


def _explain(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..poller.loop import utc_now
    from ..store import Store

    home, now = home_of(options, environment), utc_now()
    page, rules = home.pages((options.wanted,))[0], home.rules()
    store = Store.open(home.database, read_only=True)
    try:
        view = view_of(store.state(page), now)
        wishes = store.wishes.all()
        events = store.last_events(page.id, EVENTS)
        told = _told(store, page.id)
    finally:
        store.close()
    if not options.json:
        say("\n".join(explanation(view, events, wishes, rules, now.astimezone(), told)))
        return 0
    reasons = [
        {"impact": each.impact.value, "text": each.words, "decides": each.decides}
        for each in colour(view, wishes, now)
    ]
    rows = [
        {
            "seq": event.seq,
            "at": stamp(event.at),
            "text": event_line(event),
            "notice": found.say.value,
            "why": found.why,
            "done": told.until is not None and event.seq <= told.until,
        }
        for event, found in notices(events, view, wishes, rules, now.astimezone().tzinfo, told)
    ]
    row = {"v": 1, "page": page.id, "impact": view.impact.value, "reasons": reasons, "events": rows}
    say(json.dumps(row, ensure_ascii=False))
    return 0


def _told(store: Store, page_id: str) -> Told:
    """How far notices have told what happened on a page."""
    reached = [seq for seq in (store.cursor(NOTICES), store.told_alone(NOTICES).get(page_id)) if seq is not None]
    held = {event.seq: why for _, why, event in store.held(NOTICES) if event.page.id == page_id}
    return Told(max(reached, default=None), held)
