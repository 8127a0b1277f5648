"""Them, me or the internet: one row a situation; and what a setting may name."""

from __future__ import annotations

import pytest

from tests.specimens import ACME, NOW, incident, state_of, update
from tray_status.core.model import Impact, Reading
from tray_status.core.probe import Probe, ProbeTarget, Verdict, read_target, verdict
from tray_status.core.view import look
from tray_status.core.wording import tooltip, unreadable_line

FRESH, OFFLINE, BLOCKED, DOWN = Reading.FRESH, Reading.OFFLINE, Reading.BLOCKED, Reading.UNREACHABLE
NONE, NOTICE, MINOR, MAJOR, UNKNOWN = Impact.NONE, Impact.NOTICE, Impact.MINOR, Impact.MAJOR, Impact.UNKNOWN
ALIVE, DEAD, UNASKED = True, False, None


@pytest.mark.parametrize(
    ("reading", "impact", "alive", "expected"),
    [
        (FRESH, NONE, UNASKED, Verdict.GOOD),
        (FRESH, NONE, ALIVE, Verdict.GOOD),
        (FRESH, NONE, DEAD, Verdict.NOT_POSTED),
        (FRESH, NOTICE, DEAD, Verdict.NOT_POSTED),
        (FRESH, NOTICE, UNASKED, Verdict.GOOD),
        (FRESH, Impact.MAINTENANCE, DEAD, Verdict.VENDOR),
        (FRESH, MINOR, ALIVE, Verdict.VENDOR),
        (FRESH, MAJOR, DEAD, Verdict.VENDOR),
        (DOWN, MAJOR, DEAD, Verdict.VENDOR),
        (DOWN, UNKNOWN, UNASKED, Verdict.UNKNOWN),
        (DOWN, UNKNOWN, ALIVE, Verdict.PAGE_ONLY),
        (DOWN, UNKNOWN, DEAD, Verdict.NOT_POSTED),
        (Reading.HOST_DOWN, UNKNOWN, ALIVE, Verdict.PAGE_ONLY),
        (Reading.BROKEN, UNKNOWN, DEAD, Verdict.NOT_POSTED),
        (Reading.STALE, UNKNOWN, UNASKED, Verdict.UNKNOWN),
        (Reading.NEVER, UNKNOWN, DEAD, Verdict.UNKNOWN),
        (OFFLINE, UNKNOWN, UNASKED, Verdict.YOURS),
        (OFFLINE, UNKNOWN, DEAD, Verdict.YOURS),
        (OFFLINE, MAJOR, DEAD, Verdict.YOURS),
        (BLOCKED, UNKNOWN, DEAD, Verdict.YOURS),
    ],
)
def test_a_situation_has_one_verdict(reading, impact, alive, expected):
    assert verdict(reading, impact, alive) is expected


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
    dead = Probe(False, "https://api.acme.example/ answers with HTTP 503", NOW)
    overview = look([state_of(ACME, probe=dead)], NOW)
    line = (
        "Acme: Looks like a problem that the vendor has not posted yet."
        " https://api.acme.example/ answers with HTTP 503, says your probe."
    )
    assert unreadable_line(overview.pages[0]) == line
    assert line in tooltip(overview, NOW)[1]
    posted = look([state_of(ACME, incident(update(1)), probe=dead)], NOW)
    assert unreadable_line(posted.pages[0]) is None
