"""Events in words: the contract's console blocks to the letter, notices, tooltips and ages."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, START, TIMEOUT, ZENITH, event, incident, state_of, update
from tray_status.core.events import ComponentChange, EventKind
from tray_status.core.model import Affected, Impact, Page, Reading, State
from tray_status.core.text import clean_line, clean_text
from tray_status.core.view import look
from tray_status.core.wording import (
    RULE,
    age,
    ago,
    banner,
    event_block,
    following_line,
    number,
    state_words,
    tally,
    tooltip,
    unreadable_line,
)

SAMPLE = incident(
    update(0, text="We are investigating elevated error rates affecting ChatGPT and API users."),
    name="Elevated error rates for ChatGPT and Platform users",
    affected=(Affected("a", "ChatGPT"), Affected("b", "OpenAI API")),
)


def block(told, *, name_page=False, width=100, edge=None):
    return event_block(told, told.at, name_page=name_page, width=width, edge=edge)


def test_a_block_reads_as_the_contract_has_it():
    assert block(event(EventKind.OPENED, SAMPLE)) == (
        "[2025-11-03 14:32:00] Incident : Elevated error rates for ChatGPT and Platform users\n"
        "            Product  : ChatGPT, OpenAI API\n"
        "            Impact   : Minor  |  State: Investigating\n"
        "            Status   : We are investigating elevated error rates affecting ChatGPT and API users.\n"
        "------------------------------------------------------------"
    )


def test_the_page_comes_first_where_several_are_watched():
    first, second, *_ = block(event(EventKind.OPENED, SAMPLE), name_page=True).split("\n")
    assert first == "[2025-11-03 14:32:00] Page     : Acme"
    assert second == "            Incident : Elevated error rates for ChatGPT and Platform users"


def test_an_edited_update_is_marked():
    assert "State: Investigating (edited)\n" in block(event(EventKind.EDITED, SAMPLE))


@pytest.mark.parametrize("affected", [None, ()])
def test_a_dash_stands_where_the_vendor_names_no_component(affected):
    assert "Product  : —\n" in block(event(EventKind.OPENED, replace(SAMPLE, affected=affected)))


@pytest.mark.parametrize("text", [None, ""])
def test_a_dash_stands_where_the_vendor_has_no_words(text):
    assert "Status   : —\n" in block(event(EventKind.OPENED, incident(update(0, text=text))))


def test_an_event_without_any_update_has_a_dash_for_words():
    assert "Status   : —\n" in block(event(EventKind.OPENED, incident()))


def test_paragraphs_stand_under_their_label_and_blank_lines_are_empty():
    lines = block(event(EventKind.UPDATED, incident(update(0, text="One.\n\nTwo.")))).split("\n")
    assert lines[-4:] == ["            Status   : One.", "", " " * 23 + "Two.", RULE]


def test_a_component_that_changed_tells_what_it_was_before():
    change = ComponentChange("c", "API", Impact.NONE, Impact.MAJOR)
    told = event(EventKind.COMPONENT_CHANGED, component=change)
    assert block(told) == (
        "[2025-11-03 14:32:00] Product  : API\n            Impact   : Major  |  Before: Operational\n" + RULE
    )
    assert block(told, name_page=True).startswith(
        "[2025-11-03 14:32:00] Page     : Acme\n            Product  : API\n"
    )


def test_a_page_that_cannot_be_read_says_why_and_what_cures_it():
    assert block(event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)) == (
        "[2025-11-03 14:32:00] Page     : Acme\n"
        "            Problem  : status.acme.example did not answer within 10 s.\n"
        "            Cure     : Try it in a browser.\n" + RULE
    )
    assert "Cure" not in block(event(EventKind.PAGE_UNREADABLE, problem=replace(TIMEOUT, cure="")))


def test_a_page_that_can_be_read_again_says_what_it_was():
    lines = block(event(EventKind.PAGE_READABLE, problem=TIMEOUT)).split("\n")
    assert lines[0] == "[2025-11-03 14:32:00] Page     : Acme"
    assert lines[1].startswith("            Status   : It can be read again (before: status.acme.example did not")


vendor_text = st.text(
    st.characters() | st.sampled_from("\x1b\x07\x9b\n\r\t \u202e\u200b[31mab") | st.sampled_from("word "),
    max_size=400,
)


@given(vendor_text, vendor_text, vendor_text, st.integers(60, 200), st.booleans())
def test_whatever_a_vendor_writes_fits_the_terminal_and_can_be_read_back(text, name, product, width, named):
    """Through the same cleaning as every vendor's text goes; blanks alone may move."""
    text, name, product = clean_text(text), clean_line(name), clean_line(product)
    told = incident(update(0, text=text), name=name, affected=(Affected(None, product),))
    lines = block(event(EventKind.UPDATED, told), name_page=named, width=width, edge=width).split("\n")
    assert lines[-1] == RULE
    for line in lines:
        assert len(line) <= width
        assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in line)
    labels = iter(
        ("Page     : Acme", "Incident : ", "Product  : ", "Impact   : ") if named else ("Incident : ", "Product  : ")
    )
    assert next(labels) in lines[0]
    at = next(place for place, line in enumerate(lines) if line.startswith("            Status   : "))
    shown = "".join((lines[at][23:], *lines[at + 1 : -1]))
    assert _letters(shown) == _letters(text or "—")
    before = "".join((lines[0][22:], *lines[1:at]))
    page = "Page     : Acme" if named else ""
    facts = "Impact   : Minor  |  State: Investigating"
    assert _letters(before) == _letters(f"{page} Incident : {name} Product  : {product or '—'} {facts}")


