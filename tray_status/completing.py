"""`completion-pages`: names of pages for the scripts of `completion`, at each press of Tab, so as fast as can be.

Settings and catalogue are read as they stand, unchecked: what is wrong with them is told elsewhere, and not here.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator, Sequence

from .system.places import config_folder, data_folder

KNOWN = "--known"
"""Asks for the pages of the catalogue in place of those that are watched."""

DEFAULT = "OpenAI"


def main(arguments: Sequence[str]) -> int:
    """Print the names, a line each; 0 whatever comes, for nobody is there to be told."""
    home = os.path.expanduser(_option(arguments, "--home") or os.environ.get("TRAY_STATUS_HOME", ""))
    names = _known(home) if KNOWN in arguments else _watched(home, _option(arguments, "--config"))
    try:
        text = "".join(f"{name}\n" for name in dict.fromkeys(names) if name.isprintable() and name.strip())
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        return 0
    return 0


def _watched(home: str, settings: str) -> Iterator[str]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    path = settings or os.path.join(home or config_folder(os.environ), "config.toml")
    try:
        with open(path, "rb") as file:
            pages = tomllib.load(file).get("pages")
    except FileNotFoundError:
        yield DEFAULT
        return
    except (OSError, ValueError, RecursionError):
        return
    for each in pages if isinstance(pages, list) else ():
        name = each.get("name") if isinstance(each, dict) else None
        if isinstance(name, str):
            yield " ".join(name.split())


def _known(home: str) -> Iterator[str]:
    """As `catalogue/names.py` has them: a list that the person took goes before our own."""
    own = os.path.join(os.path.dirname(__file__), "catalogue", "pages.csv")
    for path in (os.path.join(home or data_folder(os.environ), "catalogue.csv"), own):
        try:
            with open(path, encoding="utf-8", newline="") as file:
                names = [row[1] for row in csv.reader(file) if len(row) > 1][1:]
        except (OSError, ValueError, csv.Error):
            continue
        yield from names
        return


def _option(arguments: Sequence[str], name: str) -> str:
    """What is given with an option; empty where it is not."""
    for place, each in enumerate(arguments):
        if each == name and place + 1 < len(arguments):
            return arguments[place + 1]
        if each.startswith(f"{name}="):
            return each.removeprefix(f"{name}=")
    return ""
