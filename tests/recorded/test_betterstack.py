"""Hugging Face's page at Better Stack on 19 July 2026: no report is open, and yet a machine sees trouble."""

from __future__ import annotations

from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, Kind, State
from tray_status.providers import betterstack
from tray_status.providers.documents import Document, Situation, Told

from .recordings import recorded

RECORDING = "huggingface/index_20260719.json"


def utc(month, day, hour, minute, second=0):
    return datetime(2026, month, day, hour, minute, second, tzinfo=timezone.utc)


def polled():
    page = VendorPage(DIALECTS["betterstack"]).serves({"/index.json": recorded(RECORDING)})
    page.poll(2)
    return page


def incidents(page):
    return {each.id: each for _, each in page.store.recent(["acme"], 100)}


def understood():
    return betterstack.read(Situation(), {}, Document(Told.FRESH, recorded(RECORDING)))


def test_what_a_machine_sees_is_told_though_no_report_is_open():
    page = polled()
    assert page.is_read, page.view.problem
    assert page.platform == "betterstack"
    assert page.view.page.name == "Hugging Face"
    assert page.view.state.vendor_url == "https://status.huggingface.co"
    assert page.events == []
    assert page.view.open_incidents == ()
    assert page.view.impact is Impact.MAJOR
    assert page.view.state.indicator is Impact.MAJOR
    components = {each.name: each for each in page.view.state.components}
    assert len(components) == 8
    assert (components["Spaces Proxy"].word, components["Spaces Proxy"].impact) == ("downtime", Impact.MAJOR)
    assert components["Spaces Proxy"].group == "Spaces"
    assert {each.word for name, each in components.items() if name != "Spaces Proxy"} == {"operational"}


def test_past_reports_are_history_though_most_have_no_end():
    known = incidents(polled())
    assert {each: known[each].resolved_at for each in ("919822", "939240", "965809")} == {
        "919822": utc(6, 10, 10, 50),
        "939240": utc(6, 30, 8, 5),
        "965809": utc(7, 16, 10, 7),
    }
    outage = known["965809"]
    assert (outage.name, outage.state, outage.word) == ("Hub unavailable", State.RESOLVED, "resolved")
    assert outage.started_at == utc(7, 16, 8, 30)
    assert outage.impact is Impact.MAJOR, "two of its updates say downtime and degraded"
    assert outage.components == ("Huggingface Hub", "Git Hosting and Serving", "Inference Endpoints UI")
    assert [(each.id, each.state, each.word, each.at) for each in outage.updates] == [
        ("5410504", State.INVESTIGATING, "downtime", utc(7, 16, 8, 30)),
        ("5410587", State.INVESTIGATING, "degraded", utc(7, 16, 8, 43)),
        ("5410962", State.RESOLVED, "resolved", utc(7, 16, 10, 7)),
    ]
    assert outage.updates[-1].text == (
        "Services are back to nominal operations.\n\nRoot cause confirmed to global Amazon Web Services outage."
    )


def test_a_maintenance_to_come_and_one_that_is_over_both_say_what_they_touch():
    page = polled()
    (coming,) = page.view.maintenances
    assert (coming.id, coming.state, coming.kind) == ("961899", State.SCHEDULED, Kind.MAINTENANCE)
    assert coming.name == "Scheduled maintenance: Inference Endpoints"
    assert (coming.scheduled_for, coming.scheduled_until) == (utc(7, 22, 7, 0), utc(7, 22, 8, 0))
    assert coming.components == ("Inference Endpoints UI", "Inference Endpoints API")
    (announced,) = coming.updates
    assert announced.at is None, "it is announced for the time of its begin, three days ahead"
    (over,) = (each for each in understood().incidents if each.id == "946090")
    assert (over.kind, over.state) == (Kind.MAINTENANCE, State.COMPLETED)
    assert over.resolved_at == utc(7, 8, 8, 0, 36)
    assert [(each.state, each.text[:17]) for each in over.updates] == [
        (State.SCHEDULED, "During a short wi"),
        (State.COMPLETED, "Maintenance ended"),
    ]


def test_all_of_it_is_understood_and_told_whole():
    assert betterstack.is_mine(Document(Told.FRESH, recorded(RECORDING)))
    snapshot = understood()
    assert snapshot.oddities == ()
    assert snapshot.open_told
    assert snapshot.open_maintenances_told
    assert snapshot.history_told
    assert snapshot.all_components
    assert len(snapshot.incidents) == 5
