"""Perplexity's status page as it was recorded in July 2026, when it was on Instatus: one incident was open."""

from __future__ import annotations

from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import recorded
from tray_status.core.model import Impact, State
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.instatus import PATH, PLATFORM


def test_the_open_incident_is_told_without_words():
    page = VendorPage(DIALECTS["instatus"], address="https://status.perplexity.com")
    page.serves({PATH: recorded("perplexity/instatus_20260723.json")})
    assert page.poll() == ["opened"]
    assert (page.platform, page.view.page.name) == ("instatus", "Perplexity")
    assert page.view.impact is Impact.CRITICAL
    (incident,) = page.view.open_incidents
    assert (incident.id, incident.name) == ("cmrxt1rlu000f0zlcv4dzmdlr", "Computer sandbox issues")
    assert (incident.state, incident.word, incident.impact) == (State.MONITORING, "monitoring", Impact.CRITICAL)
    assert incident.started_at == datetime(2026, 7, 23, 17, 48, 28, 28000, tzinfo=timezone.utc)
    assert incident.url == "https://status.perplexity.com/cmrxt1rlu000f0zlcv4dzmdlr"
    assert (incident.updates, incident.affected) == ((), None)
    assert page.poll(6) == []


def test_what_the_summary_does_not_tell():
    document = Document(Told.FRESH, recorded("perplexity/instatus_20260723.json"))
    told = PLATFORM.read(Situation(source=""), {PATH: document})
    assert told.indicator is Impact.MAJOR  # one component is out
    assert told.components is None
    assert (told.open_told, told.open_maintenances_told, told.history_told) == (True, True, False)
    assert told.oddities == ()
