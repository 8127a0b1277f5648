"""The fetcher against hosts that misbehave: every fault ends in time, as a problem that a person can read."""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.faults import (
    FAULTS,
    PACKED,
    FaultHost,
    answer,
    drip_body,
    drip_without_length,
    gzip_bomb,
    packed_bomb,
    redirects,
    says,
    says_and_ends,
)
from tray_status.core.exchange import Answer, Problem, Request
from tray_status.core.model import Reading
from tray_status.fetch import Fetcher
from tray_status.fetch.deadlines import Deadlines

LONG = 60.0
"""A deadline that no test waits for: what ends earlier was ended by something else."""

SOON = 5.0
"""Seconds within which "at once" happens on the slowest machine; LONG is far from it."""


@pytest.fixture
def fetcher():
    fetcher = Fetcher(deadline=LONG, connect_timeout=LONG, size_limit=2**20)
    yield fetcher
    fetcher.close()


def assert_reads_well(problem, host):
    """One sentence that names the host, with no class names and no noise of libraries."""
    assert host in problem.text
    assert not re.search(r"Error|Exception|Pool|0x|Errno|retries|object|_|\n|[<>{}]", problem.text), problem.text
    assert not problem.text.endswith((".", ":", " ")), problem.text
    assert len(problem.text) < 200


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if not fault.slow])
def test_a_fault_is_a_problem_in_words(fetcher, name):
    packed_bomb()
    with FaultHost(FAULTS[name].behaviour) as host:
        got = fetcher.get(Request(host.url + "/"))
    assert isinstance(got, Problem)
    gone = name in ("empty reply", "reset before headers", "reset in body")
    login = name.startswith("login")
    assert got.reading is (Reading.UNREACHABLE if gone else Reading.BLOCKED if login else Reading.BROKEN)
    assert_reads_well(got, host.netloc)


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.slow])
def test_a_deadline_holds_against_any_way_to_be_slow(name):
    fetcher = Fetcher(deadline=0.3)
    with FaultHost(FAULTS[name].behaviour) as host:
        began = time.monotonic()
        got = fetcher.get(Request(host.url + "/"))
        took = time.monotonic() - began
    fetcher.close()
    assert 0.29 < took < SOON
    assert got.reading is Reading.UNREACHABLE
    assert got.text == f"{host.netloc} did not answer within 0.3 s"


def test_each_request_has_a_deadline_of_its_own():
    """One that is overdue harms neither those before nor those after it."""
    fetcher = Fetcher(deadline=0.3)
    with FaultHost(drip_body) as slow, FaultHost(says(answer(b"{}"))) as quick:
        for _ in range(3):
            assert fetcher.get(Request(slow.url + "/")).reading is Reading.UNREACHABLE
            assert fetcher.get(Request(quick.url + "/")).status == 200
    fetcher.close()
    assert quick.accepted == 1


def test_a_bomb_is_never_unpacked_whole(fetcher):
    bomb = packed_bomb()
    assert len(bomb) < 2**18
    with FaultHost(gzip_bomb) as host:
        fetcher.get(Request(host.url + "/"))  # what is imported now is not measured
        tracemalloc.start()
        got = fetcher.get(Request(host.url + "/"))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert got.text == f"the answer of {host.netloc} is larger than 1 MiB"
    assert peak < 8 * 2**20


# --- closing --------------------------------------------------------------------------------------------------


class Asking:
    """A request on a thread of its own."""

    def __init__(self, fetcher, url):
        self.got = None
        self.ended_at = 0.0
        self._thread = threading.Thread(target=self._get, args=(fetcher, url), daemon=True)
        self._thread.start()

    def _get(self, fetcher, url):
        self.got = fetcher.get(Request(url))
        self.ended_at = time.monotonic()

    def join(self):
        self._thread.join(SOON)
        assert not self._thread.is_alive(), "the request still hangs"
        return self.got


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.slow])
def test_closing_ends_whatever_hangs_at_once(fetcher, name):
    with FaultHost(FAULTS[name].behaviour) as host:
        requests = [Asking(fetcher, host.url + "/") for _ in range(3)]
        host.wait_until_asked(3)
        fetcher.close()
        for request in requests:
            got = request.join()
            assert got.reading is Reading.UNREACHABLE
            assert got.text == f"the request to {host.netloc} was given up, because the program ends"


def test_a_body_that_closing_cut_off_is_not_taken_for_a_whole_one(fetcher):
    with FaultHost(drip_without_length) as host:
        request = Asking(fetcher, host.url + "/")
        host.wait_until_asked()
        fetcher.close()
        assert isinstance(request.join(), Problem)


