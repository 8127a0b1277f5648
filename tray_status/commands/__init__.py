"""Subcommands, a module for each family. Its `register` adds the parsers; each sets `run(options, environment)`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from . import (
    attention,
    backfill,
    bar,
    catalogue,
    check,
    doctor,
    exchange,
    explaining,
    history,
    hook,
    login,
    opening,
    pages,
    past,
    report,
    run,
    scan,
    settings,
    shell,
    test_notification,
    waiting,
    watch,
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
        past,
        report,
        explaining,
        shell,
        watch,
        waiting,
        opening,
        backfill,
        check,
        bar,
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
