"""`report`: what happened over a time in numbers, for the terminal, as one page of HTML, as CSV or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from ..core.model import Page
from ..core.past import moment
from ..core.tables import as_csv, as_json, as_long_csv, as_text
from ..core.text import clean_line
from ..errors import TrayStatusError, UsageError
from ..home import home_of
from ..whole_file import replace_file
from .history import add_page_option
from .printing import note, say

TABLES = ("months", "minutes", "resolution", "quiet", "hours", "together")


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    parser = commands.add_parser(
        "report",
        help="what happened over a time, in numbers and plots",
        description="How often, how long, when, and what failed together, of the watched pages; from the log alone.",
        epilog="examples: tray-status report --since 30d; tray-status report --page openai --html openai.html;"
        " tray-status report --csv --table months",
    )
    add_page_option(parser)
    parser.add_argument("--since", metavar="WHEN", default="90d", help="such as 90d, or 2026-01-31 (default: 90d)")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--html", metavar="FILE", help="one page that needs nothing else; - for standard output")
    kinds.add_argument("--csv", action="store_true", help="a line for each number")
    kinds.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object, for scripts")
    parser.add_argument("--table", choices=TABLES, help="with --csv: this table alone, as it stands")
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..outputs.reports import as_html, report
    from ..poller.loop import utc_now
    from ..store import Store

    home, now = home_of(options, environment), utc_now()
    since = moment(options.since, now)
    if since is None or since >= now:
        told = clean_line(options.since, 40)
        raise UsageError(f"--since: “{told}” is neither a day that is past nor a span, such as 2026-01-31 or 90d")
    if options.table and not options.csv:
        raise UsageError("--table goes with --csv")
    since = max(since, now - timedelta(days=36_500))
    store = Store.open(home.database, read_only=True)
    try:
        kept = {page.id: page for page in store.past.pages()}
        # As the log calls them, where it knows them: the settings may have only an address.
        pages = [kept.get(page.id, page) for page in home.pages(tuple(options.page))]
        found = report(store.past, pages, since, now)
    finally:
        store.close()
    if options.html:
        return _write(options.html, as_html(found))
    if options.json:
        say(json.dumps(as_json(found.found, found.tables, found.names), ensure_ascii=False))
    elif options.csv:
        alone = [each for each in found.tables if each.key == options.table]
        say((as_csv(alone[0]) if alone else as_long_csv(found.tables)).rstrip("\r\n"))
    else:
        say(f"{_names(pages)}, {found.period}\n")
        say("\n\n".join(as_text(each) for each in found.tables))
    return 0


def _names(pages: list[Page]) -> str:
    names = [page.name for page in pages]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _write(file: str, text: str) -> int:
    if file == "-":
        sys.stdout.write(text)
        return 0
    path = Path(file).expanduser()
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}")
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise TrayStatusError(f"{path}: it cannot be written: {error.strerror or error}") from None
    note(f"{path}: the report is written.")
    return 0
