"""What probes found of one service, poll by poll, and when that is worth a word of our own."""

from __future__ import annotations

from dataclasses import replace

from ..core.probe import Probe, Verdict
from ..core.view import PageView

SURE_AFTER = 2
"""One knock that nobody answers is no news."""


class Knocks:
    """Used by one thread at a time."""

    def __init__(self) -> None:
        self.sure: Probe | None = None
        """What was found so often in a row that it counts."""
        self._last: Probe | None = None
        self._times = 0
        self._warned = False

    def heard(self, probe: Probe, name: str, view: PageView) -> list[str]:
        """Take in what a probe found after a poll that left the page as `view`; what to tell the person."""
        self._times = self._times + 1 if self._last and self._last.alive is probe.alive else 1
        self._last = probe
        if self._times < SURE_AFTER:
            return []
        self.sure = probe
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
