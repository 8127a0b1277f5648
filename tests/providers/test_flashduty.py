"""Flashduty's traps: errors that come with a good HTTP status, an incident that is not yet judged, lists that are missing."""

from __future__ import annotations

import pytest

from tests.providers.dialects.dialect import incident, said
from tests.providers.dialects.flashduty import DIALECT
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.flashduty import PATH, PLANNED

OPEN = incident(said(0, State.INVESTIGATING), impact=Impact.NONE)


@pytest.mark.parametrize("error", ["status_page_not_found", "widget_summary_unavailable", "something_else"])
def test_an_error_with_a_good_status_tells_nothing_and_closes_nothing(error):
    page = VendorPage(DIALECT).says(incident(said(0, State.INVESTIGATING)))
    page.poll()
    good = page.documents
    page.serves({PATH: {"error": error}})
    assert page.poll(5) == ["page_unreadable"]
    assert not page.is_green
    page.serves(good)
    assert page.poll(2) == ["page_readable"]
    assert len(page.view.open_incidents) == 1


def test_an_open_incident_that_is_called_operational_is_a_notice():
    page = VendorPage(DIALECT).says(OPEN)
    assert page.poll() == ["opened"]
    assert page.view.impact is Impact.NOTICE
    assert page.poll(5) == []


def test_without_its_list_of_incidents_it_tells_nothing_even_where_it_says_that_all_is_well():
    page = VendorPage(DIALECT).says()
    page.poll()
    assert page.is_green
    opened = VendorPage(DIALECT).says(incident(said(0, State.INVESTIGATING)))
    opened.poll()
    document = dict(opened.documents[PATH])
    document.pop("ongoing_incidents")
    opened.serves({PATH: {**document, "overall": {"status": "operational"}}})
    assert opened.poll(5) == ["page_unreadable"]
    assert not opened.is_green


def test_one_maintenance_in_two_lists_is_one():
    page = VendorPage(DIALECT).says()
    row = {"id": "m1", "title": "New cables", "starts_at": "2026-03-01T13:00:00Z", "phase": "ongoing"}
    lists = dict(zip(PLANNED, ([row], [{**row, "phase": "scheduled"}]), strict=True))
    page.serves({PATH: {**page.documents[PATH], **lists}})
    assert page.poll(2) == ["maintenance_started"]
    assert page.view.impact is Impact.MAINTENANCE
