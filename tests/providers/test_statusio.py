"""Status.io's traps: messages without ids, lists that only hold what is open, a page whose id stands in its HTML."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import incident, maintenance, said
from tests.providers.dialects.statusio import HTML, ID
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.statusio import own_source, traces

DIALECT = DIALECTS["statusio"]
API = f"https://api.status.io/1.0/status/{ID}"


def result_of(page):
    return page.documents[API]["result"]


@pytest.mark.parametrize(
    "address",
    [
        f"https://status.io/pages/{ID}",
        f"https://acme.status.io/pages/history/{ID}",
        f"https://acme.status.io/pages/incident/{ID}/5f108cc06e9c9104c0553a46",
        API,
    ],
)
def test_an_address_with_the_pages_id_tells_its_source(address):
    assert own_source(address) == API


@pytest.mark.parametrize(
    "address", ["https://acme.status.io", f"https://acme.example/pages/{ID}", f"https://status.io/pages/{ID}a"]
)
def test_an_address_without_it_does_not(address):
    assert own_source(address) is None


def test_a_web_page_names_its_source_once_and_only_where_it_is_of_this_platform():
    assert list(traces(HTML, "https://status.acme.example")) == [API]
    assert list(traces(f'<a href="/pages/{ID}">Blog</a>', "https://www.acme.example")) == []


def test_a_page_known_by_its_address_is_asked_at_once():
    page = VendorPage(DIALECT, address=f"https://acme.status.io/pages/{ID}").says()
    page.poll()
    assert page.is_green
    assert page.asked == [API]


def test_two_messages_of_the_same_moment_are_two():
    words = (said(0, State.INVESTIGATING, "One."), said(0, State.INVESTIGATING, "Two."))
    page = VendorPage(DIALECT).says()
    page.poll()
    page.says(incident(*words))
    assert page.poll(3) == ["opened", "updated"]
    (known,) = page.view.open_incidents
    assert [each.text for each in known.updates] == ["One.", "Two."]


def test_a_corrected_message_is_told_as_edited():
    page = VendorPage(DIALECT).says(incident(said(0, State.INVESTIGATING, "All Aplle devices.")))
    page.poll()
    page.says(incident(said(0, State.INVESTIGATING, "All Apple devices.")))
    assert page.poll(2) == ["edited"]


def test_an_incident_whose_last_message_calls_all_operational_is_a_notice():
    page = VendorPage(DIALECT).says(incident(said(0, State.INVESTIGATING), said(5, State.MONITORING, "It is back.")))
    result_of(page)["incidents"][0]["messages"][-1]["status"] = 100
    for each in (result_of(page)["status_overall"], *result_of(page)["status"]):
        each["status_code"] = 100
    page.poll()
    assert page.view.impact is Impact.NOTICE


def test_an_incident_that_is_listed_as_resolved_is_resolved_once():
    page = VendorPage(DIALECT).says(incident(said(0, State.INVESTIGATING)))
    page.poll()
    page.says(incident(said(0, State.INVESTIGATING), said(9, State.MONITORING, "All is well.")))
    result_of(page)["incidents"][0]["messages"][-1]["state"] = 400
    assert page.poll(2) == ["resolved"]
    page.says()
    assert page.poll(3) == []
    assert page.is_green


def test_a_maintenance_that_starts_without_a_message_is_told():
    page = VendorPage(DIALECT).says(maintenance(said(0, State.SCHEDULED, "Soon.")))
    page.poll()
    planned = result_of(page)["maintenance"]
    planned["active"], planned["upcoming"] = planned["upcoming"], []
    assert page.poll(2) == ["maintenance_started"]


def test_a_security_event_is_critical():
    page = VendorPage(DIALECT).says(incident(said(0, State.INVESTIGATING)))
    result_of(page)["incidents"][0]["messages"][0]["status"] = 600
    page.poll()
    assert page.view.impact is Impact.CRITICAL
