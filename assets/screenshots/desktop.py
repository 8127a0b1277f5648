"""Writes `desktop.png` and `terminal.png`: the demo on a real panel with real notices, and in a real terminal.

Run from the repository, with the packages of `.ci/run` and xterm: `python -m assets.screenshots.desktop`
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from Xlib.display import Display

from tests.desktop.bus import private_bus
from tests.desktop.peer import Peer
from tests.desktop.requirements import require
from tests.desktop.screen import Screen, installed, screen
from tests.desktop.watcher import NAME as WATCHER
from tests.waiting import wait_until
from tray_status.core.model import Impact
from tray_status.tray.art import Look, draw

HERE = Path(__file__).parent
BACKGROUND = 0x2F5068
DESKTOP, TERMINAL = "1240x640", "980x720"
PANEL_HEIGHT = 26
DEMO = (sys.executable, "-m", "tray_status", "--demo")


@contextmanager
def fresh_screen(size: str) -> Iterator[Screen]:
    """A screen with a bus that starts what is asked for."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with private_bus(folder, starts_services=True) as bus, screen(folder, bus.address, size) as shown:
            shown.environment["TRAY_STATUS_HOME"] = str(folder / "tray-status")
            yield shown


def paint_background(display_name: str) -> None:
    display = Display(display_name)
    root = display.screen().root
    root.change_attributes(background_pixel=BACKGROUND)
    root.clear_area()
    display.close()


def critical_icon(shown: Screen) -> tuple[int, int] | None:
    """Where in the panel the icon's red is, if it is."""
    panel = shown.picture().crop((0, 0, shown.picture().width, PANEL_HEIGHT))
    icon = draw(Look(Impact.CRITICAL), 22)
    red = max(icon.getcolors(22 * 22), key=lambda each: each[0] * (each[1][0] > 150 > each[1][1]))[1][:3]
    spots = [(x, y) for x in range(panel.width) for y in range(panel.height) if panel.getpixel((x, y)) == red]
    return spots[len(spots) // 2] if len(spots) > 20 else None


def desktop(path: Path) -> None:
    """The critical moment of the demo: the icon in the panel, its menu open at an incident, a notice."""
    with fresh_screen(DESKTOP) as shown:
        peer = Peer(shown.environment["DBUS_SESSION_BUS_ADDRESS"])
        # Notices at the lower left leave the menu free.
        place_of_notices = ("-c", "xfce4-notifyd", "-p", "/notify-location", "-n", "-t", "uint", "-s", "1")
        shown.output(require("xfconf-query", "xfconf"), *place_of_notices)
        shown.start(installed("/usr/lib/*/xfce4/notifyd/xfce4-notifyd", "xfce4-notifyd"))
        shown.start(require("xfce4-panel", "xfce4-panel xfconf"), "--disable-wm-check")
        wait_until(lambda: peer.has_owner(WATCHER), "the panel", 30)
        paint_background(shown.environment["DISPLAY"])
        shown.start(*DEMO)
        wait_until(lambda: critical_icon(shown), "the icon in red", 60)
        place = critical_icon(shown)
        assert place is not None, "it was red only for a moment"
        before = shown.picture()
        shown.click(place, button=3)
        wait_until(lambda: shown.changed_since(before) > 5000, "the menu")
        before = shown.picture()
        shown.press("Down", "Right")
        wait_until(lambda: shown.changed_since(before) > 5000, "the incident's submenu")
        shown.picture().save(path, optimize=True)
        peer.close()


def bright_pixels(shown: Screen) -> int:
    """How much is written below the title bar."""
    picture = shown.picture()
    return sum(picture.crop((0, 40, *picture.size)).convert("L").histogram()[120:])


def terminal(path: Path) -> None:
    """The demo's first minute in xterm."""
    with fresh_screen(TERMINAL) as shown:
        font = ("-fa", "DejaVu Sans Mono", "-fs", "10", "-bg", "#14181d", "-fg", "#d8dee6")
        shown.start(require("xterm", "xterm"), *font, "-geometry", "118x42+8+8", "-e", *DEMO, "--console")
        wait_until(lambda: bright_pixels(shown) > 26_000, "a screen full of blocks", 90)
        shown.picture().save(path, optimize=True)


if __name__ == "__main__":
    desktop(HERE / "desktop.png")
    terminal(HERE / "terminal.png")
