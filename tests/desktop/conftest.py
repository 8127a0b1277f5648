"""A private bus for each test, and on it a tray host and a notification daemon of the tests' own.

A program that is run as a subprocess finds them through its environment, which has the bus's address. Tests in other
folders import the fixtures from here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .bus import PrivateBus, private_bus

if TYPE_CHECKING:
    from tray_status.system.session_bus import SessionBus

    from .daemon import NotificationDaemon
    from .icons import IconRun
    from .watcher import Watcher

if sys.platform != "linux":
    collect_ignore_glob = ["test_*"]


@pytest.fixture
def desktop_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A fresh bus that the environment names; no display is named there."""
    with private_bus(tmp_path) as bus:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP", "PYSTRAY_BACKEND"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


@pytest.fixture
def session_bus_address(desktop_bus: PrivateBus) -> str:
    """The address of a fresh bus; a test that asks for a host or a daemon too gets them on the same one."""
    return desktop_bus.address


@pytest.fixture
def watcher(session_bus_address: str) -> Iterator[Watcher]:
    """A tray host that is there from the start."""
    from .watcher import Watcher

    host = Watcher(session_bus_address)
    yield host
    host.close()


@pytest.fixture
def notification_daemon(session_bus_address: str) -> Iterator[NotificationDaemon]:
    """A notification daemon that is there from the start, and knows markup and buttons."""
    from .daemon import NotificationDaemon

    daemon = NotificationDaemon(session_bus_address)
    yield daemon
    daemon.close()


@pytest.fixture
def session_bus(session_bus_address: str) -> Iterator[SessionBus]:
    """Our own side's connection."""
    from tray_status.system.session_bus import SessionBus

    bus = SessionBus.connect()
    yield bus
    bus.close()


@pytest.fixture
def start_icon(session_bus: SessionBus) -> Iterator[Callable[..., IconRun]]:
    """Makes icons that run until the test is over; takes what `pystray.Icon` takes."""
    from .icons import IconRun

    runs: list[IconRun] = []

    def start(**more: object) -> IconRun:
        runs.append(IconRun(session_bus, **more))
        return runs[-1]

    yield start
    for run in runs:
        run.end()
