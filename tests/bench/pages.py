"""Many status pages in a process of their own, each on its own port: cheap to ask, so that the asker is measured.

with pages(100) as served:
    served.urls, served.connections()
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from multiprocessing.connection import Connection
from typing import Any

from tests.loopback import INCIDENTS, NOON, SUMMARY, Row, component, incident, page, statuspage, update

OPEN_ON_EVERY = 20
"""One page in so many has an incident open; the others are quiet, as in life."""

_STATES = ("investigating", "identified", "monitoring", "resolved")
_WORDS = "We are investigating reports of elevated error rates and will tell more as soon as we know it. " * 3


def documents(number: int, *, parts: int = 100, incidents: int = 25, changes: int = 0) -> dict[str, bytes]:
    """One page as large as many vendors' are: a summary of some 45 kB, and a history of 25 incidents.

    With each change a further incident begins, goes on or ends.
    """
    rows = [_component(number, place) for place in range(parts)]
    past = [_past(number, place) for place in range(incidents)]
    current = [_incident(number, "open", ("investigating", "identified"))] if number % OPEN_ON_EVERY == 0 else []
    current += [_incident(number, f"new-{each}", _STATES[: changes - 4 * each]) for each in range((changes + 3) // 4)]
    head = page(f"Vendor {number}", id=f"{number:012x}")
    whole = statuspage(*current, *past, components=rows, indicator="minor" if current else "none", page=head)
    return {path: json.dumps(document).encode() for path, document in whole.items()}


def feed(number: int, *, incidents: int = 25, changes: int = 0) -> bytes:
    """The same history as a feed, in the shape of Statuspage's: an entry for each incident, newest first."""
    whole = documents(number, parts=0, incidents=incidents, changes=changes)
    entries = "".join(_entry(number, each) for each in reversed(json.loads(whole[INCIDENTS])["incidents"]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">'
        f"<id>tag:vendor-{number}.example,2005:/history</id><title>Vendor {number} Status - Incident History</title>"
        f"<updated>{NOON}</updated>{entries}</feed>"
    ).encode()


def _entry(number: int, row: Row) -> str:
    words = "".join(
        f"<p><small>Mar <var data-var='date'>1</var>, <var data-var='time'>12:00</var> UTC</small><br>"
        f"<strong>{each['status'].capitalize()}</strong> - {each['body']}</p>"
        for each in row["incident_updates"]
    )
    return (
        f"<entry><id>tag:vendor-{number}.example,2005:Incident/{row['id']}</id><published>{NOON}</published>"
        f"<updated>{row['updated_at']}</updated><title>{row['name']}</title>"
        f'<link rel="alternate" type="text/html" href="https://vendor-{number}.example/incidents/{row["id"]}"/>'
        f'<content type="html">{escape(words)}</content></entry>'
    )


def _component(number: int, place: int) -> Row:
    told = component(f"Region {number}-{place}", position=place, created_at=NOON, updated_at=NOON, showcase=True)
    words = "Requests to this region, as customers see them, behind all load balancers"
    return {
        **told,
        "description": words,
        "start_date": "2020-01-01",
        "page_id": f"{number:012x}",
        "only_show_if_degraded": False,
    }


def _past(number: int, place: int) -> Row:
    return _incident(number, str(place), _STATES)


def _incident(number: int, name: str, states: tuple[str, ...]) -> Row:
    updates = [
        update(f"{number}-{name}-{state}", state, _WORDS, at=f"2026-03-01T12:{place:02}:00Z")
        for place, state in enumerate(states)
    ]
    return incident(f"{number}-{name}", *updates, name="Elevated errors in some regions")


@dataclass
class Pages:
    """The running process."""

    urls: list[str]
    summary_bytes: int
    history_bytes: int
    _pipe: Connection

    def connections(self) -> int:
        """How many connections were opened to all of them so far."""
        self._pipe.send("connections")
        return int(self._pipe.recv())

    def requests(self) -> int:
        """How many requests were answered so far."""
        self._pipe.send("requests")
        return int(self._pipe.recv())


@contextmanager
def pages(count: int) -> Iterator[Pages]:
    """So many pages, up until the end of the `with`."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(count, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        ports = ours.recv()
        first = documents(1)
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        yield Pages(urls, len(first[SUMMARY]), len(first[INCIDENTS]), ours)
    finally:
        ours.close()
        process.join(10)
        if process.is_alive():
            process.kill()


def _serve(count: int, pipe: Connection) -> None:
    asyncio.run(_Server(count, pipe).run())


class _Server:
    """Counts for all pages, and answers the process that started this one."""

    def __init__(self, count: int, pipe: Connection) -> None:
        self._count = count
        self._pipe = pipe
        self._over = asyncio.Event()
        self.told = {"connections": 0, "requests": 0}

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        ports = []
        for number in range(self._count):
            answers = {path: _Answer(body) for path, body in documents(number).items()}
            server = await loop.create_server(partial(_Talk, answers, self.told), "127.0.0.1", 0, backlog=128)
            ports.append(server.sockets[0].getsockname()[1])
        loop.add_reader(self._pipe.fileno(), self._tell)
        self._pipe.send(ports)
        await self._over.wait()

    def _tell(self) -> None:
        try:
            self._pipe.send(self.told[self._pipe.recv()])
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self._pipe.fileno())
            self._over.set()


class _Talk(asyncio.Protocol):
    """One connection, kept open for as long as its client likes."""

    def __init__(self, answers: dict[str, _Answer], told: dict[str, int]) -> None:
        self._answers = answers
        self._told = told
        self._head = b""

    def connection_made(self, transport: Any) -> None:
        self._told["connections"] += 1
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._head += data
        while b"\r\n\r\n" in self._head:
            head, _, self._head = self._head.partition(b"\r\n\r\n")
            self._told["requests"] += 1
            answer = self._answers.get(head.split(b" ", 2)[1].decode())
            self._transport.write(_ABSENT if answer is None else answer.to(head))


_ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class _Answer:
    """The bytes of both answers that a document may get."""

    def __init__(self, body: bytes) -> None:
        self._etag = b'W/"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
        kind = b"Content-Type: application/json; charset=utf-8\r\n"
        self._whole = b"HTTP/1.1 200 OK\r\nETag: %s\r\n%sContent-Length: %d\r\n\r\n%s" % (
            self._etag,
            kind,
            len(body),
            body,
        )
        self._unchanged = b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % self._etag

    def to(self, head: bytes) -> bytes:
        return self._unchanged if self._etag in head else self._whole
