"""FireHydrant's traps, in the shapes of a page that was recorded in 2026; incidents invented."""

from __future__ import annotations

import pytest

from tests.providers.dialects.dialect import WEB, at, incident, maintenance, said
from tests.providers.dialects.firehydrant import DIALECT, TABLE, written
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.firehydrant import PATH

OPEN = incident(said(0, State.INVESTIGATING))


def serving(*rows, **more):
    page = VendorPage(DIALECT).says()
    return page.serves({PATH: {**page.documents[PATH], "incidents": list(rows), **more}})


def test_components_are_as_the_open_incidents_say_and_else_fine():
    page = VendorPage(DIALECT).says(incident(said(0, State.INVESTIGATING), impact=Impact.CRITICAL))
    page.poll()
    told = {each.name: (each.impact, each.word) for each in page.view.state.components}
    assert told == {"API": (Impact.CRITICAL, "Unavailable"), "Web": (Impact.NONE, "")}
    page.says(incident(*OPEN.updates, said(9, State.RESOLVED), impact=Impact.CRITICAL))
    page.poll()
    assert {each.impact for each in page.view.state.components} == {Impact.NONE}


def test_an_imported_incident_that_was_acknowledged_after_it_was_resolved_is_over():
    row = written(incident(said(0, State.INVESTIGATING), said(30, State.RESOLVED)))
    row["timestamps"]["acknowledged"] = "2026-03-23T23:08:00Z"
    page = serving(row)
    assert page.poll(2) == []
    assert page.is_green


@pytest.mark.parametrize("resolved", [None, "", "soon", 7, {"at": "2026-03-01T13:00:00Z"}])
def test_what_is_no_time_of_a_resolution_resolves_nothing(resolved):
    row = written(OPEN)
    row["timestamps"]["resolved"] = resolved
    page = serving(row)
    assert page.poll(2) == ["opened"]
    assert not page.is_green


def test_a_milestone_of_the_vendors_own_keeps_it_open_and_a_severity_of_its_own_is_as_bad_as_what_it_touches():
    row = written(OPEN)
    row["timestamps"]["pending-customer-response"] = "2026-03-01T12:30:00Z"
    page = serving({**row, "severitySlug": "INVESTIGATION"})
    page.poll()
    (told,) = page.view.open_incidents
    assert (told.state, told.word) == (State.UNKNOWN, "pending-customer-response")
    assert told.impact is Impact.MINOR
    page = serving({**row, "severitySlug": "INVESTIGATION", "components": []})
    page.poll()
    assert page.view.open_incidents[0].impact is Impact.UNKNOWN
    page = serving({**row, "severitySlug": "UNSET", "components": []})
    page.poll()
    assert page.view.impact is Impact.NOTICE


def test_a_milestone_without_words_and_the_words_that_follow_it_are_one_notice():
    row = written(OPEN)
    page = serving(row)
    page.poll()
    milestone = {
        "time": "2026-03-01T12:30:00.9Z",
        "occurredAt": "2026-03-01T12:30:00.8Z",
        "details": {"milestoneUpdate": {"originalMilestone": "investigating", "currentMilestone": "resolved"}},
    }
    note = {"occurredAt": "2026-03-01T12:31:00Z", "details": {"note": {"note": "Resolved - All is well."}}}
    stamps = {**row["timestamps"], "resolved": "2026-03-01T12:30:00Z"}
    page.serves(
        {
            PATH: {
                **page.documents[PATH],
                "incidents": [{**row, "timestamps": stamps, "timeline": [note, milestone, *row["timeline"]]}],
            }
        }
    )
    assert page.poll(3) == ["resolved"]
    assert page.events[-1].update.text == "Resolved - All is well."


def test_two_notes_of_one_instant_are_told_together():
    row = written(OPEN)
    first = row["timeline"][0]
    second = {**first, "details": {"note": "More words."}}
    page = serving({**row, "timeline": [first, second]})
    page.poll()
    assert page.events[0].update.text == "We look into it.\n\nMore words."


def test_a_maintenance_that_has_begun_without_a_word_is_under_way_once_the_document_tells_a_later_time():
    soon = written(maintenance(said(0, State.SCHEDULED, "Soon.")))
    page = serving()
    page.poll()
    page.serves({PATH: {**page.documents[PATH], "incidents": [soon]}})
    assert page.poll() == ["maintenance_scheduled"]
    assert page.is_green
    assert page.view.maintenances[0].scheduled_for == at(60)
    later = written(incident(said(61, State.INVESTIGATING), said(62, State.RESOLVED), id="inc2", touches=(WEB,)))
    page.serves({PATH: {**page.documents[PATH], "incidents": [later, soon]}})
    assert "maintenance_started" in page.poll()
    assert page.view.impact is Impact.MAINTENANCE


def test_a_condition_that_nobody_knows_is_not_fine():
    page = serving({**written(OPEN), "severitySlug": "UNSET"}, conditions={**TABLE, "Degraded": "WOBBLY"})
    page.poll()
    assert {each.name: each.impact for each in page.view.state.components}["API"] is Impact.UNKNOWN
