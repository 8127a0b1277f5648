"""A page's past beyond what each poll reads."""

from __future__ import annotations

from datetime import date

import pytest

from tests.loopback import Raw, StatusHost, incident, statuspage, update
from tray_status.core.model import Page, State
from tray_status.core.past import Wanted
from tray_status.fetch import Fetcher
from tray_status.poller.backfill import FAILURES_LIMIT, backfill
from tray_status.poller.loop import Poller
from tray_status.providers.older import EMPTY_LIMIT
from tray_status.providers.registry import AnyPlatform
from tray_status.store import Store

LONG_AGO = date(2000, 1, 1)


def months(*rows, year=2025, name="March"):
    listed = [{"code": code, "name": f"Trouble {code}", "message": "x", "impact": "minor"} for code in rows]
    return {"months": [{"name": name, "year": year, "starts_on": 1, "days": 31, "incidents": listed}]}


def whole(code, at="2025-03-01T12:00:00Z", **more):
    rows = [update(f"{code}-1", at=at), update(f"{code}-2", "resolved", "All is well.", at=at.replace("12:", "13:"))]
    told = {"name": f"Trouble {code}", "status": "resolved", "started_at": at, "created_at": at, **more}
    return incident(code, *rows, **told)


@pytest.fixture
def host():
    documents = {
        **statuspage(incident("open1", update("u1"))),
        "/history.json?page=1": months("open1", "aaa", "bbb"),
        "/history.json?page=2": months("ccc", year=2024, name="December"),
        "/history.json?page=3": months(year=2024, name="September"),
        "/history.json?page=4": months(year=2024, name="June"),
        "/incidents/aaa.json": whole("aaa"),
        "/incidents/bbb.json": {"incident": whole("bbb")},
        "/incidents/ccc.json": whole("ccc", "2024-12-05T12:00:00Z"),
    }
    with StatusHost(documents) as serving:
        yield serving


@pytest.fixture
def page(host):
    return Page("acme", "Acme", host.url, 3600.0)


@pytest.fixture
def fetcher():
    made = Fetcher()
    yield made
    made.close()


@pytest.fixture
def store(page, fetcher):
    kept = Store.open(None)
    poller = Poller([page], AnyPlatform(), fetcher, kept)
    poller.start()
    assert poller.wait_for_round(1, 20)
    poller.stop()
    yield kept
    kept.close()


@pytest.fixture
def fill(page, fetcher, store, host):
    host.asked.clear()
    return lambda since=LONG_AGO: backfill(page, fetcher, store, since, sleep=lambda _: None)


def ids(store):
    return [each.id for _, each in store.past.find(Wanted(), 99).rows]


def test_what_happened_before_is_noted_with_its_words_and_told_to_nobody(fill, store, host):
    seq = store.last_seq()
    filled = fill()
    assert (filled.added, filled.known, filled.trouble) == (3, 1, "")
    assert set(ids(store)) == {"open1", "aaa", "bbb", "ccc"}
    found = store.past.incident("acme", "ccc")
    assert (found.state, [each.text for each in found.updates]) == (
        State.RESOLVED,
        ["We look into it.", "All is well."],
    )
    assert store.last_seq() == seq
    assert host.paths[-1] == f"/history.json?page={2 + EMPTY_LIMIT}"


def test_begun_anew_it_asks_for_nothing_that_is_known(fill, host):
    fill()
    host.asked.clear()
    assert fill().added == 0
    assert all(path.startswith("/history.json") for path in host.paths)


def test_it_goes_no_further_back_than_it_is_told_to(fill, store):
    fill(date(2025, 1, 1))
    assert "ccc" in ids(store)  # its page of the history ends on that day
    assert fill(date(2025, 1, 1)).added == 0


def test_it_stops_at_the_page_of_the_history_that_lies_before_the_day(fill, host):
    fill(date(2025, 4, 1))
    assert "/history.json?page=2" not in host.paths


def test_what_is_still_open_is_left_to_the_polls(fill, store, host):
    host.documents["/incidents/aaa.json"] = whole("aaa", status="investigating")
    assert fill().added == 2
    assert "aaa" not in ids(store)


def test_a_host_that_asks_to_be_left_alone_is_and_the_rest_comes_later(fill, store, host):
    host.documents["/incidents/bbb.json"] = Raw(429, headers={"Retry-After": "60"})
    filled = fill()
    assert (filled.added, "bbb" in filled.trouble) == (1, True)
    assert "/incidents/ccc.json" not in host.paths
    host.documents["/incidents/bbb.json"] = whole("bbb")
    assert fill().added == 2


def test_one_that_cannot_be_read_keeps_nothing_from_the_others(fill, store, host):
    host.documents["/incidents/aaa.json"] = b"<html>"
    filled = fill()
    assert (filled.added, "/incidents/aaa.json" in filled.trouble) == (2, True)


@pytest.mark.parametrize(
    "broken", [Raw(404), b"{}", b'{"months": "x"}', {"months": [7, {"incidents": [{"code": "../x"}]}]}]
)
def test_a_history_that_is_none_ends_it_in_words_and_no_id_leads_elsewhere(fill, host, broken):
    host.documents["/history.json?page=1"] = broken
    filled = fill()
    assert filled.added == 0 or not filled.trouble
    assert not any("/../" in path for path in host.paths)


def test_many_failures_in_a_row_end_it(fill, host):
    host.documents["/history.json?page=1"] = months(*(f"gone{number}" for number in range(50)))
    assert fill().trouble
    assert len(host.paths) == 1 + FAILURES_LIMIT
