"""The log → targets: each from its own cursor, whatever the others do; what fails is told, and sent again in time."""

from __future__ import annotations

import threading
from contextlib import nullcontext

import pytest

from tests.specimens import ACME, NOW, event, incident, update
from tests.waiting import wait_until
from tray_status.core.targets import Fate, Reply, Wants
from tray_status.outputs import courier, couriers
from tray_status.outputs.courier import Courier
from tray_status.outputs.couriers import Couriers, Locks
from tray_status.store import Store

TAKEN, LATER, REFUSED = Reply(Fate.TAKEN, "fine"), Reply(Fate.LATER, "busy"), Reply(Fate.REFUSED, "HTTP 404")


ALL = Wants()


class Recorder:
    """Takes what it is told, unless `says` has other answers."""

    def __init__(self, name, wants=ALL, *, repeats=True, setting=None):
        self.output, self.label, self.wants, self.repeats = f"webhook:{name}", f"The webhook “{name}”", wants, repeats
        self.setting = setting or name
        self.tried, self.told = [], []
        self.says = lambda _event: TAKEN
        self.goes_on = threading.Event()
        self.goes_on.set()

    def turn(self):
        return nullcontext(True)

    def tell(self, event):
        self.tried.append(event.seq)
        reply = self.says(event)
        assert self.goes_on.wait(10)
        if reply.fate is Fate.TAKEN:
            self.told.append(event.seq)
        return reply

    def end(self):
        self.goes_on.set()


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "history.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def run(store):
    """Begins couriers for some targets; ended with the test."""
    begun = []

    def begin(*targets, **more):
        made = Couriers(store, lambda output: store.cursor(output) or 0, **more)
        begun.append(made)
        made.watch(targets)
        return made

    yield begin
    for each in begun:
        each.stop()


def happens(store, times=1, page=ACME):
    for _ in range(times):
        with store.writing(page) as writing:
            writing.append([event(subject=incident(update(1)), page=page)], NOW)


def test_a_slow_one_delays_no_other(store, run):
    slow, quick = Recorder("slow"), Recorder("quick")
    slow.goes_on.clear()
    run(slow, quick)
    happens(store, 3)
    wait_until(lambda: quick.told == [1, 2, 3], "the quick one")
    assert slow.told == []
    assert slow.tried == [1]
    slow.goes_on.set()
    wait_until(lambda: slow.told == [1, 2, 3], "the slow one")


def test_what_is_not_taken_is_sent_again_and_nothing_overtakes_it(store, run, monkeypatch):
    monkeypatch.setattr(courier, "pause", lambda *_: 0.01)
    target = Recorder("team")
    target.says = lambda _event: TAKEN if len(target.tried) % 3 == 0 else LATER
    run(target)
    happens(store, 3)
    wait_until(lambda: target.told == [1, 2, 3], "all three")
    assert target.tried == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_what_is_never_told_twice_is_not_repeated_though_it_failed(store, run):
    hook = Recorder("hook", repeats=False)
    hook.says = lambda each: REFUSED if each.seq == 1 else TAKEN
    made = run(hook)
    happens(store, 2)
    wait_until(lambda: hook.told == [2], "the second")
    assert hook.tried == [1, 2]
    words = "".join(made.look_around())
    assert "The webhook “hook”: HTTP 404." in words
    assert "is not run again" in words


def test_a_pause_is_kept_though_more_happens_and_ends_when_a_person_says_so(store, run):
    target = Recorder("team")
    target.says = lambda _event: REFUSED
    made = run(target)
    happens(store)
    told = wait_until(made.look_around, "a refusal is told at once")
    assert told == ["The webhook “team”: HTTP 404. What happens is kept for it, and sent when it can be."]
    happens(store, 3)
    quick = Recorder("other")
    made.watch([target, quick])
    happens(store)
    wait_until(lambda: quick.told, "all have heard of it")
    assert target.tried == [1]
    assert store.troubles.of(target.output).words == "HTTP 404"
    target.says = lambda _event: TAKEN
    made.retry_now()
    wait_until(lambda: target.told == [1, 2, 3, 4, 5], "what waited")
    wait_until(lambda: any("takes what happens again" in each for each in made.look_around()), "it is well again")
    assert store.troubles.of(target.output) is None


def test_what_may_pass_is_told_only_when_it_lasts(store, monkeypatch):
    monkeypatch.setattr(courier, "pause", lambda *_: 0.01)
    said = []
    target = Recorder("team")
    target.says = lambda _event: LATER
    one = Courier(target, store, lambda _output: 0, said.append, waits_long=0.2)
    happens(store)
    one.start()
    wait_until(lambda: said, "it lasts")
    tried = len(target.tried)
    assert tried > 3
    wait_until(lambda: len(target.tried) > tried + 5, "more attempts")
    assert len(said) == 1
    one.end()
    one.join(5)


def test_of_two_processes_one_sends_until_it_ends(store, run, monkeypatch):
    monkeypatch.setattr(couriers, "CLAIM_EVERY", 0.0)
    taken = set()

    def locks():
        mine = set()

        def take(name):
            if name in taken:
                return False
            taken.add(name)
            mine.add(name)
            return True

        return Locks(take), mine

    (first_locks, held), (second_locks, _) = locks(), locks()
    first, second = Recorder("team"), Recorder("team")
    one, two = run(first, locks=first_locks), run(second, locks=second_locks)
    happens(store, 2)
    wait_until(lambda: first.told == [1, 2], "the first")
    two.look_around()
    assert second.tried == []
    one.stop()
    taken -= held
    two.look_around()
    happens(store)
    wait_until(lambda: second.told == [3], "the second")


def test_a_new_address_goes_on_where_the_old_one_was(store, run):
    old, new = Recorder("team", setting="old"), Recorder("team", setting="new")
    old.says = lambda _event: REFUSED
    made = run(old)
    happens(store, 2)
    wait_until(lambda: old.tried, "the old one")
    made.watch([new])
    wait_until(lambda: new.told == [1, 2], "the new one")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_replaced_and_told(store, run):
    target = Recorder("team")
    deaths = iter((True, False))

    def dies_once(_event):
        if next(deaths, False):
            raise SystemExit  # no Exception: nothing on the way catches it
        return TAKEN

    target.says = dies_once
    made = run(target)
    happens(store)
    wait_until(lambda: any("started anew" in each for each in made.look_around()), "it is told")
    wait_until(lambda: target.told == [1], "and goes on")


def test_a_target_that_fails_by_our_fault_stays_due(store, run, monkeypatch):
    monkeypatch.setattr(courier, "AFTER_A_FAULT", 0.01)
    target = Recorder("team")

    def fails_once(_event):
        if len(target.tried) == 1:
            raise RuntimeError("a fault")
        return TAKEN

    target.says = fails_once
    run(target)
    happens(store)
    wait_until(lambda: target.told == [1], "it is told after all")


def test_what_does_not_pass_the_filter_is_passed_over_for_good(store, run):
    target = Recorder("team", Wants(pages=frozenset({"nothing"})))
    run(target)
    happens(store, 3)
    wait_until(lambda: store.cursor(target.output) == 3, "its cursor")
    assert target.tried == []
