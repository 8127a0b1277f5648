"""What the status page costs: its first page beside a static file, polls with and without readers, and memory.

    python -m tests.bench.web [--pages 300] [--incidents 10000] [--readers 50]

All in one run, in turns. The static file has the same bytes and comes from the same server software.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

from waitress.server import create_server

from tray_status.core.diff import diff
from tray_status.core.model import Affected, Component, Impact, Incident, Page, Reading, Snapshot, State, Update
from tray_status.engine import Engine
from tray_status.web.server import Server
from tray_status.web.site import Site

from .hosts import hosts
from .tables import heading, mib, ms, row, told_before

ROUNDS = 15
NOW = datetime.now(timezone.utc).replace(microsecond=0)


def memory_of_this() -> float:
    """MiB of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def fill(engine: Engine, incidents: int) -> None:
    """Give each page its share of a long past, one of ten something open."""
    each = incidents // len(engine.pages)
    for place, page in enumerate(engine.pages):
        told = [_incident(number, minutes=37 * place) for number in range(each)]
        if place % 10 == 0:
            told.append(_incident(each, goes_on=True))
        parts = tuple(Component(f"c{number}", f"Part {number}", Impact.NONE) for number in range(10))
        snapshot = Snapshot(
            "statuspage",
            indicator=Impact.NONE,
            components=parts,
            incidents=tuple(told),
            open_told=True,
            history_told=True,
        )
        with engine.store.writing(page) as writing:
            writing.save(diff(page, writing.known(snapshot), snapshot, NOW), snapshot, NOW)
            writing.set_reading(Reading.FRESH, None)


def _incident(number: int, *, minutes: int = 0, goes_on: bool = False) -> Incident:
    begun = NOW - timedelta(hours=60 * number + 2, minutes=minutes)
    states = (State.INVESTIGATING, State.IDENTIFIED, State.MONITORING if goes_on else State.RESOLVED)
    words = "We look into reports of elevated error rates and tell more as soon as we know it. " * 2
    updates = tuple(
        Update(f"u{place}", state, state.value, words, begun + timedelta(minutes=20 * place), "v2")
        for place, state in enumerate(states)
    )
    end = None if goes_on else begun + timedelta(hours=1)
    return Incident(
        f"i{number}", f"Elevated errors {number}", states[-1], states[-1].value, impact=Impact.MINOR, started_at=begun,
        resolved_at=end, affected=(Affected("c1", "Part 1"),), updates=updates,
    )  # fmt: skip


def asked(url: str, path: str = "/", etag: str | None = None) -> tuple[float, bytes, str | None]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    began = time.perf_counter()
    connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
    answer = connection.getresponse()
    body = answer.read()
    taken = time.perf_counter() - began
    connection.close()
    assert answer.status in (200, 304), answer.status
    return taken, body, answer.headers.get("Etag")


class Static:
    """The same bytes from the same server software, with nothing worked out."""

    def __init__(self, body: bytes) -> None:
        def answer(_environ: object, start: Callable[..., object]) -> list[bytes]:
            start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
            return [body]

        self._server = create_server(answer, host="127.0.0.1", port=0)
        self.url = f"http://127.0.0.1:{self._server.effective_port}/"
        threading.Thread(target=self._server.run, daemon=True).start()


def of_pages(url: str) -> None:
    asked(url)
    static = Static(asked(url)[1])
    heading("", "median", "bytes")
    paths = ("/", "/history", "/history?q=errors+rates", "/incident?page=page-1&id=i3", "/reports", "/calendar")
    times: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    for _ in range(ROUNDS):
        for path in paths:
            taken, body, _ = asked(url, path)
            times.setdefault(path, []).append(taken)
            sizes[path] = len(body)
        taken, body, _ = asked(static.url)
        times.setdefault("a static file", []).append(taken)
        sizes["a static file"] = len(body)
    for name, found in times.items():
        row(name, ms(statistics.median(found)), f"{sizes[name]:,}")
    repeated = statistics.median(asked(url)[0] for _ in range(ROUNDS))
    row("/ for the next reader", ms(repeated), "")
    time.sleep(1.1)
    anew = asked(url)[0]
    row("/ rendered anew", ms(anew), "")
    file = statistics.median(times["a static file"])
    print(f"\nThe first page, rendered anew, beside the file: {anew / file:.1f}")
    print(f"The first page, as many readers get it, beside it: {repeated / file:.1f}")


def round_of(engine: Engine, rounds: int) -> float:
    began = time.perf_counter()
    engine.poller.check_now()
    assert engine.poller.wait_for_round(rounds, 120)
    return time.perf_counter() - began


def with_readers(engine: Engine, url: str, readers: int) -> None:
    """A round of polls alone, and while so many open pages ask every five seconds, as the page does."""
    ended = threading.Event()

    def read(place: int) -> None:
        ended.wait(5 * place / readers)
        etag = None
        while not ended.is_set():
            _, _, etag = asked(url, etag=etag)
            ended.wait(5)

    done = engine.poller.rounds
    alone = [round_of(engine, done + number) for number in range(1, 8)]
    threads = [threading.Thread(target=read, args=(place,), daemon=True) for place in range(readers)]
    for thread in threads:
        thread.start()
    ended.wait(5)
    done = engine.poller.rounds
    beside = [round_of(engine, done + number) for number in range(1, 8)]
    ended.set()
    one, two = statistics.median(alone), statistics.median(beside)
    heading("", "a round of polls")
    row("alone", ms(one))
    row(f"with {readers} readers", ms(two))
    print(f"\nA round of polls with {readers} readers beside one without: {two / one:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--readers", type=int, default=50)
    options = parser.parse_args()
    told_before(f"{options.pages} pages, {options.incidents} incidents")
    with hosts(options.pages, parts=10, incidents=5) as served, tempfile.TemporaryDirectory() as folder:
        watched = [Page(f"page-{place}", f"Vendor {place}", url, 3600.0) for place, url in enumerate(served.urls)]
        engine = Engine(watched, Path(folder) / "history.sqlite3")
        fill(engine, options.incidents)
        engine.poller.start()
        assert engine.wait_for_round(120)
        before = memory_of_this()
        with Server(Site(engine), "127.0.0.1", 0) as server:
            of_pages(server.url)
            used = memory_of_this()
            with_readers(engine, server.url, options.readers)
        heading("", "memory")
        row("before the page was used", mib(before))
        row("after", mib(used))
        row("after the readers", mib(memory_of_this()))
        engine.stop()


if __name__ == "__main__":
    main()
