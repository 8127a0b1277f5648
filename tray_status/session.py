"""One run of the program: engine, console, and what its mode shows beside them; from the banner to the end."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from .config.file import SettingsHere
from .core.attention import Rules
from .core.model import Page
from .core.wording import OFFLINE_LINE, ONLINE_LINE, count, following_line, incident_line
from .engine import CLAIM_EVERY, LOOK_EVERY, TOLD, Engine
from .errors import NotPrinted, StoreError, UsageError
from .outputs.console import Console
from .outputs.feeding import Feeding
from .outputs.jsonl import JsonLines
from .outputs.stream import LastingStream
from .poller.loop import utc_now
from .standing import Standing
from .surroundings import FileWatch, Surroundings
from .system.login import StartAtLogin
from .system.owner import Turns
from .system.service import ServiceManager
from .system.signals import Stopping
from .web.on_demand import OnDemand, Serving

if TYPE_CHECKING:
    from .desktop import Desktop
    from .outputs.couriers import Locks
    from .outputs.target import Target
    from .outputs.webhooks.webhook import Post
    from .web.site import Site

log = logging.getLogger(__name__)

LISTING_PATIENCE = 30.0
"""Seconds that the listing waits for pages that do not answer; what they tell later is told then."""

NAMES_PATIENCE = 3.0
"""Seconds that the banner waits for the names of pages that were given by address only."""

OTHERS_PATIENCE = 5.0
"""Seconds that a second start waits for the first reading of the one that just started."""

SHOWN = "notices.json"
"""The file beside the history that says which notices are on the screen."""

NOTICES = "notices"
"""What the one process of a home has that shows notices."""

NO_PAGE_READ = 3


@dataclass(frozen=True, slots=True)
class Watched:
    """What one run watches, and where that is remembered."""

    pages: Callable[[], Sequence[Page]]
    """Reads the settings anew. Raises UsageError."""
    database: Path | None = None
    """None keeps the history in memory."""
    settings: Path | None = None
    """The file whose changes are taken up while running."""
    named: bool = False
    """Whether the pages were named for this run, and are not those of the settings."""
    rules: Callable[[], Rules] = Rules
    """What the settings say of notices; read anew. Raises UsageError."""
    login: Callable[[], StartAtLogin] | None = None
    """Gives the switch for the start at login; None where the menu has none."""
    targets: Callable[[Post], Sequence[Target]] = lambda _post: ()
    """The hooks and webhooks of the settings, given what the latter send by; read anew. Raises UsageError."""


class Session:
    """One run of the program, from the banner to the end. Raises UsageError where the settings cannot be used."""

    def __init__(
        self, watched: Watched, stop: Stopping, *, once: bool = False, json: bool = False, verbose: bool = False
    ) -> None:
        self.stop = stop
        self.once = once
        self.json = json
        self._read_pages = watched.pages
        self._read_rules = watched.rules
        self.rules = self._read_rules()
        self._named = watched.named
        self._folder = watched.database.parent if watched.database else None
        self._shown = self._folder / SHOWN if self._folder else None
        self._login = watched.login
        self._settings = FileWatch(watched.settings) if watched.settings else None
        self._fresh = watched.database is not None and not watched.named and not watched.database.exists()
        """Whether this is the very first run with this history."""
        self.engine = Engine(self._read_pages(), watched.database, alone=watched.named)
        self.engine.kept = self.rules.kept
        stdout, stderr = (LastingStream(each, self._reader_left) for each in (sys.stdout, sys.stderr))
        self._events = stdout
        self._only_prints = False
        self.console = Console(stderr if json else stdout, self.engine.pages, now=utc_now, verbose=verbose)
        self.engine.on_trouble = self.console.tell
        self.status_page = OnDemand(self._serve_on_demand)
        self._polled_events = self.engine.started_after
        self._rounds = 0
        self._turns = Turns(self.engine.owner, CLAIM_EVERY)
        self._manager = ServiceManager()
        stop.then(self._manager.stopping)
        self._read_targets = lambda: watched.targets(self.engine.fetcher.post)
        self._feeding = Feeding(self.engine.store, self.engine.place, self._locks, self._read_targets)
        self._followed_check: datetime | None = None
        self._offline = False
        self._standing = Standing(self._folder) if self._folder and not watched.named and not once else None
        if self._standing is not None:
            self.engine.store.on_growth(self._standing.stir)
        self._surroundings = Surroundings(self.look_around, LOOK_EVERY)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all of it, well within a second."""
        self.stop.set()
        self._surroundings.close()
        if self._standing is not None:
            self._standing.end()
        self.status_page.close()
        self.console.end()
        self._feeding.stop()
        self.engine.stop()

    def run_console(self) -> int:
        """Terminal output until stopped. Raises NotPrinted where that cannot be written, as on a full disk."""
        self._only_prints = True
        self.begin("Console Mode")
        code = self._keep_on()
        self.fail_where_nothing_was_printed()
        return code

    def fail_where_nothing_was_printed(self) -> None:
        """Raise NotPrinted where standard output could not be written to, unless it was for want of a reader."""
        if self._events.trouble:
            raise NotPrinted(f"standard output cannot be written to: {self._events.trouble}")

    def run_serve(self, host: str, port: int) -> int:
        """The status page in the browser, and terminal output, until stopped."""
        from .web.hosts import is_loopback
        from .web.server import Server

        site = self.site()
        with Server(site, host, port) as server:
            lines = [f"Status page: {server.url}"]
            if not is_loopback(host):
                asked = f"who need a password (any user name): {site.key.where}"
                lines.append(f"It listens on {host}, for others too, {asked}.")
            self.begin("Server Mode", *lines)
            return self._keep_on()

    def _reader_left(self) -> None:
        """Nobody reads what is printed any more: the end of a run that does nothing else."""
        if self._only_prints:
            self.stop.set()

    def _keep_on(self) -> int:
        while not self.stop.wait(1.0 if self.console.has_bottom_line else None):
            self.console.tick(self.engine.next_check(), checked=self.engine.all_checked())
        return 0

    def _serve_on_demand(self) -> Serving:
        from .web.server import Server

        return Server(self.site(), "127.0.0.1", 0)

    def site(self) -> Site:
        """What the status page shows, and what can be done there. Raises UsageError for a password that is none."""
        from .acting import Acting
        from .web.key import key_of
        from .web.site import Site

        acting = Acting(self.engine, self.check_now, self._settings_here, self._read_targets)
        return Site(self.engine, acting, key_of(self._folder, os.environ))

    @property
    def _settings_here(self) -> SettingsHere | None:
        file = self._settings
        return SettingsHere(file.path, lambda: self.rules, self.look_around) if file else None

    def look_around(self) -> None:
        """Take up what changed around this process."""
        if self._settings and self._settings.changed():
            self._take_up_settings()
        self.engine.look_around()
        self._turns.look()
        self._look_at_followed()
        self._look_at_network()
        self._note_standing()
        self.status_page.close_unused()
        for words in self._feeding.look_around():
            self.engine.on_trouble(words)
        if self.engine.poller.is_alive:
            self._manager.alive()

    def _note_standing(self) -> None:
        """Leave what the icon shows for who must not ask further, while this process polls."""
        standing, engine, now = self._standing, self.engine, utc_now()
        if standing is not None and engine.poller.pages and engine.all_checked() and standing.is_due(now):
            standing.note(engine.overview(), engine.wishes(), now)

    def _look_at_followed(self) -> None:
        """Where another process polls all pages: say so when its polls brought nothing."""
        if self.engine.poller.pages or not self.engine.followed:
            return
        try:
            checked, last = self.engine.last_check(), self.engine.store.last_seq()
        except StoreError as error:
            log.info("Whether a poll brought something has to wait: %s", error)
            return
        if checked != self._followed_check:
            if self._followed_check is not None and last == self._polled_events:
                self.console.unchanged()
            self._followed_check, self._polled_events = checked, last

    def _look_at_network(self) -> None:
        """Say that this computer is offline, and that it is no longer: no event of any page, and no notice."""
        if self.engine.poller.offline is not self._offline:
            self._offline = not self._offline
            self.console.tell(OFFLINE_LINE if self._offline else ONLINE_LINE)

    def _take_up_settings(self) -> None:
        """Watch what the settings name now; where they cannot be used, the last good ones stay in force."""
        if self._settings and self._settings.is_blank:
            self.console.tell(
                f"The settings {self._settings.path} are gone, or empty; the last good ones stay."
                " `tray-status config edit` writes them anew."
            )
            return
        try:
            pages, self.rules = tuple(self._read_pages()), self._read_rules()
            self.engine.kept = self.rules.kept
            self._feeding.take_up()
            if pages == self.engine.pages:
                return
            self.engine.watch(pages)
        except (UsageError, StoreError) as error:
            self.console.tell(f"The settings were changed and cannot be used; the last good ones stay. {error}")
            return
        self.console.watch(pages)
        names = ", ".join(page.name for page in pages[:10]) + (" and more" if len(pages) > 10 else "")
        self.console.tell(f"The settings were changed. Watching {count(len(pages), 'page')}: {names}")

    def _locks(self) -> Locks:
        from .outputs.couriers import Locks

        owner = self.engine.owner
        return Locks(owner.take, owner.give_back) if owner else Locks()

    def check_now(self) -> None:
        """Read the settings anew, poll at once, and try again what hooks and webhooks did not take."""
        self.console.tell("Checking all pages now.")
        self.look_around()
        self._feeding.retry_now()
        self.engine.poller.check_now()

    def run_tray(self) -> int:
        """The icon, notices and the console's mirror; without a tray, all but the icon."""
        if self.engine.owner and not self.engine.owner.take("tray"):
            return self._beside_the_other()
        from .desktop import Desktop

        engine, poller = self.engine, self.engine.poller
        login = self._login() if self._login else None
        settings = self._settings_here
        show_page, say = self.status_page.url, self.console.say
        with Desktop(engine, self.check_now, show_page, self.stop, say, login, settings) as desktop:
            desktop.when_session_ends(self._session_ended)
            engine.on_trouble = desktop.tell_trouble
            self._turns.when_mine(NOTICES, lambda: self._feed_notices(desktop))
            desktop.show_icon()
            if self._fresh:
                desktop.greet([page.name for page in engine.pages])
            poller.on_poll(desktop.stir)
            engine.store.on_growth(desktop.news_came)
            self.begin_in_background("Tray")
            desktop.run()
            engine.delivery.stop()  # while notices can still be shown
        return 0

    def run_headless(self) -> int:
        """Terminal output until stopped, and notices where a desktop is near; for services."""
        from .system.session_bus import has_address

        engine = self.engine
        with ExitStack() as ending:
            if has_address() or sys.platform in ("win32", "darwin"):
                from .desktop import Desktop

                desktop = Desktop(engine, self.check_now, self.status_page.url, self.stop, self.console.say)
                ending.enter_context(desktop)
                engine.on_trouble = desktop.tell_trouble
                self._turns.when_mine(NOTICES, lambda: self._feed_notices(desktop))
                desktop.stay_unseen()
                engine.store.on_growth(desktop.stir)
            self.begin_in_background("Service Mode")
            self._keep_on()
            engine.delivery.stop()  # while notices can still be shown
        return 0

    def _feed_notices(self, desktop: Desktop) -> None:
        """Show notices from now on, where there can be any."""
        from .outputs.notifications import Person

        engine, store = self.engine, self.engine.store
        person = Person(
            lambda: engine.pages, engine.wishes, lambda: self.rules, usual=engine.usual, tongue=lambda: desktop.tongue
        )
        notices = desktop.notices(store, store.wishes, person, engine.delivery.wake, self._shown)
        if notices is not None:
            engine.feed(notices, after=engine.place(notices.name), kept=True)

    def _session_ended(self) -> None:
        """The desktop is gone, as after a log-out: the next session's icon is another process's.

        Where nobody reads what is printed either, nobody is left to be told anything.
        """
        if self.engine.owner:
            self.engine.owner.give_back("tray")
            self.engine.owner.give_back(NOTICES)
        if not self._events.may_be_read():
            self.stop.set()

    def _beside_the_other(self) -> int:
        """Another process has this home's tray: show what it knows, and leave the rest to it.

        Pages that were named here, and that it does not watch, are watched on this console.
        """
        self.console.say("Tray Status is running already; its icon is in the tray.")
        if self._named and self.engine.poller.pages:
            return self.run_console()
        others = self.engine.pages_of_others()
        if others:
            self.engine.watch(others)
            self.console.watch(others)
        self._wait_for_round(OTHERS_PATIENCE)
        self.console.say("What it knows:")
        self.console.listing(self.engine.overview())
        past = [incident_line(*row) for row in self.engine.recent() if not row[1].is_open]
        if past:
            self.console.say("\n".join(("Lately:", *past)))
        return 0

    def begin_in_background(self, title: str) -> None:
        """As `begin`, on a thread of its own. Whatever goes wrong with the listing, events are told."""

        def begin() -> None:
            try:
                self.begin(title)
            except StoreError as error:
                self.console.say(f"What is open cannot be listed now: {error}.")
            except Exception:
                log.exception("The start failed; this is a fault of Tray Status, please report it")
            finally:
                self.engine.delivery.start()

        threading.Thread(target=begin, name="tray-status begin", daemon=True).start()

    def begin(self, title: str, *lines: str) -> None:
        """Start polling; banner, what happened while away, what is open; then feed every output."""
        engine, poller = self.engine, self.engine.poller
        if not self.once and (words := self._feeding.begin()):
            self.console.say(words)
        poller.on_poll(self._polled)
        poller.start()
        self._manager.ready(f"Watching {count(len(engine.pages), 'page')}")
        if not all(page.named for page in engine.pages):
            self._wait_for_round(NAMES_PATIENCE)
        pages = {state.page.id: state.page for state in engine.states()}
        self.console.begin(list(pages.values()), title)
        for note in (*lines, *engine.notes):
            self.console.say(note)
        if followed := engine.followed:
            self.console.say(following_line([pages[page.id] for page in followed]))
        self._wait_for_round(None if self.once else LISTING_PATIENCE)
        if self.stop.is_set():
            return
        end, news = engine.untold(TOLD)
        if self.json:
            output = JsonLines(self._events)
            engine.feed(output, after=engine.place(TOLD), kept=True)
            self.console.listing(engine.overview())
        else:
            self.console.away(news)
            self.console.listing(engine.overview())
            engine.feed(self.console, after=end, kept=True)
            engine.told(TOLD, end)
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
        try:
            rounds, last = self.engine.poller.rounds, self.engine.store.last_seq()
        except StoreError as error:
            log.info("Whether a poll brought something has to wait: %s", error)
            return
        if rounds > self._rounds:
            if self._rounds > 0 and last == self._polled_events:
                self.console.unchanged()
            self._rounds, self._polled_events = rounds, last
