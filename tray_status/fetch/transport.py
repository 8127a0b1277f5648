"""Connections: one adapter and one SSL context for all, and deadlines that no server can stretch.

A timeout of a socket restarts with every byte, so a server that drips could hold a worker for days. So every
request in flight is known here with its end, and one thread, asleep until the earliest of them, shuts down the
sockets of those that are overdue.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Flight:
    """One request under way."""

    __slots__ = ("connection", "ends_at", "overdue")

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.connection: HTTPConnection | None = None
        self.overdue = False

    def end(self) -> None:
        """Make whoever waits on this request's socket stop waiting."""
        self.overdue = True
        sock = getattr(self.connection, "sock", None)
        if isinstance(sock, socket.socket):
            # The raw socket's own method: that of an SSL socket would pull the TLS state from under a reader.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class Deadlines:
    """All requests under way, and the thread that ends those which take too long."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._flights: set[Flight] = set()
        self._thread: threading.Thread | None = None
        self._local = threading.local()
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @contextlib.contextmanager
    def flight(self, seconds: float) -> Iterator[Flight]:
        """While this lasts, the calling thread's request ends after so many seconds at the latest."""
        flight = Flight(time.monotonic() + seconds)
        self._local.flight = flight
        with self._changed:
            self._flights.add(flight)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._watch, name="tray-status deadlines", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield flight
        finally:
            self._local.flight = None
            with self._changed:
                self._flights.discard(flight)

    def use(self, connection: HTTPConnection) -> None:
        """The calling thread's request goes over this connection from now on."""
        flight: Flight | None = getattr(self._local, "flight", None)
        if flight is None:
            return
        flight.connection = connection
        if flight.overdue:
            flight.end()

    def close(self) -> None:
        """End every request at once."""
        with self._changed:
            self._closed = True
            flights = list(self._flights)
            self._changed.notify()
        for flight in flights:
            flight.end()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                waiting = [flight for flight in self._flights if not flight.overdue]
                for flight in waiting:
                    if flight.ends_at <= now:
                        flight.end()
                ends = [flight.ends_at for flight in waiting if not flight.overdue]
                self._changed.wait(min(ends) - now if ends else None)


class Transport(HTTPAdapter):
    """A requests adapter with wide pools, one shared SSL context, and connections that deadlines can end."""

    def __init__(self, deadlines: Deadlines, pool_size: int, per_host: int = 4) -> None:
        self._deadlines = deadlines
        super().__init__(pool_connections=pool_size, pool_maxsize=per_host)

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """Built when the first https page is asked for: it takes time and memory, once for all hosts."""
        return make_ssl_context()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **more)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes()

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **more)
        if new:
            manager.pool_classes_by_scheme = self._pool_classes()
        return manager

    def _pool_classes(self) -> dict[str, Any]:
        deadlines = self._deadlines

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                deadlines.use(self)

            def putrequest(self, *arguments: Any, **more: Any) -> None:
                deadlines.use(self)
                super().putrequest(*arguments, **more)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                # Before the handshake, which may hang as well.
                self.sock = super()._new_conn()
                deadlines.use(self)
                return self.sock

            def connect(self) -> None:
                super().connect()
                deadlines.use(self)

            def putrequest(self, *arguments: Any, **more: Any) -> None:
                deadlines.use(self)
                super().putrequest(*arguments, **more)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        return {"http": PlainPool, "https": SecurePool}

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Hosts share the context; without a path to certificates in the key nobody loads them again."""
        attributes: tuple[Any, Any] = super().build_connection_pool_key_attributes(request, verify, cert)
        host, pool = attributes
        pool.pop("ca_certs", None)
        pool.pop("ca_cert_dir", None)
        if host["scheme"] == "https":
            pool["ssl_context"] = self.ssl_context
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to do: the shared context verifies, always."""


def make_ssl_context() -> ssl.SSLContext:
    """The system's trust store, and the bundles that the environment names. Raises OSError for an unusable one."""
    try:
        import truststore

        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except ImportError:  # a system that truststore does not know
        context = ssl.create_default_context()
    for name in BUNDLE_VARIABLES:
        if path := os.environ.get(name):
            try:
                folder = os.path.isdir(path)
                context.load_verify_locations(capath=path if folder else None, cafile=None if folder else path)
            except (OSError, ssl.SSLError) as error:
                raise OSError(f"the certificates that {name} names cannot be read: {path}") from error
            break
    return context
