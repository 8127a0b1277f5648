"""How long incidents take, and what is usual: never more than is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import START, incident, update
from tray_status.core.measure import ENOUGH, length, took, usual
from tray_status.core.model import State

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "under a minute"), (1, "1 min"), (59.9, "59 min"), (60, "1 h"), (72, "1 h 12 min"), (1440, "1 d"),
     (1440 + 185, "1 d 3 h"), (-5, "under a minute")],
)  # fmt: skip
def test_a_length_has_two_units_at_most(minutes, words):
    assert length(minutes * MINUTE) == words


def test_an_incident_took_what_its_vendor_says_and_nothing_is_made_up():
    over = incident(update(1), update(72, State.RESOLVED))
    assert took(over) == 72 * MINUTE
    assert took(replace(over, resolved_at=START + 60 * MINUTE)) == 60 * MINUTE
    assert took(incident(update(1))) is None
    assert took(replace(over, started_at=None)) is None
    assert took(replace(over, resolved_at=START - MINUTE)) is None
    assert took(replace(over, state=State.REMOVED)) is None


@given(st.lists(st.integers(0, 60 * 24 * 10), max_size=40))
def test_what_is_usual_holds_for_three_quarters_of_them_and_needs_enough(minutes):
    words = usual([each * MINUTE for each in minutes])
    if len(minutes) < ENOUGH:
        assert words is None
        return
    number, unit = words.split()
    limit = int(number) * {"min": 1, "h": 60, "d": 1440}[unit]
    assert sum(each <= limit for each in minutes) * 4 >= 3 * len(minutes)


def test_what_takes_weeks_as_a_rule_is_called_nothing():
    assert usual([timedelta(days=30)] * 10) is None
