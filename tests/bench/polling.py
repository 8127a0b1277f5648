"""How long one poll of 100 pages takes, beside plain loops of `requests` and beside `curl`; run as a module.

All ask the same pages, in one run, in turns. The loops and curl get exactly the documents that the poll before asked
for, with the same ETags where it had some, and only the poll reads them, compares them and writes them down.
"""

from __future__ import annotations

import cProfile
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.loopback import SUMMARY
from tray_status.core.exchange import Answer, Problem, Request
from tray_status.core.model import Page
from tray_status.fetch import Fetcher
from tray_status.poller import PagePoll, Poller
from tray_status.poller.loop import utc_now
from tray_status.providers.statuspage import StatuspageProvider
from tray_status.store import Store

from .pages import Pages, pages

PAGES = 100
ROUNDS = 7
PATIENCE = 60.0

Asked = list[tuple[str, str | None]]
"""Addresses, each with the ETag that was sent."""


class Noting:
    """The real fetcher; notes what it is asked for."""

    def __init__(self) -> None:
        self.fetcher = Fetcher()
        self.asked: Asked = []

    def get(self, request: Request) -> Answer | Problem:
        self.asked.append((request.url, request.validators.etag if request.validators else None))
        return self.fetcher.get(request)


class Watching:
    """The real engine over all pages: schedule, fetcher, provider, diff, and a log on disk."""

    def __init__(self, urls: list[str], folder: Path) -> None:
        watched = [Page(f"page-{place}", f"Vendor {place}", url, interval=3600.0) for place, url in enumerate(urls)]
        self.fetch = Noting()
        self.store = Store.open(folder / "history.sqlite3")
        self.poller = Poller(watched, StatuspageProvider(), self.fetch, self.store)
        self.rounds = 0

    def first(self) -> float:
        return self._timed(self.poller.start)

    def again(self) -> float:
        self.fetch.asked.clear()
        return self._timed(self.poller.check_now)

    def _timed(self, begin: Callable[[], None]) -> float:
        self.rounds += 1
        began = time.perf_counter()
        begin()
        if not self.poller.wait_for_round(self.rounds, PATIENCE):
            raise SystemExit("the pages could not be polled")
        return time.perf_counter() - began

    def close(self) -> None:
        self.fetch.fetcher.close()
        self.poller.stop()
        self.store.close()


@contextmanager
def watching(urls: list[str]) -> Iterator[Watching]:
    with tempfile.TemporaryDirectory() as folder:
        watch = Watching(urls, Path(folder))
        try:
            yield watch
        finally:
            watch.close()


# --- what it is compared with ---------------------------------------------------------------------------------


def loop(asked: Asked, get: Callable[..., requests.Response]) -> float:
    """One after the other, each answer decoded, as a first script would do it."""
    began = time.perf_counter()
    for url, etag in asked:
        answer = get(url, headers={"If-None-Match": etag} if etag else {}, timeout=PATIENCE)
        if answer.status_code == 200:
            answer.json()
        assert answer.status_code == (304 if etag else 200), answer.status_code
    return time.perf_counter() - began


def curl(asked: Asked, *options: str) -> float:
    """All of them by one `curl --parallel`, started anew as a script would; None of it is read."""
    lines = []
    for url, etag in asked:
        lines.append(f'url = "{url}"\noutput = "/dev/null"\nwrite-out = "%{{http_code}} "\n')
        if etag:
            quoted = etag.replace('"', '\\"')
            lines.append(f'header = "If-None-Match: {quoted}"\n')
        lines.append("next\n")
    settings = "".join(lines[:-1])
    command = ["curl", "--silent", "--parallel", *options, "--config", "-"]
    began = time.perf_counter()
    done = subprocess.run(command, input=settings.encode(), capture_output=True, check=True, timeout=PATIENCE)
    taken = time.perf_counter() - began
    assert sorted(done.stdout.decode().split()) == sorted("304" if etag else "200" for _, etag in asked)
    return taken


def compare(asked: Asked, times: dict[str, list[float]], session: requests.Session) -> None:
    """Time each of the others once."""
    times.setdefault("requests.get", []).append(loop(asked, requests.get))
    times.setdefault("Session.get", []).append(loop(asked, session.get))
    if shutil.which("curl"):
        times.setdefault("curl -Z, 6 at a time", []).append(curl(asked, "--parallel-max", "6"))
        times.setdefault("curl -Z, 50 at a time", []).append(curl(asked))


# --- the tables -----------------------------------------------------------------------------------------------


def main() -> None:
    cold: dict[str, list[float]] = {}
    unchanged: dict[str, list[float]] = {}
    with pages(PAGES) as served:
        size = f"{served.summary_bytes / 1000:.0f} kB, history {served.history_bytes / 1000:.0f} kB"
        print(f"{PAGES} pages on loopback, a port each; summary {size}; medians of {ROUNDS} rounds in turns")
        with watching(served.urls) as warm:
            warm.first()  # imports, and the code's first run, are no part of a poll
        for _ in range(ROUNDS):
            with watching(served.urls) as watch:
                cold.setdefault("tray-status", []).append(watch.first())
                asked_first = list(watch.fetch.asked)
                with requests.Session() as session:
                    compare(asked_first, cold, session)
                    one_each = [(url + SUMMARY, None) for url in served.urls]
                    cold.setdefault("requests.get, summaries only", []).append(loop(one_each, requests.get))
                    before = served.connections()
                    unchanged.setdefault("tray-status", []).append(watch.again())
                    opened = served.connections() - before
                    asked_again = list(watch.fetch.asked)
                    compare(asked_again, unchanged, session)
        _table("First poll", asked_first, cold)
        _table("Unchanged (304)", asked_again, unchanged)
        print(f"\nConnections that an unchanged poll had to open anew: {opened}")
        if "--profile" in sys.argv[1:]:
            _profile(served)


def _table(title: str, asked: Asked, times: dict[str, list[float]]) -> None:
    ours = statistics.median(times["tray-status"])
    print(f"\n{title}: {len(asked)} documents asked for, {sum(1 for _, etag in asked if etag)} of them with an ETag")
    print(f"  {'':30}{'median':>9}{'best':>9}{'tray-status is':>17}")
    for name, all_times in times.items():
        median = statistics.median(all_times)
        ratio = "" if name == "tray-status" else f"{median / ours:.2f} × as fast"
        print(f"  {name:30}{median * 1000:6.0f} ms{min(all_times) * 1000:6.0f} ms{ratio:>17}")


def _profile(served: Pages) -> None:
    """Where the time goes, on one thread: the workers do the same."""
    fetcher = Fetcher()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "history.sqlite3")
        watched = [Page(f"page-{place}", f"Vendor {place}", url) for place, url in enumerate(served.urls)]
        polls = [PagePoll(page, StatuspageProvider(), fetcher, store, utc_now) for page in watched]
        for title in ("First poll", "Unchanged"):
            print(f"\n{title}, profiled")
            profile = cProfile.Profile()
            profile.runcall(_poll_all, polls)
            pstats.Stats(profile).sort_stats("cumulative").print_stats("tray_status|requests|urllib3|sqlite3", 25)
        store.close()
    fetcher.close()


def _poll_all(polls: list[PagePoll]) -> None:
    for poll in polls:
        poll.poll()


if __name__ == "__main__":
    main()
