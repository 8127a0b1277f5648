"""When a page is due again."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tray_status.core.schedule import AT_LEAST_OPEN, SLOWEST, Timetable, next_due, paced
from tray_status.core.view import STALE_AFTER_INTERVALS

intervals = st.floats(1, 86_400)
chances = st.floats(0, 1)
nows = st.floats(0, 1e7)


@given(nows, intervals, chances)
def test_a_page_is_due_after_about_its_interval(now, interval, chance):
    wait = next_due(now, interval, chance) - now
    assert interval * 0.94 <= wait <= interval * 1.05 + min(5, interval / 12) + 1e-6


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


def test_a_key_is_either_waiting_or_at_work_and_what_was_wanted_meanwhile_comes_again():
    table = Timetable()
    table.plan(["a", "b"], {"a", "b"}, 100.0)
    assert sorted(table.take(100.0)) == ["a", "b"]
    assert table.take(200.0) == []
    table.hurry(110.0)
    table.done("a", 111.0, 171.0)
    assert table.take(111.0) == ["a"], "it was wanted while at work"
    table.done("a", 112.0, 172.0)
    table.done("b", 112.0, None)
    assert table.next_due == 172.0


def test_what_hurries_is_due_now_and_not_since_the_machine_was_started():
    table = Timetable()
    table.plan(["a"], {"a"}, 5000.0)
    assert table.next_due == 5000.0
    table.take(5000.0)
    table.done("a", 5000.0, 5060.0)
    table.hurry(5001.0)
    assert table.next_due == 5001.0
    table.plan(["a", "b"], {"b"}, 5002.0)
    assert table.take(5002.0) == ["a", "b"]


def test_of_several_the_first_that_waits_is_hurried():
    table = Timetable()
    table.plan(["a", "b"], {"a", "b"}, 0.0)
    table.take(0.0)
    table.done("b", 0.0, 60.0)
    assert table.hurry_one(["a", "b"], 1.0) == "b"
    assert table.hurry_one(["a"], 1.0) is None
    assert table.next_due == 1.0


@given(intervals, st.booleans(), st.booleans(), st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=90))))
def test_circumstances_never_make_a_page_stale_nor_a_short_interval_shorter(interval, is_open, spared, quiet_for):
    pace = paced(interval, is_open=is_open, quiet_for=quiet_for, spared=spared)
    assert pace < STALE_AFTER_INTERVALS * interval
    assert pace >= min(interval, max(AT_LEAST_OPEN, interval / 2))
    if is_open:
        assert pace <= interval


def test_what_is_open_is_polled_oftener_and_what_is_quiet_or_spared_seldomer():
    assert paced(60, is_open=True) == 30
    assert paced(20, is_open=True) == 15
    assert paced(10, is_open=True) == 10
    assert paced(60, is_open=False) == 60
    assert paced(60, is_open=False, quiet_for=timedelta(days=6)) == 60
    assert paced(60, is_open=False, quiet_for=timedelta(days=7)) == 120
    assert paced(60, is_open=False, spared=True) == 120
    assert paced(60, is_open=False, quiet_for=timedelta(days=8), spared=True) == 150
    assert paced(60, is_open=True, quiet_for=timedelta(days=8), spared=True) == 30
