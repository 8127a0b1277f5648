"""What all targets of events have in common, be they programs or addresses."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from ..core.events import Event
from ..core.targets import Reply, Wants


class Target(Protocol):
    """Something that each event is told to, one after the other, on a thread of its own."""

    output: str
    """Names its cursor in the log: `webhook:team`."""
    label: str
    """For a person, without secrets: `The webhook “team” (hooks.slack.com)`."""
    wants: Wants

    @property
    def setting(self) -> object:
        """What it was made from: where that is the same, the target is the same."""

    @property
    def repeats(self) -> bool:
        """Whether what was not taken is told again. Else an event is told once at most, whatever happens."""

    def turn(self) -> AbstractContextManager[bool]:
        """Wait until it may tell; False where it ends before that. What is told is told within."""

    def tell(self, event: Event) -> Reply:
        """Tell one event, in its turn; takes a bounded time. Raises nothing on purpose."""

    def end(self) -> None:
        """Have `tell` come back soon, on whatever thread it is: the program ends, or the target is no more."""
