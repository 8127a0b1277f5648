"""What is peculiar to Salesforce Trust."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import incident, maintenance, said
from tests.providers.dialects.salesforce import API, number
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.documents import Document, Told
from tray_status.providers.salesforce import PLATFORM

ACTIVE = f"{API}/incidents/active"
ONE = f"{API}/incidents/{number('inc1')}"
PLANNED = f"{API}/maintenances"
OPEN = incident(said(0, State.INVESTIGATING, "We look."), impact=Impact.MINOR)
OVER = incident(*OPEN.updates, said(20, State.RESOLVED, "Fixed."), impact=Impact.MINOR)


def page_with(*incidents):
    page = VendorPage(DIALECTS["salesforce"]).says()
    page.poll()
    page.says(*incidents)
    return page


@pytest.mark.parametrize(
    "address",
    [
        "https://status.salesforce.com",
        "https://trust.salesforce.com",
        "https://status.salesforce.com/products/Heroku",
    ],
)
def test_every_address_that_people_paste_leads_to_the_one_api(address):
    page = VendorPage(DIALECTS["salesforce"], address=address).says(OPEN)
    assert page.poll() == ["opened"]
    assert page.asked[0] == ACTIVE


def test_what_became_of_one_that_left_is_asked_of_it_alone():
    page = page_with(OPEN)
    page.poll()
    page.says(OVER)
    assert page.documents[ACTIVE] == []
    assert page.poll() == ["resolved"]
    event = page.events[-1]
    assert (event.update.text, event.incident.resolved_at) == ("Fixed.", OVER.resolved_at)
    assert page.is_green


def test_one_that_left_but_has_not_ended_stays_open():
    page = page_with(OPEN)
    page.poll()
    page.documents[ACTIVE] = []
    assert page.poll(8) == []
    assert not page.is_green


def test_one_that_left_and_of_which_nothing_can_be_learned_is_removed_and_not_resolved():
    page = page_with(OPEN)
    page.poll()
    page.serves({ACTIVE: [], PLANNED: []})
    page.poll(8)
    assert page.events[-1].incident.state is State.REMOVED


def test_what_it_is_like_is_told_by_the_impacts_that_go_on():
    page = page_with(OPEN)
    (row,) = page.documents[ACTIVE]
    ended = {**row["IncidentImpacts"][0], "severity": "major", "endTime": "2026-03-01T12:30:00.000Z"}
    row["IncidentImpacts"].append(ended)
    page.poll()
    assert page.view.impact is Impact.MINOR


def test_still_listed_it_is_open_even_where_its_latest_event_calls_it_resolved():
    page = page_with(OVER)
    page.documents[ACTIVE] = [page.documents[ONE]]
    assert page.poll()[:1] == ["opened"]
    assert not page.is_green


def test_what_affects_all_is_limited_to_no_instance():
    page = page_with(OPEN)
    (row,) = page.documents[ACTIVE]
    row["affectsAll"] = True
    page.poll()
    (told,) = page.view.open_incidents
    assert told.regions is None


def test_a_kind_of_event_that_tells_no_state_leaves_it_open_and_its_word_known():
    page = page_with(OPEN)
    (row,) = page.documents[ACTIVE]
    row["IncidentEvents"][0]["type"] = "herokuIncident"
    page.poll()
    (told,) = page.view.open_incidents
    assert (told.state, told.word) == (State.UNKNOWN, "herokuincident")


@pytest.mark.parametrize("row", [None, "what?", [], 7])
def test_a_row_that_cannot_be_read_is_not_taken_for_none(row):
    page = page_with(OPEN)
    page.documents[ACTIVE] = [row]
    page.poll()
    assert not page.is_green


def test_a_planned_one_that_falls_off_a_list_that_is_cut_is_not_ended():
    planned = [replace(maintenance(said(0, State.SCHEDULED)), id=f"m{place}") for place in range(11)]
    page = page_with(*planned)
    assert page.poll(5) == ["maintenance_scheduled"] * 11
    page.says(*planned[:10])
    assert page.poll(12) == []
    page.says(*planned[:9])
    assert page.poll(12) == ["maintenance_ended"] * 2


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"[{}]", b'[{"id": 1}]', b"null", b"<html>"])
def test_other_lists_are_not_its(body):
    assert not PLATFORM.is_mine(Document(Told.FRESH, body))
