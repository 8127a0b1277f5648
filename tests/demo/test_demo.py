"""The demo: the invented history at each of its seconds, its host on loopback, and the real engine playing it."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import socket
import threading
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

import pytest

from tray_status.core.model import Impact
from tray_status.core.view import look
from tray_status.demo.history import DURATION, VENDORS
from tray_status.demo.host import DemoHost
from tray_status.demo.shapes import documents
from tray_status.fetch import Fetcher
from tray_status.poller import PagePoll
from tray_status.providers.statuspage import StatuspageProvider
from tray_status.store import Store

START = datetime(2026, 3, 2, 9, 0, 0, tzinfo=timezone.utc)
SECONDS = range(int(DURATION) + 10)
NIMBUS, QUILLMIND, PARCELO, TIDEMARK = VENDORS
SUMMARY = "/api/v2/summary.json"
INCIDENTS = "/api/v2/incidents.json"
every_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.key)


def at(vendor, second, *, speed=1.0):
    return documents(vendor, second, START, "http://127.0.0.1:1", speed=speed)


def told(vendor):
    """What the page serves at each second at which it answers."""
    return [(second, served) for second in SECONDS if (served := at(vendor, second)) is not None]


def entries(served):
    """All incidents and maintenances of the v2 documents."""
    planned = served.get("/api/v2/scheduled-maintenances.json", {"scheduled_maintenances": []})
    return served[INCIDENTS]["incidents"] + planned["scheduled_maintenances"]


def fields(document, wanted):
    """The values of all fields, however deep, whose name ends so."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key.endswith(wanted) and isinstance(value, str):
                yield key, value
            yield from fields(value, wanted)
    elif isinstance(document, list):
        for each in document:
            yield from fields(each, wanted)


# --- the history ----------------------------------------------------------------------------------------------


@every_vendor
def test_all_that_a_page_serves_can_be_sent(vendor):
    for _, served in told(vendor):
        for document in served.values():
            assert isinstance(document, bytes) or json.loads(json.dumps(document)) == document


@every_vendor
def test_ids_are_the_platforms_own_and_never_change(vendor):
    length = 26 if vendor.platform == "incident.io" else 12
    names, timelines = {}, {}
    for _, served in told(vendor):
        for entry in entries(served):
            assert names.setdefault(entry["id"], entry["name"]) == entry["name"]
            ids = [update["id"] for update in reversed(entry["incident_updates"])]
            before = timelines.get(entry["id"], [])
            assert ids[: len(before)] == before
            timelines[entry["id"]] = ids
    ids = [*names, *itertools.chain(*timelines.values())]
    assert len(names) == len(vendor.entries)
    assert len(set(ids)) == len(ids)
    assert {len(each) for each in ids} == {length}


@every_vendor
def test_every_update_has_words(vendor):
    for _, served in told(vendor):
        for entry in entries(served):
            assert all(update["body"].strip() for update in entry["incident_updates"])


@every_vendor
@pytest.mark.parametrize("speed", [1.0, 10.0])
def test_nothing_has_happened_later_than_now(vendor, speed):
    for second in SECONDS:
        now = START + timedelta(seconds=second / speed)
        for document in (at(vendor, second, speed=speed) or {}).values():
            for key, value in fields(document, "_at"):
                assert datetime.fromisoformat(value.replace("Z", "+00:00")) <= now, (second, key)


def test_something_happens_soon_and_then_every_few_seconds():
    scenes = [[at(vendor, second) for vendor in VENDORS] for second in SECONDS]
    changes = [second for second in SECONDS[1:] if scenes[second] != scenes[second - 1]]
    assert changes[0] <= 3
    assert all(later - earlier <= 6 for earlier, later in itertools.pairwise(changes))
    assert changes[-1] <= DURATION


@every_vendor
def test_in_the_end_all_is_well(vendor):
    served = at(vendor, DURATION)
    assert served[SUMMARY]["status"]["indicator"] == "none"
    assert not served[SUMMARY].get("incidents")
    assert not served[SUMMARY].get("scheduled_maintenances")
    assert {component["status"] for component in served[SUMMARY]["components"]} == {"operational"}


def test_the_outage_grows_to_critical_and_goes_away():
    indicators = [served[SUMMARY]["status"]["indicator"] for _, served in told(NIMBUS)]
    steps = [word for word, _ in itertools.groupby(indicators)]
    assert steps == ["none", "minor", "major", "critical", "major", "minor", "none"]


def test_incident_io_leaves_out_what_it_leaves_out():
    quiet = at(QUILLMIND, DURATION)
    assert "incidents" not in quiet[SUMMARY]
    assert "ongoing_incidents" not in quiet["/api/v1/summary"]
    for _, served in told(QUILLMIND):
        assert "time_zone" not in served[SUMMARY]["page"]
        assert not any("components" in entry for entry in entries(served))


# --- the host -------------------------------------------------------------------------------------------------


@pytest.fixture
def clock():
    """Which second of the story it is; tests set it."""
    return [0.0]


@pytest.fixture
def host(clock):
    host = DemoHost(elapsed=lambda: clock[0], started_at=START)
    host.start()
    yield host
    host.close()


def address(host, vendor):
    return next(urlsplit(page.url) for page in host.pages if page.id == vendor.key)


