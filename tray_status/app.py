"""Arguments, settings and signals → a session in the mode that is wanted."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from . import __version__
from .config import read_interval
from .config.file import write_first
from .core.text import clean_line
from .errors import SettingsError, UsageError
from .home import home_of
from .session import Session, Watched
from .system.logfile import begin_log_file
from .system.login import start_at_login
from .system.signals import Stopping, signals_handled

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run the mode that the options name; returns the exit code. Raises TrayStatusError with words for the person."""
    if not options.demo:
        return _run_mode(options, _watched(options, environment))
    if options.page:
        raise UsageError("--demo has pages of its own; leave out --page")
    from .demo.host import DemoHost

    host = DemoHost()
    host.start()
    try:
        return _run_mode(options, Watched(lambda: host.pages))
    finally:
        host.close()


def _watched(options: argparse.Namespace, environment: Mapping[str, str]) -> Watched:
    interval = read_interval(options.interval, "--interval") if options.interval is not None else None
    home = home_of(options, environment)
    begin_log_file(home.log, verbose=options.verbose)
    log.info("Tray Status %s begins", __version__)
    if not home.named:
        _begin_settings(home.settings_path)
    login = partial(start_at_login, environment, options.config)
    return Watched(
        lambda: home.pages(options.page, interval), home.database, home.settings_path, bool(options.page), login
    )


def _begin_settings(path: Path) -> None:
    """Write the first settings; without any the defaults hold, so that it may fail."""
    try:
        if write_first(path):
            log.info("Settings were written to %s", path)
    except SettingsError as error:
        log.warning("No settings could be written, so the defaults hold: %s", error)


def _run_mode(options: argparse.Namespace, watched: Watched) -> int:
    stop = Stopping()
    session = Session(watched, stop, once=options.once, json=options.json, verbose=options.verbose)
    with signals_handled(stop, session.check_now), session:
        if options.serve and not options.once:
            return session.run_serve(options.host, read_port(options.port))
        if options.console or options.once:
            return session.run_console()
        return session.run_tray()


def read_port(text: str) -> int:
    """A port from the command line; 0 is any free one. Raises UsageError."""
    if not (text.isdecimal() and len(text) <= 5 and int(text) <= 65535):
        raise UsageError(
            f"--port: “{clean_line(text, 20)}” is not a port; it is a number from 0 (any free one) to 65535"
        )
    return int(text)


def in_background(options: argparse.Namespace, environment: Mapping[str, str]) -> Session:
    """A session that polls and prints on threads of its own, for a server that has the main thread.

    Whoever calls closes it at the end.
    """
    session = Session(_watched(options, environment), Stopping(), json=options.json, verbose=options.verbose)
    session.begin_in_background("Server Mode")
    return session
