"""Rootly's traps: nothing has an id, its people's states are not the public's, words may be in a second document."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import at, incident, maintenance, said
from tests.providers.vendor import VendorPage
from tray_status.core.merge import SYNTHETIC
from tray_status.core.model import Impact, Kind, State
from tray_status.providers.rootly import traces

DIALECT = DIALECTS["rootly"]
STATUS = "/api/v1/status.json"
INCIDENTS = "/api/v1/incidents.json?per_page=100"


def page_with(*incidents):
    return VendorPage(DIALECT).says(*incidents)


def rows(page):
    return page.documents[STATUS]["incidents"]


def test_an_incident_is_known_by_its_address_whatever_it_is_called():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    page.poll()
    rows(page)[0]["name"] = "Elevated errors in Europe"
    assert page.poll(3) == []
    (known,) = page.view.open_incidents
    assert (known.id, known.name) == ("inc1", "Elevated errors in Europe")


def test_without_an_address_it_is_known_by_its_name_and_its_begin():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    rows(page)[0]["url"] = None
    assert page.poll(3) == ["opened"]
    (known,) = page.view.open_incidents
    assert known.id.startswith(SYNTHETIC)


def test_what_people_work_on_is_over_once_the_public_is_told_so():
    words = (said(0, State.INVESTIGATING), said(30, State.RESOLVED, "All is well."))
    page = page_with(incident(words[0]))
    page.poll()
    rows(page)[0]["incident_updates"].insert(
        0, {"body": "All is well.", "status": "resolved", "created_at": "2026-03-01T12:30:00Z"}
    )
    assert page.poll(2) == ["resolved"]
    assert page.events[-1].incident.resolved_at == at(30)
    assert not page.is_green, "its own state still speaks of trouble"
    page.says()
    assert page.poll(3) == []
    assert page.is_green


@pytest.mark.parametrize("word", ["started", "mitigated"])
def test_the_publics_state_counts(word):
    page = page_with(incident(said(0, State.INVESTIGATING), said(5, State.IDENTIFIED)))
    rows(page)[0]["status"] = word
    assert page.poll(2) == ["opened"]
    assert page.view.open_incidents[0].state is State.IDENTIFIED


def test_an_incident_without_words_is_open_and_its_words_are_looked_for():
    page = page_with(incident(said(0, State.INVESTIGATING, "We look into it.")))
    page.documents[INCIDENTS] = page.documents.pop("/api/v1/incidents.json")
    page.documents[STATUS] = {**page.documents[STATUS], "incidents": [dict(rows(page)[0])]}
    del rows(page)[0]["incident_updates"]
    assert page.poll() == ["opened"]
    assert page.events[0].update.text == "We look into it."
    assert page.poll(6) == []


def test_a_page_without_its_second_document_loses_nothing_but_words():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    del rows(page)[0]["incident_updates"]
    assert page.poll(3) == ["opened"]
    assert page.view.open_incidents[0].state is State.INVESTIGATING
    assert page.is_read


def test_a_maintenance_to_come_is_no_trouble():
    page = page_with(maintenance(said(0, State.SCHEDULED, "Soon."), said(60, State.IN_PROGRESS, "Now.")))
    row = rows(page)[0]
    row.update(status="scheduled", scheduled_for="2026-03-01T13:00:00Z")
    del row["incident_updates"][0]
    page.documents[STATUS]["status"]["indicator"] = "none"
    page.poll()
    assert page.is_green
    (coming,) = page.view.maintenances
    assert (coming.kind, coming.state, coming.scheduled_for) == (Kind.MAINTENANCE, State.SCHEDULED, at(60))


def test_its_indicator_alone_is_not_green():
    page = page_with()
    page.documents[STATUS]["status"]["indicator"] = "minor"
    page.poll()
    assert page.view.impact is Impact.MINOR


def test_a_web_page_that_names_it_is_asked_first():
    assert list(traces("Powered by <b>Rootly</b>", "https://status.acme.example")) == [""]
    assert list(traces("Powered by nobody", "https://status.acme.example")) == []
