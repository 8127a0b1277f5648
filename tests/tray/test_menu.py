"""The menu as data: what stands in it, worst first, and what can be done from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from tests.specimens import ACME, NOW, START, TIMEOUT, ZENITH, incident, state_of, update
from tray_status.core.model import Component, Impact, Kind, Page, Reading, State
from tray_status.core.view import look
from tray_status.core.wishes import Wish, Wished, pause, wish_of_incident, wishes_of_page
from tray_status.tray.menu import (
    LABEL_LIMIT,
    ROWS,
    SEPARATOR,
    TOP_ROWS,
    Ask,
    Copy,
    Do,
    Entry,
    NotifyFrom,
    Open,
    Shown,
    Switches,
    TakeBack,
    build,
)

HOUR = timedelta(hours=1)
MINOR = incident(update(1))
MAJOR = incident(update(1), update(2, State.IDENTIFIED, "A cable."), id="i2", name="Lost mail", impact=Impact.MAJOR)
OVER = incident(
    update(1), update(2, State.RESOLVED, "Over."), id="i0", name="Slow", resolved_at=START + timedelta(minutes=2)
)
PLANNED = incident(
    id="m1",
    name="New disks",
    kind=Kind.MAINTENANCE,
    state=State.SCHEDULED,
    scheduled_for=NOW + 5 * HOUR,
    scheduled_until=NOW + 7 * HOUR,
)


def menu(*states, wishes=(), **more) -> Entry:
    """The whole menu as one entry."""
    told = {"now": NOW, "can_copy": True, "switches": Switches(False, Impact.NOTICE), **more}
    return Entry("", children=build(Shown(look(states, told["now"]), wishes=tuple(wishes), **told)))


def find(entry: Entry, *labels: str) -> Entry:
    """The entry at the end of a way through submenus, by how labels begin."""
    for label in labels:
        found = [each for each in entry.children if each.label.startswith(label)]
        assert found, f"no {label!r} among {labels_of(entry)}"
        entry = found[0]
    return entry


def labels_of(entry: Entry) -> list[str]:
    return ["-" if each == SEPARATOR else each.label for each in entry.children if each.visible]


def walk(entry: Entry) -> Iterator[Entry]:
    yield entry
    for each in entry.children:
        yield from walk(each)


# What stands in it


def test_where_all_is_well_it_is_short():
    assert labels_of(menu(state_of(ACME), state_of(ZENITH))) == [
        "All systems operational",
        "-",
        "2 pages operational",
        "No recent incidents",
        "-",
        "Check now (last at 15:31)",
        "Pause notifications",
        "Open status page",
        "Settings",
        "About",
        "Quit",
    ]


def test_what_is_open_comes_first_the_worst_on_top_and_trouble_before_what_is_well():
    calm = Page("calm", "Calm", "https://calm.example")
    shown = menu(state_of(calm), state_of(ACME, MINOR), state_of(ZENITH, MAJOR))
    assert labels_of(shown)[:7] == [
        "2 incidents open, worst: Major",
        "Zenith: Lost mail — Major, Identified, 1 h",
        "Acme: Elevated errors — Minor, Investigating, 1 h",
        "-",
        "Zenith: Major trouble",
        "Acme: Minor trouble",
        "Calm: All systems operational",
    ]


def test_where_there_is_no_room_the_state_is_left_to_the_submenu_and_then_the_name_is_cut():
    states = [
        incident(update(1), name=f"Elevated errors {'and more of them ' * times}".strip()) for times in (1, 2, 3, 4)
    ]
    assert [labels_of(menu(state_of(ACME, each)))[1] for each in states] == [
        "Elevated errors and more of them — Minor, Investigating, 1 h",
        "Elevated errors and more of them and more of them — Minor, Investigating, 1 h",
        "Elevated errors and more of them and more of them and more of them — Minor, 1 h",
        "Elevated errors and more of them and more of them and more of… — Minor, 1 h",
    ]


def test_an_incident_tells_its_facts_its_products_and_its_last_updates_newest_first():
    shown = menu(state_of(ACME, MAJOR))
    assert labels_of(find(shown, "Lost mail")) == [
        "Major · Identified · since 14:32",
        "API",
        "-",
        "Identified — 58 min ago",
        "A cable.",
        "Investigating — 59 min ago",
        "We look into it.",
        "-",
        "Open in browser",
        "Acknowledge",
        "Follow until resolved",
        "Mute",
        "Copy summary",
    ]
    assert find(shown, "Lost mail", "A cable.").do == Open("https://status.acme.example/incidents/i2")


def test_of_many_updates_the_last_three_are_shown_and_of_the_newest_the_most_words():
    long = "Several words that go on. " * 40
    many = incident(*(update(number, text=f"{number}: {long}") for number in range(1, 9)))
    words = [label for label in labels_of(find(menu(state_of(ACME, many)), "Elevated")) if "words" in label]
    assert [label[:2] for label in words if label[1] == ":"] == ["8:", "7:", "6:"]
    assert len(words) == 6
    assert all(label.endswith("…") for label in words[-3:])


def test_times_are_the_persons_own():
    local = NOW.astimezone(timezone(2 * HOUR))
    shown = menu(state_of(ACME, MINOR, maintenances=(PLANNED,)), now=local)
    assert labels_of(find(shown, "Elevated"))[0] == "Minor · Investigating · since 16:32"
    assert find(shown, "Check now").label == "Check now (last at 17:31)"
    assert labels_of(find(shown, "Upcoming", "New disks"))[0] == "22:32 – tomorrow 00:32"


def test_a_page_in_trouble_tells_why_and_what_of_it():
    parts = (Component("c1", "API", Impact.CRITICAL), Component("c2", "Web", Impact.NONE))
    shown = menu(state_of(ACME, components=parts), state_of(ZENITH, reading=Reading.UNREACHABLE, problem=TIMEOUT))
    assert labels_of(find(shown, "Acme: Critical trouble"))[:3] == [
        "No incident is posted (API).",
        "API — Critical",
        "-",
    ]
    page = find(shown, "Zenith: cannot be reached — last read 5 seconds ago")
    told = " ".join(labels_of(page)[:2])
    assert told.startswith("status.acme.example did not answer within 10 s. Try it in a browser.")
    assert {"Open in browser", "Acknowledge", "Mute", "Copy summary"} <= set(labels_of(page))
    assert "Follow until resolved" not in labels_of(page)


def test_maintenance_under_way_stands_with_the_incidents_and_what_is_planned_is_out_of_the_way():
    goes_on = replace(PLANNED, id="m2", name="Old disks", state=State.IN_PROGRESS)
    shown = menu(state_of(ACME, MINOR, maintenances=(goes_on, PLANNED)))
    assert [label.partition(" — ")[0] for label in labels_of(shown)[1:3]] == ["Elevated errors", "Old disks"]
    assert labels_of(find(shown, "Upcoming maintenance (1)")) == ["New disks — in 5 h"]
    planned = find(shown, "Upcoming maintenance", "New disks")
    assert labels_of(planned)[0] == "20:32 – 22:32"
    assert find(planned, "Mute", "Until it is over").do == Ask(Wish.MUTE, "acme", "m1")


def test_recent_incidents_tell_how_long_ago_and_leave_out_what_is_open():
    shown = menu(state_of(ACME, MINOR), recent=((ACME, MINOR), (ACME, OVER)))
    assert labels_of(find(shown, "Recent incidents")) == ["Slow — Resolved, 58 min ago", "-", "Show as a notice"]
    assert "Over." in labels_of(find(shown, "Recent incidents", "Slow"))


def test_what_was_not_looked_at_yet_is_marked_in_words():
    new = frozenset({("acme", "i1"), ("acme", "i0")})
    shown = menu(state_of(ACME, MINOR), recent=((ACME, OVER),), new=new)
    assert find(shown, "Elevated").label.endswith("(new)")
    assert find(shown, "Recent incidents (1 new)", "Slow").label == "Slow — Resolved, 58 min ago (new)"


def test_it_says_when_it_was_never_checked():
    assert find(menu(state_of(ACME, reading=Reading.NEVER, read_at=None, checked_at=None)), "Check now").label == (
        "Check now (not checked yet)"
    )


# What can be done


def test_every_thing_that_can_be_done_is_in_the_menu():
    shown = menu(state_of(ACME, MINOR))
    done = {each.do for each in walk(shown) if isinstance(each.do, Do)}
    assert done == set(Do)
    (default,) = [each for each in walk(shown) if each.default]
    assert (default.do, default.visible) == (Do.SHOW_RECENT, False)


@pytest.mark.parametrize(
    ("way", "choice"),
    [
        (("Elevated", "Open in browser"), Open("https://status.acme.example/incidents/i1")),
        (("Elevated", "Acknowledge"), Ask(Wish.ACKNOWLEDGE, "acme", "i1")),
        (("Elevated", "Follow until resolved"), Ask(Wish.FOLLOW, "acme", "i1")),
        (("Elevated", "Mute", "For 1 hour"), Ask(Wish.MUTE, "acme", "i1", HOUR)),
        (("Elevated", "Mute", "For 8 hours"), Ask(Wish.MUTE, "acme", "i1", 8 * HOUR)),
        (("Elevated", "Mute", "Until resolved"), Ask(Wish.MUTE, "acme", "i1")),
        (("Acme", "Open in browser"), Open("https://status.acme.example")),
        (("Acme", "Acknowledge"), Ask(Wish.ACKNOWLEDGE, "acme")),
        (("Acme", "Follow until resolved"), Ask(Wish.FOLLOW, "acme")),
        (("Acme", "Mute", "For 1 hour"), Ask(Wish.MUTE, "acme", span=HOUR)),
        (("Acme", "Mute", "For good"), Ask(Wish.MUTE, "acme")),
        (("Pause notifications", "For 1 hour"), Ask(Wish.PAUSE, span=HOUR)),
        (("Pause notifications", "Until tomorrow 8:00"), Ask(Wish.PAUSE, until_morning=True)),
        (("Pause notifications", "Until I resume"), Ask(Wish.PAUSE)),
        (("Settings", "Notify from", "Major"), NotifyFrom(Impact.MAJOR)),
    ],
)
def test_an_entry_does_what_it_says(way, choice):
    assert find(menu(state_of(ACME, MINOR)), *way).do == choice


def test_in_the_small_hours_the_pause_ends_this_morning():
    night = NOW.replace(hour=2)
    assert find(menu(state_of(ACME), now=night), "Pause", "Until 8:00").do == Ask(Wish.PAUSE, until_morning=True)


@pytest.mark.parametrize(
    ("wish", "until", "mark", "way"),
    [
        (Wish.ACKNOWLEDGE, None, "acknowledged", ("Acknowledged (undo)",)),
        (Wish.FOLLOW, None, "followed", ("Followed until resolved (undo)",)),
        (Wish.MUTE, None, "muted", ("Muted until resolved", "Unmute")),
        (Wish.MUTE, NOW + HOUR, "muted", ("Muted until 16:32", "Unmute")),
    ],
)
def test_what_was_wished_of_an_incident_is_marked_in_words_and_can_be_undone(wish, until, mark, way):
    (view,) = look([state_of(ACME, MINOR)], NOW).pages
    shown = menu(state_of(ACME, MINOR), wishes=[wish_of_incident(wish, view, MINOR, NOW, until)])
    entry = find(shown, "Elevated")
    assert entry.label.endswith(f"({mark})")
    assert find(entry, *way).do == TakeBack(wish, "acme", "i1")
    assert find(entry, *way).checked is (None if wish is Wish.MUTE else True)


@pytest.mark.parametrize(
    ("wish", "way"),
    [(Wish.ACKNOWLEDGE, ("Acknowledged (undo)",)), (Wish.MUTE, ("Muted for good", "Unmute"))],
)
def test_what_was_wished_of_a_page_is_marked_in_words_and_can_be_undone(wish, way):
    (view,) = look([state_of(ACME, MINOR)], NOW).pages
    shown = menu(state_of(ACME, MINOR), wishes=wishes_of_page(wish, view, NOW))
    assert labels_of(shown)[0] == "1 incident open, worst: Minor (acknowledged or muted)"
    assert find(shown, "Acme: Minor trouble (").label.endswith("muted)" if wish is Wish.MUTE else "acknowledged)")
    assert find(shown, "Acme", *way).do == TakeBack(wish, "acme")


def test_a_page_that_is_followed_says_so_where_that_is_undone():
    (view,) = look([state_of(ACME, MINOR)], NOW).pages
    shown = menu(state_of(ACME, MINOR), wishes=wishes_of_page(Wish.FOLLOW, view, NOW))
    assert find(shown, "Acme", "Followed until resolved (undo)").do == TakeBack(Wish.FOLLOW, "acme")


def test_a_muted_page_where_all_is_well_is_marked_too():
    muted = Wished(Wish.MUTE, "acme", "", NOW)
    shown = menu(state_of(ACME), state_of(ZENITH), wishes=[muted])
    assert labels_of(find(shown, "2 pages operational")) == [
        "Acme: All systems operational (muted)",
        "Zenith: All systems operational",
    ]


def test_what_got_worse_or_is_over_is_acknowledged_or_muted_no_more():
    known = Wished(Wish.ACKNOWLEDGE, "acme", "i2", NOW, None, Impact.MINOR, Impact.MINOR)
    past = Wished(Wish.MUTE, "acme", "i2", NOW - 2 * HOUR, NOW - HOUR)
    entry = find(menu(state_of(ACME, MAJOR), wishes=[known, past]), "Lost mail")
    assert "(" not in entry.label
    assert find(entry, "Acknowledge").do == Ask(Wish.ACKNOWLEDGE, "acme", "i2")
    assert find(entry, "Mute").label == "Mute"


@pytest.mark.parametrize(
    ("until", "label"),
    [
        (NOW + HOUR, "Notifications paused until 16:32"),
        (NOW + 16 * HOUR, "Notifications paused until tomorrow 07:32"),
        (NOW + 100 * HOUR, "Notifications paused until 2025-11-07 19:32"),
        (None, "Notifications paused until you resume"),
    ],
)
def test_a_pause_says_until_when_and_can_be_ended(until, label):
    entry = find(menu(state_of(ACME), wishes=[pause(NOW, until)]), "Notifications paused")
    assert entry.label == label
    assert find(entry, "Resume notifications").do == TakeBack(Wish.PAUSE)


def test_a_summary_can_be_pasted_and_read_later():
    choice = find(menu(state_of(ACME, MAJOR)), "Lost mail", "Copy summary").do
    assert choice == Copy(
        "Acme: Lost mail\nMajor · Identified · since 2025-11-03 14:32\nProducts: API\n"
        "2025-11-03 14:34: A cable.\nhttps://status.acme.example/incidents/i2\n"
    )
    page = find(menu(state_of(ACME, MAJOR)), "Acme", "Copy summary").do
    assert page == Copy("Acme: Major trouble\n• Lost mail (Major, Identified)\nhttps://status.acme.example\n")


def test_where_there_is_no_clipboard_or_no_settings_file_nothing_offers_them():
    shown = menu(state_of(ACME, MINOR), can_copy=False, switches=Switches())
    assert not any("Copy" in each.label for each in walk(shown))
    assert labels_of(find(shown, "Settings")) == ["Show a test notification"]


@pytest.mark.parametrize(
    ("told", "checked"),
    [
        (Impact.NONE, "Every incident"),
        (Impact.NOTICE, "Every incident"),
        (Impact.MAINTENANCE, "Minor trouble or worse"),
        (Impact.MINOR, "Minor trouble or worse"),
        (Impact.CRITICAL, "Critical trouble only"),
    ],
)
def test_the_settings_show_how_they_stand(told, checked):
    settings = find(menu(state_of(ACME), switches=Switches(True, told, sounds=True)), "Settings")
    thresholds = find(settings, "Notify from").children
    assert [each.label for each in thresholds if each.checked] == [checked]
    assert all(each.radio for each in thresholds)
    assert find(settings, "Start at login").checked
    assert find(settings, "Sounds").checked


# However much there is


def crowd(how_many: int, *bad: int):
    pages = [Page(f"p{number}", f"Page {number:03}", f"https://p{number}.example") for number in range(how_many)]
    return [
        state_of(page, *([incident(update(1), id=f"i{at}")] if at in bad else ())) for at, page in enumerate(pages)
    ]


def too_big(shown: Entry) -> list[str]:
    """Menus with more lines than a screen has, and labels that are too wide for it."""
    found = []
    for each in walk(shown):
        limit = TOP_ROWS if each is shown else ROWS
        if sum(child.visible for child in each.children) > limit or len(each.label) > LABEL_LIMIT:
            found.append(each.label)
    return found


@pytest.mark.parametrize("how_many", [1, 2, 19, 20, 21, 300, 1000])
@pytest.mark.parametrize("bad", [0, 1, 5, 21, 300])
def test_no_menu_exceeds_a_screen(how_many, bad):
    words = "word " * 200
    states = [
        replace(
            state,
            page=replace(state.page, name=f"{state.page.name} {words}"[:300]),
            open_incidents=tuple(
                replace(each, name=words, updates=tuple(update(number, text=words) for number in range(9)))
                for each in state.open_incidents
            ),
            components=tuple(Component(f"c{number}", words, Impact.MAJOR) for number in range(30)) if bad > 5 else (),
            maintenances=tuple(replace(PLANNED, id=f"m{number}") for number in range(bad)),
        )
        for state in crowd(how_many, *range(bad))
    ]
    recent = tuple((states[0].page, replace(OVER, id=f"o{number}", name=words)) for number in range(60))
    assert too_big(menu(*states, recent=recent)) == []


def test_each_of_three_hundred_pages_is_in_the_menu_and_stays_in_its_group():
    before = find(menu(*crowd(300)), "300 pages operational")
    assert [each.label for each in before.children][:2] == ["Page 000 – Page 019 (20)", "Page 020 – Page 039 (20)"]
    assert sum(len(group.children) for group in before.children) == 300
    after = find(menu(*crowd(300, 25)), "299 pages operational")
    for number, (old, new) in enumerate(zip(before.children, after.children, strict=True)):
        assert old.key == new.key
        if number != 1:
            assert old == new


def test_what_finds_no_room_leads_to_the_status_page():
    shown = menu(*crowd(1000, *range(100)))
    assert find(shown, "and 92 more open", "and 73 more").do is Do.STATUS_PAGE
    assert find(shown, "100 pages not operational", "and 81 more").do is Do.STATUS_PAGE
    assert find(shown, "900 pages operational", "and 620 more").do is Do.STATUS_PAGE


def test_only_labels_change_while_time_goes_by():
    def shape(entry: Entry):
        return entry.key, tuple(shape(each) for each in entry.children)

    states = (state_of(ACME, MINOR, MAJOR, maintenances=(PLANNED,)), state_of(ZENITH))
    assert shape(menu(*states, recent=((ACME, OVER),))) == shape(
        menu(*states, recent=((ACME, OVER),), now=NOW + timedelta(minutes=2))
    )
