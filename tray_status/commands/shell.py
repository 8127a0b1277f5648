"""`prompt`, `completion` and `man`: for the shell that this is run from, made of the command line itself."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from ..completing import KNOWN
from ..completing import main as names
from ..core.completion import SHELLS, Command, completion
from ..core.manual import manual
from ..prompt import main as prompt
from .printing import say

TAKE_ANY = ("add", "detect")
"""Commands that mostly take pages that are not watched yet."""


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    segment = commands.add_parser("prompt", help="one short segment for a shell's prompt; see prompt --help")
    segment.add_argument("--sign", action="store_true", help="the sign alone")
    segment.set_defaults(run=_prompt)
    complete = commands.add_parser(
        "completion",
        help="a script that completes commands, options and names of pages",
        description="Print a script for your shell; it completes commands, options and the names of watched pages.",
        epilog="examples: source <(tray-status completion bash); tray-status completion fish >"
        " ~/.config/fish/completions/tray-status.fish",
    )
    complete.add_argument("shell", choices=SHELLS)
    complete.set_defaults(run=_completion)
    pages = commands.add_parser("completion-pages")  # asked by those scripts; not listed
    pages.add_argument(KNOWN, action="store_true")
    pages.set_defaults(run=_pages)
    commands.add_parser("man", help="the manual page, for `man -l -`").set_defaults(run=_man)


def _prompt(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = environment.get("TRAY_STATUS_HOME", "")
    return prompt([*(("--home", home) if home else ()), *(("--sign",) if options.sign else ())])


def _completion(options: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    say(completion(options.shell, _described()))
    return 0


def _man(_options: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    from .. import __version__
    from .arguments import EXAMPLES, parser

    say(manual(_described(), parser().description or "", EXAMPLES, __version__))
    return 0


def _pages(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = environment.get("TRAY_STATUS_HOME", "")
    given = [*(("--home", home) if home else ()), *(("--config", str(options.config)) if options.config else ())]
    return names([*given, *((KNOWN,) if options.known else ())])


def _described() -> list[Command]:
    """The whole command line; the first is the program without a command."""
    from .arguments import parser

    whole = parser()
    subparsers = next(action for action in whole._actions if isinstance(action, argparse._SubParsersAction))
    words = {action.dest: action.help or "" for action in subparsers._choices_actions}
    found = [_command("", whole.description or "", whole)]
    found += [_command(name, words[name], each) for name, each in subparsers.choices.items() if name in words]
    return found


def _command(name: str, words: str, made: argparse.ArgumentParser) -> Command:
    options = []
    takes_page, choices = False, []
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            choices += [str(each) for each in action.choices] if name else []
        elif action.option_strings:
            argument = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
            options.append((tuple(action.option_strings), argument, action.help or ""))
            choices += [str(each) for each in action.choices or ()]
        else:
            metavar = str(action.metavar or action.dest)
            takes_page = takes_page or metavar in ("PAGE", "WHAT", "NAME_OR_URL")
            choices += [str(each) for each in action.choices or ()]
    usage = " ".join(made.format_usage().removeprefix("usage:").split())
    epilog = made.epilog or "" if name else ""
    known = takes_page and name in TAKE_ANY
    return Command(name, words, tuple(options), tuple(choices), takes_page, usage, epilog, known)
