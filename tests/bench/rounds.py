"""One round over many pages of 50 incidents, beside loops of `requests`, `curl -Z`, `urlwatch` and `reader`.

    python -m tests.bench.rounds [--pages 100] [--delays 0 50] [--others]

Every loop and curl gets exactly the documents that our round asked for. Only ours reads what comes, compares it with
what was known and writes it down. `--others` installs urlwatch and reader into an environment that is thrown away.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from .askers import Asker, Round, asker
from .hosts import FEED, Counts, Hosts, hosts
from .others import Curl, Reader, Run, Urlwatch, installed
from .tables import heading, kb, mib, ms, reach, row, told_before

STEADY = 5
"""Rounds of each kind: the history is asked for every fifth time."""

INTERVAL = 60.0
SUMMARY = "/api/v2/summary.json"
COLUMNS = ("wall", "CPU", "peak", "on the wire", "requests")

Took = tuple[Round | Run, Counts]
Rounds = dict[str, list[Took]]
"""What each way took for each of its rounds."""


class Contest:
    """All ways over the same hosts, in turns."""

    def __init__(self, served: Hosts, stack: ExitStack) -> None:
        self.served = served
        self.ours: Asker = stack.enter_context(asker("ours", served))
        self.loops = {kind: stack.enter_context(asker(kind, served)) for kind in ("get", "session")}
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.curl = Curl(served, folder) if shutil.which("curl") else None

    def round(self, taken: Rounds) -> None:
        before = self.served.counts()
        ours = self.ours.round()
        taken.setdefault("tray-status", []).append((ours, self.served.counts() - before))
        for kind, loop in self.loops.items():
            before = self.served.counts()
            name = {"get": "requests.get, one by one", "session": "Session.get, one by one"}[kind]
            taken.setdefault(name, []).append((loop.round(ours.asked), self.served.counts() - before))
        if self.curl:
            before = self.served.counts()
            took = self.curl.round([url for url, _ in ours.asked])
            taken.setdefault("curl -Z with ETags", []).append((took, self.served.counts() - before))


def contest(count: int, delay: float) -> None:
    """The four kinds of rounds with one delay."""
    with hosts(count, delay=delay) as served, ExitStack() as stack:
        ways = Contest(served, stack)
        cold, unchanged, changed, untagged = Rounds(), Rounds(), Rounds(), Rounds()
        ways.round(cold)
        _table(f"Cold, {ms(delay)} of delay: 1 round", cold)
        for _ in range(STEADY):
            ways.round(unchanged)
        _table(f"Unchanged, with ETags, {ms(delay)}: means of {STEADY} rounds", unchanged)
        for each in range(STEADY):
            served.change(range(each, count, 20))
            ways.round(changed)
        _table(f"5 % changed, {ms(delay)}: means of {STEADY} rounds", changed)
        served.set(etags=False)
        ways.round({})  # who still knows an ETag learns that there are none any more
        for _ in range(STEADY):
            ways.round(untagged)
        _table(f"Unchanged, without ETags, {ms(delay)}: means of {STEADY} rounds", untagged)
        print()
        _reached(count, delay, cold, unchanged, changed)


def _table(title: str, taken: Rounds) -> None:
    heading(title, *COLUMNS)
    for name, all_took in taken.items():
        row(name, *_cells(all_took))


def _cells(all_took: list[Took]) -> tuple[str, ...]:
    wall = statistics.fmean(took.wall for took, _ in all_took)
    peak = max(took.peak for took, _ in all_took)
    wire = statistics.fmean(counts.wire for _, counts in all_took)
    asked = statistics.fmean(counts.requests for _, counts in all_took)
    return ms(wall), ms(_cpu(all_took)), mib(peak), kb(wire), f"{asked:.0f}"


def _cpu(all_took: list[Took]) -> float:
    return statistics.fmean(took.cpu for took, _ in all_took)


def _reached(count: int, delay: float, cold: Rounds, unchanged: Rounds, changed: Rounds) -> None:
    def ratio(taken: Rounds, what: str) -> float:
        ours, theirs = (
            statistics.fmean(getattr(took, what) for took, _ in taken[name])
            for name in ("tray-status", "requests.get, one by one")
        )
        return ours / theirs

    def wire(taken: Rounds) -> float:
        ours, theirs = (sum(counts.wire for _, counts in taken[name]) for name in list(taken)[:2])
        return ours / theirs

    if delay:
        reach("first round's wall ÷ requests.get one by one", ratio(cold, "wall"), 0.15)
    reach("bytes on the wire, unchanged ÷ unconditional", wire(unchanged), 0.05)
    if count >= 1000 and not delay:
        share = 100 * _cpu(unchanged["tray-status"]) / INTERVAL
        last = unchanged["tray-status"][-1][0]
        assert isinstance(last, Round)
        reach(f"{count} pages x {INTERVAL:.0f} s: of one core", share, 2.0, " %")
        reach(f"{count} pages x {INTERVAL:.0f} s: memory of the process", last.rss, 70.0, " MiB")
    print(f"  bytes on the wire, 5 % changed ÷ unconditional: {wire(changed):.3f}")
    print(f"  CPU of an unchanged round ÷ requests.get one by one: {ratio(unchanged, 'cpu'):.3f}")


# --- whole processes beside whole processes -------------------------------------------------------------------


def others(count: int) -> None:
    with installed() as python, hosts(count) as served, ExitStack() as stack:
        if python is None:
            return
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urlwatch = Urlwatch(python, served, folder, [url + SUMMARY for url in served.urls])
        reader = Reader(python, served, folder)
        _beside(served, "urlwatch", urlwatch, None, 0.5)
        _beside(served, "reader, on feeds", reader, [url + FEED for url in served.urls], 1.0)


def _beside(served: Hosts, name: str, other: Urlwatch | Reader, urls: list[str] | None, wanted: float) -> None:
    """Ours runs for an hour, and the other is started once a minute: what a round costs of either."""
    taken: Rounds = {}
    with asker("ours", served, urls) as ours:
        for each in range(1 + STEADY):
            for who, ask in (("tray-status", ours.round), (name, other.round)):
                before = served.counts()
                took = ask()
                kind = "first" if each == 0 else "unchanged"
                taken.setdefault(f"{who}, {kind}", []).append((took, served.counts() - before))
        heading(f"Beside {name.partition(',')[0]}, {len(served.urls)} pages: means of {STEADY} rounds", *COLUMNS)
        for who, all_took in taken.items():
            row(who, *_cells(all_took))
    mine, theirs = taken["tray-status, unchanged"], taken[f"{name}, unchanged"]
    once, first = ours.before.cpu + taken["tray-status, first"][0][0].cpu, taken[f"{name}, first"][0][0].cpu
    hour = (once + 59 * _cpu(mine)) / (first + 59 * _cpu(theirs))
    print()
    reach(f"CPU of the whole process in an hour of rounds ÷ {name}", hour, wanted)
    reach(f"CPU of a process that makes one round and ends ÷ {name}, unchanged", once / _cpu(theirs), wanted)
    reach(f"memory ÷ {name}", max(t.peak for t, _ in mine) / max(t.peak for t, _ in theirs), wanted)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--delays", type=float, nargs="*", default=[0.0, 50.0], help="milliseconds")
    parser.add_argument("--others", action="store_true")
    options = parser.parse_args()
    told_before(f"{options.pages} pages on loopback, an address each, 50 incidents each")
    for delay in options.delays:
        contest(options.pages, delay / 1000)
    if options.others:
        others(options.pages)


if __name__ == "__main__":
    main()
