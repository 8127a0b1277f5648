"""Asks for one document and reads it whole: conditional, capped, within a deadline."""

from __future__ import annotations

import email.utils
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from .. import __version__
from ..core.exchange import Answer, Problem, Request, Validators
from ..core.model import Reading
from ..core.text import clean_line, safe_url
from .trouble import closed_before_answering, in_words

if TYPE_CHECKING:
    from requests import Response

    from .transport import Deadlines, Flight, Transport

USER_AGENT = f"tray-status/{__version__} (+https://github.com/tray-status/tray-status)"
SIZE_LIMIT = 24 * 1024 * 1024
DEADLINE = 20.0
CONNECT_TIMEOUT = 5.0
MAX_REDIRECTS = 5
LONGEST_RETRY_AFTER = 86_400.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CHUNK = 64 * 1024


class Fetcher:
    """Shared by all workers, callable from any thread. `requests` is imported at the first `get`."""

    def __init__(
        self,
        user_agent: str = USER_AGENT,
        *,
        deadline: float = DEADLINE,
        connect_timeout: float = CONNECT_TIMEOUT,
        size_limit: int = SIZE_LIMIT,
        pool_size: int = 32,
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"}
        self._deadline = deadline
        self._connect_timeout = min(connect_timeout, deadline)
        self._size_limit = size_limit
        self._pool_size = pool_size
        self._proxies: dict[str, Mapping[str, str]] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._made: tuple[Transport, Deadlines] | None = None

    def get(self, request: Request) -> Answer | Problem:
        """Ask for one document; redirects are followed. Any failure is a Problem."""
        host = urlsplit(request.url).netloc if safe_url(request.url) else ""
        if not host:
            return Problem(Reading.BROKEN, f"“{clean_line(request.url, 100)}” is no address that can be asked")
        if self._closed:
            return Problem(Reading.UNREACHABLE, f"{host} was not asked, because the program ends")
        transport, deadlines = self._parts()
        began = time.monotonic()
        with deadlines.flight(self._deadline) as flight:
            try:
                answer = self._follow(request, transport, began, flight)
                if not flight.overdue:
                    return answer
                error: Exception = TimeoutError()  # ended by us, which may look like a complete answer
            except Exception as failure:  # noqa: BLE001 - whatever a library raises, a poll gets a value
                error = failure
            return in_words(error, host, overdue=flight.overdue, closed=deadlines.closed, deadline=self._deadline)

    def close(self) -> None:
        """End every request in flight; later ones are refused."""
        with self._lock:
            self._closed = True
            made = self._made
        if made is not None:
            transport, deadlines = made
            deadlines.close()
            transport.close()

    def _parts(self) -> tuple[Transport, Deadlines]:
        with self._lock:
            if self._made is None:
                from .transport import Deadlines, Transport

                deadlines = Deadlines()
                self._made = Transport(deadlines, self._pool_size), deadlines
            return self._made

    def _follow(self, request: Request, transport: Transport, began: float, flight: Flight) -> Answer | Problem:
        url, permanent = request.url, True
        for _ in range(MAX_REDIRECTS + 1):
            same_host = urlsplit(url).netloc == urlsplit(request.url).netloc
            validators = request.validators if same_host else None
            response = self._send(url, request.accept, validators, transport, flight)
            try:
                if response.status_code not in _REDIRECTS:
                    return self._read(response, url, request, validators, began, permanent)
                host = urlsplit(url).netloc
                permanent = permanent and response.status_code in _PERMANENT
                target = _redirect_target(url, response.headers.get("Location"))
                response.raw.read(_CHUNK)  # its short body read, the connection can be used again
            finally:
                response.close()
            if isinstance(target, Problem):
                return target
            url = target
        return Problem(Reading.BROKEN, f"{host} sends us round in circles (more than {MAX_REDIRECTS} redirects)")

    def _send(
        self, url: str, accept: str, validators: Validators | None, transport: Transport, flight: Flight
    ) -> Response:
        from requests import Request as Draft

        headers = {**self._headers, "Accept": accept}
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        prepared = Draft("GET", url, headers=headers).prepare()
        options: dict[str, Any] = {
            "stream": True,
            "timeout": (self._connect_timeout, self._deadline),
            "proxies": self._proxies_for(url),
        }
        try:
            return transport.send(prepared, **options)
        except Exception as error:
            if closed_before_answering(error) and not flight.overdue:
                return transport.send(prepared, **options)
            raise

    def _read(
        self,
        response: Response,
        url: str,
        request: Request,
        validators: Validators | None,
        began: float,
        permanent: bool,
    ) -> Answer | Problem:
        host = urlsplit(url).netloc
        status = response.status_code
        if status in (407, 511):
            text = f"the network wants a login before {host} can be reached (HTTP {status})"
            return Problem(Reading.BLOCKED, text, "Open any web page in a browser and log in there.")
        if status == 304 and validators is None:
            return Problem(Reading.BROKEN, f"{host} says “not modified” (HTTP 304) though nothing was known")
        body = self._body(response)
        if body is None:
            return Problem(Reading.BROKEN, f"the answer of {host} is larger than {self._size_limit // 2**20} MiB")
        headers = response.headers
        given = Validators(_header(headers, "ETag"), _header(headers, "Last-Modified"))
        return Answer(
            url=url,
            status=status,
            body=body,
            content_type=(headers.get("Content-Type") or "").partition(";")[0].strip().lower(),
            validators=given if given.etag or given.last_modified else None,
            moved_to=url if permanent and url != request.url else None,
            retry_after=read_retry_after(headers.get("Retry-After"), datetime.now(timezone.utc)),
            seconds=time.monotonic() - began,
        )

    def _body(self, response: Response) -> bytes | None:
        """The decoded body, whole; None where it is larger than allowed."""
        parts: list[bytes] = []
        size = 0
        while part := response.raw.read(_CHUNK, decode_content=True):
            size += len(part)
            if size > self._size_limit:
                return None
            parts.append(part)
        return b"".join(parts)

    def _proxies_for(self, url: str) -> Mapping[str, str]:
        """Worked out once a host: to read the environment for every request costs a quarter of it."""
        parts = urlsplit(url)
        key = f"{parts.scheme}://{parts.netloc}"
        found = self._proxies.get(key)
        if found is None:
            from requests.utils import get_environ_proxies

            found = self._proxies[key] = get_environ_proxies(url)
        return found


def _redirect_target(url: str, location: str | None) -> str | Problem:
    """Where a redirect leads, if we go there: to the same scheme, or up to https."""
    host = urlsplit(url).netloc
    try:
        # Headers are bytes on the wire; what is no ASCII comes as Latin-1 and is UTF-8 in truth.
        raw = (location or "").encode("latin-1").decode("utf-8", "replace")
        target = safe_url(urljoin(url, raw).partition("#")[0])
    except (ValueError, UnicodeError):
        target = None
    if target is None:
        return Problem(Reading.BROKEN, f"{host} redirects to no address that we follow")
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
        return Problem(Reading.BLOCKED, f"{host} redirects from a secure address to one that is not")
    return target


def _header(headers: Mapping[str, str], name: str) -> str | None:
    """A header that may be sent back: short and printable."""
    value = (headers.get(name) or "").strip()
    return value if 0 < len(value) <= 500 and value.isascii() and value.isprintable() else None


def read_retry_after(text: str | None, now: datetime) -> float | None:
    """`Retry-After` in seconds, given as a number or a date, from 0 to a day; None where there is none."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            at = email.utils.parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=timezone.utc)
        seconds = (at - now).total_seconds()
    if seconds != seconds:  # NaN
        return None
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER)
