"""What people paste, made into the address of a page; and the id that its history is kept under."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.catalogue import by_address, by_name, is_near, known_pages, normalise, page_id
from tray_status.catalogue.addresses import is_public

HOSTS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?){1,3}", fullmatch=True)
PATHS = st.from_regex(r"(/[A-Za-z0-9_.~-]{1,6}){0,3}", fullmatch=True)
ADDRESSES = st.builds("https://{}{}{}".format, HOSTS, st.sampled_from(["", ":81", ":8443"]), PATHS)


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("status.openai.com", "https://status.openai.com"),
        ("  HTTPS://Status.OpenAI.com/  ", "https://status.openai.com"),
        ("http://status.openai.com/history", "https://status.openai.com"),
        ("https://status.openai.com/incidents/01ABC?x=1#y", "https://status.openai.com"),
        ("https://status.openai.com/api/v2/summary.json", "https://status.openai.com"),
        ("https://status.openai.com/feed.atom", "https://status.openai.com"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://192.168.1.5/status/", "http://192.168.1.5/status"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_what_is_pasted_becomes_the_pages_own_address(pasted, address):
    assert normalise(pasted) == address
    assert normalise(address) == address


@pytest.mark.parametrize(
    "nonsense",
    ["", "openai", "ftp://status.openai.com", "javascript:alert(1)", "https://", "https://user:pw@status.example",
     "https://a b.example", "https://status.example:99999", "https://ex\x00ample.com", "https://stätus.example"],
)  # fmt: skip
def test_what_is_no_address_is_none(nonsense):
    assert normalise(nonsense) is None


@given(st.text(max_size=40))
def test_anything_at_all_is_an_address_or_none(text):
    found = normalise(text)
    assert found is None or (found.startswith(("http://", "https://")) and normalise(found) == found)


@given(ADDRESSES, ADDRESSES)
def test_two_addresses_never_share_an_id(one, other):
    assert (page_id(one) == page_id(other)) == (one == other)


def test_hosts_that_look_alike_have_ids_of_their_own():
    alike = ["https://a.b.example", "https://a-b.example", "https://a.b.example/c", "https://a.b.example.c",
             "https://a.b.example/C", "https://a.b.example/c/d", "https://a.b.example/c-d", "https://a.b.example:1"]  # fmt: skip
    assert len({page_id(each) for each in alike}) == len(alike)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost.", "LocalHost", "status.localhost.", "nas.local.", "nas.lan", "db.internal.", "127.0.0.1",
     "127.0.0.1.", "127.1.2.3", "10.0.0.1", "192.168.1.5", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "::",
     "fd00::1", "fe80::1", "fe80::1%eth0", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:a00:1::",
     "::7f00:1", "fec0::1", "ff02::1", "224.0.0.1", "255.255.255.255", "[::1]"],
)  # fmt: skip
def test_what_needs_no_internet_is_near(host):
    assert is_near(host)


@pytest.mark.parametrize(
    "host",
    ["", ".", "acme.example", "acme.example.", "localhost.example", "local", "8.8.8.8", "8.8.8.8.", "::ffff:8.8.8.8",
     "2606:4700::1", "64:ff9b::808:808", "127.0.0.1.example", "1.1"],
)  # fmt: skip
def test_what_needs_the_internet_is_not_near(host):
    assert not is_near(host)


@given(st.ip_addresses())
def test_an_address_is_public_or_near(address):
    assert is_public(str(address)) is not is_near(str(address))


def test_what_is_no_address_is_not_public():
    assert not is_public("acme.example")


def test_every_known_page_is_found_by_its_name_its_other_names_and_its_address():
    pages = known_pages()
    assert len({page.id for page in pages}) == len({page.url for page in pages}) == len(pages)
    for page in pages:
        assert normalise(page.url) == page.url
        assert by_address(page.url) == page
        for name in (page.name, page.name.upper(), page.id):
            assert by_name(name) == page
    assert by_name("openai").url == "https://status.openai.com"
    assert by_name("nobody knows this") is None
