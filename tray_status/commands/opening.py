"""`open`: a page, or an incident's own page, in the browser."""

from __future__ import annotations

import argparse
import webbrowser
from collections.abc import Mapping
from typing import Any

from ..config import find_page, page_of
from ..core.text import clean_line, safe_url
from ..errors import TrayStatusError, UsageError
from ..home import Home, home_of
from .finding import find_incident
from .printing import say


def register(commands: Any) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "open",
        help="a page, or an incident's own page, in the browser",
        description="Open the vendor's page of what is named: a page by name or address, or an incident by its id or"
        " words of its name.",
        epilog="examples: tray-status open openai; tray-status open --print 01K7M3",
    )
    parser.add_argument("what", metavar="WHAT", help="a page by name or address, or an incident")
    parser.add_argument("--print", dest="only_print", action="store_true", help="print the address, open nothing")
    parser.set_defaults(run=_open)


def _open(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    address = safe_url(_address(home, options.what))
    if address is None:
        raise UsageError(f"open: “{clean_line(options.what, 60)}” has no address that may be opened")
    if options.only_print:
        say(address)
    elif not webbrowser.open(address):
        raise TrayStatusError(f"no browser could be opened; the address is {address}")
    return 0


def _address(home: Home, what: str) -> str | None:
    from ..store import Store

    store = Store.open(home.database, read_only=True)
    try:
        try:
            page = page_of(find_page(home.settings_to_add_to(), what, "open"), 60.0)
        except UsageError as no_page:
            try:
                found, incident = find_incident(store, what, "open")
            except UsageError as no_incident:
                raise (no_incident if "may be each" in str(no_incident) else no_page) from None
            return incident.url or found.url
        return store.state(page).vendor_url or page.url
    finally:
        store.close()
