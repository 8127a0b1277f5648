"""A host on loopback that does what it should not, byte by byte; and what a host can do wrong.

    with FaultHost(drip_body) as host:
        fetcher.get(Request(host.url + "/whatever"))
    assert host.accepted == 1

A behaviour is a function that gets the wire and the request, and says or does on it what it likes. When it returns
the connection stays open for the next request, unless it ended it.
"""

from __future__ import annotations

import contextlib
import gzip
import select
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from tray_status.fetch.fetcher import SIZE_LIMIT

PATIENCE = 10.0
"""Seconds after which whatever a test waits for has failed to come."""


class Asked(NamedTuple):
    """A request as it came; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]


class Wire:
    """One connection, as a behaviour sees it."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.sock = sock
        self.number = number
        """Which connection of its host this is, from 1."""
        self.requests = 0
        """How many came on it."""
        self.ended = False

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def left(self, seconds: float) -> bool:
        """Wait for so long whether the client leaves, or says more; True when it does."""
        return bool(select.select([self.sock], [], [], seconds)[0])

    def hang(self) -> None:
        """Say nothing more until the client leaves."""
        self.left(PATIENCE)
        self.end()

    def drip(self, data: Iterable[int]) -> None:
        """Say one byte at a time, for as long as the client listens."""
        for byte in data:
            self.say(bytes([byte]))
            if self.left(0.01):
                break
        self.end()

    def end(self) -> None:
        self.ended = True
        self.sock.close()

    def reset(self) -> None:
        """End the connection the hard way: the client gets an error where it expects an end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.end()

    def read_request(self) -> Asked | None:
        """The next request; None when the client left."""
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.sock.recv(65_536)
            if not part:
                return None
            head += part
        first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        self.requests += 1
        pairs = (line.partition(":") for line in lines)
        return Asked(method, target, {name.lower(): value.strip() for name, _, value in pairs})


Behaviour = Callable[[Wire, Asked], None]


class FaultHost:
    """Answers every request in one way, from the start until the end of its `with`."""

    def __init__(self, behaviour: Behaviour, *, tls: ssl.SSLContext | None = None, name: str = "127.0.0.1") -> None:
        self.behaviour = behaviour
        self.asked: list[Asked] = []
        self.accepted = 0
        """How many connections were made."""
        self._tls = tls
        self._changed = threading.Condition()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.netloc = f"{name}:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.netloc}"
        threading.Thread(target=self._accept, name="fault host", daemon=True).start()

    def __enter__(self) -> FaultHost:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone does not wake whoever accepts
        self._listener.close()
        for sock in tuple(self._open):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds that a connection or a request may make true."""
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), f"{self.accepted} accepted, asked: {self.asked}"

    def wait_until_asked(self, times: int = 1) -> None:
        self.wait_until(lambda: len(self.asked) >= times)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._open.add(sock)
                with self._changed:
                    self.accepted += 1
                    self._changed.notify_all()
                threading.Thread(target=self._serve, args=(sock, self.accepted), name="fault", daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError, ValueError):  # a client that went away is no fault
            secure = self._tls.wrap_socket(sock, server_side=True) if self._tls else sock
            self._open.add(secure)
            wire = Wire(secure, number)
            while not wire.ended and (asked := wire.read_request()):
                with self._changed:
                    self.asked.append(asked)
                    self._changed.notify_all()
                self.behaviour(wire, asked)
        sock.close()


def answer(body: bytes = b"{}", *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An answer as it goes over the wire. `length` lies about the body's; headers are taken as Latin-1."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers)
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def says(data: bytes) -> Behaviour:
    """Say this to every request, and keep the connection open."""
    return lambda wire, asked: wire.say(data)


def says_and_ends(data: bytes) -> Behaviour:
    """Say this, and end the connection."""

    def behaviour(wire: Wire, asked: Asked) -> None:
        wire.say(data)
        wire.end()

    return behaviour


def redirects(to: str, status: str = "302 Found") -> Behaviour:
    return says(answer(b"", f"Location: {to}", status=status))


def by_path(behaviours: Mapping[str, Behaviour]) -> Behaviour:
    """A behaviour for each path; a 404 for others."""
    lost = says(answer(b"", status="404 Not Found"))
    return lambda wire, asked: behaviours.get(asked.target, lost)(wire, asked)


# --- what a host can do wrong ---------------------------------------------------------------------------------

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b'{"status": "fine"}' * 500)


def hang_before_headers(wire: Wire, asked: Asked) -> None:
    wire.hang()


def hang_in_headers(wire: Wire, asked: Asked) -> None:
    wire.say(HEAD)
    wire.hang()


def hang_in_body(wire: Wire, asked: Asked) -> None:
    wire.say(answer(b"{", length=100))
    wire.hang()


def drip_headers(wire: Wire, asked: Asked) -> None:
    wire.drip(HEAD + b"X-Long: " + b"x" * 60_000)


def drip_body(wire: Wire, asked: Asked) -> None:
    wire.say(answer(b"", length=60_000))
    wire.drip(b" " * 60_000)


def drip_without_length(wire: Wire, asked: Asked) -> None:
    """Its end, when the client makes it, looks like that of a whole body."""
    wire.say(HEAD + b"Connection: close\r\n\r\n")
    wire.drip(b" " * 60_000)


