"""The desktop's side of the program: the icon with its tooltip and menu, kept up to date, and the notices."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import webbrowser
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from .config.file import SettingsHere
from .core.events import Event
from .core.language import Tongue, speaking, tr
from .core.model import Impact, Incident, Page
from .core.notice import Notice
from .core.notice_words import greeting
from .core.view import Overview
from .core.wishes import Wished, attended, fulfilled, is_stale
from .core.wording import tooltip
from .errors import NotDelivered, NoTray, StoreError
from .outputs.notifications import (
    NO_SERVICE,
    Diary,
    Memory,
    NoNotifier,
    Notices,
    Notifier,
    Person,
    choose_notifier,
)
from .poller.loop import utc_now
from .system.clipboard import find_clipboard
from .system.language import AUTO, tongue_of
from .system.login import StartAtLogin
from .system.session_bus import NoBus, SessionBus
from .system.signals import Stopping
from .tray.art import SIZES, Look, Theme, draw
from .tray.backends import choose_icon, no_host_words
from .tray.choosing import Choosing
from .tray.face import Face
from .tray.menu import RECENT_LIMIT, Choice, Do, Shown, build
from .tray.news import News, is_unread
from .tray.pressing import choice_of

log = logging.getLogger(__name__)


LOOK_AGAIN = 20.0
"""Seconds after which the icon is brought up to date though nothing was heard: what stands still must turn grey."""

SHARE = 20
"""Bringing it up to date takes at most one part in so many of one core, however many pages poll."""

MANY = 50
"""Recent incidents beyond those that are shown, in case that these are open and stand elsewhere in the menu."""

SAID_LATELY = 900.0
"""Seconds within which the same words raise no second notice."""


NO_SESSION = (
    "Neither an icon nor notices can be shown: there is no desktop session here (no session bus, no display)."
    " Start it inside one; all else goes on."
)


class Source(Protocol):
    """Where the icon gets what it shows. Each method may raise StoreError."""

    def overview(self) -> Overview: ...
    def recent(self, limit: int = 10) -> list[tuple[Page, Incident]]: ...
    def wishes(self) -> list[Wished]: ...
    def wish(self, wishes: Sequence[Wished]) -> None: ...
    def take_back(self, wishes: Sequence[Wished]) -> None: ...
    def unseen(self) -> list[Event]: ...
    def note_seen(self) -> None: ...


class Desktop:
    """Shows how things stand until stopped. Use as a context manager; `run` belongs to the main thread."""

    def __init__(
        self,
        source: Source,
        check_now: Callable[[], None],
        status_page: Callable[[], str],
        stopping: Stopping,
        say: Callable[[str], None],
        login: StartAtLogin | None = None,
        settings: SettingsHere | None = None,
    ) -> None:
        self._source = source
        self._check_now = check_now
        self._stopping = stopping
        self._say = say
        self._settings = settings
        self._news = News(source)
        plain = {Do.CHECK_NOW: check_now, Do.QUIT: stopping.set, Do.TEST_NOTIFICATION: self._test}
        self._choosing = Choosing(source, plain, _open, status_page, self._tell, login, settings, find_clipboard())
        self._bus: SessionBus | None = None
        self._icon: Any = None
        self._notifier: Notifier | None = None
        self._notices: Notices | None = None
        self._face: Face | None = None
        self._told_no_host = False
        self._without_session = False
        """Whether nothing of a desktop is near: said once, of icon and notices together."""
        self._troubles: dict[str, float] = {}
        self._lock = threading.Lock()
        self._stirred = threading.Event()
        self._ended = threading.Event()
        self._display = threading.Thread(target=self._keep_up, name="tray-status display", daemon=True)

    def __enter__(self) -> Desktop:
        try:
            self._bus = SessionBus.connect()
        except NoBus as error:
            log.info("%s", error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._stirred.set()
        if self._display.is_alive():
            self._display.join(0.3)
        if self._bus is not None:
            self._bus.close()

    def when_session_ends(self, ended: Callable[[], None]) -> None:
        """Have `ended` called, on a thread of its own, when the session bus goes away while the program runs."""
        if self._bus is not None:
            self._bus.on_loss(
                lambda: threading.Thread(target=ended, name="tray-status session end", daemon=True).start()
            )

    def notices(
        self, memory: Memory, diary: Diary, person: Person, came: Callable[[], None], shown: Path | None = None
    ) -> Notices | None:
        """The output for desktop notices; None, once told why, where there can be none.

        `memory` keeps what is told later, `diary` what was reminded of, and the file `shown` which notice is on the
        screen, for the next run. `came` is called when a notification service comes later: some notices may wait.
        """
        try:
            self._notifier = choose_notifier(self._bus, _open, shown)
        except NoNotifier as error:
            self._without_session = self._bus is None and not os.environ.get("DISPLAY")
            if not self._without_session:
                self._say(str(error))
            return None
        self._notifier.came = came
        if not self._notifier.available():
            self._say(NO_SERVICE)
        backend: Any = self._notifier
        if hasattr(backend, "picture"):
            backend.picture = lambda impact: draw(Look(impact), 48)
            backend.pressed, backend.heard = self._pressed, lambda: person.rules().sounds
        self._notices = Notices(self._notifier, memory, diary, person, monotonic=time.monotonic, now=utc_now)
        return self._notices

    @property
    def tongue(self) -> Tongue:
        """The language that icon, menu and notices speak."""
        return tongue_of(self._settings.rules().language if self._settings else AUTO)

    def greet(self, names: Sequence[str]) -> None:
        """Say once, at the very first start, what is watched and where the icon is. Raises nothing."""
        if self._notifier is not None:
            with contextlib.suppress(NotDelivered), speaking(self.tongue):
                self._notifier.show(greeting(names, tray=self._icon is not None))

    def _pressed(self, button: str, key: str) -> None:
        """A button on a notice: as the menu's entry; what the person knows of now need not stay on the screen."""
        choice = choice_of(button, key)
        if choice is None or (choice is Do.SWITCH_LOGIN and self._choosing.asked[choice]()):
            return
        self._chosen(choice)
        if self._notifier is not None:
            self._notifier.withdraw(key)

    def show_icon(self) -> None:
        """Make the icon. Where none can be shown, say so once, with the cure; all else goes on."""
        try:
            make = choose_icon(self._bus, self._host_changed)
        except NoTray as error:
            self._say(NO_SESSION if self._without_session else str(error))
        else:
            self._icon = make("tray-status", icon=draw(Look(Impact.UNKNOWN), max(SIZES)), title="Tray Status")
            self._face = Face(self._icon)
            if hasattr(self._icon, "on_middle_click"):
                self._icon.on_middle_click = self._check_now
            if hasattr(self._icon, "on_menu"):
                self._icon.on_menu = self._menu_opened
            if hasattr(self._icon, "on_right_click"):  # which shows no menu
                self._icon.on_right_click = lambda: self._chosen(Do.STATUS_PAGE)
            self.refresh()
        self._display.start()

    def stay_unseen(self) -> None:
        """Go without an icon: notices alone are kept up to date."""
        self._display.start()

    def run(self) -> None:
        """Show the icon until the program stops. For the main thread."""
        if self._icon is not None:
            icon = self._icon
            self._stopping.then(lambda: _end(icon))
            try:
                icon.run()
            except Exception as error:  # noqa: BLE001 - pystray's backends raise what their libraries do
                log.warning("The tray icon cannot be shown: %s", str(error) or type(error).__name__)
        self._stopping.wait()

    def stir(self) -> None:
        """Have icon, tooltip and menu brought up to date soon; from any thread, and at once back."""
        self._stirred.set()

    def news_came(self) -> None:
        """As `stir`, where the log has grown."""
        self._news.grew()
        self.stir()

    def _keep_up(self) -> None:
        while not self._ended.is_set():
            self._stirred.clear()
            began = time.monotonic()
            try:
                self.refresh()
            except Exception:
                # A fault in what is shown must not end the thread that shows.
                log.exception("The icon could not be brought up to date; this is a fault of Tray Status")
            self._ended.wait(min(2.0, SHARE * (time.monotonic() - began)))
            self._stirred.wait(LOOK_AGAIN)

    def refresh(self) -> None:
        """Bring icon, tooltip and menu up to date; cheap where nothing changed."""
        try:
            overview, wishes = self._source.overview(), self._source.wishes()
            recent = self._source.recent(RECENT_LIMIT + min(len(overview.open_incidents), MANY))
            events, new = self._news.now()
        except StoreError as error:
            log.info("The icon has to wait, the log cannot be read: %s", error)
            return
        if self._notices is not None:
            self._notices.withdraw_old()
            self._notices.tell_held(overview)
        self._take_back(fulfilled(overview, wishes, utc_now()))
        if self._face is None:
            return
        with self._lock, speaking(self.tongue):
            now, face, choosing = utc_now(), self._face, self._choosing
            unread = is_unread(events, [view.page for view in overview.pages], wishes)
            theme = Theme(self._settings.rules().icon) if self._settings else Theme.AUTO
            look = _look(overview, wishes, now, theme, unread=unread)
            face.show_look(look)
            face.show_tooltip(*tooltip(overview, now, calm=look.impact is not overview.worst))
            shown = Shown(
                overview, now.astimezone(), tuple(recent), tuple(wishes), new, choosing.can_copy, choosing.switches()
            )
            face.show_menu(build(shown), self._chosen, choosing.asked)

    def _take_back(self, over: Sequence[Wished]) -> None:
        """Forget wishes that are fulfilled. Where that cannot be written they stay, and do no harm."""
        try:
            if over:
                self._source.take_back(over)
        except StoreError as error:
            log.info("What is fulfilled is forgotten later: %s", error)

    def _chosen(self, choice: Choice) -> None:
        """Do what an entry of the menu stands for; who chooses one has seen the menu."""
        self._news.note_seen()
        with speaking(self.tongue):
            self._choosing(choice)
        if not self._stopping.is_set():
            self.refresh()

    def _menu_opened(self, opened: bool) -> None:
        self._news.look(opened)
        self.stir()

    def _test(self) -> None:
        """Show how notices look here; `tray-status test-notification` shows one of each kind."""
        words = tr("This is how Tray Status tells what changed.")
        self._tell(Notice("test", tr("Tray Status: a test"), words, Impact.NOTICE, over=True))

    def tell_trouble(self, words: str) -> None:
        """Say what is no event of a page; with a notice too, though not again and again."""
        self._say(words)
        now = time.monotonic()
        if self._notifier is not None and now - self._troubles.get(words, -SAID_LATELY) >= SAID_LATELY:
            self._troubles[words] = now
            with contextlib.suppress(NotDelivered):
                self._notifier.show(Notice(f"trouble:{words}", "Tray Status", words, Impact.UNKNOWN))

    def _tell(self, notice: Notice) -> None:
        """As a notice, or on the console where there are none to be had."""
        try:
            if self._notifier is None:
                raise NotDelivered("there is no notification service")
            self._notifier.show(notice)
        except NotDelivered:
            self._say(f"{notice.title}\n{notice.body}")

    def _host_changed(self, present: bool) -> None:
        if not present and not self._told_no_host:
            self._told_no_host = True
            self._say(no_host_words())


def _look(overview: Overview, wishes: Sequence[Wished], now: datetime, theme: Theme, *, unread: bool) -> Look:
    impact, count = attended(overview, wishes, now)
    return Look(impact, count, overview.offline, unread, is_stale(overview, impact), theme)


def _end(icon: Any) -> None:
    icon.visible = False
    icon.stop()


def _open(url: str) -> None:
    """Open a page in the person's browser; the addresses were checked when they were read."""
    try:
        webbrowser.open(url)
    except (webbrowser.Error, OSError) as error:
        log.warning("No browser opens %s: %s", url, error)
