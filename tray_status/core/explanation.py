"""Why a page has its colour, and why its last events were told or not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .attention import Decision, Rules, Say, decide
from .chosen import concerns, watches
from .event_words import event_line
from .events import Event
from .model import Impact, Reading, badness
from .probe import Verdict
from .view import PageView
from .wishes import Wished, is_acknowledged, is_calm, is_muted
from .wording import IMPACT_WORDS, READING_WORDS, STANDING_WORDS, state_words


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that has a say in a page's colour."""

    impact: Impact
    words: str
    decides: bool
    """Whether the page is no worse than this."""


def colour(view: PageView, wishes: Sequence[Wished], now: datetime) -> list[Reason]:
    """What has a say in how a page is shown, the worst first."""
    found: list[tuple[Impact, str]] = []
    held = [each for each in wishes if each.holds(now)]
    for each in view.open_incidents:
        known = is_acknowledged(held, view.page.id, each) or is_muted(held, view.page.id, each.id)
        calm = "; you know of it, so that the icon is calm" if known else ""
        words = f"incident “{each.name}”: {IMPACT_WORDS[each.shown_impact]}, {state_words(each)}{calm}"
        found.append((each.shown_impact, words))
    for each in view.maintenances:
        if each.is_open:
            found.append((Impact.MAINTENANCE, f"maintenance “{each.name}” is under way"))
    for part in view.state.components:
        if part.impact is not Impact.NONE and watches(view.page, part.id, part.name):
            found.append((part.impact, f"component {part.name}: {STANDING_WORDS[part.impact]}"))
    if view.state.indicator is not None and not view.page.components:
        found.append((view.state.indicator, f"the page's own indicator: {STANDING_WORDS[view.state.indicator]}"))
    if view.reading is not Reading.FRESH:
        told = f": {view.problem.text}" if view.problem else ""
        found.append(
            (Impact.UNKNOWN, f"{READING_WORDS[view.reading]}{told}; what was known stays, and is never green")
        )
    elif view.verdict is Verdict.NOT_POSTED:
        found.append((Impact.UNKNOWN, "your probe says otherwise than the page"))
    found.sort(key=lambda row: badness(row[0]), reverse=True)
    reasons = [Reason(impact, words, decides=impact is view.impact) for impact, words in found]
    if is_calm(view, held, now) and view.impact is not Impact.NONE:
        calm_words = "you know of all of it, so that the icon shows a green bubble"
        reasons.append(Reason(Impact.NOTICE, calm_words, decides=True))
    for each in view.state.open_incidents:
        if not concerns(view.page, each):
            words = f"incident “{each.name}” touches nothing that you chose; it has no say"
            reasons.append(Reason(each.shown_impact, words, decides=False))
    return reasons


def notices(
    events: Sequence[Event], view: PageView, wishes: Sequence[Wished], rules: Rules, local: datetime
) -> list[tuple[Event, Decision]]:
    """Each event with what the rules of now say of it: whether it is worth a notice, and why."""
    return [(event, decide(event, view.page, wishes, rules, local)) for event in events]


_TOLD = {Say.NOW: "told", Say.LATER: "told later", Say.NEVER: "not told"}


def explanation(
    view: PageView,
    events: Sequence[Event],
    wishes: Sequence[Wished],
    rules: Rules,
    now: datetime,
) -> list[str]:
    """All of it in lines for a person."""
    lines = [f"{view.page.name} is shown as: {STANDING_WORDS[view.impact]}"]
    reasons = colour(view, wishes, now)
    for each in reasons:
        lines.append(f"  {'→' if each.decides else ' '} {each.words}")
    if not reasons:
        lines.append("  → it was read lately, tells of nothing, and its components are well")
    lines.append("")
    lines.append(f"Notices from {view.page.notify_from.value} up." if events else "Nothing has happened on it yet.")
    local = now.astimezone()
    for event, decision in notices(events, view, wishes, rules, local):
        at = event.at.astimezone().strftime("%Y-%m-%d %H:%M")
        lines.append(f"  {at}  {event_line(event)}")
        lines.append(f"{'':20}{_TOLD[decision.say]}: {decision.why}")
    return lines
