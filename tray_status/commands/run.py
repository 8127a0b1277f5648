"""`run`: the program itself, as a service manager or a container starts it."""

from __future__ import annotations

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add the parser. It sets no `run` of its own: the mode is begun as those without a command are."""
    words = "run until stopped; with --no-tray as a service"
    parser = commands.add_parser(
        "run",
        help=words,
        description="Run until stopped, as `tray-status` without a command does. With --no-tray there is no icon, and"
        " nothing ends it but a signal: for services and containers. Notices are shown where a desktop is near.",
        epilog="SIGTERM ends it, exit 0, within a second. SIGHUP reads the settings anew and polls at once. Under"
        " systemd it says when it is ready, and gives signs of life only while it really polls; `tray-status login"
        " enable --systemd` writes the unit.",
    )
    parser.add_argument("--no-tray", action="store_true", help="no icon")
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="events as JSON Lines on stdout; all else on stderr",
    )
    parser.add_argument(
        "--page",
        action="append",
        default=argparse.SUPPRESS,
        metavar="NAME_OR_URL",
        help="watch this page only, this run; may repeat",
    )
    parser.add_argument(
        "--interval", default=argparse.SUPPRESS, metavar="SECONDS", help="seconds between polls, from 1 up"
    )
