"""Serves the status page: a socket of our own, and Django behind waitress. Imported only where it is wanted."""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from waitress import wasyncore
from waitress.server import create_server

from ..core.text import clean_line
from ..errors import NoServer, UsageError
from . import hosts
from . import settings as our_settings
from .site import ENVIRONMENT, Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 6
"""One may wait up to a minute for a page that is looked at before it is added."""

LARGEST_HEADER = 16 * 1024
LARGEST_BODY = 128 * 1024
"""Bytes. The largest form names hundreds of components."""

CONNECTIONS = 400
SILENT_SECONDS = 30
"""A connection that says nothing for so long is closed."""

LOOP_SECONDS = 5.0
"""How often silent connections are looked for."""


class Server:
    """Listens from the moment it is made until closed.

    Raises NoServer where it cannot listen, and UsageError where the address is none of this computer's.

    `port` 0 takes a free one; `url` tells which.
    """

    def __init__(self, site: Site, host: str, port: int) -> None:
        self._socket = _listen(host, port)
        self.url = _url(host, self._socket.getsockname()[1])
        self.used_at = time.monotonic()
        """When the last request came, by the monotonic clock."""
        answer = application(replace(site, shut=site.shut or not hosts.is_loopback(host)), host)

        def noted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.used_at = time.monotonic()
            return answer(environ, start_response)

        self._map: dict[int, Any] = {}
        self._server: Any = create_server(
            noted,
            map=self._map,
            sockets=[self._socket],
            threads=THREADS,
            ident=None,
            max_request_header_size=LARGEST_HEADER,
            max_request_body_size=LARGEST_BODY,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENT_SECONDS,
            clear_untrusted_proxy_headers=False,  # the gate wants to know that a proxy stands in front
        )
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="tray-status web", daemon=True)
        self._thread.start()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and drop what is under way; takes no longer than half a second. May be called again."""
        if self._closing:
            return
        self._closing = True
        self._server.trigger.pull_trigger()
        self._thread.join(0.3)
        wasyncore.close_all(self._map, ignore_all=True)
        self._server.task_dispatcher.shutdown(timeout=0.2)
        self._socket.close()

    def _run(self) -> None:
        # Not the server's own loop: that one can only be ended by closing what it waits for, under its hands.
        while not self._closing:
            wasyncore.loop(LOOP_SECONDS, use_poll=True, map=self._map, count=1)


def application(site: Site, host: str) -> WSGIApplication:
    """The pages as a WSGI application that shows one site, asked for under the names of `host`."""
    from django.core.handlers.wsgi import WSGIHandler

    _configure(host)
    handler = WSGIHandler()

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[ENVIRONMENT] = site
        return handler(environ, start_response)

    return answer


def _configure(host: str) -> None:
    """Set Django up, once a process; the person's own DJANGO_SETTINGS_MODULE has no say.

    Already set up where Django's own `runserver` has loaded our settings.
    """
    if not settings.configured:
        ours = {name: getattr(our_settings, name) for name in dir(our_settings) if name.isupper()}
        ours["ALLOWED_HOSTS"] = hosts.allowed_hosts(host, os.environ.get(hosts.HOSTS_VARIABLE, ""))
        settings.configure(**ours)
        django.setup(set_prefix=False)
    # Each refused request would be a warning or a traceback on the console, for anyone to fill it with.
    for name in ("django.request", "django.security", "waitress"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise UsageError(_not_ours(host)) from None
    family, address = found[0][0], found[0][4]
    try:
        return socket.create_server(address[:2], family=family, backlog=CONNECTIONS)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(_not_ours(host)) from None
        raise NoServer(_why_not(host, port, error)) from None


def _not_ours(host: str) -> str:
    return (
        f"--host {clean_line(host, 80)}: this computer has no such address; --host 127.0.0.1 is this computer only,"
        " --host 0.0.0.0 all its addresses"
    )


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is taken by another program, or by a Tray Status that serves there already;"
            f" take another with --port {port + 1 if port < 65535 else 8000}, or any free one with --port 0"
        )
    if isinstance(error, PermissionError):
        return f"port {port} of {host} is only for programs with more rights; take one from 1024 up with --port"
    return f"the status page cannot be served on port {port} of {host}: {error.strerror or error}"


def _url(host: str, port: int) -> str:
    """An address that a browser on this computer can open."""
    shown = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
