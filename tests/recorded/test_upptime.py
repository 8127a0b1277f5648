"""A page of Upptime's as it was recorded."""

from __future__ import annotations

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import recorded
from tray_status.core.model import Impact
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.upptime import PLATFORM

SOURCE = "https://raw.githubusercontent.com/Sakneen/uptime-status/HEAD"


def test_one_site_that_is_up():
    body = recorded("upptime/summary.json")
    page = VendorPage(DIALECTS["upptime"], address="https://github.com/Sakneen/uptime-status")
    page.serves({f"{SOURCE}/history/summary.json": body})
    assert page.poll() == []
    assert page.platform == "upptime"
    assert page.is_green
    (site,) = page.view.state.components
    assert (site.id, site.name, site.word, site.impact) == (
        "backend-production", "Backend Production", "up", Impact.NONE,
    )  # fmt: skip
    document = Document(Told.FRESH, body)
    situation = Situation(platform="upptime", source=SOURCE)
    snapshot = PLATFORM.read(situation, {f"{SOURCE}/history/summary.json": document})
    assert snapshot.oddities == ()
    assert (snapshot.name, snapshot.indicator, snapshot.incidents, snapshot.open_told) == (None, None, (), True)


def test_the_same_site_were_it_down():
    body = recorded("upptime/summary.json").replace(b'"status":"up"', b'"status":"down"')
    page = VendorPage(DIALECTS["upptime"], address="https://github.com/Sakneen/uptime-status")
    page.serves({f"{SOURCE}/history/summary.json": body})
    assert page.poll(3) == ["opened"]
    assert page.events[-1].incident.name == "Backend Production is down"
    assert page.view.impact is Impact.CRITICAL
