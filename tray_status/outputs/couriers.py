"""The log → hooks and webhooks: a courier for each, on a thread of its own, with a cursor of its own in the log.

One that is slow, or dead, delays no other and no poll. What a webhook does not take is sent again until it does, and
nothing overtakes it; a hook is told each event once at most. Of several processes of one home, one sends: whoever has
a target's lock, and the next one when that ends.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..errors import StoreError
from ..store import Store
from .courier import Courier
from .target import Target

log = logging.getLogger(__name__)

CLAIM_EVERY = 5.0
"""Seconds between two attempts to take over targets that another process has."""


@dataclass(frozen=True, slots=True)
class Locks:
    """What only one process of this home may have."""

    take: Callable[[str], bool] = lambda _name: True
    give_back: Callable[[str], None] = lambda _name: None


class Couriers:
    """All targets of this process. Nothing here waits for any of them."""

    def __init__(
        self,
        store: Store,
        begin: Callable[[str], int | None],
        locks: Locks = Locks(),
        *,
        new: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """With `new`, the first targets too come while the program runs, and begin at now."""
        self._store = store
        self._begin = begin
        self._locks = locks
        self._monotonic = monotonic
        self._targets: dict[str, Target] = {}
        self._couriers: dict[str, Courier] = {}
        self._lock = threading.RLock()
        self._claim_at = 0.0
        self._watched = new
        self._words: list[str] = []
        store.on_growth(self.wake)

    def watch(self, targets: Iterable[Target]) -> None:
        """Tell these from now on, in place of those before. One that is new while this runs begins at now."""
        with self._lock:
            wanted = {each.output: each for each in targets}
            for output, target in list(self._targets.items()):
                new = wanted.get(output)
                if new is not None and (new.setting, new.wants) == (target.setting, target.wants):
                    wanted[output] = target
                else:
                    self._drop(output, for_good=new is None)
            if self._watched:
                for output in wanted.keys() - self._targets.keys():
                    self._begin_now(output)
            self._targets, self._watched = wanted, True
            self._claim()

    def _drop(self, output: str, *, for_good: bool) -> None:
        if (courier := self._couriers.pop(output, None)) is None:
            return
        courier.end()
        courier.target.end()
        courier.join(0.2)
        if for_good:
            try:
                self._store.troubles.forget(output)
            except StoreError as error:
                log.info("How far %s was cannot be forgotten: %s", output, error)
            self._locks.give_back(_lock_name(output))

    def _begin_now(self, output: str) -> None:
        try:
            if self._store.cursor(output) is None:
                self._store.move_cursor(output, self._store.last_seq())
        except StoreError as error:
            log.info("Where %s begins is settled later: %s", output, error)

    def _claim(self) -> None:
        """Send to what no other process sends to."""
        self._claim_at = self._monotonic() + CLAIM_EVERY
        for output, target in self._targets.items():
            if output not in self._couriers and self._locks.take(_lock_name(output)):
                self._send_to(output, target)

    def _send_to(self, output: str, target: Target) -> None:
        courier = Courier(target, self._store, self._begin, self._words.append, self._monotonic)
        self._couriers[output] = courier
        courier.start()

    def look_around(self) -> list[str]:
        """Take over what another process has left; what a person should be told. Called now and then, and cheap."""
        with self._lock:
            if len(self._couriers) < len(self._targets) and self._monotonic() >= self._claim_at:
                self._claim()
            for output, courier in list(self._couriers.items()):
                courier.look()
                if courier.died:
                    self._words.append(f"{courier.target.label} was told nothing any more; it was started anew.")
                    self._send_to(output, courier.target)
        words, self._words[:] = list(self._words), []
        return words

    def wake(self) -> None:
        """The log has grown."""
        for courier in list(self._couriers.values()):
            courier.wake()

    def retry_now(self) -> None:
        """Try again at once what failed: a person may have mended it."""
        for courier in list(self._couriers.values()):
            courier.wake(at_once=True)

    def stop(self, patience: float = 0.3) -> None:
        """End all; what is under way may come to its end within so many seconds."""
        end = self._monotonic() + patience
        with self._lock:
            couriers, self._targets = list(self._couriers.values()), {}
        for courier in couriers:
            courier.end()
        for courier in couriers:
            courier.join(end - self._monotonic())
        for courier in couriers:
            courier.target.end()


def _lock_name(output: str) -> str:
    return f"target-{hashlib.blake2b(output.encode(), digest_size=8).hexdigest()}"
