"""What a monitoring plugin says: one line, numbers, a code."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, TIMEOUT, ZENITH, incident, state_of, update
from tray_status.core.model import Impact, Reading
from tray_status.core.plugin import plugin
from tray_status.core.view import look


def said(*states):
    code, text = plugin(look(states, NOW), NOW)
    return code, text.splitlines()


@pytest.mark.parametrize(
    ("impact", "code"),
    [(Impact.NONE, 0), (Impact.MINOR, 1), (Impact.MAJOR, 2), (Impact.CRITICAL, 2)],
)
def test_the_code_follows_the_worst(impact, code):
    assert said(state_of(ACME, incident(update(1), impact=impact)), state_of(ZENITH))[0] == code


def test_what_is_bad_counts_more_than_what_is_not_known():
    unread = state_of(ZENITH, reading=Reading.UNREACHABLE, problem=TIMEOUT)
    assert said(unread)[0] == 3
    assert said(state_of(ACME), unread)[0] == 3
    assert said(state_of(ACME, incident(update(1))), unread)[0] == 1
    assert said()[0] == 3


def test_the_text_names_the_worst_and_each_page_that_is_not_well():
    code, lines = said(state_of(ACME, incident(update(1), name="A | B", impact=Impact.MAJOR)), state_of(ZENITH))
    assert code == 2
    assert lines == [
        "STATUS CRITICAL - 2 pages, 1 open incident, Acme: Major trouble"
        " | pages=2;;;0 open=1;;;0 critical=0;;;0 major=1;;;0 minor=0;;;0 maintenance=0;;;0 unknown=0;;;0 oldest=5s;;;0",
        "Major: Acme: A / B",
    ]


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_a_vendor_writes_there_is_one_bar_in_one_line(name, page):
    _, lines = said(state_of(replace(ACME, name=page or "x"), incident(update(1), name=name)))
    assert len(lines) == 2
    assert lines[0].count("|") == 1
    assert re.fullmatch(r"(?:\w+=\d+s?;;;0 ?)+", lines[0].partition("| ")[2])
    assert "|" not in lines[1]
