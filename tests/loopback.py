"""A status host on loopback that tests feed, change, break and ask what it was asked; and documents to feed it with.

    documents = statuspage(incident("inc1", update("u1"), update("u2", "identified", "Found it.")), indicator="minor")
    with StatusHost(documents, etags=True) as host:
        page = Page("acme", "Acme", host.url)

The builders return plain dicts, so that a test can bend them into any shape that a vendor might come up with.
"""

from __future__ import annotations

import hashlib
import json
import socket
import socketserver
import threading
from collections.abc import Iterable, Mapping
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

SUMMARY = "/api/v2/summary.json"
INCIDENTS = "/api/v2/incidents.json"
UNRESOLVED = "/api/v2/incidents/unresolved.json"
STATUS = "/api/v2/status.json"
COMPONENTS = "/api/v2/components.json"
MAINTENANCES = "/api/v2/scheduled-maintenances.json"
NATIVE = "/api/v1/summary"

PATIENCE = 10.0
"""Seconds after which whatever a test waits for has failed to come."""


class Raw(NamedTuple):
    """An answer byte for byte, with any status."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Asked(NamedTuple):
    """A request as the host received it; `headers` are found in any case."""

    path: str
    headers: Message


class StatusHost:
    """Serves `documents`: path → anything that JSON can say, or bytes, or `Raw`. All else is a 404 with no body.

    Everything may be changed while it runs. It answers from the start until `stop`, or the end of its `with`.
    """

    def __init__(self, documents: Mapping[str, Any] | None = None, *, etags: bool = False) -> None:
        self.documents: dict[str, Any] = dict(documents or {})
        self.etags = etags
        """Whether answers carry an ETag, and a request that names it gets a 304."""
        self.silent = False
        """While True, connections are closed without an answer."""
        self.asked: list[Asked] = []
        self._changed = threading.Condition()
        self._hanging = False
        self._port = 0
        self._server: _Server | None = None
        self.start()

    def __enter__(self) -> StatusHost:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The same for as long as the object lives, whether it answers or not."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [each.path for each in self.asked]

    def start(self) -> None:
        """Answer (again), on the same port as before. Does nothing while it runs."""
        if self._server is None:
            self._server = _Server(self, self._port)
            self._port = self._server.port
            threading.Thread(target=self._server.serve_forever, args=(0.01,), name="status host", daemon=True).start()

    def stop(self) -> None:
        """Refuse connections, and cut those that are open. Does nothing while it is stopped."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.cut_connections()
            with self._changed:
                self._changed.notify_all()

    def hang(self) -> None:
        """From now on take requests, but answer them only once released."""
        self._hanging = True

    def release(self) -> None:
        """Answer whoever hangs, and whoever comes."""
        with self._changed:
            self._hanging = False
            self._changed.notify_all()

    def wait_until_asked(self, times: int = 1, path: str | None = None, timeout: float = PATIENCE) -> None:
        """Wait until `asked` holds so many requests (for this path); fail when it does not come to that."""

        def count() -> int:
            return len(self.asked) if path is None else self.paths.count(path)

        with self._changed:
            assert self._changed.wait_for(lambda: count() >= times, timeout), f"only {count()} came: {self.paths}"

    def _answer(self, asked: Asked, server: _Server) -> Raw | None:
        """What to send; None for nothing at all."""
        with self._changed:
            self.asked.append(asked)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._hanging or self._server is not server)
        if self.silent or self._server is not server:
            return None
        raw = _raw(self.documents.get(asked.path, Raw(404)), asked.path)
        if not self.etags or raw.status != 200:
            return raw
        etag = f'W/"{hashlib.sha256(raw.body).hexdigest()[:32]}"'
        if asked.headers.get("If-None-Match") == etag:
            return Raw(304, headers={"ETag": etag})
        return raw._replace(headers={**raw.headers, "ETag": etag})


def _raw(served: Any, path: str) -> Raw:
    raw = served if isinstance(served, Raw) else Raw(body=_encoded(served))
    kind = "application/atom+xml" if path.endswith(".atom") else "application/json"
    return raw._replace(headers={"Content-Type": f"{kind}; charset=utf-8", **raw.headers})


