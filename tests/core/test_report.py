"""How everything stands, as JSON for scripts and as text for a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from tests.specimens import ACME, NOW, START, TIMEOUT, ZENITH, incident, state_of, update
from tray_status.core.model import Component, Impact, Kind, Reading, State
from tray_status.core.probe import Probe, Verdict
from tray_status.core.report import status_json, status_text
from tray_status.core.view import look

OPEN = incident(update(1), update(2, State.IDENTIFIED, "A cable."), impact=Impact.MAJOR)
COMING = incident(
    update(3, State.SCHEDULED, "New cables."), id="m1", name="New cables", kind=Kind.MAINTENANCE, affected=None,
    scheduled_for=NOW + timedelta(days=1), scheduled_until=NOW + timedelta(days=2),
)  # fmt: skip
PARTS = (Component("c1", "API", Impact.MAJOR, "partial_outage", "APIs"),)


def overview():
    down = state_of(ZENITH, reading=Reading.UNREACHABLE, problem=TIMEOUT, read_at=NOW - timedelta(hours=3))
    acme = state_of(ACME, OPEN, maintenances=(COMING,), components=PARTS, platform="statuspage", changed_at=START)
    return look([down, acme], NOW)


def test_the_json_is_the_contracts_to_the_letter():
    told = json.loads(json.dumps(status_json(overview())))
    assert (told["v"], told["worst"]) == (1, "major")
    acme, zenith = told["pages"]
    assert acme == {
        "id": "acme", "name": "Acme", "url": "https://status.acme.example", "platform": "statuspage",
        "reading": "fresh", "problem": None, "impact": "major",
        "checked_at": "2025-11-03T15:31:55Z", "read_at": "2025-11-03T15:31:55Z", "changed_at": "2025-11-03T14:32:00Z",
        "incidents": [
            {
                "id": "i1", "name": "Elevated errors", "impact": "major", "state": "identified", "components": ["API"],
                "started_at": "2025-11-03T14:32:00Z", "resolved_at": None,
                "url": "https://status.acme.example/incidents/i1",
                "updates": [
                    {"id": "u1", "state": "investigating", "text": "We look into it.", "at": "2025-11-03T14:33:00Z"},
                    {"id": "u2", "state": "identified", "text": "A cable.", "at": "2025-11-03T14:34:00Z"},
                ],
            }
        ],
        "maintenances": [
            {
                "id": "m1", "name": "New cables", "impact": "maintenance", "state": "scheduled", "components": [],
                "url": "https://status.acme.example/incidents/m1", "started_at": "2025-11-03T14:32:00Z",
                "resolved_at": None, "scheduled_for": "2025-11-04T15:32:00Z", "scheduled_until": "2025-11-05T15:32:00Z",
                "updates": [{"id": "u3", "state": "scheduled", "text": "New cables.", "at": "2025-11-03T14:35:00Z"}],
            }
        ],
        "components": [{"id": "c1", "name": "API", "group": "APIs", "impact": "major"}],
    }  # fmt: skip
    assert zenith["reading"] == "unreachable"
    assert zenith["impact"] == "unknown"
    assert zenith["problem"] == {"reading": "unreachable", "text": TIMEOUT.text, "cure": TIMEOUT.cure}


def test_the_text_has_a_row_for_each_page_worst_first_with_what_is_open_below():
    assert status_text(overview(), NOW).splitlines() == [
        "Major        Acme    Major trouble, read just now",
        "             • Elevated errors (Major, Identified, 1 h): API",
        "Unknown      Zenith  cannot be reached, read 3 h ago",
        "             status.acme.example did not answer within 10 s. Try it in a browser.",
        "1 incident tracked on 2 pages, 1 open.",
    ]


def test_a_maintenance_under_way_is_listed_and_one_to_come_is_not():
    started = replace(COMING, state=State.IN_PROGRESS, started_at=None)
    lines = status_text(look([state_of(ACME, maintenances=(started,))], NOW), NOW)
    assert "• New cables (Maintenance, In progress)" in lines
    assert "New cables" not in status_text(look([state_of(ACME, maintenances=(COMING,))], NOW), NOW)


def test_what_a_probe_found_is_told_with_the_verdict():
    page = replace(ACME, probe="tcp:api.acme.example:443")
    probed = state_of(page, probe=Probe(False, "api.acme.example refuses connections", NOW, target=page.probe))
    assert "api.acme.example refuses connections, says your probe." in status_text(look([probed], NOW), NOW)


def test_with_no_pages_there_is_nothing_to_tell():
    assert status_json(look([], NOW)) == {"v": 1, "worst": "unknown", "pages": []}
    assert status_text(look([], NOW), NOW) == "0 incidents tracked on 0 pages, 0 open."


def test_what_nothing_but_a_probe_or_a_component_tells_is_told_too():
    page = replace(ACME, probe="tcp:api.acme.example:443")
    silent = Probe(False, "api.acme.example refuses connections", NOW, target=page.probe, proven=True)
    text = status_text(look([state_of(page, probe=silent)], NOW), NOW)
    assert text.startswith(
        "Unknown      Acme  Looks like a problem that the vendor has not posted yet, read just now\n"
    )
    (row,) = status_json(look([state_of(page, probe=silent)], NOW))["pages"]
    assert row["impact"] == "unknown"
    assert (row["probe"]["alive"], row["probe"]["verdict"]) == (False, Verdict.NOT_POSTED.value)
    down = Component("c1", "API", Impact.MAJOR)
    text = status_text(look([state_of(ACME, components=(down,))], NOW), NOW)
    assert "\n             No incident is posted (API).\n" in text


def test_a_page_that_was_read_seconds_ago_and_is_stale_by_its_own_interval_says_how_many():
    page = replace(ACME, interval=1)
    assert "not read lately, read 5 seconds ago" in status_text(look([state_of(page)], NOW), NOW)
