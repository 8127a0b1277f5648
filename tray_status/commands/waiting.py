"""`wait`: until pages are well, or something of them changes; for scripts and pipelines."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..core.awaited import GOALS, Goal, beginning, reached, said
from ..core.chosen import missing_component
from ..core.model import Reading
from ..core.report import status_json
from ..core.text import clean_line
from ..core.view import Overview, look
from ..core.wishes import span
from ..errors import UsageError
from ..home import home_of
from ..system.signals import Stopping, signals_handled
from .printing import note, say

if TYPE_CHECKING:
    from ..engine import Engine

TIMED_OUT = 1
NO_PAGE_READ = 3
INTERRUPTED = 130
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
    stop = Stopping()
    with signals_handled(stop, lambda: None):
        engine = Engine(pages, home.database, alone=True)
        try:
            engine.poller.start()
            looking = partial(_look, engine, tuple(options.component))
            return _watch(engine, looking, Goal(options.until), patience, stop, as_json=options.json)
        finally:
            engine.stop()


def _look(engine: Engine, components: tuple[str, ...]) -> Overview:
    """How the pages stand for whoever chose these components here; to the log, they are as the settings have them.

    Raises UsageError where a page has no such component.
    """
    from ..poller.loop import utc_now

    states = engine.states()
    if components:
        states = [replace(each, page=replace(each.page, components=components)) for each in states]
    for each in states if components else ():
        gone = missing_component(each.page, each.components) if each.read_at else None
        if gone is not None:
            near = gone.cure.removesuffix(" Change `components` in the settings.")
            raise UsageError(f"wait: {each.page.name}: {gone.text}; {near[:1].lower()}{near[1:].removesuffix('.')}")
    return look(states, utc_now())


def _watch(
    engine: Engine,
    looking: Callable[[], Overview],
    goal: Goal,
    patience: float | None,
    stop: Stopping,
    *,
    as_json: bool,
) -> int:
    end = time.monotonic() + patience if patience is not None else None
    first: Overview | None = None
    while True:
        ready = engine.wait_for_round(0.05)
        overview = looking()
        if ready or first is not None:
            begins, first = first is None, beginning(first, overview)
            if begins and not reached(goal, first, overview):
                note(f"Waiting until {goal.words}.")
        if first is not None and reached(goal, first, overview):
            return _tell(overview, goal, 0, as_json)
        left = None if end is None else end - time.monotonic()
        if stop.is_set():
            return INTERRUPTED
        if left is not None and left <= 0:
            readable = first is not None and all(view.reading is Reading.FRESH for view in overview.pages)
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