def test_closed_once_and_for_all(fetcher):
    with FaultHost(says(answer())) as host:
        assert fetcher.get(Request(host.url + "/")).status == 200
        fetcher.close()
        fetcher.close()
        got = fetcher.get(Request(host.url + "/"))
    assert (got.reading, len(host.asked)) == (Reading.UNREACHABLE, 1)
    assert got.text == f"{host.netloc} was not asked, because the program ends"


def test_closed_before_anything_was_asked(fetcher):
    fetcher.close()
    assert fetcher.get(Request("http://127.0.0.1:9/")).reading is Reading.UNREACHABLE


def test_a_request_that_begins_while_all_are_closed_is_ended_too():
    deadlines = Deadlines()
    deadlines.close()
    ours, theirs = socket.socketpair()
    with ours, theirs, deadlines.flight(LONG) as flight:
        flight.waits_on(ours)
        theirs.settimeout(SOON)
        assert theirs.recv(1) == b"", "its socket was not shut down"


def test_no_thread_is_left_behind():
    before = set(threading.enumerate())
    fetcher = Fetcher()
    with FaultHost(says_and_ends(answer())) as host:
        fetcher.get(Request(host.url + "/"))
    fetcher.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(SOON)
    assert set(threading.enumerate()) <= before


# --- no connection at all -------------------------------------------------------------------------------------


def test_a_port_where_nobody_listens(fetcher):
    with FaultHost(says(answer())) as host:
        pass
    got = fetcher.get(Request(host.url + "/"))
    assert (got.reading, got.text) == (Reading.UNREACHABLE, f"{host.netloc} refused the connection")
    assert got.sign is None, "whoever refuses is there"


def name_service(monkeypatch, addresses):
    """Have names stand for these addresses; the network's name servers are not to be asked by a test."""

    def look_up(host, port, *_, **__):
        if host not in addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        stream = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*stream, (address, own_port or port)) for address, own_port in addresses[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_name_that_nobody_knows(fetcher, monkeypatch):
    name_service(monkeypatch, {})
    got = fetcher.get(Request("http://status.acme.example/"))
    assert (got.reading, got.text) == (Reading.UNREACHABLE, "the name status.acme.example cannot be found")


@pytest.mark.parametrize("name", ["a" * 70 + ".example", "a..example", "-"])
def test_a_name_that_cannot_be(fetcher, monkeypatch, name):
    name_service(monkeypatch, {})
    got = fetcher.get(Request(f"http://{name}/"))
    assert (got.reading, got.text) == (Reading.UNREACHABLE, f"the name {name} cannot be found")


def test_the_next_address_is_tried_where_one_refuses(fetcher, monkeypatch):
    with FaultHost(says(answer())) as gone:
        pass
    with FaultHost(says(answer(b"here"))) as host:
        name_service(monkeypatch, {"acme.example": [("127.0.0.1", gone.port), ("127.0.0.1", host.port)]})
        assert fetcher.get(Request("http://acme.example/")).body == b"here"


ROUTER = ("router.example", "router.example.", "127.0.0.1", "localhost")


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]/", "http://router.example:{port}/",
     "http://127.0.0.1.:{port}/", "http://localhost.:{port}/", "http://router.example.:{port}/",
     "http://ROUTER.example.:{port}/"],
)  # fmt: skip
def test_no_public_host_leads_into_the_private_network(fetcher, monkeypatch, target):
    with FaultHost(says(answer(b"the router's own page"))) as router:
        with FaultHost(redirects(target.format(port=router.port))) as host:
            here = {"acme.example": [("127.0.0.1", host.port)]}
            name_service(monkeypatch, {**here, **{each: [("127.0.0.1", 0)] for each in ROUTER}})
            got = fetcher.get(Request("http://acme.example/"))
        assert router.accepted == 0
    assert got.reading is Reading.BLOCKED
    assert got.text.startswith("a redirect leads into a private network, to ")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "fe80::1", "fd00::1",
     "fec0::1"],
)  # fmt: skip
@pytest.mark.parametrize("by_name", [True, False], ids=["by name", "as it is"])
def test_no_public_host_leads_to_an_address_that_is_not_public(fetcher, monkeypatch, address, by_name):
    target = "router.example" if by_name else f"[{address}]" if ":" in address else address
    with FaultHost(redirects(f"http://{target}:9/")) as host:
        name_service(
            monkeypatch,
            {"acme.example": [("127.0.0.1", host.port)], "router.example": [(address, 9)], address: [(address, 9)]},
        )
        got = fetcher.get(Request("http://acme.example/"))
    assert got.reading is Reading.BLOCKED
    assert got.text.startswith(f"a redirect leads into a private network, to {target}")


