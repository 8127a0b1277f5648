"""Questions that a command asks on the terminal, and what it shows while a page is read."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from ..core.model import Component, Page
from ..core.text import cut
from ..core.view import PageView
from ..core.wording import IMPACT_WORDS, count
from ..errors import UsageError
from .printing import note

TRIES = 3

_RANGE = re.compile(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?")


def looked_at(page: Page) -> tuple[PageView, list[tuple[str, str]]]:
    """A page after one poll that leaves no trace, and what was asked in it; on a terminal with a line that moves."""
    from ..trial import looked_at

    if sys.stderr is None or not sys.stderr.isatty():
        return looked_at(page)
    try:
        return looked_at(page, _show)
    finally:
        sys.stderr.write("\r\x1b[2K")


def _show(asked: list[tuple[str, str]]) -> None:
    if asked:
        sys.stderr.write(f"\r\x1b[2K  {count(len(asked), 'question')}: {cut(asked[-1][0], 60)}")
        sys.stderr.flush()


def ask_which(components: Sequence[Component], chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """Which components matter to this person; an empty answer keeps what was chosen before, or else is all.

    Raises UsageError after some wrong answers, and where the input ends without one.
    """
    rows = sorted(components, key=lambda each: ((each.group or "").casefold(), each.name.casefold()))
    group: str | None = ""
    for number, each in enumerate(rows, 1):
        if each.group and each.group != group:
            note(f"  {each.group}")
        group = each.group
        note(f"  {number:>4}  {each.name}  ({IMPACT_WORDS[each.impact].lower()})")
    for _ in range(TRIES):
        enter = f"“all” for all, Enter to keep {', '.join(chosen)}" if chosen else "Enter for all"
        note(f"Which of them do you use? Numbers or names with commas between, 3-7 for a range, {enter}:")
        answer = sys.stdin.readline() if sys.stdin is not None else ""
        if not answer:
            raise UsageError("add: the input ended before anything was chosen, so nothing was changed")
        if not answer.strip():
            return tuple(chosen)
        if answer.strip().casefold() == "all" and not any(each.name.casefold() == "all" for each in rows):
            return ()
        wanted = [each.strip() for each in answer.split(",") if each.strip()]
        try:
            places = [place for each in wanted for place in _places(each, rows)]
        except UsageError as error:
            note(str(error))
            continue
        return tuple(_name_or_id(rows[place], rows) for place in dict.fromkeys(places))
    raise UsageError("add: nothing was chosen, so nothing was changed")


def _places(text: str, rows: Sequence[Component]) -> range | list[int]:
    if span := _RANGE.fullmatch(text):
        first, last = int(span[1]), int(span[2] or span[1])
        if 1 <= first <= last <= len(rows):
            return range(first - 1, last)
        raise UsageError(f"“{cut(text, 40)}” is not between 1 and {len(rows)}.")
    wanted = text.casefold()
    found = [place for place, each in enumerate(rows) if wanted in (each.name.casefold(), each.id.casefold())]
    if not found:
        raise UsageError(f"“{cut(text, 40)}” is none of these.")
    return found


def _name_or_id(chosen: Component, rows: Sequence[Component]) -> str:
    """Its name; where two components share one, its id."""
    same = [each for each in rows if each.name.casefold() == chosen.name.casefold()]
    return chosen.name if len(same) == 1 else chosen.id
