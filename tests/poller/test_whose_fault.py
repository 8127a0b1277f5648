"""Pages that fail together: the poller tells this computer's trouble from a host's and from a page's own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from tests.loopback import incident, statuspage, update
from tests.waiting import wait_until
from tray_status.core.events import EventKind
from tray_status.core.exchange import Answer, Problem, Sign
from tray_status.core.model import Page, Reading
from tray_status.core.view import look, view_of
from tray_status.poller import Poller
from tray_status.providers.statuspage import StatuspageProvider
from tray_status.store import Store

A_LONG_TIME = 3600.0
SILENCE = Problem(Reading.UNREACHABLE, "it did not answer within 20 s", sign=Sign.SILENCE)
LOST = Problem(Reading.UNREACHABLE, "its name cannot be found", sign=Sign.NO_NAME)


class Internet:
    """All hosts of the world: each is a Statuspage, until it gets a problem."""

    def __init__(self):
        self.routed = True
        self.problems = {}
        self.names = set()
        """Names that are found beside the watched ones."""
        self.asked = []
        self.documents = statuspage()

    def get(self, request):
        _, _, rest = request.url.partition("://")
        host, slash, path = rest.partition("/")
        self.asked.append(host)
        problem = self.problems.get(host, self.problems.get("*"))
        if problem is not None:
            return problem
        body = self.documents.get(slash + path)
        if body is None:
            return Answer(request.url, 404)
        return Answer(request.url, 200, json.dumps(body).encode(), "application/json")


class World:
    """Some pages that are polled whenever a test says so, on a clock of its own."""

    def __init__(self, *hosts):
        self.internet = Internet()
        self.clock = datetime(2026, 3, 1, tzinfo=timezone.utc)
        self.store = Store.open(None)
        pages = [Page(host, host.title(), f"https://{host}", A_LONG_TIME) for host in hosts]
        self.poller = Poller(
            pages,
            StatuspageProvider(),
            self.internet,
            self.store,
            now=lambda: self.clock,
            has_route=lambda: self.internet.routed,
            has_name=lambda host: host in self.internet.names,
        )
        self.poller.start()
        assert self.poller.wait_for_round(1, 10)

    def polls(self, times=1):
        """All pages are polled, a minute later each time; how each can be read then."""
        for _ in range(times):
            self.clock += timedelta(seconds=60)
            self.poller.check_now()
            assert self.poller.wait_for_round(self.poller.rounds + 1, 10)
        return {state.page.id: state.reading for state in self.poller.states()}

    @property
    def kinds(self):
        return [event.kind for event in self.store.events()]

    def close(self):
        self.poller.stop()
        self.store.close()


@pytest.fixture
def world():
    made = []

    def make(*hosts):
        made.append(World(*hosts))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_without_a_network_no_page_is_blamed_and_nothing_is_told(world):
    those = world("a.example", "b.example")
    those.internet.routed, those.internet.problems["*"] = False, LOST
    assert set(those.polls(3).values()) == {Reading.OFFLINE}
    assert those.poller.offline
    overview = look(those.poller.states(), those.clock)
    assert overview.offline
    assert {view.problem.text for view in overview.pages} == {"this computer has no network"}
    those.internet.routed = True
    del those.internet.problems["*"]
    assert set(those.polls().values()) == {Reading.FRESH}
    assert not those.poller.offline
    assert those.kinds == []


def test_where_no_name_is_found_a_lone_page_is_not_blamed(world):
    alone = world("status.acme.example")
    alone.internet.problems["*"] = LOST
    assert set(alone.polls(90).values()) == {Reading.OFFLINE}
    assert alone.kinds == []


def test_a_lone_page_whose_name_is_gone_is_told(world):
    alone = world("status.acme.example")
    alone.internet.problems["*"] = LOST
    alone.internet.names = {"acme.example"}
    assert set(alone.polls(2).values()) == {Reading.UNREACHABLE}
    assert alone.kinds == [EventKind.PAGE_UNREADABLE]


def test_a_lone_page_that_is_its_owners_only_name_is_told_after_an_hour(world):
    alone = world("acmestatus.example")
    alone.internet.problems["*"] = LOST
    assert set(alone.polls(55).values()) == {Reading.OFFLINE}
    alone.polls(10)
    assert alone.kinds == [EventKind.PAGE_UNREADABLE]


def test_a_lone_page_that_was_never_read_is_not_blamed_either(world):
    alone = world("status.acme.example")
    alone.internet.problems["*"] = LOST
    page = Page("status.new.example", "New", "https://status.new.example", A_LONG_TIME)
    alone.poller.watch([page])
    assert set(alone.polls(3).values()) == {Reading.OFFLINE}
    assert alone.kinds == []


def test_a_page_that_fails_once_after_the_network_came_back_is_not_called_offline(world):
    those = world("a.example", "b.example")
    those.internet.routed, those.internet.problems["*"] = False, LOST
    assert set(those.polls(3).values()) == {Reading.OFFLINE}
    those.internet.routed, those.internet.problems = True, {"a.example": SILENCE}
    assert those.polls() == {"a.example": Reading.FRESH, "b.example": Reading.FRESH}
    kept = view_of(those.store.state(those.poller.pages[0]), those.clock)
    assert kept.reading is Reading.FRESH


def test_one_failed_poll_is_no_news_and_the_second_is(world):
    those = world("a.example", "b.example")
    those.internet.problems["a.example"] = SILENCE
    assert set(those.polls(1).values()) == {Reading.FRESH}
    assert those.polls(1) == {"a.example": Reading.UNREACHABLE, "b.example": Reading.FRESH}
    assert those.kinds == [EventKind.PAGE_UNREADABLE]
    del those.internet.problems["a.example"]
    those.polls()
    assert those.kinds == [EventKind.PAGE_UNREADABLE, EventKind.PAGE_READABLE]


def test_a_page_that_failed_before_the_network_went_is_told_once_and_told_back_once(world):
    those = world("a.example", "b.example")
    those.internet.problems["a.example"] = SILENCE
    those.polls(2)
    those.internet.routed, those.internet.problems["*"] = False, LOST
    assert set(those.polls(3).values()) == {Reading.OFFLINE}
    those.internet.routed = True
    del those.internet.problems["*"]
    assert those.polls(2) == {"a.example": Reading.UNREACHABLE, "b.example": Reading.FRESH}
    those.internet.problems.clear()
    those.polls()
    assert those.kinds == [EventKind.PAGE_UNREADABLE, EventKind.PAGE_READABLE]


def test_polls_that_failed_for_want_of_a_network_do_not_count_against_a_page(world):
    those = world("a.example", "b.example")
    those.internet.routed, those.internet.problems["*"] = False, LOST
    those.polls(4)
    those.internet.routed = True
    those.internet.problems = {"a.example": SILENCE}
    assert those.polls(1)["b.example"] is Reading.FRESH
    assert those.kinds == [], "its first failure of its own is no news yet"
    assert those.polls(1)["a.example"] is Reading.UNREACHABLE
    assert those.kinds == [EventKind.PAGE_UNREADABLE]


def test_a_host_that_takes_most_of_a_platform_with_it_is_blamed_for_them(world):
    those = world("a.example", "b.example", "c.example", "d.example", "e.example")
    those.internet.problems = dict.fromkeys(("a.example", "b.example", "c.example"), SILENCE)
    readings = those.polls(3)
    assert [readings[each] for each in ("a.example", "b.example", "c.example")] == [Reading.HOST_DOWN] * 3
    assert readings["d.example"] is Reading.FRESH
    assert those.kinds == [EventKind.PAGE_UNREADABLE] * 3


def test_another_page_is_polled_ahead_of_time_to_tell_whose_trouble_it_is(world):
    those = world("a.example", "b.example")
    those.internet.problems["a.example"] = SILENCE
    those.internet.asked.clear()
    those.clock += timedelta(seconds=60)
    failing, other = those.poller.pages
    those.poller.watch([replace(failing, interval=1.0), other])
    wait_until(lambda: "b.example" in those.internet.asked, "the witness")


def test_after_a_sleep_one_failed_poll_is_no_news_and_what_came_meanwhile_is_marked(world):
    those = world("a.example", "b.example")
    those.internet.problems["a.example"] = SILENCE
    those.polls(1)
    those.clock += timedelta(hours=8)
    those.poller.wake_up()
    assert those.polls(1)["a.example"] is Reading.FRESH, "the failure from before the sleep counts for nothing"
    assert those.kinds == []
    those.internet.problems.clear()
    those.internet.documents = statuspage(incident("inc1", update("u1")))
    those.clock += timedelta(hours=8)
    those.polls(1)
    assert [(event.kind, event.late) for event in those.store.events()] == [(EventKind.OPENED, True)] * 2
    those.internet.documents = statuspage(incident("inc1", update("u1"), update("u2", at="2026-03-01T12:05:00Z")))
    those.polls(1)
    assert [event.late for event in those.store.events()][2:] == [False, False]


def test_the_round_after_a_sleep_is_spread(world):
    hosts = [f"h{number}.example" for number in range(20)]
    those = world(*hosts)
    those.poller.wake_up()
    waits = sorted(at for at, _ in those.poller._timetable._waiting)
    assert waits[-1] - waits[0] > 1
    assert those.poller.next_check() > those.clock


def test_a_network_that_comes_back_is_used_at_once(world):
    those = world("a.example", "b.example")
    those.internet.routed, those.internet.problems["*"] = False, LOST
    those.polls(2)
    asked = len(those.internet.asked)
    those.poller.look_at_network()
    assert len(those.internet.asked) == asked, "nobody is asked while there is no route"
    those.internet.routed = True
    del those.internet.problems["*"]
    rounds = those.poller.rounds
    those.poller.look_at_network()
    assert those.poller.wait_for_round(rounds + 1, 10)
    assert {state.reading for state in those.poller.states()} == {Reading.FRESH}
