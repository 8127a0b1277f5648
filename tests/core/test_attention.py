"""What matters to a person: which incidents concern them, and which events are worth a notice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.specimens import ACME, TIMEOUT, event, incident, update
from tray_status.core.attention import concerns, missing_component, watches, worth_a_notice
from tray_status.core.events import ComponentChange, EventKind
from tray_status.core.model import Affected, Component, Impact, Kind, Reading, State

API, WEB = Affected("c1", "API"), Affected("c2", "Web")
PARTS = (Component("c1", "API", Impact.NONE), Component("c2", "Web Dashboard", Impact.NONE))


@pytest.mark.parametrize(
    ("chosen", "matters"),
    [((), True), (("API",), True), (("api",), True), (("c1",), True), (("C1",), True), (("Web",), False), (("", "x"), False)],
)  # fmt: skip
def test_a_component_is_chosen_by_name_or_id_in_any_case(chosen, matters):
    assert watches(replace(ACME, components=chosen), "c1", "API") is matters
    assert watches(replace(ACME, components=chosen), None, "API") is (matters and chosen not in (("c1",), ("C1",)))


@pytest.mark.parametrize(
    ("components", "regions", "affected", "places", "matters"),
    [
        ((), (), (API,), None, True),
        (("API",), (), (API, WEB), None, True),
        (("Web",), (), (API,), None, False),
        (("c2",), (), (API, WEB), None, True),
        (("C2",), (), (API,), None, False),
        (("Web",), (), (), None, True),
        (("Web",), (), None, None, True),
        ((), ("eu-west-1",), (API,), ("eu-west-1", "us-east-1"), True),
        ((), ("EU-WEST-1",), (API,), ("eu-west-1",), True),
        ((), ("eu-west-1",), (API,), ("us-east-1",), False),
        ((), ("eu-west-1",), (API,), None, True),
        ((), ("eu-west-1",), (API,), (), True),
        (("Web",), ("eu-west-1",), (API,), ("eu-west-1",), False),
        (("API",), ("eu-west-1",), (API,), ("us-east-1",), False),
    ],
)
def test_an_incident_concerns_whoever_chose_what_it_touches(components, regions, affected, places, matters):
    page = replace(ACME, components=components, regions=regions)
    assert concerns(page, incident(update(1), affected=affected, regions=places)) is matters


@pytest.mark.parametrize(
    ("threshold", "impact", "tells"),
    [
        (Impact.NOTICE, Impact.NONE, True),
        (Impact.NOTICE, None, True),
        (Impact.MAINTENANCE, Impact.NONE, False),
        (Impact.MINOR, Impact.MINOR, True),
        (Impact.MINOR, Impact.MAJOR, True),
        (Impact.MAJOR, Impact.MINOR, False),
        (Impact.CRITICAL, Impact.MAJOR, False),
        (Impact.CRITICAL, Impact.CRITICAL, True),
        (Impact.CRITICAL, Impact.UNKNOWN, True),
        (Impact.NONE, Impact.NONE, True),
    ],
)
def test_an_event_is_worth_a_notice_from_the_threshold_on(threshold, impact, tells):
    page = replace(ACME, notify_from=threshold)
    assert worth_a_notice(event(subject=incident(update(1), impact=impact)), page) is tells


def test_the_end_of_an_incident_without_impact_is_told_as_its_beginning_was():
    over = incident(update(1), update(2, State.RESOLVED), impact=Impact.NONE)
    assert over.shown_impact is Impact.NONE
    assert worth_a_notice(event(EventKind.RESOLVED, over), ACME)


def test_a_maintenance_counts_as_one_whatever_its_impact():
    planned = incident(update(1, State.SCHEDULED), kind=Kind.MAINTENANCE, impact=Impact.CRITICAL)
    told = event(EventKind.MAINTENANCE_SCHEDULED, planned)
    assert worth_a_notice(told, replace(ACME, notify_from=Impact.MAINTENANCE))
    assert not worth_a_notice(told, replace(ACME, notify_from=Impact.MINOR))


def changed(before, after, page=ACME, **more):
    change = ComponentChange("c1", "API", before, after, **more)
    return worth_a_notice(event(EventKind.COMPONENT_CHANGED, component=change), page)


def test_a_component_raises_a_notice_where_no_incident_tells_of_it():
    assert not changed(Impact.NONE, Impact.CRITICAL)
    assert changed(Impact.NONE, Impact.CRITICAL, posted=False)
    assert changed(Impact.CRITICAL, Impact.NONE, posted=False)
    assert not changed(Impact.NONE, Impact.MINOR, replace(ACME, notify_from=Impact.MAJOR), posted=False)
    assert changed(Impact.MAJOR, Impact.MINOR, replace(ACME, notify_from=Impact.MAJOR), posted=False)
    assert not changed(Impact.NONE, Impact.CRITICAL, replace(ACME, components=("Web",)), posted=False)
    assert changed(Impact.NONE, Impact.UNKNOWN, replace(ACME, notify_from=Impact.CRITICAL), found="It is silent.")


def test_what_touches_other_components_raises_no_notice():
    assert not worth_a_notice(event(subject=incident(update(1))), replace(ACME, components=("Web",)))


def test_a_page_that_could_never_be_read_raises_none_and_one_that_could_does():
    unreadable = event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)
    assert worth_a_notice(unreadable, ACME)
    assert not worth_a_notice(replace(unreadable, first=True), ACME)
    assert worth_a_notice(replace(unreadable, kind=EventKind.PAGE_READABLE, first=True), ACME)


def test_a_chosen_component_that_is_gone_is_named_with_the_nearest_ones():
    assert missing_component(ACME, ()) is None
    assert missing_component(replace(ACME, components=("API", "C2")), PARTS) is None
    problem = missing_component(replace(ACME, components=("API", "Web Dashbord")), PARTS)
    assert problem.reading is Reading.BROKEN
    assert problem.text == "it has no component “Web Dashbord”"
    assert problem.cure == "The nearest: Web Dashboard. Change `components` in the settings."
    far = missing_component(replace(ACME, components=("Zzz",)), PARTS)
    assert far.cure == "Its page lists their names. Change `components` in the settings."


@pytest.mark.parametrize(
    ("wanted", "names", "nearest"),
    [
        ("api v2", ["API v1", "Web"], "API v1"),
        ("Dashboard", ["Web dash", "Chat"], "Web dash"),
        ("API 9", ["API 1", "API 2", "API 3", "API 4", "Web"], "API 4, API 3, API 2"),
    ],
)
def test_up_to_three_names_that_are_at_all_alike_are_offered(wanted, names, nearest):
    parts = tuple(Component(f"id{place}", name, Impact.NONE) for place, name in enumerate(names))
    problem = missing_component(replace(ACME, components=(wanted,)), parts)
    assert problem.cure == f"The nearest: {nearest}. Change `components` in the settings."
