"""The program started twice at the same instant, as two entries for the login do: one icon, and one that polls."""

from __future__ import annotations

import json

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.program.running import Program, finished
from tests.waiting import wait_until

PATIENCE = 20.0


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_on_a_fresh_home_one_has_the_icon_and_the_other_says_so(watcher, desktop_bus, attempt):
    with StatusHost(statuspage(incident("inc1", update("u1"))), etags=True) as host:
        arguments = ("--page", host.url, "--interval", "1")
        with Program(*arguments) as first, Program(*arguments) as second:
            wait_until(lambda: first.running + second.running == 1, "the end of one of them", PATIENCE)
            winner, loser = (first, second) if first.running else (second, first)
            assert loser.wait() == 0
            assert "Tray Status is running already" in loser.out
            winner.wait_for("1 open.\n")
            watcher.item()
            assert len(watcher.services) == len(watcher.registrations) == 1
            assert winner.end() == 0
            for each in (winner, loser):
                assert "memory only" not in each.out
                assert "Traceback" not in each.err
        events = [json.loads(each) for each in finished("events", "--json").out.splitlines()]
        assert [each["incident"]["id"] for each in events] == ["inc1"]
