"""Tables of what benchmarks reached, beside what was wanted."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable

from .askers import Round


def told_before(what: str) -> None:
    """A title, and how busy the machine is: ratios hold, if at all, on a quiet one."""
    print(f"{what}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def heading(title: str, *columns: str) -> None:
    print(f"\n{title}\n  {'':34}" + "".join(f"{each:>13}" for each in columns))


def row(name: str, *cells: str) -> None:
    print(f"  {name:34}" + "".join(f"{each:>13}" for each in cells), flush=True)


def reach(name: str, got: float, wanted: float, unit: str = "") -> None:
    """One ratio, or figure, beside the one that is wanted at most."""
    verdict = "reached" if got <= wanted else "MISSED"
    print(f"  {name:74}{_figure(got):>8}{unit} (wanted ≤ {wanted:g}{unit}) {verdict}", flush=True)


def _figure(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def mib(value: float) -> str:
    return f"{value:.1f} MiB"


def kb(value: float) -> str:
    return f"{value / 1000:,.0f} kB"


def median_cpu(rounds: Iterable[Round]) -> float:
    return statistics.median(each.cpu for each in rounds)


def mean_cpu(rounds: Iterable[Round]) -> float:
    return statistics.fmean(each.cpu for each in rounds)


def mean_wall(rounds: Iterable[Round]) -> float:
    return statistics.fmean(each.wall for each in rounds)
