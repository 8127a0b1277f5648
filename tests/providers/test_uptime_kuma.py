"""What only Uptime Kuma does: heartbeats instead of incidents, two forms of one document, empty answers."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import at
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State

BASE = "https://status.acme.example/api/status-page/"
HEARTBEATS = f"{BASE}heartbeat/acme"
PAGE = f"{BASE}acme"


def beats(*statuses, first=0):
    """Heartbeats a minute apart."""
    return [
        0 if status is None else {"status": status, "time": f"2026-03-01 12:{minute:02}:00.500", "msg": "", "ping": 1}
        for minute, status in enumerate(statuses, first)
    ]


def serve(page, api, web=None, **changes):
    documents = DIALECTS["uptime-kuma"].write((), ())
    web = beats(1, first=len(api)) if web is None else web
    documents[HEARTBEATS] = {"heartbeatList": {"41": api, "42": web}, "uptimeList": {"41_24": 1, "42_24": 1}}
    documents[PAGE]["publicGroupList"] = [
        {"id": 9, "name": "Group", "monitorList": [{"id": 41, "name": "API"}, {"id": 42, "name": "Web"}]},
        {"id": 10, "name": "Again", "monitorList": [{"id": 42, "name": "Web"}]},
    ]
    documents[PAGE].update(changes)
    return page.serves(documents)


@pytest.fixture
def page():
    return VendorPage(DIALECTS["uptime-kuma"])


def test_an_outage_is_told_when_it_begins_and_when_it_ends(page):
    serve(page, beats(1, 1))
    assert page.poll() == []
    assert page.is_green
    serve(page, beats(1, 1, 2, 0))
    assert page.poll() == ["opened"]
    (event,) = page.events
    assert (event.incident.name, event.incident.components) == ("API is down", ("API",))
    assert event.incident.started_at.replace(microsecond=0) == at(2)
    assert page.view.impact is Impact.CRITICAL
    serve(page, beats(0, 0, 0, 0, first=20))  # the list is cut: its oldest failure is no beginning
    assert page.poll(3) == []
    serve(page, beats(0, 0, 1, 1, first=40))
    assert page.poll(3) == ["resolved"]
    assert page.events[-1].incident.name == "API is down"
    assert page.events[-1].at.replace(microsecond=0) == at(42)
    assert page.is_green
    serve(page, beats(1, 0, 0, first=50))
    assert page.poll(2) == ["opened"]
    assert len({event.incident.id for event in page.events}) == 2


def test_a_monitor_that_is_tried_again_is_neither_green_nor_an_outage(page):
    serve(page, beats(1, 2))
    assert page.poll() == []
    assert page.view.impact is Impact.NOTICE


def test_an_outage_goes_on_through_maintenance_and_silence(page):
    serve(page, beats(1, 0))
    page.poll()
    for later in (beats(1, 0, 3), beats(), beats(None, None)):
        serve(page, later, web=beats(1, 1, 1, first=len(later)))
        assert page.poll(3) == []
        assert [each.state for each in page.view.open_incidents] == [State.INVESTIGATING]
    serve(page, beats(1, first=30))
    assert page.poll(3) == ["resolved"]


def test_a_monitor_without_heartbeats_is_not_green(page):
    serve(page, [])
    page.poll()
    assert page.is_read
    assert not page.is_green


def test_gaps_among_heartbeats_are_none(page):
    serve(page, [*beats(1, 1), 0, 0])
    page.poll()
    assert page.is_green


def test_the_one_pinned_incident_of_version_1(page):
    def documents(incident):
        serve(page, beats(1, 1), web=beats(1, first=3 + bool(incident)), incident=incident)
        del page.documents[PAGE]["incidents"]

    documents(None)
    assert page.poll() == []
    assert page.is_green
    pinned = {"id": 3, "style": "danger", "title": "Slow", "content": "We *know*.", "pin": 1,
              "createdDate": "2026-03-01 12:05:00", "lastUpdatedDate": None}  # fmt: skip
    documents(pinned)
    assert page.poll() == ["opened"]
    assert page.events[-1].incident.shown_impact is Impact.MAJOR
    assert page.events[-1].at == at(5)
    documents({**pinned, "content": "Better now.", "lastUpdatedDate": "2026-03-01 12:09:00"})
    page.documents[HEARTBEATS]["heartbeatList"]["42"] += beats(1, first=9)
    assert page.poll() == ["updated"]
    assert page.events[-1].update.text == "Better now."
    documents(None)
    assert page.poll(3) == ["resolved"]
    assert page.is_green


def test_a_slug_that_nobody_has_is_no_page(page):
    page.serves({**DIALECTS["uptime-kuma"].write((), ()), HEARTBEATS: {"heartbeatList": {}, "uptimeList": {}}})
    page.poll()
    assert not page.is_read


def test_a_page_that_is_gone_is_not_green(page):
    serve(page, beats(1, 1))
    page.poll()
    page.serves({HEARTBEATS: {"heartbeatList": {}, "uptimeList": {}}, PAGE: {}})
    page.poll(3)
    assert not page.is_green


def test_without_the_page_document_what_was_pinned_stays(page):
    pinned = {"id": 3, "style": "warning", "title": "Slow", "content": "", "createdDate": "2026-03-01 12:05:00"}
    serve(page, beats(1, 1), incidents=[pinned])
    assert page.poll() == ["opened"]
    serve(page, beats(1, 1, 1))
    page.documents[PAGE] = {"ok": False, "msg": "busy"}
    assert page.poll(4) == ["page_unreadable"]
    assert [each.name for each in page.view.open_incidents] == ["Slow"]
    assert {each.name for each in page.view.state.components} == {"API", "Web"}


@pytest.mark.parametrize("address", ["https://status.acme.example/status/acme", "https://status.acme.example"])
def test_it_is_found_at_both_of_its_addresses(address):
    page = serve(VendorPage(DIALECTS["uptime-kuma"], address=address), beats(1, 1))
    page.poll()
    assert (page.platform, page.is_green) == ("uptime-kuma", True)


def test_maintenance_that_comes_back_is_told_each_time(page):
    def weekly(day):
        slots = [{"startDate": f"2026-03-0{day}T01:00:00.000Z", "endDate": f"2026-03-0{day}T02:00:00.000Z"}]
        return [{"id": 5, "title": "Backup", "description": "", "strategy": "recurring-weekday",
                 "timeslotList": slots, "timezoneOffset": "+01:00", "status": "under-maintenance"}]  # fmt: skip

    told = []
    for count, maintenance in enumerate(([], weekly(2), [], weekly(9), [])):
        for minute in range(2):
            serve(page, beats(1, 1, first=10 * count + minute), maintenanceList=maintenance)
            told += page.poll()
    assert told == ["maintenance_started", "maintenance_ended"] * 2
