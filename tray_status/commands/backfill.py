"""`backfill`: as much of the past as a page tells."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..core.past import moment
from ..core.text import clean_line
from ..core.wording import count
from ..errors import UsageError
from ..home import home_of
from ..providers.registry import described
from .printing import note, say

if TYPE_CHECKING:
    from ..core.model import Page
    from ..store import Store

INCOMPLETE = 1
NO_PAGE_READ = 3


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    parser = commands.add_parser(
        "backfill",
        help="read more of a page's past than each poll does",
        description="Note what happened on watched pages before they were watched, as far as they tell: Statuspage"
        " lists all its past, others no more than each poll reads. Nobody is told of it. What is known already"
        " is not asked for again, so that it can be ended and begun anew at any time.",
        epilog="What ended longer ago than `history_days` of the settings is not kept, and not asked for. Exits"
        " with 1 where not all could be read, with 3 where nothing could.",
    )
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="these pages only (names or addresses)")
    parser.add_argument("--since", metavar="WHEN", help="such as 90d, or 2026-01-31 (default: as long as it is kept)")
    parser.set_defaults(run=_backfill)


def _backfill(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..poller.backfill import can_be_filled
    from ..poller.loop import utc_now
    from ..store import Store

    home, now = home_of(options, environment), utc_now()
    since = now - home.rules().kept
    if options.since is not None:
        at = moment(options.since, now)
        if at is None:
            told = clean_line(options.since, 40)
            raise UsageError(f"--since: “{told}” is neither a day nor a span, such as 2026-01-31 or 90d")
        since = max(since, at)
    pages = home.pages(tuple(options.pages))
    store = Store.open(home.database)
    codes = []
    try:
        for page in pages:
            platform = store.state(page).platform
            if platform is None:
                note(f"{page.name} was not read yet; `tray-status status` reads it.")
                codes.append(NO_PAGE_READ)
            elif not can_be_filled(platform):
                say(f"{page.name}: {described(platform)[0]} tells no more of the past than each poll reads.")
                codes.append(0)
            else:
                codes.append(_fill(page, store, since.date()))
    finally:
        store.close()
    return max(codes) if len(set(codes)) == 1 else min(INCOMPLETE, max(codes))


def _fill(page: Page, store: Store, since: date) -> int:
    from ..fetch import Fetcher
    from ..poller.backfill import backfill

    moving = sys.stderr is not None and sys.stderr.isatty()

    def progress(done: int, listed: int) -> None:
        if moving:
            sys.stderr.write(f"\r\x1b[2K  {page.name}: {done} of {listed}")
            sys.stderr.flush()

    fetcher = Fetcher()
    try:
        filled = backfill(page, fetcher, store, since, progress=progress)
    finally:
        fetcher.close()
        if moving:
            sys.stderr.write("\r\x1b[2K")
    say(f"{page.name}: {count(filled.added, 'incident')} added, {filled.known} known before.")
    if filled.trouble:
        note(f"{page.name}: {filled.trouble}.")
    if filled.trouble and not filled.added and not filled.known:
        return NO_PAGE_READ
    return INCOMPLETE if filled.trouble else 0
