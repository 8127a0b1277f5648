"""How often the scheduler wakes up, what is asked of each page, and what is written, while nothing changes.

    python -m tests.bench.wakeups [--pages 10 100 1000 10000] [--store-pages 1000]

Wake-ups are counted in a simulation of `core/schedule.py` alone, where nothing takes time that has to be measured,
and, for as many pages as fit, in the real poller, which is also woken by what its workers tell it.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.loopback import INCIDENTS, SUMMARY, statuspage
from tray_status.core.exchange import Answer, Problem, Request, Validators
from tray_status.core.model import Page
from tray_status.core.schedule import JITTER, Timetable, next_due
from tray_status.poller import PagePoll, Poller
from tray_status.providers.registry import AnyPlatform
from tray_status.store import Store

from .pages import documents
from .tables import heading, reach, row, told_before

MINUTES = 30
INTERVAL = 60.0
TAKES = 0.1
FASTER = 20.0

Due = Callable[[float, float], float]


def ours(now: float, chance: float) -> float:
    return next_due(now, INTERVAL, chance)


def exactly(now: float, chance: float) -> float:
    return now + INTERVAL * (1 + JITTER * (2 * chance - 1))


def on_a_tick(now: float, chance: float) -> float:
    """A loop that wakes up each second and sees what is due then."""
    return float(math.ceil(exactly(now, chance)))


def simulated(count: int, due: Due) -> float:
    """Times a minute at which something is due."""
    chance, table, woken = random.Random(count), Timetable(), 0
    table.plan([str(place) for place in range(count)], [], 0.0)
    for place in range(count):
        table.done(str(place), 0.0, due(chance.random() * INTERVAL - INTERVAL, chance.random()))
    while (now := table.next_due) is not None and now < MINUTES * 60:
        woken += 1
        for key in table.take(now):
            table.done(key, now, due(now + TAKES, chance.random()))
    return woken / MINUTES


class Unchanging:
    """Plays the fetcher: bodies once, and 304 to whoever knows them; counts both."""

    def __init__(self, pages: dict[str, dict[str, bytes]], takes: Callable[[], float] = lambda: 0.0) -> None:
        self._pages = pages
        self._takes = takes
        self.asked: list[str] = []
        self.sent = 0
        self.unconditional = 0

    def get(self, request: Request) -> Answer | Problem:
        host, path = request.url.split("/", 3)[2:]
        body = self._pages[host].get(f"/{path}")
        self.asked.append(f"/{path}")
        time.sleep(self._takes())
        self.unconditional += len(body or b"")
        if body is None:
            return Answer(request.url, 404)
        if request.validators:
            return Answer(request.url, 304, validators=request.validators)
        self.sent += len(body)
        return Answer(request.url, 200, body, validators=Validators(f'"{len(body)}"', None))


def real(count: int) -> tuple[float, float]:
    """Wake-ups of the polling thread, and polls, in a minute of life, once the first round has spread."""
    body = {
        SUMMARY: json.dumps(statuspage()[SUMMARY]).encode(),
        INCIDENTS: json.dumps(statuspage()[INCIDENTS]).encode(),
    }
    names = [f"{place}.example" for place in range(count)]
    fetch = Unchanging(dict.fromkeys(names, body), lambda: random.uniform(0.5, 1.5) * TAKES / FASTER)
    pages = [Page(name, name, f"https://{name}", interval=INTERVAL / FASTER) for name in names]
    poller = Poller(pages, AnyPlatform(), fetch, Store.open(None), has_route=lambda: True)
    woken = [0]
    take = poller._timetable.take

    def counted(now: float) -> list[str]:
        woken[0] += 1
        return take(now)

    poller._timetable.take = counted  # type: ignore[method-assign]
    poller._timetable.spread(time.monotonic(), INTERVAL / FASTER, random.random)
    poller.start()
    threading.Event().wait(2 * INTERVAL / FASTER)
    before, asked = woken[0], len(fetch.asked)
    threading.Event().wait(3 * INTERVAL / FASTER)
    told = (woken[0] - before) / 3, (len(fetch.asked) - asked) / 3
    poller.stop()
    return told


def written(count: int, rounds: int) -> tuple[int, int, int, Unchanging]:
    """Bytes handed to the system by so many polls of unchanged pages, and by one note of when they were checked."""
    fetch = Unchanging({f"{place}.example": documents(place + 1) for place in range(count)})
    clock = [datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "history.sqlite3")
        polls = [
            PagePoll(Page(f"p{n}", f"V {n}", f"https://{n}.example"), AnyPlatform(), fetch, store, lambda: clock[0])
            for n in range(count)
        ]

        def once() -> None:
            clock[0] += timedelta(minutes=1)
            for poll in polls:
                poll.poll()

        for _ in range(2):
            once()
        fetch.asked.clear()
        fetch.sent = fetch.unconditional = 0
        before = _written()
        for _ in range(rounds):
            once()
        unchanged = _written() - before
        before = _written()
        times = {poll.page.id: clock[0] for poll in polls}
        store.checked(times, read=times)
        noted, size = _written() - before, sum(each.stat().st_size for each in Path(folder).iterdir())
        store.close()
    return unchanged, noted, size, fetch


def _written() -> int:
    """Bytes that this process has handed to write calls so far."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("wchar"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, nargs="*", default=[10, 100, 1_000, 10_000])
    parser.add_argument("--store-pages", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    told_before(f"Pages every {INTERVAL:.0f} s that do not change")
    heading("Wake-ups a minute (simulated; a 1-s tick: 60)", "ours", "exact", "seconds", "really", "polls")
    reached: dict[int, tuple[float, float]] = {}
    for count in options.pages:
        mine, exact, tick = (simulated(count, due) for due in (ours, exactly, on_a_tick))
        woken, polls = real(count) if count <= 100 else (math.nan, math.nan)
        reached[count] = (mine / 60, woken / 60)
        cells = (mine, exact, tick, woken, polls)
        row(f"{count:,} pages", *("–" if math.isnan(each) else f"{each:,.1f}" for each in cells))
    print("  (ours: what is due to the scheduler alone; seconds: exact times rounded up to whole seconds)\n")
    for count in options.pages:
        if count == 100:
            reach(f"wake-ups at {count} pages ÷ a 1-s tick", reached[count][0], 0.3)
            reach("the same in the real poller, which each poll's end wakes as well", reached[count][1], 0.3)
    count, rounds = options.store_pages, options.rounds
    unchanged, noted, size, fetch = written(count, rounds)
    asked = len(fetch.asked) / (count * rounds)
    print(
        f"\n{count:,} unchanged pages, {rounds} polls each; a history of {size / 1e6:.1f} MB; a note of times: {noted:,} B"
    )
    print(
        f"  requests per poll: {asked:.2f} ({fetch.asked.count(SUMMARY) / len(fetch.asked):.0%} of them the summary)"
    )
    reach("bytes written to disk for unchanged pages", unchanged, 0, " B")
    reach("bytes of bodies in an hour ÷ unconditional polling of the same", fetch.sent / fetch.unconditional, 0.05)


if __name__ == "__main__":
    main()