def test_no_public_host_leads_into_the_private_network_over_a_connection_that_is_kept(fetcher, monkeypatch):
    """What a person watches there themselves is no way in for others."""
    with FaultHost(says(answer(b"secret"))) as inner:
        watched = f"http://inner.example:{inner.port}/"
        with FaultHost(redirects(f"{watched}deeper")) as host:
            name_service(
                monkeypatch, {"acme.example": [("127.0.0.1", host.port)], "inner.example": [("127.0.0.1", 0)]}
            )
            assert fetcher.get(Request(watched)).body == b"secret"
            got = fetcher.get(Request("http://acme.example/"))
            assert fetcher.get(Request(watched)).body == b"secret"
    assert (got.reading, got.text) == (
        Reading.BLOCKED,
        "a redirect leads into a private network, to inner.example",
    )
    assert [each.target for each in inner.asked] == ["/", "/"]


@pytest.fixture
def black_hole():
    """A port that neither takes a connection nor refuses it: its queue is full."""
    if sys.platform != "linux":
        pytest.skip("only Linux leaves those waiting whom a full queue cannot take")
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    port = listener.getsockname()[1]
    queued = [socket.socket() for _ in range(4)]
    for each in queued:
        each.setblocking(False)
        each.connect_ex(("127.0.0.1", port))
    yield port
    for each in (*queued, listener):
        each.close()


def test_a_connection_that_is_never_made_ends_within_its_time(black_hole):
    fetcher = Fetcher(deadline=LONG, connect_timeout=0.2)
    got = fetcher.get(Request(f"http://127.0.0.1:{black_hole}/"))
    fetcher.close()
    assert got.text == f"127.0.0.1:{black_hole} did not answer within 0.2 s"
    assert got.reading is Reading.UNREACHABLE


def test_many_addresses_do_not_stretch_the_deadline(black_hole, monkeypatch):
    name_service(monkeypatch, {"acme.example": [("127.0.0.1", black_hole)] * 1000})
    fetcher = Fetcher(deadline=0.4, connect_timeout=0.3)
    began = time.monotonic()
    got = fetcher.get(Request("http://acme.example/"))
    fetcher.close()
    assert time.monotonic() - began < SOON
    assert got.text == "acme.example did not answer within 0.4 s"


def test_closing_ends_a_connection_that_is_being_made(fetcher, black_hole, monkeypatch):
    connecting = threading.Event()
    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", lambda sock, to: (connecting.set(), connect(sock, to))[1])
    request = Asking(fetcher, f"http://127.0.0.1:{black_hole}/")
    assert connecting.wait(SOON)
    give_up = time.monotonic() + SOON
    while request.got is None and time.monotonic() < give_up:
        fetcher.close()  # again and again, for the thread may have been a step short of connecting
    assert request.join().reading is Reading.UNREACHABLE


# --- anything at all ------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 302 Found\r\n",
        b"HTTP/1.1 304 Not Modified\r\n",
        b"HTTP/1.1 100 Continue\r\n",
        b"HTTP/9.9 -1 \r\n",
        b"Content-Length: 4\r\n",
        b"Content-Length: -4\r\n",
        b"Content-Length: 4, 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Content-Encoding: deflate\r\n",
        b"Location: \xff\xfe://[::\r\n",
        b"Location: http://\r\n",
        b"Retry-After: \xb2\r\n",
        b"Content-Type: \x00;;=\r\n",
        b"ETag: \x80\r\n",
        b": nameless\r\n",
        b" folded\r\n",
        b"\r\n",
        b"4\r\nbody\r\n0\r\n\r\n",
        b"body",
        b"\x1f\x8b",
        PACKED,
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES | st.binary(max_size=50), max_size=12))
@example([b"HTTP/1.1 200 OK\r\n", b"Content-Encoding: deflate\r\n", b"Content-Length: 1\r\n", b"\r\n", b"x"])
def test_whatever_a_host_sends_gets_an_answer_or_a_problem(pieces):
    fetcher = Fetcher(deadline=SOON)
    with FaultHost(says_and_ends(b"".join(pieces))) as host:
        got = fetcher.get(Request(host.url + "/"))
    fetcher.close()
    assert isinstance(got, (Answer, Problem))
    if isinstance(got, Problem):
        assert host.netloc in got.text
        assert got.text != f"{host.netloc} cannot be reached", "no words were found for it"
