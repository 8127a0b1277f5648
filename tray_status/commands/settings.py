"""`config path|check|edit|schema`: the settings file."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..config import Settings, settings_schema
from ..config.file import write_first
from ..config.settings import all_mistakes
from ..core.wording import count, number
from ..errors import SettingsError, TrayStatusError, UsageError
from ..home import Home, home_of
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
    settings = _checked(home)
    what = "no mistakes"
    if not home.settings_path.exists():
        what = "there is no such file yet, the defaults hold"
    elif not home.settings_path.read_bytes().strip():
        what = "it is empty, the defaults hold"
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
    editor = _editor(environment)
    if editor is None:
        raise UsageError(
            f"config edit: no editor was found; name yours in EDITOR, such as EDITOR=nano, or open {path}"
        )
    try:
        done = subprocess.run([*editor, str(path)], check=False)  # noqa: S603 - the person's own editor
    except OSError as error:
        cure = "name your editor in the environment, for example EDITOR=nano"
        raise UsageError(f"config edit: {editor[0]} cannot be started ({error.strerror or error}); {cure}") from None
    if done.returncode:
        raise TrayStatusError(f"config edit: {editor[0]} ended with {done.returncode}; the settings are in {path}")
    return _check(options, environment)


def _checked(home: Home) -> Settings:
    """The settings. Raises SettingsError that lists every mistake."""
    try:
        return home.settings()
    except SettingsError as error:
        try:
            text = home.settings_path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise error from None
        found = all_mistakes(text, home.settings_path) or [error]
        raise SettingsError("\n".join(str(each) for each in found)) from None


def _editor(environment: Mapping[str, str]) -> list[str] | None:
    """The person's editor as a command, which may have arguments of its own; else one that is usual here, if any."""
    for name in ("VISUAL", "EDITOR"):
        if told := environment.get(name):
            return [told] if Path(told).exists() else shlex.split(told, posix=os.name != "nt")
    if sys.platform == "darwin":
        return ["open", "-W", "-t"]
    if os.name == "nt":
        return ["notepad"]
    in_terminal = sys.stdin is not None and sys.stdin.isatty() and environment.get("TERM", "dumb") != "dumb"
    near_desktop = bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    usual = (
        *(("sensible-editor", "nano", "vim", "vi") if in_terminal else ()),
        *(("xdg-open",) if near_desktop else ()),
    )
    return next(([each] for each in usual if shutil.which(each)), None)
