"""Mistral's page on 27 July 2026 at 14:32 UTC: one incident, a minute old. Read by a person, not by our reader."""

from __future__ import annotations

from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.checkly import SUMMARY
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.registry import PLATFORMS

from .recordings import recorded

RECORDING = "mistral/checkly_20260727.json"
UNRESOLVED = "/api/status-page/mistral-ai/unresolved-incidents"
ID = "b3e1006c-c3a7-4b1b-8628-3e364b2e3c71"
AT = datetime(2026, 7, 27, 14, 32, 53, tzinfo=timezone.utc)
"""The log keeps no fractions."""
WORDS = "Requests to the Audio API are experiencing degraded service. We are currently investigating."
HTML = b'<!DOCTYPE html><html><body><script>fetch("/api/status-page/mistral-ai/uptime") // checkly</script></body></html>'
BRIEF = {
    "page": {
        "name": "Mistral AI Status Page",
        "url": "https://mistral-ai.checkly-status-page.com",
        "status": "HAS_ISSUES",
    },
    "activeIncidents": [
        {
            "id": ID,
            "name": "Audio API Degraded",
            "startedAt": "2026-07-27T14:32:53.607Z",
            "status": "INVESTIGATING",
            "severity": "MEDIUM",
            "affectedServices": [{"id": "d8e1e02e", "name": "Audio API", "group": "API"}],
            "url": f"https://mistral-ai.checkly-status-page.com/incident/{ID}",
            "updatedAt": "2026-07-27T14:32:53.632Z",
        }
    ],
    "activeMaintenances": [],
}
"""What the summary of that minute is taken to have been, in the shape of September: it was not recorded."""


def page_with(documents):
    return VendorPage(DIALECTS["checkly"], address="https://status.mistral.example").serves(documents)


def assert_told(page):
    assert page.poll() == ["opened"]
    (event,) = page.events
    told = event.incident
    assert (told.id, told.name) == (ID, "Audio API Degraded")
    assert (told.state, told.word) == (State.INVESTIGATING, "investigating")
    assert told.shown_impact is Impact.MINOR
    assert told.components == ("Audio API",)
    assert (told.started_at, told.resolved_at) == (AT, None)
    (update,) = told.updates
    assert (update.id, update.text, update.at) == ("1013e42b-acb1-4026-bdf8-905de6aec21f", WORDS, AT)
    assert event.update == update
    assert page.view.impact is Impact.MINOR
    assert page.platform == "checkly"
    assert page.poll(6) == []


def test_found_by_what_the_web_page_asks_it_is_read_without_a_summary():
    page = page_with({"": HTML, UNRESOLVED: recorded(RECORDING)})
    assert_told(page)
    assert page.view.state.source == UNRESOLVED
    assert page.view.state.components == ()
    page.serves(
        {
            UNRESOLVED: {"incidents": []},
            "/api/status-page/mistral-ai/maintenance-windows": {"upcoming": [], "active": []},
        }
    )
    assert page.poll(2) == ["resolved"], "it left the list twice: closed as removed"
    assert page.is_green


def test_it_gives_the_summary_its_words():
    page = page_with({SUMMARY: BRIEF, UNRESOLVED: recorded(RECORDING)})
    assert_told(page)
    assert page.view.page.name == "Mistral AI Status Page"
    page.serves({SUMMARY: {**BRIEF, "page": {**BRIEF["page"], "status": "OPERATIONAL"}, "activeIncidents": []}})
    assert page.poll(2) == ["resolved"]
    assert page.is_green


def test_nothing_in_it_is_odd_and_no_other_platform_takes_it_for_its_own():
    document = Document(Told.FRESH, recorded(RECORDING))
    assert [each.name for each in PLATFORMS if each.is_mine(document)] == ["checkly"]
    (checkly,) = (each for each in PLATFORMS if each.name == "checkly")
    snapshot = checkly.read(Situation(source=UNRESOLVED), {UNRESOLVED: document})
    assert snapshot.oddities == ()
    assert snapshot.open_told
    assert not snapshot.open_maintenances_told
    assert snapshot.indicator is None
    assert snapshot.components is None
