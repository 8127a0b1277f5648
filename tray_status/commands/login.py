"""`login enable|disable|status`: whether the tray icon starts when the person logs in."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from ..system.login import CannotStartAtLogin, Standing, Start, start_at_login
from .printing import say

ENABLE = "`tray-status login enable`"


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
        action.set_defaults(run=run)


def _enable(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    before = start_at_login(environment, options.config).enable()
    if before.start is Start.THIS:
        return _say(f"Tray Status starts at login already ({before.place}).")
    return _say(f"Tray Status starts at login from now on ({before.place}).{_until_now(before)}")


def _disable(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    before = start_at_login(environment, options.config).disable()
    if before.start is Start.NOTHING:
        return _say("Tray Status does not start at login; there was nothing to remove.")
    return _say(f"Tray Status does not start at login any more; removed {before.place}.{_until_now(before)}")


def _until_now(before: Standing) -> str:
    """What is lost with the entry as it stood."""
    return f" Until now it started {before.instead}." if before.instead else ""


def _status(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    try:
        standing = start_at_login(environment, options.config).standing()
    except CannotStartAtLogin as error:
        return _say(f"Whether Tray Status starts at login cannot be told: {error}")
    return _say(status_line(standing))


def status_line(standing: Standing) -> str:
    """How things stand, in one line, with what changes it."""
    if standing.start is Start.THIS:
        return f"Tray Status starts at login ({standing.place})."
    if standing.instead:
        return f"Tray Status at login starts {standing.instead}. {ENABLE} puts this one there."
    if standing.start is Start.OFF:
        return f"Tray Status does not start at login: {standing.place} is switched off. {ENABLE} switches it on."
    return f"Tray Status does not start at login. {ENABLE} changes that."


def _say(text: str) -> int:
    say(text)
    return 0
