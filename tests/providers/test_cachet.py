"""Cachet's traps: lists that are cut, numbers that are used twice, a zero with two meanings, words without a state."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.cachet import DIALECT as V2
from tests.providers.dialects.cachet import paged, written
from tests.providers.dialects.cachet_v3 import DIALECT as V3
from tests.providers.dialects.dialect import at, incident, maintenance, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, Kind, State
from tray_status.providers.cachet import PATH, SOURCES

LIST = SOURCES[0] + PATH
LIST_3 = SOURCES[1] + PATH
OPEN = incident(said(0, State.INVESTIGATING))
FIXED = incident(said(0, State.INVESTIGATING), said(30, State.RESOLVED, "All is well."))


def cut(document):
    """The first of several pages."""
    pagination = {**document["meta"]["pagination"], "total": 900, "total_pages": 18}
    return {**document, "meta": {"pagination": pagination}}


def serving(page, path, document):
    return page.serves({**page.documents, path: document})


def test_both_versions_are_played():
    assert (DIALECTS["cachet"], DIALECTS["cachet_v3"]) == (V2, V3)


def test_a_cut_list_with_nothing_open_is_green_only_where_the_page_says_that_all_is_well():
    page = VendorPage(V2).says(FIXED)
    serving(page, LIST, cut(page.documents[LIST])).poll()
    assert page.is_read
    assert page.is_green
    page = VendorPage(V2).says(FIXED)
    serving(page, LIST, cut(page.documents[LIST]))
    serving(page, "/api/v1/status", {"data": {"status": "info", "message": "Some systems have issues"}}).poll()
    assert page.view.impact is Impact.MINOR, "an old incident is open beyond the list"
    page = VendorPage(V2).says(FIXED)
    serving(page, LIST, cut(page.documents[LIST]))
    page.documents.pop("/api/v1/status")
    page.poll()
    assert not page.is_green, "nobody says whether an older one is open"


def test_an_incident_that_slid_off_the_list_is_asked_for_and_stays_open_until_it_is_fixed():
    page = VendorPage(V2).says(OPEN)
    page.poll()
    serving(page, LIST, cut(paged([])))
    serving(page, "/api/v1/incidents/inc1?sort=id&order=desc", {"data": written(OPEN)})
    assert page.poll(4) == []
    assert len(page.view.open_incidents) == 1
    serving(page, "/api/v1/incidents/inc1?sort=id&order=desc", {"data": written(FIXED)})
    serving(page, "/api/v1/status", {"data": {"status": "success", "message": "All is well"}})
    kinds = page.poll(5)
    assert kinds == ["resolved"]
    assert page.poll(5) == []


@pytest.mark.parametrize(("single", "kinds"), [(None, ["resolved"]), (b"{", ["page_unreadable"])])
def test_a_deleted_incident_is_closed_but_one_that_cannot_be_read_is_not(single, kinds):
    page = VendorPage(V2).says(OPEN)
    page.poll()
    serving(page, LIST, paged([]))
    if single is not None:
        serving(page, "/api/v1/incidents/inc1?sort=id&order=desc", single)
    assert page.poll(4) == kinds
    if single is None:
        assert page.events[-1].incident.state is State.REMOVED


def test_an_incident_and_a_schedule_of_the_same_number_are_two():
    for dialect in (V2, V3):
        page = VendorPage(dialect).says(
            incident(said(0, State.INVESTIGATING), id="7"), maintenance(said(0, State.SCHEDULED, "Soon."), id="7")
        )
        page.poll()
        assert [each.id for each in page.view.open_incidents] == ["7"]
        assert [each.id for each in page.view.maintenances] == ["schedule-7"]


def test_zero_is_planned_work_in_version_2_and_an_open_incident_in_version_3():
    page = VendorPage(V2).says(OPEN)
    row = {**written(OPEN), "status": 0, "latest_status": 0, "scheduled_at": "2026-03-02 12:00:00"}
    serving(page, LIST, paged([row])).poll()
    (coming,) = page.view.maintenances
    assert (coming.kind, coming.state) == (Kind.MAINTENANCE, State.SCHEDULED)
    assert page.view.open_incidents == ()
    for status in ({"human": "Unknown", "value": 0}, {"human": None, "value": None}):
        page = VendorPage(V3).says(OPEN)
        document = page.documents[LIST_3]
        (row,) = document["data"]
        row = {**row, "attributes": {**row["attributes"], "status": status}}
        serving(page, LIST_3, {**document, "data": [row]}).poll()
        (told,) = page.view.open_incidents
        assert told.state is State.UNKNOWN


def test_words_of_an_incident_that_is_edited_in_place_are_told_once_and_its_new_state_too():
    page = VendorPage(V2).says(OPEN)
    page.poll()
    row = {**written(OPEN), "message": "We know why.", "status": 2, "latest_status": 2}
    serving(page, LIST, paged([row]))
    assert sorted(page.poll()) == ["edited", "updated"]
    assert page.poll(5) == []


def test_version_3_names_groups_and_where_an_incident_is_to_be_read():
    page = VendorPage(V3).says(OPEN)
    path = "/api/components?per_page=100&include=group"
    document = page.documents[path]
    rows = [
        {**row, "relationships": {"group": {"data": {"id": "4", "type": "componentGroups"}}}}
        for row in document["data"]
    ]
    group = {"id": "4", "type": "componentGroups", "attributes": {"id": 4, "name": "Core"}}
    serving(page, path, {**document, "data": rows, "included": [group]}).poll()
    assert {each.group for each in page.view.state.components} == {"Core"}
    (told,) = page.view.open_incidents
    assert told.url == "https://status.acme.example/incidents/0190a1b2-0000-4000-8000-00000000inc1"
    assert told.started_at == at(0)


def test_a_version_3_page_that_never_had_an_incident_is_told_by_its_address():
    page = VendorPage(V3).says()
    page.poll()
    assert page.platform == "cachet"
    document = page.documents[LIST_3]
    other = VendorPage(V3).says()
    foreign = {**document, "meta": {**document["meta"], "path": "https://www.acme.example/api/tickets"}}
    serving(other, LIST_3, foreign).poll()
    assert other.platform is None
