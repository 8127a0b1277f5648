"""The backends' common face, and the choice between them: the bus, plyer, none."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ...core.notice import Notice
from ...errors import TrayStatusError
from ...system.session_bus import SessionBus

log = logging.getLogger(__name__)

NO_SERVICE = (
    "Notices cannot be shown: no notification service answers on the session bus."
    " Install a notification daemon, for example: sudo apt install dunst"
)


class Notifier(Protocol):
    """Shows notices on this desktop."""

    name: str
    came: Callable[[], None]
    """Called when a notification service comes, or comes back; set by whoever wants to know."""

    def available(self) -> bool:
        """Whether notices can be shown now; asking starts the service where it can be started."""

    def show(self, notice: Notice) -> None:
        """Show a notice, in place of an earlier one with the same key. Raises NotDelivered."""

    def withdraw(self, key: str) -> None:
        """Take a notice away, if it is still there. Raises nothing."""


class NoNotifier(TrayStatusError):
    """Nothing here can show notices; the text says why and what cures it."""


def choose_notifier(bus: SessionBus | None, on_click: Callable[[str], None], file: Path | None = None) -> Notifier:
    """The best backend for this system. Raises NoNotifier with the reason and the cure where there can be none.

    On the bus it is chosen though no service answers yet: at login, one may come later, and nothing else could show a
    notice there. Without a bus, what plyer works with may still find one, through the display. `file` keeps over
    restarts which notices are on the screen.
    """
    if bus is not None:
        from .freedesktop import FreedesktopNotifier

        return FreedesktopNotifier(bus, on_click, file)
    from .portable import PlyerNotifier, linux_tool

    if not sys.platform.startswith("linux"):
        return PlyerNotifier()
    if (tool := linux_tool()) is None:
        raise NoNotifier("Notices cannot be shown: there is no session bus. Start this inside a desktop session.")
    log.warning("Notices go through plyer and %s, for there is no session bus; it does not tell what it shows.", tool)
    return PlyerNotifier(by_command=True)
