"""A report over some pages and some time: gathered from the log, and written as one page of HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from html import escape
from urllib.parse import quote

from ..core.days import Day, days_of
from ..core.model import Impact, Page
from ..core.plots import hours_plot, legend, minutes_plot, months_plot, strip
from ..core.spans import by_page
from ..core.statistics import IMPACTS, Statistics, statistics
from ..core.tables import Table, as_csv, days_table, tables
from ..store.past import Past

DAYS = 90
"""Days of a strip."""

STRIPS_LIMIT = 25
"""Pages whose days are drawn in one report: those with the most trouble."""


@dataclass(frozen=True, slots=True)
class Strip:
    """The days of one page."""

    page: Page
    days: tuple[Day, ...]
    table: Table

    @property
    def svg(self) -> str:
        return strip(self.days, self.table)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report tells."""

    found: Statistics
    tables: tuple[Table, ...]
    strips: tuple[Strip, ...]
    names: Mapping[str, str]

    @property
    def plots(self) -> dict[str, str]:
        """The plots by the key of the table that each shows."""
        each = {table.key: table for table in self.tables}
        return {
            "months": months_plot(self.found, each["months"]),
            "minutes": minutes_plot(self.found, each["minutes"]),
            "hours": hours_plot(self.found, each["hours"]),
        }

    @property
    def period(self) -> str:
        """`2026-01-01 to 2026-03-31`, in this computer's zone."""
        return f"{self.found.since.astimezone():%Y-%m-%d} to {self.found.until.astimezone():%Y-%m-%d}"


def report(past: Past, pages: Sequence[Page], since: datetime, now: datetime) -> Report:
    """What happened on these pages since then. Raises StoreError."""
    ids = [page.id for page in pages]
    first = past.watched_since(ids)
    watched_since = datetime.combine(first, time()).astimezone(timezone.utc) if first else now
    spans = past.spans(since, now, now, ids)
    found = statistics(spans, since, now, watched_since)
    names = {page.id: page.name for page in pages}
    how_many = Counter(each.page_id for each in spans)
    worst = sorted(pages, key=lambda page: -how_many[page.id])[:STRIPS_LIMIT]
    drawn = [page for page in pages if page in worst]
    return Report(found, tables(found, names), strips(past, drawn, now), names)


def strips(past: Past, pages: Sequence[Page], now: datetime, how_many: int = DAYS) -> tuple[Strip, ...]:
    """The last days of each page. Raises StoreError."""
    last = now.astimezone().date()
    first = last - timedelta(days=how_many - 1)
    begin = datetime.combine(first, time()).astimezone(timezone.utc)
    spans = by_page(past.spans(begin, now, now, [page.id for page in pages]))
    found = []
    for page in pages:
        days = days_of(spans.get(page.id, ()), past.watched(page.id), first, last, now)
        found.append(Strip(page, days, days_table(page.name, days)))
    return tuple(found)


_STYLE = """
:root { color-scheme: light dark; --line: #8886; }
body { max-width: 50rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .875rem; }
th, td { padding: .2rem .5rem; border: 1px solid var(--line); text-align: left; }
.quiet { opacity: .75; font-size: .875rem; }
details { margin: .25rem 0 1rem; }
"""


def as_html(told: Report) -> str:
    """One page with all of it, which needs nothing else."""
    shown = [each for each in IMPACTS if each in told.found.minutes]
    parts = [
        f"<h1>Status report</h1><p>{escape(told.period)}: {escape(', '.join(told.names.values()))}</p>",
        legend(shown),
    ]
    plots = told.plots
    for table in told.tables:
        parts.append(f"<h2>{escape(table.title)}</h2><p>{escape(table.words)}</p>{plots.get(table.key, '')}")
        parts.append(_details(table))
    parts.append("<h2>Day by day</h2>")
    if told.strips:
        parts.append(f'<p class="quiet">{escape(told.strips[0].table.definition)}</p>{legend((Impact.NONE, *shown))}')
    for each in told.strips:
        parts.append(
            f"<h3>{escape(each.page.name)}</h3><p>{escape(each.table.words)}</p>{each.svg}{_details(each.table)}"
        )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Status report, {escape(told.period)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _details(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in table.header)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape('' if cell is None else str(cell))}</td>" for cell in row) + "</tr>"
        for row in table.rows
    )
    data = quote(as_csv(table))
    return (
        f'<details><summary>What it means, and the numbers</summary><p class="quiet">{escape(table.definition)}</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f'<p><a download="{table.key}.csv" href="data:text/csv;charset=utf-8,{data}">As CSV</a></p></details>'
    )
