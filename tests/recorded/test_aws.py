"""AWS's recorded events of 2026: two regions of the Middle East, disrupted since March."""

from __future__ import annotations

from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import recorded
from tray_status.core.attention import concerns
from tray_status.core.model import Impact, Page, State

NAME = "aws/currentevents.utf16be.bin"
PATH = "/public/currentevents"


def utc(month, day, hour, minute, second):
    return datetime(2026, month, day, hour, minute, second, tzinfo=timezone.utc)


def read_page():
    page = VendorPage(DIALECTS["aws"]).serves({PATH: recorded(NAME)})
    assert page.poll() == ["opened", "opened"]
    return page


def test_both_are_open_with_what_a_person_reads_in_them():
    page = read_page()
    assert page.platform == "aws"
    assert page.view.impact is Impact.CRITICAL
    assert page.poll(3) == []
    uae, bahrain = page.view.open_incidents
    assert (uae.name, uae.regions) == ("Increased Error Rates (UAE)", ("me-central-1",))
    assert (bahrain.name, bahrain.regions) == ("Increased Error Rates (Bahrain)", ("me-south-1",))
    assert uae.id.endswith("AWS_MULTIPLE_SERVICES_OPERATIONAL_ISSUE_5E6B8_EF2498889B5")
    assert (uae.started_at, bahrain.started_at) == (utc(3, 1, 12, 51, 25), utc(3, 2, 5, 56, 27))
    for each in (uae, bahrain):
        assert (each.state, each.word, each.impact) == (State.INVESTIGATING, "disrupted", Impact.CRITICAL)


def test_all_words_are_there_in_their_order():
    uae, bahrain = read_page().view.open_incidents
    assert (len(uae.updates), len(bahrain.updates)) == (23, 13)
    assert [each.word for each in uae.updates] == ["impacted"] * 3 + ["degraded"] * 2 + ["disrupted"] * 18
    assert [each.word for each in bahrain.updates] == ["impacted"] * 12 + ["disrupted"]
    assert uae.updates[0].text == "We are investigating issues with AWS services in the ME-CENTRAL-1 Region."
    assert (uae.updates[0].at, uae.latest.at) == (utc(3, 1, 12, 51, 25), utc(4, 30, 7, 25, 54))
    assert uae.latest.text.startswith("We are providing an update on the ongoing service disruption.")


def test_all_services_that_it_touched_are_named():
    uae, bahrain = read_page().view.open_incidents
    assert (len(uae.affected), len(bahrain.affected)) == (140, 149)
    assert "Amazon Simple Storage Service" in bahrain.components


def test_who_watches_another_region_is_not_concerned():
    for each in read_page().view.open_incidents:
        assert not concerns(Page("aws", "AWS", "https://health.aws.amazon.com", regions=("eu-central-1",)), each)
