"""What a person looks for, and how words were changed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import NOW, event, incident, update
from tray_status.core.edits import WORDS_LIMIT, Change, changes
from tray_status.core.events import EventKind
from tray_status.core.past import moment, wordings

WEST = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("text", "end", "expected"),
    [
        ("7d", False, NOW - timedelta(days=7)),
        ("2026-01-31", False, datetime(2026, 1, 31, 5, tzinfo=timezone.utc)),
        ("2026-01-31", True, datetime(2026, 2, 1, 5, tzinfo=timezone.utc)),
        ("2026-01-31T12:00", False, datetime(2026, 1, 31, 17, tzinfo=timezone.utc)),
        ("2026-01-31T12:00+00:00", False, datetime(2026, 1, 31, 12, tzinfo=timezone.utc)),
        ("", False, None), ("soon", False, None), ("2026-02-30", False, None), ("9999-12-31", True, None),
    ],
)  # fmt: skip
def test_a_moment_as_people_write_it(text, end, expected):
    assert moment(text, NOW, WEST, end=end) == expected


def test_an_update_that_was_edited_has_each_of_its_wordings():
    texts = ("We look.", "We look.", "We look into it.", "We look.")
    told = [
        event(EventKind.EDITED, incident(update(1, text=text)), seen_at=NOW + timedelta(minutes=place))
        for place, text in enumerate(texts)
    ]
    other = event(EventKind.UPDATED, incident(update(2, text="Found.")))
    assert [(each.text, each.seen_at) for each in wordings(update(1), [*told, other])] == [
        ("We look.", NOW),
        ("We look into it.", NOW + timedelta(minutes=2)),
        ("We look.", NOW + timedelta(minutes=3)),
    ]
    assert wordings(update(2), [other]) == ()


words = st.text(alphabet="ab \n", max_size=60)


@given(words, words)
def test_changes_hold_both_texts(before, after):
    parts = changes(before, after)
    assert "".join(part.text for part in parts if part.change is not Change.NEW) == before
    assert "".join(part.text for part in parts if part.change is not Change.GONE) == after
    assert all(part.text for part in parts)
    if before == after:
        assert {part.change for part in parts} <= {Change.KEPT}


def test_very_long_texts_are_shown_as_replaced():
    before, after = "a " * (WORDS_LIMIT + 1), "b " * 5
    assert [part.change for part in changes(before, after)] == [Change.GONE, Change.NEW]
