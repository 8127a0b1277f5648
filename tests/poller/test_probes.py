"""A probe of the service beside its page: never more often than the page, warned of once, and marked as ours."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from tests.loopback import Raw, StatusHost, incident, statuspage, update
from tests.waiting import PATIENCE
from tests.watching import Watch, now
from tray_status.core.exchange import Answer, Problem, Sign
from tray_status.core.model import Impact, Page, Reading
from tray_status.core.probe import Verdict, read_target
from tray_status.core.view import view_of
from tray_status.fetch import Fetcher
from tray_status.fetch.probing import knock
from tray_status.poller import PagePoll, Poller
from tray_status.providers.statuspage import StatuspageProvider
from tray_status.store import Store


class Service(StatusHost):
    """Answers every path alike."""

    def __init__(self, status=200):
        super().__init__({"/": Raw(status)})


@pytest.fixture
def service():
    with Service() as host:
        yield host


@pytest.fixture
def watch(service):
    with StatusHost(statuspage()) as host:
        run = Watch(host)
        run._poll.page = replace(run._poll.page, probe=f"{service.url}/")
        yield run
        run.close()


def found_since(store, seq):
    """What probes found that is told, by whatever process."""
    return [event.component.found for event in store.events(seq) if event.component]


def polls(watch, times):
    """What the person is told over some polls."""
    before = watch.store.last_seq()
    for _ in range(times):
        watch.poll()
    assert watch.words == []
    return found_since(watch.store, before)


def test_a_service_that_fails_before_its_page_says_so_is_told_once_as_our_own_finding(watch, service):
    assert polls(watch, 3) == []
    service.documents["/"] = Raw(503)
    assert polls(watch, 1) == [], "one failure is no news"
    assert polls(watch, 3) == [
        f"Looks like a problem that the vendor has not posted yet. {service.url}/ answers with HTTP 503."
        " This was found by your probe; the vendor has not said it."
    ]
    assert watch.impact is Impact.UNKNOWN, "never green meanwhile"
    service.documents["/"] = Raw(401)
    assert polls(watch, 3) == [f"{service.url}/ answers with HTTP 401 again, says your probe."]
    assert watch.impact is Impact.NONE
    assert len(service.asked) == 10, "as often as the page is polled"


def test_what_was_found_is_known_to_whoever_reads_the_log_and_over_a_restart(watch, service):
    service.documents["/"] = Raw(503)
    polls(watch, 3)
    kept = view_of(watch.store.state(watch._poll.page), now())
    assert (kept.verdict, kept.impact) == (Verdict.NOT_POSTED, Impact.UNKNOWN)
    watch._poll = PagePoll(watch._poll.page, StatuspageProvider(), watch.fetcher, watch.store, now)
    assert watch.impact is Impact.UNKNOWN
    assert polls(watch, 3) == [], "it was told before"
    service.documents["/"] = Raw(200)
    assert len(polls(watch, 2)) == 1


def test_a_probe_that_finds_the_same_writes_nothing(watch, service):
    service.documents["/"] = Raw(503)
    polls(watch, 3)
    before = watch.store._database._connection.total_changes
    polls(watch, 3)
    assert watch.store._database._connection.total_changes == before


def test_what_the_vendor_has_posted_needs_no_warning(watch, service):
    watch.host.documents = statuspage(incident("inc1", update("u1")))
    service.documents["/"] = Raw(500)
    assert polls(watch, 4) == []


def test_nobody_knocks_where_that_was_not_asked_for(watch, service):
    watch._poll.page = replace(watch._poll.page, probe="")
    polls(watch, 2)
    assert service.asked == []


def test_ports_and_names(service):
    fetcher = Fetcher()
    port = service.url.rpartition(":")[2]
    assert knock(read_target(f"tcp:127.0.0.1:{port}"), fetcher, now).alive
    with socket.create_server(("127.0.0.1", 0)) as closed:
        free = closed.getsockname()[1]
    refused = knock(read_target(f"tcp:127.0.0.1:{free}"), fetcher, now)
    assert (refused.alive, refused.words) == (False, f"127.0.0.1:{free} does not answer: connection refused")
    assert knock(read_target("dns:localhost"), fetcher, now).alive
    assert not knock(read_target(f"https://127.0.0.1:{free}/"), fetcher, now).alive
    fetcher.close()


# --- the service, its page, and the network -------------------------------------------------------------------

SILENCE = Problem(Reading.UNREACHABLE, "it did not answer within 5 s", sign=Sign.SILENCE)
REFUSED = Problem(Reading.UNREACHABLE, "it refused the connection")
BLAMED = [
    "Looks like a problem that the vendor has not posted yet. it did not answer within 5 s."
    " This was found by your probe; the vendor has not said it."
]


A_LONG_TIME = 3600.0


class Internet:
    """All hosts of the world, each of which is a Statuspage and a service, until it gets a problem or a status."""

    def __init__(self):
        self.problems = {}
        self.asked = []

    def get(self, request):
        host, _, path = request.url.partition("://")[2].partition("/")
        self.asked.append(host)
        found = self.problems.get(host)
        if isinstance(found, Problem):
            return found
        document = statuspage().get(f"/{path}")
        if found or (document is None and path):
            return Answer(request.url, found or 404)
        return Answer(request.url, 200, json.dumps(document).encode(), "application/json")


class World:
    """Acme's page with a probe of its service, and perhaps others; a minute passes with each round of polls."""

    def __init__(self, *others, url="https://status.acme.example"):
        self.internet = Internet()
        self.clock = datetime(2026, 3, 1, tzinfo=timezone.utc)
        self.routed = True
        pages = [
            Page("acme", "Acme", url, A_LONG_TIME, probe="https://api.acme.example/"),
            *(Page(host, host, f"https://{host}", A_LONG_TIME) for host in others),
        ]
        self.store = Store.open(None)
        self.poller = Poller(
            pages, StatuspageProvider(), self.internet, self.store,
            now=lambda: self.clock, has_route=lambda: self.routed,
        )  # fmt: skip
        self.poller.start()
        assert self.poller.wait_for_round(1, PATIENCE)

    def rounds(self, times):
        """What the person is told over some rounds of polls."""
        before = self.store.last_seq()
        for _ in range(times):
            self.clock += timedelta(minutes=1)
            self.poller.check_now()
            assert self.poller.wait_for_round(self.poller.rounds + 1, PATIENCE)
        told = self.store.events(before)
        return [event.component.found for event in told if event.component and event.page.id == "acme"]

    def watch(self, probe):
        """Have another probe, or none, in the settings."""
        self.poller.watch([replace(page, probe=probe) if page.id == "acme" else page for page in self.poller.pages])

    def close(self):
        self.poller.stop()
        self.store.close()

    @property
    def found(self):
        """What the probe found, as far as it is sure."""
        return view_of(self.poller.states()[0], self.clock).probe

    @property
    def verdict(self):
        return view_of(self.poller.states()[0], self.clock).verdict


