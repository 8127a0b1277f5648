"""A real panel and real notification daemons on a real screen: what they show is what we asked for.

Icons and pictures are of one loud colour each, and are looked for on pictures of the screen.
"""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.waiting import wait_until
from tray_status.core.model import Impact
from tray_status.core.notice import Notice
from tray_status.outputs.notifications import choose_notifier
from tray_status.system.session_bus import SessionBus
from tray_status.tray.backends import choose_icon
from tray_status.tray.pystray_base import import_pystray

from .bus import private_bus
from .daemon import NAME as NOTIFICATIONS
from .icons import IconRun, square
from .peer import Peer
from .requirements import require
from .screen import Screen, installed, screen
from .watcher import NAME as WATCHER

MAGENTA, CYAN = (255, 0, 255), (0, 255, 255)
SIZES = (16, 22, 24, 32, 48, 64)
NOTICE = Notice("incident:a:1", "Acme: new incident", "Errors <b>& more</b>", Impact.MAJOR, "https://example.com/1")


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A screen and a bus, which the test's own environment names too."""
    with private_bus(tmp_path, starts_services=True) as bus, screen(tmp_path, bus.address) as started:
        for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, started.environment[name])
        monkeypatch.delenv("PYSTRAY_BACKEND", raising=False)
        yield started


@pytest.fixture
def bus(shown: Screen) -> Iterator[SessionBus]:
    connected = SessionBus.connect()
    yield connected
    connected.close()


@pytest.fixture
def wait_for_name(shown: Screen):
    peer = Peer(shown.environment["DBUS_SESSION_BUS_ADDRESS"])
    yield lambda name: wait_until(lambda: peer.has_owner(name), f"nobody owns {name}", 30)
    peer.close()


def images(colour: tuple[int, int, int]):
    return {size: square((*colour, 255), size) for size in SIZES}


def test_xfces_panel_shows_the_icon_follows_it_and_opens_its_menu(shown, bus, wait_for_name):
    shown.start(require("xfce4-panel", "xfce4-panel xfconf"), "--disable-wm-check")
    wait_for_name(WATCHER)
    pystray = import_pystray()
    chosen: list[str] = []
    menu = pystray.Menu(
        pystray.MenuItem("First", lambda: chosen.append("first")),
        pystray.MenuItem("Second", lambda: chosen.append("second")),
    )
    run = IconRun(bus, menu=menu)
    try:
        run.icon.set_images(images(MAGENTA))
        place = shown.wait_for(MAGENTA)
        wait_until(lambda: run.hosts == [True], "that a host shows the icon")
        assert place[1] < 40, "the panel is at the top"

        run.icon.set_images(images(CYAN))
        assert shown.wait_for(CYAN) == place
        assert shown.find(MAGENTA) is None

        before = shown.picture()
        shown.click(place, button=3)
        wait_until(lambda: shown.changed_since(before) > 1000, "the menu")
        shown.press("Down", "Down", "Return")
        wait_until(lambda: chosen == ["second"], "the choice")
    finally:
        run.end()
    wait_until(lambda: shown.find(CYAN) is None, "the icon to go")


def test_news_move_nothing_in_a_menu_that_xfces_panel_has_open(shown, bus, wait_for_name):
    shown.start(require("xfce4-panel", "xfce4-panel xfconf"), "--disable-wm-check")
    wait_for_name(WATCHER)
    pystray = import_pystray()
    chosen: list[str] = []

    def menu(*labels: str):
        return pystray.Menu(*(pystray.MenuItem(label, lambda _, item: chosen.append(item.text)) for label in labels))

    run = IconRun(bus, menu=menu("First", "Second"))
    try:
        run.icon.set_images(images(MAGENTA))
        place = shown.wait_for(MAGENTA)
        before = shown.picture()
        shown.click(place, button=3)
        wait_until(lambda: shown.changed_since(before) > 1000, "the menu")
        shown.press("Down")
        for number in range(20):
            run.icon.menu = menu(*(f"New {each}" for each in range(number)), "First", "Second")
        assert shown.changed_since(before) > 1000, "it is still open"
        shown.press("Down", "Return")
        wait_until(lambda: chosen == ["Second"], "the choice")
        before = shown.picture()
        shown.click(place, button=3)
        wait_until(lambda: shown.changed_since(before) > 1000, "the menu")
        shown.press("Down", "Return")
        wait_until(lambda: chosen == ["Second", "New 0"], "the choice in the new menu")
    finally:
        run.end()


