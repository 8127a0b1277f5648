"""Why a page has its colour, and why its last events were told or not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from .attention import Decision, Rules, Say, decide
from .chosen import concerns, watches
from .event_words import event_line
from .events import Event, EventKind
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


@dataclass(frozen=True, slots=True)
class Told:
    """What the log knows of the notices themselves."""

    until: int | None = None
    """The last event that notices are done with; None where no notice was ever shown from this history."""
    held: Mapping[int, str] = field(default_factory=dict)
    """Why the log keeps an event for later, by its number; see `outputs/notifications/held.py`."""


HELD_WORDS = {
    "away": "it came while nothing was read; all of that is told together",
    "flaps": "it turns to and fro, and is told once it is steady",
    "quiet": "it waits for the end of the pause, or of the quiet hours",
}


def notices(
    events: Sequence[Event],
    view: PageView,
    wishes: Sequence[Wished],
    rules: Rules,
    zone: tzinfo | None,
    told: Told | None = None,
) -> list[tuple[Event, Decision]]:
    """Each event, oldest first, with what became of its notice, and the rule that decided.

    It is judged as of when it was seen: by the wishes that had been made by then, and that time's quiet hours; by the
    settings of now, for those of then are not kept.
    """
    held = told.held if told else {}
    found: list[tuple[Event, Decision]] = []
    unreadable: Decision | None = None
    for event in events:
        made = [each for each in wishes if each.at <= event.seen_at]
        decision = decide(event, view.page, made, rules, event.seen_at.astimezone(zone))
        if event.seq in held:
            decision = Decision(Say.LATER, HELD_WORDS.get(held[event.seq], "it is told later"))
        elif event.late and event.incident is not None and decision.say is Say.NOW:
            decision = Decision(Say.LATER, f"{decision.why}, and {HELD_WORDS['away']}")
        if event.kind is EventKind.PAGE_UNREADABLE:
            unreadable = decision
        elif event.kind is EventKind.PAGE_READABLE and unreadable is not None and unreadable.say is Say.NEVER:
            decision = Decision(Say.NEVER, "that it could not be read was not told either")
        found.append((event, decision))
    return found


_SAID = {Say.NOW: "told", Say.LATER: "told later", Say.NEVER: "not told"}


def explanation(
    view: PageView,
    events: Sequence[Event],
    wishes: Sequence[Wished],
    rules: Rules,
    now: datetime,
    told: Told,
) -> list[str]:
    """All of it in lines for a person; times are in the zone of `now`."""
    lines = [f"{view.page.name} is shown as: {STANDING_WORDS[view.impact]}"]
    reasons = colour(view, wishes, now)
    for each in reasons:
        lines.append(f"  {'→' if each.decides else ' '} {each.words}")
    if not reasons:
        lines.append("  → it was read lately, tells of nothing, and its components are well")
    if not events:
        return [*lines, "", "Nothing has happened on it yet."]
    lines += ["", f"Notices from {view.page.notify_from.value} up:"]
    for event, decision in notices(events, view, wishes, rules, now.tzinfo, told):
        at = event.at.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")
        waits = decision.say is Say.NOW and (told.until is None or event.seq > told.until)
        lines.append(f"  {at}  {event_line(event)}")
        lines.append(f"{'':20}{'worth a notice' if waits else _SAID[decision.say]}: {decision.why}")
    if told.until is None:
        lines.append("No notice was ever shown from this history: `tray-status` and `tray-status run` show them.")
    elif events[-1].seq > told.until:
        lines.append("What is worth a notice is shown when `tray-status`, or `tray-status run`, runs.")
    return lines
