"""The log → outputs: each event once, whatever the log and the outputs do meanwhile."""

from __future__ import annotations

import sqlite3

import pytest

from tests.specimens import ACME, NOW, ZENITH, event, incident, update
from tray_status.delivery import Delivery
from tray_status.errors import NotDelivered
from tray_status.store import Store


class Recorder:
    """Notes what it is told; refuses from the event on that it is told to."""

    name = "recorder"

    def __init__(self):
        self.told = []
        self.refuses_from = 10**9

    def deliver(self, events, told):
        for each in events:
            if each.seq >= self.refuses_from:
                raise NotDelivered("not now")
            self.told.append(each.seq)
            told(each.seq)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.sqlite3"


@pytest.fixture
def store(path):
    opened = Store.open(path)
    yield opened
    opened.close()


def happens(store, *pages):
    """One event on each of these pages."""
    for page in pages:
        with store.writing(page) as writing:
            writing.append([event(subject=incident(update(1)), page=page)], NOW)


def fed(store, *pages, alone=False):
    recorder = Recorder()
    delivery = Delivery(store, [page.id for page in pages])
    delivery.alone = alone
    delivery.add(recorder, after=store.cursor("recorder") or 0, kept=True)
    return recorder, delivery


def test_what_was_told_though_the_log_could_not_be_written_is_not_told_again_by_the_next_run(store, path):
    recorder, delivery = fed(store, ACME)
    happens(store, ACME, ACME)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.hurry()
    assert not delivery.deliver_due()
    assert recorder.told == [1, 2], "the rest was told though the first could not be noted"
    assert store.cursor("recorder") is None
    other.execute("ROLLBACK")
    other.close()
    assert delivery.deliver_due()
    assert store.cursor("recorder") == 2
    again, delivery = fed(store, ACME)
    assert delivery.deliver_due()
    assert again.told == []


def test_pages_that_are_fed_alone_leave_the_others_due(store):
    happens(store, ACME, ZENITH, ACME)
    alone, delivery = fed(store, ACME, alone=True)
    assert delivery.deliver_due()
    assert alone.told == [1, 3]
    happens(store, ZENITH)
    both, delivery = fed(store, ACME, ZENITH)
    assert delivery.deliver_due()
    assert both.told == [2, 4]
    assert store.told_alone("recorder") == {}
    later, delivery = fed(store, ACME, ZENITH)
    assert delivery.deliver_due()
    assert later.told == []


def test_a_run_of_one_page_that_is_refused_goes_on_where_it_was(store):
    happens(store, ACME, ZENITH, ACME)
    alone, delivery = fed(store, ACME, alone=True)
    alone.refuses_from = 3
    assert not delivery.deliver_due()
    alone.refuses_from = 10**9
    assert delivery.deliver_due()
    assert alone.told == [1, 3]
    both, delivery = fed(store, ACME, ZENITH)
    assert delivery.deliver_due()
    assert both.told == [2]


def test_thousands_of_events_of_a_page_that_was_told_alone_are_passed_over(store):
    happens(store, *[ACME] * 1200, ZENITH)
    _, delivery = fed(store, ACME, alone=True)
    assert delivery.deliver_due()
    both, delivery = fed(store, ACME, ZENITH)
    assert delivery.deliver_due()
    assert both.told == [1201]
