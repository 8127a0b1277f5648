"""The menu as data: what stands in it, and what each entry does. Pure; `tray/items.py` makes it the tray's own."""

from .entry import (
    LABEL_LIMIT,
    ROWS,
    SEPARATOR,
    TOP_ROWS,
    Ask,
    Choice,
    Copy,
    Do,
    Entry,
    NotifyFrom,
    Open,
    TakeBack,
)
from .whole import RECENT_LIMIT, Shown, Switches, build

__all__ = [
    "LABEL_LIMIT",
    "RECENT_LIMIT",
    "ROWS",
    "SEPARATOR",
    "TOP_ROWS",
    "Ask",
    "Choice",
    "Copy",
    "Do",
    "Entry",
    "NotifyFrom",
    "Open",
    "Shown",
    "Switches",
    "TakeBack",
    "build",
]
