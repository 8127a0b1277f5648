"""Ways to ask many pages, each in a process of its own that measures itself a round at a time.

with asker("ours", served) as ours:
    ours.round().cpu

`ours` is the whole engine with a history on disk; `fetch` is our fetcher alone on as many threads. `get`, `session`
and `wide` are loops of `requests`: `requests.get`, a `Session` as it comes, and one whose pool keeps every host.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .hosts import Hosts

Asked = list[tuple[str, str | None]]
"""Addresses, each with the ETag that was sent."""

PATIENCE = 300.0
THREADS = 8


@dataclass(frozen=True)
class Round:
    """What one round cost: seconds, and MiB of the process at its end and at its height."""

    wall: float
    cpu: float
    rss: float
    peak: float
    asked: Asked


class Asker:
    """The process as it is spoken to."""

    def __init__(self, process: subprocess.Popen[str], began: Round) -> None:
        self._process = process
        self.before = began
        """From its start until it could ask, with `requests` imported."""

    def round(self, asked: Asked | None = None) -> Round:
        """Ask all, or these documents where this is one of the loops."""
        return _told(self._process, {"asked": asked})


def _told(process: subprocess.Popen[str], command: Any) -> Round:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(command) + "\n")
    process.stdin.flush()
    if not (line := process.stdout.readline()):
        raise SystemExit("an asker's process ended")
    told = json.loads(line)
    return Round(**{**told, "asked": [tuple(each) for each in told["asked"]]})


@contextmanager
def asker(kind: str, served: Hosts, urls: Sequence[str] | None = None) -> Iterator[Asker]:
    """One of the kinds, asking all hosts, or these pages."""
    command = [sys.executable, "-m", "tests.bench.askers"]
    process = subprocess.Popen(
        command, env=served.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        began = _told(process, {"kind": kind, "urls": list(urls or served.urls)})
        yield Asker(process, began)
    finally:
        with suppress(BrokenPipeError):
            process.communicate(timeout=60)


# --- the process itself ---------------------------------------------------------------------------------------


class _Way(Protocol):
    def ask(self, asked: Asked | None) -> Asked: ...


class _Ours:
    """Everything but what a person sees."""

    def __init__(self, urls: list[str], folder: Path) -> None:
        import requests  # noqa: F401 - as the others have it before they are measured

        from tray_status.core.model import Page
        from tray_status.engine import Engine

        watched = [Page(f"page-{place}", f"Vendor {place}", url, interval=3600.0) for place, url in enumerate(urls)]
        self._engine = Engine(watched, folder / "history.sqlite3")
        self._get = self._engine.fetcher.get
        self._engine.fetcher.get = self._noting  # type: ignore[method-assign]
        self._asked: Asked = []
        self._rounds = 0

    def _noting(self, request: Any) -> Any:
        self._asked.append((request.url, request.validators.etag if request.validators else None))
        return self._get(request)

    def ask(self, _asked: Asked | None) -> Asked:
        self._asked.clear()
        self._rounds += 1
        (self._engine.poller.start if self._rounds == 1 else self._engine.poller.check_now)()
        if not self._engine.poller.wait_for_round(self._rounds, PATIENCE) or not self._all_read():
            raise SystemExit("the pages could not be polled")
        return list(self._asked)

    def _all_read(self) -> bool:
        return all(poll.times[1] and not poll.state.trouble for poll in self._engine.poller._polls.values())


class _Fetch:
    """Our fetcher, and nothing that understands what it brings."""

    def __init__(self, urls: list[str], _folder: Path) -> None:
        from concurrent.futures import ThreadPoolExecutor

        import requests  # noqa: F401 - as the others have it before they are measured

        from tray_status.core.exchange import Answer, Request
        from tray_status.fetch import Fetcher

        self._fetcher, self._pool = Fetcher(), ThreadPoolExecutor(THREADS)
        self._make, self._answer = Request, Answer
        self._known: dict[str, Any] = {}

    def ask(self, asked: Asked | None) -> Asked:
        return list(self._pool.map(self._one, [url for url, _ in asked or ()]))

    def _one(self, url: str) -> tuple[str, str | None]:
        known = self._known.get(url)
        answer = self._fetcher.get(self._make(url, validators=known))
        assert isinstance(answer, self._answer), answer
        self._known[url] = answer.validators or known
        return url, known.etag if known else None


class _Loop:
    """One after the other, each answer decoded, as a first script would do it."""

    def __init__(self, urls: list[str], kind: str) -> None:
        import requests
        from requests.adapters import HTTPAdapter

        self._get: Any = requests.get
        if kind != "get":
            session = requests.Session()
            self._get = session.get
            if kind == "wide":
                session.mount(urls[0].partition("//")[0] + "//", HTTPAdapter(pool_connections=len(urls)))

    def ask(self, asked: Asked | None) -> Asked:
        for url, _ in asked or ():
            answer = self._get(url, timeout=60)
            assert answer.status_code in (200, 404), answer.status_code
            if "json" in answer.headers.get("Content-Type", ""):
                answer.json()
        return [(url, None) for url, _ in asked or ()]


def _memory(field: str) -> float:
    """MiB: `VmRSS` now, `VmHWM` at its height."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def _measured(way: _Way | None, asked: Asked | None) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    did = way.ask(asked) if way else []
    wall, spent = time.perf_counter() - began, time.process_time() - cpu
    return {"wall": wall, "cpu": spent, "rss": _memory("VmRSS"), "peak": _memory("VmHWM"), "asked": did}


def _main() -> None:
    job = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory() as folder:
        ways: dict[str, Any] = {"ours": _Ours, "fetch": _Fetch}
        make = ways.get(job["kind"])
        way: _Way = make(job["urls"], Path(folder)) if make else _Loop(job["urls"], job["kind"])
        _say({**_measured(None, None), "cpu": time.process_time()})
        while line := sys.stdin.readline():
            _say(_measured(way, json.loads(line)["asked"]))
    sys.stdout.flush()
    os._exit(0)  # whatever thread still lives: nothing is left to be kept


def _say(told: Any) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    _main()
