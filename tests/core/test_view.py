"""How bad it looks: the worst of all that is known, and never green by mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.core.model import Component, Impact, Incident, Kind, Page, Reading, State, worst
from tray_status.core.view import PageState, look

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
PAGE = Page("acme", "Acme", "https://status.acme.example", interval=60)
FINE = PageState(
    PAGE,
    reading=Reading.FRESH,
    indicator=Impact.NONE,
    open_told=True,
    read_at=NOW - timedelta(seconds=5),
    components=(Component("c", "API", Impact.NONE),),
)


def incident(impact: Impact | None, state: State = State.INVESTIGATING) -> Incident:
    return Incident("i", "Trouble", state, impact=impact)


def impact_of(state: PageState) -> Impact:
    return look([state], NOW).worst


def test_all_fine_is_green():
    assert impact_of(FINE) is Impact.NONE


def test_nothing_watched_is_unknown():
    assert look([], NOW).worst is Impact.UNKNOWN


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"open_incidents": (incident(Impact.NONE),)}, Impact.NOTICE),
        ({"open_incidents": (incident(None),)}, Impact.NOTICE),
        ({"open_incidents": (incident(Impact.UNKNOWN),)}, Impact.UNKNOWN),
        ({"open_incidents": (incident(Impact.MAJOR),)}, Impact.MAJOR),
        ({"indicator": Impact.CRITICAL}, Impact.CRITICAL),
        ({"indicator": Impact.UNKNOWN}, Impact.UNKNOWN),
        ({"indicator": None}, Impact.NONE),
        ({"components": (Component("c", "API", Impact.MINOR),)}, Impact.MINOR),
        ({"maintenances": (Incident("m", "M", State.IN_PROGRESS, kind=Kind.MAINTENANCE),)}, Impact.MAINTENANCE),
        ({"maintenances": (Incident("m", "M", State.SCHEDULED, kind=Kind.MAINTENANCE),)}, Impact.NONE),
        ({"open_told": False}, Impact.UNKNOWN),
        ({"read_at": NOW - timedelta(seconds=181)}, Impact.UNKNOWN),
        ({"read_at": None}, Impact.UNKNOWN),
        ({"reading": Reading.UNREACHABLE}, Impact.UNKNOWN),
        ({"reading": Reading.BROKEN, "open_incidents": (incident(Impact.MAJOR),)}, Impact.MAJOR),
        ({"reading": Reading.BROKEN, "open_incidents": (incident(Impact.NONE),)}, Impact.UNKNOWN),
    ],
)
def test_a_page_is_as_bad_as_the_worst_that_is_known_of_it(change, shown):
    assert impact_of(replace(FINE, **change)) is shown


@given(st.lists(st.sampled_from(Impact), min_size=1))
def test_green_needs_all_green(impacts):
    green = {Impact.NONE, Impact.NOTICE}
    assert (worst(impacts) in green) == all(impact in green for impact in impacts)


@given(
    st.sampled_from([each for each in Reading if each is not Reading.FRESH]),
    st.none() | st.sampled_from(Impact),
    st.booleans(),
)
def test_a_page_that_cannot_be_read_is_never_green(reading, indicator, told):
    state = replace(FINE, reading=reading, indicator=indicator, open_told=told)
    assert impact_of(state) not in (Impact.NONE, Impact.NOTICE)


def test_the_worst_page_comes_first_and_the_worst_incident_too():
    bad = replace(FINE, page=replace(PAGE, id="b", name="Bad"), open_incidents=(incident(Impact.MAJOR),))
    worse = replace(
        FINE,
        page=replace(PAGE, id="w", name="Worse"),
        open_incidents=(incident(Impact.MINOR), replace(incident(Impact.CRITICAL), id="j")),
    )
    overview = look([FINE, bad, worse], NOW)
    assert [view.page.name for view in overview.pages] == ["Worse", "Bad", "Acme"]
    assert [each.shown_impact for _, each in overview.open_incidents] == [Impact.CRITICAL, Impact.MAJOR, Impact.MINOR]
