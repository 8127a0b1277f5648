"""Docker's and GitLab's pages at Status.io, in trouble, in maintenance and well."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.statusio import ID
from tests.providers.vendor import VendorPage
from tray_status.core.model import Affected, Impact, Kind, State
from tray_status.providers import statusio
from tray_status.providers.documents import Document, Situation, Told

from .recordings import recorded

API = f"https://api.status.io/1.0/status/{ID}"


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def polled(recording):
    dialect = DIALECTS["statusio"]
    page = VendorPage(dialect).serves({**dialect.write((), ()), API: recorded(recording)})
    page.poll(2)
    assert page.is_read, page.view.problem
    assert page.platform == "statusio"
    return page


def test_dockers_incident_is_told_with_its_words_and_its_page_is_no_better():
    page = polled("docker/statusio_partial.json")
    (event,) = page.events
    incident = event.incident
    assert event.kind.value == "opened"
    assert (incident.id, incident.name) == ("5f108cc06e9c9104c0553a46", "Docker Hub automated builds issue")
    assert (incident.state, incident.impact) == (State.INVESTIGATING, Impact.MAJOR)
    assert incident.components == ("Docker Hub Automated Builds",)
    assert incident.started_at == utc(2020, 7, 16, 17, 22, 8)
    assert incident.url == f"https://status.io/pages/incident/{ID}/5f108cc06e9c9104c0553a46"
    assert event.update.text == (
        "We are investigating reports of automated builds getting stuck or not getting triggered."
    )
    assert page.view.impact is Impact.MAJOR
    assert {each.name for each in page.view.state.components if each.impact is not Impact.NONE} == {
        "Docker Hub Automated Builds"
    }
    assert len(page.view.state.components) == 8


def test_gitlabs_incident_goes_on_beside_a_maintenance_though_its_page_speaks_of_that_alone():
    page = polled("gitlab/statusio_maintenance.json")
    assert [event.kind.value for event in page.events] == ["opened", "maintenance_started"]
    (incident,) = page.view.open_incidents
    assert (incident.name, incident.state) == ("500 Error - User Notification Settings", State.IDENTIFIED)
    assert incident.impact is Impact.MAJOR
    assert [each.at for each in incident.updates] == [
        utc(2020, 9, 4, 21, 56),
        utc(2020, 9, 5, 9, 23, 23, 591000),
    ]
    assert incident.updates[0].text.endswith(
        "project's overview page.\n\nTracking in: https://gitlab.com/gitlab-com/gl-infra/production/-/issues/2664"
    )
    (maintenance,) = page.view.maintenances
    assert (maintenance.kind, maintenance.state) == (Kind.MAINTENANCE, State.IN_PROGRESS)
    assert (maintenance.scheduled_for, maintenance.scheduled_until) == (
        utc(2020, 9, 2, 17, 55),
        utc(2020, 9, 7, 17, 55),
    )
    assert maintenance.affected == (Affected("5f4e8819413cdd04b6882c94", "dashboards.gitlab.com"),)
    assert [each.state for each in maintenance.updates] == [State.SCHEDULED, State.IN_PROGRESS]
    assert page.view.state.indicator is Impact.MAINTENANCE
    assert page.view.impact is Impact.MAJOR, "the incident's, which its components and its own state do not show"


def test_gitlabs_page_is_green_when_all_is_well():
    page = polled("statusio/gitlab.json")
    assert page.events == []
    assert page.is_green
    assert len(page.view.state.components) == 23


@pytest.mark.parametrize(
    "recording", ["docker/statusio_partial.json", "gitlab/statusio_maintenance.json", "statusio/gitlab.json"]
)
def test_all_of_it_is_understood_and_what_is_over_is_not_told(recording):
    document = Document(Told.FRESH, recorded(recording))
    assert statusio.is_mine(document)
    snapshot = statusio.read(Situation(source=API), {}, document)
    assert snapshot.oddities == ()
    assert snapshot.open_told
    assert snapshot.open_maintenances_told
    assert snapshot.all_components
    assert snapshot.history_absent
    assert not snapshot.history_told
    assert snapshot.name is None
