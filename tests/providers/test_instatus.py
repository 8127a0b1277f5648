"""What is peculiar to Instatus."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import API, WEB, at, incident, maintenance, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, Incident, Kind, State
from tray_status.providers.documents import Document, Told
from tray_status.providers.instatus_feed import read_feed

SUMMARY, FEED, COMPONENTS = "/summary.json", "/history.atom", "/v3/components.json"
OPEN = incident(said(0, State.INVESTIGATING, "We look."))
OVER = incident(*OPEN.updates, said(20, State.RESOLVED, "Fixed."))


def page_with(*incidents):
    page = VendorPage(DIALECTS["instatus"]).says()
    page.poll()
    page.says(*incidents)
    return page


def quiet(page):
    """The summary lists nothing more; all else stays."""
    page.documents[SUMMARY] = VendorPage(DIALECTS["instatus"]).says().documents[SUMMARY]
    return page


# --- components -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v3/components.json", "/v2/components.json", "/components.json"])
@pytest.mark.parametrize("catch_all", [None, b"<html>Acme</html>"])
def test_components_are_found_wherever_they_are(path, catch_all):
    page = VendorPage(DIALECTS["instatus"]).says()
    page.documents[path] = page.documents.pop(COMPONENTS)
    page.catch_all = catch_all
    page.poll()
    assert {each.name for each in page.view.state.components} == {"API", "Web"}


def test_components_may_be_a_bare_list_of_groups_with_their_children():
    page = VendorPage(DIALECTS["instatus"]).says()
    row = {"id": API.id, "name": "API", "status": "MAJOROUTAGE", "isParent": False, "children": []}
    group = {"id": "g", "name": "Core", "status": "MAJOROUTAGE", "isParent": True, "children": [row]}
    page.documents[COMPONENTS] = [group, {**row, "id": WEB.id, "name": "Web", "status": "OPERATIONAL"}]
    page.poll()
    told = {each.name: (each.impact, each.group) for each in page.view.state.components}
    assert told == {"API": (Impact.CRITICAL, "Core"), "Web": (Impact.NONE, None)}
    assert not page.is_green


def test_the_group_of_a_component_of_a_flat_list():
    page = VendorPage(DIALECTS["instatus"]).says()
    page.documents[COMPONENTS]["components"][0]["group"] = {"id": "g", "name": "Core"}
    page.poll()
    assert {each.name: each.group for each in page.view.state.components} == {"API": "Core", "Web": None}


# --- the summary ------------------------------------------------------------------------------------------------


def test_the_ids_and_times_of_older_pages():
    page = page_with()
    page.documents[SUMMARY] = {
        "page": {"name": "Acme", "url": "https://status.acme.example", "status": "HASISSUES"},
        "activeIncidents": [
            {
                "name": "We're facing an issue with our API",
                "started": "Sat Jun 11 2022 18:55:50 GMT+0200 (Coordinated Universal Time)",
                "status": "INVESTIGATING",
                "impact": "MAJOROUTAGE",
                "url": "https://status.acme.example/incident/cl4a8n3070721qtmzvts760c4",
            }
        ],
    }
    page.poll()
    (told,) = page.view.open_incidents
    assert told.id == "cl4a8n3070721qtmzvts760c4"
    assert told.started_at == datetime(2022, 6, 11, 16, 55, 50, tzinfo=timezone.utc)


@pytest.mark.parametrize("state", ["HASISSUES", "ONEMAJOROUTAGE", "WHATEVER"])
def test_a_green_page_whose_state_is_trouble_but_lists_nothing_is_no_longer_green(state):
    page = VendorPage(DIALECTS["instatus"]).says()
    page.poll()
    assert page.is_green
    page.documents[SUMMARY]["page"]["status"] = state
    page.poll()
    assert not page.is_green


@pytest.mark.parametrize("damage", [{}, "none", [None], [{}], 7])
def test_a_list_that_cannot_be_read_is_not_taken_for_none_though_the_page_is_up(damage):
    page = VendorPage(DIALECTS["instatus"]).says()
    page.poll()
    page.documents[SUMMARY]["activeIncidents"] = damage
    page.poll()
    assert not page.is_green


# --- the feed ---------------------------------------------------------------------------------------------------


def test_the_feed_is_asked_for_only_while_something_is_open():
    page = VendorPage(DIALECTS["instatus"]).says()
    page.poll(6)
    assert not any(FEED in each for each in page.asked)
    page.says(OPEN)
    page.poll()
    assert page.asked[-1].endswith((FEED, COMPONENTS))
    assert any(FEED in each for each in page.asked)


def test_what_became_of_one_that_left_is_in_the_feed():
    page = page_with(OPEN)
    page.poll()
    page.says(OVER)
    assert page.poll() == ["resolved"]
    event = page.events[-1]
    assert (event.update.text, event.at, event.incident.resolved_at) == ("Fixed.", at(20), at(20))


def test_one_that_left_while_the_feed_calls_it_open_stays_open():
    page = quiet(page_with(OPEN))
    page.says(OPEN).poll()
    assert quiet(page).poll(3) == []
    assert not page.is_green
    page.says(OVER)
    assert page.poll(6) == ["resolved"]


def test_an_end_that_the_feed_tells_first_is_told_once():
    page = page_with(OPEN)
    page.poll()
    page.documents[FEED] = VendorPage(DIALECTS["instatus"]).says(OVER).documents[FEED]
    assert page.poll(6) == []
    assert not page.is_green
    assert quiet(page).poll(3) == ["resolved"]
    assert page.events[-1].update.text == "Fixed."


@pytest.mark.parametrize("body", [None, b"<html>Acme</html>", b"<feed", b"<feed></feed>", b"<feed><entry></feed>"])
def test_without_a_feed_what_left_is_removed(body):
    page = page_with(OPEN)
    page.poll()
    quiet(page).documents.pop(FEED)
    if body is not None:
        page.documents[FEED] = body
    assert page.poll() == []
    assert page.view.open_incidents
    assert page.poll(6) == ["resolved"]
    assert page.events[-1].incident.state is State.REMOVED


def test_a_feed_in_another_language_gives_words_but_no_states():
    page = page_with(OPEN)
    page.documents[FEED] = page.documents[FEED].replace(b"Investigating", b"Investigando")
    page.poll()
    (told,) = page.view.open_incidents
    assert (told.state, told.latest.text, told.latest.word) == (State.INVESTIGATING, "We look.", "Investigando")
    page.says(OVER)
    page.documents[FEED] = (
        page.documents[FEED].replace(b"Investigating", b"Investigando").replace(b"Resolved", b"Fim")
    )
    page.poll(2)
    assert page.events[-1].incident.state is State.REMOVED
    assert page.view.open_incidents == ()


def test_a_word_for_a_coming_maintenance_that_nobody_knows_does_not_start_it():
    page = page_with(maintenance(said(0, State.SCHEDULED, "Soon.")))
    page.documents[FEED] = page.documents[FEED].replace(b"Planned", b"Whenever")
    assert page.poll(3) == ["maintenance_scheduled"]
    assert page.events[-1].update.text == "Soon."


def test_the_feed_as_instatus_itself_had_it():
    """The markup is that of an entry of 2023; months are short and years are missing."""
    html = """
    <p><strong>Type:</strong> Incident</p>
    <p><strong>Duration:</strong> 30 minutes</p>
    <p><strong>Affected Components:</strong> Dashboard, API, RSS &amp; Atom</p>
    <p><small>Jan <var data-var='date'> 1</var>, <var data-var='time'>00:20:00</var> GMT+0</small>"""
    html += """<br /><strong>Resolved</strong> -
  Issues are now resolved!.</p>
