"""Knocks at the service itself after each poll of its page: what they found, and when that is worth a word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from ..catalogue import is_near
from ..core.causes import Outcome
from ..core.exchange import Problem
from ..core.model import Page, Reading
from ..core.probe import Probe, ProbeTarget, Verdict, read_target
from ..core.view import PageView
from ..fetch.probing import Fetch, knock

SURE_AFTER = 2
"""One knock that nobody answers is no news."""


class Knocks:
    """What the probe of one page found. Used by one thread at a time."""

    def __init__(
        self, fetch: Fetch, now: Callable[[], datetime], explain: Callable[[Outcome, datetime], Problem]
    ) -> None:
        self._fetch = fetch
        self._now = now
        self._explain = explain
        self._wanted = ""
        self._warned = False
        self._forget()

    def _forget(self) -> None:
        self._sure: Probe | None = None
        self._last: Probe | None = None
        self._since: datetime | None = None
        self._times = 0

    def sure(self, wanted: str) -> Probe | None:
        """What the probe of this setting found so often in a row that it counts."""
        return self._sure if wanted == self._wanted else None

    def after(self, page: Page, outcome: Outcome | None, look: Callable[[], PageView], *, offline: bool) -> list[str]:
        """Knock, where that is wanted, after a poll that ended with `outcome`; what to tell the person."""
        if page.probe != self._wanted:
            self._wanted, self._warned = page.probe, False
            self._forget()
        target = read_target(page.probe) if page.probe else None
        if target is None:
            return []
        if offline:
            self._forget()
            return []
        probe = knock(target, self._fetch, self._now)
        if self._last is None or self._last.alive is not probe.alive:
            self._times, self._since = 0, probe.at
        self._times += 1
        self._last = probe
        if not probe.alive:
            probe = replace(probe, proven=self._network_works(target, probe, outcome))
        if self._times < SURE_AFTER:
            return []
        self._sure = probe
        return self._words(probe, look())

    def _network_works(self, target: ProbeTarget, probe: Probe, page: Outcome | None) -> bool:
        """Whether somebody out there was heard of since nobody answers the knocks: the page, or any other."""
        if page is not None and page.proves_the_network:
            return True
        near = is_near(target.host or urlsplit(target.url).hostname or "")
        host = urlsplit(target.url).netloc or target.host
        mine = Outcome(host, None, near, probe.at, probe.problem, is_probe=True)
        return self._explain(mine, self._since or probe.at).reading not in (Reading.OFFLINE, Reading.BLOCKED)

    def _words(self, probe: Probe, view: PageView) -> list[str]:
        name = view.page.name
        found = replace(view, state=replace(view.state, probe=probe)).verdict
        if found is Verdict.NOT_POSTED and not self._warned:
            self._warned = True
            return [
                f"{name}: {found.value}. {probe.words}. This was found by your probe; the vendor has not said it."
            ]
        if probe.alive and self._warned:
            self._warned = False
            return [f"{name}: {probe.words} again, says your probe."]
        return []
