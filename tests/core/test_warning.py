"""The early warning: told once, taken back once, and never in the vendor's name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import NOW
from tray_status.core.model import Impact
from tray_status.core.probe import Probe, Verdict
from tray_status.core.warning import heed

TARGET = "tcp:api.acme.example:443"
ALIVE = Probe(True, "api.acme.example:443 answers", NOW, target=TARGET)
DEAD = Probe(False, "api.acme.example:443 does not answer", NOW, proven=True, target=TARGET)
TOLD = replace(DEAD, told=True)
OTHER = "dns:acme.example"

ROWS = {
    "nothing is sure yet": (None, None, Verdict.GOOD, None, None),
    "it answers": (None, ALIVE, Verdict.GOOD, ALIVE, None),
    "it does not, and the vendor is silent": (ALIVE, DEAD, Verdict.NOT_POSTED, TOLD, (Impact.NONE, Impact.UNKNOWN)),
    "it still does not": (TOLD, DEAD, Verdict.NOT_POSTED, TOLD, None),
    "the vendor has posted it": (None, DEAD, Verdict.VENDOR, DEAD, None),
    "told, and posted since": (TOLD, DEAD, Verdict.VENDOR, TOLD, None),
    "the network is not proven": (
        None,
        replace(DEAD, proven=False),
        Verdict.UNKNOWN,
        replace(DEAD, proven=False),
        None,
    ),
    "it answers again": (TOLD, ALIVE, Verdict.GOOD, ALIVE, (Impact.UNKNOWN, Impact.NONE)),
    "it answers again, and nobody was told": (DEAD, ALIVE, Verdict.GOOD, ALIVE, None),
    "nothing is sure after it was told": (TOLD, None, Verdict.GOOD, TOLD, None),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_a_situation_is_told_or_not(row):
    before, found, verdict, kept, turn = row
    now, change = heed(before, found, verdict, TARGET)
    assert now == kept
    assert (change and (change.before, change.after)) == turn
    if change:
        assert change.name == "api.acme.example:443 (your probe)"
        assert not change.posted
        assert "your probe" in change.found


@pytest.mark.parametrize(("before", "told"), [(TOLD, True), (DEAD, False), (ALIVE, False)])
def test_a_probe_that_is_no_longer_wanted_is_forgotten_and_its_warning_taken_back(before, told):
    kept, change = heed(before, None, Verdict.GOOD, OTHER)
    assert kept is None
    assert bool(change) is told
    if change:
        assert change.over
        assert change.found == "Your settings name this probe no longer; whether it works is not known."
        assert change.id == f"probe:{TARGET}"


@given(st.lists(st.tuples(st.sampled_from([ALIVE, DEAD, None]), st.sampled_from(list(Verdict))), max_size=12))
def test_warnings_and_their_ends_take_turns(history):
    before, turns = None, []
    for found, verdict in history:
        before, change = heed(before, found, verdict, TARGET)
        if change:
            turns.append(change.after)
    assert turns == [Impact.UNKNOWN, Impact.NONE] * (len(turns) // 2) + [Impact.UNKNOWN] * (len(turns) % 2)
