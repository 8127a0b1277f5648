"""Waiting beside whoever reads what this program prints, for as long as they do."""

from __future__ import annotations

import select
import time
from typing import TextIO


def wait_while_read(stream: TextIO, seconds: float) -> bool:
    """Wait so long; False, and at once, where the pipe behind `stream` has lost its last reader.

    Where that cannot be asked (a file, Windows), it shows at the next line that is printed.
    """
    try:
        # A pipe without readers is an error to `poll`, whatever else it was asked for.
        gone = select.poll()
        gone.register(stream, 0)
        return not gone.poll(seconds * 1000)
    except (AttributeError, OSError, ValueError):
        time.sleep(seconds)
        return True
