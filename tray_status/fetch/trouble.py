"""What can go wrong between us and a page, in words for a person. Foreign errors are translated here only."""

from __future__ import annotations

import http.client
import logging
import re
import socket
import ssl
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from requests import exceptions as of_requests
from urllib3 import exceptions as of_urllib3

from ..core.exchange import Problem, Sign
from ..core.model import Reading
from .signs import sign_of

log = logging.getLogger(__name__)


class Unusable(Exception):
    """An answer, or a setting, that we ourselves refuse; it carries the words."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an error does not tell of itself."""

    host: str
    """With its port, where that is not the usual one."""
    proxy: str | None
    """The proxy's host and port, where one is on the way."""
    deadline: float
    connect_timeout: float
    over: bool
    """Whether we ended the request ourselves …"""
    closed: bool
    """… because all are ended."""
    secret: bool = False
    """Whether the address is not to be written anywhere, not even in the log of this program."""


_PROXY_CURE = "Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or the proxy in the system's settings."
_NAME_CURE = "Check the address and the network."
_DATE_CURE = "Check this computer's date; where it is right, only the page's owner can renew the certificate."
_PORTAL_CURE = "Check the address. A network that wants a login may stand in between: open any web page in a browser."
_REFUSED_CURE = (
    "Check the address and its port; where they are right, the page is down, and is asked again by itself."
)
_SILENT_CURE = "It may be down, or a firewall may stand in between; it is asked again by itself."
_DAMAGED_CURE = "It is asked again by itself; look at the page in a browser if this lasts."
_LOGIN_CURE = "The network may want a login: open any web page in a browser and log in there."
_AUTHORITY_CURE = (
    "If a proxy or a virus scanner opens secure connections here, name its certificate in SSL_CERT_FILE or "
    "REQUESTS_CA_BUNDLE."
)
_CERTIFICATE_CURES = {9: _DATE_CURE, 10: _DATE_CURE, 62: _PORTAL_CURE, 64: _PORTAL_CURE}
"""By OpenSSL's number: not yet valid, expired, another host's name, another host's address."""

_DROPPED = (
    http.client.RemoteDisconnected,
    ConnectionResetError,
    ConnectionAbortedError,
    BrokenPipeError,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
)


def was_dropped(error: BaseException) -> bool:
    """Whether the other side closed the connection: on one that was kept alive no fault of the page."""
    return any(isinstance(cause, _DROPPED) for cause in _causes(error))


def in_words(error: BaseException, what: Circumstances) -> Problem:
    """Any error of requests, urllib3, http.client, ssl, zlib or socket as a problem of one host."""
    host = what.host
    if isinstance(error, Unusable):
        return error.problem
    if what.closed:
        return _unreachable(f"the request to {host} was given up, because the program ends")
    if what.over:
        return _too_late(what)
    causes = list(_causes(error))
    problem = _of_certificate(causes, host) or _of_proxy(causes, what) or _of_secrecy(causes, host)
    return problem or _of_network(causes, what) or _of_answer(causes, host) or _unknown(error, what)


def into_private_network(host: str) -> Problem:
    """A page of the internet led to a host on this computer or its own network: a login, or somebody who pries."""
    return Problem(Reading.BLOCKED, f"a redirect leads into a private network, to {host}", _LOGIN_CURE)


def _of_certificate(causes: Sequence[BaseException], host: str) -> Problem | None:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = getattr(cause, "verify_message", "") or "it cannot be verified"
            cure = _CERTIFICATE_CURES.get(getattr(cause, "verify_code", 0), _AUTHORITY_CURE)
            text = f"the certificate of {host} is not accepted: {why[0].lower()}{why[1:].rstrip('.')}"
            return Problem(Reading.BLOCKED, text, cure)
    return None


