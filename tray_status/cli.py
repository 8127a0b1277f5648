"""Arguments → a mode; the only user of `sys.exit`."""

from __future__ import annotations

import argparse
import difflib
import itertools
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import __version__
from .commands import register
from .errors import TrayStatusError, UsageError
from .system.folders import HOME_VARIABLE

INTERRUPTED = 130
"""What shells expect of a command that Ctrl+C ended."""

EXAMPLES = """\
examples:
  tray-status                          the icon, notices, and each event on the console
  tray-status --console                the terminal only
  tray-status --console --once         what is open now, and exit
  tray-status --console --page github --page https://www.vercel-status.com
  tray-status --console --json         events as JSON Lines, for scripts
  tray-status --serve                  the status page at http://127.0.0.1:8000/
  tray-status --demo                   everything with an invented history and no network
  tray-status add vercel-status.com    watch one more page
  tray-status status                   how all pages stand, worst first
  tray-status login enable             start the icon at login

exit codes: 0 done, 1 the program failed, 2 wrong usage or settings, 3 no page could be read

environment:
  TRAY_STATUS_HOME       one folder for settings and history
  POLL_INTERVAL_SECONDS  seconds between polls; --interval wins over it
  TRAY_STATUS_ALLOWED_HOSTS  more names that --serve answers to, with commas between them
  NO_COLOR, FORCE_COLOR  as everywhere
"""


def parser() -> argparse.ArgumentParser:
    """The command line as the contract has it."""
    made = argparse.ArgumentParser(
        prog="tray-status",
        description="Watches vendors' status pages and tells what changed, at once, and only once.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--console", action="store_true", help="no icon: events on the terminal")
    made.add_argument(
        "--serve", action="store_true", help="no icon: the status page in the browser, events on the terminal"
    )
    made.add_argument(
        "--host", default="127.0.0.1", help="the address that --serve listens on (default: this computer only)"
    )
    made.add_argument(
        "--port", default="8000", help="the port that --serve listens on; 0 takes a free one (default: 8000)"
    )
    made.add_argument("--once", action="store_true", help="poll every page once, print, exit")
    made.add_argument("--json", action="store_true", help="events as JSON Lines on stdout; all else on stderr")
    made.add_argument(
        "--page",
        action="append",
        default=[],
        metavar="NAME_OR_URL",
        help="watch this page only, this run; may repeat (default: those of the settings, else OpenAI)",
    )
    made.add_argument("--interval", metavar="SECONDS", help="seconds between polls, from 1 up (default: 60)")
    made.add_argument("--config", metavar="FILE", type=Path, help="settings to use in place of your own")
    made.add_argument(
        "--demo", action="store_true", help="an invented history of four pages; touches no settings and no history"
    )
    made.add_argument("--verbose", action="store_true", help="say what is done and why, on stderr; report each poll")
    made.add_argument("--home", metavar="DIR", help="one folder for settings and history, as TRAY_STATUS_HOME")
    made.add_argument("--version", action="version", version=f"tray-status {__version__}")
    made.set_defaults(run=None)
    register(made)
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program. Exits with the contract's codes."""
    sys.exit(run(arguments))


def refuse_unknown_options(made: argparse.ArgumentParser, given: Sequence[str]) -> None:
    """Name an option that does not exist; argparse would rather complain of the word behind it."""
    parsers = [made]
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            parsers += action.choices.values()
    known = {option for each in parsers for option in each._option_string_actions}
    for text in itertools.takewhile(lambda each: each != "--", given):
        name = text.partition("=")[0]
        if name.startswith("--") and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            made.error(f"there is no option {name}" + (f"; did you mean {near[0]}?" if near else ""))


def configure_logging(verbose: bool) -> None:
    """Diagnostics go to stderr."""
    level = logging.DEBUG if verbose else logging.WARNING
    logging.basicConfig(
        level=level,
        format="%(asctime)s %(levelname)s %(message)s" if verbose else "tray-status: %(message)s",
        stream=sys.stderr,
    )
    for handler in logging.getLogger().handlers:
        handler.setLevel(level)  # the log file may be told more
    for chatty in ("urllib3", "PIL", "asyncio", "pystray"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; argparse alone exits by itself (0 for help, 2 for wrong options)."""
    made = parser()
    given = list(sys.argv[1:] if arguments is None else arguments)
    refuse_unknown_options(made, given)
    options = made.parse_args(given)
    configure_logging(options.verbose)
    environment = {**os.environ, **({HOME_VARIABLE: options.home} if options.home else {})}
    try:
        if options.run is not None:
            return int(options.run(options, environment))
        from . import app

        return app.run(options, environment)
    except KeyboardInterrupt:
        return INTERRUPTED
    except UsageError as error:
        print(f"tray-status: {error}", file=sys.stderr)  # noqa: T201 - the one message that a wrong call gets
        return 2
    except TrayStatusError as error:
        print(f"tray-status: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except BrokenPipeError:
        # Whoever read our output has gone; say nothing, and let nothing be flushed into the void at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
