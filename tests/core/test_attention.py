"""Which events are worth a notice, and when: one row a situation, with the rule that decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, TIMEOUT, ZENITH, event, incident, update
from tray_status.core.attention import Decision, Rules, Say, decide
from tray_status.core.events import ComponentChange, EventKind
from tray_status.core.model import Impact, Kind, State
from tray_status.core.wishes import QuietHours, Wish, Wished

HOUR = timedelta(hours=1)
NIGHT = QuietHours(time(22), time(7))
AT_NIGHT = datetime(2025, 11, 4, 1, 30, tzinfo=timezone.utc)


def wished(wish, incident_id="i1", page=ACME, until=None, impact=Impact.MINOR, at=NOW - HOUR):
    about = "" if page is None else page.id
    return Wished(wish, about, incident_id, at, until, impact, impact)


def worth_a_notice(told, page):
    return decide(told, page).say is Say.NOW


MINOR = event(EventKind.UPDATED, incident(update(1), update(2)))
WORSE = event(EventKind.UPDATED, incident(update(1), update(2), impact=Impact.MAJOR))
CRITICAL = event(EventKind.OPENED, incident(update(1), impact=Impact.CRITICAL))
OVER = event(EventKind.RESOLVED, incident(update(1), update(2, State.RESOLVED), impact=Impact.CRITICAL))
OTHER = event(EventKind.OPENED, incident(update(1), id="i2"))
UNREADABLE = event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)
DOWN = event(
    EventKind.COMPONENT_CHANGED, component=ComponentChange("c1", "API", Impact.NONE, Impact.CRITICAL, posted=False)
)
MUTED, ACKED, FOLLOWED = (wished(each) for each in (Wish.MUTE, Wish.ACKNOWLEDGE, Wish.FOLLOW))
PAGE_MUTED = wished(Wish.MUTE, "")
PAUSED = wished(Wish.PAUSE, "", None)
HIGH = replace(ACME, notify_from=Impact.CRITICAL)

ROWS = {
    "nothing was wished": (MINOR, ACME, [], NOW, "now"),
    "below the threshold": (MINOR, HIGH, [], NOW, "never"),
    "below the threshold, and followed": (MINOR, HIGH, [FOLLOWED], NOW, "now"),
    "another one is followed": (OTHER, HIGH, [FOLLOWED], NOW, "never"),
    "muted": (MINOR, ACME, [MUTED], NOW, "never"),
    "muted, and it got worse": (WORSE, ACME, [MUTED], NOW, "never"),
    "muted, and over": (OVER, ACME, [MUTED], NOW, "never"),
    "another one is muted": (OTHER, ACME, [MUTED], NOW, "now"),
    "its page is muted": (CRITICAL, ACME, [PAGE_MUTED], NOW, "never"),
    "its page is muted, and it is followed": (MINOR, ACME, [PAGE_MUTED, FOLLOWED], NOW, "now"),
    "a muted page that cannot be read": (UNREADABLE, ACME, [PAGE_MUTED], NOW, "never"),
    "a muted page whose component is down": (DOWN, ACME, [PAGE_MUTED], NOW, "never"),
    "an incident is muted, and its page cannot be read": (UNREADABLE, ACME, [MUTED], NOW, "now"),
    "another page is muted": (MINOR, ACME, [wished(Wish.MUTE, "", ZENITH)], NOW, "now"),
    "the mute is over": (MINOR, ACME, [wished(Wish.MUTE, until=NOW - HOUR / 2)], NOW, "now"),
    "the mute ended with this very word": (OVER, ACME, [wished(Wish.MUTE, until=NOW)], NOW + HOUR, "never"),
    "acknowledged": (MINOR, ACME, [ACKED], NOW, "never"),
    "acknowledged, and it got worse": (WORSE, ACME, [ACKED], NOW, "now"),
    "acknowledged, and over": (OVER, ACME, [wished(Wish.ACKNOWLEDGE, impact=Impact.CRITICAL)], NOW, "now"),
    "acknowledged, and another one opens": (OTHER, ACME, [ACKED], NOW, "now"),
    "paused": (CRITICAL, ACME, [PAUSED], NOW, "later"),
    "paused, and below the threshold": (MINOR, HIGH, [PAUSED], NOW, "never"),
    "paused, and followed": (MINOR, ACME, [PAUSED, FOLLOWED], NOW, "later"),
    "the pause is over": (MINOR, ACME, [wished(Wish.PAUSE, "", None, NOW - HOUR / 2)], NOW, "now"),
    "paused, and a page cannot be read": (UNREADABLE, ACME, [PAUSED], NOW, "later"),
    "at night": (MINOR, ACME, [], AT_NIGHT, "later"),
    "at night, and critical": (CRITICAL, ACME, [], AT_NIGHT, "now"),
    "at night, critical and over": (OVER, ACME, [], AT_NIGHT, "later"),
    "at night, and a page cannot be read": (UNREADABLE, ACME, [], AT_NIGHT, "later"),
    "at night, critical and muted": (CRITICAL, ACME, [MUTED], AT_NIGHT, "never"),
    "at night, critical and paused": (CRITICAL, ACME, [PAUSED], AT_NIGHT, "later"),
    "at night, and followed": (MINOR, ACME, [FOLLOWED], AT_NIGHT, "later"),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_a_situation_has_one_decision(row):
    told, page, wishes, local, say = row
    decision = decide(told, page, wishes, Rules(quiet=NIGHT), local)
    assert decision.say.value == say, decision.why
    assert decision.why


WHY = {
    "nothing was wished": "it reaches your threshold",
    "below the threshold": "it is below critical",
    "below the threshold, and followed": "you follow it",
    "muted": "it is muted",
    "its page is muted": "it is muted",
    "acknowledged": "you acknowledged it, and it got no worse since",
    "paused": "notices are paused",
    "at night": "these are quiet hours (22:00-07:00)",
    "at night, and critical": "it reaches your threshold, and breaks through your quiet hours",
}


@pytest.mark.parametrize("name", WHY)
def test_a_decision_names_the_rule_that_decided(name):
    told, page, wishes, local, _ = ROWS[name]
    assert decide(told, page, wishes, Rules(quiet=NIGHT), local).why == WHY[name]


@pytest.mark.parametrize(
    ("told", "page", "why"),
    [
        (MINOR, replace(ACME, components=("Web",)), "it touches nothing that you watch there"),
        (replace(UNREADABLE, first=True), ACME, "the page could never be read"),
        (event(EventKind.OPENED), ACME, "it is no incident"),
        (
            event(EventKind.MAINTENANCE_STARTED, incident(update(1), kind=Kind.MAINTENANCE)),
            ACME,
            "of maintenance you are reminded before it begins",
        ),
    ],
)
def test_what_is_worth_no_notice_to_anybody_says_why(told, page, why):
    assert decide(told, page) == Decision(Say.NEVER, why)


@pytest.mark.parametrize(
    ("change", "page", "why"),
    [
        ({"posted": True}, ACME, "a component's change is told by its incident, or changes nothing for the page"),
        ({}, replace(ACME, components=("Web",)), "it touches nothing that you watch there"),
        ({"after": Impact.MAINTENANCE}, ACME, "of maintenance you are reminded before it begins"),
        ({"after": Impact.MINOR}, replace(ACME, notify_from=Impact.MAJOR), "it is below major"),
        ({}, replace(ACME, components=("c1",)), "it reaches your threshold"),
        ({}, replace(ACME, components=("api",)), "it reaches your threshold"),
    ],
)
def test_a_component_says_why_too(change, page, why):
    told = ComponentChange(
        **{"id": "c1", "name": "API", "before": Impact.NONE, "after": Impact.CRITICAL, "posted": False, **change}
    )
    assert decide(event(EventKind.COMPONENT_CHANGED, component=told), page).why == why


def test_without_rules_or_a_clock_nothing_is_quiet():
    assert decide(MINOR, ACME, [], None, AT_NIGHT).say is Say.NOW
    assert decide(MINOR, ACME, [PAUSED], Rules(quiet=NIGHT), None).say is Say.NOW
    assert decide(UNREADABLE, ACME, [], Rules(quiet=NIGHT, breaks_through=Impact.NOTICE), AT_NIGHT).say is Say.LATER


WISHES = st.lists(
    st.builds(
        Wished,
        st.sampled_from(list(Wish)),
        st.sampled_from(["acme", "zenith", ""]),
        st.sampled_from(["i1", "i2", ""]),
        st.just(NOW - HOUR),
        st.sampled_from([None, NOW - HOUR / 2, NOW + HOUR]),
        st.sampled_from(list(Impact)),
        st.sampled_from(list(Impact)),
    ),
    max_size=5,
)


@given(
    st.sampled_from([MINOR, WORSE, CRITICAL, OVER, OTHER, UNREADABLE, DOWN]), WISHES, st.sampled_from([NOW, AT_NIGHT])
)
def test_wishes_that_are_over_change_nothing_and_order_does_not_matter(told, wishes, local):
    decision = decide(told, ACME, wishes, Rules(quiet=NIGHT), local)
    assert decide(told, ACME, list(reversed(wishes)), Rules(quiet=NIGHT), local) == decision
    past = wished(Wish.MUTE, "", None, NOW - HOUR / 2)
    assert decide(told, ACME, [*wishes, past], Rules(quiet=NIGHT), local) == decision


@pytest.mark.parametrize(
    ("threshold", "impact", "tells"),
    [
        (Impact.NOTICE, Impact.NONE, True),
        (Impact.NOTICE, None, True),
        (Impact.MAINTENANCE, Impact.NONE, False),
        (Impact.MINOR, Impact.MINOR, True),
        (Impact.MINOR, Impact.MAJOR, True),
        (Impact.MAJOR, Impact.MINOR, False),
        (Impact.CRITICAL, Impact.MAJOR, False),
        (Impact.CRITICAL, Impact.CRITICAL, True),
        (Impact.CRITICAL, Impact.UNKNOWN, True),
        (Impact.NONE, Impact.NONE, True),
    ],
)
def test_an_event_is_worth_a_notice_from_the_threshold_on(threshold, impact, tells):
    page = replace(ACME, notify_from=threshold)
    assert worth_a_notice(event(subject=incident(update(1), impact=impact)), page) is tells


def test_the_end_of_an_incident_without_impact_is_told_as_its_beginning_was():
    over = incident(update(1), update(2, State.RESOLVED), impact=Impact.NONE)
    assert over.shown_impact is Impact.NONE
    assert worth_a_notice(event(EventKind.RESOLVED, over), ACME)


@pytest.mark.parametrize("kind", ["maintenance_scheduled", "maintenance_started", "updated", "maintenance_ended"])
def test_of_maintenance_there_are_reminders_only_unless_it_is_followed(kind):
    planned = incident(update(1, State.SCHEDULED), kind=Kind.MAINTENANCE, impact=Impact.CRITICAL)
    told = event(EventKind(kind), planned)
    assert not worth_a_notice(told, replace(ACME, notify_from=Impact.NOTICE))
    assert decide(told, ACME, [wished(Wish.FOLLOW)], Rules(), NOW).say is Say.NOW


def changed(before, after, page=ACME, **more):
    change = ComponentChange("c1", "API", before, after, **more)
    return worth_a_notice(event(EventKind.COMPONENT_CHANGED, component=change), page)


def test_a_component_raises_a_notice_where_no_incident_tells_of_it():
    assert not changed(Impact.NONE, Impact.CRITICAL)
    assert changed(Impact.NONE, Impact.CRITICAL, posted=False)
    assert changed(Impact.CRITICAL, Impact.NONE, posted=False)
    assert not changed(Impact.NONE, Impact.MINOR, replace(ACME, notify_from=Impact.MAJOR), posted=False)
    assert changed(Impact.MAJOR, Impact.MINOR, replace(ACME, notify_from=Impact.MAJOR), posted=False)
    assert not changed(Impact.NONE, Impact.CRITICAL, replace(ACME, components=("Web",)), posted=False)
    assert changed(Impact.NONE, Impact.UNKNOWN, replace(ACME, notify_from=Impact.CRITICAL), found="It is silent.")


def test_what_touches_other_components_raises_no_notice():
    assert not worth_a_notice(event(subject=incident(update(1))), replace(ACME, components=("Web",)))


def test_a_page_that_could_never_be_read_raises_none_and_one_that_could_does():
    unreadable = event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)
    assert worth_a_notice(unreadable, ACME)
    assert not worth_a_notice(replace(unreadable, first=True), ACME)
    assert worth_a_notice(replace(unreadable, kind=EventKind.PAGE_READABLE, first=True), ACME)
