"""What is sent to an address: once, with its redirects on the same host only, and nothing of the address told."""

from __future__ import annotations

import logging
import threading
import time

import pytest

from tests.receiver import HANGS, RESETS, Receiver, Says
from tray_status.core.exchange import Answer, Posting, Problem
from tray_status.fetch import Fetcher

SECRET = "T0SECRETPATH"


@pytest.fixture
def receiver():
    with Receiver() as serving:
        yield serving


@pytest.fixture
def fetcher():
    made = Fetcher(deadline=20.0)
    yield made
    made.close()


@pytest.fixture
def hasty_fetcher():
    """For hosts that never answer."""
    made = Fetcher(deadline=1.0)
    yield made
    made.close()


def test_body_and_headers_arrive_as_they_are(receiver, fetcher):
    body = "“words”".encode()
    answer = fetcher.post(
        Posting(receiver.url("/a?b=c"), body, {"webhook-id": "x", "Content-Type": "application/json"})
    )
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (200, b"ok")
    (got,) = receiver.got
    assert (got.path, got.body, got.headers["webhook-id"]) == ("/a?b=c", body, "x")


def test_patience_is_handed_on(receiver, fetcher):
    receiver.says = lambda _got: Says(429, {"Retry-After": "7"})
    assert fetcher.post(Posting(receiver.url(), b"{}")).retry_after == 7.0


def test_a_redirect_is_followed_with_the_body_on_the_same_host_and_nowhere_else(receiver, fetcher):
    with Receiver() as other:
        elsewhere = other.url("/there").replace("127.0.0.1", "localhost")
        for path, status, location, ends in (
            ("/kept", 307, "/moved", 200),
            ("/kept-for-good", 308, "/moved", 200),
            ("/as-get", 302, "/moved", 302),
            ("/as-get-too", 303, "/moved", 303),
            ("/elsewhere", 307, elsewhere, 307),
            ("/file", 307, "file:///etc/passwd", 307),
            ("/nowhere", 307, "", 307),
        ):
            receiver.says = lambda got, told=(status, location): (
                Says() if got.path == "/moved" else Says(told[0], {"Location": told[1]})
            )
            answer = fetcher.post(Posting(receiver.url(path), b'{"seq": 1}'))
            assert isinstance(answer, Answer), answer
            assert (path, answer.status) == (path, ends)
        assert other.got == []
    assert all(each.body == b'{"seq": 1}' for each in receiver.got)
    receiver.says = lambda _got: Says(307, {"Location": "/again"})
    assert "in circles" in fetcher.post(Posting(receiver.url(), b"")).text


def test_what_goes_wrong_names_the_host_alone(receiver, hasty_fetcher, caplog):
    fetcher = hasty_fetcher
    with caplog.at_level(logging.DEBUG, "tray_status"):
        told = []
        for says in (RESETS, HANGS):
            receiver.says = lambda _got, says=says: says
            told.append(fetcher.post(Posting(receiver.url(f"/{SECRET}"), b"{}")))
        told.append(fetcher.post(Posting(f"http://127.0.0.1:1/{SECRET}", b"{}")))
        told.append(fetcher.post(Posting(f"https://127.0.0.1:{receiver.port}/{SECRET}", b"{}")))
        told.append(fetcher.post(Posting(f"http://name.invalid/{SECRET}", b"{}")))
        told.append(fetcher.post(Posting(f"no://address/{SECRET}", b"{}")))
    assert all(isinstance(each, Problem) for each in told)
    assert SECRET not in "".join(each.text + each.cure for each in told) + caplog.text
    assert "broke off" in told[0].text
    assert "did not answer within 1 s" in told[1].text


def test_the_end_of_the_program_ends_what_is_under_way(receiver):
    receiver.says = lambda _got: HANGS
    fetcher = Fetcher()
    answers = []
    thread = threading.Thread(target=lambda: answers.append(fetcher.post(Posting(receiver.url(), b"{}"))))
    thread.start()
    receiver.wait_for(1, taken=False)
    began = time.monotonic()
    fetcher.close()
    thread.join(5)
    assert time.monotonic() - began < 1
    assert isinstance(answers[0], Problem)
