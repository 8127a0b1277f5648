"""The hooks and webhooks of one run. Where the settings name none, nothing is loaded for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..errors import UsageError

if TYPE_CHECKING:
    from ..store import Store
    from .couriers import Couriers, Locks
    from .target import Target


class Feeding:
    """Has targets told what happens, from `begin` to `stop`. Nothing here waits for any of them."""

    def __init__(
        self,
        store: Store,
        place: Callable[[str], int | None],
        locks: Callable[[], Locks],
        read: Callable[[], Sequence[Target]],
    ) -> None:
        """`place` tells where an output has to go on in the log, `read` what the settings name now."""
        self._store = store
        self._place = place
        self._locks = locks
        self._read = read
        self._couriers: Couriers | None = None
        self._begun = False
        self._lock = threading.Lock()

    def begin(self) -> str:
        """Begin with what the settings name; what a person must know, if anything."""
        words = ""
        try:
            self.take_up()
        except UsageError as error:  # the file was changed a moment ago
            words = f"Hooks and webhooks are told nothing until the settings can be used. {error}"
        self._begun = True
        return words

    def take_up(self) -> None:
        """Tell those that the settings name now, in place of those before. Raises UsageError."""
        targets = self._read()
        with self._lock:
            if self._couriers is None and targets:
                from .couriers import Couriers

                self._couriers = Couriers(self._store, self._place, self._locks(), new=self._begun)
            if self._couriers is not None:
                self._couriers.watch(targets)

    def look_around(self) -> list[str]:
        """What a person should be told; called now and then."""
        return self._couriers.look_around() if self._couriers is not None else []

    def retry_now(self) -> None:
        if self._couriers is not None:
            self._couriers.retry_now()

    def stop(self) -> None:
        if self._couriers is not None:
            self._couriers.stop()
