"""How late healthy pages are asked while 5 % of the pages hang: with two workers for recent offenders, and without.

    python -m tests.bench.lanes [--pages 1000] [--minutes 6]

The real poller, with a fetcher that only sleeps; all times are a tenth of life's, so that six minutes take thirty-six
seconds. A page is late by what passes from when it is due until its first request. The first round, when nobody has
offended yet, and the one after it do not count.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from tests.loopback import SUMMARY, statuspage
from tray_status.core import schedule
from tray_status.core.exchange import Answer, Problem, Request, Validators
from tray_status.core.model import Page, Reading
from tray_status.poller import Poller, loop
from tray_status.providers.registry import AnyPlatform
from tray_status.store import Store

from .tables import heading, ms, reach, row, told_before

FASTER = 10.0
INTERVAL = 60.0 / FASTER
DEADLINE = 20.0 / FASTER
ANSWERS = 0.05 / FASTER
HANGS_EVERY = 20
COMMON, KEPT = loop.WORKERS, loop.SLOW_WORKERS


class Sleeping:
    """Plays the fetcher: most hosts answer soon that nothing has changed; some never do."""

    def __init__(self, hanging: frozenset[str]) -> None:
        self._hanging = hanging
        self._body = json.dumps(statuspage()[SUMMARY]).encode()
        self.begun: dict[str, float] = {}
        """When the first request of a poll was made, by host."""

    def get(self, request: Request) -> Answer | Problem:
        host = request.url.split("/")[2]
        self.begun.setdefault(host, time.monotonic())
        if host in self._hanging:
            time.sleep(DEADLINE)
            return Problem(Reading.UNREACHABLE, "it hangs")
        time.sleep(ANSWERS)
        known = request.validators
        status = 200 if request.url.endswith(SUMMARY) else 404
        if known and status == 200:
            return Answer(request.url, 304)
        return Answer(request.url, status, self._body if status == 200 else b"", validators=Validators("e", None))


class Timed(Poller):
    """Notes when each page is due and how late it is then asked."""

    late: list[float]
    counts_from: float
    fetch: Sleeping
    healthy: frozenset[str]

    def _begin_poll(self, key: str, now: float) -> None:
        self.fetch.begun.pop(key, None)
        self.due[key] = now
        super()._begin_poll(key, now)

    def _work(self, key: str) -> None:
        super()._work(key)
        begun = self.fetch.begun.get(key)
        if key in self.healthy and begun is not None and self.due[key] >= self.counts_from:
            self.late.append(begun - self.due[key])

    @functools.cached_property
    def due(self) -> dict[str, float]:
        return {}


@contextmanager
def life_sped_up(workers: int, kept: int) -> Iterator[None]:
    changes = (
        (loop, "WORKERS", workers), (loop, "SLOW_WORKERS", kept), (loop, "SLOW_SECONDS", 2.0 / FASTER if kept else 1e9),
        (schedule, "SLOWEST", schedule.SLOWEST / FASTER), (schedule, "CONFIRMED_WITHIN", schedule.CONFIRMED_WITHIN / FASTER),
    )  # fmt: skip
    patches = [mock.patch.object(module, name, value) for module, name, value in changes]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def delays(count: int, minutes: float, *, workers: int, kept: int, hang: bool = True) -> list[float]:
    """How late healthy pages were asked, in seconds of life."""
    names = [f"{place}.example" for place in range(count)]
    hanging = frozenset(names[::HANGS_EVERY] if hang else ())
    fetch = Sleeping(hanging)
    watched = [Page(name, name, f"https://{name}", interval=INTERVAL) for name in names]
    with life_sped_up(workers, kept):
        poller = Timed((), AnyPlatform(), fetch, Store.open(None), has_route=lambda: True)
        poller.fetch, poller.healthy, poller.late = fetch, frozenset(names) - hanging, []
        poller.counts_from = time.monotonic() + 2.5 * INTERVAL + 2 * DEADLINE
        poller.watch(watched)
        poller.start()
        threading.Event().wait(poller.counts_from - time.monotonic() + minutes * 60 / FASTER)
        poller.stop()
    return [each * FASTER for each in poller.late]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=6)
    options = parser.parse_args()
    told_before(
        f"{options.pages} pages every 60 s, {100 // HANGS_EVERY} % of them hang for 20 s; {options.minutes:g} min"
    )
    heading("How late healthy pages are asked", "polls", "mean", "median", "99 of 100", "latest")
    means = {}
    for name, workers, kept, hang in (
        ("none hangs", COMMON, KEPT, False),
        (f"with the lane ({COMMON} + {KEPT})", COMMON, KEPT, True),
        (f"without ({COMMON + KEPT})", COMMON + KEPT, 0, True),
    ):
        late = sorted(delays(options.pages, options.minutes, workers=workers, kept=kept, hang=hang))
        means[name] = statistics.fmean(late)
        figures = (means[name], statistics.median(late), late[len(late) * 99 // 100], late[-1])
        row(name, f"{len(late):,}", *map(ms, figures))
    healthy, lane, without = means.values()
    print("\n  (in life's time; each figure holds the overhead of this machine ten times)")
    reach("start delay with the lane ÷ without", lane / without, 0.05)
    reach("the same, of what hanging pages add alone", max(0.0, lane - healthy) / max(1e-9, without - healthy), 0.05)


if __name__ == "__main__":
    main()
