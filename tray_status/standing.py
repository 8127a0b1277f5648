"""Leaves the one line of what the icon shows for whoever must not ask further, such as a shell's prompt."""

from __future__ import annotations

import contextlib
import logging
from datetime import datetime, timedelta
from pathlib import Path

from .core.model import Impact, Reading, badness
from .core.view import STALE_AFTER_INTERVALS, Overview
from .core.wishes import Wished, attended, is_calm
from .prompt import FILE, written
from .whole_file import replace_file

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=10)
SHORTEST = 3 * LOOK_EVERY
"""What is written holds at least until it could be written anew twice, and as long as this at most."""
LONGEST = timedelta(days=3)


class Standing:
    """Writes the file where what it says changed, or half of its time is over."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._told: tuple[str, str, int] | None = None
        self._until: datetime | None = None
        self._looked_at: datetime | None = None
        self._stirred = True

    def stir(self) -> None:
        """Something happened; from any thread."""
        self._stirred = True

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to look: at once where something happened, else now and then, for looking costs."""
        if self._stirred or self._looked_at is None or abs(now - self._looked_at) >= LOOK_EVERY:
            self._stirred, self._looked_at = False, now
            return True
        return False

    def note(self, overview: Overview, wishes: list[Wished], now: datetime) -> None:
        """What holds now. Where it cannot be written, whoever reads it finds it too old."""
        told, until = line(overview, wishes, now), holds_until(overview, now)
        before = self._until
        if told == self._told and before is not None and before <= until and before - now >= (until - now) / 2:
            return
        try:
            replace_file(self._path, written(*told, until.timestamp()))
        except OSError as error:
            log.debug("%s cannot be written: %s", self._path, error)
            return
        self._told, self._until = told, until

    def end(self) -> None:
        """Nobody polls any more. Where the file cannot be taken away, it is soon too old."""
        if self._told is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)


def line(overview: Overview, wishes: list[Wished], now: datetime) -> tuple[str, str, int]:
    """The impact that the icon shows, the worst page's name, and how many others are not well either."""
    impact, _ = attended(overview, wishes, now)
    troubled = [view for view in overview.pages if view.impact is not Impact.NONE]
    troubled.sort(key=lambda view: (is_calm(view, wishes, now), -badness(view.impact)))
    return impact.value, troubled[0].page.name if troubled else "", max(0, len(troubled) - 1)


def holds_until(overview: Overview, now: datetime) -> datetime:
    """When the first page that is fresh now turns stale, should nobody poll from here on."""
    ends = [
        view.state.read_at + timedelta(seconds=STALE_AFTER_INTERVALS * min(view.page.interval, 86_400.0))
        for view in overview.pages
        if view.reading is Reading.FRESH and view.state.read_at is not None
    ]
    return min(max(min(ends, default=now), now + SHORTEST), now + LONGEST)
