"""`explain`: why a page has its colour, and why a notice came or did not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from ..core.event_words import event_line
from ..core.events import stamp
from ..core.explanation import colour, explanation, notices
from ..core.view import view_of
from ..home import home_of
from .printing import say

EVENTS = 10


def register(commands: Any) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "explain",
        help="why a page has its colour, and why a notice came or did not",
        description="What decides how a page is shown, and what the rules say of its last events, as they stand now.",
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
    finally:
        store.close()
    if not options.json:
        say("\n".join(explanation(view, events, wishes, rules, now)))
        return 0
    reasons = [
        {"impact": each.impact.value, "text": each.words, "decides": each.decides}
        for each in colour(view, wishes, now)
    ]
    told = [
        {
            "seq": event.seq,
            "at": stamp(event.at),
            "text": event_line(event),
            "notice": found.say.value,
            "why": found.why,
        }
        for event, found in notices(events, view, wishes, rules, now.astimezone())
    ]
    say(json.dumps({"v": 1, "page": page.id, "impact": view.impact.value, "reasons": reasons, "events": told}))
    return 0
