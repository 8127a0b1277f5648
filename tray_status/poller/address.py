"""Where a page's documents are asked for: at its own address, or where it has moved for good."""

from __future__ import annotations

from ..core.exchange import Answer

SURE_AFTER = 2
"""So many good polls in a row must lead to one and the same new address before it is remembered."""


class Address:
    """One page's address. Used by one thread at a time."""

    def __init__(self, url: str, moved_to: str | None = None) -> None:
        self._url = url
        self.base = moved_to or url
        """What the documents' paths are asked below."""
        self._heard: set[str | None] = set()
        self._before: str | None = None
        self._times = 0

    def heard(self, path: str, answer: Answer) -> None:
        """Note whether a document has moved for good, and where to."""
        moved = answer.moved_to
        self._heard.add(moved.removesuffix(path) if moved and moved.endswith(path) else None)

    def settle(self, *, well: bool) -> str | None:
        """After a poll: the new address, when it is sure. A poll that failed asks at the page's own address next."""
        heard, self._heard = self._heard, set()
        if not well:
            self.base, self._before, self._times = self._url, None, 0
            return None
        (new,) = heard if len(heard) == 1 else (None,)
        self._times = self._times + 1 if new and new == self._before else 1
        self._before = new
        if new is None or self._times < SURE_AFTER:
            return None
        self.base = new
        return new
