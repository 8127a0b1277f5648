"""Looking through all that happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.specimens import ACME, NOW, START, ZENITH, incident, snapshot, update
from tray_status.core.diff import diff
from tray_status.core.model import Affected, Impact, Kind, State
from tray_status.core.past import Wanted
from tray_status.store import Store

DAY = timedelta(days=1)


def tell(store, page, *incidents, at=NOW):
    with store.writing(page) as writing:
        told = snapshot(*incidents)
        writing.save(diff(writing.page, writing.known(told), told, at), told, at)


def over(id, begun, text="All is well.", **more):
    return incident(
        update(1, text="We look into it.", at=begun),
        update(2, State.RESOLVED, text=text, at=begun + timedelta(hours=1)),
        id=id, started_at=begun, resolved_at=begun + timedelta(hours=1), **more,
    )  # fmt: skip


@pytest.fixture
def store():
    kept = Store.open(None)
    works = replace(
        incident(update(1, State.SCHEDULED), id="works", name="New racks", kind=Kind.MAINTENANCE),
        started_at=None, scheduled_for=NOW + DAY, scheduled_until=NOW + 2 * DAY, impact=Impact.NONE,
    )  # fmt: skip
    tell(store=kept, page=ACME, at=NOW)
    tell(
        kept, ACME,
        incident(update(1, text="Queues of 100%_full disks"), id="now", name="Slow mail", impact=Impact.MAJOR),
        over("old", START - 30 * DAY, affected=(Affected("c2", 'The "Codex" API'),)),
        over("older", START - 60 * DAY, text="Rolled back the DEPLOY", impact=None),
        works,
    )  # fmt: skip
    tell(kept, ZENITH, over("z", START - 10 * DAY, name="Lost logins", impact=Impact.CRITICAL))
    yield kept
    kept.close()


def ids(store, limit=50, offset=0, **wanted):
    return [incident.id for _, incident in store.past.find(Wanted(**wanted), limit, offset).rows]


def test_all_of_it_newest_first_with_timelines_and_a_count(store):
    found = store.past.find(Wanted(), 2)
    assert ([each.id for _, each in found.rows], found.count) == (["works", "now"], 5)
    assert ids(store, 2, 2) == ["z", "old"]
    (_, whole), *_ = store.past.find(Wanted(page_ids=("zenith",)), 9).rows
    assert [each.text for each in whole.updates] == ["We look into it.", "All is well."]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"text": "slow MAIL"}, ["now"]),
        ({"text": "deploy"}, ["older"]),
        ({"text": "100%_full"}, ["now"]),
        ({"text": "100__full"}, []),
        ({"component": '"codex"'}, ["old"]),
        ({"impacts": (Impact.CRITICAL, Impact.MAJOR)}, ["now", "z"]),
        ({"impacts": (Impact.NONE,)}, ["older"]),
        ({"impacts": (Impact.MAINTENANCE,)}, ["works"]),
        ({"since": START - 20 * DAY, "until": START}, ["z"]),
        ({"since": START - 10 * DAY + timedelta(hours=1)}, ["works", "now", "z"]),
        ({"since": START - 10 * DAY + timedelta(hours=2)}, ["works", "now"]),
        ({"open_only": True}, ["now"]),
        ({"text": "' OR 1; --"}, []),
        ({"page_ids": ("nobody",)}, []),
    ],
)
def test_each_filter(store, wanted, expected):
    assert ids(store, **wanted) == expected


def test_one_of_them_with_all_that_the_log_says_of_it(store):
    edited = incident(update(1, text="Queues are long"), id="now", name="Slow mail", impact=Impact.MAJOR)
    tell(store, ACME, edited, at=NOW + timedelta(minutes=5))
    assert store.past.incident("acme", "now").updates[0].text == "Queues are long"
    assert [(each.kind.value, each.update.text) for each in store.past.events_of("acme", "now")] == [
        ("opened", "Queues of 100%_full disks"),
        ("edited", "Queues are long"),
    ]
    assert store.past.incident("zenith", "now") is None
