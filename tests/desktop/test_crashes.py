"""The whole program, killed with SIGKILL at random instants while a vendor's history goes on.

What the notification daemon showed is compared with what the vendor said: nothing is missing, and nothing is told
twice but, after a kill between showing and noting it, the one notice that was shown last.
"""

from __future__ import annotations

import itertools
import random
import re
import threading

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.program.running import Program
from tests.waiting import wait_until

RUNS, KILLS = 8, 26
"""Together more than 200 kills; the runs go side by side."""

STEPS = 40
STATES = ("investigating", *("identified", "monitoring") * 3, "resolved")


def history(steps):
    """The documents after so many words of the vendor: five incidents of eight updates each, one after the other."""
    incidents = []
    for number in range(0, steps, len(STATES)):
        words = [
            update(f"u{step}", STATES[step - number], f"Step {step}.", at=f"2026-03-01T12:{step:02}:00Z")
            for step in range(number, min(number + len(STATES), steps))
        ]
        incidents.insert(0, incident(f"inc{number}", *words, name=f"Trouble {number}"))
    return statuspage(*incidents)


def steps_of(shown):
    """Which of the vendor's words each notice told, in the order of showing; of what opened together, the last."""
    told = []
    for each in shown:
        if joined := re.match(r"Acme: Trouble (\d+) ", each.body):
            told.append(int(joined[1]))  # the first step of an incident is called as the incident is
        else:
            told.append(int(each.body.rpartition("Step ")[2].rstrip(".")))
    return told


@pytest.mark.parametrize("seed", range(RUNS))
def test_killed_at_any_instant_it_loses_nothing_and_repeats_at_most_what_was_shown_last(
    desktop_bus, watcher, notification_daemon, seed, record_property
):
    chance = random.Random(seed)
    said = 1
    with StatusHost(history(said), etags=True) as host:
        with Program("--page", host.url, "--interval", "1") as program:
            notification_daemon.wait_for(1)
            program.wait_for("1 open.\n")
        notification_daemon.settle(program.pid)
        shown_last = [notification_daemon.shown[-1]]
        for _ in range(KILLS):
            said = min(said + chance.randint(0, 3), STEPS)
            host.documents = history(said)
            shown, asked = len(notification_daemon.shown), len(host.asked)
            more_asked, more_shown, seconds = chance.randint(0, 3), chance.randint(1, 3), chance.uniform(0.1, 1.2)
            with Program("--page", host.url, "--interval", "1") as program:
                wait_for_instant(
                    lambda shown=shown, asked=asked, a=more_asked, s=more_shown: (
                        len(notification_daemon.shown) >= shown + s or (a and len(host.asked) >= asked + 2 * a)
                    ),
                    seconds,
                )
            notification_daemon.settle(program.pid)
            shown_last.append(notification_daemon.shown[-1])
        host.documents = history(STEPS)
        with Program("--page", host.url, "--interval", "1") as program:
            program.wait_for(" tracked on ")  # else it may have no handler for the signal yet
            wait_until(lambda: steps_of(notification_daemon.shown)[-1] == STEPS - 1, "the last words", 30)
            assert program.end() == 0
    steps = steps_of(notification_daemon.shown)
    assert sorted(set(steps)) == list(range(STEPS)), "something is missing"
    repeated = [second for first, second in itertools.pairwise(steps) if second <= first]
    allowed = steps_of(shown_last)
    assert [step for place, step in enumerate(steps) if step in steps[:place]] == repeated
    record_property("kills", (KILLS, len(steps), len(repeated)))
    for step in repeated:
        assert step in allowed, f"step {step} was told twice and was not the last before a kill: {steps}"
        allowed.remove(step)


def wait_for_instant(reached, seconds):
    """Until something happened, or a random time is over: the instant of a kill is the one thing left to chance."""
    pause, end = threading.Event(), seconds
    while end > 0 and not reached():
        pause.wait(0.002)
        end -= 0.002
