"""The terminal: a banner, what happened while away, what is open, and then each event as a block.

On a terminal one line at the bottom is refreshed in place; elsewhere an unchanged poll prints nothing.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Protocol

from ..core.events import Event, EventKind
from ..core.model import Impact, Page
from ..core.view import Overview
from ..core.wording import (
    IMPACT_WORDS,
    banner,
    event_block,
    incident_block,
    local_time,
    number,
    tally,
    unposted_line,
    unreadable_line,
)

PLAIN_WIDTH = 100
"""Columns for text where there is no terminal to ask."""

_COLOURS = {
    Impact.NONE: "32",
    Impact.NOTICE: "32",
    Impact.MAINTENANCE: "34",
    Impact.MINOR: "33",
    Impact.MAJOR: "38;5;208",
    Impact.CRITICAL: "31",
    Impact.UNKNOWN: "90",
}


class Stream(Protocol):
    """Where a console prints; a `TextIO` is one."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> None: ...
    def isatty(self) -> bool: ...


class Console:
    """Prints to one stream, from any thread, never half a block."""

    name = "console"

    def __init__(
        self,
        stream: Stream,
        pages: Sequence[Page],
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
        verbose: bool = False,
    ) -> None:
        self._stream = stream
        self.watch(pages)
        self._now = now
        self._zone = zone
        self._verbose = verbose
        self._terminal = stream.isatty()
        self._colour = _wants_colour(self._terminal)
        self._lock = threading.Lock()
        self._bottom = ""

    @property
    def has_bottom_line(self) -> bool:
        """Whether `tick` shows anything."""
        return self._terminal

    def begin(self, pages: Sequence[Page], title: str = "Console Mode") -> None:
        self.watch(pages)
        self._print(banner(pages, title))

    def watch(self, pages: Sequence[Page]) -> None:
        """From now on, these are the pages that are watched: each is named where there are several."""
        self._name_pages = len(pages) > 1

    def say(self, text: str) -> None:
        """A line of our own, such as why there is no tray."""
        self._print(text)

    def tell(self, text: str) -> None:
        """A line of our own about something that happened just now."""
        self._print(f"[{self._clock()}] {text}")

    def away(self, events: Sequence[Event]) -> None:
        """What happened while nothing was running."""
        told = [event for event in events if self._tells(event)]
        if told:
            self._print(
                "\nWhile you were away\n\n" + "\n".join(self._block(event) for event in told) + "\n\nOpen now"
            )

    def listing(self, overview: Overview) -> None:
        """What is open now, which pages cannot be read, and how many incidents are known."""
        blocks = []
        rows = [(view.page, incident) for view in overview.pages for incident in view.state.open_incidents]
        rows += [(view.page, each) for view in overview.pages for each in view.state.maintenances if each.is_open]
        rows.sort(key=lambda row: (row[1].latest.at if row[1].latest else None) or row[1].started_at or self._now())
        for page, incident in rows:
            at = (incident.latest.at if incident.latest else None) or incident.started_at or self._now()
            block = incident_block(
                incident,
                incident.latest,
                at.astimezone(self._zone),
                page=page if self._name_pages else None,
                width=self._width(),
                edge=self._edge(),
            )
            blocks.append(self._coloured(block, incident.shown_impact))
        problems = [line for view in overview.pages if (line := unreadable_line(view, self._now()))]
        problems += [line for view in overview.pages if (line := unposted_line(view))]
        self._print("\n".join(("", *blocks, *problems, tally(overview))))

    def deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        for event in events:
            if self._tells(event):
                self._print(self._block(event))
            told(event.seq)

    def unchanged(self) -> None:
        """A poll of all pages brought nothing new."""
        if self._verbose:
            self._print(f"[{self._clock()}] No new updates detected.")

    def tick(self, next_check: datetime | None, *, checked: bool) -> None:
        """Refresh the line at the bottom of a terminal; called about once a second."""
        if not self._terminal:
            return
        words = "No new updates detected." if checked else "Checking…"
        line = f"[{self._clock()}] {words}"
        if next_check is not None:
            wait = round((next_check - self._now()).total_seconds())
            line += f" Next check in {number(wait)} s." if wait > 0 else " Next check soon."
        with self._lock:
            self._bottom = line[: max(10, self._columns() - 1)]
            self._stream.write(f"\r\x1b[2K{self._bottom}")
            self._stream.flush()

    def end(self) -> None:
        """Leave the terminal's prompt on a line of its own."""
        with self._lock:
            if self._bottom:
                self._stream.write("\r\x1b[2K")
                self._stream.flush()
            self._bottom = ""

    def _tells(self, event: Event) -> bool:
        change = event.component
        return change is None or not change.posted or bool(change.found) or self._verbose

    def _block(self, event: Event) -> str:
        block = event_block(
            event,
            event.at.astimezone(self._zone),
            name_page=self._name_pages,
            width=self._width(),
            edge=self._edge(),
        )
        impact = event.incident.shown_impact if event.incident else Impact.UNKNOWN
        return self._coloured(block, Impact.NONE if event.kind is EventKind.RESOLVED else impact)

    def _coloured(self, block: str, impact: Impact) -> str:
        if not self._colour:
            return block
        word = f"Impact   : {IMPACT_WORDS[impact]}"
        return block.replace(word, f"Impact   : \x1b[1;{_COLOURS[impact]}m{IMPACT_WORDS[impact]}\x1b[0m", 1)

    def _print(self, text: str) -> None:
        with self._lock:
            clear = "\r\x1b[2K" if self._bottom else ""
            self._stream.write(f"{clear}{text}\n{self._bottom}")
            self._stream.flush()

    def _clock(self) -> str:
        return local_time(self._now().astimezone(self._zone))

    def _columns(self) -> int:
        return shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns

    def _width(self) -> int:
        return self._columns()

    def _edge(self) -> int | None:
        return self._columns() if self._terminal else None


def _wants_colour(terminal: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (terminal and os.environ.get("TERM") != "dumb")