<p><small>Dec <var data-var='date'> 31</var>, <var data-var='time'>23:50:00</var> GMT+0</small><br />"""
    html += """<strong>Investigating</strong> -
  We look.</p><p>And look.</p>
"""
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme Status</title><entry>
<id>tag:acme.example,2005:Incident/cljsng54g12299p2nakme751cp</id>
<published>2023-12-31T23:50:00.000+00:00</published><updated>2024-01-01T00:20:00.000+00:00</updated>
<title>Partial outage</title><content type="html"><![CDATA[{html}]]></content></entry></feed>"""
    key = "cljsng54g12299p2nakme751cp"
    known = Incident(key, "Partial outage", State.INVESTIGATING, kind=Kind.INCIDENT)
    (entry,) = read_feed(Document(Told.FRESH, body.encode()), {key: known}).values()
    assert [each.name for each in entry.affected] == ["Dashboard", "API", "RSS & Atom"]
    assert [(each.state, each.text, each.at) for each in entry.updates] == [
        (State.INVESTIGATING, "We look.\n\nAnd look.", datetime(2023, 12, 31, 23, 50, tzinfo=timezone.utc)),
        (State.RESOLVED, "Issues are now resolved!", datetime(2024, 1, 1, 0, 20, tzinfo=timezone.utc)),
    ]
    assert entry.is_sure
