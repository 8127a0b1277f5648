"""Hosts that are busy are left alone, none is asked by all workers at once, and failures are confirmed by time too."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest

from tests.loopback import INCIDENTS, SUMMARY, UNRESOLVED, Raw, StatusHost, incident, statuspage, update
from tests.specimens import ACME, NOW, TIMEOUT, state_of
from tests.waiting import wait_until
from tests.watching import watching
from tray_status.core.exchange import Answer
from tray_status.core.model import Impact, Page, Reading
from tray_status.core.schedule import CONFIRMED_WITHIN, backoff, next_due
from tray_status.core.view import view_of
from tray_status.fetch import Fetcher
from tray_status.poller import Poller
from tray_status.poller.hosts import AT_ONCE, LEFT_ALONE, Hosts
from tray_status.providers.registry import AnyPlatform
from tray_status.store import Store

BUSY = Raw(429, b"", {"Retry-After": "600"})


def polled(watch):
    """How the next poll goes, as the schedule hears it."""
    return watch._poll.poll()


def test_a_host_that_is_asked_too_often_is_asked_for_nothing_more_in_the_same_poll():
    with watching(statuspage()) as watch:
        watch.host.documents = {SUMMARY: BUSY, INCIDENTS: BUSY, UNRESOLVED: BUSY}
        watch.host.asked.clear()
        assert polled(watch).retry_after == 600
        assert watch.host.paths == [SUMMARY]


def test_what_a_host_says_of_its_history_counts_though_the_summary_can_be_read():
    with watching(statuspage()) as watch:
        watch.host.documents = statuspage(incident("inc1", update("u1"))) | {INCIDENTS: BUSY}
        result = polled(watch)
        assert (result.failures, result.retry_after) == (0, 600)
        assert [each.id for each in watch.state.open_incidents] == ["inc1"]


@pytest.mark.parametrize("status", [420, 429, 503])
def test_a_busy_host_need_not_say_for_how_long(status):
    with watching(statuspage()) as watch:
        watch.host.documents = {SUMMARY: Raw(status)}
        assert polled(watch).retry_after == 0


def test_nobody_comes_back_early_and_no_two_at_the_same_instant():
    dues = {next_due(0.0, 60.0, chance / 10, 1, 600.0) for chance in range(11)}
    assert min(dues) >= 600
    assert len(dues) > 5


def test_the_second_poll_after_a_failure_comes_within_two_minutes():
    assert backoff(3600, 1) == CONFIRMED_WITHIN
    assert backoff(3600, 0) == 3600
    assert backoff(60, 1) == 60


def test_a_failure_is_confirmed_by_time_where_the_next_poll_is_far_away():
    failing = state_of(ACME, trouble=TIMEOUT, failing_since=NOW - timedelta(seconds=119))
    assert view_of(failing, NOW).impact is Impact.NONE
    later = view_of(failing, NOW + timedelta(seconds=1))
    assert (later.reading, later.impact) == (Reading.UNREACHABLE, Impact.UNKNOWN)


def test_pages_of_one_host_take_turns():
    hosts = Hosts()
    names = [f"p{number}" for number in range(AT_ONCE + 2)]
    assert [hosts.enter("h", name) for name in names] == [True] * AT_ONCE + [False, False]
    assert hosts.enter("other", "q")
    assert hosts.leave("p0") == names[AT_ONCE]
    assert hosts.leave("p1") == names[AT_ONCE + 1]
    assert hosts.leave("p2") is None


def test_a_host_is_left_alone_for_as_long_as_it_wants():
    hosts = Hosts()
    hosts.leave_alone("h", 100.0, 50.0)
    hosts.leave_alone("h", 100.0, 0.0)
    assert hosts.left_alone_until("h", 149.0) == 150.0
    assert hosts.left_alone_until("h", 150.0) is None
    hosts.leave_alone("h", 200.0, 0.0)
    assert hosts.left_alone_until("h", 200.0) == 200.0 + LEFT_ALONE


class Turnstile:
    """Plays the fetcher; counts how many ask one host at one time, and holds all until told."""

    def __init__(self):
        self.inside = self.most = 0
        self.lock = threading.Lock()
        self.go = threading.Event()

    def get(self, request):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.go.wait(10)
        with self.lock:
            self.inside -= 1
        return Answer(request.url, 404)


def test_no_host_is_asked_by_all_workers_at_once_and_every_page_gets_its_turn():
    turnstile, store = Turnstile(), Store.open(None)
    pages = [Page(f"p{number}", f"P{number}", f"https://status.example/p{number}", 3600.0) for number in range(12)]
    poller = Poller(pages, AnyPlatform(), turnstile, store)
    poller.start()
    try:
        wait_until(lambda: turnstile.inside == AT_ONCE, "as many as may")
        turnstile.go.set()
        assert poller.wait_for_round(1, 20)
        assert turnstile.most == AT_ONCE
    finally:
        turnstile.go.set()
        poller.stop()
        store.close()


def test_a_busy_host_is_left_alone_by_all_its_pages_even_when_asked_to_check_now():
    clock = [1000.0]
    with StatusHost({SUMMARY: BUSY}) as host:
        fetcher, store = Fetcher(deadline=3.0), Store.open(None)
        pages = [Page("a", "A", host.url, 60.0), Page("b", "B", f"{host.url}/b", 60.0)]
        poller = Poller(
            pages[:1], AnyPlatform(), fetcher, store, monotonic=lambda: clock[0],
            now=lambda: datetime(2026, 3, 1, tzinfo=timezone.utc),
        )  # fmt: skip
        poller.start()
        try:
            assert poller.wait_for_round(1, 10)
            asked = len(host.asked)
            poller.watch(pages)
            poller.check_now()
            wait_until(lambda: (poller._timetable.next_due or 0) >= 1600.0, "both wait for the host")
            assert len(host.asked) == asked
            clock[0] = 1700.0
            host.documents = statuspage()
            poller.check_now()
            host.wait_until_asked(asked + 1)
        finally:
            fetcher.close()
            poller.stop()
            store.close()


def test_pages_that_are_read_at_one_service_share_its_limits_and_its_pauses():
    """As those of Status.io are, whose answers all come from one host."""
    hosts = Hosts()
    assert hosts.enter("status.a.example", "a")
    assert hosts.leave("a") is None
    for key in ("a", "b", "c"):
        assert hosts.enter("api.status.io", key)
    assert not hosts.enter("api.status.io", "d")
    assert hosts.leave("a") == "d"
    assert hosts.leave("unknown") is None


def test_a_page_that_is_dropped_while_it_waits_for_its_host_takes_nobodys_turn():
    turnstile, store = Turnstile(), Store.open(None)
    pages = [Page(f"p{number}", f"P{number}", f"https://status.example/p{number}", 3600.0) for number in range(8)]
    poller = Poller(pages, AnyPlatform(), turnstile, store)
    poller.start()
    try:
        wait_until(lambda: turnstile.inside == AT_ONCE, "as many as may")
        poller.watch(pages[:3])
        poller.watch(
            [*pages[:3], *(Page(f"q{n}", f"Q{n}", f"https://status.example/q{n}", 3600.0) for n in range(6))]
        )
        turnstile.go.set()
        assert poller.wait_for_round(1, 20), "every page that is watched gets its turn"
    finally:
        turnstile.go.set()
        poller.stop()
        store.close()
