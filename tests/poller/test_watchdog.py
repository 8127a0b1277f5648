"""Threads that die or hang are noticed and replaced; the pages and outputs beside them go on meanwhile."""

from __future__ import annotations

import threading

import pytest

from tests.loopback import SUMMARY, StatusHost, incident, statuspage, update
from tests.specimens import NOW, snapshot
from tests.specimens import incident as an_incident
from tests.specimens import update as an_update
from tests.waiting import PATIENCE, wait_until
from tray_status.core.diff import diff
from tray_status.core.model import Page, Reading
from tray_status.delivery import Delivery
from tray_status.fetch import Fetcher
from tray_status.poller import Poller
from tray_status.poller.crew import Lane
from tray_status.providers.statuspage import StatuspageProvider
from tray_status.store import Store

HOURS = 3600.0


class Stuck(StatuspageProvider):
    """Hangs, or ends its thread, at the next reading."""

    def __init__(self):
        self.hangs = threading.Event()
        self.goes_on = threading.Event()
        self.dies = False

    def read(self, situation, told):
        if self.hangs.is_set():
            self.hangs.clear()
            self.goes_on.wait(10)
        if self.dies:
            self.dies = False
            raise SystemExit  # no Exception: nothing on the way catches it
        return super().read(situation, told)


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("inc1", update("u1")))) as serving:
        yield serving


class Run:
    def __init__(self, host):
        self.clock = 0.0
        self.provider, self.fetcher, self.store = Stuck(), Fetcher(), Store.open(None)
        self.poller = Poller(
            [Page("acme", "Acme", host.url, 60.0)],
            self.provider,
            self.fetcher,
            self.store,
            monotonic=lambda: self.clock,
        )

    def close(self):
        self.provider.goes_on.set()
        self.fetcher.close()
        self.poller.stop()
        self.store.close()


@pytest.fixture
def run(host):
    made = Run(host)
    yield made
    made.close()


def test_a_poll_that_hangs_is_given_up_and_the_page_is_polled_by_another_worker(run, host, caplog):
    run.provider.hangs.set()
    run.poller.start()
    wait_until(lambda: not run.provider.hangs.is_set(), "the hang")
    run.clock += 100
    assert run.poller.heal() == [], "that long a poll may take"
    run.clock += 21
    assert run.poller.heal() == ["Polling Acme hung, or failed; it was started anew."]
    assert "goes_on.wait" in caplog.text, "where it hangs is logged"
    assert run.poller.wait_for_round(1, 10)
    events = run.store.last_seq()
    assert [state.reading for state in run.poller.states()] == [Reading.FRESH]
    run.provider.goes_on.set()
    assert run.poller.heal() == []
    assert run.store.last_seq() == events == 1, "what the lost worker found out counts for nothing"


def test_sleep_is_no_hang(run):
    run.provider.hangs.set()
    run.poller.start()
    wait_until(lambda: not run.provider.hangs.is_set(), "the hang")
    run.clock += 8 * HOURS
    run.poller.wake_up()
    assert run.poller.heal() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_dies_is_replaced_and_its_page_polled_again(run, host):
    run.provider.dies = True
    run.poller.start()
    wait_until(lambda: run.poller.heal(), "the loss")
    assert run.poller.wait_for_round(1, 10)
    assert [state.reading for state in run.poller.states()] == [Reading.FRESH]


def test_a_polling_thread_that_stands_still_is_replaced(run, host, caplog):
    run.poller.start()
    assert run.poller.wait_for_round(1, 10)
    asked = host.paths.count(SUMMARY)
    old = run.poller._thread
    run.clock += HOURS  # it sleeps by the real clock, as a thread that hangs does
    assert run.poller.heal() == ["Polling had come to a standstill; it was started anew."]
    host.wait_until_asked(asked + 1, SUMMARY)
    run.poller.check_now()
    old.join(10)
    assert not old.is_alive(), "the old one leaves once it wakes"
    wait_until(lambda: run.poller.heal() == [], "calm")


def test_a_sign_of_life_is_given_only_while_it_really_polls(run, host):
    assert not run.poller.is_alive, "it has not begun"
    run.poller.start()
    assert run.poller.wait_for_round(1, 10)
    assert run.poller.is_alive
    run.clock += HOURS
    assert not run.poller.is_alive, "it slept over what was due"
    run.poller.heal()
    wait_until(lambda: run.poller.is_alive, "the new one polls")
    run.poller.stop()
    assert not run.poller.is_alive


def test_nothing_is_replaced_while_all_is_well(run):
    assert run.poller.heal() == []
    run.poller.start()
    assert run.poller.wait_for_round(1, 10)
    assert run.poller.heal() == []


def test_a_lane_that_stops_replaces_nobody():
    lane = Lane("test", 2, lambda key: None)
    lane.start()
    lane.stop()
    lane.join(threading.TIMEOUT_MAX)
    assert lane.heal(lambda key, seconds: True) == []


class Told:
    def __init__(self, name):
        self.name = name
        self.seqs = []
        self.goes_on = threading.Event()
        self.goes_on.set()

    def deliver(self, events, told):
        for event in events:
            self.goes_on.wait(10)
            self.seqs.append(event.seq)
            told(event.seq)


def test_an_output_that_hangs_holds_up_no_other_and_gets_all_of_it_once_it_goes_on(caplog):
    store, clock = Store.open(None), [1.0]
    page = Page("acme", "Acme", "https://status.acme.example")

    def happen(number):
        told = snapshot(an_incident(*(an_update(each) for each in range(1, number + 1))))
        with store.writing(page) as writing:
            writing.save(diff(page, writing.known(told), told, NOW), told, NOW)

    delivery = Delivery(store, ["acme"], monotonic=lambda: clock[0])
    hanging, other = Told("hanging"), Told("other")
    hanging.goes_on.clear()
    delivery.add(hanging, after=0, kept=False)
    delivery.add(other, after=0, kept=False)
    happen(1)
    delivery.start()
    wait_until(lambda: delivery._routes[0].busy_since, "the hang")
    assert delivery.heal() == []
    clock[0] += 61
    assert delivery.heal() == ["The output “hanging” hangs; all others go on."]
    wait_until(lambda: other.seqs == [1], "the other one")
    happen(2)
    wait_until(lambda: other.seqs == [1, 2], "the other one, again")
    assert delivery.heal() == []
    hanging.goes_on.set()
    wait_until(lambda: hanging.seqs == [1, 2], "the one that hung")
    delivery.stop()
    store.close()


@pytest.mark.parametrize("part", ["poller", "delivery"])
def test_what_is_about_to_begin_is_not_taken_for_dead(monkeypatch, part):
    store = Store.open(None)
    made = Poller((), StatuspageProvider(), None, store) if part == "poller" else Delivery(store, ())
    begin, told, looks = threading.Thread.start, [], []

    def slowly(thread):
        """Somebody looks after it in the very moment in which it is made and does not run yet."""
        if thread.name in ("tray-status polling", "tray-status delivery") and not looks:
            looks.append(threading.Thread(target=lambda: told.extend(made.heal())))
            begin(looks[0])
            looks[0].join(0.2)
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", slowly)
    made.start()
    looks[0].join(PATIENCE)
    made.stop()
    store.close()
    assert told == []
