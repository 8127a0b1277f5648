"""The log → outputs. One thread sleeps until the log grows; each output reads on from its own cursor.

An output that fails is logged and tried again with the next growth or after a while; it never stops another.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from .core.events import Event
from .errors import NotDelivered, StoreError
from .store import Store
from .system.threads import stack_of

log = logging.getLogger(__name__)

RETRY_SECONDS = 30.0

HANGS_AFTER = 60.0
"""Seconds after which an output that tells one and the same event is given up; each has shorter limits of its own."""

BATCH = 500


class Output(Protocol):
    """Somewhere a person, or a script, learns what happened."""

    name: str
    """Names its cursor in the log."""

    def deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        """Tell some events, oldest first, and call `told` with the seq that all is told up to, as it goes.

        Raises NotDelivered where the rest cannot be told now; it stays due.
        """


@dataclass
class _Route:
    output: Output
    position: int
    saved: int
    """What the log remembers of `position`; less than it where that could not be written."""
    kept: bool
    """Whether the cursor lives in the log, so that a restart goes on where this one ended."""
    told_before: Mapping[str, int] | None = None
    """By page: how far an earlier run told it alone; None before the log was asked."""
    trouble: str = ""
    """Why it could not tell lately; said once."""
    hangs: bool = False
    """Whether a thread is left behind in it; until that comes back, nothing more is given to it."""
    busy_since: float | None = None
    """Since when it tells one and the same event, on the monotonic clock; None while it does nothing."""


class Delivery:
    """Feeds outputs until stopped."""

    def __init__(
        self, store: Store, wanted: Collection[str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._store = store
        self.wanted = tuple(wanted)
        """The ids of the pages whose events are told."""
        self.alone = False
        """Whether `wanted` are only some of the pages that are told otherwise, for this run."""
        self._routes: list[_Route] = []
        self._changed = threading.Condition()
        self._due = False
        self._stopping = False
        self._thread: threading.Thread | None = None
        store.on_growth(self.wake)

    def add(self, output: Output, *, after: int, kept: bool) -> None:
        """Feed `output` with what the log holds after `after`; with `kept`, remember how far it got."""
        self._routes.append(_Route(output, after, after, kept))

    def start(self) -> None:
        """Begin; does nothing where it has begun, or has ended."""
        if self._thread is not None or self._stopping:
            return
        self._begin()

    def _begin(self) -> None:
        # Under the lock: whoever looks after the thread must not find one that is about to begin, and not alive yet.
        with self._changed:
            self._due = True
            self._thread = threading.Thread(target=self._run, name="tray-status delivery", daemon=True)
            self._thread.start()

    def forgive(self) -> None:
        """Let the time until now count for nothing: the computer slept."""
        for route in self._routes:
            if route.busy_since is not None:
                route.busy_since = self._monotonic()

    def heal(self) -> list[str]:
        """Go on without an output that hangs, for as long as it does; a sentence for each. Called now and then."""
        with self._changed:
            thread = self._thread
        if thread is None or self._stopping:
            return []
        now = self._monotonic()
        stuck = [each for each in self._routes if each.busy_since and now - each.busy_since > HANGS_AFTER]
        stuck = [each for each in stuck if not each.hangs]
        if thread.is_alive() and not stuck:
            return []
        with self._changed:
            stuck = [each for each in stuck if each.busy_since and now - each.busy_since > HANGS_AFTER]
            for route in stuck:
                route.hangs = True
        names = ", ".join(route.output.name for route in stuck)
        log.error("The delivery ended, or hangs in %s; it is started anew.\n%s", names or "nothing", stack_of(thread))
        self._begin()
        return [f"The output “{each.output.name}” hangs; all others go on." for each in stuck] or [
            "Telling what happens had come to a standstill; it was started anew."
        ]

    def wake(self) -> None:
        """Have the log looked at again."""
        with self._changed:
            self._due = True
            self._changed.notify_all()

    def stop(self, patience: float = 0.5) -> None:
        """Deliver what is due and end; an output that hangs is left behind after `patience` seconds."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None and self._thread.is_alive():  # else it may be only about to start
            self._thread.join(patience)

    def deliver_due(self) -> bool:
        """One pass over all outputs. False where one of them has to be tried again."""
        complete = True
        for route in self._routes:
            if route.hangs:
                continue
            try:
                route.busy_since = self._monotonic()
                while events := self._due_for(route):
                    route.output.deliver(events, partial(self._moved, route))
                self._save(route)
                route.trouble = ""
            except NotDelivered as error:
                quiet = error.known or self._stopping or route.trouble == str(error)
                log.log(logging.DEBUG if quiet else logging.WARNING, "%s", error)
                route.trouble = str(error)
                complete = False
            except StoreError as error:
                log.warning(
                    "How far %s has told the log cannot be kept, or not be read: %s", route.output.name, error
                )
                complete = False
            except Exception:
                # One faulty output must silence neither the others nor the thread.
                log.exception("%s failed; this is a fault of Tray Status, please report it", route.output.name)
                complete = False
            finally:
                with self._changed:
                    route.busy_since = None
                    route.hangs = False
            if threading.current_thread() is not self._thread and self._thread is not None:
                self.wake()
                return complete  # another thread took over while this one hung
        return complete

    def _due_for(self, route: _Route) -> list[Event]:
        """The next events for an output, but for those that an earlier run told it, fed with their page alone."""
        if route.told_before is None:
            route.told_before = self._store.told_alone(route.output.name) if route.kept else {}
        while events := self._store.events(route.position, page_ids=self.wanted, limit=BATCH):
            if due := [event for event in events if event.seq > route.told_before.get(event.page.id, 0)]:
                return due
            route.position = events[-1].seq
        return []

    def _moved(self, route: _Route, seq: int) -> None:
        route.position = seq
        route.busy_since = self._monotonic()
        try:
            self._save(route)
        except StoreError as error:
            # It was told: the rest is told too, and the cursor is written as soon as it can be.
            log.info("How far %s has told the log is kept later: %s", route.output.name, error)

    def _save(self, route: _Route) -> None:
        """Have the log remember how far an output is. Raises StoreError."""
        if route.kept and route.saved < route.position:
            only = self.wanted if self.alone else None
            self._store.move_cursor(route.output.name, route.position, only=only)
            route.saved = route.position

    def _run(self) -> None:
        patience: float | None = None
        while True:
            with self._changed:
                if not self._due and not self._stopping:
                    self._changed.wait(patience)
                stopping, self._due = self._stopping, False
            patience = None if self.deliver_due() else RETRY_SECONDS
            if stopping or threading.current_thread() is not self._thread:
                return
