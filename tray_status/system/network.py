"""Whether this computer has a way to the internet, and finds names. No host is contacted to find out."""

from __future__ import annotations

import contextlib
import socket

# Addresses that are kept for documentation (RFC 5737, RFC 3849): they belong to nobody, and all the world's routes
# lead to them. A datagram socket that is only connected sends nothing.
_ANYWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def has_route() -> bool:
    """Whether the system would send something to the internet; says nothing of what lies behind the next router."""
    for family, address in _ANYWHERE:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((address, 9))
            return True
    return False


def has_name(host: str) -> bool:
    """Whether a host's name is found; asks the computer's own name server alone."""
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False
