"""Azure's feed: silence that must be trusted only when it is whole, guids used again, and words that change in place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.dialects.azure import DIALECT, rfc
from tests.providers.dialects.dialect import START, at, incident, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.errors import NotThisPlatform
from tray_status.providers.azure import FEED_HOST, PATH, PLATFORM, WORD_OF_AZURE
from tray_status.providers.documents import Document, Situation, Told

OPEN = incident(said(0, State.INVESTIGATING, "We look into it."))
HOME = "https://azure.status.microsoft/en-us/status"


def feed(*incidents):
    (body,) = DIALECT.write(incidents, ()).values()
    return body


def azure(*incidents, status="Available"):
    """Azure's own page, and what its other host says of it."""
    post = {"Id": "972a3801", "Title": "", "Message": "<div>Fine.</div>", "Status": status}
    page = VendorPage(DIALECT, address=HOME)
    return page.serves({FEED_HOST + PATH: feed(*incidents), WORD_OF_AZURE: post})


@pytest.mark.parametrize(
    "address",
    [
        HOME,
        "https://status.azure.com/en-us/status",
        "https://status.azure.com",
        "https://azure.microsoft.com/en-us/status",
        "https://rssfeed.azure.status.microsoft/en-us/status/feed",
        "https://azure.status.microsoft/de-de/status",
    ],
)
def test_whatever_address_is_given_the_feed_that_azures_page_links_is_asked(address):
    page = VendorPage(DIALECT, address=address).serves({FEED_HOST + PATH: feed(OPEN)})
    assert page.poll() == ["opened"]
    assert page.platform == "azure"
    assert set(page.asked) == {FEED_HOST + PATH, WORD_OF_AZURE}


def test_the_one_word_of_the_other_host_counts_where_the_feed_is_silent():
    assert azure().poll() == []
    for status, impact in (
        ("Available", Impact.NONE),
        ("Service degradation", Impact.MINOR),
        ("Catching fire", Impact.UNKNOWN),
        (5, Impact.UNKNOWN),
    ):
        page = azure(status=status)
        page.poll()
        assert page.view.impact is impact


@pytest.mark.parametrize("answer", [b"", b"{", b"<html></html>", b"[]", b'{"Status": null}'])
def test_without_the_other_host_the_feed_is_enough(answer):
    page = azure(OPEN)
    page.documents[WORD_OF_AZURE] = answer
    assert page.poll() == ["opened"]
    page.serves({FEED_HOST + PATH: feed(), WORD_OF_AZURE: answer})
    page.poll(2)
    assert page.is_green


def test_a_feed_that_is_cut_off_is_not_silence():
    page = VendorPage(DIALECT).says(OPEN)
    page.poll()
    whole = feed(OPEN)
    for end in range(1, len(whole) - 1, 7):
        page.serves({PATH: whole[:end]})
        assert [kind for kind in page.poll() if not kind.startswith("page_")] == []
        assert not page.is_green
    assert [each.name for each in page.view.open_incidents] == ["Elevated errors"]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Azure Status</body></html>",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>Acme Status</title></channel></rss>',
        b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>',
        b"<Error><Code>AccessDenied</Code></Error>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Azure Status</title></feed>',
        b"[]",
    ],
)
def test_what_is_not_azures_feed_is_not_read(body):
    page = VendorPage(DIALECT, address=HOME).serves({FEED_HOST + PATH: body})
    page.poll()
    assert not page.is_read
    assert not page.is_green


def test_a_guid_that_is_used_again_is_another_incident():
    page = VendorPage(DIALECT).says(OPEN)
    page.poll()
    page.says()
    assert page.poll(2) == ["resolved"]
    page.says(incident(said(60 * 24 * 30, State.INVESTIGATING, "Once more.")))
    assert page.poll(2) == ["opened"]
    assert page.events[-1].update.text == "Once more."


def test_new_words_are_a_new_update_and_the_same_words_none():
    page = VendorPage(DIALECT).says(OPEN)
    page.poll()
    later = feed(incident(*OPEN.updates, said(40, State.INVESTIGATING, "We found it.")))
    page.serves({PATH: later})
    assert page.poll(2) == ["updated"]
    assert (page.events[-1].update.text, page.events[-1].at) == ("We found it.", at(40))
    # The feed is built anew each minute, and an instance of it may still have the words of before.
    page.serves({PATH: later.replace(rfc(at(40)).encode(), rfc(at(41)).encode(), 1)})
    assert page.poll() == []
    page.serves({PATH: feed(OPEN)})
    assert page.poll() == []
    (found,) = page.view.open_incidents
    assert [each.text for each in found.updates] == ["We look into it.", "We found it."]
    assert found.started_at == START


def test_an_item_without_guid_or_date_is_known_again():
    body = feed(OPEN)
    for cut in (
        body.replace(b'<guid\n        isPermaLink="false">elevated-errors</guid>', b""),
        body.replace(f"<pubDate>{rfc(START)}</pubDate>".encode(), b""),
        body.replace(rfc(START).encode(), b"soon"),
    ):
        assert cut != body
        page = VendorPage(DIALECT).serves({PATH: cut})
        assert page.poll() == ["opened"]
        assert page.poll(3) == []
        assert not page.is_green


def test_services_and_regions_are_told_alike():
    touched = OPEN.affected[0]
    regional = incident(*OPEN.updates)
    body = feed(regional).replace(
        b"<category>API</category>", b"<category>API</category><category>West US</category>"
    )
    page = VendorPage(DIALECT).serves({PATH: body})
    page.poll()
    (found,) = page.view.open_incidents
    assert found.components == (touched.name, "West US")
    assert found.started_at == START + timedelta(0)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_feed_makes_the_reader_raise(data):
    body = bytearray(feed(OPEN))
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(body)))
        end = start + data.draw(st.integers(0, 30))
        body[start:end] = data.draw(st.binary(max_size=12))
    document = Document(Told.FRESH, bytes(body))
    assert PLATFORM.is_mine(document) in (True, False)
    try:
        snapshot = PLATFORM.read(Situation(), {PATH: document})
    except NotThisPlatform:
        return
    for each in snapshot.incidents:
        assert each.id
        assert each.name
        assert each.name.isprintable()
