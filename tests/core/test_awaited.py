"""What a script waits for, and whether it came to that: one row a situation."""

from __future__ import annotations

import pytest

from tests.specimens import ACME, NOW, TIMEOUT, ZENITH, incident, state_of, update
from tray_status.core.awaited import Goal, beginning, reached
from tray_status.core.model import Component, Impact, Kind, Reading, State
from tray_status.core.view import look

OPEN = incident(update(1))
MORE = incident(update(1), update(2, State.MONITORING, "It holds."))
OTHER = incident(update(3), id="i2", name="Lost mail")
PLANNED = incident(update(4, State.IN_PROGRESS), id="m1", kind=Kind.MAINTENANCE)
DOWN = (Component("c1", "API", Impact.MAJOR),)
UNREAD = {"reading": Reading.UNREACHABLE, "problem": TIMEOUT}

ROWS = {
    "nothing was ever the matter": (state_of(ACME), state_of(ACME), "operational resolved"),
    "it goes on": (state_of(ACME, OPEN), state_of(ACME, OPEN), ""),
    "another word came": (state_of(ACME, OPEN), state_of(ACME, MORE), "changed"),
    "it is over": (state_of(ACME, OPEN), state_of(ACME), "operational changed resolved"),
    "it is over, and another one opened": (state_of(ACME, OPEN), state_of(ACME, OTHER), "changed resolved"),
    "it is over, and a component is still down": (
        state_of(ACME, OPEN), state_of(ACME, components=DOWN), "changed resolved",
    ),
    "it is over, and maintenance began": (
        state_of(ACME, OPEN), state_of(ACME, maintenances=(PLANNED,)), "changed resolved",
    ),
    "it cannot be read any more": (state_of(ACME, OPEN), state_of(ACME, **UNREAD), ""),
    "it could not be read, and now tells the same": (state_of(ACME, OPEN, **UNREAD), state_of(ACME, OPEN), ""),
    "it could not be read, and now all is well": (state_of(ACME, **UNREAD), state_of(ACME), "operational resolved"),
    "its old log told of it, and it is over": (state_of(ACME, OPEN, **UNREAD), state_of(ACME), "operational changed resolved"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "goals"), ROWS.values(), ids=ROWS.keys())
def test_what_is_reached(before, after, goals):
    first, now = look([before], NOW), look([after], NOW)
    assert [each.value for each in Goal if reached(each, first, now)] == goals.split()


@pytest.mark.parametrize("goal", [Goal.OPERATIONAL, Goal.RESOLVED])
def test_of_several_pages_all_must_have_come_to_it_and_be_read(goal):
    first = look([state_of(ACME, OPEN), state_of(ZENITH)], NOW)
    assert not reached(goal, first, look([state_of(ACME, OPEN), state_of(ZENITH)], NOW))
    assert not reached(goal, first, look([state_of(ACME), state_of(ZENITH, **UNREAD)], NOW))
    assert reached(goal, first, look([state_of(ACME), state_of(ZENITH)], NOW))


def test_a_page_that_was_never_read_before_begins_where_it_is_read_first():
    never, found = look([state_of(ACME, **UNREAD, read_at=None)], NOW), look([state_of(ACME, OPEN)], NOW)
    first = beginning(None, never)
    assert not any(reached(goal, first, never) for goal in Goal)
    first = beginning(first, found)
    assert not any(reached(goal, first, found) for goal in Goal), "what is open is not resolved, and nothing changed"
    first = beginning(first, look([state_of(ACME)], NOW))
    assert all(reached(goal, first, look([state_of(ACME)], NOW)) for goal in Goal)


def test_of_nothing_nothing_is_known():
    nothing = look([], NOW)
    assert not [goal for goal in Goal if reached(goal, nothing, nothing)]
