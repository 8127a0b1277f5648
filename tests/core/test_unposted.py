"""Trouble that a page shows and none of its incidents tells of."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, incident, snapshot, update
from tray_status.core.diff import diff
from tray_status.core.events import ComponentChange
from tray_status.core.model import Affected, Component, Impact, Kind, Known, State, badness, worst

NONE, MINOR, MAJOR, CRITICAL, UNKNOWN = Impact.NONE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL, Impact.UNKNOWN
API, WEB, MAIL = (Component(f"c{at}", name, NONE) for at, name in enumerate(("API", "Web", "Mail"), 1))


def known(*components, **more):
    return Known(**{"read": True, "history_read": True, "components": {each.id: each for each in components}, **more})


def unposted(before, *told, page=ACME, incidents=(), **more):
    """What is told of a snapshot in its own right, as `name: before → after`."""
    taken = snapshot(*incidents, components=tuple(told), all_components=True, **more)
    changes = [event.component for event in diff(page, before, taken, NOW).events if event.component]
    return [f"{each.name}: {each.before.value} → {each.after.value}" for each in changes if not each.posted]


def turned(component, impact):
    return replace(component, impact=impact)


def test_a_component_that_turns_bad_with_no_incident_is_told_and_so_is_its_recovery():
    down = turned(API, CRITICAL)
    assert unposted(known(API, WEB), down, WEB) == ["API: none → critical"]
    assert unposted(known(down, WEB), down, WEB) == []
    assert unposted(known(down, WEB), API, WEB) == ["API: critical → none"]


@pytest.mark.parametrize(
    "told",
    [
        incident(update(1)),
        incident(update(1), affected=()),
        incident(update(1), affected=None),
        incident(update(1), affected=(Affected("other", "api"),)),
        incident(update(1), update(2, State.RESOLVED)),
        incident(update(1, State.IN_PROGRESS), kind=Kind.MAINTENANCE),
    ],
)
def test_what_an_incident_tells_of_is_no_news_of_its_own(told):
    assert unposted(known(API), turned(API, CRITICAL), incidents=[told]) == []


def test_an_incident_elsewhere_explains_nothing():
    told = incident(update(1), affected=(Affected("c2", "Web"),))
    assert unposted(known(API, WEB), turned(API, CRITICAL), WEB, incidents=[told]) == ["API: none → critical"]


def test_a_known_incident_that_goes_on_explains_too():
    before = known(API, incidents={"i1": incident(update(1))})
    assert unposted(before, turned(API, CRITICAL), incidents=[incident(update(1))]) == []


def test_only_what_changes_how_the_page_stands_is_told():
    before = known(turned(API, MAJOR), WEB, MAIL)
    assert unposted(before, turned(API, MAJOR), turned(WEB, MAJOR), turned(MAIL, MINOR)) == []
    assert unposted(before, turned(API, MAJOR), turned(WEB, CRITICAL), turned(MAIL, MINOR)) == [
        "Web: none → critical"
    ]
    assert unposted(before, turned(API, MINOR), WEB, MAIL) == ["API: major → minor"]


def test_unknown_words_are_neither_bad_news_nor_good():
    assert unposted(known(API), turned(API, UNKNOWN)) == []
    assert unposted(known(turned(API, UNKNOWN)), API) == []


def test_components_that_were_not_chosen_do_not_count():
    page = replace(ACME, components=("Web",))
    assert unposted(known(API, WEB), turned(API, CRITICAL), WEB, page=page, indicator=CRITICAL) == []
    assert unposted(known(API, WEB), turned(API, CRITICAL), turned(WEB, MINOR), page=page) == ["Web: none → minor"]


def test_a_component_may_be_chosen_by_its_id():
    page = replace(ACME, components=("c1",))
    assert unposted(known(API, WEB), turned(API, CRITICAL), WEB, page=page) == ["API: none → critical"]


def test_the_pages_own_indicator_is_told_where_no_component_shows_why():
    before = known(API, indicator=NONE)
    assert unposted(before, API, indicator=CRITICAL) == ["The page as a whole: none → critical"]
    assert unposted(known(API, indicator=CRITICAL), API, indicator=NONE) == ["The page as a whole: critical → none"]
    assert unposted(before, turned(API, CRITICAL), indicator=CRITICAL) == ["API: none → critical"]
    assert unposted(before, API, indicator=CRITICAL, incidents=[incident(update(1))]) == []
    assert unposted(known(API, indicator=CRITICAL), API) == [], "silence changes nothing"


def test_what_is_listed_only_while_it_is_bad_comes_and_goes_with_its_trouble():
    assert unposted(known(API), API, turned(WEB, MAJOR)) == ["Web: none → major"]
    assert unposted(known(API, turned(WEB, MAJOR)), API) == ["Web: major → none"]


def test_a_first_reading_is_no_change():
    assert unposted(Known(), turned(API, CRITICAL), indicator=CRITICAL) == []


impacts = st.sampled_from([NONE, MINOR, MAJOR, CRITICAL, Impact.MAINTENANCE, UNKNOWN])
pages = st.lists(impacts, min_size=3, max_size=3)


def level(page):
    return worst([each for each in page if each is not UNKNOWN], NONE)


@given(st.lists(pages, min_size=2, max_size=6))
def test_with_no_incident_each_turn_of_the_page_is_told_and_nothing_else(history):
    """A page whose level changed without a word is news; one whose level stayed is none; never twice."""
    parts = [API, WEB, MAIL]
    before = known(*(turned(part, impact) for part, impact in zip(parts, history[0], strict=True)))
    for old, new in pairwise(history):
        told = tuple(turned(part, impact) for part, impact in zip(parts, new, strict=True))
        taken = snapshot(components=told, all_components=True)
        events = diff(ACME, before, taken, NOW).events
        news: list[ComponentChange] = [each.component for each in events if not each.component.posted]
        assert bool(news) is (level(old) is not level(new))
        if badness(level(new)) > badness(level(old)):
            assert {each.after for each in news} == {level(new)}
        before = known(*told)
