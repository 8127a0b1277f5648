"""How a steady round's CPU, memory and wake-ups grow with the number of pages; as a table, and as a plot.

    python -m tests.bench.growth [--pages 10 100 1000 10000] [--plot assets/screenshots/growth.svg]

Small pages on loopback, over http. CPU is that of a round of answers that nothing has changed, for pages that are asked once
a minute; wake-ups are simulated.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .askers import asker
from .hosts import hosts
from .tables import heading, mean_cpu, mib, ms, reach, row, told_before
from .wakeups import ours, simulated

STEADY = 5
INTERVAL = 60.0
PARTS, INCIDENTS = 10, 50


@dataclass(frozen=True)
class Point:
    """What so many pages cost."""

    pages: int
    core: float
    """Of one core, in per cent."""
    memory: float
    """MiB of the whole process."""
    wakeups: float
    """A minute."""
    first: float
    """Seconds of CPU for the first round."""
    connections: int
    """Opened anew in a steady round."""


def measured(count: int) -> Point:
    with hosts(count, parts=PARTS, incidents=INCIDENTS) as served, asker("ours", served) as way:
        first = way.round()
        way.round()
        opened = served.counts().connections
        rounds = [way.round() for _ in range(STEADY)]
        opened = (served.counts().connections - opened) // STEADY
    share = 100 * mean_cpu(rounds) / INTERVAL
    return Point(count, share, rounds[-1].rss, simulated(count, ours), first.cpu, opened)


# --- the plot -------------------------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, TOP, FOOT = 760, 250, 60, 40, 40
INK, GRID, LINE = "#333", "#ddd", "#1769aa"
CURVES = (("% of a core", "core"), ("MiB", "memory"), ("wake-ups a minute", "wakeups"))


def plot(points: Sequence[Point]) -> str:
    """Three plots side by side, each with pages on a logarithmic axis and what they cost from 0 up."""
    each = WIDTH // len(CURVES)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" '
        f'fill="{INK}"><title>What pages cost that are asked once a minute</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    ]
    for place, (title, name) in enumerate(CURVES):
        parts.append(f'<g transform="translate({place * each} 0)">{_curve(points, title, name, each)}</g>')
    return "\n".join((*parts, "</svg>\n"))


def _curve(points: Sequence[Point], title: str, name: str, width: int) -> str:
    values = [float(getattr(point, name)) for point in points]
    top = _round_up(max(values))
    right, bottom = width - 20, HEIGHT - FOOT
    low, high = math.log10(points[0].pages), math.log10(points[-1].pages)

    def x(pages: int) -> float:
        return LEFT + (right - LEFT) * ((math.log10(pages) - low) / (high - low) if high > low else 0.5)

    def y(value: float) -> float:
        return bottom - (bottom - TOP) * value / top

    drawn = [f'<text x="{LEFT}" y="22" font-weight="bold">{title}</text>']
    for part in range(5):
        value = top * part / 4
        drawn.append(f'<path d="M{LEFT} {y(value):.1f}H{right}" stroke="{GRID}"/>')
        drawn.append(f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    for point in points:
        drawn.append(f'<text x="{x(point.pages):.1f}" y="{bottom + 18}" text-anchor="middle">{point.pages:,}</text>')
    line = " ".join(f"{x(point.pages):.1f},{y(value):.1f}" for point, value in zip(points, values, strict=True))
    drawn.append(f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    for point, value in zip(points, values, strict=True):
        tip = f"<title>{point.pages:,} pages: {value:.3g} {title}</title>"
        drawn.append(f'<circle cx="{x(point.pages):.1f}" cy="{y(value):.1f}" r="3.5" fill="{LINE}">{tip}</circle>')
    drawn.append(f'<text x="{(LEFT + right) / 2}" y="{bottom + 34}" text-anchor="middle">pages</text>')
    return "\n".join(drawn)


def _round_up(value: float) -> float:
    """To a number that is easy to divide by four."""
    size: float = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(size * step for step in (1, 2, 4, 6, 8, 10) if size * step >= value)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, nargs="*", default=[10, 100, 1_000, 10_000])
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    told_before(f"Pages every {INTERVAL:.0f} s, {PARTS} components and {INCIDENTS} incidents each, unchanged")
    heading("", "of a core", "memory", "wake-ups/min", "first round", "opened anew")
    points = []
    for count in options.pages:
        point = measured(count)
        points.append(point)
        cells = (mib(point.memory), f"{point.wakeups:.0f}", ms(point.first), f"{point.connections:,}")
        row(f"{count:,} pages", f"{point.core:.2f} %", *cells)
    print()
    for point in points:
        if point.pages == 1_000:
            reach("1,000 pages x 60 s: of one core", point.core, 2.0, " %")
            reach("1,000 pages x 60 s: memory of the process", point.memory, 70.0, " MiB")
    if options.plot:
        options.plot.write_text(plot(points), "utf-8")
        print(f"drawn: {options.plot}")


if __name__ == "__main__":
    main()