@contextlib.contextmanager
def client(host, vendor):
    connection = http.client.HTTPConnection(address(host, vendor).netloc, timeout=5)
    try:
        yield connection
    finally:
        connection.close()


def get(connection, path, **headers):
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def test_each_page_has_a_port_and_a_name_of_its_own(host):
    assert len({page.url for page in host.pages}) == len({page.name for page in host.pages}) == 4
    for vendor in VENDORS:
        with client(host, vendor) as connection:
            status, headers, body = get(connection, SUMMARY)
            assert (status, headers.get_content_type()) == (200, "application/json")
            assert json.loads(body)["page"]["name"] == vendor.name


def test_what_a_page_serves_follows_the_clock(host, clock):
    with client(host, NIMBUS) as connection:
        _, headers, before = get(connection, SUMMARY)
        asked = {"If-None-Match": headers["ETag"]}
        assert get(connection, SUMMARY, **asked)[::2] == (304, b"")
        clock[0] = 10.0
        status, _, after = get(connection, SUMMARY, **asked)
        assert status == 200
        assert after != before


def test_incident_io_gives_no_etag_and_has_a_feed(host):
    with client(host, QUILLMIND) as connection:
        assert get(connection, SUMMARY)[1]["ETag"] is None
        status, headers, body = get(connection, "/feed.atom")
        assert (status, headers.get_content_type()) == (200, "application/atom+xml")
        assert body.startswith(b"<feed")


def test_what_a_page_does_not_have_is_missing_without_words(host):
    with client(host, NIMBUS) as connection:
        assert get(connection, "/api/v2/nothing.json")[::2] == (404, b"")
        assert get(connection, SUMMARY)[0] == 200


def test_a_silent_page_does_not_answer_until_it_returns(host, clock):
    for clock[0] in TIDEMARK.silent[0], TIDEMARK.silent[1] - 0.1:
        with client(host, TIDEMARK) as connection, pytest.raises(http.client.RemoteDisconnected):
            get(connection, SUMMARY)
    clock[0] = TIDEMARK.silent[1]
    with client(host, TIDEMARK) as connection:
        assert get(connection, SUMMARY)[0] == 200


def test_a_client_that_says_nothing_keeps_nobody_waiting(host):
    where = address(host, NIMBUS)
    with socket.create_connection((where.hostname, where.port)) as idle:
        idle.sendall(b"GET /api/v2/summary.json HTTP/1.1\r\n")
        with client(host, NIMBUS) as connection:
            assert get(connection, SUMMARY)[0] == 200


def test_closing_is_quick_even_with_open_connections_and_ends_them(host):
    with client(host, NIMBUS) as connection:
        get(connection, SUMMARY)
        began = time.monotonic()
        host.close()
        assert time.monotonic() - began < 2
        with pytest.raises(OSError):  # noqa: PT011 - closed without an answer, or reset
            get(connection, SUMMARY)
    with client(host, NIMBUS) as connection, pytest.raises(ConnectionRefusedError):
        connection.connect()
    host.close()


def test_a_host_that_never_began_can_be_closed():
    closing = threading.Thread(target=DemoHost().close, daemon=True)
    closing.start()
    closing.join(5)
    assert not closing.is_alive()


def test_the_story_goes_by_itself_faster_than_life():
    host = DemoHost(speed=1000.0)
    host.start()
    try:
        assert host.duration == pytest.approx(DURATION / 1000)
        end = time.monotonic() + 10
        while host.elapsed() < DURATION and time.monotonic() < end:
            threading.Event().wait(0.01)
        with client(host, NIMBUS) as connection:
            summary = json.loads(get(connection, SUMMARY)[2])
        assert summary["incidents"] == []
        newest = max(value for _, value in fields(summary, "_at"))
        assert datetime.fromisoformat(newest.replace("Z", "+00:00")) <= datetime.now(timezone.utc)
    finally:
        host.close()


# --- the engine -----------------------------------------------------------------------------------------------

THE_STORY = {
    "nimbus": ["opened", *["updated"] * 5, "resolved"],
    "quillmind": ["opened", "updated", "edited", "updated", "resolved"],
    "parcelo": ["maintenance_scheduled", "maintenance_started", "updated", "maintenance_ended"],
    "tidemark": ["page_unreadable", "page_readable"],
}


def test_the_engine_tells_the_whole_story_each_thing_once(host, clock):
    store, fetcher = Store.open(None), Fetcher(deadline=10)
    polls = [
        PagePoll(page, StatuspageProvider(), fetcher, store, lambda: START + timedelta(seconds=clock[0]))
        for page in host.pages
    ]
    worst = []
    try:
        for clock[0] in SECONDS:
            for poll in polls:
                poll.poll()
            worst.append(look([poll.state for poll in polls], START + timedelta(seconds=clock[0])).worst)
        events = store.events(0, limit=1000)
    finally:
        fetcher.close()
        store.close()
    for key, story in THE_STORY.items():
        kinds = [event.kind.value for event in events if event.page.id == key and event.component is None]
        assert kinds == story, key
    incidents = [event for event in events if event.incident and event.update]
    assert all(event.incident.components and event.update.text for event in incidents)
    assert {poll.state.platform for poll in polls} == {"statuspage", "incident.io"}
    assert worst[0] is Impact.MINOR
    assert Impact.CRITICAL in worst
    assert worst[-1] is Impact.NONE
