"""Google's dashboards: what their one list of everything makes hard."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.providers.dialects.dialect import at, incident, said
from tests.providers.dialects.google import DIALECT, moment
from tests.providers.dialects.google_workspace import DIALECT as WORKSPACE
from tests.providers.vendor import VendorPage
from tray_status.core.attention import concerns
from tray_status.core.model import Impact, Page, State
from tray_status.providers.documents import Document, Told
from tray_status.providers.google import CLOUD
from tray_status.providers.google import WORKSPACE as WORKSPACE_PLATFORM

OPEN = incident(said(0, State.INVESTIGATING, "We look into it."))


def page_with(**fields):
    """A page with one open incident, some of whose fields are these."""
    document = DIALECT.write([OPEN], ())
    document["/incidents.json"][0].update(fields)
    return VendorPage(DIALECT).serves(document)


@pytest.mark.parametrize(
    ("address", "document", "platform"),
    [
        ("https://status.cloud.google.com", "https://status.cloud.google.com/incidents.json", "google-cloud"),
        ("https://status.cloud.google.com/summary", "https://status.cloud.google.com/incidents.json", "google-cloud"),
        (
            "https://www.google.com/appsstatus/dashboard/summary",
            "https://www.google.com/appsstatus/dashboard/incidents.json",
            "google-workspace",
        ),
        (
            "https://www.google.com/appsstatus",
            "https://www.google.com/appsstatus/dashboard/incidents.json",
            "google-workspace",
        ),
    ],
)
def test_a_known_address_takes_one_question(address, document, platform):
    dialect = DIALECT if platform == "google-cloud" else WORKSPACE
    (rows,) = dialect.write([OPEN], ()).values()
    page = VendorPage(dialect, address=address).serves({document: rows})
    assert page.poll() == ["opened"]
    assert (page.platform, page.asked) == (platform, [document])
    (found,) = page.view.open_incidents
    assert found.url == document.replace("incidents.json", "incidents/inc1")
    assert page.view.page.name == platform.replace("-", " ").title()


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/appsstatus/dashboard"])
def test_workspace_is_found_at_any_address_that_serves_it(address):
    (rows,) = WORKSPACE.write([OPEN], ()).values()
    page = VendorPage(WORKSPACE, address=address)
    page.serves({"http://127.0.0.1:8000/appsstatus/dashboard/incidents.json": rows})
    assert page.poll() == ["opened"]
    assert page.platform == "google-workspace"


def test_an_empty_list_is_not_all_is_well():
    page = VendorPage(DIALECT, address="https://status.cloud.google.com")
    page.serves({"https://status.cloud.google.com/incidents.json": []}).poll()
    assert not page.is_green
    page = VendorPage(DIALECT).says(OPEN)
    page.poll()
    page.serves({"/incidents.json": []})
    assert page.poll(4) == ["page_unreadable"]
    assert not page.is_green
    assert [each.id for each in page.view.open_incidents] == ["inc1"]


def test_an_end_that_is_dated_back_is_told_as_an_end_once():
    """What was told before may come to lie behind the end: that is no edit, and the end is not lost for it."""
    words = [
        said(0, State.INVESTIGATING),
        said(30, State.INVESTIGATING, "Still."),
        said(60, State.MONITORING, "Fine?"),
    ]
    document = DIALECT.write([incident(*words)], ())
    page = VendorPage(DIALECT).serves(document)
    page.poll()
    document["/incidents.json"][0]["end"] = moment(at(20))
    page.serves(document)
    assert page.poll().count("resolved") == 1
    assert page.is_green
    assert page.poll(2) == []


def test_an_end_without_a_new_word_is_told():
    document = DIALECT.write([OPEN], ())
    page = VendorPage(DIALECT).serves(document)
    page.poll()
    document["/incidents.json"][0]["end"] = moment(at(40))
    page.serves(document)
    assert page.poll(3) == ["resolved"]
    assert page.events[-1].at == at(40)


def test_a_late_report_is_told_of_an_incident_that_is_over():
    over = incident(said(0, State.INVESTIGATING), said(30, State.RESOLVED, "Over."))
    page = VendorPage(DIALECT).says(over)
    page.poll()
    days = 60 * 24 * 40
    page.says(incident(*over.updates, said(days, State.RESOLVED, "Incident report")))
    document = page.documents["/incidents.json"][0]
    document["end"] = moment(at(28))
    assert page.poll(3) == ["updated"]
    assert page.events[-1].update.text == "Incident report"
    assert page.is_green


def test_available_again_is_not_yet_over():
    page = VendorPage(DIALECT).says(incident(said(0, State.INVESTIGATING), said(9, State.MONITORING, "Fine again.")))
    page.poll()
    (found,) = page.view.open_incidents
    assert (found.state, found.word) == (State.MONITORING, "available")
    assert not page.is_green


@pytest.mark.parametrize("end", ["", "soon", 5, {"at": 1}, [], "0001-01-01T00:00:00+00:00"])
def test_an_end_that_is_no_time_is_no_end(end):
    page = page_with(end=end)
    assert page.poll() == ["opened"]
    assert not page.is_green


def test_places_are_those_that_it_touches_or_touched():
    page = page_with(
        currently_affected_locations=[{"title": "us-east1-b", "id": "us-east1-b"}],
        previously_affected_locations=[{"title": "Iowa (us-central1)", "id": "us-central1"}],
    )
    page.poll()
    (found,) = page.view.open_incidents
    assert found.regions == ("us-central1", "us-east1", "us-east1-b")
    assert concerns(Page("g", "G", "https://g.example", regions=("us-east1",)), found)
    assert not concerns(Page("g", "G", "https://g.example", regions=("europe-west4",)), found)


@pytest.mark.parametrize(
    "places", [[{"title": "Global", "id": "global"}, {"title": "Iowa", "id": "us-central1"}], [], [{"title": "Iowa"}]]
)
def test_what_is_everywhere_or_in_no_named_place_concerns_everybody(places):
    page = page_with(currently_affected_locations=places)
    page.poll()
    (found,) = page.view.open_incidents
    assert concerns(Page("g", "G", "https://g.example", regions=("europe-west4",)), found)


def test_a_disruption_of_low_severity_is_minor():
    page = page_with(status_impact="SERVICE_DISRUPTION", severity="low")
    page.poll()
    assert page.view.impact is Impact.MINOR


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (
            "**Title:**\nGmail on Android may crash.\n**Description:**\nWe look into it.",
            "Gmail on Android may crash.",
        ),
        ("**Title:** Gmail may crash", "Gmail may crash"),
        ("Summary: Slow mail\nmore", "Slow mail"),
        ("Descriptions are lost", "Descriptions are lost"),
        ("Summary\n\nSlow mail", "Slow mail"),
        ("", "Multiple Products"),
    ],
)
def test_the_name_is_the_first_line_that_says_something(told, name):
    page = page_with(external_desc=told)
    page.poll()
    (found,) = page.view.open_incidents
    assert found.name == name


def test_one_incident_told_twice_is_one_and_open_where_one_says_so():
    document = DIALECT.write([OPEN], ())
    again = {**document["/incidents.json"][0], "end": moment(at(5) + timedelta(seconds=1))}
    document["/incidents.json"].append(again)
    page = VendorPage(DIALECT).serves(document)
    assert page.poll(3) == ["opened"]
    assert not page.is_green


def test_the_two_tell_each_other_apart():
    for dialect, mine, other in ((DIALECT, CLOUD, WORKSPACE_PLATFORM), (WORKSPACE, WORKSPACE_PLATFORM, CLOUD)):
        (rows,) = dialect.write([OPEN], ()).values()
        document = Document(Told.FRESH, json.dumps(rows).encode())
        assert mine.is_mine(document)
        assert not other.is_mine(document)
