"""What only Gatus does: single failures, suites, and announcements that nobody takes back."""

from __future__ import annotations

import json

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import at
from tests.providers.dialects.gatus import result
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact
from tray_status.providers.documents import Document, Told
from tray_status.providers.gatus import PLATFORM

STATUSES = "/api/v1/endpoints/statuses"
CONFIG = "/api/v1/config"
SUITES = "/api/v1/suites/statuses"


def endpoint(*good, name="API", first=0):
    results = [result(each, minute) for minute, each in enumerate(good, first)]
    return {"name": name, "group": "core", "key": f"core_{name.lower()}", "results": results}


@pytest.fixture
def page():
    return VendorPage(DIALECTS["gatus"]).says()


def test_one_failure_is_not_green_and_the_second_is_an_outage(page):
    page.documents[STATUSES] = [endpoint(True, True, False)]
    assert page.poll() == []
    assert page.view.impact is Impact.CRITICAL
    page.documents[STATUSES] = [endpoint(True, True, False, False)]
    assert page.poll() == ["opened"]
    assert page.events[-1].incident.started_at.replace(microsecond=0) == at(2)
    page.documents[STATUSES] = [endpoint(False, False, False, first=7)]
    assert page.poll(3) == []
    page.documents[STATUSES] = [endpoint(False, False, True, first=8)]
    assert page.poll(3) == ["resolved"]
    assert page.events[-1].at.replace(microsecond=0) == at(10)
    assert page.is_green


def test_an_endpoint_that_was_never_checked_is_not_green(page):
    page.documents[STATUSES] = [endpoint(True), endpoint(name="Web")]
    page.poll()
    assert page.is_read
    assert not page.is_green


def test_a_suite_that_fails_is_an_outage_of_its_own(page):
    page.documents[SUITES] = [endpoint(False, False, name="Check-out")]
    assert page.poll() == ["opened"]
    assert page.events[-1].incident.name == "Check-out is down"
    assert {each.name for each in page.view.state.components} == {"API", "Web", "Check-out"}


def test_an_instance_without_suites_and_announcements_is_read(page):
    del page.documents[SUITES], page.documents[CONFIG]
    page.poll()
    assert page.is_green


def test_where_its_configuration_cannot_be_read_it_is_not_green(page):
    page.documents[CONFIG] = b"oops"
    page.poll()
    assert not page.is_green


def test_an_announced_outage_is_open_until_all_is_operational(page):
    def announce(minute, *announcements):
        rows = [{"timestamp": f"2026-03-01T12:{at:02}:00Z", "type": kind, "message": text, **more}
                for at, kind, text, more in announcements]  # fmt: skip
        page.documents[STATUSES] = [endpoint(True, first=minute)]
        page.documents[CONFIG] = {"oidc": False, "authenticated": True, "announcements": rows}

    outage = (1, "outage", "Our data centre is dark. We work on it.", {})
    announce(1, (0, "information", "Welcome!", {}), outage)
    assert page.poll() == ["opened"]
    assert page.events[-1].incident.name == "Our data centre is dark"
    assert page.events[-1].update.text == "Our data centre is dark. We work on it."
    assert page.view.impact is Impact.MAJOR
    announce(2, (3, "operational", "All is well.", {}), outage)
    assert page.poll(3) == ["resolved"]
    assert page.is_green
    announce(3, (5, "warning", "Slow mail.", {}), (3, "operational", "All is well.", {}), outage)
    assert page.poll() == ["opened"]
    announce(4, (5, "warning", "Slow mail.", {"archived": True}))
    told = page.poll()
    announce(5, (5, "warning", "Slow mail.", {"archived": True}))
    assert told + page.poll(2) == ["resolved"]
    announce(6, (7, "mystery", "Hm.", {}))
    page.poll()
    assert not page.is_green


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [{"name": "x", "key": "a_x", "results": []}],
        [{"name": "x", "key": "a_x", "results": [{"success": "yes", "timestamp": "2026"}]}],
        [{"name": "x", "results": [{"success": True, "timestamp": "2026"}]}],
        {"results": [{"success": True}]},
    ],
)
def test_other_lists_are_not_its_own(answer):
    assert not PLATFORM.is_mine(Document(Told.FRESH, json.dumps(answer).encode()))


def test_after_a_restart_it_knows_no_results(page):
    page.documents[STATUSES] = [endpoint(False, False)]
    assert page.poll() == ["opened"]
    page.documents[STATUSES] = [endpoint()]
    assert page.poll(3) == []
    assert page.is_read
    assert [each.name for each in page.view.open_incidents] == ["API is down"]
