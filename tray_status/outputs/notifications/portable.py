"""Notices through plyer: Windows, macOS, and Linux where there is no bus to speak to.

They cannot be replaced, withdrawn or clicked through it.
"""

from __future__ import annotations

import html
import os
import shutil
import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec

from ...core.notice import Notice
from ...core.text import cut
from ...errors import NotDelivered

# Windows refuses more than 64 and 256 UTF-16 units, the closing zero included, in a thread of its own where the
# error is lost: so both are cut beforehand, everywhere.
TITLE_UNITS = 63
TEXT_UNITS = 255


class PlyerNotifier:
    """Shows notices through `plyer.notification`."""

    name = "plyer"
    came: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, *, by_command: bool = False) -> None:
        """`by_command`: whether it may hand texts to a command, which reads options, and to what reads markup."""
        self._by_command = by_command

    def available(self) -> bool:
        return True

    def show(self, notice: Notice) -> None:
        title, text = cut_units(notice.title, TITLE_UNITS), cut_units(notice.body or notice.title, TEXT_UNITS)
        if self._by_command:
            title, text = _no_option(title), _no_option(html.escape(text, quote=False))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what it would rather have
                from plyer import notification

                notification.notify(title=title, message=text, app_name="Tray Status", timeout=10)
        except Exception as error:  # plyer raises whatever its platform's part does
            words = str(error) or type(error).__name__
            raise NotDelivered(f"the desktop did not take the notice: {words}") from error

    def withdraw(self, key: str) -> None:
        """Not possible through plyer: the desktop takes it away by itself."""


def linux_tool(environment: Mapping[str, str] = os.environ) -> str | None:
    """What plyer would show notices with on Linux; None where it has nothing, or no desktop is near.

    Where there is a folder `/app`, plyer takes the system for a Flatpak and puts texts, as they are, into a command.
    """
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")) or os.path.isdir("/app"):
        return None
    if find_spec("dbus") is not None:
        return "dbus-python"
    return "notify-send" if shutil.which("notify-send") else None


def _no_option(text: str) -> str:
    return f" {text}" if text.startswith("-") else text


def cut_units(text: str, limit: int) -> str:
    """At most so many UTF-16 units (an emoji is two), cut at a word where there is one near."""
    shown = cut(text, limit)
    while len(shown.encode("utf-16-le")) // 2 > limit:
        shown = cut(shown, len(shown) - 1)
    return shown
