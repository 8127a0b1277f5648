"""Heroku's status page as it was recorded: with an open incident in October 2019, after a maintenance in November 2020."""

from __future__ import annotations

from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import recorded
from tray_status.core.model import Impact, Kind, State
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.heroku import PATH, PLATFORM, SOURCE


def served(name):
    return VendorPage(DIALECTS["heroku"]).serves({SOURCE + PATH: recorded(f"heroku/{name}.json")})


def snapshot(name):
    document = Document(Told.FRESH, recorded(f"heroku/{name}.json"))
    return PLATFORM.read(Situation(source=SOURCE), {SOURCE + PATH: document})


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def test_the_open_incident_is_told_with_its_words():
    page = served("current_status_incident")
    assert page.poll() == ["opened"]
    assert page.view.impact is Impact.MINOR
    (incident,) = page.view.open_incidents
    assert (incident.id, incident.name) == ("1918", "Connection timeouts to applications and Heroku Postgres")
    assert (incident.state, incident.word, incident.impact) == (State.IDENTIFIED, "open", Impact.MINOR)
    assert incident.url == "https://status.heroku.com/incidents/1918"
    assert incident.started_at == utc(2019, 10, 24, 18, 39, 30, 231000)
    assert incident.resolved_at is None
    assert incident.affected is None  # the document does not tell
    first, second = incident.updates
    assert (first.id, first.state, first.at) == ("6090", State.INVESTIGATING, utc(2019, 10, 24, 18, 39, 30, 231000))
    assert (second.id, second.state, second.at) == ("6091", State.IDENTIFIED, utc(2019, 10, 24, 18, 49, 47, 743000))
    assert first.text.startswith("We are investigating reports of heightened levels of connection timeouts")
    assert second.text.endswith("Heroku Postgres are also being impacted by connection timeouts.")
    assert "\r" not in second.text
    assert page.poll(3) == []


def test_the_systems_are_components():
    told = snapshot("current_status_incident")
    assert [(each.name, each.impact, each.word) for each in told.components] == [
        ("Apps", Impact.MINOR, "yellow"),
        ("Data", Impact.MINOR, "yellow"),
        ("Tools", Impact.MINOR, "yellow"),
    ]
    assert told.oddities == ()
    assert told.open_told
    assert told.open_maintenances_told
    assert not told.history_told


def test_the_maintenance_is_over_and_one_system_is_still_blue():
    page = served("current_status_maintenance")
    assert page.poll(3) == []
    assert page.view.impact is Impact.MAINTENANCE
    assert page.view.open_incidents == ()
    assert not any(each.is_open for each in page.view.maintenances)
    told = snapshot("current_status_maintenance")
    assert told.oddities == ()
    assert [each.impact for each in told.components] == [Impact.NONE, Impact.MAINTENANCE, Impact.NONE]
    (maintenance,) = told.incidents
    assert (maintenance.id, maintenance.kind, maintenance.state) == ("2120", Kind.MAINTENANCE, State.COMPLETED)
    assert maintenance.started_at == utc(2020, 11, 9, 19, 1, 10, 522000)
    assert maintenance.resolved_at == utc(2020, 11, 9, 19, 47, 23, 669000)
    assert maintenance.scheduled_for is None  # only its words tell
    assert [(each.id, each.state) for each in maintenance.updates] == [
        ("6685", State.SCHEDULED),
        ("6690", State.IN_PROGRESS),
        ("6691", State.IN_PROGRESS),
        ("6692", State.COMPLETED),
    ]
