"""How bad it looks: the worst of all that is known, and never green by mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import TIMEOUT, update
from tray_status.core.events import PageProblem
from tray_status.core.model import Affected, Component, Impact, Incident, Kind, Page, Reading, State, worst
from tray_status.core.view import CONFIRMED_AFTER, SILENT, PageState, look, view_of

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


def test_among_equally_bad_incidents_the_newest_comes_first_by_its_start_or_its_latest_update():
    def at(minute):
        return NOW - timedelta(minutes=minute)

    def one(id, impact=Impact.MINOR, **more):
        return replace(incident(impact), id=id, **more)

    acme = replace(
        FINE,
        open_incidents=(
            one("vague"),
            one("worded", updates=(update(1, at=at(50)), update(2, at=at(15)))),
            one("oldest", started_at=at(40), updates=(update(3, at=at(1)),)),
            one("newest", started_at=at(10)),
            one("worst", Impact.MAJOR, started_at=at(90)),
        ),
    )
    zenith = replace(
        FINE, page=replace(PAGE, id="z", name="Zenith"), open_incidents=(one("other", started_at=at(20)),)
    )
    rows = look([acme, zenith], NOW).open_incidents
    assert [each.id for _, each in rows] == ["worst", "newest", "worded", "other", "oldest", "vague"]
    assert [page.id for page, each in rows if each.id == "other"] == ["z"]


@pytest.mark.parametrize(
    ("failing_since", "trouble", "reading"),
    [
        (NOW - CONFIRMED_AFTER, TIMEOUT, Reading.UNREACHABLE),
        (NOW - CONFIRMED_AFTER + timedelta(seconds=1), TIMEOUT, Reading.FRESH),
        (NOW - timedelta(hours=1), TIMEOUT, Reading.UNREACHABLE),
        (NOW - timedelta(hours=1), None, Reading.FRESH),
        (None, TIMEOUT, Reading.FRESH),
    ],
)
def test_a_failure_counts_when_it_lasts_for_two_minutes(failing_since, trouble, reading):
    state = replace(FINE, page=replace(PAGE, interval=3600), failing_since=failing_since, trouble=trouble)
    view = view_of(state, NOW)
    assert view.reading is reading
    assert view.problem is trouble
    assert view.impact is (Impact.NONE if reading is Reading.FRESH else Impact.UNKNOWN)


@pytest.mark.parametrize(
    ("age", "reading"),
    [(-181, Reading.STALE), (-180, Reading.FRESH), (0, Reading.FRESH), (180, Reading.FRESH), (181, Reading.STALE)],
)
def test_what_was_read_is_stale_after_three_intervals_also_by_a_clock_that_was_set_back(age, reading):
    assert view_of(replace(FINE, read_at=NOW - timedelta(seconds=age)), NOW).reading is reading


OFFLINE = PageProblem(Reading.OFFLINE, "this computer has no network", "Check the cable.")
BLOCKED = PageProblem(Reading.BLOCKED, "the page asks for a password", "Choose another page.")


@pytest.mark.parametrize(
    ("reading", "problem", "trouble", "shown"),
    [
        (Reading.OFFLINE, BLOCKED, OFFLINE, OFFLINE),
        (Reading.BLOCKED, BLOCKED, TIMEOUT, BLOCKED),
        (Reading.UNREACHABLE, None, TIMEOUT, TIMEOUT),
        (Reading.FRESH, None, TIMEOUT, TIMEOUT),
        (Reading.FRESH, None, None, None),
    ],
)
def test_the_problem_shown_is_the_pages_own_unless_this_computer_is_offline(reading, problem, trouble, shown):
    assert view_of(replace(FINE, reading=reading, problem=problem, trouble=trouble), NOW).problem is shown


def test_a_page_that_does_not_tell_which_incidents_are_open_is_broken_and_says_so():
    view = view_of(replace(FINE, open_told=False), NOW)
    assert (view.reading, view.impact) == (Reading.BROKEN, Impact.UNKNOWN)
    assert view.problem == PageProblem(Reading.BROKEN, *SILENT)


def test_a_chosen_component_that_the_page_lacks_makes_it_broken_and_is_named():
    chosen = replace(FINE, page=replace(PAGE, components=("Web",)))
    view = view_of(chosen, NOW)
    assert (view.reading, view.impact) == (Reading.BROKEN, Impact.UNKNOWN)
    assert view.problem.reading is Reading.BROKEN
    assert view.problem.text == "it has no component “Web”"


def test_a_page_that_cannot_be_read_is_not_blamed_for_a_component_that_it_lacks():
    state = replace(FINE, page=replace(PAGE, components=("Web",)), reading=Reading.UNREACHABLE, problem=TIMEOUT)
    view = view_of(state, NOW)
    assert (view.reading, view.problem) == (Reading.UNREACHABLE, TIMEOUT)


PARTS = (
    Component("c1", "API", Impact.MAJOR),
    Component("c2", "Web", Impact.MINOR),
    Component("c3", "Chat", Impact.NONE),
)


@pytest.mark.parametrize(
    ("chosen", "impact"),
    [
        ((), Impact.CRITICAL),
        (("API",), Impact.MAJOR),
        (("C1",), Impact.MAJOR),
        (("web",), Impact.MINOR),
        (("c2", "Chat"), Impact.MINOR),
        (("c3",), Impact.NONE),
        (("Chat",), Impact.NONE),
    ],
)
def test_only_what_was_chosen_counts_and_the_pages_own_word_only_where_nothing_was(chosen, impact):
    state = replace(FINE, page=replace(PAGE, components=chosen), components=PARTS, indicator=Impact.CRITICAL)
    assert impact_of(state) is impact


def test_incidents_and_maintenances_that_touch_nothing_chosen_are_not_shown():
    api, web = (Affected("c1", "API"),), (Affected("c2", "Web"),)
    work = Incident("m", "Work", State.IN_PROGRESS, kind=Kind.MAINTENANCE, affected=web)
    state = replace(
        FINE,
        page=replace(PAGE, components=("c3", "c1")),
        components=tuple(replace(each, impact=Impact.NONE) for each in PARTS),
        open_incidents=(
            replace(incident(Impact.CRITICAL), id="w", affected=web),
            replace(incident(Impact.MINOR), id="a", affected=api),
        ),
        maintenances=(work, replace(work, id="all", affected=None)),
    )
    view = view_of(state, NOW)
    assert [each.id for each in view.open_incidents] == ["a"]
    assert [each.id for each in view.maintenances] == ["all"]
    assert view.impact is Impact.MINOR
