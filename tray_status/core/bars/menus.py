"""The menu text of xbar, SwiftBar and Argos: the bar's line, `---`, then a menu with `--` before each level. Pure.

Formats: xbar's guide for plugins (its program reads `|` as the begin of parameters wherever it stands, and refuses a
parameter that it does not know), SwiftBar's README, and Argos' README. Each of them would turn `:words:` into
pictures, and Argos would read markup and backslashes; the parameters on each line forbid it.
"""

from __future__ import annotations

from datetime import datetime

from ..model import Incident
from ..text import cut, safe_url
from ..view import PageView
from ..wording import IMPACT_WORDS, age, local_time, reasons, standing, state_words
from .bar import COLOURS, MARKS, Bar

XBAR = "emojize=false ansi=false"
SWIFTBAR = "emojize=false symbolize=false"
ARGOS = "emojize=false unescape=false useMarkup=false ansi=false"

UPDATES = 5
"""How many words of an incident its submenu has."""

LINE_LIMIT = 100


def xbar(bar: Bar) -> str:
    return _menu(bar, XBAR)


def swiftbar(bar: Bar) -> str:
    return _menu(bar, SWIFTBAR)


def argos(bar: Bar) -> str:
    return _menu(bar, ARGOS)


def _menu(bar: Bar, plain: str) -> str:
    lines = [_item(bar.text, plain, color=bar.colour), "---", _item(bar.title, plain)]
    lines += [_item(bar.trouble, plain)] if bar.trouble else []
    lines += ["---"] if bar.overview.pages else []
    for view in bar.overview.pages:
        lines += _page(view, bar.now, plain)
    return "\n".join((*lines, "---", _item("Refresh", plain, refresh="true")))


def _page(view: PageView, now: datetime, plain: str) -> list[str]:
    """A page, with what is open on it below; its submenu says why it stands so, and opens it."""
    address = safe_url(view.state.vendor_url) or safe_url(view.page.url) or ""
    words = f"{MARKS[view.impact]} {view.page.name}: {standing(view)}"
    lines = [_item(words, plain, href=address, color=COLOURS[view.impact])]
    lines += [_item(line, plain, 1) for line in reasons(view)]
    if view.state.read_at is not None:
        lines.append(_item(f"Read at {local_time(view.state.read_at.astimezone(now.tzinfo))}", plain, 1))
    if address:
        lines.append(_item("Open in the browser", plain, 1, href=address))
    for incident in (*view.open_incidents, *(each for each in view.maintenances if each.is_open)):
        lines += _incident(incident, now, plain)
    return lines


def _incident(incident: Incident, now: datetime, plain: str) -> list[str]:
    facts = [IMPACT_WORDS[incident.shown_impact], state_words(incident)]
    if incident.started_at:
        facts.append(age(now - incident.started_at))
    address = safe_url(incident.url) or ""
    lines = [_item(f"• {cut(incident.name, 80)} ({', '.join(facts)})", plain, href=address)]
    if incident.components:
        lines.append(_item(f"Touches {', '.join(incident.components)}", plain, 1))
    for update in reversed(incident.updates[-UPDATES:]):
        at = f"{local_time(update.at.astimezone(now.tzinfo))}: " if update.at else ""
        if words := f"{at}{update.text or update.word}":
            lines.append(_item(words, plain, 1))
    if address:
        lines.append(_item("Open in the browser", plain, 1, href=address))
    return lines


def _item(text: str, plain: str, level: int = 0, **parameters: str) -> str:
    """One line; parameters without a value are left out. No address has blanks, quotes or bars, see `safe_url`."""
    told = [f"{name}={value}" for name, value in parameters.items() if value]
    return f"{'--' * level}{_plain(text)} | {' '.join((*told, plain))}"


def _plain(text: str) -> str:
    """Without what would begin parameters, a submenu or a separator, or end the line."""
    line = cut(" ".join(text.split()), LINE_LIMIT).replace("|", "¦")
    return f"–{line.lstrip('-')}" if line.startswith("-") else line