def drip_chunks(wire: Wire, asked: Asked) -> None:
    wire.say(CHUNKED)
    wire.drip(b"1\r\n \r\n" * 10_000)


def drip_a_redirect(wire: Wire, asked: Asked) -> None:
    wire.say(answer(b"", "Location: /", status="302 Found", length=60_000))
    wire.drip(b" " * 60_000)


def empty_reply(wire: Wire, asked: Asked) -> None:
    wire.end()


def reset_before_headers(wire: Wire, asked: Asked) -> None:
    wire.reset()


def reset_in_body(wire: Wire, asked: Asked) -> None:
    wire.say(answer(b"{" * 1000, length=100_000))
    wire.reset()


def endless_body(wire: Wire, asked: Asked) -> None:
    wire.say(HEAD + b"\r\n")
    while not wire.left(0):
        wire.say(b" " * 65_536)
    wire.end()


def endless_chunks(wire: Wire, asked: Asked) -> None:
    wire.say(CHUNKED)
    while not wire.left(0):
        wire.say(b"10000\r\n" + b" " * 65_536 + b"\r\n")
    wire.end()


@cache
def packed_bomb() -> bytes:
    """A hundred MiB in a hundred KiB."""
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(100)) + packer.flush()


@cache
def json_bomb(unit: str) -> bytes:
    """A document just small enough to be taken, and a multiple of that once it is decoded: a list of `unit`s, packed."""
    units = [unit] * (SIZE_LIMIT // (len(unit) + 1) - 20)
    return gzip.compress(f'{{"page": {{"name": "Acme"}}, "x": [{",".join(units)}]}}'.encode(), 1)


def gzip_bomb(wire: Wire, asked: Asked) -> None:
    wire.say(answer(packed_bomb(), "Content-Encoding: gzip"))


class Fault(NamedTuple):
    """A behaviour, and whether it is one that an impatient client has to end itself."""

    behaviour: Behaviour
    slow: bool = False


FAULTS: Mapping[str, Fault] = {
    "hang before headers": Fault(hang_before_headers, slow=True),
    "hang in headers": Fault(hang_in_headers, slow=True),
    "hang in body": Fault(hang_in_body, slow=True),
    "drip headers": Fault(drip_headers, slow=True),
    "drip body": Fault(drip_body, slow=True),
    "drip without length": Fault(drip_without_length, slow=True),
    "drip chunks": Fault(drip_chunks, slow=True),
    "drip a redirect": Fault(drip_a_redirect, slow=True),
    "empty reply": Fault(empty_reply),
    "reset before headers": Fault(reset_before_headers),
    "reset in body": Fault(reset_in_body),
    "truncated": Fault(says_and_ends(answer(b"{", length=100))),
    "no last chunk": Fault(says_and_ends(CHUNKED + b"2\r\n{}\r\n")),
    "chunk cut off": Fault(says_and_ends(CHUNKED + b"ff\r\n{}")),
    "bad chunk length": Fault(says_and_ends(CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n")),
    "endless body": Fault(endless_body),
    "endless chunks": Fault(endless_chunks),
    "gzip bomb": Fault(gzip_bomb),
    "gzip that is none": Fault(says(answer(b"{}", "Content-Encoding: gzip"))),
    "gzip damaged": Fault(says(answer(PACKED[:20] + b"\0\xff" + PACKED[22:], "Content-Encoding: gzip"))),
    "gzip cut off": Fault(says(answer(PACKED[:-10], "Content-Encoding: gzip"))),
    "deflate cut off": Fault(says(answer(zlib.compress(b"{}" * 500)[:-6], "Content-Encoding: deflate"))),
    "unknown coding": Fault(says(answer(b"{}", "Content-Encoding: br"))),
    "packed twice": Fault(says(answer(gzip.compress(PACKED), "Content-Encoding: gzip, gzip"))),
    "redirect loop": Fault(redirects("/")),
    "redirect to file": Fault(redirects("file:///etc/passwd")),
    "redirect to script": Fault(redirects("javascript:alert(1)")),
    "redirect to nowhere": Fault(says(answer(b"", status="302 Found"))),
    "redirect to half an address": Fault(redirects("http://[::1")),
    "redirect to a port that is none": Fault(redirects("http://127.0.0.1:99999999/")),
    "redirect with a password": Fault(redirects("http://someone:secret@127.0.0.1/")),
    "huge header": Fault(says_and_ends(HEAD + b"X-Huge: " + b"x" * 100_000 + b"\r\n\r\n{}")),
    "many headers": Fault(says_and_ends(HEAD + b"X-Many: x\r\n" * 500 + b"\r\n{}")),
    "garbage": Fault(says_and_ends(bytes(range(128, 256)) * 20)),
    "another protocol": Fault(says_and_ends(b"SSH-2.0-OpenSSH_9.2p1\r\n")),
    "HTTP/0.9": Fault(says_and_ends(b"<html>Hello</html>\r\n")),
    "status that is no number": Fault(says_and_ends(b"HTTP/1.1 fine OK\r\n\r\n")),
    "304 to a first question": Fault(says(answer(b"", status="304 Not Modified"))),
    "login wanted by the network": Fault(says(answer(b"", status="511 Network Authentication Required"))),
    "login wanted by a proxy": Fault(says(answer(b"", status="407 Proxy Authentication Required"))),
}
"""By name. Each has to end in a problem, in words, in time."""
