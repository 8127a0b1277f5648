"""What was changed in a text, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

WORDS_LIMIT = 1500
"""Of each text; longer ones are shown as replaced as a whole, for comparing takes the square of it at worst."""

_WORDS = re.compile(r"\S+|\s+")


class Change(Enum):
    """What became of some words."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Part:
    """Some words, and what became of them."""

    change: Change
    text: str


def changes(before: str, after: str) -> tuple[Part, ...]:
    """What leads from one text to the other; without what is gone it is `after`, without what is new `before`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > WORDS_LIMIT:
        return _parts([(Change.GONE, before), (Change.NEW, after)])
    told: list[tuple[Change, str]] = []
    for _, begin, end, new_begin, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[begin:end]), "".join(new[new_begin:new_end])
        told += [(Change.KEPT, gone)] if gone == came else [(Change.GONE, gone), (Change.NEW, came)]
    return _parts(told)


def _parts(told: list[tuple[Change, str]]) -> tuple[Part, ...]:
    return tuple(Part(change, text) for change, text in told if text)
