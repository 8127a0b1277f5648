"""What opens together: one row a situation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, event, incident, update
from tray_status.core.together import BURST_WITHIN, PAGES_WITHIN, together

NAMES = ("Cloudflare", "P0", "P1", "P2", "P3", "P4", "P5")


def opened(minute, page=0, id=None, words="It is slow."):
    where = replace(ACME, id=f"p{page}", name=NAMES[page] if page == 0 else f"P{page}")
    subject = incident(update(1, text=words), id=id or f"i{page}-{minute}")
    return event(subject=subject, page=where, seen_at=NOW + timedelta(minutes=minute))


CLOUD = "We are affected by the outage of Cloudflare."

ROWS = {
    "nothing": ([], None),
    "one": ([opened(0)], None),
    "two at once": ([opened(0), opened(0.5, 1)], None),
    "three within a minute": ([opened(0), opened(0.5, 1), opened(1, 2)], (3, "")),
    "three on one page": ([opened(0, 1), opened(0.2, 1), opened(0.4, 1)], (3, "")),
    "three within ten minutes": ([opened(0, 1), opened(4, 2), opened(9, 3)], None),
    "four pages within ten minutes": ([opened(0, 1), opened(4, 2), opened(9, 3), opened(10, 4)], (4, "")),
    "the first one too long ago": ([opened(0, 1), opened(4, 2), opened(9, 3), opened(11, 4)], None),
    "one page four times": ([opened(0, 1), opened(4, 1), opened(8, 1), opened(9, 1)], None),
    "an incident that opens again": ([opened(0, 1, "x"), opened(0.3, 1, "x"), opened(0.6, 1, "x")], None),
    "a cause that two others name": ([opened(0, 0), opened(5, 1, None, CLOUD), opened(9, 2, None, CLOUD)], (3, "Cloudflare")),
    "a cause that one names": ([opened(0, 0), opened(5, 1), opened(9, 2, None, CLOUD)], None),
    "a cause in other letters": (
        [opened(0, 0), *(opened(n, n, None, "blame CLOUDFLARE, please") for n in (1, 2))], (3, "Cloudflare")
    ),
    "a cause that only two pages have": ([opened(0, 1, None, CLOUD), opened(5, 2, None, CLOUD)], None),
    "a cause within a word": ([opened(0, 0), *(opened(n, n, None, "Cloudflares are fine") for n in (1, 2))], None),
    "many pages with a cause": ([opened(n, n, None, CLOUD) for n in range(6)], (6, "Cloudflare")),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_a_situation_is_told_together_or_not(row):
    events, expected = row
    found = together(events, NAMES)
    assert (found and (len(found.events), found.cause)) == expected


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 5)), max_size=12))
def test_the_last_one_is_always_among_them_and_none_twice(rows):
    events = [opened(minute, page) for minute, page in sorted(rows)]
    found = together(events, NAMES)
    if found is None:
        return
    assert found.events[-1].incident.id == events[-1].incident.id
    keys = [(each.page.id, each.incident.id) for each in found.events]
    assert len(keys) == len(set(keys))
    assert all(events[-1].seen_at - each.seen_at <= found.within for each in found.events)


def test_the_time_within_which_it_opened_is_told():
    many, _ = ROWS["four pages within ten minutes"]
    assert together(many, NAMES).within == PAGES_WITHIN
    named, _ = ROWS["a cause that two others name"]
    assert together(named, NAMES).within == PAGES_WITHIN
    burst, _ = ROWS["three within a minute"]
    assert together(burst, NAMES).within == BURST_WITHIN


def test_a_cause_is_looked_for_in_names_too_and_none_is_made_up():
    rows = [
        event(
            subject=incident(update(1, text=None), id=f"i{n}", name="Cloudflare again"),
            page=replace(ACME, id=f"p{n}", name=f"P{n}"),
            seen_at=NOW,
        )
        for n in (1, 2, 3)
    ]
    assert together(rows, NAMES).cause == "Cloudflare"
    assert together(rows, ()).cause == ""
    assert together(rows, ("P1",)).cause == ""
