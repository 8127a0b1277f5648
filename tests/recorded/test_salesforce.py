"""Salesforce Trust as the Heroku CLI's tests had it in August 2025: real shapes, words made up."""

from __future__ import annotations

from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import recorded
from tray_status.core.model import Affected, Impact, Kind, State
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.salesforce import MAINTENANCES, PATH, PLATFORM, SOURCE

INCIDENTS, PLANNED = "salesforce/incidents_active.json", "salesforce/maintenances.json"


def served():
    documents = {SOURCE + PATH: recorded(INCIDENTS), SOURCE + MAINTENANCES: recorded(PLANNED)}
    return VendorPage(DIALECTS["salesforce"]).serves(documents)


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def test_the_open_incident_is_told_with_its_words_services_and_instances():
    page = served()
    assert page.poll() == ["opened"]
    assert page.view.impact is Impact.MINOR
    (incident,) = page.view.open_incidents
    assert (incident.id, incident.name) == ("12345", "Feature perf degradation")
    assert (incident.state, incident.word) == (State.IDENTIFIED, "issueisolateddatabasetier")
    assert incident.impact is Impact.MINOR
    assert incident.url == "https://status.salesforce.com/incidents/12345"
    assert incident.started_at == utc(2025, 8, 21, 8, 52)
    assert incident.resolved_at is None
    assert incident.affected == (Affected("Service1", "Service1"), Affected("Service2", "Service2"))
    assert incident.regions == ("KEY1", "KEY2")
    # Two of them bear the same time; the newest is listed first.
    assert [(each.id, each.state, each.text, each.at) for each in incident.updates] == [
        ("20008738", State.INVESTIGATING, "Incident update 3", utc(2025, 8, 21, 8, 53)),
        ("20008739", State.IDENTIFIED, "Incident update 2", utc(2025, 8, 21, 8, 53)),
        ("20008740", State.IDENTIFIED, "Incident update 1", utc(2025, 8, 21, 8, 54)),
    ]
    assert page.poll(6) == []
    assert not page.is_green


def test_the_maintenance_is_over():
    told = {
        SOURCE + PATH: Document(Told.FRESH, recorded(INCIDENTS)),
        SOURCE + MAINTENANCES: Document(Told.FRESH, recorded(PLANNED)),
    }
    snapshot = PLATFORM.read(Situation(source=SOURCE), told)
    assert snapshot.oddities == ()
    assert snapshot.components is None
    assert (snapshot.open_told, snapshot.open_maintenances_told, snapshot.history_told) == (True, True, False)
    (maintenance,) = [each for each in snapshot.incidents if each.kind is Kind.MAINTENANCE]
    assert (maintenance.id, maintenance.name, maintenance.state) == ("20745576", "test", State.COMPLETED)
    assert (maintenance.scheduled_for, maintenance.scheduled_until) == (utc(2025, 8, 1, 16), utc(2025, 8, 1, 16, 5))
    assert maintenance.regions == ("CEDARPRIVATESPACES-VIRGINIA",)
    assert maintenance.components == ("HerokuApps", "HerokuData")
    assert not maintenance.is_open
