"""Better Stack's traps: ends that are not told, two kinds of maintenance under one word, what machines report."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import API, WEB, at, incident, iso, maintenance, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State

DIALECT = DIALECTS["betterstack"]
PATH = "/index.json"


def page_with(*incidents):
    return VendorPage(DIALECT).says(*incidents)


def rows(page, kind):
    return [each for each in page.documents[PATH]["included"] if each["type"] == kind]


def report_of(page):
    (report,) = rows(page, "status_report")
    return report["attributes"]


def test_a_resolved_report_without_an_end_is_over_and_ended_with_its_last_update():
    page = page_with(incident(said(0, State.INVESTIGATING)))
    page.poll()
    page.says(incident(said(0, State.INVESTIGATING), said(30, State.RESOLVED, "All is well.")))
    assert report_of(page)["ends_at"] is None
    assert page.poll(2) == ["resolved"]
    assert page.events[-1].incident.resolved_at == at(30)


def test_a_short_report_of_a_machine_is_kept_in_the_history_with_its_own_times():
    page = page_with()
    page.poll()
    page.says(incident(said(0, State.INVESTIGATING, "Down."), said(0.5, State.RESOLVED, "Up."), name="API — down"))
    report_of(page).update(report_type="automatic", ends_at=iso(at(0.5)))
    assert page.poll(2) == ["opened", "resolved"]
    opened, resolved = page.events
    assert (opened.at, resolved.at) == (at(0), at(0.5)), "so short that notices leave its beginning out"
    (kept,) = [each for _, each in page.store.recent(["acme"], 10)]
    assert (kept.started_at, kept.resolved_at, kept.state) == (at(0), at(0.5), State.RESOLVED)


def test_a_report_that_a_machine_closed_without_words_is_resolved():
    page = page_with(incident(said(0, State.INVESTIGATING, "Down.")))
    page.poll()
    report_of(page).update(report_type="automatic", aggregate_state="resolved", ends_at=iso(at(7)))
    for resource in rows(page, "status_page_resource"):
        resource["attributes"]["status"] = "operational"
    page.documents[PATH]["data"]["attributes"]["aggregate_state"] = "operational"
    assert page.poll(2) == ["resolved"]
    assert page.events[-1].incident.resolved_at == at(7)
    assert page.is_green


def test_one_resource_that_is_well_again_ends_no_report_of_two():
    page = page_with(incident(said(0, State.INVESTIGATING), touches=(API, WEB)))
    page.poll()
    page.says(
        incident(said(0, State.INVESTIGATING), said(5, State.INVESTIGATING, "The web is back."), touches=(API, WEB))
    )
    rows(page, "status_update")[-1]["attributes"]["affected_resources"] = [
        {"status_page_resource_id": WEB.id, "status": "resolved"}
    ]
    assert page.poll(2) == ["updated"]
    page.says(
        incident(
            said(0, State.INVESTIGATING), said(5, State.INVESTIGATING, "The web is back."),
            said(9, State.RESOLVED, "All is well."), touches=(API, WEB),
        )
    )  # fmt: skip
    rows(page, "status_update")[1]["attributes"]["affected_resources"] = [
        {"status_page_resource_id": WEB.id, "status": "resolved"}
    ]
    assert page.poll(2) == ["resolved"]


def test_words_after_the_resolution_are_one_more_update():
    words = (said(0, State.INVESTIGATING), said(30, State.RESOLVED, "All is well."))
    page = page_with(incident(*words))
    page.poll()
    page.says(incident(*words, said(90, State.RESOLVED, "What happened.")))
    rows(page, "status_update")[-1]["attributes"]["affected_resources"] = []
    assert page.poll(2) == ["updated"]


def test_a_resource_that_no_machine_watches_is_no_trouble():
    page = page_with()
    rows(page, "status_page_resource")[0]["attributes"]["status"] = "not_monitored"
    page.poll()
    assert page.is_green
    assert {each.word for each in page.view.state.components} == {"not_monitored", "operational"}


def test_a_report_that_is_named_and_missing_is_not_told():
    page = page_with()
    page.documents[PATH]["data"]["relationships"]["status_reports"]["data"] = [{"id": "9", "type": "status_report"}]
    page.poll()
    assert not page.is_green


@pytest.mark.parametrize("days", [1, 7])
def test_a_maintenance_of_another_day_does_not_start_because_its_resource_is_in_one(days):
    page = page_with(maintenance(said(0, State.SCHEDULED, "Soon.")))
    report_of(page)["starts_at"] = iso(at(days * 24 * 60 + 13 * 60))
    for resource in rows(page, "status_page_resource"):
        resource["attributes"]["status"] = "maintenance"
    page.poll()
    (coming,) = page.view.maintenances
    assert coming.state is State.SCHEDULED
    assert page.view.impact is Impact.MAINTENANCE


def test_a_maintenance_under_way_stays_so_while_it_makes_trouble():
    started = maintenance(said(0, State.SCHEDULED, "Soon."), said(60, State.IN_PROGRESS, "Now."))
    page = page_with()
    page.poll()
    page.says(started)
    assert page.poll()[-1:] == ["maintenance_started"]
    for resource in rows(page, "status_page_resource"):
        resource["attributes"]["status"] = "downtime"
    assert page.poll(2) == []
    (going_on,) = page.view.maintenances
    assert going_on.state is State.IN_PROGRESS


def test_a_maintenance_without_words_of_its_begin_is_told_when_its_resource_goes():
    planned = maintenance(said(0, State.SCHEDULED, "Soon."))
    page = page_with(planned)
    page.poll()
    for update in rows(page, "status_update"):
        update["attributes"]["published_at"] = iso(at(60))
    assert page.poll(2) == []
    for resource in rows(page, "status_page_resource"):
        resource["attributes"]["status"] = "maintenance"
    assert page.poll(2) == ["maintenance_started"]
