"""`login enable|disable|status`: whether the tray icon, or a service without one, starts when the person logs in."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from ..system.login import CannotStartAtLogin, Standing, Start, StartAtLogin, start_as_service, start_at_login
from .printing import say

ENABLE = "`tray-status login enable`"
BEGIN_SERVICE = (
    "`systemctl --user daemon-reload && systemctl --user restart tray-status` begins it now;"
    " `loginctl enable-linger` keeps it running while you are logged out."
)
END_SERVICE = "`systemctl --user stop tray-status` ends the one that runs, if any."


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    words = "start the tray icon when you log in"
    login = commands.add_parser("login", help=words, description=words.capitalize() + ".")
    actions = login.add_subparsers(dest="action", metavar="enable|disable|status", required=True)
    for name, run, told in (
        ("enable", _enable, "start it at login, with the --home and the --config that are given now"),
        ("disable", _disable, "start it at login no longer"),
        ("status", _status, "whether it starts at login, and what is started"),
    ):
        action = actions.add_parser(name, help=told, description=told.capitalize() + ".")
        action.add_argument(
            "--systemd", action="store_true", help="a service of yours without an icon, under systemd (Linux)"
        )
        action.set_defaults(run=run)


def _switch(options: argparse.Namespace, environment: Mapping[str, str]) -> StartAtLogin:
    return (start_as_service if options.systemd else start_at_login)(environment, options.config)


def _enable(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    before = _switch(options, environment).enable()
    if before.start is Start.THIS:
        _say(f"Tray Status starts at login already ({before.place}).")
    else:
        _say(f"Tray Status starts at login from now on ({before.place}).{_until_now(before)}")
    return _say(BEGIN_SERVICE) if options.systemd else 0


def _disable(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    before = _switch(options, environment).disable()
    if before.start is Start.NOTHING:
        return _say("Tray Status does not start at login; there was nothing to remove.")
    _say(f"Tray Status does not start at login any more; removed {before.place}.{_until_now(before)}")
    return _say(END_SERVICE) if options.systemd else 0


def _until_now(before: Standing) -> str:
    """What is lost with the entry as it stood."""
    return f" Until now it started {before.instead}." if before.instead else ""


def _status(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    try:
        standing = _switch(options, environment).standing()
    except CannotStartAtLogin as error:
        return _say(f"Whether Tray Status starts at login cannot be told: {error}")
    return _say(status_line(standing, f"{ENABLE[:-1]} --systemd`" if options.systemd else ENABLE))


def status_line(standing: Standing, enable: str = ENABLE) -> str:
    """How things stand, in one line, with what changes it."""
    if standing.start is Start.THIS:
        return f"Tray Status starts at login ({standing.place})."
    if standing.instead:
        return f"Tray Status at login starts {standing.instead}. {enable} puts this one there."
    if standing.start is Start.OFF:
        return f"Tray Status does not start at login: {standing.place} is switched off. {enable} switches it on."
    return f"Tray Status does not start at login. {enable} changes that."


def _say(text: str) -> int:
    say(text)
    return 0
