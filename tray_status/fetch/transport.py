"""Connections: one requests adapter for all hosts, whose connections tell the request under way what it waits on."""

from __future__ import annotations

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from ..catalogue.addresses import is_public
from .deadlines import Flight, current_flight
from .tls import Trust
from .trouble import Unusable, into_private_network

_PER_HOST = 16
"""Connections that may be kept open to one host: more than there are workers, so that none is thrown away."""


class _PlainConnection(HTTPConnection):
    _answered = False
    _peer = ""
    """The address that it leads to."""

    def _new_conn(self) -> socket.socket:
        self._answered = False
        direct = self.proxy is None
        sock = _dial(self.host, self.port, self.timeout, self.socket_options or (), current_flight(), direct=direct)
        self._peer = str(sock.getpeername()[0])
        return sock

    def connect(self) -> None:
        super().connect()
        current_flight().waits_on(self.sock)

    def putrequest(self, *arguments: Any, **more: Any) -> None:
        flight = current_flight()
        flight.reused = self._answered and self.sock is not None
        if self.sock is not None:
            flight.waits_on(self.sock)
            if flight.guarded and self.proxy is None:
                _refuse_private(self.host, self._peer)  # it may have been dialled for another request
        super().putrequest(*arguments, **more)

    def getresponse(self) -> Any:
        response = super().getresponse()
        self._answered = True
        return response


class _SecureConnection(_PlainConnection, HTTPSConnection):
    _double: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        # During the handshake the plain socket is an empty shell already and the secure one not yet known; a second
        # handle ends both.
        self._double = sock.dup()
        current_flight().waits_on(self._double)
        return sock

    def connect(self) -> None:
        try:
            super().connect()
        finally:
            if self._double is not None:
                self._double.close()
                self._double = None


def _refuse_private(host: str, address: str) -> None:
    """Raises Unusable where the address is not one of the internet."""
    if not is_public(address):
        raise Unusable(into_private_network(host))


def _dial(host: str, port: int, timeout: Any, options: Any, flight: Flight, *, direct: bool) -> socket.socket:
    """Connect to the first of the host's addresses that takes it. Raises OSError; UnicodeError for an odd name.

    The flight may be ended while it connects; only while the system looks up the name nothing can be done. `direct`
    is False where the host is a proxy, which may well be on a private network.
    """
    refusal: OSError = OSError("it has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
        if flight.over:
            break
        if flight.guarded and direct:
            _refuse_private(host, str(address[0]))
        sock = None
        try:
            sock = socket.socket(family, kind, protocol)
            for option in options:
                sock.setsockopt(*option)
            sock.settimeout(min(timeout, flight.remaining()))
            flight.waits_on(sock)
            sock.connect(address)
        except OSError as error:
            refusal = error
            if sock is not None:
                sock.close()
        else:
            return sock
    raise refusal


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class Transport(HTTPAdapter):
    """A requests adapter with wide pools, shared trust, and connections that a deadline can end."""

    def __init__(self, trust: Trust, pool_size: int) -> None:
        self._trust = trust
        super().__init__(pool_connections=pool_size, pool_maxsize=_PER_HOST)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **more)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        """Raises InvalidProxyURL for SOCKS: our connections would go around it."""
        if proxy.lower().startswith("socks"):
            raise InvalidProxyURL("SOCKS is not spoken")
        manager = super().proxy_manager_for(proxy, **more)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """With our context and without a path to certificates, which every host's pool would load anew."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        pool.pop("ca_certs", None)
        pool.pop("ca_cert_dir", None)
        if host["scheme"] == "https":
            pool["ssl_context"] = self._trust.context(str(host["host"]))
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to do: our context verifies, always."""
