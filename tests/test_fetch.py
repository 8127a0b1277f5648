"""What the fetcher asks, and what it brings back, from hosts that behave."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
import time
import zlib
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from tests.faults import Asked, FaultHost, Wire, answer, by_path, redirects, says
from tray_status import __version__
from tray_status.core.exchange import FEED_TYPE, Answer, Problem, Request, Validators
from tray_status.core.model import Reading
from tray_status.fetch import Fetcher

KNOWN = Validators('W/"abc"', "Mon, 02 Mar 2026 10:00:00 GMT")


@pytest.fixture
def fetcher():
    fetcher = Fetcher(deadline=10.0)
    yield fetcher
    fetcher.close()


def ask(fetcher, behaviour, **request):
    """One request to a host that behaves so: what came of it, and what the host was asked."""
    with FaultHost(behaviour) as host:
        return fetcher.get(Request(host.url + "/api", **request)), host


# --- one document ---------------------------------------------------------------------------------------------


def test_an_answer_carries_body_type_and_where_it_came_from(fetcher):
    got, host = ask(fetcher, says(answer(b'{"a": 1}', "Content-Type: Application/JSON; charset=utf-8")))
    assert isinstance(got, Answer)
    assert (got.status, got.body, got.content_type) == (200, b'{"a": 1}', "application/json")
    assert got.url == host.url + "/api"
    assert (got.validators, got.moved_to, got.retry_after) == (None, None, None)
    assert 0 < got.seconds < 10


def test_the_request_says_who_asks_for_what_and_nothing_more(fetcher):
    _, host = ask(fetcher, says(answer()), accept=FEED_TYPE)
    assert host.asked[0].headers == {
        "host": host.netloc,
        "user-agent": f"tray-status/{__version__} (+https://github.com/tray-status/tray-status)",
        "accept": FEED_TYPE,
        "accept-encoding": "gzip, deflate",
    }


def test_cookies_are_not_kept(fetcher):
    with FaultHost(says(answer(b"{}", "Set-Cookie: who=me; Path=/"))) as host:
        fetcher.get(Request(host.url + "/"))
        fetcher.get(Request(host.url + "/"))
    assert not any("cookie" in each.headers for each in host.asked)


def test_validators_make_the_next_request_conditional(fetcher):
    def behaviour(wire: Wire, asked: Asked) -> None:
        known = asked.headers.get("if-none-match") == KNOWN.etag
        headers = (f"ETag: {KNOWN.etag}", f"Last-Modified: {KNOWN.last_modified}")
        wire.say(answer(b"", *headers, status="304 Not Modified") if known else answer(b"{}", *headers))

    with FaultHost(behaviour) as host:
        first = fetcher.get(Request(host.url + "/"))
        second = fetcher.get(Request(host.url + "/", validators=first.validators))
    assert first.validators == KNOWN
    assert (second.status, second.body) == (304, b"")
    assert host.asked[1].headers["if-modified-since"] == KNOWN.last_modified
    assert host.accepted == 1


@pytest.mark.parametrize("etag", ['"ümlaut"', '"' + "x" * 600 + '"', "", '"tab\tinside"'])
def test_a_validator_that_cannot_be_sent_back_is_none(fetcher, etag):
    got, _ = ask(fetcher, says(answer(b"{}", f"ETag: {etag}")))
    assert got.validators is None


PLAIN = b'{"status": "fine"}' * 1000


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PLAIN)),
        ("GZIP", gzip.compress(PLAIN)),
        ("x-gzip", gzip.compress(PLAIN)),
        ("gzip", gzip.compress(PLAIN[:500]) + gzip.compress(PLAIN[500:])),
        ("gzip", gzip.compress(PLAIN) + b"\0" * 20),
        ("deflate", zlib.compress(PLAIN)),
        ("deflate", bare_deflate(PLAIN)),
        ("identity", PLAIN),
    ],
    ids=["gzip", "capitals", "x-gzip", "two members", "padding", "deflate", "deflate without a head", "identity"],
)
def test_packed_bodies_are_unpacked(fetcher, coding, packed):
    got, _ = ask(fetcher, says(answer(packed, f"Content-Encoding: {coding}")))
    assert got.body == PLAIN


def test_an_empty_body_may_be_called_packed(fetcher):
    got, _ = ask(fetcher, says(answer(b"", "Content-Encoding: gzip")))
    assert got.body == b""


def test_chunks_are_put_together(fetcher):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    got, _ = ask(fetcher, says(head + b"5;note=x\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n"))
    assert got.body == b"hello world"


def test_a_body_as_large_as_allowed_is_taken_and_one_byte_more_is_not():
    fetcher = Fetcher(size_limit=5000)
    for packed, coding in ((lambda body: body, "identity"), (gzip.compress, "gzip")):
        fits, _ = ask(fetcher, says(answer(packed(b"x" * 5000), f"Content-Encoding: {coding}")))
        larger, _ = ask(fetcher, says(answer(packed(b"x" * 5001), f"Content-Encoding: {coding}")))
        assert fits.body == b"x" * 5000
        assert (larger.reading, "is larger than 5,000 bytes" in larger.text) == (Reading.BROKEN, True)
    fetcher.close()


@pytest.mark.parametrize(
    "status", ["404 Not Found", "403 Forbidden", "500 Oops", "503 Service Unavailable", "204 None"]
)
def test_the_status_is_for_others_to_judge(fetcher, status):
    got, _ = ask(fetcher, says(answer(b"", status=status)))
    assert isinstance(got, Answer)
    assert got.status == int(status[:3])


def in_an_hour() -> str:
    return format_datetime(datetime.now(timezone.utc) + timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("1.5", 1.5),
        ("-5", 0),
        ("99999999", 3_600),
        ("9" * 400, 3_600),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("²", None),
        ("Mon, 02 Mar 2020 10:00:00 GMT", 0),
        ("Mon, 02 Mar 2020 10:00:00", 0),
        ("Mon, 02 Mar 9999 10:00:00 +0000", 3_600),
        ("Mon, 02 Mar 99999999999999999999 10:00:00 GMT", None),
    ],
)
def test_retry_after_is_understood_in_all_its_forms(fetcher, text, seconds):
    got, _ = ask(fetcher, says(answer(b"", f"Retry-After: {text}", status="429 Too Many Requests")))
    assert (got.status, got.retry_after) == (429, seconds)


def test_retry_after_may_be_a_date(fetcher):
    got, _ = ask(fetcher, says(answer(b"", f"Retry-After: {in_an_hour()}", status="503 Service Unavailable")))
    assert 3500 < got.retry_after <= 3600


def test_odd_headers_do_no_harm(fetcher):
    odd = ("Content-Type: ", "X-Odd: sm\xf8rrebr\xf8d", "ETag: \xff\xfe", "Last-Modified: \x01")
    got, _ = ask(fetcher, says(answer(b"{}", *odd)))
    assert (got.status, got.body, got.content_type, got.validators) == (200, b"{}", "", None)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "status.openai.com",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://",
        "http:///path",
        "http://[::1",
        "http://127.0.0.1:99999999/",
        "http://127.0.0.1:port/",
        "http://someone:secret@127.0.0.1/",
        "http://127.0.0.1/a b",
        " http://127.0.0.1/",
        "http://127.0.0.1/\r\nX: y",
        "http://\x00/",
        "https://\ud800/",
    ],
)
def test_what_is_no_address_is_a_problem_in_words(fetcher, url):
    got = fetcher.get(Request(url))
    assert isinstance(got, Problem)
    assert got.reading is Reading.BROKEN
    assert "is no http or https address" in got.text
    got.text.encode()


def test_a_request_with_a_header_that_cannot_be_sent_is_a_problem(fetcher):
    got, host = ask(fetcher, says(answer()), validators=Validators("a\r\nX-Evil: 1"))
    assert (got.reading, host.asked) == (Reading.BROKEN, [])
    assert host.netloc in got.text


# --- redirects ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        ("301 Moved Permanently", True),
        ("302 Found", False),
        ("303 See Other", False),
        ("307 Temporary Redirect", False),
        ("308 Permanent Redirect", True),
    ],
)
@pytest.mark.parametrize("to", ["/new?a=%20b#part", "new?a= b", "//{netloc}/new?a=%20b", "{url}/new?a=%20b"])
def test_a_redirect_is_followed_and_a_permanent_one_is_told(fetcher, status, permanent, to):
    paths = {"/new?a=%20b": says(answer(b"here"))}
    with FaultHost(by_path(paths)) as host:
        paths["/old"] = redirects(to.format(netloc=host.netloc, url=host.url), status)
        got = fetcher.get(Request(host.url + "/old"))
        new = host.url + "/new?a=%20b"
    assert (got.body, got.url, got.moved_to) == (b"here", new, new if permanent else None)
    assert host.accepted == 1


@pytest.mark.parametrize("statuses", [("301", "302"), ("302", "301"), ("307", "308")])
def test_one_temporary_redirect_makes_the_whole_way_temporary(fetcher, statuses):
    first, second = (f"{status} Moved" for status in statuses)
    paths = {"/api": redirects("/b", first), "/b": redirects("/c", second), "/c": says(answer(b"here"))}
    got, _ = ask(fetcher, by_path(paths))
    assert (got.body, got.moved_to) == (b"here", None)


def test_five_redirects_are_followed_and_the_sixth_is_not(fetcher):
    steps = {f"/{left}": redirects(f"/{left - 1}") for left in range(1, 7)}
    with FaultHost(by_path({**steps, "/0": says(answer(b"here"))})) as host:
        five, six = fetcher.get(Request(host.url + "/5")), fetcher.get(Request(host.url + "/6"))
    assert five.body == b"here"
    assert (six.reading, "round in circles" in six.text) == (Reading.BROKEN, True)


def test_an_address_outside_ascii_is_followed(fetcher):
    to = "/straße".encode().decode("latin-1")  # as its bytes look in a header
    got, _ = ask(fetcher, by_path({"/api": redirects(to), "/stra%C3%9Fe": says(answer(b"here"))}))
    assert got.body == b"here"


def test_validators_stay_with_the_host_that_gave_them(fetcher):
    with FaultHost(says(answer(b"there"))) as there, FaultHost(redirects(there.url + "/new")) as here:
        got = fetcher.get(Request(here.url + "/old", validators=KNOWN))
    assert got.body == b"there"
    assert here.asked[0].headers["if-none-match"] == KNOWN.etag
    assert not {"if-none-match", "if-modified-since"} & set(there.asked[0].headers)


def test_validators_go_along_on_the_same_host(fetcher):
    paths = {"/api": redirects("/new"), "/new": says(answer(b"", status="304 Not Modified"))}
    got, host = ask(fetcher, by_path(paths), validators=KNOWN)
    assert (got.status, host.asked[1].headers["if-none-match"]) == (304, KNOWN.etag)


def test_not_modified_from_another_host_is_no_answer(fetcher):
    with FaultHost(says(answer(b"", status="304 Not Modified"))) as there, FaultHost(redirects(there.url)) as here:
        got = fetcher.get(Request(here.url + "/old", validators=KNOWN))
    assert got.reading is Reading.BROKEN
    assert there.netloc in got.text


# --- connections ----------------------------------------------------------------------------------------------


def test_many_requests_from_many_threads_share_a_few_connections(fetcher):
    threads, each = 8, 25
    got = []
    with FaultHost(says(answer(b"{}"))) as host:

        def work() -> None:
            got.extend(fetcher.get(Request(host.url + "/")).status for _ in range(each))

        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
    assert got == [200] * threads * each
    assert host.accepted <= threads


@pytest.mark.parametrize("drop", [Wire.end, Wire.reset])
def test_a_kept_connection_that_the_server_drops_is_no_fault_of_the_page(fetcher, drop):
    def behaviour(wire: Wire, asked: Asked) -> None:
        drop(wire) if (wire.number, wire.requests) == (1, 2) else wire.say(answer(b"{}"))

    with FaultHost(behaviour) as host:
        answers = [fetcher.get(Request(host.url + "/")) for _ in range(2)]
    assert [each.status for each in answers] == [200, 200]
    assert (host.accepted, len(host.asked)) == (2, 3)


def test_a_new_connection_that_the_server_drops_is_not_asked_again(fetcher):
    got, host = ask(fetcher, lambda wire, asked: wire.end())
    assert (got.reading, host.accepted) == (Reading.UNREACHABLE, 1)


def test_a_dropped_connection_is_tried_again_only_once(fetcher):
    def behaviour(wire: Wire, asked: Asked) -> None:
        wire.say(answer()) if (wire.number, wire.requests) == (1, 1) else wire.end()

    with FaultHost(behaviour) as host:
        first, second = fetcher.get(Request(host.url + "/")), fetcher.get(Request(host.url + "/"))
    assert (first.status, second.reading) == (200, Reading.UNREACHABLE)
    assert (host.accepted, len(host.asked)) == (2, 3)


def test_a_server_that_says_too_much_does_not_spoil_the_next_answer(fetcher):
    with FaultHost(says(answer(b"{}too much", length=2))) as host:
        bodies = [fetcher.get(Request(host.url + "/")).body for _ in range(3)]
    assert bodies == [b"{}"] * 3


def test_importing_the_fetcher_does_not_import_requests():
    code = "import sys, tray_status.fetch; print(sorted({'requests', 'urllib3', 'truststore'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "[]"


def test_how_long_it_took_is_measured(fetcher):
    def behaviour(wire: Wire, asked: Asked) -> None:
        wire.left(0.1)
        wire.say(answer())

    began = time.monotonic()
    got, _ = ask(fetcher, behaviour)
    assert 0.1 <= got.seconds <= time.monotonic() - began
