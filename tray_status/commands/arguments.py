"""The command line as the contract has it."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import __version__
from ..config import nearest
from ..errors import UsageError
from ..system.folders import HOME_VARIABLE
from . import register
from .printing import note, say

OF_MODES = ("demo", "console", "serve", "host", "port", "once", "json", "page", "interval")
"""Options that only a mode obeys, or a command that has one of that name itself."""

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


class _Parser(argparse.ArgumentParser):
    """Says where its help or version could not be printed, in place of keeping silent."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if message and file is sys.stdout:
            say(message.removesuffix("\n"))
        elif message:
            note(message.removesuffix("\n"))


def parser() -> argparse.ArgumentParser:
    """The command line as the contract has it."""
    made = _Parser(
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
    made.add_argument("--host", help="the address that --serve listens on (default: 127.0.0.1, this computer only)")
    made.add_argument("--port", help="the port that --serve listens on; 0 takes a free one (default: 8000)")
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


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Exits by itself for help (0) and for what is no option or command (2); raises UsageError for what is idle."""
    made = parser()
    _refuse_unknown_options(made, arguments)
    options = made.parse_args(arguments)
    if options.command is not None:
        _refuse_meaningless(_commands(made)[options.command], options)
    return options


def _commands(made: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return next(action.choices for action in made._actions if isinstance(action, argparse._SubParsersAction))


def _all_parsers(made: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield made
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from _all_parsers(each)


def _refuse_unknown_options(made: argparse.ArgumentParser, given: Sequence[str]) -> None:
    """Name an option that does not exist; argparse would rather complain of the word behind it."""
    known = {option for each in _all_parsers(made) for option in each._option_string_actions}
    for text in itertools.takewhile(lambda each: each != "--", given):
        name = text.partition("=")[0]
        if name.startswith("--") and name not in known:
            near = nearest(name.strip("-"), (option.strip("-") for option in known if option.startswith("--")))
            made.error(f"there is no option {name}" + (f"; did you mean --{near[0]}?" if near else ""))


def _refuse_meaningless(command: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuse what only a mode obeys, or else it would be ignored without a word."""
    own = {action.dest for each in _all_parsers(command) for action in each._actions if action.option_strings}
    for name in OF_MODES:
        if name not in own and getattr(options, name) not in (None, False, []):
            raise UsageError(f"--{name} has no meaning for `{command.prog}`; leave it out")


def environment_of(options: argparse.Namespace, environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment as the options have it."""
    return {**environment, HOME_VARIABLE: options.home} if options.home else environment
