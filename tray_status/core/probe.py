"""Them, me or the internet: what a page says, and what a probe of the service itself finds. Pure.

A probe is asked for by the person: `https://api.openai.com/`, `tcp:smtp.acme.example:587` or `dns:acme.example`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from .exchange import Problem
from .model import Impact, Reading, badness
from .text import safe_url

_TCP = re.compile(r"tcp:(?P<host>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(?P<port>[0-9]{1,5})")
_DNS = re.compile(r"dns:(?P<host>[A-Za-z0-9._-]{1,253})")


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """What a probe knocks at: an address, a host's port, or a name."""

    url: str = ""
    host: str = ""
    port: int | None = None
    """None where only the name is looked up."""

    def __str__(self) -> str:
        return self.url or (f"{self.host}:{self.port}" if self.port else f"the name {self.host}")


@dataclass(frozen=True, slots=True)
class Probe:
    """What a probe found."""

    alive: bool
    words: str
    """One sentence without a full stop: what answered, or why nothing did."""
    at: datetime
    problem: Problem | None = None
    """Why nobody answered, or why the answer is of no use; None where it was one."""
    proven: bool = False
    """Where nobody answered: whether somebody else out there did meanwhile, so that the network works."""
    target: str = ""
    """What was knocked at, as the settings name it."""
    told: bool = False
    """Whether the person was warned of it, and not yet told otherwise."""

    def same(self, other: Probe | None) -> bool:
        """Whether another one found the same, be it in other words."""
        return other is not None and (self.target, self.alive, self.proven, self.told) == (
            other.target,
            other.alive,
            other.proven,
            other.told,
        )


class Verdict(Enum):
    """Whose trouble it is, in words for a person."""

    GOOD = "All good"
    VENDOR = "Vendor incident"
    NOT_POSTED = "Looks like a problem that the vendor has not posted yet"
    PAGE_ONLY = "The service answers; only its status page cannot be read"
    YOURS = "Your connection"
    UNKNOWN = "Not known"


def read_target(text: str) -> ProbeTarget | None:
    """What a setting names; None where it names nothing that can be probed.

    >>> str(read_target("tcp:smtp.acme.example:587"))
    'smtp.acme.example:587'
    """
    if tcp := _TCP.fullmatch(text):
        port = int(tcp["port"])
        return ProbeTarget(host=tcp["host"].strip("[]"), port=port) if 0 < port < 65_536 else None
    if dns := _DNS.fullmatch(text):
        return ProbeTarget(host=dns["host"])
    url = safe_url(text)
    return ProbeTarget(url=url) if url else None


def verdict(reading: Reading, impact: Impact, alive: bool | None, proven: bool = False) -> Verdict:
    """Page, probe and network put together.

    `alive` is None where nothing was probed, or not twice alike. `proven` is whether somebody out there was heard of
    while the probe was not answered: without that, it may as well be this computer that nobody can reach.
    """
    if reading is Reading.OFFLINE or (reading is Reading.BLOCKED and not alive and not proven):
        return Verdict.YOURS
    if impact is not Impact.UNKNOWN and badness(impact) >= badness(Impact.MAINTENANCE):
        return Verdict.VENDOR
    if alive is False:
        return Verdict.NOT_POSTED if proven and reading is not Reading.NEVER else Verdict.UNKNOWN
    if reading is Reading.FRESH:
        return Verdict.GOOD
    return Verdict.PAGE_ONLY if alive else Verdict.UNKNOWN
