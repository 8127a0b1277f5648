"""A receiver of webhooks on loopback that answers, refuses, asks for patience, hangs or breaks off, as it is told."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.waiting import wait_until


class Got(NamedTuple):
    """A request as it came; `headers` are found in any case."""

    path: str
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def seq(self) -> int:
        return int(self.json["seq"])


class Says(NamedTuple):
    """An answer; `status` 0 breaks the connection off, -1 never answers."""

    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b"ok"


RESETS, HANGS = Says(0), Says(-1)


class Receiver:
    """Notes every request in `got`, and in `taken` those that it answered with success."""

    def __init__(self) -> None:
        self.says: Callable[[Got], Says] = lambda _got: Says()
        self.got: list[Got] = []
        self.taken: list[Got] = []
        self._stopped = threading.Event()
        self._server: _Server | None = _Server(self, 0)
        self.port = int(self._server.socket.getsockname()[1])
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def seqs(self) -> list[int]:
        return [each.seq for each in self.taken]

    def stop(self) -> None:
        self._stopped.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def wait_for(self, how_many: int, *, taken: bool = True, patience: float = 30.0) -> None:
        rows = self.taken if taken else self.got
        wait_until(lambda: len(rows) >= how_many, f"{how_many} requests, {len(rows)} came", patience)

    def _answer(self, got: Got) -> Says:
        self.got.append(got)
        says = self.says(got)
        if says.status < 0:
            self._stopped.wait(60)
        elif 200 <= says.status < 300:
            self.taken.append(got)
        return says


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, receiver: Receiver, port: int) -> None:
        self.receiver = receiver
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Without asking a name server for our own name."""
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        says = self.server.receiver._answer(Got(self.path, self.headers, body))
        if says.status <= 0:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, no end
            self.connection.close()
            return
        self.send_response(says.status)
        for name, value in {"Content-Type": "text/plain", **says.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(says.body)))
        self.end_headers()
        self.wfile.write(says.body)

    do_GET = do_POST

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: pytest's output is for what fails."""
