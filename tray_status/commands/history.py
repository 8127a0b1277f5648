"""`status` and `events`: what is known now, and what happened."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping
from typing import Any

from ..core.events import to_json
from ..core.model import Page
from ..core.report import status_json, status_text
from ..core.view import Overview
from ..core.wording import event_block
from ..errors import UsageError
from ..home import Home, home_of
from .printing import say

NO_PAGE_READ = 3
PATIENCE = 60.0
BATCH = 1000


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    status = commands.add_parser(
        "status", help="how the pages stand, worst first", description="How the pages stand, worst first.",
        epilog="Reads the log where a running Tray Status polls the page, and polls once where none does.",
    )  # fmt: skip
    status.add_argument("pages", nargs="*", metavar="PAGE", help="these pages only (names or addresses)")
    add_page_option(status)
    status.add_argument("-v", "--details", action="store_true", help="the latest words and all components, too")
    status.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object, for scripts")
    status.set_defaults(run=_status)
    events = commands.add_parser(
        "events", help="the log of events, oldest first", description="The log of events, oldest first."
    )
    events.add_argument("--after", metavar="SEQ", default="0", help="only what came after this number")
    add_page_option(events)
    events.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON Lines, for scripts")
    events.set_defaults(run=_events)


def add_page_option(parser: argparse.ArgumentParser) -> None:
    """`--page`, beside the pages that are named without it."""
    parser.add_argument(
        "--page", action="append", default=argparse.SUPPRESS, metavar="NAME_OR_URL", help="this page only; may repeat"
    )


def _status(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..poller.loop import utc_now

    home = home_of(options, environment)
    overview, any_read = overview_of(home, home.pages((*options.pages, *options.page)))
    if options.json:
        say(json.dumps(status_json(overview), ensure_ascii=False))
    else:
        say(status_text(overview, utc_now(), details=options.details))
    return 0 if any_read else NO_PAGE_READ


def overview_of(home: Home, pages: tuple[Page, ...]) -> tuple[Overview, bool]:
    """How the pages stand, those that nobody polls polled once, and whether one of them could be read."""
    from ..engine import Engine

    engine = Engine(pages, home.database)
    try:
        engine.poller.start()
        engine.wait_for_round(PATIENCE)
        return engine.overview(), engine.any_read()
    finally:
        engine.stop()


def _events(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..store import Store

    home = home_of(options, environment)
    position = _number(options.after)
    width = shutil.get_terminal_size((100, 24)).columns
    pages = home.pages(tuple(options.page)) if options.page else None
    watched = _watched(home) if pages is None else pages
    if not home.database.exists():
        return 0
    store = Store.open(home.database, read_only=True)
    try:
        ids = None if pages is None else [page.id for page in pages]
        while events := store.events(position, page_ids=ids, limit=BATCH):
            position = events[-1].seq
            if options.json:
                say("\n".join(json.dumps(to_json(event), ensure_ascii=False) for event in events))
            else:
                for event in events:
                    alone = len(watched) == 1 and event.page.id == watched[0].id
                    say(event_block(event, event.at.astimezone(), name_page=not alone, width=width))
    finally:
        store.close()
    return 0


def _watched(home: Home) -> tuple[Page, ...]:
    """The pages of the settings; none where those cannot be used, for the log can be read all the same."""
    try:
        return home.pages(())
    except UsageError:
        return ()


def _number(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"--after: “{text[:40]}” is not a number of an event, such as 17")
    return int(text)