def _of_proxy(causes: Sequence[BaseException], what: Circumstances) -> Problem | None:
    kinds = (
        of_urllib3.ProxyError,
        of_urllib3.ProxySchemeUnknown,
        of_requests.ProxyError,
        of_requests.InvalidProxyURL,
    )
    if not any(isinstance(cause, kinds) for cause in causes):
        return None
    proxy = f"the proxy {what.proxy}" if what.proxy else "the proxy"
    words = f"{proxy} on the way to {what.host} cannot be used"
    for cause in causes:
        if isinstance(cause, of_requests.InvalidProxyURL):
            words = f"{words}: an http or https address is needed"
        elif told := re.search(r"Tunnel connection failed: (\d{3})", str(cause)):
            words = f"{proxy} does not let us through to {what.host} (HTTP {told[1]})"
        elif isinstance(cause, socket.gaierror):
            words = f"{proxy} on the way to {what.host} cannot be found"
        elif isinstance(cause, ConnectionRefusedError):
            words = f"{proxy} on the way to {what.host} refused the connection"
        elif isinstance(cause, TimeoutError):
            words = f"{proxy} on the way to {what.host} did not answer within {what.connect_timeout:g} s"
        else:
            continue
        break
    return Problem(Reading.BLOCKED, words, _PROXY_CURE)


def _of_secrecy(causes: Sequence[BaseException], host: str) -> Problem | None:
    for cause in causes:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, (*_DROPPED, TimeoutError)):
            why = f" ({cause.reason.replace('_', ' ').lower()})" if cause.reason else ""
            text = f"no secure connection to {host} can be made{why}"
            return Problem(Reading.BLOCKED, text, _PORTAL_CURE)
    return None


def _of_network(causes: Sequence[BaseException], what: Circumstances) -> Problem | None:
    host = what.host
    for cause in causes:
        if isinstance(cause, (socket.gaierror, UnicodeError)):
            return _unreachable(f"the name {host} cannot be found", _NAME_CURE, sign_of(cause))
        if isinstance(cause, of_requests.InvalidURL):
            return _unreachable(f"the name {host} cannot be found", _NAME_CURE, Sign.NO_NAME)
        if isinstance(cause, ConnectionRefusedError):
            return _unreachable(f"{host} refused the connection", _REFUSED_CURE, sign_of(cause))
        if isinstance(cause, of_urllib3.ReadTimeoutError):
            return _too_late(what)
        if isinstance(cause, TimeoutError):
            return _unreachable(f"{host} did not answer within {what.connect_timeout:g} s", _SILENT_CURE)
        if isinstance(cause, _DROPPED):
            return _unreachable(f"{host} broke off the connection", _SILENT_CURE)
    return None


def _of_answer(causes: Sequence[BaseException], host: str) -> Problem | None:
    for cause in causes:
        if isinstance(cause, (http.client.IncompleteRead, EOFError, zlib.error)):
            return Problem(Reading.BROKEN, f"the answer of {host} is cut off or damaged", _DAMAGED_CURE)
        if isinstance(cause, of_requests.InvalidHeader):
            return Problem(Reading.BROKEN, f"{host} was not asked: a header of the request is not valid")
        if isinstance(cause, http.client.HTTPException) and not isinstance(cause, OSError):
            return Problem(Reading.BROKEN, f"what {host} sends is not HTTP", "Check the address and its port.")
    return None


def _unknown(error: BaseException, what: Circumstances) -> Problem:
    host = what.host
    if what.secret:  # libraries put the whole address into their errors
        log.debug("%s: an error without words: %s", host, type(error).__name__)
    else:
        log.debug("%s: an error without words", host, exc_info=error)
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, ssl.SSLError):
            return _unreachable(f"{host} cannot be reached: {cause.strerror.lower()}", _SILENT_CURE, sign_of(cause))
    return _unreachable(f"{host} cannot be reached", _SILENT_CURE)


def _too_late(what: Circumstances) -> Problem:
    return _unreachable(f"{what.host} did not answer within {what.deadline:g} s", _SILENT_CURE)


def _unreachable(text: str, cure: str = "", sign: Sign | None = Sign.SILENCE) -> Problem:
    return Problem(Reading.UNREACHABLE, text, cure, sign=sign)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and all that is wrapped in it: requests and urllib3 put one into the other's arguments."""
    seen: set[int] = set()
    queue: list[BaseException] = [error]
    while queue:
        cause = queue.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        queue += [each for each in inner if isinstance(each, BaseException)]
