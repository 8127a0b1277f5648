"""Real pages on eventful days: what they said is what is told, compared with the recorded JSON itself."""

from __future__ import annotations

import logging

import pytest

from tests.loopback import INCIDENTS, MAINTENANCES, NATIVE, SUMMARY, StatusHost
from tests.watching import Watch, watching
from tray_status.core.model import Impact, Reading

from .program import run_once
from .recordings import (
    CLAUDE,
    CLOUDFLARE,
    CODAMETRIX,
    EMMA,
    FEED,
    GITHUB,
    OVER,
    PATHS,
    SEPTEMBER,
    TWO_OPEN,
    all_incidents,
    as_it_stood,
    assert_tells,
    decoded,
    is_open,
    moment,
    names,
    names_an_open_one,
    page_impact,
    products,
    recorded,
    says,
    served,
    shown,
    timeline,
)

# --- pages with something open --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [CLAUDE, GITHUB, CLOUDFLARE, TWO_OPEN])
def test_what_is_open_is_told_with_impact_state_products_and_words(name):
    document = decoded(name)
    rows = {row["id"]: row for row in document["incidents"]}
    with watching(served(name)) as watch:
        opened = {event.incident.id: event for event in watch.events if event.kind.value == "opened"}
        assert len(watch.events) == len(opened) + sum(map(is_open, document.get("scheduled_maintenances", ())))
        assert opened.keys() == rows.keys()
        for key, row in rows.items():
            told = opened[key]
            assert told.incident.shown_impact.value == shown(row)
            assert set(told.incident.components) == products(row)
            assert told.update.id == timeline(row)[-1]["id"]
            assert says(told.update.text, timeline(row)[-1]["body"])
        for incident in watch.state.open_incidents:
            assert_tells(incident, rows[incident.id])
        assert watch.impact.value == page_impact(document)
        assert len(watch.state.open_incidents) == watch.state.tracked == len(rows)
        assert watch.state.page.name == document["page"]["name"]
        assert watch.poll() == []


def test_cloudflares_maintenances_under_way_and_to_come_are_all_known_and_none_is_an_incident():
    rows = decoded(CLOUDFLARE)["scheduled_maintenances"]
    with watching(served(CLOUDFLARE)) as watch:
        known = {each.id: each for each in watch.state.maintenances}
        assert known.keys() == {row["id"] for row in rows}
        assert {key for key, each in known.items() if each.is_open} == {row["id"] for row in rows if is_open(row)}
        for row in rows:
            assert_tells(known[row["id"]], row)
            assert set(known[row["id"]].components) == products(row)
            assert known[row["id"]].scheduled_for == moment(row["scheduled_for"])


def test_cloudflares_hundreds_of_components_are_read_with_their_groups():
    rows = decoded(CLOUDFLARE)["components"]
    groups = {row["id"]: row["name"].strip() for row in rows if row["group"]}
    with watching(served(CLOUDFLARE)) as watch:
        told = {each.id: (each.name, each.word, each.group) for each in watch.state.components}
        assert told == {
            row["id"]: (" ".join(row["name"].split()), row["status"], groups.get(row["group_id"]))
            for row in rows
            if not row["group"]
        }


@pytest.mark.parametrize("name", [CLAUDE, GITHUB])
def test_the_console_lists_what_is_open_at_claude_and_github(name):
    (row,) = decoded(name)["incidents"]
    told = run_once(served(name))
    (block,) = told.blocks
    assert block["Incident"] == row["name"]
    assert block["Product"] == ", ".join(each["name"] for each in row["components"])
    assert block["Impact"] == f"{row['impact'].capitalize()} | State: {row['status'].capitalize()}"
    assert says(block["Status"], timeline(row)[-1]["body"])
    assert told.last_line == "1 incident tracked on 1 page, 1 open."


# --- history --------------------------------------------------------------------------------------------------


