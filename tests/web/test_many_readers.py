"""Many readers, and slow ones, while polling goes on."""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

from tests.loopback import SUMMARY, StatusHost, incident, statuspage, update
from tests.waiting import wait_until
from tray_status.core.model import Page
from tray_status.engine import Engine
from tray_status.web.server import Server
from tray_status.web.site import Site

from .showing import ask

READERS = 200


def test_two_hundred_read_at_once_beside_slow_ones_and_polling_goes_on():
    with StatusHost(statuspage(incident("now", update("u1"))), etags=True) as host:
        engine = Engine([Page("acme", "Acme", host.url, 1.0)], None)
        engine.poller.start()
        assert engine.wait_for_round(20)
        with Server(Site(engine), "127.0.0.1", 0) as server:
            place = ("127.0.0.1", urlsplit(server.url).port)
            slow = [socket.create_connection(place, 10) for _ in range(50)]
            for each in slow:
                each.sendall(b"POST /do HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nd")
            answers: list[int] = []
            begin = threading.Barrier(READERS + 1)

            def read(number: int) -> None:
                begin.wait(30)
                answers.append(ask(server.url, ("/", "/history", "/api/v1/status", "/page?id=acme")[number % 4])[0])

            readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
            for each in readers:
                each.start()
            polls = host.paths.count(SUMMARY)
            begin.wait(30)
            for each in readers:
                each.join(60)
            assert answers == [200] * READERS
            wait_until(lambda: host.paths.count(SUMMARY) > polls, "the next poll", 20)
            assert ask(server.url)[0] == 200
            for each in slow:
                each.close()
        engine.stop()