def _letters(text):
    return "".join(text.split())


@given(vendor_text)
def test_without_a_terminal_only_the_vendors_words_are_wrapped(name):
    """A script that reads a pipe finds each name in one line."""
    name = clean_line(name)
    lines = block(event(EventKind.OPENED, incident(update(0), name=name)), width=60).split("\n")
    assert lines[0] == f"[2025-11-03 14:32:00] Incident : {name}"


def test_the_banner_reads_as_the_contract_has_it():
    assert banner([Page("openai", "OpenAI", "https://status.openai.com")], "Console Mode") == (
        "============================================================\n"
        "  Tray Status — Console Mode\n"
        "  Watching 1 page: OpenAI\n"
        "  Polling every 60 seconds for new incidents.\n"
        "  Press Ctrl+C to stop.\n"
        "============================================================"
    )


@pytest.mark.parametrize(
    ("intervals", "words"),
    [((1,), "1 second "), ((2.5,), "2.5 seconds "), ((60, 60), "60 seconds "), ((120, 30), "30 to 120 seconds ")],
)
def test_the_banner_tells_how_often_pages_are_polled(intervals, words):
    pages = [replace(ACME, interval=each) for each in intervals]
    assert f"  Polling every {words}for new incidents." in banner(pages, "Console Mode")


def test_the_banner_names_ten_pages_and_counts_the_others():
    pages = [replace(ACME, name=f"P{n}") for n in range(13)]
    assert "  Watching 13 pages: P0, P1, P2, P3, P4, P5, P6, P7, P8, P9 and 3 more\n" in banner(pages, "Console Mode")


def test_pages_that_another_process_polls_are_named_up_to_five():
    pages = [replace(ACME, name=f"P{n}") for n in range(7)]
    assert following_line(pages[:1]) == "Another Tray Status polls P0; this one follows its log."
    assert "polls P0, P1, P2, P3, P4 and 2 more;" in following_line(pages)


def test_the_tally_counts_what_is_tracked_and_what_is_open():
    one = look([state_of(ACME, incident())], NOW)
    assert tally(one) == "1 incident tracked on 1 page, 1 open."
    three = [state_of(ACME, incident(), tracked=20), state_of(ZENITH, tracked=5), state_of(replace(ACME, id="x"))]
    assert tally(look(three, NOW)) == "25 incidents tracked on 3 pages, 1 open."


