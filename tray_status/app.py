"""Wires the parts for each mode and owns the main thread: start, signals, stop."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from .config import choose_pages, load_settings, read_interval
from .core.model import Page
from .engine import TOLD, Engine
from .errors import UsageError
from .outputs.console import Console, standard_stream
from .outputs.jsonl import JsonLines
from .poller.loop import utc_now
from .system.folders import find_folders
from .system.signals import Stopping, signals_handled

LISTING_PATIENCE = 30.0
"""Seconds that the listing waits for pages that do not answer; what they tell later is told then."""

NAMES_PATIENCE = 3.0
"""Seconds that the banner waits for the names of pages that were given by address only."""

NO_PAGE_READ = 3


def run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run the mode that the options name; returns the exit code. Raises TrayStatusError with words for the person."""
    interval = read_interval(options.interval, "--interval") if options.interval is not None else None
    if options.demo:
        if options.page:
            raise UsageError("--demo has pages of its own; leave out --page")
        return _run_demo(options)
    folders = find_folders(environment)
    settings = load_settings(options.config or folders.settings, must_exist=options.config is not None)
    pages = choose_pages(settings, tuple(options.page), environment, interval)
    return _run_mode(options, pages, folders.database)


def _run_demo(options: argparse.Namespace) -> int:
    from .demo.host import DemoHost

    host = DemoHost()
    host.start()
    try:
        return _run_mode(options, host.pages, None)
    finally:
        host.close()


def _run_mode(options: argparse.Namespace, pages: Sequence[Page], database: Path | None) -> int:
    stop = Stopping()
    engine = Engine(pages, database)
    session = Session(engine, options, stop)
    with signals_handled(stop, engine.poller.check_now):
        try:
            if options.console or options.once:
                return session.run_console()
            return session.run_tray()
        finally:
            session.console.end()
            engine.stop()


class Session:
    """One run of the program, from the banner to the end."""

    def __init__(self, engine: Engine, options: argparse.Namespace, stop: Stopping) -> None:
        self.engine = engine
        self.stop = stop
        self.once: bool = options.once
        self.json: bool = options.json
        stdout, stderr = standard_stream(sys.stdout), standard_stream(sys.stderr)
        self._events: TextIO = stdout
        self.console = Console(
            stderr if self.json else stdout, engine.poller.pages, now=utc_now, verbose=options.verbose
        )
        self._told = engine.started_after
        self._polled_events = engine.started_after
        self._rounds = 0

    def run_console(self) -> int:
        """Terminal output until stopped; with `--once`, one round."""
        self.begin("Console Mode")
        if self.once:
            return 0 if self.engine.poller.any_read or self.stop.is_set() else NO_PAGE_READ
        while not self.stop.wait(1.0 if self.console.has_bottom_line else None):
            self.console.tick(self.engine.poller.next_check(), checked=self.engine.poller.rounds > 0)
        return 0

    def run_tray(self) -> int:
        """The icon, notices and the console's mirror; without a tray, all but the icon."""
        from .desktop import Desktop

        engine, poller = self.engine, self.engine.poller
        with Desktop(engine.overview, engine.recent, poller.check_now, self.stop, self.console.say) as desktop:
            notices = desktop.notices()
            if notices is not None:
                after = engine.store.cursor(notices.name)
                engine.feed(notices, after=engine.started_after if after is None else after, kept=True)
            desktop.show_icon()
            poller.on_poll(desktop.refresh)
            engine.store.on_growth(desktop.refresh)
            threading.Thread(target=self.begin, args=("Tray",), name="tray-status begin", daemon=True).start()
            desktop.run()
        return 0

    def begin(self, title: str) -> None:
        """Start polling; banner, what happened while away, what is open; then feed every output."""
        engine, poller = self.engine, self.engine.poller
        poller.on_poll(self._polled)
        poller.start()
        if not all(page.named for page in poller.pages):
            self._wait_for_round(NAMES_PATIENCE)
        self.console.begin([state.page for state in poller.states()], title)
        for note in engine.notes:
            self.console.say(note)
        self._wait_for_round(None if self.once else LISTING_PATIENCE)
        if self.stop.is_set():
            return
        end, news = engine.untold(TOLD)
        if self.json:
            output = JsonLines(self._events)
            cursor = engine.store.cursor(TOLD)
            engine.feed(output, after=engine.started_after if cursor is None else cursor, kept=False)
            self.console.listing(engine.overview())
        else:
            self.console.away(news)
            self.console.listing(engine.overview())
            engine.feed(self.console, after=end, kept=True)
        engine.store.move_cursor(TOLD, end)
        if self.once:
            engine.delivery.deliver_due()
        else:
            engine.delivery.start()

    def _wait_for_round(self, patience: float | None) -> None:
        """Wait for the first round, or until stopped."""
        waited = 0.0
        while not self.stop.is_set() and (patience is None or waited < patience):
            if self.engine.poller.wait_for_round(1, 0.2):
                return
            waited += 0.2

    def _polled(self) -> None:
        """After each poll of a page: say so where a whole round brought nothing."""
        rounds, last = self.engine.poller.rounds, self.engine.store.last_seq()
        if rounds > self._rounds:
            if self._rounds > 0 and last == self._polled_events:
                self.console.unchanged()
            self._rounds, self._polled_events = rounds, last
