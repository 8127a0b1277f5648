"""What a provider is: it says what to ask, as often as it likes, and reads what was told. Pure."""

from __future__ import annotations

from typing import Protocol

from ..core.model import Snapshot
from .documents import Answers, Situation, Want

MAX_ROUNDS = 60
"""How often in one poll a provider may look at what was told and want more; to find a platform takes the most."""


class Provider(Protocol):
    """One platform, a family of platforms that answer alike, or all of them."""

    def wants(self, situation: Situation, told: Answers) -> tuple[Want, ...]:
        """What to ask for next, given what was told so far in this poll; what is in `told` is not asked again.

        Empty when there is nothing more to ask. Raises nothing.
        """

    def read(self, situation: Situation, told: Answers) -> Snapshot:
        """Read what was told. Raises NotThisPlatform where no document is of this platform."""

    def essential(self, situation: Situation, told: Answers) -> bool:
        """Whether some document in `told` says which incidents are open now."""
