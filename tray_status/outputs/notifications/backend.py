"""The backends' common face, and the choice between them: the bus, plyer, none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from ...core.notice import Notice
from ...errors import TrayStatusError
from ...system.session_bus import SessionBus

LINUX_CURE = "Install a notification daemon, for example: sudo apt install dunst"


class Notifier(Protocol):
    """Shows notices on this desktop."""

    name: str

    def show(self, notice: Notice) -> None:
        """Show a notice, in place of an earlier one with the same key. Raises NotDelivered."""

    def withdraw(self, key: str) -> None:
        """Take a notice away, if it is still there. Raises nothing."""


class NoNotifier(TrayStatusError):
    """Nothing here can show notices; the text says why and what cures it."""


def choose_notifier(bus: SessionBus | None, on_click: Callable[[str], None]) -> Notifier:
    """The best backend that works here. Raises NoNotifier with the reason and the cure."""
    if sys.platform.startswith("linux") or bus is not None:
        if bus is not None:
            from .freedesktop import FreedesktopNotifier

            notifier = FreedesktopNotifier(bus, on_click)
            if notifier.available():
                return notifier
        why = "no notification service answers on the session bus" if bus else "there is no session bus"
        raise NoNotifier(f"Notices cannot be shown: {why}. {LINUX_CURE}")
    from .portable import PlyerNotifier

    return PlyerNotifier()
