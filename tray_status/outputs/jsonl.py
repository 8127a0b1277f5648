"""Events as JSON Lines on a stream, one object a line; see the contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from ..core.events import Event, to_json


class JsonLines:
    """Writes each event as it is told."""

    name = "json"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def deliver(self, events: Sequence[Event]) -> None:
        for event in events:
            self._stream.write(json.dumps(to_json(event), ensure_ascii=False) + "\n")
        self._stream.flush()
