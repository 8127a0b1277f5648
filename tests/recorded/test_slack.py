"""Slack's status page as it was recorded: quiet in June 2026, and with two open incidents in July 2020."""

from __future__ import annotations

from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.slack import API
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import recorded
from tray_status.core.model import Affected, Impact, State
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.slack import PLATFORM


def served(name):
    return VendorPage(DIALECTS["slack"]).serves({f"{API}/current": recorded(f"slack/{name}.json")})


def snapshot(name):
    document = Document(Told.FRESH, recorded(f"slack/{name}.json"))
    return PLATFORM.read(Situation(source=API), {f"{API}/current": document})


def test_a_quiet_slack_is_green():
    page = served("current")
    assert page.poll() == []
    assert page.is_green
    assert (page.platform, page.view.page.name) == ("slack", "Slack")
    assert page.view.open_incidents == ()


def test_the_two_open_incidents_are_told_with_their_words_and_services():
    page = served("current_incident")
    assert page.poll() == ["opened", "opened"]
    assert not page.is_green
    assert page.view.impact is Impact.MINOR
    by_id = {each.id: each for each in page.view.open_incidents}
    assert set(by_id) == {"878", "879"}
    settings, calls = by_id["878"], by_id["879"]
    assert settings.name == "We are investigating an issue with notification settings"
    assert calls.name == "We're looking into an issue with certain API calls"
    assert (settings.state, settings.word, settings.impact) == (State.INVESTIGATING, "active", Impact.MINOR)
    assert settings.affected == (Affected(None, "Notifications"),)
    assert calls.components == ("Apps/Integrations/APIs",)
    assert settings.url == "https://status.slack.com/2020-07/ea58a170d343b2ad"
    # 15:12:34 and 10:45:08 in California in summer
    assert settings.started_at == datetime(2020, 7, 30, 22, 12, 34, tzinfo=timezone.utc)
    assert calls.started_at == datetime(2020, 7, 24, 17, 45, 8, tzinfo=timezone.utc)
    (note,) = settings.updates
    assert note.at == settings.started_at
    assert note.text.startswith("Some users might notice that their notifications settings for mobile")
    assert page.poll(3) == []


def test_what_the_documents_do_not_tell():
    told = snapshot("current_incident")
    assert told.oddities == ()
    assert told.components is None
    assert told.open_told
    assert told.open_maintenances_told
    assert not told.history_told
    assert not told.history_absent
    assert {each.resolved_at for each in told.incidents} == {None}
