"""What can go wrong between us and a page, in words for a person. Foreign errors are translated here only."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from ..core.exchange import Problem
from ..core.model import Reading

_CERTIFICATE_CURE = (
    "If a proxy or a virus scanner opens secure connections here, name its certificate in SSL_CERT_FILE; "
    "check this computer's date too."
)
_PROXY_CURE = "Check HTTP_PROXY and HTTPS_PROXY, or the proxy in the system's settings."


def in_words(error: BaseException, host: str, *, overdue: bool, closed: bool, deadline: float) -> Problem:
    """Any error of requests, urllib3, http.client, ssl or socket, as a problem of one page."""
    if closed:
        return Problem(Reading.UNREACHABLE, f"the request to {host} was given up, because the program ends")
    if overdue:
        return Problem(Reading.UNREACHABLE, f"{host} did not answer in full within {deadline:g} s")
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message or cause.reason or "it cannot be verified"
            return Problem(Reading.BLOCKED, f"the certificate of {host} is not accepted: {why}", _CERTIFICATE_CURE)
    names = {type(cause).__name__ for cause in causes}
    if names & {"ProxyError", "InvalidProxyURL", "ProxySchemeUnknown", "ProxySchemeUnsupported"}:
        return Problem(Reading.BLOCKED, f"the proxy on the way to {host} does not let us through", _PROXY_CURE)
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            why = f": {cause.reason.replace('_', ' ').lower()}" if cause.reason else ""
            return Problem(Reading.BLOCKED, f"no secure connection to {host} can be made{why}")
        if isinstance(cause, socket.gaierror):
            return Problem(
                Reading.UNREACHABLE, f"the name {host} cannot be found", "Check the address and the network."
            )
        if isinstance(cause, ConnectionRefusedError):
            return Problem(Reading.UNREACHABLE, f"{host} refused the connection")
    if names & {"ConnectTimeoutError", "ConnectTimeout", "ReadTimeoutError", "ReadTimeout", "TimeoutError"}:
        return Problem(Reading.UNREACHABLE, f"{host} did not answer in time")
    if names & {"NameResolutionError", "LocationParseError", "InvalidURL", "UnicodeError", "UnicodeEncodeError"}:
        return Problem(Reading.UNREACHABLE, f"the name {host} cannot be found", "Check the address and the network.")
    if names & {
        "IncompleteRead",
        "InvalidChunkLength",
        "DecodeError",
        "ContentDecodingError",
        "ChunkedEncodingError",
    }:
        return Problem(Reading.BROKEN, f"the answer of {host} is cut off or damaged")
    if names & {"BadStatusLine", "LineTooLong", "UnknownProtocol", "HTTPException", "HeaderParsingError"} and not (
        names & {"RemoteDisconnected"}
    ):
        return Problem(Reading.BROKEN, f"what {host} sends is not HTTP")
    for cause in causes:
        if isinstance(cause, OSError) and str(cause).startswith("the certificates that"):
            return Problem(Reading.BLOCKED, str(cause), "Correct the variable, or unset it.")
    if names & {"RemoteDisconnected", "ConnectionResetError", "BrokenPipeError", "ProtocolError"}:
        return Problem(Reading.UNREACHABLE, f"{host} closed the connection without an answer")
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return Problem(Reading.UNREACHABLE, f"{host} cannot be reached: {cause.strerror.lower()}")
    return Problem(Reading.UNREACHABLE, f"{host} cannot be reached")


def closed_before_answering(error: BaseException) -> bool:
    """Whether a kept-alive connection turned out to be closed: no fault of the page, worth one more try."""
    names = {type(cause).__name__ for cause in _causes(error)}
    return bool(names & {"RemoteDisconnected", "ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"})


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
        inner = (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)
        queue += [each for each in inner if isinstance(each, BaseException)]
