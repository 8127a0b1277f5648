"""What a person may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(text: str, names: Iterable[str], how_many: int = 1, likeness: float = 0.7) -> list[str]:
    """The names that look like a text, whatever their case, the nearest first."""
    by_fold: dict[str, str] = {}
    for name in names:
        by_fold.setdefault(name.casefold(), name)
    return [by_fold[each] for each in difflib.get_close_matches(text.casefold(), by_fold, how_many, likeness)]
