"""The fetcher as the rest of the program sees it. Light to import: `requests` comes with the first `get`."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .. import __version__
from ..core.exchange import Answer, Posting, Problem, Request
from ..core.model import Reading
from ..core.text import clean_line, safe_url

if TYPE_CHECKING:
    from .asking import Asking

log = logging.getLogger(__name__)

USER_AGENT = f"tray-status/{__version__} (+https://github.com/tray-status/tray-status)"
SIZE_LIMIT = 8 * 1024 * 1024
"""Bytes of one document, unpacked: the largest real ones, whole histories of Google's and Cloudflare's, have under
6 MB. What it may become once it is read is bounded in `providers/documents.py`.
"""
DEADLINE = 20.0
CONNECT_TIMEOUT = 5.0
MOST_CONNECTIONS = 4096


class Fetcher:
    """Asks for documents. Shared by all workers, callable from any thread; raises nothing."""

    def __init__(
        self,
        user_agent: str = USER_AGENT,
        *,
        deadline: float = DEADLINE,
        connect_timeout: float = CONNECT_TIMEOUT,
        size_limit: int = SIZE_LIMIT,
        pool_size: int | None = None,
    ) -> None:
        """`deadline`: seconds for a whole answer, redirects and body included, but for the look-up of a name, which
        the system bounds. `connect_timeout`: seconds for each address of a host. `size_limit`: bytes of a body, once
        unpacked. `pool_size`: hosts to which connections are kept open; None is as many as the system lets us have.
        """
        self._user_agent = user_agent
        self._deadline = deadline
        self._connect_timeout = connect_timeout
        self._size_limit = size_limit
        self._pool_size = pool_size or _room_for_connections()
        self._lock = threading.Lock()
        self._closed = False
        self._asking: Asking | None = None

    def get(self, request: Request) -> Answer | Problem:
        """Ask for one document; redirects are followed. Any failure is a Problem."""
        url = safe_url(request.url)
        if url is None or url != request.url:
            shown = clean_line(str(request.url), 100)
            return Problem(Reading.BROKEN, f"“{shown}” is no http or https address that can be asked")
        host = urlsplit(url).netloc
        try:
            asking = self._begin()
            if asking is None:
                return Problem(Reading.UNREACHABLE, f"{host} was not asked, because the program ends")
            return asking.ask(request)
        except Exception as error:
            log.exception("Asking %s failed; this is a fault of Tray Status, please report it", host)
            return Problem(Reading.UNREACHABLE, f"{host} could not be asked: {clean_line(str(error), 200)}")

    def post(self, posting: Posting) -> Answer | Problem:
        """Send something to an address, once. Any failure is a Problem, which names no more of it than the host."""
        host = urlsplit(posting.url).hostname or "it"
        try:
            asking = self._begin()
            if asking is None:
                return Problem(Reading.UNREACHABLE, f"{host} was not asked, because the program ends")
            return asking.post(posting)
        except Exception as error:  # noqa: BLE001 - a traceback might name the address
            log.error("Sending to %s failed (%s); this is a fault of Tray Status", host, type(error).__name__)
            return Problem(Reading.UNREACHABLE, f"{host} could not be asked")

    def close(self) -> None:
        """End every request in flight at once, and refuse later ones."""
        with self._lock:
            self._closed = True
            asking = self._asking
        if asking is not None:
            asking.close()

    def _begin(self) -> Asking | None:
        """What all requests share, made for the first; None once closed."""
        with self._lock:
            if self._asking is None and not self._closed:
                from .asking import Asking

                self._asking = Asking(
                    self._user_agent,
                    deadline=self._deadline,
                    connect_timeout=self._connect_timeout,
                    size_limit=self._size_limit,
                    pool_size=self._pool_size,
                )
            return None if self._closed else self._asking


def _room_for_connections() -> int:
    """Half of the files that this process may have open, as each connection is one."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return MOST_CONNECTIONS
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if limit == resource.RLIM_INFINITY else max(64, min(MOST_CONNECTIONS, limit // 2))
