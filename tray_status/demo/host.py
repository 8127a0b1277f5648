"""Serves the invented history on loopback, one port a page, as the time goes by."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..core.model import Page
from .documents import documents
from .story import VENDORS, Vendor

INTERVAL = 1.0


class DemoHost:
    """Four pages on 127.0.0.1. With `elapsed` the caller says what time it is; else it runs from `start` on."""

    def __init__(self, *, elapsed: Callable[[], float] | None = None, started_at: datetime | None = None) -> None:
        self.started_at = started_at or datetime.now(timezone.utc).replace(microsecond=0)
        self._began = time.monotonic()
        self._elapsed = elapsed or (lambda: time.monotonic() - self._began)
        self._servers = [_Server(vendor, self) for vendor in VENDORS]

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(Page(server.vendor.key, server.vendor.name, server.url, INTERVAL) for server in self._servers)

    def elapsed(self) -> float:
        return self._elapsed()

    def start(self) -> None:
        self._began = time.monotonic()
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), name="tray-status demo", daemon=True).start()

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, vendor: Vendor, host: DemoHost) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.vendor = vendor
        self.host = host
        self.url = f"http://127.0.0.1:{self.server_port}"

    def answers(self) -> dict[str, Any] | None:
        return documents(self.vendor, self.host.elapsed(), self.host.started_at, self.url)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        answers = self.server.answers()
        if answers is None:
            self.close_connection = True
            return
        document = answers.get(self.path)
        if document is None:
            self._send(404, b"")
            return
        body = json.dumps(document).encode()
        etag = None
        if self.server.vendor.platform == "statuspage":  # incident.io sends none
            etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
            if self.headers.get("If-None-Match") == etag:
                self._send(304, b"", etag)
                return
        self._send(200, body, etag)

    def _send(self, status: int, body: bytes, etag: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        if etag:
            self.send_header("ETag", etag)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: the demo's own requests are not what a person came to see."""
