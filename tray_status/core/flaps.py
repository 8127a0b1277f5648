"""What opens and closes again and again: told as one, and once more when it is steady. Pure.

Machines that watch a service open an incident of its own for each short outage, and people reopen what they thought
was over. So it is counted by the incident's name on its page, not by its id.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from .events import Event

TURNS = 5
"""So many openings and closings, the third opening among them, are no longer news one by one."""

WITHIN = timedelta(minutes=30)
"""They count while they are no older than this."""

STEADY = timedelta(minutes=10)
"""What did not turn for so long is steady again, and its last word is told."""

BRIEF = timedelta(minutes=1)
"""What opens and closes within this is told by its last word alone."""


def topic(event: Event) -> str | None:
    """What an event is about, however often that gets a new id; None for what is no incident's and no component's."""
    if event.component is not None:
        return f"{event.page.id}\ncomponent\n{event.component.id}"
    if event.incident is None:
        return None
    return f"{event.page.id}\n{event.incident.kind.value}\n{event.incident.name.casefold()}"


class Turns:
    """Counts openings and closings. Hears all events in the order of the log."""

    def __init__(self) -> None:
        self._open: dict[str, bool] = {}
        self._turned: dict[str, deque[datetime]] = {}

    def hear(self, event: Event) -> None:
        about = topic(event)
        is_open = (
            event.incident.is_open if event.incident else event.component is not None and not event.component.over
        )
        if about is None or is_open is self._open.get(about):
            return
        self._open[about] = is_open
        self._turned.setdefault(about, deque(maxlen=TURNS)).append(event.at)
        if len(self._turned) > 1000:  # whatever vendors come up with, it costs no memory
            oldest = next(iter(self._turned))
            del self._turned[oldest], self._open[oldest]

    def flaps(self, event: Event) -> bool:
        """Whether what an event is about turns to and fro as of that event."""
        turned = self._turned.get(topic(event) or "")
        if turned is None:
            return False
        return len(turned) == TURNS and turned[-1] - turned[0] <= WITHIN and event.at - turned[-1] <= STEADY


def brief(events: Sequence[Event]) -> frozenset[int]:
    """The seqs of those that need no words of their own: their incident is over a moment later, in the same batch."""
    ended = {_incident(each): each for each in events if each.incident and not each.incident.is_open}
    return frozenset(
        each.seq
        for each in events
        if each.incident
        and (end := ended.get(_incident(each)))
        and each.seq < end.seq
        and timedelta(0) <= end.at - (each.incident.started_at or each.at) <= BRIEF
    )


def last_words(events: Iterable[Event]) -> list[Event]:
    """The latest event of each topic, in the order of the log."""
    latest = {topic(each): each for each in sorted(events, key=lambda each: each.seq)}
    return sorted(latest.values(), key=lambda each: each.seq)


def _incident(event: Event) -> tuple[str, str]:
    assert event.incident is not None  # noqa: S101 - the callers looked
    return event.page.id, event.incident.id