@pytest.mark.parametrize(
    ("state", "word", "shown"),
    [
        (State.IN_PROGRESS, "in_progress", "In progress"),
        (State.UNKNOWN, "partial_recovery", "Partial recovery"),
        (State.UNKNOWN, "", "Unknown"),
        (State.UNKNOWN, " _ ", "Unknown"),
    ],
)
def test_a_state_is_shown_in_words_of_ours_or_else_the_vendors(state, word, shown):
    assert state_words(incident(state=state, word=word)) == shown


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading.FRESH, None),
        (Reading.NEVER, "Acme: not read yet."),
        (Reading.OFFLINE, "Acme: this computer is offline."),
    ],
)
def test_a_page_without_a_problem_says_in_one_line_how_it_was_read(reading, words):
    view = look([state_of(ACME, reading=reading)], NOW).pages[0]
    assert unreadable_line(view) == words


def test_a_page_with_a_problem_says_in_one_line_what_and_what_cures_it():
    view = look([state_of(ACME, reading=Reading.UNREACHABLE, problem=TIMEOUT)], NOW).pages[0]
    assert unreadable_line(view) == (
        "Acme cannot be read: status.acme.example did not answer within 10 s. Try it in a browser."
    )


@pytest.mark.parametrize(
    ("seconds", "short", "spoken"),
    [
        (-5, "just now", "just now"),
        (59, "just now", "just now"),
        (60, "1 min", "1 min ago"),
        (3599, "59 min", "59 min ago"),
        (3600, "1 h", "1 h ago"),
        (48 * 3600 - 1, "47 h", "47 h ago"),
        (48 * 3600, "2 d", "2 d ago"),
    ],
)
def test_ages_are_short(seconds, short, spoken):
    assert age(timedelta(seconds=seconds)) == short
    assert ago(timedelta(seconds=seconds)) == spoken


def test_numbers_have_no_needless_point():
    assert (number(60.0), number(2.5), number(86400)) == ("60", "2.5", "86400")


def test_the_tooltip_tells_the_worst_and_how_many_more_are_open_and_when_it_was_checked():
    worst = incident(update(1), id="w", name="All is down", impact=Impact.CRITICAL)
    overview = look([state_of(ACME, incident(), worst, checked_at=NOW - timedelta(minutes=3))], NOW)
    title, text = tooltip(overview, NOW)
    assert title == "Tray Status: Critical trouble"
    assert text.split("\n") == ["Acme: All is down (Investigating)", "and 1 more open", "Checked 3 min ago"]


def test_the_tooltip_says_where_the_icon_shows_less_than_there_is():
    overview = look([state_of(ACME, incident(update(1), impact=Impact.MAJOR))], NOW)
    assert tooltip(overview, NOW, calm=True)[0] == "Tray Status: Major trouble, and you know of it"


def test_the_tooltip_of_a_computer_without_a_network_blames_no_page():
    title, text = tooltip(look([state_of(ACME, reading=Reading.OFFLINE)], NOW), NOW)
    assert (title, text) == ("Tray Status: offline", "This computer has no network; nothing is known.")


def test_the_tooltip_of_pages_never_checked_names_three_of_them():
    states = [
        state_of(Page(f"p{n}", f"P{n}", "https://x.example"), reading=Reading.NEVER, checked_at=None)
        for n in range(5)
    ]
    title, text = tooltip(look(states, NOW), NOW)
    assert title == "Tray Status: Not known"
    assert text.split("\n") == [f"P{n}: not read yet." for n in range(3)]


def test_a_blocks_time_is_in_the_zone_that_it_is_given():
    from datetime import timezone

    east = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
    shown = event_block(event(EventKind.OPENED, SAMPLE), east, name_page=False, width=100)
    assert shown.startswith("[2025-11-03 20:02:00] ")
