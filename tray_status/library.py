"""For other programs: read any status page once, or hear what happens on some.

    from tray_status import read_page, watch

    view = read_page("openai")                 # or "https://status.openai.com"
    print(view.impact, [incident.name for incident in view.open_incidents])

    for event in watch(["openai", "github"]):  # begins with what is open now, and goes on until it is closed
        print(event.kind, event.page.name, event.incident and event.incident.name)

Nothing of this touches this person's settings or history, and nobody is asked but those pages.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence

from .config import Settings, find_page, page_of
from .config.choice import interval_problem
from .core.events import Event
from .core.model import Page, Reading
from .core.view import PageView
from .engine import Engine
from .errors import NotRead, UsageError
from .trial import looked_at

DEFAULT_INTERVAL = 60.0


def read_page(name_or_url: str) -> PageView:
    """How a page stands now: asked once, whatever platform it is on; takes up to a minute.

    Raises UsageError for a name that nobody knows, and NotRead, with reason and cure, where it cannot be read.
    """
    view, _ = looked_at(_page(name_or_url, DEFAULT_INTERVAL))
    if view.reading is not Reading.FRESH:
        problem = view.problem
        why = f"{problem.text}. {problem.cure}".rstrip() if problem else "it did not answer in time"
        raise NotRead(f"{view.page.name} cannot be read: {why}")
    return view


def watch(pages: Sequence[str], interval: float = DEFAULT_INTERVAL) -> Iterator[Event]:
    """What happens on some pages, asked every so many seconds, as it happens; each event comes once.

    It begins with what is open when each page is read first (`event.first` is true then). Polling goes on, on threads
    of its own, until the iterator is closed or forgotten. Raises UsageError for a name that nobody knows.
    """
    if (problem := interval_problem(interval)) is not None:
        raise UsageError(f"the interval {problem}")
    return _events([_page(each, interval) for each in pages])


def _events(pages: Sequence[Page]) -> Iterator[Event]:
    queued: queue.SimpleQueue[Event] = queue.SimpleQueue()
    engine = Engine(pages, None)
    try:
        engine.feed(_Queue(queued), after=0, kept=False)
        engine.poller.start()
        engine.delivery.start()
        while True:
            try:
                yield queued.get(timeout=1.0)
            except queue.Empty:
                engine.look_around()
    finally:
        engine.stop()


class _Queue:
    """An output that puts each event where the iterator takes it."""

    name = "library"

    def __init__(self, queued: queue.SimpleQueue[Event]) -> None:
        self._queued = queued

    def deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        for event in events:
            self._queued.put(event)
            told(event.seq)


def _page(name_or_url: str, interval: float) -> Page:
    return page_of(find_page(Settings(), name_or_url, "page"), interval)
