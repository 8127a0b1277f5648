"""The polling thread: each page in its turn, nothing in the way of the others, and a quick end."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from tests.loopback import SUMMARY, StatusHost, incident, statuspage, update
from tests.waiting import wait_until
from tray_status.core.model import Page, Reading
from tray_status.fetch import Fetcher
from tray_status.poller import Poller
from tray_status.poller.loop import SLOW_WORKERS, WORKERS
from tray_status.providers.statuspage import StatuspageProvider
from tray_status.store import Store

A_LONG_TIME = 3600.0


@pytest.fixture
def make():
    """Pollers of some pages, stopped at the end."""
    made = []

    def poller(*pages, provider=None, **more):
        fetcher, store = Fetcher(deadline=3.0), Store.open(None)
        made.append((Poller(pages, provider or StatuspageProvider(), fetcher, store, **more), fetcher, store))
        return made[-1][0]

    yield poller
    for each, fetcher, store in made:
        fetcher.close()
        each.stop()
        store.close()


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("inc1", update("u1"))), etags=True) as serving:
        yield serving


def page_of(host, key="acme", interval=A_LONG_TIME):
    return Page(key, key.title(), host.url, interval)


def test_every_page_is_polled_at_once_and_then_by_its_own_interval(make, host):
    with StatusHost(statuspage()) as quick:
        poller = make(page_of(host), page_of(quick, "quick", 1.0))
        poller.start()
        assert poller.wait_for_round(1, 10)
        quick.wait_until_asked(3, SUMMARY)
        assert host.paths.count(SUMMARY) == 1
    assert {state.reading for state in poller.states()} == {Reading.FRESH}


def test_check_now_polls_at_once_and_again_where_a_poll_is_under_way(make, host):
    poller = make(page_of(host))
    poller.start()
    poller.wait_for_round(1, 10)
    poller.check_now()
    host.wait_until_asked(2, SUMMARY)
    poller.wait_for_round(2, 10)
    host.hang()
    poller.check_now()
    host.wait_until_asked(3, SUMMARY)
    poller.check_now()
    host.release()
    host.wait_until_asked(4, SUMMARY)


def test_pages_come_and_go_while_it_polls(make, host):
    poller = make(page_of(host))
    poller.start()
    poller.wait_for_round(1, 10)
    with StatusHost(statuspage()) as other:
        poller.watch([page_of(other, "other")])
        other.wait_until_asked(1, SUMMARY)
        wait_until(lambda: [state.reading for state in poller.states()] == [Reading.FRESH], "the new page")
        assert [page.id for page in poller.pages] == ["other"]
    assert host.paths.count(SUMMARY) == 1


def test_a_new_interval_is_in_force_at_once(make, host):
    poller = make(page_of(host))
    poller.start()
    poller.wait_for_round(1, 10)
    poller.watch([replace(poller.pages[0], interval=1.0)])
    host.wait_until_asked(4, SUMMARY)


def test_pages_that_hang_do_not_hold_up_the_others(make, host):
    hanging = [StatusHost() for _ in range(12)]
    for each in hanging:
        each.hang()
    try:
        pages = [page_of(each, f"h{number}", 1.0) for number, each in enumerate(hanging)]
        poller = make(*pages, page_of(host, interval=1.0))
        poller.start()
        host.wait_until_asked(1, SUMMARY, timeout=30)
        for each in hanging:
            each.wait_until_asked(2, timeout=40)
        asked = host.paths.count(SUMMARY)
        began = time.monotonic()
        host.wait_until_asked(asked + 3, SUMMARY)
        assert time.monotonic() - began < 9, "healthy pages keep their interval once the slow ones are known"
    finally:
        for each in hanging:
            each.stop()


def test_a_fault_in_a_provider_or_in_what_is_shown_ends_nothing(make, host, caplog):
    class Faulty(StatuspageProvider):
        def read(self, situation, told):
            if host.paths.count(SUMMARY) == 1:
                raise ZeroDivisionError("a bug")
            return super().read(situation, told)

    poller = make(page_of(host, interval=1.0), provider=Faulty())
    poller.on_poll(lambda: 1 // 0)
    poller.start()
    wait_until(lambda: poller.any_read, "a good poll after the fault")
    rounds = poller.rounds
    assert poller.wait_for_round(rounds + 9, 30), "more rounds than there are workers"
    assert "please report it" in caplog.text


def test_it_stops_at_once_though_a_request_hangs(make, host):
    host.hang()
    poller = make(page_of(host))
    poller.start()
    host.wait_until_asked()
    began = time.monotonic()
    poller.stop()
    assert time.monotonic() - began < 1


def test_it_sleeps_between_polls(make, host):
    """Time is a parameter: nothing is due until the clock says so, and then at once."""
    clock = [1000.0]
    poller = make(page_of(host, interval=600.0), monotonic=lambda: clock[0], chance=lambda: 0.5)
    poller.start()
    poller.wait_for_round(1, 10)
    due = poller.next_check()
    # An incident is open, so it is half the interval.
    assert 250 < (due - datetime.now(timezone.utc)).total_seconds() < 350
    clock[0] += 350
    poller.watch(poller.pages)  # wakes the thread, which looks at its clock
    host.wait_until_asked(2, SUMMARY)


def test_the_number_of_threads_does_not_grow_with_the_pages(make, host):
    before = set(threading.enumerate())
    poller = make(*(page_of(host, f"p{number}") for number in range(40)))
    poller.start()
    poller.wait_for_round(1, 30)
    ours = [each for each in threading.enumerate() if each.name.startswith("tray-status") and each not in before]
    assert len(ours) <= WORKERS + SLOW_WORKERS + 2
