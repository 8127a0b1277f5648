"""Why a page has its colour, and why a notice came or did not: as the icon and the notices themselves decide it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, TIMEOUT, event, incident, state_of, update
from tray_status.core.attention import Rules, Say
from tray_status.core.events import EventKind
from tray_status.core.explanation import HELD_WORDS, Told, colour, explanation, notices
from tray_status.core.model import Affected, Component, Impact, Kind, Reading, State
from tray_status.core.probe import Probe
from tray_status.core.view import view_of
from tray_status.core.wishes import QuietHours, Wish, Wished
from tray_status.outputs.notifications.held import AWAY, FLAPS, QUIET

MINOR = incident(update(1))
MAJOR = incident(update(2), id="i2", name="All is down", impact=Impact.MAJOR)
VIEW = view_of(state_of(ACME, MINOR), NOW)
OPENED = replace(event(EventKind.OPENED, MINOR), seq=7)
HOUR = timedelta(hours=1)


def muted(at):
    return Wished(Wish.MUTE, "acme", "i1", at, None, Impact.MINOR, Impact.MINOR)


def one(told_event, wishes=(), rules=None, told=None, view=VIEW):
    ((_, decision),) = notices([told_event], view, wishes, rules or Rules(), timezone.utc, told)
    return decision


def test_what_decides_the_colour_is_marked_and_what_has_no_say_is_told_too():
    page = replace(ACME, components=("API",))
    other = incident(update(3), id="i3", name="Elsewhere", affected=(Affected("c9", "Mail"),))
    parts = (Component("c1", "API", Impact.MINOR), Component("c9", "Mail", Impact.CRITICAL))
    found = colour(view_of(state_of(page, MAJOR, other, components=parts), NOW), (), NOW)
    assert [(each.decides, each.words) for each in found] == [
        (True, "incident “All is down”: Major, Investigating"),
        (False, "component API: Minor"),
        (False, "incident “Elsewhere” touches nothing that you chose; it has no say"),
    ]


impacts = st.sampled_from(list(Impact))
incidents = st.builds(
    lambda number, impact, names: incident(
        update(number), id=f"i{number}", impact=impact, affected=tuple(Affected(None, each) for each in names) or None
    ),
    st.integers(1, 4), impacts, st.lists(st.sampled_from(["API", "Web"]), unique=True),
)  # fmt: skip


@given(
    st.lists(incidents, max_size=3, unique_by=lambda each: each.id),
    st.lists(incidents, max_size=1),
    st.tuples(impacts, impacts),
    st.none() | impacts,
    st.sampled_from(list(Reading)),
    st.sampled_from([(), ("API",), ("API", "Web")]),
    st.none() | st.booleans(),
)
def test_whatever_the_matter_some_reason_decides_and_none_is_worse(
    told, planned, parts, indicator, reading, chosen, alive
):
    probe = None if alive is None else Probe(alive, "it hangs", NOW, target="dns:acme.example", proven=True)
    page = replace(ACME, components=chosen, probe="dns:acme.example")
    begun = tuple(replace(each, id="m", kind=Kind.MAINTENANCE, state=State.IN_PROGRESS) for each in planned)
    state = state_of(
        page, *told, maintenances=begun, indicator=indicator, reading=reading, probe=probe,
        components=(Component("c1", "API", parts[0]), Component("c2", "Web", parts[1])),
    )  # fmt: skip
    view = view_of(state, NOW)
    found = colour(view, (), NOW)
    assert view.impact is Impact.NONE or any(each.decides and each.impact is view.impact for each in found)
    assert explanation(view, [], (), Rules(), NOW, Told())[1].startswith("  → ")


def test_an_event_is_judged_as_of_when_it_was_seen():
    assert one(OPENED).say is Say.NOW
    assert one(OPENED, [muted(NOW - HOUR)]).say is Say.NEVER
    assert one(OPENED, [muted(NOW + HOUR)]).say is Say.NOW, "it was muted after it had been told"
    night = Rules(quiet=QuietHours(time(22), time(7)))
    at_night = replace(OPENED, seen_at=datetime(2025, 11, 4, 2, 30, tzinfo=timezone.utc))
    assert (one(at_night, rules=night).say, one(OPENED, rules=night).say) == (Say.LATER, Say.NOW)


def test_what_was_open_at_the_first_reading_is_told_as_all_else():
    assert one(replace(OPENED, first=True)).say is Say.NOW


def test_what_waits_says_for_what():
    assert set(HELD_WORDS) == {AWAY, FLAPS, QUIET}
    assert one(OPENED, told=Told(7, {7: FLAPS})).why == HELD_WORDS[FLAPS]
    late = one(replace(OPENED, late=True))
    assert (late.say, HELD_WORDS[AWAY] in late.why) == (Say.LATER, True)


def test_that_a_page_can_be_read_again_is_told_to_whom_the_opposite_was():
    gone = event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)
    back = event(EventKind.PAGE_READABLE, problem=TIMEOUT, seen_at=NOW + HOUR)
    for first, says in ((False, [Say.NOW, Say.NOW]), (True, [Say.NEVER, Say.NEVER])):
        found = notices([replace(gone, first=first), back], VIEW, (), Rules(), timezone.utc)
        assert [decision.say for _, decision in found] == says


def test_where_no_notice_was_ever_shown_that_is_said():
    lines = explanation(VIEW, [OPENED], (), Rules(), NOW, Told())
    assert lines[-2].strip() == "worth a notice: it reaches your threshold"
    assert lines[-1].startswith("No notice was ever shown from this history")
    lines = explanation(VIEW, [OPENED], (), Rules(), NOW, Told(7))
    assert lines[-1].strip() == "told: it reaches your threshold"
    assert explanation(VIEW, [OPENED], (), Rules(), NOW, Told(6))[-1].startswith("What is worth a notice is shown")
