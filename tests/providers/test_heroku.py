"""What is peculiar to Heroku's status page."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import incident, maintenance, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State

CURRENT = "/api/v4/current-status"
HISTORY = "/api/v4/incidents?limit=25"
OPEN = incident(said(0, State.INVESTIGATING, "We look."), impact=Impact.MINOR)
OVER = incident(*OPEN.updates, said(20, State.RESOLVED, "Fixed."), impact=Impact.MINOR)
PLANNED = maintenance(said(0, State.SCHEDULED, "On July 15, starting at 17:00 UTC, for 3 hours."))


def page_with(*incidents):
    page = VendorPage(DIALECTS["heroku"]).says()
    page.poll()
    page.says(*incidents)
    return page


def row(page, kind, place=0):
    return page.documents[CURRENT][kind][place]


def test_resolved_is_what_the_state_says_though_the_flag_denies_it():
    page = page_with(OVER)
    page.documents[CURRENT]["incidents"] = page.documents[HISTORY]
    assert page.documents[HISTORY][0]["resolved"] is False
    page.documents[HISTORY][0]["resolved_at"] = None
    assert page.poll() == ["opened", "resolved"]
    assert page.is_green


def test_words_that_call_it_resolved_do_not_close_what_the_state_calls_open():
    page = page_with(OVER)
    page.documents[CURRENT]["incidents"] = [{**page.documents[HISTORY][0], "state": "open", "resolved_at": None}]
    page.documents.pop(HISTORY)
    page.poll()
    assert not page.is_green
    assert page.view.open_incidents


def test_a_maintenance_that_goes_stale_as_upcoming_never_starts():
    page = page_with(PLANNED)
    assert page.poll() == ["maintenance_scheduled"]
    assert page.poll(6) == []
    assert page.is_green


@pytest.mark.parametrize("words", ["Maintenance is complete", "The service update has been completed."])
def test_a_maintenance_is_over_by_its_words_though_it_stays_upcoming(words):
    page = page_with(PLANNED)
    page.poll()
    page.says(maintenance(*PLANNED.updates, said(180, State.SCHEDULED, words)))
    assert row(page, "scheduled")["state"] == "upcoming"
    assert page.poll(3) == ["maintenance_ended"]
    assert page.view.maintenances == ()
    assert page.is_green


def test_words_that_speak_of_the_end_to_come_do_not_end_it():
    page = page_with(PLANNED)
    page.poll()
    page.says(maintenance(*PLANNED.updates, said(30, State.SCHEDULED, "We will post again when we complete it.")))
    assert page.poll(3) == ["updated"]
    assert page.view.maintenances


def test_a_blue_system_is_maintenance_and_a_red_one_without_an_incident_is_not_green():
    for colour, impact in (("blue", Impact.MAINTENANCE), ("red", Impact.MAJOR), ("purple", Impact.UNKNOWN)):
        page = VendorPage(DIALECTS["heroku"]).says()
        row(page, "status")["status"] = colour
        page.poll()
        assert page.view.impact is impact


def test_without_the_colours_it_is_not_green():
    page = VendorPage(DIALECTS["heroku"]).says()
    page.poll()
    page.documents[CURRENT].pop("status")
    page.poll()
    assert not page.is_green


def test_one_whose_end_the_history_tells_is_resolved_at_once():
    page = page_with(OPEN)
    page.poll()
    page.says(OVER)
    assert page.documents[CURRENT]["incidents"] == []
    assert page.poll() == ["resolved"]
    assert page.events[-1].update.text == "Fixed."


def test_one_that_left_is_not_taken_for_over_while_the_history_cannot_be_read():
    page = page_with(OPEN)
    page.poll()
    page.says(OVER)
    page.documents[HISTORY] = b"<html>Oops</html>"
    assert page.poll(4) == []
    assert not page.is_green
    page.says(OVER)
    assert page.poll(6) == ["resolved"]


def test_the_colours_of_its_latest_update_tell_how_bad_it_is_where_no_system_is_named():
    page = page_with(OPEN)
    told = row(page, "incidents")
    del told["systems"]
    told["updates"][0].update(status_dev="green", status_prod="red")
    page.poll()
    (open_one,) = page.view.open_incidents
    assert (open_one.impact, open_one.affected) == (Impact.MAJOR, None)


@pytest.mark.parametrize("damage", [None, {}, "none", [None], [{}]])
def test_a_green_page_that_stops_telling_what_is_open_is_no_longer_green(damage):
    page = VendorPage(DIALECTS["heroku"]).says()
    page.poll()
    assert page.is_green
    page.documents[CURRENT]["incidents"] = damage
    page.poll()
    assert not page.is_green
