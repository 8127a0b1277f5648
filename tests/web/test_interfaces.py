"""What other programs read of a running Tray Status."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, START, TIMEOUT, ZENITH, incident, snapshot, state_of, update
from tray_status.core.calendar import LINE_BYTES, calendar
from tray_status.core.diff import diff
from tray_status.core.metrics import Polls, exposition
from tray_status.core.model import Kind, Reading, State
from tray_status.core.view import look
from tray_status.errors import StoreError
from tray_status.web.server import Server

from .showing import TROUBLE, Shown, acme, ask


@pytest.fixture
def source():
    shown = Shown(acme(TROUBLE))
    for page, told in ((ACME, ()), (ACME, (TROUBLE,)), (ZENITH, ()), (ZENITH, (incident(update(5), id="z"),))):
        with shown.store.writing(page) as writing:
            found = snapshot(*told)
            writing.save(diff(writing.page, writing.known(found), found, NOW), found, NOW)
    return shown


@pytest.fixture
def server(source):
    with Server(source.site, "127.0.0.1", 0) as serving:
        yield serving


def told(server, path, status=200):
    answered, headers, text = ask(server.url, path)
    assert (answered, headers["Content-Type"]) == (status, "application/json")
    return json.loads(text)


def test_the_status_is_the_commands_own(server):
    found = told(server, "/api/v1/status")
    assert (found["v"], found["worst"], [page["id"] for page in found["pages"]]) == (1, "minor", ["acme"])
    assert found["pages"][0]["incidents"][0]["updates"][-1]["text"] == "Found it."


def test_events_are_read_on_from_where_one_stopped(server, source):
    everything = told(server, "/api/v1/events")
    kinds = [(event["page"]["id"], event["kind"]) for event in everything["events"]]
    assert kinds == [("acme", "opened"), ("acme", "updated"), ("zenith", "opened")]
    first = told(server, "/api/v1/events?limit=2")
    rest = told(server, f"/api/v1/events?after={first['next']}")
    assert first["events"] + rest["events"] == everything["events"]
    assert told(server, f"/api/v1/events?after={rest['next']}") == {"v": 1, "next": rest["next"], "events": []}
    assert len(told(server, "/api/v1/events?page=zenith")["events"]) == 1


def test_incidents_are_looked_for_as_on_the_page(server):
    found = told(server, "/api/v1/incidents?q=found")
    assert (found["count"], found["incidents"][0]["page"], found["incidents"][0]["kind"]) == (1, "acme", "incident")
    assert told(server, "/api/v1/incidents?limit=1&after=1")["count"] == 2


@pytest.mark.parametrize(
    "path",
    ["events?after=-1", "events?after=x", "events?limit=" + "9" * 40, "incidents?from=soon", "incidents?after=1e9"],
)
def test_a_parameter_that_makes_no_sense_is_told(server, path):
    assert len(told(server, f"/api/v1/{path}", 400)["error"]) > 10


def test_a_history_that_cannot_be_read_is_told(server, source):
    source.error = StoreError("the disk is full")
    assert "the disk is full" in told(server, "/api/v1/status", 503)["error"]
    for path in ("/metrics", "/maintenance.ics"):
        assert ask(server.url, path)[0] == 503


def test_the_description_names_each_address_and_each_is_as_it_says(server):
    described = told(server, "/api/v1")
    assert described["openapi"].startswith("3.1")
    schemas = described["components"]["schemas"]

    def conforms(value, schema):
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
        for part in schema.get("allOf", ()):
            conforms(value, part)
        if "anyOf" in schema:
            if value is not None:
                conforms(value, schema["anyOf"][0])
            return
        if "enum" in schema:
            assert value in schema["enum"]
        kinds = schema.get("type")
        names = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
        if kinds:
            assert isinstance(value, tuple(names[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)))
        for name in schema.get("required", ()):
            conforms(value[name], schema["properties"][name])
        if isinstance(value, list):
            for each in value:
                conforms(each, schema["items"])

    assert set(described["paths"]) == {"/api/v1/status", "/api/v1/events", "/api/v1/incidents"}
    for path, ways in described["paths"].items():
        schema = ways["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        conforms(told(server, path), schema)


def test_the_feed_is_one_that_readers_read_and_vendors_words_stay_words(server, source):
    hostile = incident(update(9, text="<script>alert(1)</script> & more"), id="h", name="<b>Bold</b>")
    with source.store.writing(ACME) as writing:
        found = snapshot(TROUBLE, hostile)
        writing.save(diff(writing.page, writing.known(found), found, NOW), found, NOW)
    text = ask(server.url, "/feed.atom")[2]
    feed = feedparser.parse(text)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries][-1] == "Acme: Elevated errors (Minor, Investigating)"
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) == 4
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in feed.entries[0].summary
    assert feed.entries[0].title_detail.type == "text/plain"
    path = feed.entries[-1].link.removeprefix(server.url.rstrip("/"))
    assert ask(server.url, path)[0] == 200


def works(**more):
    begins = {"kind": Kind.MAINTENANCE, "state": State.SCHEDULED, "scheduled_for": START, "started_at": None}
    return incident(update(1, State.SCHEDULED), **{"id": "m", "name": "New racks", **begins, **more})


def unfolded(text):
    assert all(len(line.encode()) <= LINE_BYTES for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")


def test_maintenances_are_a_calendar(server, source):
    source.states = (acme(maintenances=(works(scheduled_until=START + timedelta(hours=2)), works(id="n"))),)
    status, headers, text = ask(server.url, "/maintenance.ics")
    assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    lines = unfolded(text)
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert [line for line in lines if line.startswith(("UID", "DTSTART", "DTEND", "SUMMARY"))] == [
        "UID:acme/m@tray-status", "DTSTART:20251103T143200Z", "DTEND:20251103T163200Z", "SUMMARY:Acme: New racks",
        "UID:acme/n@tray-status", "DTSTART:20251103T143200Z", "DTEND:20251103T153200Z", "SUMMARY:Acme: New racks",
    ]  # fmt: skip


@given(st.text(max_size=400), st.text(max_size=80))
def test_no_words_break_the_calendar(text, name):
    lines = unfolded(calendar([(ACME, replace(works(name=name), updates=(update(1, text=text),)))], NOW))
    assert [line.split(":")[0].split(";")[0] for line in lines if line] == [
        "BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "REFRESH-INTERVAL", "BEGIN", "UID", "DTSTAMP",
        "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP", "URL", "END", "END",
    ]  # fmt: skip


def test_metrics_tell_states_ages_and_how_polling_goes():
    broken = state_of(ZENITH, reading=Reading.UNREACHABLE, problem=TIMEOUT, read_at=NOW - timedelta(seconds=90))
    text = exposition(
        look([state_of(ACME, TROUBLE), broken], NOW), {"acme": Polls(7, 2, 1.5, 0.25)}, 42, "1.2.3", NOW
    )
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    expected = {
        'tray_status_build_info{version="1.2.3"}': "1",
        "tray_status_severity": "3",
        "tray_status_events_total": "42",
        'tray_status_page_severity{page="acme"}': "3",
        'tray_status_page_severity{page="zenith"}': "-1",
        'tray_status_page_readable{page="zenith"}': "0",
        'tray_status_page_read_age_seconds{page="zenith"}': "90.0",
        'tray_status_page_open_incidents{page="acme"}': "1",
        'tray_status_page_impact{page="acme",impact="minor"}': "1",
        'tray_status_page_impact{page="acme",impact="none"}': "0",
        'tray_status_page_reading{page="zenith",reading="unreachable"}': "1",
        'tray_status_page_polls_total{page="acme"}': "7",
        'tray_status_page_poll_failures_total{page="acme"}': "2",
        'tray_status_page_poll_last_seconds{page="acme"}': "0.25",
    }
    assert {name: values[name] for name in expected} == expected
    for line in text.splitlines():
        assert line.startswith(("# HELP tray_status_", "# TYPE tray_status_", "tray_status_"))


def test_hostile_names_stay_within_their_quotes():
    page = replace(ACME, name='a"} 1\n# evil\\')
    text = exposition(look([state_of(page)], NOW), {}, 0, "1", NOW)
    assert 'name="a\\"} 1\\n# evil\\\\"' in text
    assert "\n# evil" not in text


def test_the_heartbeat_says_what_ails(server, source, monkeypatch):
    assert ask(server.url, "/healthz")[::2] == (200, "ok\n")
    monkeypatch.setattr(source, "ailment", lambda: "Polling has come to a standstill.", raising=False)
    assert ask(server.url, "/healthz")[::2] == (503, "Polling has come to a standstill.\n")


def test_the_program_counts_its_own_polls(tmp_path):
    from tests.loopback import StatusHost, statuspage
    from tray_status.core.model import Page
    from tray_status.engine import Engine

    with StatusHost(statuspage(), etags=True) as host:
        engine = Engine([Page("a", "A", host.url), Page("b", "B", "http://127.0.0.1:9")], None)
        try:
            engine.poller.start()
            assert engine.wait_for_round(20)
            counted = engine.polls()
            assert (counted["a"].count, counted["a"].failed, counted["b"].failed) == (1, 0, 1)
            assert counted["a"].last_seconds == counted["a"].seconds > 0
            assert engine.ailment() == ""
            engine.store.close()
            assert "history" in engine.ailment()
        finally:
            engine.stop()


MONITORING = Path(__file__).parents[2] / "assets" / "monitoring"


def test_the_examples_for_prometheus_and_grafana_ask_for_what_is_told():
    yaml = pytest.importorskip("yaml")
    text = exposition(look([state_of(ACME)], NOW), {"acme": Polls(1)}, 1, "1", NOW)
    told = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    board = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))
    asked = [rule["expr"] for rule in rules] + [panel["targets"][0]["expr"] for panel in board["panels"]]
    assert len(asked) == 14
    for expression in asked:
        names = re.findall(r"tray_status_\w+", expression)
        assert names
        assert set(names) <= told
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
