"""`config path|check|edit|schema`: the settings file."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..config import settings_schema
from ..config.file import write_first
from ..core.wording import count, number
from ..errors import UsageError
from ..home import home_of
from .printing import say


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    config = commands.add_parser("config", help="the settings file", description="The settings file.")
    actions = config.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, run, words in (
        ("path", _path, "where it is"),
        ("check", _check, "find mistakes: exit code 2 and file, line and key where there is one"),
        ("edit", _edit, "open it in $VISUAL, $EDITOR or the system's own editor, and check it afterwards"),
        ("schema", _schema, "its shape as JSON Schema, for editors"),
    ):
        action = actions.add_parser(name, help=words, description=words.capitalize() + ".")
        action.set_defaults(run=run)


def _path(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    say(str(home_of(options, environment).settings_path))
    return 0


def _check(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    settings = home.settings()
    what = "no mistakes" if home.settings_path.exists() else "there is no such file yet, the defaults hold"
    pages = home.pages(())
    names = ", ".join(page.name for page in pages[:10]) + (" and more" if len(pages) > 10 else "")
    every = number(settings.poll_interval_seconds)
    say(f"{home.settings_path}: {what}. {count(len(pages), 'page')}, every {every} s: {names}")
    return 0


def _schema(_options: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    say(json.dumps(settings_schema(), indent=1))
    return 0


def _edit(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    path = home_of(options, environment).settings_path
    write_first(path)
    command = [*_editor(environment), str(path)]
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 - the person's own editor
    except OSError as error:
        cure = "name your editor in the environment, for example EDITOR=nano"
        raise UsageError(f"config edit: {command[0]} cannot be started ({error.strerror or error}); {cure}") from None
    return done.returncode or _check(options, environment)


def _editor(environment: Mapping[str, str]) -> list[str]:
    """The person's editor as a command; it may have arguments of its own."""
    for name in ("VISUAL", "EDITOR"):
        if told := environment.get(name):
            return [told] if Path(told).exists() else shlex.split(told, posix=os.name != "nt")
    if sys.platform == "darwin":
        return ["open", "-W", "-t"]
    return ["notepad"] if os.name == "nt" else ["xdg-open"]
