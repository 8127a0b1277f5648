"""What changed, as events: each update once, silence changes nothing, nobody is resolved by leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.core.diff import REMOVED_TEXT, diff
from tray_status.core.events import ComponentChange, EventKind
from tray_status.core.model import Component, Impact, Incident, Kind, Known, Page, Snapshot, State, Update

PAGE = Page("acme", "Acme", "https://status.acme.example")
START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
NOW = START + timedelta(days=1)


def update(number: int, state: State = State.INVESTIGATING, text: str | None = None, **more) -> Update:
    words = f"words {number}" if text is None else text
    told = {"word": state.value, "source": "v2", **more}
    return Update(f"u{number}", state, text=words, at=START + timedelta(minutes=number), **told)


def incident(*updates: Update, id: str = "i1", state: State | None = None, **more) -> Incident:
    reached = state or (updates[-1].state if updates else State.INVESTIGATING)
    return Incident(id, f"Incident {id}", reached, reached.value, updates=updates, **more)


def snapshot(*incidents: Incident, **more) -> Snapshot:
    told = {"open_told": True, "history_told": True, **more}
    return Snapshot("statuspage", incidents=incidents, **told)


def known(*incidents: Incident, **more) -> Known:
    return Known(**{"read": True, "history_read": True, "incidents": {each.id: each for each in incidents}, **more})


def after(before: Known, told: Snapshot) -> tuple[Known, list]:
    """Apply a snapshot the way the log does."""
    change = diff(PAGE, before, told, NOW)
    incidents = {**before.incidents, **{each.id: each for each in change.incidents}}
    missing = {**before.missing, **dict(change.missing)}
    components = {**before.components, **{each.id: each for each in change.components}}
    return (
        Known(
            read=True,
            history_read=before.history_read or told.history_told,
            incidents=incidents,
            missing=missing,
            components={key: each for key, each in components.items() if key not in change.gone_components},
        ),
        list(change.events),
    )


def kinds(events) -> list[str]:
    return [event.kind.value for event in events]


def test_the_first_reading_gives_one_event_for_each_open_incident_with_its_latest_update():
    open_one = incident(update(1), update(2, State.IDENTIFIED))
    closed = incident(update(3, State.RESOLVED), id="old")
    _, events = after(Known(), snapshot(open_one, closed))
    assert kinds(events) == ["opened"]
    assert events[0].update.id == "u2"
    assert events[0].first


def test_every_update_after_that_is_an_event_in_the_vendors_order():
    before, _ = after(Known(), snapshot(incident(update(1))))
    grown = incident(update(1), update(2, State.IDENTIFIED), update(3, State.MONITORING), update(4, State.RESOLVED))
    _, events = after(before, snapshot(grown))
    assert kinds(events) == ["updated", "updated", "resolved"]
    assert [event.update.id for event in events] == ["u2", "u3", "u4"]
    assert [event.incident.state for event in events] == [State.IDENTIFIED, State.MONITORING, State.RESOLVED]


def test_an_incident_that_opens_and_closes_between_two_polls_is_told_whole():
    before, _ = after(Known(), snapshot())
    _, events = after(before, snapshot(incident(update(1), update(2, State.RESOLVED))))
    assert kinds(events) == ["opened", "resolved"]


def test_an_update_that_is_edited_into_the_end_tells_the_end():
    before = known(incident(update(1, text="We look into it.")))
    before, events = after(before, snapshot(incident(update(1, State.RESOLVED, "All is well."))))
    assert kinds(events) == ["resolved"]
    before, events = after(before, snapshot(incident(update(1, State.MONITORING, "Not quite."))))
    assert kinds(events) == ["updated"]
    _, events = after(before, snapshot(incident(update(1, State.IDENTIFIED, "Not quite."))))
    assert kinds(events) == ["edited"]


def test_what_is_open_again_in_a_word_that_nobody_knows_is_open():
    closed = incident(update(1), update(2, State.RESOLVED), resolved_at=START + timedelta(minutes=2))
    again = incident(*closed.updates, update(3, State.UNKNOWN, word="reconsidered"), resolved_at=None)
    later, events = after(known(closed), snapshot(again))
    assert later.incidents["i1"].is_open
    assert kinds(events) == ["updated"]


def test_an_edited_update_is_told_as_edited_once():
    before, _ = after(Known(), snapshot(incident(update(1))))
    told = snapshot(incident(update(1, text="other words")))
    before, events = after(before, told)
    assert kinds(events) == ["edited"]
    assert after(before, told)[1] == []


def test_a_resolution_taken_back_is_an_update_and_can_be_resolved_again():
    first = [update(1), update(2, State.RESOLVED)]
    before, _ = after(known(), snapshot(incident(*first)))
    again = [*first, update(3, State.MONITORING)]
    before, events = after(before, snapshot(incident(*again, resolved_at=START)))
    assert kinds(events) == ["updated"]
    assert events[0].incident.is_open
    assert events[0].incident.resolved_at is None
    _, events = after(before, snapshot(incident(*again, update(4, State.RESOLVED))))
    assert kinds(events) == ["resolved"]


def test_a_postmortem_after_the_resolution_is_an_update_of_a_closed_incident():
    before, _ = after(known(), snapshot(incident(update(1), update(2, State.RESOLVED))))
    told = incident(update(1), update(2, State.RESOLVED), update(3, State.POSTMORTEM), state=State.POSTMORTEM)
    after_, events = after(before, snapshot(told))
    assert kinds(events) == ["updated"]
    assert not after_.incidents["i1"].is_open


def test_a_change_of_state_without_words_is_told_once():
    before, _ = after(known(), snapshot(incident(update(1))))
    told = snapshot(incident(update(1), state=State.RESOLVED, resolved_at=START + timedelta(hours=1)))
    before, events = after(before, told)
    assert kinds(events) == ["resolved"]
    assert events[0].at == START + timedelta(hours=1)
    assert after(before, told)[1] == []


def test_an_incident_that_gets_worse_without_words_is_told():
    before, _ = after(known(), snapshot(incident(update(1), impact=Impact.MINOR)))
    before, events = after(before, snapshot(incident(update(1), impact=Impact.CRITICAL)))
    assert kinds(events) == ["updated"]
    assert events[0].incident.shown_impact is Impact.CRITICAL
    _, events = after(before, snapshot(incident(update(1), impact=Impact.MINOR)))
    assert events == []


def test_an_update_dated_back_does_not_turn_the_timeline_around():
    late = replace(update(1), at=START + timedelta(hours=5))
    early = replace(update(2, State.MONITORING), at=START)
    _, events = after(known(), snapshot(incident(late, early, id="a"), incident(update(3), id="b")))
    assert [event.update.id for event in events if event.incident.id == "a"] == ["u1", "u2"]


@pytest.mark.parametrize("silence", [{"open_told": False}, {"history_told": False}])
def test_an_incident_that_is_not_listed_stays_open_where_the_page_did_not_tell(silence):
    before, _ = after(known(), snapshot(incident(update(1))))
    for _ in range(5):
        before, events = after(before, snapshot(**silence))
        assert events == []
    assert before.incidents["i1"].is_open


def test_an_incident_that_two_readings_in_a_row_list_nowhere_is_told_as_removed():
    before, _ = after(known(), snapshot(incident(update(1))))
    before, events = after(before, snapshot())
    assert events == []
    before, events = after(before, snapshot())
    assert kinds(events) == ["resolved"]
    assert events[0].incident.state is State.REMOVED
    assert after(before, snapshot())[1] == []


def test_an_incident_that_comes_back_after_one_reading_without_it_is_no_news():
    before, _ = after(known(), snapshot(incident(update(1))))
    before, _ = after(before, snapshot())
    before, events = after(before, snapshot(incident(update(1))))
    assert events == []
    assert before.missing == {"i1": 0}


def test_the_first_list_of_recent_incidents_is_history_and_no_news():
    before = known(history_read=False)
    _, events = after(before, snapshot(incident(update(1, State.RESOLVED))))
    assert events == []


def test_what_slides_in_below_a_cut_list_is_history_and_no_news():
    recent = [incident(update(100 + n, State.RESOLVED), id=f"r{n}") for n in range(3)]
    old = incident(update(1, State.RESOLVED), id="old")
    _, events = after(known(*recent), snapshot(*recent, old, history_cut=True))
    assert events == []


def test_what_was_posted_after_the_fact_is_news():
    recent = [incident(update(1 + n, State.RESOLVED), id=f"r{n}") for n in range(3)]
    late = incident(update(50), update(51, State.RESOLVED), id="late")
    _, events = after(known(*recent), snapshot(late, *recent, history_cut=True))
    assert kinds(events) == ["opened", "resolved"]


def maintenance(*updates: Update) -> Incident:
    return replace(incident(*updates, id="m1"), kind=Kind.MAINTENANCE)


def test_a_maintenance_is_told_when_planned_started_and_ended():
    steps = [
        update(1, State.SCHEDULED),
        update(2, State.IN_PROGRESS),
        update(3, State.VERIFYING),
        update(4, State.COMPLETED),
    ]
    before, events = known(), []
    for end in range(1, 5):
        before, new = after(before, snapshot(maintenance(*steps[:end]), open_maintenances_told=True))
        events += new
    assert kinds(events) == ["maintenance_scheduled", "maintenance_started", "updated", "maintenance_ended"]


def test_a_maintenance_that_is_new_and_under_way_is_told_as_started():
    _, events = after(known(), snapshot(maintenance(update(2, State.IN_PROGRESS))))
    assert kinds(events) == ["maintenance_started"]


def test_a_component_that_changes_is_told_and_one_that_is_new_is_not():
    api = Component("c1", "API", Impact.NONE, "operational")
    before, events = after(known(), snapshot(components=(api,)))
    assert events == []
    down = replace(api, impact=Impact.CRITICAL, word="major_outage")
    before, events = after(before, snapshot(components=(down,)))
    assert kinds(events) == ["component_changed"]
    assert (events[0].component.before, events[0].component.after) == (Impact.NONE, Impact.CRITICAL)
    before, _ = after(before, snapshot(components=(), all_components=False))
    assert "c1" in before.components
    before, _ = after(before, snapshot(components=(), all_components=True))
    assert "c1" not in before.components


# --- what an event says ---------------------------------------------------------------------------------------


def test_an_event_names_its_page_and_both_times_and_the_incident_as_it_stood_then():
    looking, over = update(1, word="Looking"), update(2, State.RESOLVED, word="Done")
    told = incident(looking, over, resolved_at=over.at)
    _, events = after(known(), snapshot(told))
    assert [(each.page, each.at, each.seen_at) for each in events] == [(PAGE, looking.at, NOW), (PAGE, over.at, NOW)]
    assert [(each.incident.word, each.incident.resolved_at) for each in events] == [
        ("Looking", None),
        ("Done", over.at),
    ]
    assert [each.update for each in events] == [looking, over]


def test_an_update_without_a_time_happened_when_it_was_seen():
    _, events = after(known(incident(update(1))), snapshot(incident(update(1), replace(update(2), at=None))))
    assert [event.at for event in events] == [NOW]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([State.INVESTIGATING, State.IDENTIFIED, State.MONITORING], ["opened", "updated", "updated"]),
        ([State.INVESTIGATING, State.RESOLVED, State.POSTMORTEM], ["opened", "resolved", "updated"]),
        ([State.RESOLVED, State.POSTMORTEM], ["resolved", "updated"]),
        ([State.INVESTIGATING, State.RESOLVED, State.MONITORING], ["opened", "resolved", "updated"]),
        ([State.INVESTIGATING, State.UNKNOWN], ["opened", "updated"]),
    ],
)
def test_only_the_first_update_of_a_new_incident_opens_it(states, told):
    updates = [update(number, state) for number, state in enumerate(states)]
    assert kinds(after(known(), snapshot(incident(*updates)))[1]) == told


def test_an_incident_without_a_word_at_the_first_reading_is_told_by_its_state():
    _, (event,) = after(Known(), snapshot(incident(state=State.IDENTIFIED, started_at=START)))
    assert (event.kind, event.first, event.at) == (EventKind.OPENED, True, START)
    assert event.update == Update("~i1:identified", State.IDENTIFIED, "identified", None, START)


def test_a_maintenance_that_is_under_way_at_the_first_reading_is_told_as_started():
    coming = replace(maintenance(update(1, State.SCHEDULED)), id="m2")
    _, events = after(Known(), snapshot(maintenance(update(2, State.IN_PROGRESS)), coming))
    assert [(event.kind.value, event.incident.id) for event in events] == [("maintenance_started", "m1")]


def test_more_words_about_a_planned_maintenance_do_not_plan_it_again():
    planned = maintenance(update(1, State.SCHEDULED))
    _, events = after(known(planned), snapshot(maintenance(*planned.updates, update(2, State.SCHEDULED))))
    assert kinds(events) == ["updated"]


def test_the_events_of_all_incidents_stand_in_the_order_of_their_times():
    one = incident(update(1), update(4, State.RESOLVED), id="one")
    two = incident(update(2), update(3, State.RESOLVED), id="two")
    _, events = after(known(), snapshot(one, two))
    assert [event.update.id for event in events] == ["u1", "u2", "u3", "u4"]


# --- silence --------------------------------------------------------------------------------------------------


def test_what_a_reading_does_not_repeat_is_kept_and_no_news():
    before = incident(
        update(1), update(2), impact=Impact.MINOR, started_at=START, url="https://status.acme.example/i1"
    )
    change = diff(PAGE, known(before), snapshot(incident(update(2))), NOW)
    assert (change.events, change.incidents) == ((), ())


def test_a_new_name_or_address_is_kept_and_no_news():
    before = incident(update(1), impact=Impact.MINOR)
    renamed = replace(before, name="Errors in the API", url="https://status.acme.example/i1")
    change = diff(PAGE, known(before), snapshot(renamed), NOW)
    assert (change.events, change.incidents) == ((), (renamed,))


@pytest.mark.parametrize("before", [None, ""])
@pytest.mark.parametrize("told", [None, ""])
def test_an_update_that_never_had_words_is_not_edited(before, told):
    wordless = replace(update(1), text=before)
    grown = incident(replace(wordless, text=told, state=State.INVESTIGATING), update(2))
    _, events = after(known(incident(wordless)), snapshot(grown))
    assert [(event.kind.value, event.update.id) for event in events] == [("updated", "u2")]


# --- changes without words ------------------------------------------------------------------------------------

LATER = START + timedelta(hours=3)


@pytest.mark.parametrize(
    ("before", "told", "at"),
    [
        (None, incident(state=State.MONITORING, started_at=START), START),
        (None, incident(state=State.MONITORING), NOW),
        (None, incident(state=State.RESOLVED, started_at=START, resolved_at=LATER), LATER),
        (None, incident(state=State.RESOLVED, started_at=START), START),
        (None, incident(update(1), state=State.MONITORING, started_at=START), NOW),
        (incident(update(1)), incident(update(1), state=State.MONITORING, started_at=START), NOW),
        (incident(update(1)), incident(update(1), state=State.MONITORING, resolved_at=LATER), NOW),
        (incident(update(1)), incident(update(1), state=State.RESOLVED, resolved_at=LATER), LATER),
        (incident(update(1)), incident(update(1), state=State.RESOLVED, started_at=START), NOW),
        (incident(), incident(state=State.MONITORING, started_at=START), START),
    ],
)
def test_a_change_without_words_is_told_by_an_update_of_our_own(before, told, at):
    told = replace(told, word="The vendor's word")
    _, events = after(known(before) if before else known(), snapshot(told))
    event = events[-1]
    assert event.at == at
    assert event.update.id == f"~i1:{told.state.value}"
    assert (event.update.state, event.update.word, event.update.text) == (told.state, "The vendor's word", None)
    assert (event.incident.state, event.incident.word) == (told.state, "The vendor's word")


def test_what_gets_worse_without_words_is_told_by_its_latest_words():
    before = incident(update(1), update(2), impact=Impact.MINOR)
    _, (event,) = after(known(before), snapshot(replace(before, impact=Impact.MAJOR)))
    assert event.update == before.latest


def test_what_gets_worse_and_never_had_words_is_told_by_its_state():
    before = incident(impact=Impact.MINOR)
    _, (event,) = after(known(before), snapshot(replace(before, impact=Impact.MAJOR)))
    assert (event.kind, event.update.id) == (EventKind.UPDATED, "~i1:investigating")


# --- what leaves the page -------------------------------------------------------------------------------------


def test_an_incident_that_left_is_closed_by_an_update_that_says_so():
    before = incident(update(1), impact=Impact.MINOR)
    state, _ = after(known(before), snapshot())
    state, (event,) = after(state, snapshot())
    removed = Update("~i1:removed", State.REMOVED, "removed", REMOVED_TEXT, NOW)
    closed = replace(before, state=State.REMOVED, word="removed", updates=(*before.updates, removed))
    assert state.incidents == {"i1": closed}
    assert (event.kind, event.at, event.update, event.incident) == (EventKind.RESOLVED, NOW, removed, closed)


def test_readings_without_an_incident_are_counted_and_those_of_others_too():
    kept, left, closed, gone = (incident(update(n), id=f"i{n}") for n in range(4))
    closed = replace(closed, state=State.RESOLVED)
    before = known(kept, closed, left, gone, missing={"i0": 1, "i3": 1})
    change = diff(PAGE, before, snapshot(kept), NOW)
    assert change.missing == (("i0", 0), ("i1", 1), ("i3", 2))
    assert [(each.id, each.state) for each in change.incidents] == [("i3", State.REMOVED)]


def test_one_that_is_listed_and_was_never_missed_is_not_counted():
    before = incident(update(1))
    assert diff(PAGE, known(before), snapshot(before), NOW).missing == ()


def test_a_planned_maintenance_that_left_is_told_as_ended():
    before = known(maintenance(update(1, State.SCHEDULED)))
    before, events = after(before, snapshot(open_maintenances_told=True))
    assert (events, before.missing) == ([], {"m1": 1})
    _, events = after(before, snapshot(open_maintenances_told=True))
    assert kinds(events) == ["maintenance_ended"]


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"open_told": True, "open_maintenances_told": False}, ["i1"]),
        ({"open_told": False, "open_maintenances_told": True}, ["m1"]),
        ({"history_told": False, "open_maintenances_told": True}, []),
        ({"history_told": False, "history_absent": True, "open_maintenances_told": True}, ["i1", "m1"]),
    ],
)
def test_only_what_would_be_listed_can_be_missed(told, counted):
    before = known(incident(update(1)), maintenance(update(2, State.IN_PROGRESS)))
    assert [id for id, _ in diff(PAGE, before, snapshot(**told), NOW).missing] == counted


def closed_at(minute: int | None, id: str, *, by: str) -> Incident:
    """A closed incident whose last sign of life is told by its update, its end or its beginning alone."""
    at = None if minute is None else START + timedelta(minutes=minute)
    if by == "update":
        return incident(replace(update(1, State.RESOLVED), at=at), id=id, started_at=START - timedelta(days=9))
    if by == "end":
        return incident(id=id, state=State.RESOLVED, resolved_at=at, started_at=START - timedelta(days=9))
    return incident(id=id, state=State.RESOLVED, started_at=at)


@pytest.mark.parametrize("by", ["update", "end", "beginning"])
@pytest.mark.parametrize(("minute", "news"), [(9, False), (10, True), (11, True), (None, True)])
def test_what_a_cut_list_newly_shows_is_news_unless_it_is_older_than_all_that_is_known_in_it(by, minute, news):
    recent = [closed_at(10, "a", by=by), closed_at(20, "b", by=by), closed_at(None, "c", by="beginning")]
    found = closed_at(minute, "found", by="beginning" if minute is None else by)
    _, events = after(known(*recent), snapshot(found, *recent, history_cut=True))
    assert kinds(events) == (["resolved"] if news else [])


# --- components -----------------------------------------------------------------------------------------------

API = Component("c1", "API", Impact.NONE, "operational", "Core")
WEB = Component("c2", "Web", Impact.NONE, "operational")


def changed(before: tuple[Component, ...], *told: Component, **more):
    return diff(PAGE, known(components={each.id: each for each in before}), snapshot(components=told, **more), NOW)


def test_every_component_whose_impact_changed_is_told_and_only_those():
    reworded = replace(API, word="up")
    down, back = replace(WEB, impact=Impact.MAJOR), Component("c4", "Mail", Impact.NONE)
    new = Component("c3", "Chat", Impact.CRITICAL)
    change = changed((API, WEB, replace(back, impact=Impact.MINOR)), reworded, new, down, back)
    assert change.components == (reworded, new, down, back)
    assert [event.component for event in change.events] == [
        ComponentChange("c2", "Web", Impact.NONE, Impact.MAJOR),
        ComponentChange("c4", "Mail", Impact.MINOR, Impact.NONE),
        ComponentChange("c3", "Chat", Impact.NONE, Impact.CRITICAL, posted=False),
    ]
    for event in change.events:
        assert (event.kind, event.page, event.at, event.seen_at) == (EventKind.COMPONENT_CHANGED, PAGE, NOW, NOW)


def test_components_that_are_told_as_they_are_known_change_nothing():
    change = changed((API, WEB), API, WEB, all_components=True)
    assert (change.components, change.gone_components, change.events) == ((), (), ())


@pytest.mark.parametrize(
    ("known_group", "told_group", "group"),
    [("Core", None, "Core"), ("Core", "Edge", "Edge"), ("Core", "", ""), (None, "Edge", "Edge"), (None, None, None)],
)
def test_a_component_stays_in_its_group_until_another_is_told(known_group, told_group, group):
    before = replace(API, group=known_group)
    change = changed((before,), replace(before, group=told_group, impact=Impact.MINOR))
    assert [each.group for each in change.components] == [group]


def test_silence_about_a_group_alone_is_no_change():
    assert changed((API,), replace(API, group=None)).components == ()


def test_components_are_gone_only_where_all_are_listed():
    assert changed((API, WEB), WEB).gone_components == ()
    assert changed((API, WEB), WEB, all_components=True).gone_components == ("c1",)
    silent = diff(PAGE, known(components={"c1": API}), snapshot(all_components=True), NOW)
    assert (silent.components, silent.gone_components) == ((), ())


# --- properties -----------------------------------------------------------------------------------------------

states = st.sampled_from([State.INVESTIGATING, State.IDENTIFIED, State.MONITORING, State.RESOLVED, State.UNKNOWN])
words = st.sampled_from(["", "a", "b", None])


@st.composite
def incidents(draw, id=None):
    count = draw(st.integers(0, 4))
    updates = tuple(
        Update(
            f"u{n}",
            draw(states),
            "",
            draw(words),
            draw(st.none() | st.integers(0, 500).map(lambda m: START + timedelta(minutes=m))),
            draw(st.sampled_from(["v2", "native"])),
        )
        for n in range(count)
    )
    return Incident(
        id or f"i{draw(st.integers(0, 3))}",
        "n",
        draw(states),
        draw(st.sampled_from(["", "odd"])),
        draw(st.sampled_from(Kind)),
        draw(st.none() | st.sampled_from(Impact)),
        updates=updates,
    )


snapshots = st.builds(
    Snapshot,
    st.just("statuspage"),
    incidents=st.lists(incidents(), max_size=3, unique_by=lambda each: each.id).map(tuple),
    open_told=st.booleans(),
    open_maintenances_told=st.booleans(),
    history_told=st.booleans(),
    history_cut=st.booleans(),
)


@given(st.lists(snapshots, max_size=4), snapshots)
def test_a_snapshot_told_twice_brings_nothing_new_the_second_time(earlier, told):
    state = Known()
    for each in (*earlier, told):
        state, _ = after(state, each)
    _, events = after(state, told)
    # Only an incident that neither reading lists may be told as removed.
    listed = {each.id for each in told.incidents}
    assert [event for event in events if event.incident.id in listed] == []


@st.composite
def histories(draw):
    """A page's growth: each step adds updates to one incident, or a new incident."""
    page: dict[str, tuple[Update, ...]] = {}
    steps = []
    for number in range(draw(st.integers(1, 10))):
        key = f"i{draw(st.integers(0, 2))}"
        state = draw(st.sampled_from([State.INVESTIGATING, State.MONITORING, State.RESOLVED]))
        page[key] = (*page.get(key, ()), update(number, state))
        steps.append(snapshot(*(incident(*updates, id=key) for key, updates in page.items())))
    return steps


@given(histories(), st.data())
def test_any_split_of_a_history_tells_each_update_once(steps, data):
    polled = [step for step in steps if data.draw(st.booleans())]
    if not polled or polled[-1] is not steps[-1]:
        polled.append(steps[-1])
    state, _ = after(Known(), snapshot())
    told = []
    for step in polled:
        state, events = after(state, step)
        told += [(event.incident.id, event.update.id) for event in events]
    expected = [(each.id, one.id) for each in steps[-1].incidents for one in each.updates]
    assert sorted(told) == sorted(expected)


@given(histories())
def test_a_resolution_is_told_exactly_when_an_incident_closes(steps):
    state, _ = after(Known(), snapshot())
    open_now: dict[str, bool] = {}
    for step in steps:
        state, events = after(state, step)
        for event in events:
            closes = event.update.state is State.RESOLVED
            if event.kind is EventKind.RESOLVED:
                assert closes
                assert open_now.get(event.incident.id, True)
            elif closes:
                assert open_now[event.incident.id] is False
            open_now[event.incident.id] = not closes
