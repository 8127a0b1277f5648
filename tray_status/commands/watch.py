"""`watch`: how all stands on the whole screen of a terminal, live."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core.model import Impact
from ..core.screen import Line, screen
from ..core.wording import ago
from ..errors import UsageError
from ..home import home_of
from ..system.signals import Stopping, signals_handled

if TYPE_CHECKING:
    import curses

    from ..engine import Engine

REDRAW_MS = 250
GONE_AFTER = 20
"""So many answers without a key, and without the wait for one, in a row."""

KEYS = "q quits, arrows scroll, c checks now"

_COLOURS = {
    Impact.NONE: "GREEN",
    Impact.NOTICE: "GREEN",
    Impact.MAINTENANCE: "BLUE",
    Impact.MINOR: "YELLOW",
    Impact.MAJOR: "YELLOW",
    Impact.CRITICAL: "RED",
    Impact.UNKNOWN: "WHITE",
}


def register(commands: Any) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "watch",
        help="how all stands on the whole screen, live",
        description="How the pages stand on the whole screen of a terminal, live: what is open first. q quits, arrows"
        " scroll, c checks now.",
        epilog="examples: tray-status watch; tray-status watch openai github",
    )
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="these pages only (names or addresses)")
    parser.set_defaults(run=_watch)


def _watch(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    try:
        import curses
    except ImportError:  # on Windows
        raise UsageError("watch: this Python has no curses; `tray-status --console` tells each event") from None
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty()):
        raise UsageError("watch: this is no terminal; `tray-status --console` tells each event as a line")
    from ..engine import Engine

    home = home_of(options, environment)
    pages = home.pages(tuple(options.pages))
    stop = Stopping()
    with signals_handled(stop, stop.set):  # a terminal that is closed hangs up
        engine = Engine(pages, home.database, alone=bool(options.pages))
        try:
            engine.poller.start()
            curses.wrapper(lambda window: _Watching(window, engine).run(stop))
        except curses.error as error:
            if _is_there():  # else nobody is left to be told
                raise UsageError(f"watch: this terminal cannot show it: {error}") from None
        finally:
            engine.stop()
    return 0


def _is_there() -> bool:
    """Whether the terminal is still one."""
    try:
        os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
    return True


class _Watching:
    """The screen, and what keys do to it."""

    def __init__(self, window: curses.window, engine: Engine) -> None:
        import curses

        self._curses = curses
        self._window = window
        self._engine = engine
        self._offset = 0
        self._looked = 0
        curses.curs_set(0)
        self._colours: dict[Impact, int] = {}
        if curses.has_colors():
            curses.use_default_colors()
            for number, (impact, name) in enumerate(_COLOURS.items(), 1):
                curses.init_pair(number, getattr(curses, f"COLOR_{name}"), -1)
                self._colours[impact] = curses.color_pair(number)
        window.timeout(REDRAW_MS)
        window.keypad(True)

    def run(self, stop: Stopping) -> None:
        at_once = 0
        while not stop.is_set() and at_once < GONE_AFTER:
            self._draw()
            began = time.monotonic()
            key = self._window.getch()
            # A terminal that is gone answers at once, again and again, that there is no key.
            at_once = at_once + 1 if key == -1 and time.monotonic() - began < REDRAW_MS / 2000 else 0
            if key in (ord("q"), ord("Q")):
                return
            self._obey(key)
            self._looked += 1
            if self._looked % (1000 // REDRAW_MS) == 0:
                self._engine.look_around()

    def _obey(self, key: int) -> None:
        height = self._window.getmaxyx()[0]
        moves = {
            self._curses.KEY_DOWN: 1,
            ord("j"): 1,
            self._curses.KEY_UP: -1,
            ord("k"): -1,
            self._curses.KEY_NPAGE: height - 2,
            ord(" "): height - 2,
            self._curses.KEY_PPAGE: 2 - height,
            self._curses.KEY_HOME: -1_000_000,
            self._curses.KEY_END: 1_000_000,
        }
        self._offset += moves.get(key, 0)
        if key in (ord("c"), ord("C")):
            self._engine.poller.check_now()

    def _draw(self) -> None:
        from ..poller.loop import utc_now

        self._fit()
        height, width = self._window.getmaxyx()
        now, overview = utc_now(), self._engine.overview()
        lines = screen(overview, self._engine.recent(), now, width - 1)
        room = max(1, height - 1)
        self._offset = max(0, min(self._offset, len(lines) - room))
        self._window.erase()
        for row, line in enumerate(lines[self._offset : self._offset + room]):
            self._put(row, line, width)
        checked = max((view.state.checked_at for view in overview.pages if view.state.checked_at), default=None)
        last = f"checked {ago(now - checked)}" if checked else "not checked yet"
        more = f"{self._offset + 1}–{min(len(lines), self._offset + room)} of {len(lines)}"
        self._put(height - 1, Line(f"{KEYS}  ·  {last}  ·  {more}"[: width - 1]), width, self._curses.A_REVERSE)
        self._window.refresh()

    def _fit(self) -> None:
        """Take the terminal's size as it is now, whether or not somebody told of a change."""
        try:
            columns, rows = os.get_terminal_size(sys.stdout.fileno())
        except (OSError, ValueError):
            return
        if (rows, columns) != self._window.getmaxyx() and self._curses.is_term_resized(rows, columns):
            self._curses.resizeterm(rows, columns)

    def _put(self, row: int, line: Line, width: int, style: int = 0) -> None:
        style |= self._curses.A_BOLD if line.strong else 0
        style |= self._colours.get(line.impact, 0) if line.impact else 0
        try:
            self._window.addnstr(row, 0, line.text, max(1, width - 1), style)
        except (self._curses.error, ValueError):
            return  # a screen that became smaller meanwhile, or a letter wider than its room
