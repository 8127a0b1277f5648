"""Filters of targets, and what becomes of an event that was sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, TIMEOUT, ZENITH, event, incident, update
from tray_status.core.events import ComponentChange, EventKind
from tray_status.core.model import Impact, Kind, State
from tray_status.core.targets import (
    LONGEST_PAUSE,
    SELDOM,
    Fate,
    Reply,
    Wants,
    fate_of,
    idempotency_key,
    pause,
)

MINOR = event(subject=incident(update(1)))
MAJOR = event(subject=incident(update(1), impact=Impact.MAJOR))
PLANNED = event(EventKind.MAINTENANCE_SCHEDULED, incident(kind=Kind.MAINTENANCE, state=State.SCHEDULED))
OVER = event(EventKind.RESOLVED, incident(update(1, State.RESOLVED), impact=None))
UNREADABLE = event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)
PART = event(EventKind.COMPONENT_CHANGED, component=ComponentChange("c1", "API", Impact.MAJOR, Impact.NONE))
UNPOSTED = replace(PART, component=replace(PART.component, posted=False))
ALL = {
    "minor": MINOR, "major": MAJOR, "planned": PLANNED, "over": OVER, "unreadable": UNREADABLE, "part": PART,
    "unposted": UNPOSTED,
}  # fmt: skip


@pytest.mark.parametrize(
    ("wants", "passing"),
    [
        (Wants(), "minor major planned over unreadable part unposted"),
        (Wants(for_people=True), "minor major planned over unreadable unposted"),
        (Wants(for_people=True, kinds=frozenset({EventKind.COMPONENT_CHANGED})), "part unposted"),
        (Wants(least=Impact.NOTICE), "minor major planned over unreadable part unposted"),
        (Wants(least=Impact.MINOR), "minor major unreadable part unposted"),
        (Wants(least=Impact.CRITICAL), "unreadable"),
        (Wants(least=Impact.MAJOR, kinds=frozenset({EventKind.OPENED})), "major"),
        (Wants(pages=frozenset({ZENITH.id})), ""),
        (Wants(pages=frozenset({ACME.id, ZENITH.id}), kinds=frozenset({EventKind.RESOLVED})), "over"),
    ],
)
def test_filters(wants, passing):
    assert [name for name, each in ALL.items() if wants(each)] == passing.split()


@pytest.mark.parametrize(
    ("fate", "statuses"),
    [
        (Fate.TAKEN, (200, 201, 202, 204)),
        (Fate.LATER, (408, 425, 429, 500, 502, 503, 504, 599)),
        (Fate.REFUSED, (301, 302, 400, 401, 403, 404, 405, 410, 413, 422)),
    ],
)
def test_what_a_status_says(fate, statuses):
    assert {fate_of(each) for each in statuses} == {fate}


@given(st.integers(1, 10_000), st.floats(0, 1), st.none() | st.floats(0, 3600), st.sampled_from(Fate))
def test_pauses_grow_to_a_limit_and_are_never_shorter_than_what_was_asked_for(failures, chance, asked, fate):
    reply = Reply(fate, "", asked)
    seconds = pause(reply, failures, chance)
    assert seconds >= (asked or 0.0)
    assert 0 < seconds <= max(1.2 * SELDOM, asked or 0.0) + 1e-6
    if fate is Fate.LATER and not asked:
        assert seconds <= 1.2 * LONGEST_PAUSE + 1e-6
        assert pause(reply, failures + 1, chance) >= seconds
    if fate is Fate.REFUSED:
        assert seconds >= 0.8 * SELDOM - 1e-6


def test_the_key_is_the_events_own_and_the_same_for_each_attempt():
    told = MINOR.numbered(17)
    assert idempotency_key(told) == idempotency_key(replace(told, late=True))
    others = [MINOR.numbered(18), replace(told, page=ZENITH), replace(told, seen_at=NOW.replace(year=2027))]
    assert len({idempotency_key(each) for each in (told, *others)}) == 4
    assert "." not in idempotency_key(told)
