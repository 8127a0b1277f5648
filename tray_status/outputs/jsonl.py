"""Events as JSON Lines on a stream, one object a line; see the contract."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from ..core.events import Event, to_json
from .console import Stream


class JsonLines:
    """Writes each event as it is told."""

    name = "console"
    """It stands in the console's place, so what one told the other does not tell again."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        for event in events:
            self._stream.write(json.dumps(to_json(event), ensure_ascii=False) + "\n")
            self._stream.flush()
            told(event.seq)
