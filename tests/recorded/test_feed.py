"""Recorded feeds, read as those of pages that have nothing else."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import recorded
from tray_status.core.model import Impact, State
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.feed import PLATFORM

CLAUDE = "anthropic/history.atom.xml"
OPENAI = "openai/feed.atom.xml"
AZURE = "azure/feed_20260723.xml"
AZURE_EMPTY = "azure/feed_empty.xml"


def utc(day, hour, minute, second=0, month=8):
    return datetime(2026, month, day, hour, minute, second, tzinfo=timezone.utc)


def snapshot(name):
    document = Document(Told.FRESH, recorded(name))
    assert PLATFORM.is_mine(document)
    return PLATFORM.read(Situation(platform="feed"), {"": document})


def polled(name, times=1):
    page = VendorPage(DIALECTS["feed"]).serves({"/feed.atom": recorded(name)})
    return page, page.poll(times)


def test_the_three_incidents_of_claudes_history():
    told = snapshot(CLAUDE)
    assert (told.name, told.url, told.oddities) == ("Claude", "https://status.claude.com", ())
    assert [each.state for each in told.incidents] == [State.RESOLVED] * 3
    slack, chats, models = told.incidents
    assert (slack.id, slack.name) == ("incidents/r82kdk0m7vqh", "Degraded performance on claude.ai and Claude Code")
    assert [(each.state, each.at) for each in slack.updates] == [
        (State.INVESTIGATING, utc(31, 19, 21)),
        (State.RESOLVED, utc(31, 20, 36)),
    ]
    assert slack.updates[0].text == (
        "We are investigating reports of degraded performance affecting Claude in Slack, Claude Code on the web,"
        " and Code Review. We will provide an update as soon as possible."
    )
    assert [each.word for each in chats.updates] == ["investigating", "monitoring", "resolved"]
    assert chats.resolved_at == utc(31, 17, 52)
    # “Update” is no state: those stand where the one before them stood.
    assert [each.word for each in models.updates].count("update") >= 2
    assert {each.state for each in models.updates} <= {
        State.INVESTIGATING, State.IDENTIFIED, State.MONITORING, State.RESOLVED,
    }  # fmt: skip
    assert models.resolved_at == utc(24, 8, 30)


def test_openais_feed_has_the_latest_words_alone():
    told = snapshot(OPENAI)
    assert (told.name, told.oddities) == ("OpenAI", ())
    assert [each.state for each in told.incidents] == [State.RESOLVED] * 9
    first = told.incidents[0]
    assert (first.id, first.name) == (
        "incidents/01M1C5M4K0WC8PPT0Z175RJA1E",
        "ChatGPT Work seeing elevated errors and latency",
    )
    assert [(each.word, each.text, each.at) for each in first.updates] == [
        ("resolved", "All impacted services have now fully recovered.", utc(31, 20, 28, 40))
    ]
    assert first.components == ("ChatGPT Work",)


def test_azures_feed_with_one_incident_that_has_no_state():
    page, kinds = polled(AZURE, 3)
    assert kinds == ["opened"]
    (incident,) = page.view.open_incidents
    assert (incident.name, incident.state) == ("Issues connecting to resources in West US", State.UNKNOWN)
    assert incident.started_at == utc(23, 16, 29, 9, month=7)
    assert incident.latest.text.startswith("Starting at approximately 14:44 UTC on 23 July 2026, customers may have")
    assert page.view.impact is Impact.NOTICE
    assert page.view.page.name == "Azure"
    page.serves({"/feed.atom": recorded(AZURE_EMPTY)})
    told = page.poll()
    page.serves({"/feed.atom": recorded(AZURE_EMPTY).replace(b"23:02:00", b"23:03:00")})
    assert told + page.poll(2) == ["resolved"]
    assert page.is_green


@pytest.mark.parametrize("name", [CLAUDE, OPENAI, AZURE_EMPTY])
def test_what_is_calm_is_green_and_no_news(name):
    page, kinds = polled(name, 3)
    assert kinds == []
    assert (page.platform, page.is_green) == ("feed", True)
