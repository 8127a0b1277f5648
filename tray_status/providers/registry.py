"""All platforms, in the order in which an unknown page is tried for them; together they are one provider. Pure.

To add one: a module with its `PLATFORM`, a line here, and its dialect in `tests/providers/dialects`.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.model import Snapshot
from . import (
    apple,
    aws,
    azure,
    betterstack,
    cachet,
    checkly,
    cstate,
    feed,
    firehydrant,
    flashduty,
    gatus,
    google,
    heroku,
    instatus,
    microsoft,
    onlineornot,
    rootly,
    salesforce,
    slack,
    sorry,
    statusio,
    statuspal,
    upptime,
    uptime_kuma,
)
from .detection import Found, by_address, find
from .documents import Answers, Situation, Want
from .platform import Platform
from .provider import Provider
from .statuspage import StatuspageProvider

PLATFORMS: tuple[Platform, ...] = (
    checkly.PLATFORM,  # before the one whose summary it resembles
    instatus.PLATFORM,
    slack.PLATFORM,
    betterstack.PLATFORM,
    uptime_kuma.PLATFORM,
    cachet.PLATFORM,
    gatus.PLATFORM,
    *google.PLATFORMS,
    aws.PLATFORM,
    azure.PLATFORM,
    microsoft.PLATFORM,
    heroku.PLATFORM,
    statusio.PLATFORM,
    upptime.PLATFORM,
    flashduty.PLATFORM,
    cstate.PLATFORM,
    salesforce.PLATFORM,
    statuspal.PLATFORM,
    firehydrant.PLATFORM,
    apple.PLATFORM,
    onlineornot.PLATFORM,
    rootly.PLATFORM,
    sorry.PLATFORM,
    feed.PLATFORM,  # the last resort stands last
)
"""All but the v2 family, which has many documents and is tried first."""

V2 = ("statuspage", "incident.io")

_BY_NAME = {platform.name: platform for platform in PLATFORMS}
_STATUSPAGE = StatuspageProvider()


def platform_names() -> tuple[str, ...]:
    """What the catalogue may name."""
    return (*V2, *_BY_NAME)


def described(name: str) -> tuple[str, str]:
    """What people call a platform, and what its pages tell."""
    if name in V2:
        title = "incident.io" if name == "incident.io" else "Atlassian Statuspage"
        return title, "incidents with all their updates, maintenances, components, and the recent past"
    platform = _BY_NAME[name]
    return platform.title, platform.tells


class AnyPlatform:
    """Finds out a page's platform and asks it as that wants to be asked. A Provider."""

    def wants(self, situation: Situation, told: Answers) -> tuple[Want, ...]:
        provider, settled = _settled(situation, told)
        if provider is not None:
            return provider.wants(settled, told)
        before = _before(situation)
        if before is not None and (main := before.platform.main(before.source)) not in told:
            return (Want(main, before.platform.accept, conditional=False),)
        # Most pages belong to the family that is tried first, unless their address says otherwise.
        unlikely = before is None and by_address(PLATFORMS, situation.address) is not None
        if not unlikely and (before is None or situation.search) and (first := _STATUSPAGE.wants(settled, told)):
            return first
        if not situation.search:
            return ()
        step = find(PLATFORMS, situation.address, told, before)
        return (step,) if isinstance(step, Want) else _STATUSPAGE.wants(settled, told)

    def read(self, situation: Situation, told: Answers) -> Snapshot:
        provider, settled = _settled(situation, told)
        # What is none of them is said in the words of the family that most pages belong to.
        return (provider or _STATUSPAGE).read(settled, told)

    def essential(self, situation: Situation, told: Answers) -> bool:
        provider, settled = _settled(situation, told)
        return (provider or _STATUSPAGE).essential(settled, told)


def _settled(situation: Situation, told: Answers) -> tuple[Provider | None, Situation]:
    """The provider for a page, with its platform and source; None while that is not known."""
    if situation.sure_platform in V2 or _STATUSPAGE.is_told(told):
        return _STATUSPAGE, situation
    if platform := _BY_NAME.get(situation.sure_platform or ""):
        return platform, situation
    found = find(PLATFORMS, situation.address, told, _before(situation))
    if not isinstance(found, Found):
        return None, replace(situation, platform=None)
    return found.platform, replace(situation, platform=found.platform.name, source=found.source, doubtful=False)


def _before(situation: Situation) -> Found | None:
    """What a page was until it became doubtful; None where that is the family that is tried first in any case."""
    platform = _BY_NAME.get(situation.platform or "")
    return Found(platform, situation.source) if platform and situation.doubtful else None
