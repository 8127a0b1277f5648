"""Arguments, settings and signals → a session in the mode that is wanted."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from . import __version__
from .config import capped, read_interval
from .config.file import home_problem, write_first
from .core.text import clean_line
from .errors import SettingsError, UsageError
from .home import home_of
from .session import NO_PAGE_READ, Session, Watched
from .system.folders import HOME_VARIABLE
from .system.logfile import begin_log_file
from .system.login import start_at_login
from .system.signals import Stopping, beginning, signals_handled

log = logging.getLogger(__name__)

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = "8000"


def run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run the mode that the options name; returns the exit code. Raises TrayStatusError with words for the person."""
    stop = Stopping()
    running: list[Session] = []

    def check_now() -> None:
        for session in running:
            session.check_now()

    with signals_handled(stop, check_now), ExitStack() as ending:
        if stop.is_set():
            return 0
        with beginning(stop):
            port = read_port(options.port or DEFAULT_PORT)
            watched = _demo(options, ending) if options.demo else _watched(options, environment)
            session = Session(watched, stop, once=options.once, json=options.json, verbose=options.verbose)
        running.append(ending.enter_context(session))
        return 0 if stop.is_set() else _run_mode(session, options, port)


def _run_mode(session: Session, options: argparse.Namespace, port: int) -> int:
    if options.once:
        return _run_once(session, "Server Mode" if options.serve else "Console Mode")
    if options.serve:
        return session.run_serve(options.host or DEFAULT_HOST, port)
    if options.command == "run" and options.no_tray:
        return session.run_headless()
    return session.run_console() if options.console else session.run_tray()


def _run_once(session: Session, title: str) -> int:
    """One poll of every page, printed; in any mode without what that mode shows for longer."""
    session.begin(title)
    session.fail_where_nothing_was_printed()
    return 0 if session.stop.is_set() or session.engine.any_read() else NO_PAGE_READ


def _demo(options: argparse.Namespace, ending: ExitStack) -> Watched:
    """The pages of the demo, which ends with the run."""
    if options.page:
        raise UsageError("--demo has pages of its own; leave out --page")
    if options.config:
        raise UsageError("--demo reads no settings; leave out --config")
    interval = _interval(options)
    from .demo.host import DemoHost

    host = DemoHost()
    ending.callback(host.close)
    host.start()
    pages = host.pages if interval is None else tuple(replace(page, interval=capped(interval)) for page in host.pages)
    return Watched(lambda: pages)


def _interval(options: argparse.Namespace) -> float | None:
    return None if options.interval is None else read_interval(options.interval, "--interval")


def _watched(options: argparse.Namespace, environment: Mapping[str, str]) -> Watched:
    interval = _interval(options)
    home = home_of(options, environment)
    problem = home_problem(environment.get(HOME_VARIABLE))
    if problem:  # better to tell without a memory than not at all
        log.warning("%s: %s. This run keeps its history in memory only.", HOME_VARIABLE, problem)
    else:
        begin_log_file(home.log, verbose=options.verbose)
        log.info("Tray Status %s begins", __version__)
        if not home.named:
            _begin_settings(home.settings_path)
    login = partial(start_at_login, environment, options.config)
    return Watched(
        lambda: home.pages(options.page, interval),
        None if problem else home.database,
        home.settings_path,
        bool(options.page),
        home.rules,
        login,
        home.targets,
    )


def _begin_settings(path: Path) -> None:
    """Write the first settings; without any the defaults hold, so that it may fail."""
    try:
        if write_first(path):
            log.info("Settings were written to %s", path)
    except SettingsError as error:
        log.warning("No settings could be written, so the defaults hold: %s", error)


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
