"""What `doctor` tells of the desktop, the network and the clock around the program; no secrets."""

from __future__ import annotations

import os
import ssl
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ..system.session_bus import SessionBus

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


def session(environment: Mapping[str, str]) -> str:
    """`x11, XFCE, through SSH`."""
    kind = environment.get("XDG_SESSION_TYPE") or _display(environment) or "no display"
    desktop = environment.get("XDG_CURRENT_DESKTOP") or environment.get("DESKTOP_SESSION") or "no desktop named"
    parts = [kind, desktop]
    if environment.get("SSH_CONNECTION"):
        parts.append("through SSH")
    if environment.get("container") or os.path.exists("/.dockerenv"):
        parts.append("in a container")
    return ", ".join(parts)


def _display(environment: Mapping[str, str]) -> str:
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "x11" if environment.get("DISPLAY") else ""


def proxies(environment: Mapping[str, str]) -> str:
    """The proxies of the environment, without anybody's password."""
    named = {name: environment.get(name) or environment.get(name.lower()) for name in _PROXIES}
    told = [
        f"{name} {_without_password(value) if name != 'NO_PROXY' else value}"
        for name, value in named.items()
        if value
    ]
    return ", ".join(told) or "none named in the environment"


def _without_password(address: str) -> str:
    parts = urlsplit(address if "://" in address else f"//{address}")
    try:
        where = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return "(not an address)"
    scheme = f"{parts.scheme}://" if parts.scheme else ""
    return f"{scheme}{'***@' if parts.username or parts.password else ''}{where}"


def trust(environment: Mapping[str, str]) -> str:
    """Whose certificates are believed."""
    whose = "the system is asked (truststore)"
    if sys.platform not in ("win32", "darwin"):
        paths = ssl.get_default_verify_paths()
        whose = paths.cafile or paths.capath or "the usual places"
    named = [f"{name} {environment[name]}" for name in _CERTIFICATES if environment.get(name)]
    return ", ".join((whose, ssl.OPENSSL_VERSION, *named))


def clock() -> str:
    """`UTC+01:00 (CET), set by the network`."""
    offset = time.strftime("%z")
    zone = f"UTC{offset[:3]}:{offset[3:]} ({time.tzname[time.localtime().tm_isdst > 0]})"
    if not os.path.isdir("/run/systemd"):
        return zone
    synchronised = os.path.exists("/run/systemd/timesync/synchronized")
    return zone + (", set by the network" if synchronised else ", whether the network sets it is not known")


def tray_host(bus: SessionBus | None) -> str:
    """Who shows icons: the process that has the watcher's name."""
    return _owner(bus, "org.kde.StatusNotifierWatcher")


def notification_server(bus: SessionBus | None) -> str:
    """`Xfce Notify Daemon 0.7 (actions, body, …)`; empty where none answers."""
    from ..outputs.notifications.freedesktop import NAME, PATH
    from ..system.session_bus import BusRefused, NoBus

    if bus is None:
        return ""
    try:
        name, _vendor, version, _spec = bus.call(NAME, PATH, NAME, "GetServerInformation")
        can = sorted(bus.call(NAME, PATH, NAME, "GetCapabilities")[0])
    except (NoBus, BusRefused, ValueError):
        return ""
    return f"{name} {version} ({', '.join(map(str, can))})"


def _owner(bus: SessionBus | None, name: str) -> str:
    from ..system.session_bus import DBUS, BusRefused, NoBus

    if bus is None:
        return ""
    path = "/org/freedesktop/DBus"
    try:
        owner = bus.call(DBUS, path, DBUS, "GetNameOwner", "s", [name])[0]
        process = bus.call(DBUS, path, DBUS, "GetConnectionUnixProcessID", "s", [owner])[0]
    except (NoBus, BusRefused):
        return ""
    try:
        with open(f"/proc/{process}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return f"process {process}"
