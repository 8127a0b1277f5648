"""`bar`: how the pages stand, for status bars, from what the history holds; the network is never asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ..core.bars import FILTER, FORMATS, Bar, bar_of, failed_bar
from ..core.bars.lines import with_block
from ..core.model import Page, Reading
from ..core.view import Overview, look
from ..errors import TrayStatusError, UsageError
from ..home import Home, home_of
from .history import add_page_option
from .printing import note, say

LOOK_EVERY = 1.0
"""Seconds between two looks whether the history or the settings were changed; each costs a few `stat`."""

AGES_EVERY = 30.0
"""Seconds after which all is looked at anew: what is known grows old by itself."""

EXAMPLES = """\
examples:
  tray-status bar waybar --follow      a line at each change, for a module without an interval
  tray-status bar tmux                 in a status line: #(tray-status bar tmux)
  i3status | tray-status bar i3status  what i3status writes, with one block more

Reads what a running Tray Status wrote, and asks nobody else. Where none runs, and what is known is old, it says so
and is never green. It exits with 0 whatever it shows, for most bars hide what fails.
"""


def register(commands: Any) -> None:
    """Add the parser."""
    bar = commands.add_parser(
        "bar",
        help="how the pages stand, for a status bar",
        description="How the pages stand, in the form that a status bar reads.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    bar.add_argument("format", choices=sorted((*FORMATS, FILTER)), metavar="BAR", help=", ".join((*FORMATS, FILTER)))
    bar.add_argument("pages", nargs="*", metavar="PAGE", help="these pages only (names or addresses)")
    add_page_option(bar)
    bar.add_argument("--follow", action="store_true", help="go on, and print anew at each change")
    bar.set_defaults(run=_bar)


def _bar(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    known = _Known(home_of(options, environment), (*options.pages, *options.page))
    if options.format == FILTER:
        return _filter(known)
    wanted = FORMATS[options.format]
    if options.follow and not wanted.follows:
        raise UsageError(f"--follow: {options.format} runs the command anew each time; leave it out")
    shown = wanted.write(known.bar())
    say(shown)
    return _follow(known, options.format, shown) if options.follow else 0


def _follow(known: _Known, name: str, shown: str) -> int:
    from ..system.standing_by import wait_while_read

    while wait_while_read(sys.stdout, LOOK_EVERY):
        text = FORMATS[name].write(known.bar())
        if text != shown:
            shown = text
            say(text)
    return 0


def _filter(known: _Known) -> int:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(f"bar {FILTER}: nothing is piped in; use it as `i3status | tray-status bar {FILTER}`")
    for line in iter(sys.stdin.readline, ""):
        say(with_block(line.rstrip("\n"), known.bar()))
    return 0


class _Known:
    """What the history holds of some pages, looked at anew where it or the settings changed, and now and then."""

    def __init__(self, home: Home, wanted: Sequence[str]) -> None:
        from ..surroundings import FileWatch

        self._home = home
        self._wanted = tuple(wanted)
        wal = home.database.with_name(f"{home.database.name}-wal")
        self._files = [FileWatch(path) for path in (home.settings_path, home.database, wal)]
        self._bar: Bar | None = None
        self._told = ""

    def bar(self) -> Bar:
        """What a bar shows now; what cannot be looked at is shown as that."""
        now = datetime.now(timezone.utc).astimezone()
        changed = [each.changed() for each in self._files]
        if self._bar is None or any(changed) or (now - self._bar.now).total_seconds() >= AGES_EVERY:
            self._bar = self._looked_at(now)
        return self._bar

    def _looked_at(self, now: datetime) -> Bar:
        try:
            pages = self._home.pages(self._wanted)
            bar = self._stored(pages, now)
        except TrayStatusError as error:
            if str(error) != self._told:
                note(f"tray-status: {error}")
            self._told = str(error)
            return failed_bar(str(error), now)
        self._told = ""
        return bar

    def _stored(self, pages: Sequence[Page], now: datetime) -> Bar:
        from ..store import Store

        store = Store.open(self._home.database, read_only=True)
        try:
            overview = look([store.state(page) for page in pages], now)
            return bar_of(overview, store.wishes.all(), now, polled=self._is_polled(store, overview))
        finally:
            store.close()

    def _is_polled(self, store: Any, overview: Overview) -> bool:
        """Whether every page that was not read lately has a process that polls it."""
        old = {each.page.id for each in overview.pages if each.reading in (Reading.STALE, Reading.NEVER)}
        if not old:
            return True
        from ..system.owner import Owner

        onlooker = Owner(self._home.database.parent, onlooker=True)
        return old <= set(store.claims.of_others(onlooker.token, onlooker.is_alive))