def test_a_page_of_2019_that_gives_its_history_only_is_read_with_all_22_incidents():
    rows = decoded(EMMA)["incidents"]
    assert len(rows) == 22
    with watching(served(EMMA)) as watch:
        known = all_incidents(watch)
        assert known.keys() == {row["id"] for row in rows}
        for row in rows:
            assert_tells(known[row["id"]], row)
            assert known[row["id"]].started_at == moment(row["created_at"])
            assert known[row["id"]].resolved_at == moment(row["resolved_at"])
            assert known[row["id"]].shown_impact.value == row["impact"]
            assert set(known[row["id"]].components) == products(row)
        assert (watch.state.tracked, watch.state.open_incidents, watch.kinds()) == (22, (), [])
        assert watch.impact is Impact.NONE


def test_a_quiet_page_with_years_of_history_is_green_and_tells_nothing():
    rows = decoded("codametrix/incidents.json")["incidents"]
    with watching(served(*CODAMETRIX)) as watch:
        known = all_incidents(watch)
        assert known.keys() == {row["id"] for row in rows}
        for row in rows:
            assert_tells(known[row["id"]], row)
            assert set(known[row["id"]].components) == products(row)
        assert (watch.kinds(), watch.impact) == ([], Impact.NONE)


@pytest.mark.parametrize("name", [SEPTEMBER, EMMA, "codametrix/incidents.json"])
def test_an_incident_lived_through_update_by_update_is_told_update_by_update_and_once(name):
    document = decoded(name)
    for row in document["incidents"]:
        updates = timeline(row)
        with StatusHost({INCIDENTS: {**document, "incidents": []}}) as host:
            watch = Watch(host)
            assert watch.poll() == []
            for position in range(1, len(updates) + 1):
                host.documents[INCIDENTS] = {**document, "incidents": [as_it_stood(row, position)]}
                watch.poll()
                going_on = updates[position - 1]["status"] not in OVER
                assert (watch.impact is Impact.NONE) is not going_on
            told = [event for event in watch.events if event.update is not None]
            watch.close()
        ids = list(dict.fromkeys(event.update.id for event in told))
        assert ids == [each["id"] for each in updates], row["name"]
        assert all(
            says(event.update.text, each["body"]) for event, each in zip(told[-len(updates) :], updates, strict=True)
        )
        over = [each["status"] in OVER for each in updates]
        endings = sum(ends and not before for before, ends in zip([False, *over], over, strict=False))
        assert [event.kind.value for event in told].count("opened") == (not over[0])
        assert [event.kind.value for event in told].count("resolved") == endings


# --- every recording, whatever it is --------------------------------------------------------------------------


@pytest.mark.parametrize("path", [SUMMARY, INCIDENTS, NATIVE, MAINTENANCES, FEED])
@pytest.mark.parametrize("name", names())
def test_no_recording_raises_or_is_green_though_it_lies_where_it_does_not_belong(name, path, caplog):
    with caplog.at_level(logging.ERROR), watching({path: recorded(name)}) as watch:
        watch.poll()
        if watch.impact is Impact.NONE:
            assert not names_an_open_one(recorded(name))
        if PATHS.get(name) is None and path == SUMMARY:
            assert (watch.state.reading, watch.impact) == (Reading.BROKEN, Impact.UNKNOWN)
    assert caplog.messages == []


@pytest.mark.parametrize("name", names(PATHS))
def test_every_answer_of_a_page_that_is_understood_is_read_from_its_own_path(name):
    with watching(served(name)) as watch:
        lists_the_open = PATHS[name] in (SUMMARY, INCIDENTS)
        assert (watch.state.read_at is not None) is lists_the_open
        if lists_the_open:
            document = decoded(name)
            going_on = [row["id"] for row in document.get("incidents", ()) if is_open(row)]
            assert {each.id for each in watch.state.open_incidents} == set(going_on)
            assert not (going_on and watch.impact is Impact.NONE)
