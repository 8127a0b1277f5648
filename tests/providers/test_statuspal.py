"""Statuspal's traps: planned ends, types of updates that tell no state, nested services, notices that are none."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import at, incident, maintenance, said
from tests.providers.dialects.statuspal import API, HTML, naive, row
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.statuspal import own_source, traces

DIALECT = DIALECTS["statuspal"]
SUMMARY = f"{API}/summary"
HISTORY = f"{API}/incidents"


def summary_of(page):
    return page.documents[SUMMARY]


def page_with(*incidents):
    return VendorPage(DIALECT).says(*incidents)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://acmestatus.statuspal.eu", API),
        ("https://ic-noc.statuspal.io", "https://statuspal.io/api/v2/status_pages/ic-noc"),
        (SUMMARY, API),
        ("https://www.statuspal.io", None),
        ("https://acme.statuspal.io.evil.example", None),
        ("https://status.acme.example", None),
    ],
)
def test_an_address_at_statuspal_tells_its_source(address, source):
    assert own_source(address) == source


def test_a_web_page_names_its_subdomain():
    assert list(traces(HTML.decode(), "https://status.acme.example")) == [API]
    assert list(traces("Powered by https://www.statuspal.io", "https://status.acme.example")) == []


def test_a_type_of_update_that_tells_no_state_leaves_it_as_it_was():
    words = (
        said(0, State.INVESTIGATING),
        said(5, State.MONITORING, "It is back."),
        said(9, State.MONITORING, "Still."),
    )
    page = page_with(incident(*words))
    summary_of(page)["incidents"][0]["updates"][0]["type"] = "info"  # the newest is the first
    page.poll()
    (known,) = page.view.open_incidents
    assert (known.state, known.word) == (State.MONITORING, "info")
    assert [each.state for each in known.updates] == [State.INVESTIGATING, State.MONITORING, State.MONITORING]


def test_an_open_incident_with_an_end_stays_open_while_it_is_listed_as_open():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    for path in (SUMMARY, HISTORY):
        page.documents[path]["incidents"][0]["ends_at"] = naive(at(500))
    assert page.poll(7) == ["opened"]
    assert not page.is_green


def test_a_planned_end_ends_no_maintenance():
    page = page_with(maintenance(said(0, State.SCHEDULED, "Soon."), said(60, State.IN_PROGRESS, "Now.")))
    assert page.poll(7) == ["maintenance_started"]
    (going_on,) = page.view.maintenances
    assert going_on.scheduled_until == at(120)


def test_an_emergency_maintenance_is_one():
    page = page_with(maintenance(said(60, State.IN_PROGRESS, "Now.")))
    for part in (summary_of(page)["maintenances"][0], summary_of(page)["status_page"]):
        part["type" if "type" in part else "current_incident_type"] = "emergency-maintenance"
    summary_of(page)["maintenances"][0]["ends_at"] = None
    page.poll()
    (going_on,) = page.view.maintenances
    assert (going_on.word, going_on.scheduled_until) == ("emergency-maintenance", None)
    assert page.view.impact is Impact.MAINTENANCE


def test_an_incident_of_no_consequence_is_a_notice():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    summary_of(page)["incidents"][0]["type"] = "info"
    summary_of(page)["status_page"]["current_incident_type"] = "info"
    for service in summary_of(page)["services"]:
        service["current_incident_type"] = service["current_incident_type"] and "info"
    page.poll()
    assert page.view.impact is Impact.NOTICE


def test_a_standing_notice_is_no_incident():
    page = page_with()
    notice = {"id": 186598, "title": "A provider blocks port 22", "updates": [], "featured_until": None}
    summary_of(page)["info_notices"] = [notice]
    assert page.poll(2) == []
    assert page.is_green


def test_services_below_services_are_listed_with_their_group():
    page = page_with()
    api = summary_of(page)["services"][0]
    api["children"] = [
        {"id": 7, "name": "Compute", "children": [{}], "current_incident_type": "major"},
        {"id": 8, "name": "DNS", "children": [], "current_incident_type": None},
    ]
    page.poll()
    assert {(each.name, each.group, each.impact) for each in page.view.state.components} == {
        ("API", None, Impact.NONE),
        ("Compute", "API", Impact.MAJOR),
        ("DNS", "API", Impact.NONE),
        ("Web", None, Impact.NONE),
    }
    assert not page.is_green


def test_services_nested_without_end_do_no_harm():
    page = page_with()
    services = summary_of(page)["services"]
    for level in range(200):
        services.append({"id": level, "name": f"Level {level}", "children": [], "current_incident_type": None})
        services = services[-1]["children"]
    page.poll()
    assert len(page.view.state.components) == 202


def test_what_is_over_when_the_page_is_first_read_is_history_alone():
    old = [incident(said(0, State.INVESTIGATING), said(9, State.RESOLVED), id=f"inc{n}") for n in range(3)]
    page = page_with(*old)
    assert page.poll(7) == []
    assert len(page.store.recent(["acme"], 10)) == 3


def test_an_incident_that_the_page_deletes_is_closed_though_its_past_is_not_told_anew():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    page.poll()
    page.says()
    assert page.poll(3) == ["resolved"]
    assert page.events[-1].incident.state is State.REMOVED


def test_without_its_list_of_the_past_an_incident_that_leaves_is_closed_all_the_same():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    del page.documents[HISTORY]
    page.poll()
    page.says()
    del page.documents[HISTORY]
    assert page.poll(3) == ["resolved"]


def test_the_same_maintenance_in_two_lists_is_one_and_under_way():
    started = maintenance(said(0, State.SCHEDULED, "Soon."), said(60, State.IN_PROGRESS, "Now."))
    page = page_with(started)
    summary_of(page)["upcoming_maintenances"] = [row(started)]
    assert page.poll(3) == ["maintenance_started"]
