"""Serves the invented history on loopback, one port a page, as its time goes by."""

from __future__ import annotations

import hashlib
import json
import socketserver
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..core.model import Page
from .history import DURATION, VENDORS, Vendor
from .shapes import documents

INTERVAL = 1.0
"""Seconds between two polls of a page."""

_CLOSING_PATIENCE = 0.05


class DemoHost:
    """Four pages on 127.0.0.1. The story begins with `start`, unless `elapsed` says which second of it is now.

    Raises OSError where this computer has no port to give.
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        elapsed: Callable[[], float] | None = None,
        started_at: datetime | None = None,
    ) -> None:
        self.speed = speed
        """Seconds of the story in a second of the clock."""
        self.started_at = started_at
        self.closed = False
        self._began = time.monotonic()
        self._told_elapsed = elapsed
        self._servers = [_Server(vendor, self) for vendor in VENDORS]
        self._serving = False

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(Page(server.vendor.key, server.vendor.name, server.url, INTERVAL) for server in self._servers)

    @property
    def duration(self) -> float:
        """Seconds until everything is over and quiet."""
        return DURATION / self.speed

    def elapsed(self) -> float:
        """Which second of the story it is."""
        return self._told_elapsed() if self._told_elapsed else (time.monotonic() - self._began) * self.speed

    def start(self) -> None:
        """Begin to answer, on threads of its own."""
        self.started_at = self.started_at or datetime.now(timezone.utc)
        self._began = time.monotonic()
        self._serving = True
        for server in self._servers:
            name = f"tray-status demo {server.vendor.key}"
            threading.Thread(target=server.serve_forever, args=(_CLOSING_PATIENCE,), name=name, daemon=True).start()

    def close(self) -> None:
        """Stop answering, on open connections too. May be called again, and without `start`."""
        if self.closed:
            return
        self.closed = True
        for server in self._servers:
            if self._serving:
                server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client that keeps its connection open must not keep us

    def __init__(self, vendor: Vendor, host: DemoHost) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.vendor = vendor
        self.host = host
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def server_bind(self) -> None:
        """As the grandparent does: the parent asks a name server for our own name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)

    def now(self) -> dict[str, Any] | None:
        """What the page serves now, by path; None while it does not answer."""
        host = self.host
        if host.closed or host.started_at is None:
            return None
        return documents(self.vendor, host.elapsed(), host.started_at, self.url, speed=host.speed)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two small writes: the second would wait for 40 ms
    server: _Server

    def do_GET(self) -> None:
        served = self.server.now()
        if served is None:
            self.close_connection = True
            return
        document = served.get(self.path)
        if document is None:
            self._send(404)
            return
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        kind = "application/json" if isinstance(document, dict) else "application/atom+xml"
        headers = {"Content-Type": f"{kind}; charset=utf-8"}
        if self.server.vendor.platform == "statuspage":  # incident.io gives no ETag
            headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        if "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
            self._send(304, headers)
        else:
            self._send(200, headers, body)

    def _send(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: requests are not what a person came to see."""
