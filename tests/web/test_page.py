"""What the status page shows, as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.specimens import ACME, NOW, TIMEOUT, ZENITH, incident, state_of, update
from tray_status.core.model import Component, Impact, Kind, Reading, State
from tray_status.core.view import look
from tray_status.web.page import INCIDENTS_LIMIT, UPDATES_SHOWN, describe

TROUBLE = incident(update(1), update(2, text="Found it."))


def shown(*states, past=(), next_check=None):
    return describe(look(states, NOW), list(past), next_check, NOW)


def test_the_headline_has_the_worst_state_the_counts_and_the_checks():
    page = shown(
        state_of(ACME, TROUBLE, tracked=7, checked_at=NOW - timedelta(seconds=5)),
        state_of(ZENITH, incident(update(3), id="i2", impact=Impact.MAJOR), tracked=3, checked_at=NOW),
        next_check=NOW + timedelta(seconds=30),
    )
    assert (page.icon, page.headline) == ("major", "2 incidents open, worst: Major")
    assert (page.tally, page.states) == ("10 incidents tracked on 2 pages, 2 open.", "Pages: 1 major, 1 minor.")
    assert (page.checked.machine, page.next_check.machine) == ("2025-11-03T15:32:00Z", "2025-11-03T15:32:30Z")
    assert [row.page for row in page.open] == ["Zenith", "Acme"]


def test_an_incident_has_its_products_and_its_updates_newest_first_the_older_ones_apart():
    many = incident(*(update(number) for number in range(1, 7)))
    (row,) = shown(state_of(ACME, many)).open
    assert (row.page, row.name, row.impact, row.state, row.products) == (
        "Acme",
        "Elevated errors",
        "Minor",
        "Investigating",
        "API",
    )
    assert [each.key for each in row.newest] == ["u6", "u5", "u4"]
    assert len(row.newest) == UPDATES_SHOWN
    assert [each.key for each in row.earlier] == ["u3", "u2", "u1"]


def test_no_page_at_all_and_pages_that_were_never_read_are_not_green():
    assert (shown().icon, shown().headline, shown().states) == ("unknown", "Not known", "No pages are watched.")
    never = shown(state_of(ACME, reading=Reading.NEVER, read_at=None, checked_at=None, open_told=False))
    assert (never.icon, never.pages[0].icon, never.pages[0].read, never.checked) == ("unknown", "unknown", None, None)
    assert never.none_open == "None that is known: not every page could be read."
    assert shown(state_of(ACME)).none_open == "None."


def test_a_page_that_cannot_be_read_says_why_since_when_and_what_it_told_last():
    page = shown(state_of(ACME, TROUBLE, reading=Reading.UNREACHABLE, problem=TIMEOUT))
    (row,) = page.pages
    assert (row.icon, row.words, row.open) == ("minor", "Cannot be reached", 1)
    assert row.problem == f"{TIMEOUT.text}. {TIMEOUT.cure}"
    assert row.read is not None
    assert len(page.open) == 1


def test_offline_has_its_own_icon():
    page = shown(state_of(ACME, reading=Reading.OFFLINE, problem=TIMEOUT))
    assert (page.icon, page.pages[0].icon) == ("offline", "offline")


def test_troubled_components_are_named_and_sound_ones_are_not():
    parts = (Component("c1", "API", Impact.MAJOR), Component("c2", "Web", Impact.NONE))
    assert shown(state_of(ACME, components=parts)).pages[0].troubled == (("API", "Major"),)


def test_maintenance_under_way_comes_before_what_is_planned():
    def planned(number, state):
        at = NOW + timedelta(hours=number)
        return incident(update(1, state), id=f"m{number}", kind=Kind.MAINTENANCE, state=state, scheduled_for=at)

    later, sooner, now = planned(5, State.SCHEDULED), planned(2, State.SCHEDULED), planned(9, State.IN_PROGRESS)
    page = shown(state_of(ACME, maintenances=(later, sooner, now)))
    keys = [[row.key for row in rows] for rows in (page.under_way, page.coming)]
    assert keys == [["acme/m9"], ["acme/m2", "acme/m5"]]
    assert page.open == ()


def test_what_is_over_stands_apart_from_what_is_open():
    over = replace(TROUBLE, state=State.RESOLVED, resolved_at=NOW)
    page = shown(state_of(ACME, TROUBLE), past=[(ACME, TROUBLE), (ACME, over)])
    assert [row.ends.machine for row in page.closed] == ["2025-11-03T15:32:00Z"]


@pytest.mark.parametrize("how_many", [INCIDENTS_LIMIT, INCIDENTS_LIMIT + 900])
def test_a_page_gone_wild_does_not_make_ours_unusable(how_many):
    page = shown(state_of(ACME, *(incident(update(1), id=f"i{number}") for number in range(how_many))))
    assert (len(page.open), page.more_open) == (INCIDENTS_LIMIT, how_many - INCIDENTS_LIMIT)
