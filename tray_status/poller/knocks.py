"""Knocks at the service itself after each poll of its page, and what they found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from ..catalogue import is_near
from ..core.causes import Outcome
from ..core.exchange import Problem
from ..core.model import Page, Reading
from ..core.probe import Probe, ProbeTarget, read_target
from ..fetch.probing import Fetch, knock

SURE_AFTER = 2
"""One knock that nobody answers is no news."""


class Knocks:
    """What the probe of one page found, in this run. Used by one thread at a time."""

    def __init__(
        self, fetch: Fetch, now: Callable[[], datetime], explain: Callable[[Outcome, datetime], Problem]
    ) -> None:
        self._fetch = fetch
        self._now = now
        self._explain = explain
        self._wanted = ""
        self.forget()

    def forget(self) -> None:
        """What was found until now counts for nothing."""
        self._last: Probe | None = None
        self._since: datetime | None = None
        self._times = 0

    def after(self, page: Page, outcome: Outcome | None) -> Probe | None:
        """Knock, where that is wanted, after a poll that ended with `outcome`; what it found, once that is sure."""
        if page.probe != self._wanted:
            self._wanted = page.probe
            self.forget()
        target = read_target(page.probe) if page.probe else None
        if target is None:
            return None
        probe = replace(knock(target, self._fetch, self._now), target=page.probe)
        if self._last is None or self._last.alive is not probe.alive:
            self._times, self._since = 0, probe.at
        self._times += 1
        self._last = probe
        if probe.alive:
            return probe
        if self._times < SURE_AFTER:
            return None
        return replace(probe, proven=self._network_works(target, probe, outcome))

    def _network_works(self, target: ProbeTarget, probe: Probe, page: Outcome | None) -> bool:
        """Whether somebody out there was heard of since nobody answers the knocks: the page, or any other."""
        if page is not None and page.proves_the_network:
            return True
        near = is_near(target.host or urlsplit(target.url).hostname or "")
        host = urlsplit(target.url).netloc or target.host
        mine = Outcome(host, None, near, probe.at, probe.problem, is_probe=True)
        return self._explain(mine, self._since or probe.at).reading not in (Reading.OFFLINE, Reading.BLOCKED)
