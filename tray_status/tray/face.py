"""What the icon shows now: image, tooltip and menu, each set only where it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..core.text import cut
from .art import SIZES, Look, draw
from .items import as_menu
from .menu import Choice, Entry

TITLE_LIMIT = 100
"""Characters of a tooltip in one piece: Windows takes 127 UTF-16 units and refuses more."""


class Face:
    """One icon of pystray's, or of ours."""

    def __init__(self, icon: Any) -> None:
        self._icon = icon
        self._shown: dict[str, object] = {}

    def show_look(self, look: Look) -> None:
        if self._changed("look", look):
            if hasattr(self._icon, "set_images"):
                self._icon.set_images({size: draw(look, size) for size in SIZES})
            else:
                self._icon.icon = draw(look, max(SIZES))

    def show_tooltip(self, title: str, text: str) -> None:
        if self._changed("tooltip", (title, text)):
            if hasattr(self._icon, "set_tooltip"):
                self._icon.set_tooltip(title, text)
            else:
                self._icon.title = cut(f"{title}\n{text}" if text else title, TITLE_LIMIT)

    def show_menu(
        self,
        entries: tuple[Entry, ...],
        choose: Callable[[Choice], None],
        asked: Mapping[Choice, Callable[[], bool]],
    ) -> None:
        if self._changed("menu", entries):
            self._icon.menu = as_menu(entries, choose, asked)

    def _changed(self, what: str, value: object) -> bool:
        if what in self._shown and self._shown[what] == value:
            return False
        self._shown[what] = value
        return True
