"""Which notice has which number at the notification service, and where a click on it leads; over restarts too."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path
from typing import Any

from ...core.text import safe_url
from ...whole_file import replace_file

log = logging.getLogger(__name__)

KEPT = 200
"""The last notices that are remembered; older ones are no longer on any screen."""


class Shown:
    """Numbers hold for as long as one service runs on one bus: both are noted with them. From any thread."""

    def __init__(self, file: Path | None = None) -> None:
        """Without a file, nothing is known in the next run."""
        self._file = file
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._numbers: dict[str, int] = {}
        self._links: dict[int, str] = {}
        self._service: tuple[str, str] | None = None
        self._unread = file is not None
        self._written: bytes | None = None

    @property
    def wants_service(self) -> bool:
        """Whether `begin` would be of use."""
        return self._file is not None and self._service is None

    def begin(self, bus: str, owner: str) -> None:
        """Numbers are from the service with this unique name on this bus from now on."""
        with self._lock:
            if self._unread:
                self._numbers, self._links = self._read(bus, owner)
            self._unread, self._service = False, (bus, owner)

    def forget(self) -> None:
        """There is another service, or none: it knows none of our notices."""
        with self._lock:
            self._numbers.clear()
            self._links.clear()
            self._unread, self._service = False, None

    def number(self, key: str) -> int:
        """Of the notice that is on the screen; 0 where none is."""
        with self._lock:
            return self._numbers.get(key, 0)

    def link(self, number: int) -> str | None:
        with self._lock:
            return self._links.get(number)

    def key(self, number: int) -> str | None:
        """Of the notice with that number; None where it is not one of ours, or is gone."""
        with self._lock:
            return next((key for key, each in self._numbers.items() if each == number), None)

    def add(self, key: str, number: int, link: str | None) -> None:
        with self._lock:
            self._numbers.pop(key, None)
            self._numbers[key] = number
            self._links.pop(number, None)
            if link:
                self._links[number] = link
            if len(self._numbers) > KEPT:
                self._links.pop(self._numbers.pop(next(iter(self._numbers))), None)

    def remove(self, key: str) -> int:
        """The number that the notice had; 0 where it is not on the screen."""
        with self._lock:
            number = self._numbers.pop(key, 0)
            self._links.pop(number, None)
            return number

    def gone(self, number: int) -> None:
        """The service, or the person, has taken it away."""
        with self._lock:
            self._links.pop(number, None)
            self._numbers = {key: each for key, each in self._numbers.items() if each != number}

    def keep(self) -> None:
        """Write down what is known, where that has changed. Raises nothing: at worst a notice is shown anew."""
        if self._file is None:
            return
        with self._writing:
            with self._lock:
                if self._service is None:
                    return
                bus, owner = self._service
                shown = {key: [number, self._links.get(number)] for key, number in self._numbers.items()}
            content = json.dumps({"bus": bus, "owner": owner, "shown": shown}).encode()
            if content == self._written:
                return
            try:
                replace_file(self._file, content)
            except OSError as error:
                log.info("Which notices are on the screen could not be noted: %s", error)
            else:
                self._written = content

    def _read(self, bus: str, owner: str) -> tuple[dict[str, int], dict[int, str]]:
        """What an earlier run noted; nothing where that was another service, or cannot be read."""
        numbers: dict[str, int] = {}
        links: dict[int, str] = {}
        try:
            noted: Any = json.loads(self._file.read_bytes()) if self._file is not None else None
        except FileNotFoundError:
            return numbers, links
        except (OSError, ValueError, RecursionError) as error:
            log.info("Which notices are on the screen is not known: %s", error)
            return numbers, links
        if not isinstance(noted, dict) or (noted.get("bus"), noted.get("owner")) != (bus, owner):
            return numbers, links
        shown = noted.get("shown")
        for key, entry in shown.items() if isinstance(shown, dict) else ():
            number, link = entry if isinstance(entry, list) and len(entry) == 2 else (0, None)
            if type(number) is int and 0 < number < 2**32:
                numbers[key] = number
                if where := safe_url(link):
                    links[number] = where
        return numbers, links