def _encoded(served: Any) -> bytes:
    return served if isinstance(served, bytes) else json.dumps(served).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: StatusHost, port: int) -> None:
        self.host = host
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def server_bind(self) -> None:
        """As the grandparent does: the parent asks a name server for our own name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        for connection in tuple(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # its client was faster

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two small writes: the second would wait for 40 ms
    server: _Server

    def do_GET(self) -> None:
        raw = self.server.host._answer(Asked(self.path, self.headers), self.server)
        if raw is None:
            self.close_connection = True
            return
        self.send_response(raw.status)
        if raw.status != 304:
            self.send_header("Content-Length", str(len(raw.body)))
        for name, value in raw.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw.body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: pytest's output is for what fails."""


# --- documents ------------------------------------------------------------------------------------------------

Row = dict[str, Any]

NOON = "2026-03-01T12:00:00Z"
VENDOR_URL = "https://status.acme.example"
_OVER = frozenset({"resolved", "postmortem", "completed"})


def update(
    id: str, status: str = "investigating", body: str = "We look into it.", at: str = NOON, **more: Any
) -> Row:
    """One update of an incident; `more` replaces fields or adds to them, here and below."""
    return {"id": id, "status": status, "body": body, "created_at": at, "updated_at": at, "display_at": at, **more}


def incident(
    id: str,
    *updates: Row,
    name: str = "Elevated errors",
    impact: str = "minor",
    components: Iterable[str] = ("API",),
    **more: Any,
) -> Row:
    """An incident or a maintenance. Its updates are given oldest first; the last one says how it stands."""
    first, last = updates[0], updates[-1]
    return {
        "id": id,
        "name": name,
        "status": last["status"],
        "impact": impact,
        "created_at": first["created_at"],
        "started_at": first["created_at"],
        "updated_at": last["updated_at"],
        "resolved_at": last["created_at"] if last["status"] in _OVER else None,
        "shortlink": f"https://stspg.io/{id}",
        "components": [component(each) for each in components],
        "incident_updates": list(reversed(updates)),
        **more,
    }


def component(name: str, status: str = "operational", *, group_id: str | None = None, **more: Any) -> Row:
    """A part of the vendor's service."""
    row_id = f"c-{name.lower()}"
    return {"id": row_id, "name": name, "status": status, "group": False, "group_id": group_id, **more}


def page(name: str = "Acme", **more: Any) -> Row:
    """What every document of an Atlassian Statuspage says of the page."""
    return {"id": "kd8s01mzpw4x", "name": name, "url": VENDOR_URL, "time_zone": "Etc/UTC", "updated_at": NOON, **more}


def statuspage(
    *incidents: Row,
    maintenances: Iterable[Row] = (),
    components: Iterable[Row] = (),
    indicator: str = "none",
    page: Row = page(),  # noqa: B008 - never changed
) -> dict[str, Any]:
    """The documents of an Atlassian Statuspage by path; of incidents the newest comes first."""
    planned, parts = list(maintenances), list(components)
    head = {"page": page, "status": {"indicator": indicator, "description": "…"}}
    summary = {"components": parts, "incidents": _open(incidents), "scheduled_maintenances": _open(planned)}
    return {
        SUMMARY: {**head, **summary},
        STATUS: head,
        COMPONENTS: {"page": page, "components": parts},
        UNRESOLVED: {"page": page, "incidents": _open(incidents)},
        INCIDENTS: {"page": page, "incidents": list(incidents)},
        MAINTENANCES: {"page": page, "scheduled_maintenances": planned},
    }


def imitation(*incidents: Row, components: Iterable[Row] = (), indicator: str = "none") -> dict[str, Any]:
    """incident.io's v2 documents by path: empty lists are left out, and which components an incident touches."""
    vendor = {"id": "01JZX4R8Y2M6T0C9QVHK3B7WNE", "name": "Acme", "url": VENDOR_URL, "updated_at": NOON}
    head = {"page": vendor, "status": {"indicator": indicator, "description": "…"}}
    listed = [_without(each, "components", "shortlink", "started_at") for each in incidents]
    parts = {"components": [_without(each, "group", "group_id") for each in components]}
    return {
        SUMMARY: {**head, **_told(parts), **_told({"incidents": _open(listed)})},
        STATUS: head,
        COMPONENTS: {"page": vendor, **_told(parts)},
        INCIDENTS: {"page": vendor, **_told({"incidents": listed})},
    }


def _open(rows: Iterable[Row]) -> list[Row]:
    return [each for each in rows if each["status"] not in _OVER]


def _without(row: Row, *keys: str) -> Row:
    return {key: value for key, value in row.items() if key not in keys and value is not None}


def _told(lists: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    return {key: rows for key, rows in lists.items() if rows}
