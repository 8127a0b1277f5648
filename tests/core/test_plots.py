"""Tables and plots of a report: what they say, and that no word breaks out of them."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timespans import ALL_DAY, END, UTC, at, numbers, span, spans
from tray_status.core.days import days_of
from tray_status.core.model import Impact
from tray_status.core.plots import hours_plot, legend, minutes_plot, months_plot, strip
from tray_status.core.tables import as_csv, as_json, as_long_csv, as_text, days_table, tables

SVG = "{http://www.w3.org/2000/svg}"


def three_pages():
    return numbers(
        span(at(2, 10), 2, page="a"), span(at(2, 11), 4, Impact.CRITICAL, page="b"), span(at(9, 10), 1, Impact.NOTICE)
    )


def by_key(found, names=None):
    return {table.key: table for table in tables(found, names or {"a": "Acme", "b": "Zenith"})}


def test_tables_say_it_in_numbers_and_in_words():
    told = by_key(three_pages())
    assert told["months"].header == ("Month", "Critical", "Minor", "Notice", "All")
    assert told["months"].rows == (("2026-03", 1, 1, 1, 3), ("2026-04", 0, 0, 0, 0))
    assert told["minutes"].rows == (("Critical", 240.0), ("Minor", 120.0), ("Notice", 60.0))
    assert told["resolution"].words == "Half of 3 were over within 2 h, nine of ten within 4 h."
    assert told["together"].rows == (("Acme", "Zenith", 1, 60.0),)
    assert told["together"].words == "Most often Acme and Zenith: once."
    assert told["hours"].words == "Most of it was on Mon from 11:00 to 12:00."
    assert all(table.definition for table in told.values())


def test_nothing_at_all_is_said_and_drawn_too():
    found = numbers()
    told = by_key(found)
    assert told["together"].words == "No two pages had trouble at the same time."
    assert told["hours"].words == "There was no trouble."
    for svg in (
        months_plot(found, told["months"]),
        minutes_plot(found, told["minutes"]),
        hours_plot(found, told["hours"]),
    ):
        assert ElementTree.fromstring(svg).tag == f"{SVG}svg"
    assert "No incident whose both ends are known." in as_text(told["resolution"])


def test_the_terminal_gets_bars_and_shades():
    told = by_key(three_pages())
    lines = as_text(told["minutes"]).splitlines()
    assert lines[-3].endswith("█" * 24)
    assert lines[-2].endswith(" " + "█" * 12)
    shaded = as_text(told["hours"]).splitlines()
    assert len({len(line) for line in shaded[-8:]}) == 1
    assert "█" in shaded[-7]


def test_each_table_is_csv_and_all_of_them_are_one():
    told = by_key(three_pages())
    rows = list(csv.reader(io.StringIO(as_csv(told["months"]))))
    assert rows == [
        ["Month", "Critical", "Minor", "Notice", "All"],
        ["2026-03", "1", "1", "1", "3"],
        ["2026-04", "0", "0", "0", "0"],
    ]
    cells = list(csv.reader(io.StringIO(as_long_csv(told.values()))))
    assert cells[0] == ["table", "row", "column", "value"]
    assert ["months", "2026-03", "Critical", "1"] in cells
    shape = as_json(three_pages(), told.values(), {"a": "Acme"})
    assert shape["tables"]["minutes"]["rows"][0] == {"Impact": "Critical", "Minutes": 240.0}


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x", "\tx", 'a"b,c\n'])
def test_no_name_becomes_a_formula_or_another_cell(name):
    told = by_key(three_pages(), {"a": name, "b": "Zenith"})
    (_, row) = csv.reader(io.StringIO(as_csv(told["together"])))
    assert row[0] == (name if name.startswith("a") else f"'{name}")


def test_days_are_drawn_by_height_and_hollow_where_nothing_is_known():
    first = date(2026, 3, 2)
    days = days_of([span(at(3), 1, Impact.CRITICAL)], {first: ALL_DAY}, first, first + timedelta(days=2), END, UTC)
    svg = ElementTree.fromstring(strip(days, days_table("Acme", days)))
    bars = [(float(bar.get("height")), bar.get("fill"), bar[0].text) for bar in svg.iter(f"{SVG}rect")]
    assert [words for _, _, words in bars] == [
        "2026-03-02: operational", "2026-03-03: critical, 1 open for 60 minutes", "2026-03-04: no data",
    ]  # fmt: skip
    assert bars[1][0] > bars[0][0] > bars[2][0]
    assert bars[2][1] == "none"
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "Acme. Acme: 1 of 3 days with trouble, 1 without data."


@given(spans, st.text(max_size=30))
def test_no_words_break_out_of_a_plot_and_none_has_script_or_style(told, name):
    found = numbers(*told)
    each = by_key(found, {"a": name, "b": f"<script>{name}</script>"})
    days = days_of(told, {}, date(2026, 3, 1), date(2026, 3, 9), END, UTC)
    clean = "".join(char for char in name if char.isprintable())
    plots = (
        months_plot(found, each["months"]), minutes_plot(found, each["minutes"]), hours_plot(found, each["hours"]),
        strip(days, days_table(f"<b>{clean}", days)), legend(list(Impact)),
    )  # fmt: skip
    for svg in plots:
        root = ElementTree.fromstring(svg)
        assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {"svg", "rect", "title", "text", "path"}
        assert not any(
            key in ("style", "href") or key.startswith("on") for node in root.iter() for key in node.attrib
        )
