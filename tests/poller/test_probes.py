"""A probe of the service beside its page: never more often than the page, warned of once, and marked as ours."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from tests.loopback import Raw, StatusHost, incident, statuspage, update
from tests.watching import Watch, now
from tray_status.core.probe import read_target
from tray_status.fetch import Fetcher
from tray_status.fetch.probing import knock


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


def polls(watch, times):
    """What the person is told over some polls."""
    for _ in range(times):
        watch.poll()
    words = list(watch.words)
    watch.words.clear()
    return words


def test_a_service_that_fails_before_its_page_says_so_is_told_once_as_our_own_finding(watch, service):
    assert polls(watch, 3) == []
    service.documents["/"] = Raw(503)
    assert polls(watch, 1) == [], "one failure is no news"
    assert polls(watch, 3) == [
        f"Acme: Looks like a problem that the vendor has not posted yet. {service.url}/ answers with HTTP 503."
        " This was found by your probe; the vendor has not said it."
    ]
    service.documents["/"] = Raw(401)
    assert polls(watch, 3) == [f"Acme: {service.url}/ answers with HTTP 401 again, says your probe."]
    assert len(service.asked) == 10, "as often as the page is polled"
    assert watch.events == [], "the vendor said nothing"


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
