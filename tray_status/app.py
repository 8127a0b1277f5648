"""Wires the parts for each mode and owns the main thread: start, signals, stop."""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from .config import choose_pages, load_settings, read_interval
from .config.file import write_first
from .core.model import Page
from .core.wording import count, following_line
from .engine import TOLD, Engine
from .errors import SettingsError, StoreError, UsageError
from .outputs.console import Console, standard_stream
from .outputs.jsonl import JsonLines
from .poller.loop import utc_now
from .surroundings import FileWatch, Surroundings
from .system.folders import find_folders
from .system.signals import Stopping, signals_handled

log = logging.getLogger(__name__)

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
    path = options.config or folders.settings
    if options.config is None:
        _begin_settings(path)

    def read_pages() -> tuple[Page, ...]:
        settings = load_settings(path, must_exist=options.config is not None)
        return choose_pages(settings, tuple(options.page), environment, interval)

    return _run_mode(options, read_pages(), folders.database, path, read_pages)


def _begin_settings(path: Path) -> None:
    """Write the first settings; without any the defaults hold, so that it may fail."""
    try:
        if write_first(path):
            log.info("Settings were written to %s", path)
    except SettingsError as error:
        log.warning("No settings could be written, so OpenAI's page is watched: %s", error)


def _run_demo(options: argparse.Namespace) -> int:
    from .demo.host import DemoHost

    host = DemoHost()
    host.start()
    try:
        return _run_mode(options, host.pages, None)
    finally:
        host.close()


def _run_mode(
    options: argparse.Namespace,
    pages: Sequence[Page],
    database: Path | None,
    settings: Path | None = None,
    read_pages: Callable[[], Sequence[Page]] | None = None,
) -> int:
    stop = Stopping()
    engine = Engine(pages, database)
    session = Session(engine, options, stop)
    if settings is not None and read_pages is not None:
        session.follow_settings(settings, read_pages)
    surroundings = Surroundings(session.look_around)
    with signals_handled(stop, session.check_now):
        try:
            if options.console or options.once:
                return session.run_console()
            return session.run_tray()
        finally:
            surroundings.close()
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
        self.console = Console(stderr if self.json else stdout, engine.pages, now=utc_now, verbose=options.verbose)
        self._settings: FileWatch | None = None
        self._read_pages: Callable[[], Sequence[Page]] = lambda: engine.pages
        self._told = engine.started_after
        self._polled_events = engine.started_after
        self._rounds = 0

    def run_console(self) -> int:
        """Terminal output until stopped; with `--once`, one round."""
        self.begin("Console Mode")
        if self.once:
            return 0 if self.stop.is_set() or self.engine.any_read() else NO_PAGE_READ
        while not self.stop.wait(1.0 if self.console.has_bottom_line else None):
            self.console.tick(self.engine.poller.next_check(), checked=self.engine.poller.rounds > 0)
        return 0

    def follow_settings(self, path: Path, read_pages: Callable[[], Sequence[Page]]) -> None:
        """Take up changes of the settings file while running; `read_pages` reads it."""
        self._settings, self._read_pages = FileWatch(path), read_pages

    def look_around(self) -> None:
        """Take up what changed around this process."""
        if self._settings and self._settings.changed():
            self._take_up_settings()
        self.engine.look_around()

    def _take_up_settings(self) -> None:
        """Watch what the settings name now; where they cannot be used, the last good ones stay in force."""
        try:
            pages = tuple(self._read_pages())
            if pages == self.engine.pages:
                return
            self.engine.watch(pages)
        except (UsageError, StoreError) as error:
            self.console.say(f"The settings were changed and cannot be used; the last good ones stay. {error}")
            return
        self.console.watch(pages)
        names = ", ".join(page.name for page in pages[:10]) + (" and more" if len(pages) > 10 else "")
        self.console.say(f"The settings were changed. Watching {count(len(pages), 'page')}: {names}")

    def check_now(self) -> None:
        """Read the settings anew and poll at once."""
        self.look_around()
        self.engine.poller.check_now()

    def run_tray(self) -> int:
        """The icon, notices and the console's mirror; without a tray, all but the icon."""
        if self.engine.owner and not self.engine.owner.take("tray"):
            return self._tell_of_the_other()
        from .desktop import Desktop

        engine, poller = self.engine, self.engine.poller
        with Desktop(engine.overview, engine.recent, self.check_now, self.stop, self.console.say) as desktop:
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

    def _tell_of_the_other(self) -> int:
        """Another process has this home's tray: show what it knows, and leave the rest to it."""
        self.console.say("Tray Status is running already; its icon is in the tray. What it knows:")
        self.console.listing(self.engine.overview())
        return 0

    def begin(self, title: str) -> None:
        """Start polling; banner, what happened while away, what is open; then feed every output."""
        engine, poller = self.engine, self.engine.poller
        poller.on_poll(self._polled)
        poller.start()
        if not all(page.named for page in engine.pages):
            self._wait_for_round(NAMES_PATIENCE)
        pages = {state.page.id: state.page for state in engine.states()}
        self.console.begin(list(pages.values()), title)
        for note in engine.notes:
            self.console.say(note)
        if followed := engine.followed:
            self.console.say(following_line([pages[page.id] for page in followed]))
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
            if self.engine.wait_for_round(0.2):
                return
            waited += 0.2

    def _polled(self) -> None:
        """After each poll of a page: say so where a whole round brought nothing."""
        rounds, last = self.engine.poller.rounds, self.engine.store.last_seq()
        if rounds > self._rounds:
            if self._rounds > 0 and last == self._polled_events:
                self.console.unchanged()
            self._rounds, self._polled_events = rounds, last
