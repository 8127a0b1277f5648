"""A page read once in a way that leaves no trace: what is at an address, before it is watched."""

from __future__ import annotations

import time
from collections.abc import Callable

from .core.model import Page
from .core.view import PageView, view_of
from .engine import Engine
from .poller.loop import utc_now

PATIENCE = 60.0
"""Seconds that a page gets to be found and read."""

Asked = list[tuple[str, str]]
"""Addresses, each with what came of it in words."""


def looked_at(page: Page, progress: Callable[[Asked], None] | None = None) -> tuple[PageView, Asked]:
    """The page after one poll, and what was asked in it; `progress` is called meanwhile, again and again."""
    engine = Engine([page], None)
    try:
        engine.poller.start()
        end = time.monotonic() + PATIENCE
        while not engine.wait_for_round(0.1) and time.monotonic() < end:
            if progress is not None:
                progress(engine.poller.asked(page.id))
        return view_of(engine.states()[0], utc_now()), engine.poller.asked(page.id)
    finally:
        engine.stop()
