"""Which icon is chosen, and what is said where none can be shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE
from tray_status.errors import NoTray
from tray_status.tray.backends import choose_icon, no_host_words

ROOT = Path(__file__).parents[2]


def choose(bus: object = None) -> object:
    return choose_icon(bus, lambda _: None)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "PYSTRAY_BACKEND"):
        monkeypatch.delenv(name, raising=False)


def test_with_a_bus_it_is_our_own_item(session_bus):
    icon = choose(session_bus)("tray-status")
    assert (icon.HAS_MENU, icon.HAS_DEFAULT_ACTION, icon.HAS_NOTIFICATION) == (True, True, False)


def test_with_neither_bus_nor_display_one_line_says_so():
    with pytest.raises(NoTray) as caught:
        choose()
    assert str(caught.value) == (
        "No tray icon can be shown: there is neither a session bus nor a display. Start it inside a desktop session. "
        "All else goes on without it."
    )


def test_a_display_that_does_not_answer_is_told_with_every_reason(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(NoTray) as caught:
        choose()
    for name in ("sni: there is no session bus", "appindicator: ", "gtk: ", "xorg: "):
        assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["nonsense", "dummy", "../../x", "_base"])
def test_a_backend_that_is_none_is_refused_with_those_that_are(monkeypatch, session_bus, name):
    monkeypatch.setenv("PYSTRAY_BACKEND", name)
    with pytest.raises(NoTray, match="PYSTRAY_BACKEND takes sni, appindicator, gtk, xorg"):
        choose(session_bus)


def test_a_forced_backend_is_not_replaced_by_another(monkeypatch, session_bus):
    monkeypatch.setenv("PYSTRAY_BACKEND", "xorg")
    with pytest.raises(NoTray, match="xorg: ") as caught:
        choose(session_bus)
    assert "sni" not in str(caught.value)


def test_importing_pystray_leaves_the_environment_as_it_was(monkeypatch):
    words = "import os; from tray_status.tray.pystray_base import import_pystray as do; do(); print(dict(os.environ))"
    for setting in ("xorg", None):
        environment = {"PATH": os.environ["PATH"]} | ({"PYSTRAY_BACKEND": setting} if setting else {})
        told = subprocess.run(
            [sys.executable, "-c", words], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        assert ("'PYSTRAY_BACKEND': 'xorg'" in told) is (setting is not None)


def test_a_backend_whose_run_fails_does_not_keep_the_program_alive():
    # The dummy stands for those that fail in `run`: AppIndicator without a bus, for one, which CI does not have.
    words = """
from tray_status.tray.backends import leaving_no_thread
from tray_status.tray.pystray_base import import_pystray
try:
    leaving_no_thread(import_pystray()._dummy.Icon)("x").run()
except NotImplementedError:
    print("failed")
"""
    told = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE * 3, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "failed\n", "")


@pytest.mark.parametrize(
    ("desktop", "cure"), [("ubuntu:GNOME", "gnome-shell-extension-appindicator"), ("", "Waybar")]
)
def test_where_nothing_shows_icons_the_cure_fits_the_desktop(monkeypatch, desktop, cure):
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    assert cure in no_host_words()
