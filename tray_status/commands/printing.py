"""What commands print, and what is said on stderr beside it."""

from __future__ import annotations

import logging
import sys

from ..errors import NotPrinted


def say(text: str) -> None:
    """Print a line at once. Raises NotPrinted, and BrokenPipeError where the reader has gone."""
    try:
        print(text, flush=True)  # noqa: T201 - what all commands print with
    except BrokenPipeError:
        raise
    except OSError as error:
        raise NotPrinted(f"standard output cannot be written to: {error.strerror or error}") from None


def note(text: str) -> None:
    """Say something on stderr that is no result; where that cannot be written, it is lost."""
    try:
        print(text, file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        return


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
    # What libraries have to say of themselves helps nobody here, but for what goes wrong.
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("tray_status").setLevel(level)
