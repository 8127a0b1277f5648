"""An incident whose id the vendor changed, or lost, goes on as the incident that it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.specimens import ACME, NOW, START, incident, snapshot, update
from tray_status.core.diff import diff
from tray_status.core.model import State
from tray_status.store import Store

OPEN = incident(update(1), id="old")
MOVED = replace(OPEN, id="new")


@pytest.fixture
def store():
    opened = Store.open(None)
    yield opened
    opened.close()


def tell(store, told):
    with store.writing(ACME) as writing:
        told = writing.recognised(told)
        writing.save(diff(writing.page, writing.known(told), told, NOW), told, NOW)
        return [(event.kind.value, event.incident.id) for event in writing.appended]


def test_under_a_new_id_it_is_no_new_incident_while_open_and_when_it_ends(store):
    assert tell(store, snapshot(OPEN)) == [("opened", "old")]
    for _ in range(3):
        assert tell(store, snapshot(MOVED)) == []
    over = replace(MOVED, state=State.RESOLVED, updates=(*OPEN.updates, update(9, State.RESOLVED)))
    assert tell(store, snapshot(over)) == [("resolved", "old")]
    assert tell(store, snapshot(over)) == []


@pytest.mark.parametrize(
    "other",
    [replace(MOVED, name="Something else"), replace(MOVED, started_at=START + timedelta(seconds=1))],
    ids=["another name", "another start"],
)
def test_what_differs_is_another_incident(store, other):
    tell(store, snapshot(OPEN))
    assert tell(store, snapshot(OPEN, other)) == [("opened", "new")]


def test_two_that_are_listed_together_are_two(store):
    tell(store, snapshot(OPEN))
    assert tell(store, snapshot(OPEN, MOVED)) == [("opened", "new")]
    assert tell(store, snapshot(OPEN, MOVED)) == []
