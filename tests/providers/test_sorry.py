"""Sorry™'s traps: lists by time, words that are told twice, notices that leave, announcements, false alarms."""

from __future__ import annotations

import pytest

from tests.providers.dialects.dialect import incident, maintenance, said
from tests.providers.dialects.sorry import DIALECT, brief, paged, whole
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.documents import Document, Told
from tray_status.providers.sorry import COMPONENTS, NOTICES, PATH, is_mine

OPEN = incident(said(0, State.INVESTIGATING), impact=Impact.MINOR)
FIXED = incident(said(0, State.INVESTIGATING), said(30, State.RESOLVED, "All is well."), impact=Impact.MINOR)
ALONE = f"{NOTICES}/inc1"


def serving(page, documents):
    return page.serves({**page.documents, **documents})


def polled(*incidents):
    page = VendorPage(DIALECT).says(*incidents)
    page.poll()
    return page


def test_what_came_and_went_between_two_polls_is_told_once():
    page = polled()
    page.says(FIXED)
    assert page.poll(5) == ["resolved"]
    assert page.events[-1].update.text == "All is well."
    assert page.poll(10) == []


def test_words_from_the_list_are_not_told_again_when_all_words_are_told():
    page = VendorPage(DIALECT).says(OPEN)
    document = page.documents.pop(ALONE)
    latest = {"state": "investigating", "content": "We look into it.", "created_at": "2026-03-01T12:00:00.000Z"}
    serving(page, {PATH: paged("notices", [{**brief(OPEN), "latest_update": latest}])})
    fine = [{"id": "c1", "name": "API", "state": "operational"}]
    serving(page, {NOTICES: page.documents[PATH], COMPONENTS: paged("components", fine)})
    assert page.poll() == ["opened"]
    assert page.events[0].update.text == "We look into it."
    serving(page, {ALONE: document})
    assert page.poll(40) == [], "asked again, and the same"
    assert page.view.open_incidents[0].components == ("API",)


@pytest.mark.parametrize("state", ["resolved", "false_alarm"])
def test_what_left_the_list_is_asked_for_and_closed_by_its_own_words(state):
    page = polled(OPEN)
    last = {**whole(FIXED, {})["notice"], "state": state}
    last["updates"] = [{**last["updates"][0], "state": state}, *last["updates"][1:]]
    serving(page, {PATH: paged("notices", []), NOTICES: paged("notices", []), ALONE: {"notice": last}})
    assert page.poll(6) == ["resolved"]
    ((_, told),) = page.store.recent(["acme"], 10)
    assert (told.word, told.state) == (state, State.RESOLVED)
    assert page.events[-1].update.text == "All is well."


@pytest.mark.parametrize(
    ("alone", "kinds"), [(None, ["resolved"]), (b"{", ["page_unreadable"]), ({"notice": None}, ["page_unreadable"])]
)
def test_a_deleted_notice_is_closed_but_one_that_cannot_be_read_is_not(alone, kinds):
    page = polled(OPEN)
    serving(page, {PATH: paged("notices", []), NOTICES: paged("notices", []), ALONE: alone})
    if alone is None:
        page.documents.pop(ALONE)
    assert page.poll(4) == kinds
    assert page.view.open_incidents == () or not page.is_green


def test_a_scheduled_maintenance_is_not_taken_for_gone_because_it_is_in_a_list_of_its_own():
    page = polled()
    planned = maintenance(said(0, State.SCHEDULED, "Soon."))
    page.says(planned)
    assert page.poll(5) == ["maintenance_scheduled"]
    page.says(planned, OPEN)
    assert page.poll(6) == ["opened"]
    assert len(page.view.maintenances) == 1


def test_an_announcement_is_a_notice_and_no_incident_of_the_components():
    row = {**whole(OPEN, {})["notice"], "type": "general", "state": "open"}
    page = polled(OPEN)
    serving(page, {PATH: paged("notices", [row]), ALONE: {"notice": row}})
    page = VendorPage(DIALECT).serves(page.documents)
    page.poll()
    (told,) = page.view.open_incidents
    assert (told.state, told.word, told.shown_impact) == (State.UNKNOWN, "open", Impact.NOTICE)
    ended = {**row, "ended_at": "2026-03-01T13:00:00.000Z"}
    serving(page, {PATH: paged("notices", [ended]), ALONE: {"notice": ended}})
    page.poll()
    assert page.view.open_incidents == (), "it says when it ended"


def test_parents_of_components_are_their_groups():
    page = VendorPage(DIALECT).says()
    rows = [
        {"id": 1, "name": "Mail", "state": "partially-degraded", "parent_id": None},
        {"id": 2, "name": "SMTP", "state": "degraded", "parent_id": 1},
        {"id": 3, "name": "Web", "state": "under_maintenance", "parent_id": None},
    ]
    serving(page, {COMPONENTS: paged("components", rows)}).poll()
    told = {each.name: (each.impact, each.group) for each in page.view.state.components}
    assert told == {
        "Mail": (Impact.MINOR, None),
        "SMTP": (Impact.MINOR, "Mail"),
        "Web": (Impact.MAINTENANCE, None),
    }


def test_an_empty_list_of_somebody_elses_notices_is_not_taken_for_it():
    for text in ('{"notices": []}', '{"notices": [], "meta": {"count": 0}}', '{"notices": [{}], "meta": {}}'):
        assert not is_mine(Document(Told.FRESH, text.encode()))
    quiet = '{"notices": [], "meta": {"count": 0, "total_count": 0, "next_page": null}}'
    assert is_mine(Document(Told.FRESH, quiet.encode()))
