"""Them, me or the internet: one row a situation; and what a setting may name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, incident, state_of, update
from tray_status.core.model import Impact, Reading
from tray_status.core.probe import Probe, ProbeTarget, Verdict, read_target, verdict
from tray_status.core.view import look
from tray_status.core.wording import tooltip, unreadable_line

FRESH, OFFLINE, BLOCKED, DOWN = Reading.FRESH, Reading.OFFLINE, Reading.BLOCKED, Reading.UNREACHABLE
NONE, NOTICE, MINOR, MAJOR, UNKNOWN = Impact.NONE, Impact.NOTICE, Impact.MINOR, Impact.MAJOR, Impact.UNKNOWN
ALIVE, DEAD, UNASKED = True, False, None


PROVEN, UNPROVEN = True, False


@pytest.mark.parametrize(
    ("reading", "impact", "alive", "proven", "expected"),
    [
        (FRESH, NONE, UNASKED, UNPROVEN, Verdict.GOOD),
        (FRESH, NONE, ALIVE, PROVEN, Verdict.GOOD),
        (FRESH, NONE, DEAD, PROVEN, Verdict.NOT_POSTED),
        (FRESH, NONE, DEAD, UNPROVEN, Verdict.UNKNOWN),
        (FRESH, NOTICE, DEAD, PROVEN, Verdict.NOT_POSTED),
        (FRESH, NOTICE, UNASKED, UNPROVEN, Verdict.GOOD),
        (FRESH, Impact.MAINTENANCE, DEAD, PROVEN, Verdict.VENDOR),
        (FRESH, MINOR, ALIVE, PROVEN, Verdict.VENDOR),
        (FRESH, MAJOR, DEAD, PROVEN, Verdict.VENDOR),
        (DOWN, MAJOR, DEAD, PROVEN, Verdict.VENDOR),
        (DOWN, MAJOR, DEAD, UNPROVEN, Verdict.VENDOR),
        (DOWN, UNKNOWN, UNASKED, UNPROVEN, Verdict.UNKNOWN),
        (DOWN, UNKNOWN, ALIVE, PROVEN, Verdict.PAGE_ONLY),
        (DOWN, UNKNOWN, DEAD, PROVEN, Verdict.NOT_POSTED),
        (DOWN, UNKNOWN, DEAD, UNPROVEN, Verdict.UNKNOWN),
        (Reading.HOST_DOWN, UNKNOWN, ALIVE, PROVEN, Verdict.PAGE_ONLY),
        (Reading.HOST_DOWN, UNKNOWN, DEAD, UNPROVEN, Verdict.UNKNOWN),
        (Reading.BROKEN, UNKNOWN, DEAD, PROVEN, Verdict.NOT_POSTED),
        (Reading.STALE, UNKNOWN, UNASKED, UNPROVEN, Verdict.UNKNOWN),
        (Reading.STALE, UNKNOWN, DEAD, UNPROVEN, Verdict.UNKNOWN),
        (Reading.NEVER, UNKNOWN, DEAD, PROVEN, Verdict.UNKNOWN),
        (Reading.NEVER, UNKNOWN, ALIVE, PROVEN, Verdict.PAGE_ONLY),
        (OFFLINE, UNKNOWN, UNASKED, UNPROVEN, Verdict.YOURS),
        (OFFLINE, UNKNOWN, DEAD, UNPROVEN, Verdict.YOURS),
        (OFFLINE, MAJOR, DEAD, UNPROVEN, Verdict.YOURS),
        (OFFLINE, MAJOR, UNASKED, UNPROVEN, Verdict.YOURS),
        (BLOCKED, UNKNOWN, UNASKED, UNPROVEN, Verdict.YOURS),
        (BLOCKED, UNKNOWN, DEAD, UNPROVEN, Verdict.YOURS),
        (BLOCKED, MAJOR, DEAD, UNPROVEN, Verdict.YOURS),
        (BLOCKED, UNKNOWN, DEAD, PROVEN, Verdict.NOT_POSTED),
        (BLOCKED, MAJOR, DEAD, PROVEN, Verdict.VENDOR),
        (BLOCKED, UNKNOWN, ALIVE, PROVEN, Verdict.PAGE_ONLY),
        (BLOCKED, UNKNOWN, ALIVE, UNPROVEN, Verdict.PAGE_ONLY),
        (BLOCKED, MAJOR, ALIVE, PROVEN, Verdict.VENDOR),
    ],
)
def test_a_situation_has_one_verdict(reading, impact, alive, proven, expected):
    assert verdict(reading, impact, alive, proven=proven) is expected


@given(st.sampled_from(Reading), st.sampled_from(Impact), st.sampled_from([True, False, None]))
def test_no_vendor_is_blamed_for_what_may_be_this_computers_connection(reading, impact, alive):
    assert verdict(reading, impact, alive) is not Verdict.NOT_POSTED
    if alive:
        assert (verdict(reading, impact, alive) is Verdict.YOURS) is (reading is OFFLINE)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("https://api.openai.com/", ProbeTarget(url="https://api.openai.com/")),
        ("tcp:smtp.acme.example:587", ProbeTarget(host="smtp.acme.example", port=587)),
        ("tcp:[::1]:25", ProbeTarget(host="::1", port=25)),
        ("dns:acme.example", ProbeTarget(host="acme.example")),
        ("tcp:acme.example", None),
        ("tcp:acme.example:0", None),
        ("tcp:acme.example:65536", None),
        ("dns:", None),
        ("dns:acme.example/x", None),
        ("file:///etc/passwd", None),
        ("https://user:secret@acme.example/", None),
        ("acme.example", None),
    ],
)
def test_what_a_probe_may_knock_at(text, target):
    assert read_target(text) == target


def test_a_problem_that_nobody_posted_is_shown_as_our_own_finding():
    dead = Probe(False, "https://api.acme.example/ answers with HTTP 503", NOW, proven=True)
    overview = look([state_of(ACME, probe=dead)], NOW)
    line = (
        "Acme: Looks like a problem that the vendor has not posted yet."
        " https://api.acme.example/ answers with HTTP 503, says your probe."
    )
    assert unreadable_line(overview.pages[0]) == line
    assert line in tooltip(overview, NOW)[1]
    posted = look([state_of(ACME, incident(update(1)), probe=dead)], NOW)
    assert unreadable_line(posted.pages[0]) is None
