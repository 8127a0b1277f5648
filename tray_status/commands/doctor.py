"""`doctor`: whether everything that the program stands on is well here, and where it lies."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from importlib import metadata
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from .. import __version__
from ..catalogue import is_near, known_pages
from ..core.wording import count
from ..errors import NoTray, SettingsError, StoreError, TrayStatusError
from ..home import Home, home_of
from ..system.login import start_at_login
from . import circumstances, hook
from .login import status_line
from .printing import say

if TYPE_CHECKING:
    from ..system.session_bus import SessionBus

PACKAGES = ("requests", "urllib3", "pystray", "pillow", "plyer", "dbus-fast", "django", "waitress")


HOSTS_LOOKED_UP = 3
"""Names that are looked up: where none is found, each may take some seconds."""


class Finding(NamedTuple):
    """One thing that was looked at."""

    what: str
    well: bool
    words: str


def register(commands: Any) -> None:
    """Add the parser."""
    words = "whether all that the program stands on is well here"
    doctor = commands.add_parser(
        "doctor",
        help=words,
        description=words.capitalize() + ". Contacts nobody but this computer's own name server.",
        epilog="Exits with 1 where something is wrong. What it prints names files of yours, but no secrets.",
    )
    doctor.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object, for scripts")
    doctor.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    findings = list(_look(home_of(options, environment)))
    if options.json:
        rows = [each._asdict() for each in findings]
        say(json.dumps({"v": 1, "findings": rows}, ensure_ascii=False))
    else:
        own = os.path.expanduser("~")
        for each in findings:
            words = each.words.replace(own, "~") if len(own) > 1 else each.words
            say(f"{'ok' if each.well else '!!'}  {each.what:<14} {words}")
    return 0 if all(each.well for each in findings) else 1


def _look(home: Home) -> Iterator[Finding]:
    yield Finding(
        "program", True, f"Tray Status {__version__}, Python {platform.python_version()}, {platform.system()}"
    )
    yield Finding("packages", True, ", ".join(f"{name} {_version(name)}" for name in PACKAGES))
    yield _tried("settings", lambda: f"{home.settings_path}: {count(len(home.pages(())), 'page')}")
    yield _tried("history", lambda: _history(home))
    yield from _targets(home)
    yield Finding("log", True, f"{home.log}" + ("" if home.log.exists() else " (nothing was logged yet)"))
    yield Finding("known pages", True, f"{count(len(known_pages()), 'page')}{_newer(home)}")
    yield Finding("session", True, circumstances.session(home.environment))
    yield _network(home)
    yield Finding("proxies", True, circumstances.proxies(home.environment))
    yield Finding("trust", True, circumstances.trust(home.environment))
    yield Finding("clock", True, circumstances.clock())
    yield _tried("login", lambda: status_line(start_at_login(home.environment).standing()))
    yield _tried("tray", _tray)
    yield _tried("notices", _notices)


def _targets(home: Home) -> Iterator[Finding]:
    """Hooks and webhooks, where there are any."""
    try:
        rows = list(hook.standing(home))
    except SettingsError:
        return  # told as what is wrong with the settings
    except TrayStatusError as error:
        rows = [("hooks", False, str(error))]
    for name, well, words in rows:
        yield Finding(name, well, words)


def _newer(home: Home) -> str:
    return f", from {home.catalogue}" if home.catalogue.is_file() else ""


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except TrayStatusError as error:
        return Finding(what, False, str(error))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "is missing"


def _history(home: Home) -> str:
    from ..store import Store

    if not home.database.exists():
        return f"{home.database} (nothing was kept yet)"
    store = Store.open(home.database, read_only=True)
    try:
        health = store.health()
    finally:
        store.close()
    if health["damage"]:
        raise StoreError(
            f"{home.database} is damaged: {health['damage']}. The next start sets it aside and begins a new one"
        )
    kept = ", ".join(count(health[name], name[:-1]) for name in ("pages", "incidents", "updates", "events"))
    size = home.database.stat().st_size / 1024
    found = sorted(each.name for each in home.database.parent.glob(f"{home.database.name}.damaged-*"))
    aside = [each for each in found if not each.endswith(("-wal", "-shm"))]
    note = f". Set aside as damaged: {', '.join(aside)}" if aside else ""
    return f"{home.database}: {size:.0f} KiB, {kept}, schema {health['schema']}{note}"


def _network(home: Home) -> Finding:
    """A way to the internet, and whether the names of some watched hosts are found, by the name server alone."""
    from ..system.network import has_name, has_route

    if not has_route():
        return Finding("network", False, "this computer is offline: it has no way to the internet")
    hosts = _far_hosts(home)[:HOSTS_LOOKED_UP]
    lost = [host for host in hosts if not has_name(host)]
    if lost and len(lost) == len(hosts):
        words = (
            f"there is a way to the internet, but no name is found, such as {lost[0]}: check the name server (DNS)"
        )
    elif lost:
        words = f"there is a way to the internet, but these names are not found: {', '.join(lost)}"
    else:
        words = "there is a way to the internet" + (", and names are found" if hosts else "")
    return Finding("network", not lost, words)


def _far_hosts(home: Home) -> list[str]:
    """The hosts of the watched pages, but for those on this computer or its own network."""
    try:
        found = [urlsplit(page.url).hostname or "" for page in home.pages(())]
    except TrayStatusError:
        return []  # told as what is wrong with the settings
    return [host for host in dict.fromkeys(found) if not is_near(host)]


@contextlib.contextmanager
def _session_bus() -> Iterator[SessionBus | None]:
    """The session bus, or None where there is none."""
    from ..system.session_bus import NoBus, SessionBus

    try:
        bus = SessionBus.connect()
    except NoBus:
        yield None
        return
    try:
        yield bus
    finally:
        bus.close()


def _tray() -> str:
    from ..tray.backends import choose_icon, no_host_words
    from ..tray.sni import has_host

    with _session_bus() as bus:
        choose_icon(bus, lambda _present: None)
        if bus is not None and not has_host(bus):
            raise NoTray(no_host_words())
        host = circumstances.tray_host(bus)
    return "the icon can be shown" + (f", by {host}" if host else "")


def _notices() -> str:
    from ..outputs.notifications import NO_SERVICE, NoNotifier, choose_notifier

    with _session_bus() as bus:
        notifier = choose_notifier(bus, lambda _url: None)
        if not notifier.available():
            raise NoNotifier(NO_SERVICE)
        server = circumstances.notification_server(bus)
        return f"notices can be shown ({notifier.name}){f', by {server}' if server else ''}"
