"""How all stands as a monitoring plugin says it: one line, numbers behind a bar, a code. Pure.

Format: https://www.monitoring-plugins.org/doc/guidelines.html (plugin output, performance data, return codes).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from .model import Impact
from .text import clean_line
from .view import Overview, PageView
from .wording import STANDING_WORDS, count, reasons, standing

OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")

_CODES = {
    Impact.NONE: OK,
    Impact.NOTICE: OK,
    Impact.MAINTENANCE: WARNING,
    Impact.MINOR: WARNING,
    Impact.MAJOR: CRITICAL,
    Impact.CRITICAL: CRITICAL,
    Impact.UNKNOWN: UNKNOWN,
}
_WORST_FIRST = (CRITICAL, WARNING, UNKNOWN, OK)
"""What is known to be bad counts more than what is not known."""

_COUNTED = (Impact.CRITICAL, Impact.MAJOR, Impact.MINOR, Impact.MAINTENANCE, Impact.UNKNOWN)


def plugin(overview: Overview, now: datetime) -> tuple[int, str]:
    """The code, and the text: one line with its numbers, then a line for each page that is not well."""
    codes = {_CODES[view.impact] for view in overview.pages} or {UNKNOWN}
    code = next(each for each in _WORST_FIRST if each in codes)
    troubled = [view for view in overview.pages if _CODES[view.impact] != OK]
    still_open = len(overview.open_incidents)
    words = f"{count(len(overview.pages), 'page')}, {count(still_open, 'open incident')}"
    if troubled:
        words += f", {_plain(troubled[0].page.name)}: {_plain(standing(troubled[0]))}"
    text = f"STATUS {WORDS[code]} - {words} | {_numbers(overview, still_open, now)}"
    return code, "\n".join((text, *(_line(view) for view in troubled)))


def failed(why: str) -> str:
    """What a plugin says where it could not look at all; its code is UNKNOWN."""
    return f"STATUS {WORDS[UNKNOWN]} - {_plain(why)}"


def _numbers(overview: Overview, still_open: int, now: datetime) -> str:
    impacts = Counter(view.impact for view in overview.pages)
    read = [view.state.read_at for view in overview.pages if view.state.read_at]
    told = [f"pages={len(overview.pages)};;;0", f"open={still_open};;;0"]
    told += [f"{each.value}={impacts[each]};;;0" for each in _COUNTED]
    if read:
        told.append(f"oldest={max(0, int((now - min(read)).total_seconds()))}s;;;0")
    return " ".join(told)


def _line(view: PageView) -> str:
    names = "; ".join(each.name for each in view.open_incidents) or " ".join(reasons(view)) or standing(view)
    return f"{STANDING_WORDS[view.impact]}: {_plain(view.page.name)}: {_plain(names)}"


def _plain(text: str) -> str:
    """Without what would end the text: a bar begins the numbers."""
    return clean_line(text.replace("|", "/"), 200)
