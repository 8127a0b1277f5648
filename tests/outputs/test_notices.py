"""Which events become notices, in what order, and what a desktop that refuses costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.specimens import ACME, NOW, START, TIMEOUT, ZENITH, event, incident, state_of, update
from tray_status.core.attention import Rules
from tray_status.core.events import ComponentChange, EventKind, PageProblem
from tray_status.core.model import Impact, Kind, Reading, State
from tray_status.core.view import look
from tray_status.core.wishes import Wish, Wished, pause, quiet_hours
from tray_status.errors import NotDelivered
from tray_status.outputs.notifications import Notices, Person
from tray_status.store import Store

OPENED, UPDATED, RESOLVED = EventKind.OPENED, EventKind.UPDATED, EventKind.RESOLVED
UNREADABLE, READABLE = EventKind.PAGE_UNREADABLE, EventKind.PAGE_READABLE


class Desktop:
    """Shows what it is told, until it refuses."""

    name = "desktop"

    def __init__(self):
        self.shown = []
        self.withdrawn = []
        self.takes = 10**6

    def came(self):
        """Nobody asks."""

    def available(self):
        return True

    def show(self, notice):
        if len(self.shown) >= self.takes:
            raise NotDelivered("the desktop is full")
        self.shown.append(notice)

    def withdraw(self, key):
        if any(each.key == key for each in self.shown):
            self.withdrawn.append(key)


class Run:
    """A run of the program, as far as its notices go."""

    def __init__(self, *pages, store=None):
        self.desktop = Desktop()
        self.clock = 0.0
        self.now = NOW
        self.told = 0
        self.rules = Rules()
        self.usual = None
        self.memory = store or Store.open(None)
        self.notices = Notices(
            self.desktop,
            self.memory,
            self.memory.wishes,
            Person(
                lambda: pages or (ACME, ZENITH),
                self.memory.wishes.all,
                lambda: self.rules,
                lambda at: at,
                lambda _: self.usual,
            ),
            monotonic=lambda: self.clock,
            now=lambda: self.now,
        )

    def tell(self, *events):
        """The titles of what was shown of these events."""
        before = len(self.desktop.shown)
        numbered = self._logged(events)
        self.notices.deliver(numbered, self._move)
        return [each.title for each in self.desktop.shown[before:]]

    def _logged(self, events):
        """The events as the log numbers them; what was refused before is told again, not logged again."""
        for each in events[len(self.memory.events(self.told)) :]:
            with self.memory.writing(each.page) as writing:
                writing.append([each], NOW)
        return self.memory.events(self.told)

    def _move(self, seq):
        assert seq > self.told
        self.told = seq


def about(number=1, kind=OPENED, page=ACME, **more):
    return event(kind, incident(update(number), id=f"i{number}", name=f"Trouble {number}", **more), page=page)


def unreadable(page=ACME, **more):
    return event(UNREADABLE, page=page, **{"problem": TIMEOUT, **more})


def readable(page=ACME, problem=TIMEOUT):
    return event(READABLE, page=page, problem=problem)


def test_each_event_is_a_notice_and_moves_the_cursor():
    run = Run()
    assert run.tell(about(1), about(1, UPDATED)) == ["Acme: new incident", "Acme: update"]
    assert run.told == 2


def test_where_the_desktop_refuses_only_the_rest_stays_due():
    run = Run()
    events = [about(1), about(2), about(1, RESOLVED)]
    run.desktop.takes = 2
    with pytest.raises(NotDelivered):
        run.tell(*events)
    assert run.told == 2
    run.desktop.takes = 10
    assert run.tell(*events[run.told :]) == ["Acme: resolved"]
    assert [each.body.splitlines()[0] for each in run.desktop.shown] == ["Trouble 1", "Trouble 2", "Trouble 1"]


def test_many_incidents_at_once_are_one_notice_that_stays_due_as_a_whole():
    run = Run()
    events = [*(about(number) for number in range(1, 9)), unreadable(ZENITH)]
    run.desktop.takes = 0
    with pytest.raises(NotDelivered):
        run.tell(*events)
    assert run.told == 0
    run.desktop.takes = 10
    assert run.tell(*events) == ["9 updates on Acme, Zenith"]
    assert run.told == 9
    assert "Zenith cannot be read" in run.desktop.shown[0].body
    assert run.tell(readable(ZENITH)) == ["Zenith: can be read again"]


def test_what_is_below_a_persons_threshold_or_touches_other_components_raises_none():
    run = Run(replace(ACME, notify_from=Impact.MAJOR))
    assert run.tell(about(1), about(2, impact=Impact.CRITICAL)) == ["Acme: new incident"]
    run = Run(replace(ACME, components=("Web",)))
    assert run.tell(about(1)) == []
    assert run.told == 1


def test_that_a_page_can_be_read_again_is_told_to_whom_the_opposite_was_told():
    run = Run()
    assert run.tell(readable()) == []
    assert run.tell(unreadable(first=True), readable()) == []
    assert run.tell(unreadable(), readable()) == ["Acme: cannot be read", "Acme: can be read again"]
    assert run.tell(unreadable()) == ["Acme: cannot be read"]
    assert run.tell(readable(), readable()) == ["Acme: can be read again"]


def test_a_refused_word_that_a_page_is_back_is_told_later():
    run = Run()
    run.tell(unreadable())
    run.desktop.takes = 1
    with pytest.raises(NotDelivered):
        run.tell(readable())
    run.desktop.takes = 2
    assert run.tell(readable()) == ["Acme: can be read again"]


def test_a_host_that_is_down_is_one_notice_however_many_pages_it_has():
    down = PageProblem(Reading.HOST_DOWN, "most status pages on Statuspage cannot be read", "Wait.")
    run = Run()
    run.tell(unreadable(problem=down), unreadable(ZENITH, problem=down))
    assert {each.key for each in run.desktop.shown} == {"host_down:most status pages on Statuspage cannot be read"}
    first = run.desktop.shown[0]
    assert (first.title, first.body) == (
        "Many pages cannot be read",
        "most status pages on Statuspage cannot be read. Wait.",
    )
    run.tell(readable(problem=down), readable(ZENITH, problem=down))
    assert run.desktop.shown[-1].key == first.key
    assert (run.desktop.shown[-1].title, run.desktop.shown[-1].over) == ("Many pages can be read again", True)


def late(number, kind=OPENED, page=ACME, **more):
    state = State.RESOLVED if kind is RESOLVED else State.INVESTIGATING
    return replace(about(number, kind, page=page, state=state), late=True, **more)


def held(run, seconds):
    """The titles of what is shown so long after NOW, when what was held back is looked at."""
    before = len(run.desktop.shown)
    run.now = NOW + timedelta(seconds=seconds)
    run.notices.tell_held(look([], NOW))
    return [each.title for each in run.desktop.shown[before:]]


def test_what_came_during_an_absence_is_one_digest_once_all_pages_had_time_to_be_read():
    run = Run()
    assert run.tell(late(1), late(1, RESOLVED), late(2), late(2, RESOLVED)) == []
    assert run.tell(late(3, page=ZENITH, seen_at=NOW + timedelta(seconds=9))) == []
    assert run.told == 5
    assert held(run, 19) == []
    assert held(run, 21) == ["While you were away: 3 incidents, 2 resolved, 1 still open"]
    assert held(run, 60) == []
    assert run.tell(about(3, UPDATED)) == ["Acme: update"], "what is no longer late is told as ever"


def test_a_single_word_after_an_absence_is_told_as_it_is():
    run = Run()
    assert run.tell(late(1)) == []
    assert held(run, 21) == ["Acme: new incident"]


def test_what_was_said_of_an_incident_before_an_absence_makes_room_for_the_digest():
    run = Run()
    run.tell(about(1, impact=Impact.CRITICAL))
    run.tell(late(1, RESOLVED), late(2), late(2, RESOLVED))
    assert held(run, 21) == ["While you were away: 2 incidents, 2 resolved"]
    assert set(run.desktop.withdrawn) == {"incident:acme:i1"}


def test_a_digest_that_the_desktop_refuses_stays_due_and_so_it_does_over_a_restart():
    run = Run()
    run.desktop.takes = 0
    run.tell(late(1), late(2))
    assert held(run, 21) == []
    again = Run(store=run.memory)
    again.told = run.told
    assert held(again, 50) == ["While you were away: 2 incidents, 2 still open"]
    assert held(again, 90) == []


def test_many_pages_that_cannot_be_read_at_once_are_one_notice():
    run = Run()
    pages = [replace(ACME, id=f"p{number}", name=f"Page {number}") for number in range(50)]
    assert run.tell(*(unreadable(page) for page in pages)) == ["50 updates on Page 0, Page 1, Page 2 and more"]
    assert "and 45 more cannot be read" in run.desktop.shown[0].body
    assert run.tell(readable(pages[7])) == ["Page 7: can be read again"]


def test_that_a_page_can_be_read_again_is_told_over_a_restart_too():
    run = Run()
    run.tell(unreadable())
    again = Run(store=run.memory)
    again.told = run.told
    assert again.tell(readable()) == ["Acme: can be read again"]
    third = Run(store=run.memory)
    third.told = again.told
    assert third.tell(unreadable(first=True), readable()) == []


def test_the_notice_of_what_is_over_is_withdrawn_ten_minutes_later_unless_it_opens_again():
    run = Run()
    run.tell(about(1), about(1, RESOLVED), about(2, RESOLVED))
    run.clock = 599
    run.notices.withdraw_old()
    assert run.desktop.withdrawn == []
    run.tell(about(2))
    run.clock = 601
    run.notices.withdraw_old()
    run.notices.withdraw_old()
    assert run.desktop.withdrawn == ["incident:acme:i1"]


# --- what opens together, what is muted, paused or quiet -------------------------------------------------------------


def elsewhere(number, minute=0.0, text="It is slow."):
    page = replace(ACME, id=f"p{number}", name=f"Page {number}")
    subject = incident(update(1, text=text), id=f"i{number}", name=f"Trouble {number}")
    return event(OPENED, subject, page, seen_at=NOW + timedelta(minutes=minute))


def test_several_that_open_within_a_minute_are_one_notice_in_place_of_those_before():
    run = Run()
    assert run.tell(elsewhere(1)) == ["Page 1: new incident"]
    assert run.tell(elsewhere(2, 0.4)) == ["Page 2: new incident"]
    assert run.tell(elsewhere(3, 0.8)) == ["3 incidents on 3 pages, within a minute"]
    assert run.desktop.withdrawn == ["incident:p1:i1", "incident:p2:i2"]
    assert run.tell(elsewhere(4, 0.9)) == ["4 incidents on 4 pages, within 10 min"]
    assert run.desktop.shown[-1].key == run.desktop.shown[-2].key


def test_what_was_open_at_a_first_reading_did_not_open_together():
    run = Run()
    titles = [title for number in range(4) for title in run.tell(replace(about(number), first=True))]
    assert titles == ["Acme: new incident"] * 4


def test_one_cause_on_many_pages_is_named():
    cloudflare = replace(ACME, id="cf", name="Cloudflare")
    run = Run(cloudflare, *(replace(ACME, id=f"p{number}", name=f"Page {number}") for number in range(3)))
    run.tell(event(OPENED, incident(update(1), name="Network trouble"), cloudflare))
    run.tell(elsewhere(1, 3, "Cloudflare is down."))
    assert run.tell(elsewhere(2, 6, "Caused by Cloudflare.")) == [
        "Cloudflare and 2 pages that you watch, within 10 min"
    ]


def test_what_happens_in_a_pause_is_told_at_its_end_as_one_also_over_a_restart():
    run = Run()
    run.memory.wishes.keep([pause(NOW, None)])
    over = event(RESOLVED, incident(update(1), update(9, State.RESOLVED), name="Trouble 1"))
    assert run.tell(about(1), about(2), over) == []
    again = Run(store=run.memory)
    again.notices.tell_held(look([], NOW))
    assert again.desktop.shown == []
    run.memory.wishes.take_back(run.memory.wishes.all())
    again.notices.tell_held(look([], NOW))
    assert [each.title for each in again.desktop.shown] == [
        "While it was quiet: 2 incidents, 1 resolved, 1 still open"
    ]
    again.notices.tell_held(look([], NOW))
    assert len(again.desktop.shown) == 1


def test_in_quiet_hours_only_the_worst_is_told_and_the_rest_at_their_end():
    run = Run()
    run.rules = Rules(quiet=quiet_hours("15:00-16:00"))
    assert run.tell(about(1), about(2, impact=Impact.CRITICAL)) == ["Acme: new incident"]
    run.now = NOW.replace(hour=16, minute=0)
    run.notices.tell_held(look([], NOW))
    assert [each.title for each in run.desktop.shown[1:]] == ["Acme: new incident"]


def test_what_was_muted_meanwhile_is_not_told_at_the_end():
    run = Run()
    run.memory.wishes.keep([pause(NOW, NOW + timedelta(hours=1))])
    run.tell(about(1))
    run.memory.wishes.keep([Wished(Wish.MUTE, "acme", "i1", NOW)])
    run.now = NOW + timedelta(hours=2)
    run.notices.tell_held(look([], NOW))
    assert run.desktop.shown == []
    assert run.memory.held("notices") == []


def test_what_is_over_and_muted_leaves_nothing_on_the_screen():
    run = Run()
    run.tell(about(1, impact=Impact.CRITICAL))
    run.memory.wishes.keep([Wished(Wish.MUTE, "acme", "i1", NOW)])
    over = event(RESOLVED, incident(update(1), update(9, State.RESOLVED), name="Trouble 1"))
    assert run.tell(over) == []
    assert run.desktop.withdrawn == ["incident:acme:i1"]


def test_of_maintenance_a_reminder_comes_before_it_begins_once_and_again_where_it_was_moved():
    run = Run()

    def at(minutes):
        begins = NOW + timedelta(minutes=minutes)
        planned = incident(
            update(1, State.SCHEDULED),
            kind=Kind.MAINTENANCE,
            state=State.SCHEDULED,
            name="New cables",
            scheduled_for=begins,
        )
        before = len(run.desktop.shown)
        run.notices.tell_held(look([state_of(ACME, maintenances=(planned,))], NOW))
        return [each.title for each in run.desktop.shown[before:]]

    assert at(31) == []
    assert at(30) == ["Acme: maintenance begins in 30 min"]
    assert at(30) == []
    assert at(20) == ["Acme: maintenance begins in 20 min"]
    run.rules = Rules(remind=None)
    assert at(10) == []
    run.rules = Rules()
    run.memory.wishes.keep([Wished(Wish.MUTE, "acme", "", NOW)])
    assert at(5) == []


def test_the_end_says_how_long_it_took_and_the_beginning_what_is_usual():
    run = Run()
    run.usual = "2 h"
    run.tell(about(1), event(RESOLVED, incident(update(1), update(72, State.RESOLVED), name="Trouble 1")))
    assert "Here, incidents are usually resolved within 2 h." in run.desktop.shown[0].body
    assert run.desktop.shown[1].body.splitlines()[1] == "Resolved after 1 h 12 min · Minor · API"


# --- components, and what probes find ------------------------------------------------------------------------------


def part(name="API", before=Impact.NONE, after=Impact.CRITICAL, page=ACME, **more):
    change = ComponentChange(name.lower(), name, before, after, **{"posted": False, **more})
    return event(EventKind.COMPONENT_CHANGED, page=page, component=change)


def test_components_that_turned_together_are_one_notice_which_their_recovery_replaces():
    run = Run()
    assert run.tell(part("API"), part("Web", after=Impact.MINOR)) == ["Acme: Critical, with no incident posted"]
    assert run.desktop.shown[0].body == "API: Critical (before: Operational)\nWeb: Minor (before: Operational)"
    assert run.tell(part("API", Impact.CRITICAL, Impact.NONE)) == ["Acme: operational again"]
    assert len({each.key for each in run.desktop.shown}) == 1
    assert run.desktop.shown[-1].over


def test_the_notice_of_components_makes_room_for_the_incident_and_goes_with_what_it_told_of():
    run = Run()
    run.tell(part())
    run.tell(about(1))
    assert run.desktop.withdrawn == ["components:acme"]
    run = Run()
    run.tell(part())
    assert run.tell(part(before=Impact.CRITICAL, after=Impact.NONE, posted=True)) == []
    assert run.desktop.withdrawn == ["components:acme"]


def test_a_component_that_turns_to_and_fro_is_told_as_one():
    run = Run()
    titles = []
    for _ in range(4):
        titles += run.tell(part()) + run.tell(part(before=Impact.CRITICAL, after=Impact.NONE))
    assert titles[4] == "Acme: opens and closes again and again"
    assert len(titles) == 5
    run.now = NOW + timedelta(minutes=11)
    run.notices.tell_held(look([], NOW))
    assert [each.title for each in run.desktop.shown[5:]] == ["Acme: operational again"]


def test_many_pages_whose_components_turn_at_once_are_one_notice_that_says_so():
    run = Run()
    pages = [replace(ACME, id=f"p{number}", name=f"Page {number}") for number in range(6)]
    assert run.tell(*(part(page=page) for page in pages)) == ["6 updates on Page 0, Page 1, Page 2 and more"]
    assert "Critical: Page 0, API, with no incident posted" in run.desktop.shown[0].body


def test_what_a_probe_finds_is_a_notice_of_our_own_that_its_recovery_replaces():
    run = Run()
    found = {"found": "It is silent.", "after": Impact.UNKNOWN}
    assert run.tell(part("api.acme.example", **found)) == ["Acme: is there trouble?"]
    assert run.tell(part("api.acme.example", Impact.UNKNOWN, Impact.NONE, found="It answers.")) == [
        "Acme: your probe is answered again"
    ]
    assert {each.key for each in run.desktop.shown} == {"probe:acme"}


# --- what opens and closes again and again ------------------------------------------------------------------------


def outage(number, minute, *, over=False, name="API is down", page=ACME):
    """The opening or the end of one short outage, which a machine gave an id of its own."""
    at = START + timedelta(minutes=minute)
    state = State.RESOLVED if over else State.INVESTIGATING
    subject = incident(update(number, state, at=at), id=f"o{number}", name=name, started_at=at)
    return event(RESOLVED if over else OPENED, subject, page, seen_at=at)


def flip(run, number, minute):
    """An outage of two minutes, told as it comes."""
    return [*run.tell(outage(number, minute)), *run.tell(outage(number, minute + 2, over=True))]


def test_what_opens_a_third_time_within_half_an_hour_is_told_as_one_until_it_is_steady():
    run = Run()
    assert flip(run, 1, 0) == flip(run, 2, 5) == ["Acme: new incident", "Acme: resolved"]
    assert flip(run, 3, 10) == ["Acme: opens and closes again and again"]
    assert [*flip(run, 4, 15), *flip(run, 5, 20)] == []
    assert run.told == 10, "all of it is in the log, and none is due again"
    run.now = START + timedelta(minutes=31)
    run.notices.tell_held(look([], NOW))
    assert run.desktop.shown[-1].title == "Acme: opens and closes again and again"
    run.now = START + timedelta(minutes=33)
    run.notices.tell_held(look([], NOW))
    assert run.desktop.shown[-1].title == "Acme: resolved"
    shown = len(run.desktop.shown)
    run.notices.tell_held(look([], NOW))
    assert len(run.desktop.shown) == shown
    assert flip(run, 6, 60) == ["Acme: new incident", "Acme: resolved"]


def test_what_stays_open_in_the_end_is_told_as_open():
    run = Run()
    for number, minute in ((1, 0), (2, 4), (3, 8)):
        flip(run, number, minute)
    assert run.tell(outage(4, 12)) == []
    run.now = START + timedelta(minutes=23)
    run.notices.tell_held(look([], NOW))
    assert run.desktop.shown[-1].title == "Acme: new incident"


def test_what_flaps_is_told_once_over_a_restart_too():
    run = Run()
    for number, minute in ((1, 0), (2, 4), (3, 8)):
        flip(run, number, minute)
    again = Run(store=run.memory)
    again.told = run.told
    again.now = START + timedelta(minutes=13)
    assert again.tell(outage(4, 12)) == []
    again.now = START + timedelta(minutes=25)
    again.notices.tell_held(look([], NOW))
    assert [each.title for each in again.desktop.shown] == ["Acme: new incident"]


def test_a_desktop_that_refuses_the_last_word_is_told_it_later():
    run = Run()
    for number, minute in ((1, 0), (2, 4), (3, 8)):
        flip(run, number, minute)
    run.now = START + timedelta(minutes=25)
    run.desktop.takes = len(run.desktop.shown)
    run.notices.tell_held(look([], NOW))
    run.desktop.takes += 5
    run.notices.tell_held(look([], NOW))
    assert run.desktop.shown[-1].title == "Acme: resolved"


def test_others_are_told_while_one_flaps():
    run = Run()
    for number, minute in ((1, 0), (2, 4), (3, 8)):
        flip(run, number, minute)
    assert run.tell(outage(9, 12, name="Slow logins")) == ["Acme: new incident"]
    assert run.tell(outage(9, 12, page=ZENITH)) == ["Zenith: new incident"]


def test_what_is_over_within_a_minute_is_one_notice():
    run = Run()
    short = replace(outage(1, 0, over=True), at=START + timedelta(seconds=40))
    assert run.tell(outage(1, 0), short) == ["Acme: resolved"]
    assert run.told == 2
    assert run.tell(outage(2, 5), outage(2, 7, over=True)) == ["Acme: new incident", "Acme: resolved"]
