"""`wait`: until pages are well, or something of them changes; for scripts and pipelines."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..core.awaited import GOALS, Goal, reached, said
from ..core.report import status_json
from ..core.text import clean_line
from ..core.view import Overview
from ..core.wishes import span
from ..errors import UsageError
from ..home import home_of
from ..system.signals import Stopping, signals_handled
from .printing import note, say

if TYPE_CHECKING:
    from ..engine import Engine

TIMED_OUT = 1
NO_PAGE_READ = 3
LOOK_EVERY = 1.0


def register(commands: Any) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "wait",
        help="wait until pages are well, or something of them changes",
        description="Wait until all of the pages are operational (the usual goal), until what is open now is resolved"
        " or until something of one of them changes. A page that cannot be read is never taken for well.",
        epilog="examples: tray-status wait github --timeout 30m && git push;"
        " tray-status wait openai --until changed --component 'Codex API'."
        " Exits with 0 when it came to that, with 1 when time ran out, with 3 where a page could not be read then.",
    )
    parser.add_argument("pages", nargs="+", metavar="PAGE", help="names or addresses")
    parser.add_argument("--until", choices=GOALS, default=GOALS[0], help=f"(default: {GOALS[0]})")
    parser.add_argument("--timeout", metavar="TIME", help="such as 90s, 30m or 2h (default: for ever)")
    parser.add_argument(
        "--component", action="append", default=[], metavar="NAME", help="only what touches this; may repeat"
    )
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="how they stand at the end")
    parser.set_defaults(run=_wait)


def _wait(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..engine import Engine

    patience = _seconds(options.timeout) if options.timeout is not None else None
    home = home_of(options, environment)
    pages = home.pages(tuple(options.pages))
    if options.component:
        pages = tuple(replace(page, components=tuple(options.component)) for page in pages)
    stop = Stopping()
    with signals_handled(stop, lambda: None):
        engine = Engine(pages, home.database, alone=True)
        try:
            engine.poller.start()
            return _watch(engine, Goal(options.until), patience, stop, as_json=options.json)
        finally:
            engine.stop()


def _watch(engine: Engine, goal: Goal, patience: float | None, stop: Stopping, *, as_json: bool) -> int:
    end = time.monotonic() + patience if patience is not None else None
    first: Overview | None = None
    while True:
        ready = engine.wait_for_round(0.05)
        overview = engine.overview()
        if ready and first is None:
            first = overview
            if not reached(goal, first, overview):
                note(f"Waiting until {goal.words}.")
        if first is not None and reached(goal, first, overview):
            return _tell(overview, goal, 0, as_json)
        left = None if end is None else end - time.monotonic()
        if stop.is_set():
            return 130
        if left is not None and left <= 0:
            readable = first is not None and engine.any_read()
            return _tell(overview, goal, TIMED_OUT if readable else NO_PAGE_READ, as_json)
        engine.look_around()
        stop.wait(LOOK_EVERY if left is None else min(LOOK_EVERY, left))


def _tell(overview: Overview, goal: Goal, code: int, as_json: bool) -> int:
    if as_json:
        say(json.dumps(status_json(overview), ensure_ascii=False))
    for line in said(overview):
        (note if as_json else say)(line)
    if code:
        note(f"Time ran out before {goal.words}.")
    return code


def _seconds(text: str) -> float:
    """A length of time. Raises UsageError."""
    found = span(text)
    if found is not None:
        return found.total_seconds()
    number = text.strip().removesuffix("s").strip()
    if number.isdecimal() and len(number) <= 9:
        return float(number)
    raise UsageError(f"--timeout: “{clean_line(text, 40)}” is no length of time, such as 90s, 30m or 2h")
