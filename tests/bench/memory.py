"""What an idle tray costs, beside bare icons of pystray's own backends; run as a module, on Linux.

Each row is a process of its own on a fresh session bus and a screen in memory, with a tray host that has taken its
icon. RSS counts shared pages in full, PSS by share.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.desktop.bus import private_bus
from tests.desktop.daemon import NotificationDaemon
from tests.desktop.screen import Screen, screen
from tests.desktop.watcher import Watcher
from tests.waiting import wait_until

from .pages import pages

POLLS = 15
"""Of each page before the tray counts as idle, one a second."""

PATIENCE = 180.0
IMPORTS = 9
GI_PACKAGES = "python3-gi gir1.2-ayatanaappindicator3-0.1 gir1.2-gtk-3.0"
HEAVY = ("PIL", "asyncio", "dbus_fast", "email", "feedparser", "gi", "http", "logging", "msgspec", "nh3", "plyer",
         "pystray", "requests", "sqlite3", "ssl", "tomlkit", "tomllib", "truststore", "urllib3", "xml", "Xlib")  # fmt: skip

TRAY = """
import signal, sys
modules = sys.argv.pop(1)
signal.signal(signal.SIGUSR1, lambda *_: open(modules, "w").write(" ".join(sorted(sys.modules))))
from tray_status.cli import main
main(sys.argv[1:])
"""
BARE_ICON = """
import PIL.Image, pystray, requests
menu = pystray.Menu(pystray.MenuItem("Quit", lambda icon: icon.stop()))
icon = pystray.Icon("bench", PIL.Image.new("RGB", (64, 64), "green"), "bench", menu)
def shown(icon):
    icon.visible = True
    print("shown", flush=True)
icon.run(shown)
"""


@dataclass(frozen=True)
class Cost:
    """What one process takes, in MiB."""

    rss: float
    pss: float
    threads: int


def cost(process: int) -> Cost:
    sizes = _fields(f"/proc/{process}/smaps_rollup")
    threads = _fields(f"/proc/{process}/status")["Threads"]
    return Cost(sizes["Rss"] / 1024, sizes["Pss"] / 1024, threads)


def _fields(path: str) -> dict[str, int]:
    """The numbers of a file of the system's, by name."""
    rows = (line.split() for line in Path(path).read_text().splitlines())
    return {row[0].rstrip(":"): int(row[1]) for row in rows if len(row) > 1 and row[1].isdigit()}


def settled(process: int) -> Cost:
    """The cost once it stays the same for a while."""
    seen: list[int] = []

    def look() -> bool:
        seen.append(round(cost(process).rss * 1024))
        return len(seen) >= 25 and len(set(seen[-25:])) == 1

    wait_until(look, "its memory settles", PATIENCE)
    return cost(process)


@contextmanager
def desktop() -> Iterator[tuple[Screen, Watcher, Path]]:
    """A screen, a tray host and a notification daemon, and a folder for whoever needs one."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bus = stack.enter_context(private_bus(folder))
        shown = stack.enter_context(screen(folder, bus.address))
        watcher = Watcher(bus.address)
        stack.callback(watcher.close)
        stack.callback(NotificationDaemon(bus.address).close)
        yield shown, watcher, folder


def tray(count: int) -> tuple[Cost, list[str]]:
    """Our tray watching so many pages, after its polls; with the names of the modules that it has loaded."""
    with pages(count) as served, desktop() as (shown, watcher, folder):
        listing = folder / "modules"
        urls = [option for url in served.urls for option in ("--page", url)]
        environment = {**shown.environment, "TRAY_STATUS_HOME": str(folder / "home"), "PYTHONPATH": os.getcwd()}
        command = [sys.executable, "-c", TRAY, str(listing), "--interval", "1", *urls]
        with _started(command, environment) as process:
            _wait_until_taken(watcher)
            wait_until(lambda: served.requests() >= count * POLLS, "its polls", PATIENCE)
            measured = cost(process.pid)
            process.send_signal(signal.SIGUSR1)
            return measured, wait_until(lambda: listing.exists() and listing.read_text().split(), "its modules")


def bare_icon(backend: str) -> Cost:
    """An icon of pystray's own with a menu of one line, `requests` and Pillow imported."""
    library = sysconfig.get_path("purelib")
    python = _python_with_gi(library)
    with desktop() as (shown, watcher, _):
        environment = {**shown.environment, "PYSTRAY_BACKEND": backend, "PYTHONPATH": library}
        with _started([python, "-c", BARE_ICON], environment) as process:
            assert process.stdout is not None
            if process.stdout.readline().strip() != "shown":
                pytest.skip(f"pystray's {backend} backend does not start here")
            if backend == "appindicator":  # that of gtk has no part on the bus, and may lack a host
                _wait_until_taken(watcher)
            return settled(process.pid)


def _wait_until_taken(watcher: Watcher) -> None:
    wait_until(lambda: watcher.services, "the tray host takes the icon", PATIENCE)


def _python_with_gi(library: str) -> str:
    """An interpreter that has GTK's bindings, and can use the packages of this one."""
    check = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('AyatanaAppIndicator3', '0.1'); import PIL.Image"
    for python in (sys.executable, "/usr/bin/python3"):
        environment = {**os.environ, "PYTHONPATH": library}
        if (
            Path(python).exists()
            and not subprocess.run([python, "-c", check], env=environment, capture_output=True).returncode
        ):
            return python
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    pytest.skip(f"no Python {version} with GTK: sudo apt-get install --no-install-recommends {GI_PACKAGES}")


@contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def import_time(module: str) -> float:
    """Milliseconds that a fresh interpreter needs to import a module; the median of some."""
    code = f"import time; began = time.perf_counter(); import {module}; print(time.perf_counter() - began)"
    times = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(IMPORTS)]
    return statistics.median(times) * 1000


def main() -> None:
    print(f"{'':44}{'RSS':>9}{'PSS':>9}{'threads':>9}")
    modules: list[str] = []
    for count in (1, 100):
        name = f"tray-status, {count} page{'s' if count > 1 else ''}, {POLLS} polls"
        try:
            measured, modules = tray(count)
        except (pytest.skip.Exception, pytest.fail.Exception) as missing:
            print(f"{name:44} skipped: {missing}")
            continue
        _row(name, measured)
    for backend in ("appindicator", "gtk"):
        name = f"bare pystray icon, {backend}"
        try:
            _row(name, bare_icon(backend))
        except (pytest.skip.Exception, pytest.fail.Exception) as missing:
            print(f"{name:44} skipped: {missing}")
    loaded = {each.partition(".")[0] for each in modules}
    if modules:
        print(
            f"\nLoaded in the idle tray ({len(modules)} modules): {', '.join(each for each in HEAVY if each in loaded)}"
        )
        print(f"Not loaded: {', '.join(each for each in HEAVY if each not in loaded)}")
    for module in ("tray_status.cli", "tray_status.app"):
        print(f"import {module}: {import_time(module):.0f} ms")


def _row(name: str, measured: Cost) -> None:
    print(f"{name:44}{measured.rss:5.1f} MiB{measured.pss:5.1f} MiB{measured.threads:9}", flush=True)


if __name__ == "__main__":
    main()
