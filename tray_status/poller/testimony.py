"""What all pages' polls tell together of the network; see `core/causes.py` for what is concluded from it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ..core.causes import Outcome, cause, wants_a_witness, wider_names
from ..core.exchange import Problem, Sign

log = logging.getLogger(__name__)

WITNESS_EVERY = timedelta(seconds=30)
"""Other pages are polled ahead of time at most so often, to tell a page's trouble from this computer's."""


NAMELESS = timedelta(hours=1)
"""A name that is not found for so long is gone, though there was no other to tell whether any is found."""

WITNESSES = 300
"""The last polls of so many pages are remembered: enough to tell, however many pages there are."""


class Testimony:
    """Hears how each poll went, and tells the cause of those that failed. Called from many threads."""

    def __init__(
        self, has_route: Callable[[], bool], has_name: Callable[[str], bool], hasten: Callable[[list[str]], None]
    ) -> None:
        """`hasten` has the first of some pages that waits for its turn polled at once."""
        self._has_name = has_name
        self._heard: dict[str, Outcome] = {}
        self._has_route = has_route
        self._hasten = hasten
        self._lock = threading.Lock()
        self._routed = True
        self._witness_asked: datetime | None = None

    def hear(self, page_id: str, outcome: Outcome) -> None:
        """Take in how a poll of a page went."""
        with self._lock:
            self._heard.pop(page_id, None)
            self._heard[page_id] = outcome
            if len(self._heard) > WITNESSES:
                del self._heard[next(iter(self._heard))]

    def explain(self, page_id: str, outcome: Outcome, since: datetime) -> Problem:
        """The cause of a page's failure, from what all other polls brought since then."""
        others = [each for key, each in self._witnesses() if key != page_id and each.at >= since]
        if wants_a_witness(outcome, others):
            self._ask_a_witness(outcome)
        self._routed = self._has_route()
        names = not self._routed or self._finds_names(outcome, others)
        problem = cause(outcome, others, routed=self._routed, names=names)
        if problem is not outcome.problem:
            log.info("%s: %s, so: %s", outcome.host, outcome.problem.text if outcome.problem else "", problem.text)
        return problem

    def _finds_names(self, outcome: Outcome, others: Sequence[Outcome]) -> bool:
        """Whether a name that is not found says something of its page alone, where no other page can tell."""
        if outcome.problem is None or outcome.problem.sign is not Sign.NO_NAME or others:
            return True
        if wider := wider_names(outcome.host):
            return any(self._has_name(each) for each in wider)
        return outcome.unread_since is not None and outcome.at - outcome.unread_since > NAMELESS

    def network_is_back(self) -> bool:
        """Whether there is a way to the internet where there was none when this was asked last."""
        before, self._routed = self._routed, self._has_route()
        return self._routed and not before

    def _witnesses(self) -> list[tuple[str, Outcome]]:
        with self._lock:
            return list(self._heard.items())

    def _ask_a_witness(self, outcome: Outcome) -> None:
        """Another page, of another platform if there is one, tells soon whether the network works."""
        if self._witness_asked and abs(outcome.at - self._witness_asked) < WITNESS_EVERY:
            return
        self._witness_asked = outcome.at
        far = [row for row in self._witnesses() if not row[1].near and row[1].host != outcome.host]
        far.sort(key=lambda row: row[1].platform == outcome.platform)
        self._hasten([key for key, _ in far])
