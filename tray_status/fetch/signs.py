"""What an error of a socket tells of the way to a host. Light to import: probes need it without `requests`."""

from __future__ import annotations

import errno
import socket

from ..core.exchange import Sign

_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})


def sign_of(error: BaseException) -> Sign | None:
    """None where somebody answered, be it only to refuse."""
    if isinstance(error, socket.gaierror):
        return Sign.NO_NAME_SERVER if error.errno == socket.EAI_AGAIN else Sign.NO_NAME
    if isinstance(error, UnicodeError):
        return Sign.NO_NAME
    if isinstance(error, ConnectionRefusedError):
        return None
    if isinstance(error, OSError) and error.errno in _NO_ROUTE:
        return Sign.NO_ROUTE
    return Sign.SILENCE
