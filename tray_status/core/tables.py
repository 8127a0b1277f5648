"""The numbers of a report as tables: the same for the terminal, the browser, CSV and JSON. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

from .days import Day
from .events import stamp
from .measure import length
from .model import Impact
from .statistics import DEFINITIONS, IMPACTS, Statistics
from .wording import IMPACT_WORDS, count

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Cell: TypeAlias = "str | float | None"


@dataclass(frozen=True, slots=True)
class Table:
    """One table with what its numbers mean."""

    key: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: str = ""
    """What it says in a sentence, for who sees no plot."""

    @property
    def definition(self) -> str:
        return DEFINITIONS[self.key]


def tables(found: Statistics, names: Mapping[str, str]) -> tuple[Table, ...]:
    """All tables of a report; `names` are the pages' by id."""
    told = {each for month in found.months for each in month.counts} | found.minutes.keys()
    shown = [each for each in IMPACTS if each in told] or [Impact.MINOR]
    return (
        Table(
            "months",
            "Incidents by month",
            ("Month", *(IMPACT_WORDS[each] for each in shown), "All"),
            tuple(
                (month.name, *(month.counts.get(each, 0) for each in shown), sum(month.counts.values()))
                for month in found.months
            ),
            f"{count(found.incidents, 'incident')} and {count(found.maintenances, 'maintenance')}.",
        ),
        Table(
            "minutes",
            "Minutes by impact",
            ("Impact", "Minutes"),
            tuple((IMPACT_WORDS[each], round(found.minutes.get(each, 0.0), 1)) for each in shown),
            f"{round(sum(found.minutes.values()))} minutes in all.",
        ),
        _resolution(found),
        _quiet(found),
        Table(
            "hours",
            "When",
            ("Day", *(f"{hour:02}" for hour in range(24))),
            tuple((WEEKDAYS[day], *(round(each, 1) for each in row)) for day, row in enumerate(found.hours)),
            _most(found),
        ),
        Table(
            "together",
            "What failed together",
            ("Page", "and page", "Times", "Minutes"),
            tuple(
                (*(names.get(key, key) for key in (each.first, each.second)), each.count, round(each.minutes, 1))
                for each in found.together
            ),
            _most_often(found, names),
        ),
    )


def _resolution(found: Statistics) -> Table:
    told = found.resolution
    median = length(told.median) if told.median is not None else None
    p90 = length(told.p90) if told.p90 is not None else None
    words = f"Half of {told.count} were over within {median}, nine of ten within {p90}." if told.count else ""
    return Table(
        "resolution",
        "From the first word to the end",
        ("Incidents", "Median", "p90"),
        ((told.count, median, p90),),
        words or "No incident whose both ends are known.",
    )


def _quiet(found: Statistics) -> Table:
    told = found.quiet
    row: tuple[Cell, ...] = (None, None, None)
    if told is not None:
        row = (length(told.end - told.begin), stamp(told.begin), stamp(told.end))
    words = f"The longest quiet time lasted {row[0]}." if told else "There was no quiet time."
    return Table("quiet", "Longest quiet time", ("Lasted", "From", "Until"), (row,), words)


def _most(found: Statistics) -> str:
    minutes, day, hour = max(
        (each, day, hour) for day, row in enumerate(found.hours) for hour, each in enumerate(row)
    )
    if not minutes:
        return "There was no trouble."
    return f"Most of it was on {WEEKDAYS[day]} from {hour:02}:00 to {(hour + 1) % 24:02}:00."


def _most_often(found: Statistics, names: Mapping[str, str]) -> str:
    if not found.together:
        return "No two pages had trouble at the same time."
    first = found.together[0]
    pair = " and ".join(names.get(key, key) for key in (first.first, first.second))
    return f"Most often {pair}: {'once' if first.count == 1 else f'{first.count} times'}."


def days_table(name: str, days: Sequence[Day]) -> Table:
    """One page's days."""
    rows = tuple(
        (
            each.day.isoformat(),
            "no data" if each.impact is None else IMPACT_WORDS[each.impact],
            each.incidents,
            round(each.minutes, 1),
        )
        for each in days
    )
    bad = sum(each.impact not in (None, Impact.NONE) for each in days)
    unknown = sum(each.impact is None for each in days)
    words = f"{name}: {bad} of {len(days)} days with trouble, {unknown} without data."
    return Table("days", name, ("Day", "Worst", "Incidents", "Minutes"), rows, words)


def as_csv(table: Table) -> str:
    """One table with its header, in lines that end as RFC 4180 has it."""
    return _csv([table.header, *table.rows])


def as_long_csv(found: Iterable[Table]) -> str:
    """All tables as one, a cell in each line."""
    cells = (
        (table.key, str(row[0]), column, value)
        for table in found
        for row in table.rows
        for column, value in zip(table.header[1:], row[1:], strict=True)
    )
    return _csv([("table", "row", "column", "value"), *cells])


def _csv(rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    """What a spreadsheet would take for a formula is text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_json(found: Statistics, all_tables: Iterable[Table], pages: Mapping[str, str]) -> dict[str, object]:
    """`tray-status report --json`, `v` 1."""
    return {
        "v": 1,
        "since": stamp(found.since),
        "until": stamp(found.until),
        "pages": [{"id": key, "name": name} for key, name in pages.items()],
        "tables": {
            each.key: {
                "title": each.title,
                "definition": each.definition,
                "rows": [dict(zip(each.header, row, strict=True)) for row in each.rows],
            }
            for each in all_tables
        },
    }


def as_text(table: Table, *, bars: int = 24) -> str:
    """A table for the terminal, with bars where its last column is a number."""
    lines = [table.title, "=" * len(table.title)]
    if table.words:
        lines.append(table.words)
    if table.key in ("resolution", "quiet") or not table.rows:
        return "\n".join(lines)
    if table.key == "hours":
        return "\n".join([*lines, *_shaded(table)])
    widths = [
        max(len(str(cell)) for cell in column) for column in zip(table.header, *map(_shown, table.rows), strict=True)
    ]
    most = max((row[-1] for row in table.rows if isinstance(row[-1], (int, float))), default=0)
    for row in (table.header, *table.rows):
        cells = [
            f"{cell:<{width}}" if not isinstance(row[place], (int, float)) else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(_shown(row), widths, strict=True))
        ]
        last = row[-1]
        bar = "█" * round(bars * last / most) if isinstance(last, (int, float)) and most else ""
        lines.append("  ".join([*cells, bar]).rstrip())
    return "\n".join(lines)


def _shown(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple("" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row)


_SHADES = " ░▒▓█"


def _shaded(table: Table) -> Iterable[str]:
    numbers = [[cell for cell in row[1:] if isinstance(cell, (int, float))] for row in table.rows]
    most = max((each for row in numbers for each in row), default=0) or 1
    yield "     00    06    12    18    "
    for row, cells in zip(table.rows, numbers, strict=True):
        yield f"{row[0]}  " + "".join(_SHADES[ceil(4 * each / most)] for each in cells)
