"""Where an Upptime page's repository is found, and outages that have no time."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import API, WEB
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact
from tray_status.providers.documents import Document, Told
from tray_status.providers.upptime import PLATFORM, own_source, traces

RAW = "https://raw.githubusercontent.com"
DOWN = type(API)("c1", "API", Impact.CRITICAL)


def test_two_outages_of_one_site_are_two():
    page = VendorPage(DIALECTS["upptime"]).says()
    (path,) = (path for path in page.documents if path.startswith(RAW))
    told = []
    for minutes, components in ((0, (API, WEB)), (0, (DOWN, WEB)), (12, (DOWN, WEB)), (12, (API, WEB)), (12, (DOWN, WEB)),
                                (12, (API, WEB))):  # fmt: skip
        page.says(components=components)
        page.documents[path][0]["dailyMinutesDown"] = {"2026-03-01": minutes}
        told += page.poll(2)
    assert told == ["opened", "resolved"] * 2
    assert len({event.incident.id for event in page.events}) == 2
    assert page.is_green


def test_a_degraded_site_that_goes_down_is_one_outage_that_gets_worse():
    page = VendorPage(DIALECTS["upptime"]).says(components=(type(API)("c1", "API", Impact.MINOR), WEB))
    assert page.poll() == ["opened"]
    assert page.events[-1].incident.name == "API is degraded"
    page.says(components=(DOWN, WEB))
    assert page.poll(2) == ["updated"]
    assert page.events[-1].incident.name == "API is down"
    page.says()
    assert page.poll(2) == ["resolved"]


@pytest.mark.parametrize(
    ("address", "html", "found"),
    [
        ("https://acme.github.io/status", "upptime", ["acme/status"]),
        ("https://acme.github.io", "upptime", ["acme/acme.github.io"]),
        ("https://status.acme.example", '<a href="https://github.com/Acme/up.time">Upptime</a>', ["Acme/up.time"]),
        (
            "https://status.acme.example",
            '<img src="https://raw.githubusercontent.com/upptime/upptime/master/x.svg">'
            '<a href="https://github.com/acme/status/issues">Upptime</a>',
            ["acme/status"],
        ),
        ("https://acme.github.io/status", "something else", []),
        ("https://status.acme.example", "upptime https://github.com/../x https://github.com/acme", []),
    ],
)
def test_its_repository_is_found(address, html, found):
    assert list(traces(html, address)) == [f"{RAW}/{each}/HEAD" for each in found]


def test_a_repositorys_own_address_tells_all():
    assert own_source("https://github.com/acme/status") == f"{RAW}/acme/status/HEAD"
    assert own_source("https://status.acme.example/github.com/acme/status") is None
    page = VendorPage(DIALECTS["upptime"], address="https://github.com/acme/status").says()
    page.poll()
    assert (page.is_green, len(page.asked)) == (True, 1)


@pytest.mark.parametrize("answer", [b"[]", b"{}", b'[{"slug":"a","name":"A","status":"up"}]', b"[null]"])
def test_other_lists_are_not_its_own(answer):
    assert not PLATFORM.is_mine(Document(Told.FRESH, answer))
