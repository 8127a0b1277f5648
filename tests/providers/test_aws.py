"""AWS Health: encodings, numbers as text, regions from the ARN, and events that end or leave."""

from __future__ import annotations

import json

import pytest

from tests.providers.dialects.aws import DIALECT, epoch, event
from tests.providers.dialects.dialect import START, at, incident, said
from tests.providers.vendor import VendorPage
from tray_status.core.attention import concerns
from tray_status.core.model import Impact, Page, State

PATH = "/public/currentevents"
REGIONAL = "arn:aws:health:me-central-1::event/API/AWS_API_OPERATIONAL_ISSUE/AWS_API_OPERATIONAL_ISSUE_{}"
OPEN = incident(said(0, State.INVESTIGATING, "We look into it."))


def page_with(**fields):
    return VendorPage(DIALECT).serves({PATH: [{**event(OPEN), **fields}]})


@pytest.mark.parametrize(
    "address",
    [
        "https://health.aws.amazon.com",
        "https://health.aws.amazon.com/health/status",
        "https://status.aws.amazon.com",
        "https://health.aws.amazon.com/public/currentevents",
    ],
)
def test_a_known_address_takes_one_question(address):
    document = "https://health.aws.amazon.com/public/currentevents"
    page = VendorPage(DIALECT, address=address).serves({document: []})
    assert page.poll() == []
    assert (page.platform, page.asked, page.is_green) == ("aws", [document], True)


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-8", "utf-8-sig"])
def test_any_encoding_is_read(encoding):
    mark = "\ufeff" if "16" in encoding else ""
    page = VendorPage(DIALECT).serves({PATH: (mark + json.dumps([event(OPEN)])).encode(encoding)})
    assert page.poll() == ["opened"]
    assert page.events[0].update.text == "We look into it."


def test_an_empty_list_in_another_encoding_proves_nothing_of_an_unknown_page():
    page = VendorPage(DIALECT).serves({PATH: b"[]"})
    page.poll()
    assert not page.is_read


def test_an_event_that_leaves_without_a_word_is_removed_after_two_readings():
    page = VendorPage(DIALECT).says(OPEN)
    page.poll()
    page.says()
    assert page.poll() == []
    assert not page.is_green
    page.poll()
    assert page.is_green
    assert page.events[-1].incident.state is State.REMOVED


def test_the_region_is_that_of_the_arn_and_its_name_is_for_people():
    page = VendorPage(DIALECT).serves({PATH: [{**event(OPEN, REGIONAL), "region_name": "UAE"}]})
    page.poll()
    (found,) = page.view.open_incidents
    assert (found.name, found.regions) == ("Elevated errors (UAE)", ("me-central-1",))
    assert found.url.startswith(
        "https://health.aws.amazon.com/health/status?eventID=arn:aws:health:me-central-1::event/"
    )
    assert concerns(Page("a", "A", "https://a.example", regions=("ME-CENTRAL-1",)), found)
    assert not concerns(Page("a", "A", "https://a.example", regions=("us-east-1",)), found)


@pytest.mark.parametrize("arn", [event(OPEN)["arn"], "", "nonsense", "arn:aws:health:::event/X/Y/Z"])
def test_what_is_global_or_names_no_region_concerns_everybody(arn):
    # On an address of AWS's own another event beside it proves the platform.
    page = VendorPage(DIALECT).serves(
        {PATH: [event(incident(*OPEN.updates, id="inc2")), {**event(OPEN), "arn": arn}]}
    )
    page.poll()
    assert page.view.open_incidents
    for found in page.view.open_incidents:
        assert concerns(Page("a", "A", "https://a.example", regions=("us-east-1",)), found)


@pytest.mark.parametrize("number", [3, "3", 3.0])
def test_numbers_may_be_text(number):
    page = page_with(status=number)
    page.poll()
    assert page.view.impact in (Impact.CRITICAL, Impact.UNKNOWN)
    assert not page.is_green


def test_a_number_never_seen_is_unknown_and_open():
    page = page_with(status="4")
    assert page.poll() == ["opened"]
    assert page.view.impact is Impact.UNKNOWN


def test_a_resolved_event_keeps_how_bad_it_was_and_ends_when_aws_says():
    page = VendorPage(DIALECT).says(OPEN)
    page.poll()
    page.says(incident(*OPEN.updates, said(30, State.RESOLVED, "Over.")))
    page.documents[PATH][0]["end_time"] = str(epoch(at(25)))
    assert page.poll(2) == ["resolved"]
    ended = page.events[-1].incident
    assert (ended.name, ended.impact, ended.resolved_at) == ("Elevated errors", Impact.MAJOR, at(25))


def test_an_event_whose_words_say_resolved_is_over_though_its_number_is_the_worst():
    over = event(incident(*OPEN.updates, said(30, State.RESOLVED, "Over.")))
    page = VendorPage(DIALECT).says(OPEN)
    page.poll()
    page.serves({PATH: [{**over, "status": "3"}]})
    assert page.poll(2) == ["resolved"]
    assert page.is_green


def test_a_service_that_recovered_still_hears_of_the_events_end():
    services = {
        "s3-me-central-1": {"service_name": "Amazon S3", "current": "0", "max": "2"},
        "ec2-me-central-1": {"service_name": "Amazon EC2", "current": "3", "max": "3"},
    }
    page = page_with(impacted_services=services)
    page.poll()
    (found,) = page.view.open_incidents
    assert found.components == ("Amazon EC2", "Amazon S3")


@pytest.mark.parametrize("services", [None, {}, [], "s3", {"s3": "down"}])
def test_an_event_of_several_services_that_names_none_concerns_all(services):
    page = page_with(impacted_services=services, service="multipleservices-me-central-1")
    page.poll()
    (found,) = page.view.open_incidents
    assert found.components == ()
    page = page_with(impacted_services=services, service="s3-us-east-1", service_name="Amazon S3")
    page.poll()
    (found,) = page.view.open_incidents
    assert found.components == ("Amazon S3",)


def test_milliseconds_are_read_too():
    page = page_with(date=1000 * epoch(START))
    page.poll()
    (found,) = page.view.open_incidents
    assert found.started_at == START


def test_two_words_of_the_same_second_are_both_told():
    log = event(OPEN)["event_log"]
    page = page_with(event_log=[*log, {**log[0], "message": "And more."}])
    assert page.poll() == ["opened"]
    assert page.events[0].update.text == "We look into it.\n\nAnd more."
    assert page.poll(2) == []
