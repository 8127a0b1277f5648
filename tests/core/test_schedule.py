"""When a page is due again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tray_status.core.schedule import SLOWEST, next_due

intervals = st.floats(1, 86_400)
chances = st.floats(0, 1)
nows = st.floats(0, 1e7)


@given(nows, intervals, chances)
def test_a_page_is_due_after_about_its_interval(now, interval, chance):
    wait = next_due(now, interval, chance) - now
    assert interval * 0.94 <= wait <= interval * 1.05 + min(5, interval / 24) + 1e-6


@given(nows, intervals, chances, st.integers(2, 1000))
def test_failures_stretch_the_interval_up_to_a_limit(now, interval, chance, failures):
    wait = next_due(now, interval, chance, failures) - now
    assert wait >= min(interval * 1.9, max(interval, SLOWEST) * 0.94)
    assert wait <= max(interval, SLOWEST) * 1.05 + 5.01


def test_the_second_poll_after_a_failure_comes_no_later_than_usual():
    assert next_due(0, 60, 0.5, failures=1) == next_due(0, 60, 0.5, failures=0)


@given(nows, intervals, chances, st.integers(0, 9), st.floats(0, 86_400))
def test_a_server_that_asks_for_patience_gets_it(now, interval, chance, failures, retry_after):
    assert next_due(now, interval, chance, failures, retry_after) >= now + retry_after - 1e-6


def test_pages_share_their_wake_ups():
    due = {next_due(n * 0.01, 60, (n % 100) / 100) for n in range(1000)}
    assert len(due) < 12
