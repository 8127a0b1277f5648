"""How many questions it takes to find a page's platform, and how long a search of the catalogue takes.

    python -m tests.bench.finding

At an unknown host each platform has to be looked for; where the address tells, or the catalogue, it is only asked.
"""

from __future__ import annotations

import difflib
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from tests import loopback
from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import Dialect, incident, said
from tests.providers.vendor import VendorPage
from tray_status.catalogue import known_pages
from tray_status.catalogue.names import Entry
from tray_status.catalogue.search import search
from tray_status.core.text import safe_url
from tray_status.providers.detection import by_address
from tray_status.providers.registry import PLATFORMS

from .tables import heading, reach, row, told_before

UNKNOWN = "https://status.acme.example"
TURNS = 7
QUERIES = (
    "openai", "github", "cloudflre", "stripe", "amazn", "data dog", "ai", "payments", "anthropc", "slakc", "heroku",
    "google cloud", "twillio", "zoom", "pagerdty", "s", "vercel", "supabse", "status", "microsft 365", "xyzzy",
)  # fmt: skip


# --- detection ------------------------------------------------------------------------------------------------


def quiet(dialect: Dialect) -> dict[str, object]:
    """What the page's documents say while an incident is open."""
    return VendorPage(dialect).says(incident(said(0, dialect.states[0]), impact=dialect.impacts[-1])).documents


def asked(dialect: Dialect, address: str, documents: dict[str, object], expected: str) -> tuple[int, int] | None:
    """Questions of the first poll, and of the second; None where it is not found there."""
    page = VendorPage(replace(dialect, address=address)).serves(documents)
    page.poll()
    first = len(page.asked)
    if not page.is_read or page.platform != expected:
        return None
    page.asked.clear()
    page.poll()
    return first, len(page.asked)


def known_address(dialect: Dialect) -> str | None:
    """An address that alone tells the platform."""
    candidates = [dialect.address, *(entry.url for entry in known_pages() if entry.platform == dialect.platform)]
    platforms = [each for each in PLATFORMS if each.name == dialect.platform]
    candidates += [f"https://{'acme' if host[0] == '.' else ''}{host}" for each in platforms for host in each.hosts]
    return next((each for each in candidates if safe_url(each) and by_address(platforms, each)), None)


def at_home(dialect: Dialect, address: str, documents: dict[str, object]) -> dict[str, object]:
    """The documents, the main one also where that address tells that it is."""
    found = by_address([each for each in PLATFORMS if each.name == dialect.platform], address)
    assert found is not None
    main = found.platform.main(found.source)
    name = main.rstrip("/").rpartition("/")[2]
    same = [told for path, told in documents.items() if path.rstrip("/").endswith(name)]
    return {**documents, main: same[0]} if same else documents


def detection() -> None:
    heading("Requests until a page is found and read", "unknown host", "known host", "next poll", "allowed")
    firsts = []
    rows = [("statuspage", DIALECTS["instatus"], loopback.statuspage()), ("incident.io", None, loopback.imitation())]
    for name, dialect, documents in rows:
        told = asked(dialect or DIALECTS["instatus"], UNKNOWN, documents, name)
        row(name, *_cells(told, None), "")
        firsts += [told[0]] if told else []
    for name, dialect in sorted(DIALECTS.items()):
        documents = quiet(dialect)
        unknown = asked(dialect, dialect.address if by_address(PLATFORMS, dialect.address) is None else UNKNOWN,
                        documents, dialect.platform)  # fmt: skip
        address = known_address(dialect)
        known = asked(dialect, address, at_home(dialect, address, documents), dialect.platform) if address else None
        row(name, *_cells(unknown, known), str(dialect.most_requests + 3))
        firsts += [unknown[0]] if unknown else []
    print("  (–: it is nowhere else, or no address tells it)")
    print(f"  at an unknown host: median {statistics.median(firsts):.0f}, most {max(firsts)}")


def _cells(unknown: tuple[int, int] | None, known: tuple[int, int] | None) -> tuple[str, ...]:
    told = unknown or known
    return (*("–" if each is None else str(each[0]) for each in (unknown, known)), str(told[1]) if told else "–")


# --- search ---------------------------------------------------------------------------------------------------


def plainly(entries: tuple[Entry, ...], text: str) -> list[Entry]:
    """As one would with the standard library."""
    names = {name.casefold(): entry for entry in entries for name in entry.names}
    return [names[each] for each in difflib.get_close_matches(text.casefold(), names, 20, 0.72)]


def timed(look: Callable[[tuple[Entry, ...], str], object], entries: tuple[Entry, ...]) -> dict[str, float]:
    """Milliseconds for each query, the median of some turns."""
    look(entries, "warm")
    told = {}
    for query in QUERIES:
        turns = []
        for _ in range(TURNS):
            began = time.perf_counter()
            look(entries, query)
            turns.append(time.perf_counter() - began)
        told[query] = statistics.median(turns) * 1000
    return told


def searching() -> None:
    entries = known_pages()
    mine, theirs = timed(search, entries), timed(plainly, entries)
    heading(f"Search of {len(entries)} pages, {len(QUERIES)} queries", "median", "slowest", "ratio")
    ratio = statistics.median(mine.values()) / statistics.median(theirs.values())
    row(
        "tray-status search",
        f"{statistics.median(mine.values()):.2f} ms",
        f"{max(mine.values()):.2f} ms",
        f"{ratio:.3f}",
    )
    row("difflib, names only", f"{statistics.median(theirs.values()):.2f} ms", f"{max(theirs.values()):.2f} ms", "1")
    print(f"  slowest: {max(mine, key=lambda query: mine[query])!r}\n")
    reach("a search of the catalogue, median", statistics.median(mine.values()), 5.0, " ms")
    reach("a search of the catalogue, slowest query", max(mine.values()), 5.0, " ms")


def main() -> None:
    told_before("Finding pages")
    detection()
    searching()


if __name__ == "__main__":
    main()
