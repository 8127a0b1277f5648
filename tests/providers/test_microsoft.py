"""Microsoft 365: outages made of one word, their words and their end, and the admin centre beside them."""

from __future__ import annotations

import pytest

from tests.providers.dialects.dialect import API, START, WEB, at, incident, said
from tests.providers.dialects.microsoft import DIALECT, moment, post
from tests.providers.vendor import VendorPage
from tray_status.core.model import Component, Impact, State

PATH = "/api/posts/m365Consumer"
ADMIN = "/api/posts/mac"
HOME = "https://status.cloud.microsoft"
OPEN = incident(said(0, State.INVESTIGATING, "We look into it."), impact=Impact.MINOR)
FINE = {
    "Id": "1",
    "AuthoredDateTime": moment(START),
    "Title": "",
    "Message": "<div>Old.</div>",
    "Status": "Available",
}


def rows(outage=None, **fields):
    return [{**post(API, outage), **fields}, post(WEB, None)]


def page_with(outage=None, **fields):
    return VendorPage(DIALECT).serves({PATH: rows(outage, **fields)})


@pytest.mark.parametrize(
    "address",
    [HOME, f"{HOME}/m365", "https://status.office365.com", "https://portal.office.com/servicestatus"],
)
def test_a_known_address_takes_one_question(address):
    page = VendorPage(DIALECT, address=address).serves({HOME + PATH: rows(OPEN), HOME + ADMIN: FINE})
    assert page.poll() == ["opened"]
    assert (page.platform, page.asked) == ("microsoft-365", [HOME + PATH, HOME + ADMIN])
    assert {each.name for each in page.view.state.components} == {"API", "Web", "Microsoft 365 admin center"}


@pytest.mark.parametrize(
    ("status", "impact"),
    [
        ("Available", Impact.NONE),
        ("OPERATIONAL", Impact.NONE),
        ("ServiceRestored", Impact.NONE),
        ("ServiceDegradation", Impact.MINOR),
        ("Service interruption", Impact.MAJOR),
        ("Unknown", Impact.UNKNOWN),
        ("Sparkly", Impact.UNKNOWN),
        ("", Impact.UNKNOWN),
        (None, Impact.UNKNOWN),
    ],
)
def test_each_word(status, impact):
    page = page_with(Status=status)
    page.poll()
    assert page.view.impact is impact


def test_the_old_sentence_of_a_service_that_is_well_is_no_news():
    page = page_with()
    assert page.poll(2) == []
    page.serves({PATH: rows(Message="<div>Another sentence.</div>")})
    assert page.poll(2) == []


def test_words_are_told_and_told_again_when_they_change():
    page = page_with()
    page.poll()
    page.serves({PATH: rows(OPEN)})
    assert page.poll(2) == ["opened"]
    assert page.events[-1].incident.name == "API is degraded"
    assert page.events[-1].update.text == "We look into it."
    page.serves({PATH: rows(incident(*OPEN.updates, said(9, State.INVESTIGATING, "Found."), impact=Impact.MINOR))})
    assert page.poll(2) == ["updated"]
    assert (page.events[-1].update.text, page.events[-1].at) == ("Found.", at(9))
    (found,) = page.view.open_incidents
    assert len(found.updates) == 2


def test_words_written_anew_into_the_same_post_are_an_edit():
    page = page_with(OPEN)
    page.poll()
    page.serves({PATH: rows(OPEN, Message="We look into it, harder.")})
    assert page.poll(2) == ["edited"]


def test_a_title_is_the_outages_name():
    page = page_with(OPEN, Title="Sending fails")
    page.poll()
    (found,) = page.view.open_incidents
    assert found.name == "Sending fails"


@pytest.mark.parametrize(("status", "words"), [("Service restored", "We fixed it."), ("Operational", None)])
def test_the_end_is_told_once_with_its_words_where_it_has_some(status, words):
    page = page_with(OPEN)
    page.poll()
    page.serves({PATH: rows(OPEN, Status=status, Message="<p>We fixed it.</p>")})
    assert page.poll(3) == ["resolved"]
    assert (page.events[-1].update.text or None) == words
    assert page.is_green


def test_the_next_outage_is_another_one():
    page = page_with(OPEN)
    page.poll()
    page.serves({PATH: rows()})
    assert page.poll(2) == ["resolved"]
    again = incident(said(500, State.INVESTIGATING, "Again."), impact=Impact.MINOR)
    page.serves({PATH: rows(again)})
    assert page.poll(2) == ["opened"]


def test_a_word_that_nobody_knows_ends_no_outage():
    page = page_with(OPEN)
    page.poll()
    page.serves({PATH: rows(OPEN, Status="Sparkly")})
    assert page.poll(4) == []
    assert [each.name for each in page.view.open_incidents] == ["API is degraded"]


def test_a_service_that_is_no_longer_listed_is_removed_after_two_readings():
    page = page_with(OPEN)
    page.poll()
    page.serves({PATH: [post(WEB, None)]})
    assert page.poll() == []
    assert page.poll() == ["resolved"]


@pytest.mark.parametrize("body", [[], {}, {"posts": []}, b"<!doctype html><div id=root></div>", [1, 2]])
def test_no_list_of_services_is_not_all_is_well(body):
    page = VendorPage(DIALECT, address=HOME).serves({HOME + PATH: body})
    page.poll()
    assert not page.is_green
    page = page_with(OPEN)
    page.poll()
    page.serves({PATH: body})
    assert "resolved" not in page.poll(4)
    assert not page.is_green


def test_the_admin_centre_has_outages_too_and_silence_ends_none():
    bad = {**FINE, "Status": "Service degradation", "Message": "<div>Admins cannot sign in.</div>"}
    page = VendorPage(DIALECT).serves({PATH: rows(), ADMIN: bad})
    assert page.poll() == ["opened"]
    (found,) = page.view.open_incidents
    assert (found.name, found.components) == (
        "Microsoft 365 admin center is degraded",
        ("Microsoft 365 admin center",),
    )
    for silent in ({}, b"", b"<html></html>", [], {"Status": None}):
        page.serves({PATH: rows(), ADMIN: silent})
        assert page.poll(3) == []
        assert not page.is_green
    page.serves({PATH: rows()})
    assert page.poll(3) == []
    page.serves({PATH: rows(), ADMIN: FINE})
    assert page.poll(40)[:1] == ["resolved"]
    assert page.is_green


def test_a_service_in_trouble_shows_as_a_component_too():
    page = VendorPage(DIALECT).says(components=(Component("c1", "API", Impact.CRITICAL), WEB))
    page.poll()
    assert page.view.impact is Impact.MINOR