def test_dunst_shows_a_notice_replaces_it_in_place_and_takes_it_away(shown, bus, wait_for_name):
    dunstctl = require("dunstctl", "dunst")
    shown.start(require("dunst", "dunst"))
    wait_for_name(NOTIFICATIONS)
    notifier = show_and_replace(shown, bus)
    assert shown.output(dunstctl, "count", "displayed").split() == [b"1"]
    notifier.withdraw(NOTICE.key)
    wait_until(lambda: shown.find(CYAN) is None, "the notice to go")
    ((kept,),) = json.loads(shown.output(dunstctl, "history"))["data"]
    assert kept["summary"]["data"] == "Acme: resolved"
    assert kept["body"]["data"].endswith(html.escape(NOTICE.body))


def test_xfces_daemon_shows_a_notice_replaces_it_in_place_and_takes_it_away(shown, bus, wait_for_name):
    shown.start(installed("/usr/lib/*/xfce4/notifyd/xfce4-notifyd", "xfce4-notifyd"))
    wait_for_name(NOTIFICATIONS)
    notifier = show_and_replace(shown, bus)
    notifier.withdraw(NOTICE.key)
    wait_until(lambda: shown.find(CYAN) is None, "the notice to go")


def test_a_click_on_a_real_notice_opens_its_page(shown, bus, wait_for_name):
    shown.start(require("dunst", "dunst"))
    wait_for_name(NOTIFICATIONS)
    opened: list[str] = []
    notifier = choose_notifier(bus, opened.append)
    notifier.picture = lambda _impact: square((*MAGENTA, 255), 48)
    notifier.show(NOTICE)
    shown.click(shown.wait_for(MAGENTA), button=2)  # dunst's own settings act on the middle button
    wait_until(lambda: opened == [NOTICE.url], "the page")


def show_and_replace(shown: Screen, bus: SessionBus):
    """Show a magenta notice, then its cyan successor, which stands alone on the screen afterwards."""
    notifier = choose_notifier(bus, lambda _url: None)
    notifier.picture = lambda impact: square((*(CYAN if impact is Impact.NONE else MAGENTA), 255), 48)
    notifier.show(replace(NOTICE, impact=Impact.CRITICAL))
    place = shown.wait_for(MAGENTA)
    notifier.show(replace(NOTICE, title="Acme: resolved", over=True))
    assert abs(shown.wait_for(CYAN)[1] - place[1]) < 20
    assert shown.find(MAGENTA) is None
    return notifier


def test_an_old_icon_in_the_panel_hears_each_button(shown, bus, wait_for_name, monkeypatch):
    """Through XEmbed, as panels without StatusNotifierItems have it."""
    monkeypatch.setenv("PYSTRAY_BACKEND", "xorg")
    shown.start(require("xfce4-panel", "xfce4-panel xfconf"), "--disable-wm-check")
    wait_for_name(WATCHER)
    pystray = import_pystray()
    heard: list[str] = []
    menu = pystray.Menu(pystray.MenuItem("Default", lambda: heard.append("left"), default=True))
    icon = choose_icon(None, lambda _present: None)("bench", square((*MAGENTA, 255), 64), "bench", menu)
    icon.on_middle_click = lambda: heard.append("middle")
    icon.on_right_click = lambda: heard.append("right")
    thread = threading.Thread(target=icon.run, daemon=True)
    thread.start()
    try:
        place = shown.wait_for(MAGENTA)
        for button, word in ((1, "left"), (2, "middle"), (3, "right")):
            shown.click(place, button)
            wait_until(lambda word=word: word in heard, word)
        assert heard == ["left", "middle", "right"]
    finally:
        icon.stop()
        thread.join(5)
