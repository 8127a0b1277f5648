"""What is peculiar to Apple's system status."""

from __future__ import annotations

import json

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.apple import DATA
from tests.providers.dialects.dialect import API, WEB, at, incident, maintenance, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import Affected, Component, Impact, State
from tray_status.providers.apple import PLATFORM
from tray_status.providers.documents import Document, Told

PATH = f"{DATA}/system_status_en_US.js"
OPEN = incident(said(0, State.INVESTIGATING, "Users may be unable to sign in."), impact=Impact.MAJOR)
OVER = incident(*OPEN.updates, said(30, State.RESOLVED, "Users were unable to sign in."), impact=Impact.MAJOR)


def page_with(*incidents):
    page = VendorPage(DIALECTS["apple"]).says()
    page.poll()
    page.says(*incidents)
    return page


def services(page):
    return page.documents[PATH]["services"]


def events(page, place=0):
    return services(page)[place]["events"]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://www.apple.com/support/systemstatus", PATH),
        ("https://www.apple.com", PATH),
        ("https://developer.apple.com/system-status", f"{DATA}/developer/system_status_en_US.js"),
    ],
)
def test_the_address_tells_which_of_the_two_it_is(address, path):
    page = VendorPage(DIALECTS["apple"], address=address).says(OPEN)
    page.serves({path: page.documents[PATH]})
    assert page.poll() == ["opened"]
    assert page.asked == [path]


@pytest.mark.parametrize(
    "call", ["%s", "jsonCallback(%s);", "jsonCallback(%s)\n", " Apple.SystemStatus.apiResult ( %s );\n"]
)
def test_bare_json_and_a_call_are_the_same(call):
    page = VendorPage(DIALECTS["apple"]).says(OPEN)
    page.serves({PATH: (call % json.dumps(page.documents[PATH])).encode()})
    assert page.poll() == ["opened"]
    assert page.events[0].update.text == "Users may be unable to sign in."


@pytest.mark.parametrize(
    "body", [b"jsonCallback(", b"jsonCallback({});", b"a" * 9999 + b"(", b"alert(1)", b"f({}{)", b"("]
)
def test_a_call_of_something_else_is_not_its(body):
    assert not PLATFORM.is_mine(Document(Told.FRESH, body))
    page = VendorPage(DIALECTS["apple"]).serves({PATH: body})
    page.poll()
    assert not page.is_green


def test_an_event_under_several_services_is_one_and_over_when_it_is_over_everywhere():
    both = incident(*OPEN.updates, impact=Impact.MAJOR, touches=(API, WEB))
    page = page_with(both)
    assert page.poll() == ["opened"]
    (told,) = page.view.open_incidents
    assert (told.name, told.components) == ("API and 1 more: Outage", ("API", "Web"))
    events(page)[0].update(eventStatus="resolved")
    assert page.poll() == []
    assert not page.is_green
    services(page).reverse()
    assert page.poll() == []
    events(page)[0].update(eventStatus="resolved")
    assert page.poll(2) == ["resolved"]
    assert page.is_green


def test_a_new_time_of_posting_is_no_news():
    page = page_with(OPEN)
    page.poll()
    for minute in range(3):
        events(page)[0]["datePosted"] = f"03/01/2026 05:0{minute} PST"
        assert page.poll() == []


def test_changed_words_are_an_edit():
    page = page_with(OPEN)
    page.poll()
    events(page)[0]["message"] = "All users are unable to sign in."
    assert page.poll() == ["edited"]
    assert page.poll(2) == []


def test_the_end_has_its_own_words_and_time():
    page = page_with(OPEN)
    page.poll()
    page.says(OVER)
    assert page.poll() == ["resolved"]
    event = page.events[-1]
    assert (event.update.text, event.at, event.incident.resolved_at) == (
        "Users were unable to sign in.",
        at(30),
        at(30),
    )
    page.says()
    assert page.poll(4) == []


def test_one_that_leaves_while_it_goes_on_is_removed_only_after_two_readings():
    page = page_with(OPEN)
    page.poll()
    page.says()
    assert page.poll() == []
    assert page.view.open_incidents
    assert page.poll() == ["resolved"]
    assert page.events[-1].incident.state is State.REMOVED


def test_services_that_it_names_are_touched_too():
    page = page_with(OPEN)
    events(page)[0].update(affectedServices=["Mail ", 7, "API"], usersAffected="Some users are affected")
    page.poll()
    (told,) = page.view.open_incidents
    assert told.affected == (Affected("API", "API"), Affected("Mail", "Mail"))
    assert told.latest.text == "Users may be unable to sign in.\nSome users are affected"


def test_an_end_that_is_only_planned_does_not_end_it():
    page = page_with(OPEN)
    events(page)[0]["epochEndDate"] = events(page)[0]["epochStartDate"] + 3_600_000
    page.poll()
    (told,) = page.view.open_incidents
    assert told.resolved_at is None


def test_maintenance_is_known_as_such_once_it_goes_on_under_another_name():
    planned = maintenance(said(0, State.SCHEDULED, "Soon."))
    page = page_with(planned)
    assert page.poll() == ["maintenance_scheduled"]
    events(page, 1)[0].update(statusType="Issue", eventStatus="ongoing")
    assert page.poll() == ["maintenance_started"]
    assert page.view.open_incidents == ()


@pytest.mark.parametrize("damage", [None, [], [None], [{}], {"a": 1}])
def test_a_green_page_that_stops_telling_what_goes_on_is_no_longer_green(damage):
    page = VendorPage(DIALECTS["apple"]).says()
    page.poll()
    assert page.is_green
    page.documents[PATH]["services"] = damage
    page.poll()
    assert not page.is_green


@pytest.mark.parametrize("damage", [None, "none", [None]])
def test_a_service_whose_events_cannot_be_read_is_not_fine(damage):
    page = VendorPage(DIALECTS["apple"]).says()
    page.poll()
    services(page)[1]["events"] = damage
    page.poll()
    assert not page.is_green
    assert [each.impact for each in page.view.state.components] == [Impact.NONE, Impact.UNKNOWN]


def test_a_message_for_all_is_a_notice():
    page = VendorPage(DIALECTS["apple"]).says()
    page.documents[PATH].update(drPost=True, drMessage="We are moving.")
    page.poll()
    assert page.view.impact is Impact.NOTICE


def test_components_stand_as_their_events_do():
    page = VendorPage(DIALECTS["apple"]).says(OPEN, components=(Component("c1", "API", Impact.NONE), WEB))
    page.poll()
    assert {each.name: each.impact for each in page.view.state.components} == {
        "API": Impact.MAJOR,
        "Web": Impact.NONE,
    }
