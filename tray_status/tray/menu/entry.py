"""One line of the menu, what choosing it stands for, and how much may stand in one menu."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from ...core.model import Impact
from ...core.text import cut
from ...core.wishes import EVERYTHING, Wish

LABEL_LIMIT = 80
"""Characters of one line; wider menus, with a submenu beside them, leave small screens."""

TEXT_LIMIT = 64

ROWS = 20
"""Lines of a submenu, and `TOP_ROWS` of the menu itself: of 24 pixels each they fit on 768."""

TOP_ROWS = 27

_NAME_AT_LEAST = 24


class Do(Enum):
    """What choosing an entry does, where that needs no more to be said."""

    SHOW_RECENT = "show_recent"
    STATUS_PAGE = "status_page"
    CHECK_NOW = "check_now"
    SWITCH_LOGIN = "switch_login"
    SWITCH_SOUNDS = "switch_sounds"
    EDIT_SETTINGS = "edit_settings"
    TEST_NOTIFICATION = "test_notification"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Open:
    """Open an address in the browser."""

    url: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Put a text into the clipboard."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Wish something of an incident, of a page, or of everything."""

    wish: Wish
    page_id: str = EVERYTHING
    incident_id: str = EVERYTHING
    span: timedelta | None = None
    """For how long; without it until it is over, or until it is taken back."""
    until_morning: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take back what was wished."""

    wish: Wish
    page_id: str = EVERYTHING
    incident_id: str = EVERYTHING


@dataclass(frozen=True, slots=True)
class NotifyFrom:
    """Set the least impact that is worth a notice."""

    impact: Impact


Choice: TypeAlias = Do | Open | Copy | Ask | TakeBack | NotifyFrom


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. Without something to do and without children it only informs."""

    label: str
    do: Choice | None = None
    children: tuple[Entry, ...] = ()
    default: bool = False
    """What a click on the icon does where the click does not open the menu."""
    visible: bool = True
    checked: bool | None = None
    """Whether it bears a check mark; None where it never does."""
    radio: bool = False
    """Whether it is one of several of which only one can be checked."""
    key: str = ""
    """Stays the same while the label changes, so that an open menu is not disturbed."""


SEPARATOR = Entry("")


def labelled(name: str, facts: str, marks: Sequence[str] = (), *, fewer: str | None = None) -> str:
    """`Acme: Elevated errors — Major, 12 min (muted)`; of what is too long, the name is cut.

    `fewer` are the facts that suffice where there is no room for the others.
    """
    tail = (f" — {facts}" if facts else "") + (f" ({', '.join(marks)})" if marks else "")
    if fewer is not None and len(name) + len(tail) > LABEL_LIMIT:
        return labelled(name, fewer, marks)
    return cut(name, max(_NAME_AT_LEAST, LABEL_LIMIT - len(tail))) + cut(tail, LABEL_LIMIT - _NAME_AT_LEAST)


@lru_cache(maxsize=512)
def lines(text: str, at_most: int) -> tuple[str, ...]:
    """A text as lines of a menu, cut at a word where it is longer than so many of them."""
    words = cut(" ".join(text.split()), TEXT_LIMIT * at_most)
    return tuple(textwrap.wrap(words, TEXT_LIMIT, max_lines=at_most, placeholder="…", break_on_hyphens=False))


def informing(key: str, text: str, at_most: int = 1, do: Choice | None = None) -> list[Entry]:
    """Lines of a text; where they do nothing, hosts show them in grey."""
    return [Entry(line, do, key=f"{key} {number}") for number, line in enumerate(lines(text, at_most))]


def moment(at: datetime, now: datetime) -> str:
    """`15:30`, `tomorrow 08:00`, `2025-11-12 08:00`: in the zone of `now`, which is the person's."""
    at = at.astimezone(now.tzinfo)
    if (days := (at.date() - now.date()).days) == 0:
        return f"{at:%H:%M}"
    return f"tomorrow {at:%H:%M}" if days == 1 else f"{at:%Y-%m-%d %H:%M}"
