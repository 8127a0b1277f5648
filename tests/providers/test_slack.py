"""What is peculiar to Slack's status page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import at, incident, maintenance, said
from tests.providers.dialects.slack import API, entry
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State

INVESTIGATING = State.INVESTIGATING
OPEN = incident(said(0, INVESTIGATING, "We look."), said(20, INVESTIGATING, "All is well."), impact=Impact.MINOR)
OVER = replace(OPEN, state=State.RESOLVED, word="resolved")
"""As recorded in August 2026: a minute after its last words it was set to resolved, without more words."""


def page_with(*incidents):
    page = VendorPage(DIALECTS["slack"]).says()
    page.poll()
    page.says(*incidents)
    return page


@pytest.mark.parametrize("address", ["https://slack-status.com", "https://status.slack.com"])
def test_both_addresses_lead_to_the_one_api(address):
    page = VendorPage(DIALECTS["slack"], address=address).says(OPEN)
    assert page.poll() == ["opened"]
    assert page.asked[0] == f"{API}/current"


def test_resolved_without_new_words_is_a_resolution_with_the_last_words():
    page = page_with(OPEN)
    page.poll()
    page.says(OVER)
    assert page.poll() == ["resolved"]
    assert page.events[-1].update.text == "All is well."
    assert page.poll(6) == []
    assert page.is_green


def test_an_edited_note_is_told_as_edited():
    page = page_with(OPEN)
    page.poll()
    first, second = OPEN.updates
    page.says(replace(OPEN, updates=(first, replace(second, text="All is well, mostly."))))
    assert page.poll() == ["edited"]
    assert page.poll(2) == []


def test_reopened_it_is_open_and_its_second_end_is_told_too():
    page = page_with(OVER)
    page.poll(2)
    again = replace(OPEN, updates=(*OPEN.updates, said(60, INVESTIGATING, "It is back.")))
    page.says(again)
    assert page.poll()[-1:] == ["updated"]
    assert page.events[-1].update.text == "It is back."
    assert not page.is_green
    page.says(replace(again, state=State.RESOLVED, updates=(*again.updates, said(70, State.RESOLVED, "Gone."))))
    assert page.poll(2) == ["resolved"]
    assert page.is_green


def test_one_that_came_and_went_between_two_polls_is_told():
    page = page_with(OVER)
    assert page.poll() == ["opened", "resolved"]
    assert page.poll(6) == []


def test_the_history_does_not_open_what_current_does_not_list():
    page = VendorPage(DIALECTS["slack"]).says()
    page.serves({**page.documents, f"{API}/history": [entry(OPEN)]})
    assert page.poll(8) == []
    assert page.is_green


def test_one_that_left_while_the_history_still_calls_it_active_stays_open():
    page = page_with(OPEN)
    page.poll()
    quiet = VendorPage(DIALECTS["slack"]).says().documents[f"{API}/current"]
    page.serves({f"{API}/current": quiet, f"{API}/history": [entry(OPEN)]})
    assert page.poll(3) == []
    assert not page.is_green
    page.says(OVER)
    assert page.poll(8) == ["resolved"]


def test_one_that_left_is_not_taken_for_over_while_the_history_cannot_be_read():
    page = page_with(OPEN)
    page.poll()
    quiet = VendorPage(DIALECTS["slack"]).says().documents[f"{API}/current"]
    page.serves({f"{API}/current": quiet, f"{API}/history": b"<html>Oops</html>"})
    assert page.poll(8) == []
    assert not page.is_green
    page.says(OVER)
    assert page.poll(8) == ["resolved"]


def test_active_without_a_list_is_not_green():
    page = VendorPage(DIALECTS["slack"]).says()
    page.documents[f"{API}/current"]["status"] = "active"
    page.poll()
    assert page.is_read
    assert not page.is_green


def test_an_announced_maintenance_is_not_trouble_even_where_it_makes_the_page_active():
    page = VendorPage(DIALECTS["slack"]).says(maintenance(said(0, State.SCHEDULED, "Soon.")))
    page.documents[f"{API}/current"]["status"] = "active"
    page.poll()
    assert page.is_green
    (coming,) = page.view.maintenances
    assert coming.scheduled_for == at(60)


def test_a_cancelled_maintenance_ends():
    planned = maintenance(said(0, State.SCHEDULED, "Soon."))
    page = page_with(planned)
    assert page.poll() == ["maintenance_scheduled"]
    page.says(planned)
    gone = VendorPage(DIALECTS["slack"]).says().documents[f"{API}/current"]
    page.serves({f"{API}/current": gone, f"{API}/history": [{**entry(planned), "status": "cancelled"}]})
    assert page.poll(3) == ["maintenance_ended"]


@pytest.mark.parametrize("damage", [None, {}, "none", [None], [{}]])
def test_a_green_page_that_stops_telling_what_is_open_is_no_longer_green(damage):
    page = VendorPage(DIALECTS["slack"]).says()
    page.poll()
    assert page.is_green
    page.documents[f"{API}/current"]["active_incidents"] = damage
    page.poll()
    assert not page.is_green
