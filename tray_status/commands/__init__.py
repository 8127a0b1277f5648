"""Subcommands, a module for each family. Its `register` adds the parsers; each sets `run(options, environment)`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from . import (
    attention,
    catalogue,
    check,
    doctor,
    exchange,
    history,
    hook,
    login,
    pages,
    run,
    scan,
    settings,
    test_notification,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Run = Callable[[argparse.Namespace, Mapping[str, str]], int]


def register(parser: argparse.ArgumentParser) -> None:
    """Add every subcommand to the program's parser."""
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for family in (
        run,
        history,
        check,
        pages,
        exchange,
        scan,
        catalogue,
        attention,
        settings,
        hook,
        login,
        doctor,
        test_notification,
    ):
        family.register(commands)
