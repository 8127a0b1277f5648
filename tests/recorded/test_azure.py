"""Azure's recorded feeds: West US on 23 July 2026, and an empty channel of 1 August."""

from __future__ import annotations

from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import recorded
from tray_status.core.model import Impact, State

OPEN, EMPTY = "azure/feed_20260723.xml", "azure/feed_empty.xml"
PATH = "/en-us/status/feed/"


def utc(month, day, hour, minute, second):
    return datetime(2026, month, day, hour, minute, second, tzinfo=timezone.utc)


def page_of(name):
    return VendorPage(DIALECTS["azure"]).serves({PATH: recorded(name)})


def test_west_us_is_told_with_what_a_person_reads_in_it():
    page = page_of(OPEN)
    assert page.poll(3) == ["opened"]
    (found,) = page.view.open_incidents
    assert (page.platform, page.view.impact) == ("azure", Impact.MAJOR)
    assert found.name == "Issues connecting to resources in West US"
    assert (found.state, found.started_at) == (State.INVESTIGATING, utc(7, 23, 16, 29, 9))
    assert found.id == "issues-connecting-to-resources-in-west-us@2026-07-23T16:29:09+00:00"
    assert len(found.components) == 15
    assert {"API Management", "Azure Kubernetes Service (AKS)", "West US"} <= set(found.components)
    (update,) = found.updates
    assert update.at == utc(7, 23, 18, 12, 58)
    assert update.text.startswith(
        "Starting at approximately 14:44 UTC on 23 July 2026, customers may have experienced"
    )
    assert "Current Status:\n" in update.text
    assert update.text.endswith("We are closely monitoring service recovery as this action is rolling out.")
    assert "<" not in update.text
    # The feed's own link leads to an inner host.
    assert found.url == "https://azure.status.microsoft/en-us/status"


def test_an_empty_channel_is_green_and_ends_what_was_open_after_two_readings():
    page = page_of(EMPTY)
    assert page.poll() == []
    assert page.is_green
    page = page_of(OPEN)
    page.poll()
    page.serves({PATH: recorded(EMPTY)})
    assert page.poll() == []
    assert not page.is_green
    assert page.poll() == ["resolved"]
    assert page.is_green
