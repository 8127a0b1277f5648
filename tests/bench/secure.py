"""TLS, a certificate for each host: kept alive, and with servers that close what is idle; beside loops of `requests`.

    python -m tests.bench.secure [--pages 100]

All trust the system's certificates and one authority more, from a file: to load them for each host anew is most of
what TLS costs. `fetch` is our fetcher without the rest of the program.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .askers import Asked, Asker, Round, asker
from .hosts import Hosts, hosts
from .tables import heading, mean_cpu, mean_wall, mib, ms, reach, row, told_before

STEADY = 5
DELAY = 0.05
NAMES = {
    "ours": "tray-status",
    "fetch": "tray-status, fetcher only",
    "get": "requests.get",
    "session": "stock Session",
    "wide": "Session, a pool for every host",
}
SUMMARY = "/api/v2/summary.json"

Taken = dict[str, list[Round]]


@contextmanager
def everybody(served: Hosts, kinds: tuple[str, ...] = tuple(NAMES)) -> Iterator[dict[str, Asker]]:
    with ExitStack() as stack:
        yield {kind: stack.enter_context(asker(kind, served)) for kind in kinds}


def in_turns(ways: dict[str, Asker], taken: Taken) -> Asked:
    """A round of each, over the documents that ours asked for."""
    ours = ways["ours"].round()
    taken.setdefault("ours", []).append(ours)
    for kind, way in ways.items():
        if kind != "ours":
            taken.setdefault(kind, []).append(way.round(ours.asked))
    return ours.asked


def steady(served: Hosts) -> None:
    """Kept alive, then with connections that the servers close between two rounds."""
    count = len(served.urls)
    with everybody(served) as ways:
        first, kept, cut = Taken(), Taken(), Taken()
        in_turns(ways, first)
        in_turns(ways, {})  # whoever asks the first time for what is asked seldom
        opened = served.counts()
        for _ in range(STEADY):
            in_turns(ways, kept)
        opened = served.counts() - opened
        for _ in range(STEADY):
            served.cut()
            in_turns(ways, cut)
    heading(f"CPU of a round over {count} TLS hosts", "first", "kept alive", "closed idle", "per host", "wall, kept")
    for kind, name in NAMES.items():
        cpu = [mean_cpu(taken[kind]) for taken in (first, kept, cut)]
        row(name, *map(ms, cpu), f"{1e6 * cpu[1] / count:,.0f} µs", ms(mean_wall(kept[kind])))
    print(f"  (connections that all of them opened in {STEADY} kept rounds: {opened.connections:,})\n")
    reach("CPU of a steady round ÷ sequential requests.get", _ratio(kept, "get"), 0.03)
    reach("CPU where servers close idle connections ÷ stock Session", _ratio(cut, "session"), 0.17)


def late(served: Hosts) -> None:
    """The first round with a delay; a first round is never repeated by one and the same process."""
    served.set(delay=DELAY)
    with everybody(served, ("ours", "get")) as ways:
        first = Taken()
        asked = in_turns(ways, first)
    served.set(delay=0.0)
    ours, theirs = first["ours"][0].wall, first["get"][0].wall
    print(f"\nFirst round at {ms(DELAY)} of delay, {len(asked)} documents: {ms(ours)}, requests.get {ms(theirs)}")
    reach("first round's wall ÷ sequential requests.get", ours / theirs, 0.15)


def memory(served: Hosts) -> None:
    """What each kept host takes: how much a process grows from the first host to the last."""
    count = len(served.urls)
    one: Asked = [(served.urls[0] + SUMMARY, None)]
    every: Asked = [(url + SUMMARY, None) for url in served.urls]
    grown = {}
    with everybody(served, ("fetch", "wide")) as ways:
        for kind, way in ways.items():
            for _ in range(3):
                alone = way.round(one * 8 if kind == "fetch" else one)  # all of its threads have come to life
            for _ in range(3):
                after = way.round(every)
            grown[kind] = (after.rss - alone.rss) * 1024 / count
    heading(f"Memory for each of {count} kept TLS hosts, {len(every)} summaries read", "a host", "all")
    for kind, kilobytes in grown.items():
        row(NAMES[kind], f"{kilobytes:.1f} KiB", mib(kilobytes * count / 1024))
    print()
    reach("memory for kept TLS hosts ÷ a wide default pool", grown["fetch"] / grown["wide"], 0.12)


def beside_plain(count: int, served: Hosts) -> None:
    """The whole program over https and over http, with all hosts and with one."""
    with hosts(count) as plain:
        sizes = {
            (each.bundle is not None, number): _size(each, each.urls[:number])
            for each in (plain, served)
            for number in (1, count)
        }
    once = sizes[True, 1] - sizes[False, 1]
    more = sizes[True, count] - sizes[False, count] - once
    print(f"\nThe whole program over {count} hosts: http {mib(sizes[False, count])}, https {mib(sizes[True, count])}")
    print(f"  of which certificates and TLS itself, once: {mib(once)}")
    reach("more memory for each https host", more * 1024 / (count - 1), 60.0, " KiB")


def _size(served: Hosts, urls: list[str]) -> float:
    with asker("ours", served, urls) as way:
        return [way.round().rss for _ in range(1 + STEADY)][-1]


def _ratio(taken: Taken, other: str) -> float:
    return mean_cpu(taken["ours"]) / mean_cpu(taken[other])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=100)
    count = parser.parse_args().pages
    told_before(f"{count} hosts over TLS on loopback, a certificate each, 50 incidents each")
    with hosts(count, secure=True) as served:
        steady(served)
        late(served)
        memory(served)
        beside_plain(count, served)


if __name__ == "__main__":
    main()
