"""Plots of a report as SVG, each with a title and words for who does not see it. Pure.

Without scripts and styles of their own, so that a page with a strict policy can hold them: colours are attributes,
text takes the colour of its surroundings. Colour is never the only sign: bars have titles and labels, and a strip's
days differ in height.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .days import Day
from .model import Impact
from .statistics import IMPACTS, Statistics
from .tables import WEEKDAYS, Table
from .wording import IMPACT_WORDS, STANDING_WORDS

COLOURS = {
    Impact.NONE: "#2e9e44",
    Impact.NOTICE: "#5f9b2f",
    Impact.MAINTENANCE: "#2f6fe4",
    Impact.MINOR: "#d9a400",
    Impact.MAJOR: "#e8730c",
    Impact.CRITICAL: "#d3232f",
    Impact.UNKNOWN: "#868e99",
}

_HEIGHTS = {
    Impact.NONE: 0.4,
    Impact.NOTICE: 0.5,
    Impact.MAINTENANCE: 0.6,
    Impact.UNKNOWN: 0.65,
    Impact.MINOR: 0.7,
    Impact.MAJOR: 0.85,
    Impact.CRITICAL: 1.0,
}

WIDTH = 640


def months_plot(found: Statistics, table: Table) -> str:
    """Bars by month, the impacts on top of each other, the worst at the bottom."""
    height, foot, left = 180, 24, 32
    most = max((sum(month.counts.values()) for month in found.months), default=0) or 1
    step = (WIDTH - left) / max(1, len(found.months))
    parts = [_text(left - 6, 14, str(most), "end"), _text(left - 6, height, "0", "end")]
    parts.append(_line(left, height, WIDTH, height))
    for place, month in enumerate(found.months):
        x, y = left + place * step, float(height)
        for impact in IMPACTS:
            if count := month.counts.get(impact, 0):
                size = (height - 10) * count / most
                y -= size
                words = f"{month.name}: {count} {IMPACT_WORDS[impact].lower()}"
                parts.append(_box(x + step * 0.1, y, step * 0.8, size, COLOURS[impact], words))
        if len(found.months) <= 14 or place % (len(found.months) // 12 + 1) == 0:
            parts.append(_text(x + step / 2, height + 16, month.name[2:], "middle"))
    return _svg(WIDTH, height + foot, table, parts)


def minutes_plot(found: Statistics, table: Table) -> str:
    """A bar for each impact, with its minutes."""
    rows = [(each, found.minutes.get(each, 0.0)) for each in IMPACTS if found.minutes.get(each)]
    most = max((minutes for _, minutes in rows), default=0.0) or 1.0
    parts = []
    for place, (impact, minutes) in enumerate(rows):
        y, size = 6 + 26 * place, 380 * minutes / most
        parts.append(_text(110, y + 14, IMPACT_WORDS[impact], "end"))
        parts.append(
            _box(120, y, max(1.0, size), 18, COLOURS[impact], f"{IMPACT_WORDS[impact]}: {minutes:.0f} minutes")
        )
        parts.append(_text(126 + size, y + 14, f"{minutes:,.0f} min"))
    if not rows:
        parts.append(_text(0, 20, "No minute."))
    return _svg(WIDTH, 8 + 26 * max(1, len(rows)), table, parts)


def hours_plot(found: Statistics, table: Table) -> str:
    """Weekdays by hours; the darker, the more minutes, and a cross where there were most."""
    left, size, tall = 40, 24, 20
    most = max(max(row) for row in found.hours) or 1.0
    parts = [_text(left + size * hour, 12, f"{hour:02}") for hour in range(0, 24, 3)]
    for day, row in enumerate(found.hours):
        y = 18 + tall * day
        parts.append(_text(left - 8, y + 14, WEEKDAYS[day], "end"))
        for hour, minutes in enumerate(row):
            x, words = left + size * hour, f"{WEEKDAYS[day]} {hour:02}:00: {minutes:.0f} minutes"
            shade = f' fill-opacity="{0.15 + 0.85 * minutes / most:.2f}"' if minutes else ' fill-opacity="0.04"'
            colour = COLOURS[Impact.CRITICAL] if minutes else "currentColor"
            parts.append(_box(x, y, size - 2, tall - 2, colour, words, shade))
            if minutes == most:
                parts.append(_text(x + (size - 2) / 2, y + 14, "×", "middle"))
    return _svg(left + 24 * size, 20 + 7 * tall, table, parts)


def strip(days: Sequence[Day], table: Table) -> str:
    """A bar for each day: the higher the worse; hollow where nothing is known."""
    step, height = 7, 28
    parts = []
    for place, each in enumerate(days):
        if each.impact is None:
            place_of = f'x="{place * step + 0.5}" y="{height - 8.5}" width="{step - 3}" height="8"'
            hollow = 'fill="none" stroke="currentColor" stroke-opacity="0.45"'
            parts.append(f"<rect {place_of} {hollow}><title>{each.day}: no data</title></rect>")
            continue
        size = height * _HEIGHTS[each.impact]
        words = f"{each.day}: {STANDING_WORDS[each.impact].lower()}"
        if each.incidents:
            words += f", {each.incidents} open for {each.minutes:.0f} minutes"
        if each.partly:
            words += ", watched for a part of it"
        faint = ' fill-opacity="0.6"' if each.partly and each.impact is Impact.NONE else ""
        parts.append(_box(place * step, height - size, step - 2, size, COLOURS[each.impact], words, faint))
    return _svg(step * len(days), height, table, parts)


def legend(impacts: Sequence[Impact]) -> str:
    """Which colour is which, in words."""
    parts, x = [], 0
    for each in impacts:
        words = IMPACT_WORDS[each]
        parts += [_box(x, 2, 12, 12, COLOURS[each], words), _text(x + 17, 13, words)]
        x += 30 + 8 * len(words)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {max(1, x)} 16" width="{max(1, x)}" height="16"'
        f' font-family="sans-serif" font-size="12" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _svg(width: float, height: float, table: Table, parts: Sequence[str]) -> str:
    # A title of its own for each bar would make a screen reader tell hundreds: the words tell it all, and the table.
    label = escape(f"{table.title}. {table.words}", quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" class="plot" role="img"'
        f' aria-label="{label}" font-family="sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


def _box(x: float, y: float, width: float, height: float, colour: str, words: str, more: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{colour}"{more}><title>{escape(words)}</title></rect>'


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">{escape(words)}</text>'


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path d="M{x:g} {y:g}L{to_x:g} {to_y:g}" stroke="currentColor" stroke-opacity="0.4"/>'
