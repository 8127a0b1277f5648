"""An event in one line, for feeds and messages. Pure."""

from __future__ import annotations

from .events import Event, EventKind
from .text import cut
from .wording import IMPACT_WORDS, STANDING_WORDS, state_words

NAME_LIMIT = 200


def event_line(event: Event) -> str:
    """`OpenAI: Elevated errors (Minor, Investigating)`; what the page itself did in the same manner."""
    name = event.page.name
    if event.incident is not None:
        words = f"{IMPACT_WORDS[event.incident.shown_impact]}, {state_words(event.incident)}"
        edited = ", edited" if event.kind is EventKind.EDITED else ""
        return f"{name}: {cut(event.incident.name, NAME_LIMIT)} ({words}{edited})"
    if event.component is not None:
        change = event.component
        found = f" ({change.found})" if change.found else ""
        return f"{name}: {cut(change.name, NAME_LIMIT)}: {STANDING_WORDS[change.after]}{found}"
    if event.kind is EventKind.PAGE_READABLE:
        return f"{name} can be read again"
    return f"{name} cannot be read: {event.problem.text if event.problem else 'it does not say why'}"
