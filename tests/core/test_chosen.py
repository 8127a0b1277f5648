"""What of a page was chosen, and which incidents concern whoever chose it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.specimens import ACME, incident, update
from tray_status.core.chosen import concerns, missing_component, watches
from tray_status.core.model import Affected, Component, Impact, Reading

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
