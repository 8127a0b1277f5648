"""How soon the icon is there, and what it does while nothing happens; run as a module, on Linux.

Started as a person starts it, on a fresh session bus with a tray host, beside a bare import of the libraries that any
such program needs. Idle: how often all its threads together are woken, and the CPU that takes, counted by the system.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.waiting import wait_until

from .memory import desktop
from .pages import pages
from .tables import heading, ms, reach, row, told_before

RUNS = 7
IDLE_SECONDS = 60.0
PATIENCE = 60.0

BARE = "import requests, PIL.Image, dbus_fast"


def started(environment: dict[str, str], url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tray_status", "--page", url, "--interval", "3600"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)


def until_visible(url: str) -> float:
    """Seconds from the start of the process until a tray host has its icon."""
    with desktop() as (shown, watcher, folder):
        environment = {**shown.environment, "TRAY_STATUS_HOME": str(folder / "home"), "PYTHONPATH": os.getcwd()}
        began = time.perf_counter()
        process = started(environment, url)
        try:
            wait_until(lambda: watcher.services, "the tray host takes the icon", PATIENCE)
            return time.perf_counter() - began
        finally:
            ended(process)


def bare_import() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE], check=True)
    return time.perf_counter() - began


def wakes(process: int) -> int:
    """How often the threads of a process went to sleep and were woken, so far."""
    total = 0
    for task in Path(f"/proc/{process}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
    return total


def cpu(process: int) -> float:
    """Seconds of CPU, so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle(url: str) -> tuple[float, float]:
    """Wake-ups a minute, and milliseconds of CPU a minute, of a tray whose next poll is an hour away."""
    with desktop() as (shown, watcher, folder):
        environment = {**shown.environment, "TRAY_STATUS_HOME": str(folder / "home"), "PYTHONPATH": os.getcwd()}
        process = started(environment, url)
        try:
            wait_until(lambda: watcher.services, "the tray host takes the icon", PATIENCE)
            time.sleep(10)  # until the start is over: listing, greeting, first look around
            woken, busy = wakes(process.pid), cpu(process.pid)
            time.sleep(IDLE_SECONDS)
            minutes = IDLE_SECONDS / 60
            return (wakes(process.pid) - woken) / minutes, (cpu(process.pid) - busy) / minutes
        finally:
            ended(process)


def main() -> None:
    told_before("The icon: how soon it is there, and what it does while nothing happens")
    with pages(1) as served:
        url = served.urls[0]
        rows = [(until_visible(url), bare_import()) for _ in range(RUNS)]
        visible, bare = (statistics.median(column) for column in zip(*rows, strict=True))
        heading("Start", "median", "least")
        row("until the icon is shown", ms(visible), ms(min(each for each, _ in rows)))
        row("bare import", ms(bare), ms(min(each for _, each in rows)))
        reach("start to visible icon ÷ import of requests, Pillow and dbus-fast", visible / bare, 2)
        woken, busy = idle(url)
        heading("Idle, its next poll an hour away", "a minute")
        row("wake-ups of all threads", f"{woken:.0f}")
        row("CPU", ms(busy))
        # It looks once a second, with a `stat` or two, whether settings or history were changed by others.
        reach("wake-ups a minute beyond the look around each second", max(0.0, woken - 60), 30)


if __name__ == "__main__":
    main()
