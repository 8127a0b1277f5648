"""`list`, `add` and `remove`: which pages are watched."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from ..catalogue import by_address
from ..config import find_page, page_of
from ..config.file import add_page, remove_page
from ..core.model import Page, Reading
from ..core.text import clean_line
from ..core.view import PageView, view_of
from ..core.wording import HEADLINES, count, number, unreadable_line
from ..errors import UsageError
from ..home import home_of

NO_PAGE_READ = 3
PATIENCE = 60.0


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    listed = commands.add_parser("list", help="the pages in the settings", description="The pages in the settings.")
    listed.set_defaults(run=_list)
    add = commands.add_parser(
        "add",
        help="watch a page from now on",
        description="Read a page once and watch it; one that is not known must answer.",
    )
    add.add_argument("page", metavar="NAME_OR_URL")
    add.add_argument("--name", metavar="NAME", help="what to call it (default: as the vendor does)")
    add.add_argument(
        "--component", action="append", default=[], metavar="NAME", help="only what touches this; may repeat"
    )
    add.add_argument("--unchecked", action="store_true", help="add it though it cannot be read now")
    add.set_defaults(run=_add)
    remove = commands.add_parser(
        "remove", help="watch a page no longer", description="Watch a page no longer. Its history is kept."
    )
    remove.add_argument("page", metavar="NAME_OR_URL")
    remove.set_defaults(run=_remove)


def _list(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    settings = home_of(options, environment).settings()
    width = max((len(page.name) for page in settings.pages), default=0)
    for page in settings.pages:
        facts = [f"every {number(page.interval_seconds or settings.poll_interval_seconds)} s"]
        if page.components:
            facts.append(f"only {', '.join(page.components)}")
        if not page.enabled:
            facts.append("not enabled")
        _say(f"{page.name:<{width}}  {page.url}  ({'; '.join(facts)})")
    if not settings.pages:
        _say("The settings name no page, so OpenAI's is watched. `tray-status add NAME_OR_URL` adds one.")
    return 0


def _add(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    settings = home.settings()
    found = find_page(settings, options.page, "add")
    if found in settings.pages:
        _say(f"{found.name} is in the settings already ({found.url}).")
        return 0
    page = page_of(found, settings.poll_interval_seconds)
    _say(f"Reading {page.url} …", sys.stderr)
    view = _read_once(page, tuple(options.component))
    name = clean_line(options.name or "") or view.page.name
    why = unreadable_line(view)
    known = by_address(page.url) is not None and view.reading is not Reading.BROKEN
    if why and not known and not options.unchecked:
        _say(f"{why} It was not added; --unchecked adds it all the same.", sys.stderr)
        return NO_PAGE_READ
    add_page(home.settings_path, name, page.url, tuple(options.component))
    parts = count(len(view.state.components), "component")
    _say(
        f"Added {name}: {page.url}" + ("" if why else f" ({view.state.platform}, {parts}). {HEADLINES[view.impact]}.")
    )
    if why:
        _say(why)
    return 0


def _read_once(page: Page, components: tuple[str, ...]) -> PageView:
    """The page after one poll that leaves no trace."""
    from dataclasses import replace

    from ..engine import Engine
    from ..poller.loop import utc_now

    engine = Engine([replace(page, components=components)], None)
    try:
        engine.poller.start()
        engine.wait_for_round(PATIENCE)
        return view_of(engine.states()[0], utc_now())
    finally:
        engine.stop()


def _remove(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    settings = home.settings()
    found = find_page(settings, options.page, "remove")
    if found not in settings.pages:
        raise UsageError(
            f"remove: {found.name or found.url} is not in the settings; `tray-status list` shows what is"
        )
    remove_page(home.settings_path, found.name)
    _say(f"Removed {found.name}. Its history is kept.")
    if len(settings.pages) == 1:
        _say("It was the last page; where the settings name none, OpenAI's is watched.")
    return 0


def _say(text: str, stream: Any = None) -> None:
    (stream or sys.stdout).write(f"{text}\n")
