"""One document asked for and read: conditional, redirected, within a deadline."""

from __future__ import annotations

import contextlib
import email.utils
import string
import threading
import time
from dataclasses import replace
from datetime import datetime, timezone
from urllib.parse import quote, urljoin, urlsplit

from requests import PreparedRequest, Response
from requests import Request as Draft
from requests.utils import get_environ_proxies, select_proxy

from ..catalogue import is_near
from ..core.exchange import Answer, Posting, Problem, Request, Validators
from ..core.model import Reading
from ..core.text import safe_url
from .body import CODINGS, read_body
from .deadlines import Deadlines, Flight
from .tls import Trust
from .transport import Transport
from .trouble import Circumstances, Unusable, in_words, into_private_network, was_dropped

MAX_REDIRECTS = 5
MOST_DRAFTS = 8_192
LONGEST_RETRY_AFTER = 3_600.0
"""Seconds; a page that asks for more is asked again after an hour all the same: it must not fall silent for a day."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_KEEPING = frozenset({307, 308})
"""Redirects after which the same is sent again; after the others a GET would follow."""

_LOGIN = frozenset({407, 511})
_SHORT = 64 * 1024
_BEGINNING = 2048


class Asking:
    """What all requests share. Used by many threads at once."""

    def __init__(
        self, user_agent: str, *, deadline: float, connect_timeout: float, size_limit: int, pool_size: int
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": CODINGS}
        self._deadline = deadline
        self._connect_timeout = min(connect_timeout, deadline)
        self._size_limit = size_limit
        self._deadlines = Deadlines()
        self._transport = Transport(Trust(), pool_size)
        self._proxies: dict[str, dict[str, str]] = {}
        self._proxies_lock = threading.Lock()
        self._drafts: dict[str, PreparedRequest] = {}

    def ask(self, request: Request) -> Answer | Problem:
        """Ask for one document at an http or https address; redirects are followed."""
        began = time.monotonic()
        url, permanent = request.url, True
        with self._deadlines.flight(self._deadline) as flight:
            try:
                for _ in range(MAX_REDIRECTS + 1):
                    conditional = _host(url) == _host(request.url)
                    response = self._send(url, request, flight, conditional=conditional)
                    try:
                        if response.status_code not in _REDIRECTS:
                            moved_to = url if permanent and url != request.url else None
                            known = request.validators if conditional else None
                            answer = self._read(response, url, known, moved_to, began)
                            if flight.over:
                                raise TimeoutError  # a body that only we cut off looks whole
                            return answer
                        permanent = permanent and response.status_code in _PERMANENT
                        target = redirect_target(url, response.headers.get("Location"))
                        response.raw.read(_SHORT)  # with its body read, the connection can serve again
                    finally:
                        response.close()
                    if not _near(url) and _host(target) != _host(url):
                        flight.guarded = True
                    url = target
                text = f"{_host(request.url)} sends us round in circles (more than {MAX_REDIRECTS} redirects)"
                return Problem(Reading.BROKEN, text)
            except Exception as error:  # noqa: BLE001 - whatever a library raises, a poll gets a value
                return in_words(error, self._circumstances(url, flight))

    def post(self, posting: Posting) -> Answer | Problem:
        """Send something, once. Redirects are followed on the same host only, and never to a plain address.

        Of the answer's body only the beginning is read.
        """
        url = posting.url
        with self._deadlines.flight(self._deadline) as flight:
            try:
                for _ in range(MAX_REDIRECTS + 1):
                    response = self._send_once(self._prepared(url, posting), url)
                    connection = response.raw.connection
                    with contextlib.ExitStack() as ending:
                        ending.callback(response.close)
                        if connection is not None:
                            # The host closes it, too, but may not say so: nobody is to send over it again.
                            ending.callback(connection.close)
                        location = response.headers.get("Location")
                        if response.status_code not in _KEEPING or (target := _same_host(url, location)) is None:
                            return self._told(response, url, flight)
                    url = target
                return Problem(Reading.BROKEN, f"{_host(url)} sends us round in circles")
            except Exception as error:  # noqa: BLE001 - whatever a library raises, the sender gets a value
                return in_words(error, replace(self._circumstances(url, flight), secret=True))

    def _prepared(self, url: str, posting: Posting) -> PreparedRequest:
        # The next one comes minutes or days later: no server keeps a connection for so long.
        headers = {**self._headers, "Accept-Encoding": "identity", "Connection": "close", **posting.headers}
        return Draft("POST", url, headers=headers, data=posting.body).prepare()

    def _told(self, response: Response, url: str, flight: Flight) -> Answer:
        status, headers = response.status_code, response.headers
        body = response.raw.read(_BEGINNING, decode_content=False)
        if flight.over:
            raise TimeoutError
        return Answer(
            url=url,
            status=status,
            body=body,
            content_type=(headers.get("Content-Type") or "").partition(";")[0].strip().lower(),
            retry_after=read_retry_after(headers.get("Retry-After"), datetime.now(timezone.utc)),
        )

    def close(self) -> None:
        self._deadlines.close()
        self._transport.close()

    def _send(self, url: str, request: Request, flight: Flight, *, conditional: bool) -> Response:
        headers = {**self._headers, "Accept": request.accept}
        known = request.validators if conditional else None
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        prepared = self._draft(url).copy()
        prepared.prepare_headers(headers)
        try:
            return self._send_once(prepared, url)
        except Exception as error:
            # A server may close an idle connection just as we use it: no fault of the page, so ask again at once.
            if flight.reused and not flight.over and was_dropped(error):
                return self._send_once(prepared, url)
            raise

    def _draft(self, url: str) -> PreparedRequest:
        """The part of a request that is always the same; to prepare it anew costs as much as to send it."""
        if (known := self._drafts.get(url)) is None:
            if len(self._drafts) >= MOST_DRAFTS:
                self._drafts.clear()
            known = self._drafts[url] = Draft("GET", url).prepare()
        return known

    def _send_once(self, prepared: PreparedRequest, url: str) -> Response:
        timeout = (self._connect_timeout, self._deadline)
        return self._transport.send(prepared, stream=True, timeout=timeout, proxies=self._proxies_for(url))

    def _read(
        self, response: Response, url: str, known: Validators | None, moved_to: str | None, began: float
    ) -> Answer:
        """Raises Unusable, and what urllib3 and zlib raise."""
        host, status, headers = _host(url), response.status_code, response.headers
        if status in _LOGIN:
            text = f"the network wants a login before {host} can be reached (HTTP {status})"
            raise Unusable(Problem(Reading.BLOCKED, text, "Open any web page in a browser and log in there."))
        if status == 304 and known is None:
            text = f"{host} says “not modified” (HTTP 304) though nothing was known"
            raise Unusable(Problem(Reading.BROKEN, text))
        given = Validators(_sendable(headers.get("ETag")), _sendable(headers.get("Last-Modified")))
        return Answer(
            url=url,
            status=status,
            body=read_body(response.raw, host, self._size_limit),
            content_type=(headers.get("Content-Type") or "").partition(";")[0].strip().lower(),
            validators=given if given.etag or given.last_modified else None,
            moved_to=moved_to,
            retry_after=read_retry_after(headers.get("Retry-After"), datetime.now(timezone.utc)),
            seconds=time.monotonic() - began,
        )

    def _proxies_for(self, url: str) -> dict[str, str]:
        """Worked out once a host: to read the environment for every request costs a quarter of it."""
        parts = urlsplit(url)
        key = f"{parts.scheme}://{parts.netloc}"
        with self._proxies_lock:
            if key not in self._proxies:
                self._proxies[key] = get_environ_proxies(url)
            return self._proxies[key]

    def _circumstances(self, url: str, flight: Flight) -> Circumstances:
        proxy = select_proxy(url, self._proxies_for(url))
        return Circumstances(
            host=_host(url),
            proxy=proxy.rpartition("//")[2].rpartition("@")[2].rstrip("/") if proxy else None,
            deadline=self._deadline,
            connect_timeout=self._connect_timeout,
            over=flight.over,
            closed=self._deadlines.closed,
        )


def redirect_target(url: str, location: str | None) -> str:
    """Where a redirect leads, if we go there: to the same scheme, or up to https. Raises Unusable."""
    host = _host(url)
    target = None
    if location:
        try:
            # What is not ASCII in a header came as bytes and was read as Latin-1.
            target = safe_url(urljoin(url, quote(location.encode("latin-1"), safe=string.punctuation)))
        except ValueError:
            target = None
    if target is None:
        raise Unusable(Problem(Reading.BROKEN, f"{host} redirects to no address that can be followed"))
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
        raise Unusable(Problem(Reading.BLOCKED, f"{host} redirects from a secure address to one that is not"))
    if not _near(url) and _near(target):
        raise Unusable(into_private_network(_host(target)))
    return target.partition("#")[0]


def read_retry_after(text: str | None, now: datetime) -> float | None:
    """`Retry-After` in seconds, given as a number or a date, from 0 to a day; None where it says nothing."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            at = email.utils.parsedate_to_datetime(text)
            seconds = (at.replace(tzinfo=at.tzinfo or timezone.utc) - now).total_seconds()
        except (TypeError, ValueError, OverflowError, IndexError):
            return None
    if seconds != seconds:  # NaN
        return None
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER)


def _same_host(url: str, location: str | None) -> str | None:
    """Where a redirect leads that may be followed with what was sent; None for all others."""
    try:
        target = redirect_target(url, location)
    except Unusable:
        return None
    return target if urlsplit(target).hostname == urlsplit(url).hostname else None


def _near(url: str) -> bool:
    return is_near(urlsplit(url).hostname or "")


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _sendable(value: str | None) -> str | None:
    """A header's value that may be sent back: short and printable."""
    value = (value or "").strip()
    return value if 0 < len(value) <= 500 and value.isascii() and value.isprintable() else None