@pytest.fixture
def world():
    made = []

    def make(*others, **more):
        made.append(World(*others, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_where_page_and_service_are_silent_and_nobody_else_is_there_the_vendor_is_not_blamed(world):
    alone = world()
    alone.rounds(2)
    alone.internet.problems = {"status.acme.example": SILENCE, "api.acme.example": SILENCE}
    assert alone.rounds(5) == []
    assert alone.verdict is Verdict.UNKNOWN


def test_where_others_are_silent_too_nobody_is_blamed(world):
    those = world("b.example", "c.example")
    those.rounds(2)
    those.internet.problems = dict.fromkeys(
        ("status.acme.example", "api.acme.example", "b.example", "c.example"), SILENCE
    )
    assert those.rounds(5) == []
    assert those.verdict in (Verdict.UNKNOWN, Verdict.YOURS)


@pytest.mark.parametrize("other", [None, 500, 404, REFUSED])
def test_where_page_and_service_are_silent_and_another_host_answers_the_vendor_is_blamed(world, other):
    those = world("b.example")
    those.rounds(2)
    those.internet.problems = {
        "status.acme.example": SILENCE, "api.acme.example": SILENCE, "b.example": other,
    }  # fmt: skip
    assert those.rounds(5) == BLAMED
    assert those.verdict is Verdict.NOT_POSTED


@pytest.mark.parametrize("page", [None, 500, 404])
def test_where_the_page_answers_and_the_service_is_silent_the_vendor_is_blamed(world, page):
    alone = world()
    alone.rounds(2)
    alone.internet.problems = {"status.acme.example": page, "api.acme.example": SILENCE}
    assert alone.rounds(5) == BLAMED
    alone.internet.problems = {}
    assert alone.rounds(3) == ["https://api.acme.example/ answers with HTTP 200 again, says your probe."]
    assert alone.verdict is Verdict.GOOD


def test_a_service_that_answers_with_an_error_is_there_whatever_the_page_does(world):
    alone = world()
    alone.rounds(2)
    alone.internet.problems = {"status.acme.example": SILENCE, "api.acme.example": 503}
    assert len(alone.rounds(3)) == 1
    assert alone.verdict is Verdict.NOT_POSTED


def test_a_page_on_this_computer_proves_no_internet(world):
    alone = world(url="http://localhost:3001")
    alone.rounds(2)
    alone.internet.problems = {"api.acme.example": SILENCE}
    assert alone.rounds(3) == []
    assert alone.verdict is Verdict.UNKNOWN


def test_a_page_that_refuses_programs_while_its_service_is_well_is_not_this_computers_connection(world):
    alone = world()
    alone.internet.problems = {"status.acme.example": 403}
    assert alone.rounds(3) == []
    assert alone.verdict is Verdict.PAGE_ONLY


def test_what_a_probe_found_counts_for_nothing_after_a_time_without_network(world):
    alone = world()
    alone.rounds(2)
    assert alone.found.alive
    alone.routed = False
    alone.internet.problems = {"status.acme.example": SILENCE, "api.acme.example": SILENCE}
    assert alone.rounds(2) == []
    assert alone.found is None
    assert alone.verdict is Verdict.YOURS
    alone.routed = True
    alone.internet.problems = {"api.acme.example": SILENCE}
    assert alone.rounds(1) == []
    assert alone.found is None, "one knock after it is no news"
    assert alone.rounds(1) == BLAMED


@pytest.mark.parametrize("other", ["", "https://www.acme.example/", "dns:localhost"])
def test_what_another_probe_found_counts_for_nothing(world, other):
    alone = world()
    alone.internet.problems = {"api.acme.example": SILENCE}
    assert alone.rounds(3) == BLAMED
    alone.watch(other)
    assert alone.found is None, "at once"
    assert alone.rounds(1) == ["Your settings name this probe no longer; whether it works is not known."]
    assert alone.found is None
    assert alone.verdict is Verdict.GOOD
    alone.watch("https://api.acme.example/")
    assert alone.rounds(1) == []
    assert alone.found is None
    assert alone.rounds(1) == BLAMED, "it is asked for anew"


@pytest.mark.parametrize(
    ("error", "sign"),
    [
        (ConnectionRefusedError(111, "Connection refused"), None),
        (TimeoutError("timed out"), Sign.SILENCE),
        (ConnectionResetError(104, "Connection reset by peer"), Sign.SILENCE),
        (OSError(101, "Network is unreachable"), Sign.NO_ROUTE),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), Sign.NO_NAME),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), Sign.NO_NAME_SERVER),
        (UnicodeError("label too long"), Sign.NO_NAME),
    ],
)
def test_a_knock_tells_how_far_it_came(monkeypatch, error, sign):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(socket, "create_connection", fails)
    monkeypatch.setattr(socket, "getaddrinfo", fails)
    for target in ("tcp:smtp.acme.example:587", "dns:acme.example"):
        found = knock(read_target(target), None, now)
        assert (found.alive, found.problem.reading, found.problem.sign) == (False, Reading.UNREACHABLE, sign)
