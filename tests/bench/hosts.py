"""Many hosts with a status page each, in a process of their own, so that only who asks them is measured. On Linux.

Each has its own address of 127.0.0.0/8 and, over TLS, its own certificate; all may answer late, change, or close what
is idle.

with hosts(100, delay=0.05) as served:
    served.urls, served.counts()
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

FEED = "/history.atom"


@dataclass(frozen=True)
class Counts:
    """What went to and fro, without what TLS adds."""

    connections: int
    requests: int
    sent: int
    received: int

    def __sub__(self, before: Counts) -> Counts:
        return Counts(*(mine - theirs for mine, theirs in zip(_values(self), _values(before), strict=True)))

    @property
    def wire(self) -> int:
        """Bytes in both directions."""
        return self.sent + self.received


def _values(counts: Counts) -> tuple[int, ...]:
    return counts.connections, counts.requests, counts.sent, counts.received


class Hosts:
    """The running process, as it is spoken to. Light to import: who starts others must be small itself."""

    def __init__(self, process: subprocess.Popen[str], bundle: Path | None) -> None:
        self._process = process
        self.bundle = bundle
        """The system's certificates and that of these hosts' authority."""
        self.urls: list[str] = []

    @property
    def environment(self) -> dict[str, str]:
        """For whoever asks them."""
        names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE") if self.bundle else ()
        return {**os.environ, **{name: str(self.bundle) for name in names}, "NO_PROXY": "*"}

    def tell(self, **command: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        if not (line := self._process.stdout.readline()):
            raise SystemExit("the hosts' process ended")
        return json.loads(line)

    def counts(self) -> Counts:
        return Counts(**self.tell(do="count"))

    def change(self, pages: Sequence[int]) -> None:
        """Something happens on these pages."""
        self.tell(do="change", pages=list(pages))

    def cut(self) -> None:
        """Close all connections, as servers do with those that were idle for long."""
        self.tell(do="cut")

    def set(self, *, delay: float | None = None, etags: bool | None = None) -> None:
        self.tell(do="set", delay=delay, etags=etags)


@contextmanager
def hosts(
    count: int, *, delay: float = 0.0, etags: bool = True, secure: bool = False, parts: int = 100, incidents: int = 50
) -> Iterator[Hosts]:
    """So many hosts up until the end of the `with`; `parts` and `incidents` say how much their pages tell."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.pem" if secure else None
        command = [sys.executable, "-m", "tests.bench.hosts"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            served = Hosts(process, bundle)
            shape = {"parts": parts, "incidents": incidents}
            served.urls = served.tell(
                count=count, delay=delay, etags=etags, bundle=str(bundle) if bundle else None, shape=shape
            )
            yield served
        finally:
            process.communicate(timeout=30)


# --- the process itself ---------------------------------------------------------------------------------------


class _Server:
    def __init__(self, count: int, delay: float, etags: bool, bundle: str | None, shape: dict[str, int]) -> None:
        self.delay = delay
        self.etags = etags
        self.counts = {"connections": 0, "requests": 0, "sent": 0, "received": 0}
        self.open: set[_Talk] = set()
        self._shape = shape
        self._bundle = bundle
        self._changes = [0] * count
        self._addresses = [f"127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}" for n in range(count)]
        self.pages = {address: self._answers(number) for number, address in enumerate(self._addresses)}
        self._over = asyncio.Event()

    def _answers(self, number: int) -> dict[str, tuple[bytes, bytes, bytes]]:
        from .pages import documents, feed

        told = documents(number, changes=self._changes[number], **self._shape)
        told[FEED] = feed(number, changes=self._changes[number], incidents=self._shape["incidents"])
        return {path: _packed(path, body) for path, body in told.items()}

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        if self._bundle:
            urls = [await self._listen(address, context) for address, context in self._contexts(self._bundle)]
        else:
            # One socket for all, on the loopback interface only: with one each, files would run out at 10,000 pages.
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
            listener.bind(("0.0.0.0", 0))
            await loop.create_server(partial(_Talk, self), sock=listener, backlog=4096)
            urls = [f"http://{address}:{listener.getsockname()[1]}" for address in self._addresses]
        loop.add_reader(0, self._obey)
        _say(urls)
        await self._over.wait()

    def _contexts(self, bundle: str) -> Iterator[tuple[str, ssl.SSLContext]]:
        import certifi
        import trustme

        authority = trustme.CA()
        system = ssl.get_default_verify_paths().cafile or certifi.where()
        Path(bundle).write_bytes(Path(system).read_bytes() + authority.cert_pem.bytes())
        for address in self._addresses:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(address).configure_cert(context)
            yield address, context

    async def _listen(self, address: str, context: ssl.SSLContext) -> str:
        server = await asyncio.get_running_loop().create_server(partial(_Talk, self), address, 0, ssl=context)
        return f"https://{address}:{server.sockets[0].getsockname()[1]}"

    def _obey(self) -> None:
        line = sys.stdin.readline()
        if not line:
            asyncio.get_running_loop().remove_reader(0)
            self._over.set()
            return
        told = json.loads(line)
        if told["do"] == "change":
            for number in told["pages"]:
                self._changes[number] += 1
                self.pages[self._addresses[number]] = self._answers(number)
        elif told["do"] == "set":
            self.delay = self.delay if told["delay"] is None else told["delay"]
            self.etags = self.etags if told["etags"] is None else told["etags"]
        elif told["do"] == "cut":
            for talk in tuple(self.open):
                talk.transport.close()
        _say(self.counts if told["do"] == "count" else None)


def _packed(path: str, body: bytes) -> tuple[bytes, bytes, bytes]:
    """The ETag, and the answers with it and without."""
    import hashlib

    etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
    kind = b"application/atom+xml" if path == FEED else b"application/json"
    rest = b"Content-Type: %s; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)
    return etag, b"HTTP/1.1 200 OK\r\nETag: " + etag + b"\r\n" + rest, b"HTTP/1.1 200 OK\r\n" + rest


class _Talk(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._head = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._address = transport.get_extra_info("sockname")[0]
        self._server.counts["connections"] += 1
        self._server.open.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._server.open.discard(self)

    def data_received(self, data: bytes) -> None:
        self._server.counts["received"] += len(data)
        self._head += data
        while b"\r\n\r\n" in self._head:
            head, _, self._head = self._head.partition(b"\r\n\r\n")
            if self._server.delay:
                asyncio.get_running_loop().call_later(self._server.delay, self._answer, head)
            else:
                self._answer(head)

    def _answer(self, head: bytes) -> None:
        answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        found = self._server.pages.get(self._address, {}).get(head.split(b" ", 2)[1].decode())
        if found is not None:
            etag, tagged, plain = found
            answer = tagged if self._server.etags else plain
            if self._server.etags and etag in head:
                answer = b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % etag
        self._server.counts["requests"] += 1
        self._server.counts["sent"] += len(answer)
        self.transport.write(answer)


def _say(told: Any) -> None:
    print(json.dumps(told), flush=True)


def _main() -> None:
    terms = json.loads(sys.stdin.readline())

    async def serve() -> None:
        await _Server(**terms).run()

    asyncio.run(serve())


if __name__ == "__main__":
    _main()
