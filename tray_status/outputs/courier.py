"""One target told what the log holds, on a thread of its own: in order, again until it is taken, with pauses."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone

from ..core.events import Event
from ..core.targets import WAITS_LONG, Fate, Reply, pause
from ..errors import StoreError
from ..store import Store
from ..store.troubles import Trouble
from .target import Target

log = logging.getLogger(__name__)

BATCH = 100

LOG_AGAIN = 30.0
"""Seconds after which the log is tried again that could not be used."""

AFTER_A_FAULT = 60.0

HANGS_AFTER = 300.0
"""Seconds for one event after which a person is told; each target has shorter limits of its own, as far as it can."""

_PRINTED = " What it printed is in the log file; it is not run again for this."


class Courier:
    """Brings one target what the log holds, until ended."""

    def __init__(
        self,
        target: Target,
        store: Store,
        begin: Callable[[str], int | None],
        say: Callable[[str], None],
        monotonic: Callable[[], float] = time.monotonic,
        waits_long: float = WAITS_LONG,
    ) -> None:
        """`begin` gives the last event that the target need not be told; None while the log cannot be read."""
        self.target = target
        self._store = store
        self._begin = begin
        self._say = say
        self._monotonic = monotonic
        self._waits_long = waits_long
        self._position: int | None = None
        self._saved = 0
        self._failures = 0
        self._trouble: Trouble | None = None
        self._told_trouble = ""
        self._busy_since: float | None = None
        self._told_hang = False
        self._changed = threading.Condition()
        self._due = True
        self._not_before = 0.0
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=f"tray-status {target.output}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self, *, at_once: bool = False) -> None:
        """The log has grown; with `at_once` a pause after a failure is over, too."""
        with self._changed:
            self._due = True
            if at_once:
                self._not_before = 0.0
            self._changed.notify_all()

    def end(self) -> None:
        """Begin nothing any more; what is under way may still come to its end."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def join(self, seconds: float) -> None:
        self._thread.join(max(0.0, seconds))

    @property
    def died(self) -> bool:
        """Whether its thread ended by itself."""
        return not self._ended and self._thread.ident is not None and not self._thread.is_alive()

    def look(self) -> None:
        """Say so where one event takes too long; called now and then."""
        since = self._busy_since
        if since is not None and self._monotonic() - since > HANGS_AFTER and not self._told_hang:
            self._told_hang = True
            self._say(f"{self.target.label} hangs; all others go on.")

    def _run(self) -> None:
        while self._wait():
            again: float | None
            try:
                again = self._tell_due()
            except StoreError as error:
                log.info("%s has to wait for the log: %s", self.target.label, error)
                again = LOG_AGAIN
            except Exception:
                # One faulty target must silence neither the others nor its own thread.
                log.exception("%s failed; this is a fault of Tray Status, please report it", self.target.label)
                again = AFTER_A_FAULT
            if again is not None:
                with self._changed:
                    self._due, self._not_before = True, self._monotonic() + again

    def _wait(self) -> bool:
        """Wait until there is something to do; False at the end."""
        with self._changed:
            while not self._ended:
                left = self._not_before - self._monotonic()
                if self._due and left <= 0:
                    self._due = False
                    return True
                self._changed.wait(left if self._due else None)
            return False

    def _tell_due(self) -> float | None:
        """Tell all that is due; the seconds until the next attempt where something is left. Raises StoreError."""
        if self._position is None:
            self._position = self._begin(self.target.output)
            if self._position is None:
                return LOG_AGAIN
            self._saved = self._position
            self._trouble = self._store.troubles.of(self.target.output)
        # A person may have had it pass over what waited.
        self._position = max(self._position, self._store.cursor(self.target.output) or 0)
        while events := self._store.events(self._position, limit=BATCH):
            for event in events:
                if self._ended:
                    return None
                if self.target.wants(event) and (again := self._tell(event)) is not None:
                    return again
                self._position = event.seq
            self._save()
        self._save()
        return LOG_AGAIN if self._saved < self._position else None

    def _tell(self, event: Event) -> float | None:
        """Tell one event; None where that is done with, else the seconds until the next attempt."""
        with self.target.turn() as mine:
            if not mine:
                return LOG_AGAIN  # the end comes before its turn: the next run tells it
            if not self.target.repeats:
                self._position = event.seq
                self._save()
            self._busy_since = self._monotonic()
            try:
                reply = self.target.tell(event)
            finally:
                self._busy_since, self._told_hang = None, False
        if reply.fate is Fate.TAKEN:
            log.debug("%s: event %d: %s", self.target.label, event.seq, reply.words)
            self._position = event.seq
            self._save()
            self._is_well(event)
            return None
        if self._ended:
            return None if not self.target.repeats else LOG_AGAIN
        self._failures += 1
        self._note(event, reply)
        return pause(reply, self._failures, random.random()) if self.target.repeats else None  # noqa: S311

    def _is_well(self, event: Event) -> None:
        self._failures = 0
        if self._trouble is None:
            return
        self._trouble = None
        self._do(lambda: self._store.troubles.clear(self.target.output))
        if self._told_trouble:
            self._told_trouble = ""
            self._say(f"{self.target.label} takes what happens again, beginning with event {event.seq}.")

    def _note(self, event: Event, reply: Reply) -> None:
        """Keep why it failed, and tell a person: at once where only a person can mend it, else when it lasts."""
        log.info("%s did not take event %d: %s", self.target.label, event.seq, reply.words)
        now = datetime.now(timezone.utc)
        if self._trouble is None or self._trouble.words != reply.words:
            trouble = Trouble(self._trouble.since if self._trouble else now, reply.words)
            self._trouble = trouble
            self._do(lambda: self._store.troubles.note(self.target.output, trouble))
        lasts = (now - self._trouble.since).total_seconds()
        if self._told_trouble == reply.words or (reply.fate is Fate.LATER and lasts < self._waits_long):
            return
        if self._told_trouble and reply.fate is Fate.LATER:
            return  # told already, if with other words
        self._told_trouble = reply.words
        kept = " What happens is kept for it, and sent when it can be." if self.target.repeats else _PRINTED
        self._say(f"{self.target.label}: {reply.words}.{kept}")

    def _save(self) -> None:
        """Have the log remember how far it is; later, where that cannot be written now."""
        position = self._position
        if position is None or self._saved >= position:
            return
        if self._do(lambda: self._store.move_cursor(self.target.output, position)):
            self._saved = position

    def _do(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except StoreError as error:
            log.info("How far %s is, is kept later: %s", self.target.label, error)
            return False
        return True
