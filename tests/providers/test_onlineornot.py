"""OnlineOrNot's traps: a page is asked for by its own domain, and its words for a state are meant for people."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import at, incident, iso, maintenance, said
from tests.providers.dialects.onlineornot import API, HTML
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.onlineornot import own_source, traces

DIALECT = DIALECTS["onlineornot"]
BASE = "https://api.onlineornot.com/v1/status_pages/"


def page_with(*incidents):
    return VendorPage(DIALECT).says(*incidents)


def result_of(page):
    return page.documents[f"{API}/summary"]["result"]


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://acme.onlineornot.com", f"{BASE}acme"),
        (f"{BASE}acme/summary", f"{BASE}acme"),
        ("https://www.onlineornot.com", None),
        ("https://onlineornot.com/status-pages", None),
        (f"{BASE}a?b/summary", None),
        ("https://acme.onlineornot.com.evil.example", None),
    ],
)
def test_an_address_at_onlineornot_tells_its_source(address, source):
    assert own_source(address) == source


def test_a_page_of_theirs_is_asked_for_by_its_own_domain():
    assert list(traces(HTML.decode(), "https://status.acme.example/incidents")) == [f"{BASE}status.acme.example"]
    assert list(traces("<title>Status</title>", "https://status.acme.example")) == []
    assert list(traces(HTML.decode(), "http://localhost:8000")) == []


def test_words_for_people_and_for_machines_mean_the_same():
    page = page_with()
    result_of(page)["status_page"].update(
        status="ALL_SYSTEMS_OPERATIONAL", custom_domain="https://status.acme.example"
    )
    result_of(page)["status"]["description"] = "Alle Systeme laufen"
    page.poll()
    assert page.is_green
    assert page.view.state.vendor_url == "https://status.acme.example"


def test_a_page_state_in_words_never_seen_is_not_green():
    page = page_with()
    result_of(page)["status"]["description"] = "Some Systems Are Sleepy"
    page.poll()
    assert page.view.impact is Impact.UNKNOWN


def test_an_open_incident_without_impact_is_a_notice():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    result_of(page)["active_incidents"][0]["impact"] = "NO_IMPACT"
    for component in result_of(page)["components"]:
        component["status"] = "OPERATIONAL"
    result_of(page)["status"]["description"] = "All Systems Operational"
    page.poll()
    assert page.view.impact is Impact.NOTICE


def test_an_incident_that_says_when_it_ended_is_over():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    page.poll()
    result_of(page)["active_incidents"][0]["ended"] = iso(at(30))
    assert page.poll(2) == ["resolved"]
    assert page.events[-1].at == at(30)


def test_of_two_maintenances_the_first_is_under_way():
    later = maintenance(said(0, State.SCHEDULED), id="mnt2", name="More cables")
    page = page_with(maintenance(said(0, State.SCHEDULED), said(60, State.IN_PROGRESS)), later)
    result_of(page)["scheduled_maintenance"][1]["start_date"] = iso(at(10_000))
    page.poll()
    assert {each.name: each.state for each in page.view.maintenances} == {
        "New cables": State.IN_PROGRESS,
        "More cables": State.SCHEDULED,
    }


def test_a_maintenance_stays_under_way_while_it_makes_trouble():
    page = page_with(maintenance(said(0, State.SCHEDULED), said(60, State.IN_PROGRESS)))
    page.poll()
    result_of(page)["status"]["description"] = "Minor Service Outage"
    for component in result_of(page)["components"]:
        component["status"] = "DEGRADED_PERFORMANCE"
    assert page.poll(2) == []
    assert [each.state for each in page.view.maintenances] == [State.IN_PROGRESS]
