"""Under which names the status page may be asked for, so that no foreign site can read it through a name of its own.

See https://docs.djangoproject.com/en/5.2/topics/security/#host-header-validation
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket

HOSTS_VARIABLE = "TRAY_STATUS_ALLOWED_HOSTS"
"""More names, with commas between them: for a proxy in front, or a name that this computer does not know it has."""

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def allowed_hosts(listening: str, more: str = "") -> list[str]:
    """What a `Host` header may say, without its port, where the server listens on `listening`.

    Listening on an address that others reach, this computer's names and addresses are allowed too.
    """
    names = [*LOOPBACK, listening]
    if not is_loopback(listening):
        names += _own_names()
    names += more.split(",")
    return list(dict.fromkeys(_as_in_header(name.strip()) for name in names if name.strip().strip("*.")))


def _own_names() -> list[str]:
    name = socket.gethostname()
    names = [name, f"{name}.local"]
    with contextlib.suppress(OSError):
        names.append(socket.getfqdn())
    with contextlib.suppress(OSError):
        names += [str(found[4][0]).partition("%")[0] for found in socket.getaddrinfo(name, None)]
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # A datagram socket that is connected but never used tells which address the way out has.
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            names.append(probe.getsockname()[0])
    return names


def _as_in_header(name: str) -> str:
    return f"[{name}]" if ":" in name and not name.startswith("[") else name.lower()
