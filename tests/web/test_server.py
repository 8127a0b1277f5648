"""The server: who may ask, what, under which name; and how it starts and ends."""

from __future__ import annotations

import socket
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

import pytest

from tray_status.errors import NoServer, StoreError, UsageError
from tray_status.web.server import Server

from .showing import TROUBLE, Shown, acme, ask


@pytest.fixture
def source():
    return Shown(acme(TROUBLE))


@pytest.fixture
def server(source):
    with Server(source.site, "127.0.0.1", 0) as serving:
        yield serving


def test_the_page_shows_what_is_open(server):
    status, headers, text = ask(server.url)
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    for words in ("1 incident open, worst: Minor", "Elevated errors", "Found it.", "API", "1 incident tracked"):
        assert words in text


@pytest.mark.parametrize("path", ["/", "/static/page.css", "/icon/minor.png", "/nothing", "/icon/no.png"])
def test_every_answer_forbids_all_that_is_not_needed(server, path):
    _, headers, _ = ask(server.url, path)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'")
    assert "unsafe" not in policy
    told = {name: headers.get(name) for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")}
    assert told == {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"}
    assert "Set-Cookie" not in headers
    assert "Server" not in headers


def test_an_unchanged_page_is_not_sent_again(server, source):
    etag = ask(server.url)[1]["Etag"]
    assert ask(server.url, headers={"If-None-Match": etag})[0] == 304
    source.states = (acme(),)
    assert ask(server.url, headers={"If-None-Match": etag})[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "a b", "[::1", "localhost:x"])
def test_a_foreign_name_is_refused_in_words(server, host):
    for path in ("/", "/static/page.js", "/icon/none.png"):
        status, _, text = ask(server.url, path, headers={"Host": host})
        assert status == 400
        assert "TRAY_STATUS_ALLOWED_HOSTS" in text or "Host" in text
        assert "Elevated" not in text


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"])
def test_this_computers_own_names_are_taken(server, host):
    assert ask(server.url, headers={"Host": host})[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_only_reading_is_possible(server, method):
    for path in ("/", "/icon/none.png", "/static/page.js"):
        assert ask(server.url, path, method)[0] == 405
    assert ask(server.url, "/", "HEAD")[::2] == (200, "")


@pytest.mark.parametrize(
    "path",
    ["/static/../views.py", "/static/%2e%2e/views.py", "/static/page.html", "/icon/../../etc/passwd.png",
     "/icon/x.png", "//evil.example/", "/static/", "/admin/", "/?x=" + "y" * 5000, "/%00", "/%ff"],
)  # fmt: skip
def test_nothing_else_is_there(server, path):
    status, _, text = ask(server.url, path)
    assert status == (200 if path.startswith("/?") else 404)
    assert "Traceback" not in text


def test_huge_headers_and_bodies_are_refused_and_the_next_request_is_served(server):
    assert ask(server.url, headers={"X-Large": "a" * 60_000})[0] == 431
    assert ask(server.url, method="POST", body=b"b" * 60_000)[0] in (405, 413)
    assert ask(server.url, headers={f"X-{number}": "a" * 100 for number in range(90)})[0] == 200


def test_what_is_no_http_harms_nobody(server):
    place = ("127.0.0.1", urlsplit(server.url).port)
    for nonsense in (
        b"\x00\xff\xfe\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\r\n" * 50,
    ):
        with socket.create_connection(place, 5) as connection:
            connection.sendall(nonsense)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(5)
            assert b"Traceback" not in connection.recv(4096)
    assert ask(server.url)[0] == 200


def test_a_history_that_cannot_be_read_is_told_and_not_green(server, source):
    source.error = StoreError("history.sqlite3: the disk cannot be read or written")
    status, _, text = ask(server.url)
    assert status == 503
    assert "the disk cannot be read or written" in text


def test_what_vendors_wrote_is_text(source, server):
    from dataclasses import replace

    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\" ' {{ 7|add:7 }} {% load x %}"
    source.states = (acme(replace(TROUBLE, name=hostile, url=None)),)
    text = ask(server.url)[2]
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "{{ 7|add:7 }}" in text


def test_many_ask_at_once(server):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask(server.url)[0])) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == [200] * 40


def test_it_ends_within_a_second_though_connections_are_open(source):
    server = Server(source.site, "127.0.0.1", 0)
    place = ("127.0.0.1", urlsplit(server.url).port)
    idle = [socket.create_connection(place) for _ in range(5)]
    idle[0].sendall(b"GET / HTTP/1.1\r\nHost: ")
    idle[1].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    began = time.monotonic()
    server.close()
    assert time.monotonic() - began < 1
    with pytest.raises(OSError, match=r"."):
        socket.create_connection(place, 1)
    for each in idle:
        each.close()


def test_the_port_is_free_again_at_once(source):
    first = Server(source.site, "127.0.0.1", 0)
    ask(first.url)
    port = urlsplit(first.url).port
    first.close()
    with Server(source.site, "127.0.0.1", port) as second:
        assert ask(second.url)[0] == 200


def test_next_check_is_told(source, server):
    source.next = datetime.now(timezone.utc) + timedelta(seconds=42)
    assert source.next.strftime('datetime="%Y-%m-%dT%H:%M:%SZ" class="due"') in ask(server.url)[2]


# Where it cannot listen


def test_a_taken_port_is_told_with_the_cure(server, source):
    port = urlsplit(server.url).port
    with pytest.raises(NoServer, match=rf"port {port} of 127\.0\.0\.1 is taken .*--port 0"):
        Server(source.site, "127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.77", "no.such.host.invalid", "a" * 300, "exa mple"])
def test_an_address_that_is_not_ours_is_told(source, host):
    with pytest.raises(UsageError, match=r"--host 127\.0\.0\.1"):
        Server(source.site, host, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets anybody have any port")
def test_a_port_that_needs_rights_is_told(source, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refused)  # who runs as root may have any port
    with pytest.raises(NoServer, match="from 1024 up"):
        Server(source.site, "127.0.0.1", 80)


def test_ipv6_is_served_where_there_is_one(source):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this computer has no IPv6 loopback")
    with Server(source.site, "::1", 0) as server:
        assert server.url.startswith("http://[::1]:")
        assert ask(server.url)[0] == 200
