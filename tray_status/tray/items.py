"""The menu as data → the one that pystray's backends, our own among them, show."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .menu import SEPARATOR, Choice, Entry


def as_menu(
    entries: Sequence[Entry], choose: Callable[[Choice], None], asked: Mapping[Choice, Callable[[], bool]]
) -> Any:
    """`choose` is called with what a chosen entry does; check marks of `asked` are asked for whenever they are seen:
    others may have switched them meanwhile.
    """
    from pystray import Menu, MenuItem

    def item_of(entry: Entry) -> Any:
        action: Any = None
        if entry.children:
            action = as_menu(entry.children, choose, asked)
        elif entry.do is not None:
            action = _Action(choose, entry.do)
        enabled = action is not None
        item = MenuItem(
            spelled(entry.label), action, _mark(entry, asked), entry.radio, entry.default, entry.visible, enabled
        )
        item.key = entry.key or entry.label
        return item

    return Menu(*(Menu.SEPARATOR if entry == SEPARATOR else item_of(entry) for entry in entries))


def spelled(label: str, platform: str = sys.platform) -> str:
    """Windows takes an ampersand for the mark of a key to press; two stand for the sign itself."""
    return label.replace("&", "&&") if platform == "win32" else label


class _Action:
    """What pystray calls with its icon and the item."""

    def __init__(self, choose: Callable[[Choice], None], choice: Choice) -> None:
        self._choose = choose
        self._choice = choice

    def __call__(self, *_: object) -> None:
        self._choose(self._choice)


def _mark(entry: Entry, asked: Mapping[Choice, Callable[[], bool]]) -> Callable[[object], bool] | None:
    if entry.checked is None:
        return None
    ask = asked.get(entry.do) if entry.do is not None else None
    if ask is not None:
        return lambda _item: ask()
    checked = entry.checked
    return lambda _item: checked
