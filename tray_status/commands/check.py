"""`check`: how the pages stand, for Nagios, Icinga and all else that runs monitoring plugins."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from ..core.plugin import UNKNOWN, failed, plugin
from ..core.report import status_json
from ..errors import TrayStatusError
from ..home import home_of
from .history import add_page_option, overview_of
from .printing import say


def register(commands: Any) -> None:
    """Add the parser."""
    check = commands.add_parser(
        "check",
        help="how the pages stand, as a monitoring plugin says it",
        description="One line with its numbers, then one for each page that is not well.",
        epilog="Exits with 0 OK, 1 WARNING (minor trouble, maintenance), 2 CRITICAL (major, critical) or 3 UNKNOWN."
        " Reads the log where a running Tray Status polls the page, and polls once where none does.",
    )
    check.add_argument("pages", nargs="*", metavar="PAGE", help="these pages only (names or addresses)")
    add_page_option(check)
    check.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="the JSON of `status` instead")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..poller.loop import utc_now

    try:
        home = home_of(options, environment)
        overview, _ = overview_of(home, home.pages((*options.pages, *options.page)))
    except TrayStatusError as error:
        say(failed(str(error)))
        return UNKNOWN
    code, text = plugin(overview, utc_now())
    say(json.dumps(status_json(overview), ensure_ascii=False) if options.json else text)
    return code
