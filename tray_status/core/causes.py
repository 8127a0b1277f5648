"""Whose fault it is that a page cannot be read: its own, its host's, something in between, or this computer's. Pure.

A failed poll tells little by itself; what the other pages' polls brought since it began to fail tells the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .exchange import Problem, Sign
from .model import Reading

QUORUM = 3
"""So many pages of a host or platform are needed before it can be told from them that it is down."""

NO_NETWORK = Problem(
    Reading.OFFLINE,
    "this computer has no network",
    "Check its cable, Wi-Fi or aeroplane mode; all goes on by itself once it is back.",
)
NO_NAMES = Problem(
    Reading.OFFLINE,
    "this computer can look up no names",
    "Check the network's name server (DNS); all goes on by itself once it answers.",
)
NO_HOSTS = Problem(
    Reading.OFFLINE,
    "none of the watched hosts can be reached from this computer",
    "Check the network, and any firewall or VPN; all goes on by itself once it is back.",
)
UNPROVEN = Problem(
    Reading.OFFLINE,
    "nobody else was heard of meanwhile",
    "Check the network: watch another page, and it tells whether it works.",
)
PORTAL = Problem(
    Reading.BLOCKED,
    "every host answers with a web page in place of its data",
    "The network may want a login: open any web page in a browser.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last poll of one page went."""

    host: str
    """With its port, where that is not the usual one."""
    platform: str | None
    """None while it was never read."""
    near: bool
    """Whether it is on this computer or its own network, which need no internet."""
    at: datetime
    problem: Problem | None = None
    """As it was found, before anything was concluded from it; None when the page was read."""
    is_probe: bool = False
    """Whether it is a knock at a service instead, which is held against nobody unless the network is proven."""
    unread_since: datetime | None = None
    """Since when it could not be read, whatever the cause; None where that is not known."""

    @property
    def proves_the_network(self) -> bool:
        """Whether somebody out there answered, be it with nothing of use."""
        if self.near:
            return False
        return self.problem is None or (self.problem.sign is None and self.problem.reading is not Reading.BLOCKED)

    @property
    def never_arrived(self) -> bool:
        return self.problem is not None and self.problem.sign in _NEVER_ARRIVED


_NAMES = frozenset({Sign.NO_NAME, Sign.NO_NAME_SERVER})
_NEVER_ARRIVED = _NAMES | {Sign.NO_ROUTE, Sign.SILENCE}


def cause(mine: Outcome, others: Sequence[Outcome], *, routed: bool, names: bool = True) -> Problem:
    """Why the page of `mine`, which has failed, cannot be read.

    `others` are the other pages' last polls since this page began to fail; `routed` is whether this computer has a
    way to the internet at all, and `names` whether it seems to find other names than those of watched pages.
    """
    problem = mine.problem
    if problem is None:
        raise ValueError("a page that was read has no cause of failure")
    elsewhere = [each for each in others if not each.near and each.host != mine.host]
    if not mine.near and not any(each.proves_the_network for each in elsewhere):
        if mine.never_arrived and (found := _this_computer(mine, elsewhere, routed=routed, names=names)):
            return found
        if problem.sign is Sign.WEB_PAGE and elsewhere and all(_intercepted(each) for each in elsewhere):
            return PORTAL
        if mine.is_probe and not mine.proves_the_network:
            return UNPROVEN
    return _host_down(mine, others) or problem


def wants_a_witness(mine: Outcome, others: Sequence[Outcome]) -> bool:
    """Whether another page should be polled soon, to tell this page's trouble from this computer's."""
    doubtful = mine.never_arrived or (mine.problem is not None and mine.problem.sign is Sign.WEB_PAGE)
    return doubtful and not mine.near and not any(not each.near and each.host != mine.host for each in others)


def wider_names(host: str) -> tuple[str, ...]:
    """Names of the same owner that tell, where one of them is found, that only this one is gone.

    >>> wider_names("status.acme.example:8080")
    ('acme.example',)
    """
    labels = host.partition(":")[0].split(".")
    return tuple(".".join(labels[place:]) for place in range(1, len(labels) - 1))


def _this_computer(mine: Outcome, elsewhere: Sequence[Outcome], *, routed: bool, names: bool) -> Problem | None:
    sign = mine.problem.sign if mine.problem else None
    if not routed or sign is Sign.NO_ROUTE:
        return NO_NETWORK
    failed = [mine, *elsewhere]
    if sign in _NAMES and all(each.problem and each.problem.sign in _NAMES for each in failed):
        # A lone page whose name nobody knows may have moved; a name server that keeps silent is no page's fault.
        return NO_NAMES if elsewhere or sign is Sign.NO_NAME_SERVER or not names else None
    if elsewhere and all(each.never_arrived for each in elsewhere) and len({_place(each) for each in failed}) > 1:
        return NO_HOSTS
    return None


def _intercepted(outcome: Outcome) -> bool:
    problem = outcome.problem
    return problem is not None and (problem.sign is Sign.WEB_PAGE or problem.reading is Reading.BLOCKED)


def _place(outcome: Outcome) -> str:
    return outcome.platform or outcome.host


def _host_down(mine: Outcome, others: Sequence[Outcome]) -> Problem | None:
    """Most pages of one host, or of one platform, fail together."""
    problem = mine.problem
    if problem is None or problem.reading is not Reading.UNREACHABLE:
        return None
    peers = [each for each in others if each.host == mine.host]
    name = mine.host
    if len(peers) + 1 < QUORUM and mine.platform is not None:
        peers = [each for each in others if each.platform == mine.platform]
        name = mine.platform[:1].upper() + mine.platform[1:]
    failing = 1 + sum(each.problem is not None and each.problem.reading is Reading.UNREACHABLE for each in peers)
    if failing < QUORUM or failing * 2 <= len(peers) + 1:
        return None
    return replace(
        problem,
        reading=Reading.HOST_DOWN,
        text=f"most status pages on {name} cannot be read",
        cure="Nothing is wrong here: wait for the host. Vendors may tell more elsewhere meanwhile.",
    )
