"""The early warning: when what a person's own probe found is told, and when it is taken back. Pure."""

from __future__ import annotations

from dataclasses import replace

from .events import ComponentChange
from .model import Impact
from .probe import Probe, Verdict, read_target


def heed(
    before: Probe | None, found: Probe | None, verdict: Verdict, target: str
) -> tuple[Probe | None, ComponentChange | None]:
    """What is kept of a page's probe from now on, and what is told of it.

    `found` is what it found now, as far as that is sure, `verdict` what page, probe and network say together, and
    `target` what the settings want to be probed.
    """
    if before is not None and before.target != target:
        ended = "Your settings name this probe no longer; whether it works is not known."
        return None, _change(before, Impact.UNKNOWN, Impact.UNKNOWN, ended) if before.told else None
    if found is None:
        return before, None
    told = before is not None and before.told
    if found.alive:
        change = _change(found, Impact.UNKNOWN, Impact.NONE, f"{found.words} again, says your probe.")
        return found, change if told else None
    if told or verdict is not Verdict.NOT_POSTED:
        return replace(found, told=told), None
    words = f"{verdict.value}. {found.words}. This was found by your probe; the vendor has not said it."
    return replace(found, told=True), _change(found, Impact.NONE, Impact.UNKNOWN, words)


def _change(probe: Probe, before: Impact, after: Impact, words: str) -> ComponentChange:
    """Told as a component of the page that the vendor does not list."""
    name = f"{read_target(probe.target) or probe.target} (your probe)"
    return ComponentChange(f"probe:{probe.target}", name, before, after, posted=False, found=words)
