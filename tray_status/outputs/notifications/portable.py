"""Notices through plyer: Windows and macOS. They cannot be replaced, withdrawn or clicked through it."""

from __future__ import annotations

from collections.abc import Callable

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

    def available(self) -> bool:
        return True

    def show(self, notice: Notice) -> None:
        try:
            from plyer import notification

            notification.notify(
                title=cut_units(notice.title, TITLE_UNITS),
                message=cut_units(notice.body or notice.title, TEXT_UNITS),
                app_name="Tray Status",
                timeout=10,
            )
        except Exception as error:  # plyer raises whatever its platform's part does
            words = str(error) or type(error).__name__
            raise NotDelivered(f"the desktop did not take the notice: {words}") from error

    def withdraw(self, key: str) -> None:
        """Not possible through plyer: the desktop takes it away by itself."""


def cut_units(text: str, limit: int) -> str:
    """At most so many UTF-16 units (an emoji is two), cut at a word where there is one near."""
    shown = cut(text, limit)
    while len(shown.encode("utf-16-le")) // 2 > limit:
        shown = cut(shown, len(shown) - 1)
    return shown
