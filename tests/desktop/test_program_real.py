"""The whole program on a real panel with real notification daemons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.program.running import Program, finished
from tests.waiting import wait_until
from tray_status.core.model import Impact
from tray_status.tray.art import Look, draw

from .bus import private_bus
from .daemon import NAME as NOTIFICATIONS
from .peer import Peer
from .requirements import require
from .screen import Screen, installed, screen
from .watcher import NAME as WATCHER

PATIENCE = 60.0
PANEL_HEIGHT = 30
CRITICAL = incident("inc1", update("u1"), impact="critical")
OVER = incident("inc1", update("u1"), update("u2", "resolved", "Over.", at="2026-03-01T12:10:00Z"), impact="critical")


@pytest.fixture
def shown(tmp_path: Path):
    with private_bus(tmp_path, starts_services=True) as bus, screen(tmp_path, bus.address) as started:
        started.end_session = bus.process.terminate
        yield started


@pytest.fixture
def wait_for_name(shown: Screen):
    peer = Peer(shown.environment["DBUS_SESSION_BUS_ADDRESS"])
    yield lambda name: wait_until(lambda: peer.has_owner(name), f"nobody owns {name}", PATIENCE)
    peer.close()


def main_colour(impact: Impact) -> tuple[int, int, int]:
    """The colour that fills most of an icon, but for its dark edge and its white mark."""
    colours = sorted(draw(Look(impact), 22).getcolors(22 * 22), reverse=True)
    return next(colour[:3] for _, colour in colours if colour[3] == 255 and max(colour[:3]) - min(colour[:3]) > 60)


def in_panel(shown: Screen, impact: Impact) -> int:
    """How many pixels of the panel have an impact's colour."""
    picture = shown.picture()
    panel = picture.crop((0, 0, picture.width, PANEL_HEIGHT))
    counts = {colour: count for count, colour in panel.getcolors(panel.width * panel.height)}
    return counts.get(main_colour(impact), 0)


def run(shown: Screen, host: StatusHost) -> Program:
    return Program("--page", host.url, "--interval", "1", environment=shown.environment)


def test_on_xfces_panel_the_icon_goes_from_red_to_green(shown, wait_for_name):
    shown.start(require("xfce4-panel", "xfce4-panel xfconf"), "--disable-wm-check")
    wait_for_name(WATCHER)
    with StatusHost(statuspage(CRITICAL)) as host, run(shown, host) as program:
        wait_until(lambda: in_panel(shown, Impact.CRITICAL) > 20, "red in the panel", PATIENCE)
        assert in_panel(shown, Impact.NONE) == 0
        host.documents = statuspage(OVER)
        wait_until(lambda: in_panel(shown, Impact.NONE) > 20, "green in the panel", PATIENCE)
        assert in_panel(shown, Impact.CRITICAL) == 0
        assert program.end() == 0
    wait_until(lambda: in_panel(shown, Impact.NONE) == 0, "the icon to go", PATIENCE)


def test_what_a_login_starts_has_its_icon_in_a_fresh_session_and_ends_with_it(shown, wait_for_name, tmp_path):
    gio = require("gio", "libglib2.0-bin")
    home = tmp_path / "tray status"
    home.mkdir()
    with StatusHost(statuspage(CRITICAL)) as host:
        (home / "config.toml").write_text(
            f'poll_interval_seconds = 1\n[[pages]]\nname = "Acme"\nurl = "{host.url}"\n'
        )
        enabled = finished("--home", str(home), "login", "enable", environment=shown.environment)
        assert enabled.code == 0, enabled.err
        (entry,) = Path(shown.environment["XDG_CONFIG_HOME"], "autostart").iterdir()
        shown.start(gio, "launch", str(entry))  # before there is a panel, as it happens at a login
        host.wait_until_asked()
        shown.start(require("xfce4-panel", "xfce4-panel xfconf"), "--disable-wm-check")
        wait_for_name(WATCHER)
        wait_until(lambda: in_panel(shown, Impact.CRITICAL) > 20, "red in the panel", PATIENCE)
        shown.end_session()
        asked = len(host.asked)
        wait_until(
            lambda: not (home / "running").exists() or not any((home / "running").glob("[0-9]*")), "its end", PATIENCE
        )
        assert len(host.asked) <= asked + 4


def test_dunst_counts_one_notice_an_incident_however_many_updates(shown, wait_for_name):
    dunstctl = require("dunstctl", "dunst")
    shown.start(require("dunst", "dunst"))
    wait_for_name(NOTIFICATIONS)

    def displayed() -> int:
        return int(shown.output(dunstctl, "count", "displayed"))

    with StatusHost(statuspage(CRITICAL)) as host, run(shown, host) as program:
        wait_until(lambda: displayed() == 1, "the notice", PATIENCE)
        host.documents = statuspage(OVER)
        program.wait_for("Over.")
        shown.output(dunstctl, "close-all")
        (past,) = json.loads(shown.output(dunstctl, "history"))["data"]
    assert [each["summary"]["data"] for each in past] == ["Acme: resolved"]
    assert "Elevated errors" in past[0]["body"]["data"]


def test_xfces_daemon_shows_the_notice_with_its_icon(shown, wait_for_name):
    shown.start(installed("/usr/lib/*/xfce4/notifyd/xfce4-notifyd", "xfce4-notifyd"))
    wait_for_name(NOTIFICATIONS)
    before = shown.picture()
    with StatusHost(statuspage(CRITICAL)) as host, run(shown, host):
        wait_until(lambda: shown.find(main_colour(Impact.CRITICAL)), "the icon in the notice", PATIENCE)
        assert shown.changed_since(before) > 3000
