"""What status bars show: never green without reason, and never what a vendor slipped in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, TIMEOUT, ZENITH, incident, state_of, update
from tray_status.core.bars import FORMATS, bar_of, failed_bar
from tray_status.core.bars.lines import with_block
from tray_status.core.model import Impact, Reading
from tray_status.core.text import clean_line, clean_text
from tray_status.core.view import look
from tray_status.core.wishes import Wish, wish_of_incident

GREEN = ("✓", "Good", "#3fb950", "green")
OLD = NOW - timedelta(hours=3)


def bar(*states, wishes=(), polled=True):
    return bar_of(look(states, NOW), wishes, NOW, polled=polled)


def written(*states, **more):
    """Each tool's text of the same."""
    return {name: each.write(bar(*states, **more)) for name, each in FORMATS.items()}


def major(**more):
    return incident(update(1), impact=Impact.MAJOR, **more)


@pytest.mark.parametrize(
    ("impact", "text", "name"),
    [
        (Impact.NOTICE, "• Acme", "notice"),
        (Impact.MINOR, "! Acme", "minor"),
        (Impact.MAJOR, "‼ Acme", "major"),
        (Impact.CRITICAL, "✖ Acme", "critical"),
    ],
)
def test_the_worst_page_is_named_with_its_mark(impact, text, name):
    shown = written(state_of(ACME, incident(update(1), impact=impact)), state_of(ZENITH))
    assert json.loads(shown["waybar"])["text"] == text
    assert json.loads(shown["waybar"])["alt"] == name
    assert json.loads(shown["waybar"])["class"] == [name]
    assert json.loads(shown["i3blocks"])["full_text"] == text
    assert json.loads(shown["i3status-rust"])["text"] == text
    assert shown["py3status"].splitlines()[0] == text
    assert shown["xbar"].splitlines()[0].startswith(f"{text} | color=#")


def test_all_well_is_a_mark_alone():
    shown = written(state_of(ACME), state_of(ZENITH))
    assert shown["polybar"] == "%{F#3fb950}✓%{F-}"
    assert shown["tmux"] == "#[fg=green]✓#[default]"
    assert shown["py3status"] == "✓\n#3fb950"
    assert json.loads(shown["waybar"]) == {
        "text": "✓",
        "alt": "none",
        "tooltip": "Tray Status: All systems operational\nChecked just now",
        "class": ["none"],
    }


def test_more_than_one_page_is_counted():
    unread = state_of(ZENITH, reading=Reading.UNREACHABLE, problem=TIMEOUT)
    assert bar(state_of(ACME, major()), unread).text == "‼ Acme +1"


@pytest.mark.parametrize("polled", [True, False])
@pytest.mark.parametrize(
    "state",
    [
        state_of(ACME, read_at=OLD, checked_at=OLD),
        state_of(ACME, reading=Reading.NEVER, read_at=None, checked_at=None),
        state_of(ACME, reading=Reading.UNREACHABLE, problem=TIMEOUT),
        state_of(ACME, reading=Reading.OFFLINE),
    ],
    ids=["stale", "never", "unreachable", "offline"],
)
def test_what_is_not_read_is_never_green(state, polled):
    for name, text in written(state, polled=polled).items():
        assert not [sign for sign in GREEN if sign in text], name


def test_where_nobody_polls_and_it_is_old_it_says_so():
    old = state_of(ACME, read_at=OLD, checked_at=OLD)
    assert bar(old, polled=True).text == "? Acme"
    assert bar(old, polled=False).text == "? not running"
    assert "Start it: tray-status" in json.loads(written(old, polled=False)["waybar"])["tooltip"]
    assert "Start it: tray-status" in written(old, polled=False)["xbar"]
    assert bar(state_of(ACME), polled=False).text == "✓", "what was read a moment ago is true"
    assert "Start it" not in json.loads(written(state_of(ACME), polled=False)["waybar"])["tooltip"]


def test_what_is_known_to_be_bad_stays_and_is_called_old():
    shown = written(state_of(ACME, major(), read_at=OLD, checked_at=OLD), polled=False)
    assert json.loads(shown["waybar"])["text"] == "‼ Acme (old)"
    assert json.loads(shown["waybar"])["class"] == ["major", "stale", "trouble"]


def test_what_is_acknowledged_is_calm_and_no_check_mark():
    state = state_of(ACME, major())
    view = look([state], NOW).pages[0]
    acknowledged = wish_of_incident(Wish.ACKNOWLEDGE, view, view.open_incidents[0], NOW)
    assert bar(state, wishes=[acknowledged]).text == "• Acme"
    other = state_of(ZENITH, incident(update(2), id="i2"))
    assert bar(state, other, wishes=[acknowledged]).text == "! Zenith +1"
    as_bad = state_of(ZENITH, major(id="i2"))
    assert bar(state, as_bad, wishes=[acknowledged]).text == "‼ Zenith +1"


def test_this_computer_without_a_network_blames_no_page():
    shown = written(state_of(ACME, reading=Reading.OFFLINE))
    assert json.loads(shown["waybar"])["text"] == "⊘ offline"
    assert json.loads(shown["waybar"])["alt"] == "offline"


def test_what_cannot_be_looked_at_is_shown_as_that():
    for name, each in FORMATS.items():
        text = each.write(failed_bar("config.toml, line 3: a mistake", NOW))
        assert text.startswith("? ") or '"? ' in text or "?" in text.splitlines()[0], name
        assert not [sign for sign in GREEN if sign in text], name


HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        'A | href=http://evil.example "q" \\" %{F#f00} #[fg=red]#{pid}#(touch x) ## #S',
        "--- \n---\n--sub | bash=rm",
        "---",
        "<b>&amp;</b> <span foreground='red'>x</span> & \\x1b[31m :smile:",
        "%%{{F#f00}} %{A1:reboot:}click%{A}",
    ]
)


def hostile(name, page, text):
    """A page and an incident whose words somebody made up, as providers and settings let them through."""
    named = replace(ACME, name=clean_line(page) or "x")
    latest = update(1, text=clean_text(text) or "x", word=clean_line(text), at=None)
    return state_of(named, major(name=clean_line(name) or "x")), state_of(named, incident(latest, name="x"))


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_words_of_others_are_taken_for_the_bars_own(name, page, text):
    for state in hostile(name, page, text):
        shown = written(state)
        mark = bar(state).mark
        told = json.loads(shown["waybar"])
        for key in ("text", "tooltip"):
            assert "".join(ElementTree.fromstring(f"<m>{told[key]}</m>").itertext()) == unescape(told[key])
            assert not list(ElementTree.fromstring(f"<m>{told[key]}</m>"))
        assert ElementTree.fromstring(f"<m>{json.loads(shown['i3status-rust'])['text']}</m>").text.startswith(mark)
        words = shown["polybar"].partition("%{F-}")[2]
        assert "%{" not in words
        words = shown["tmux"].partition("#[default]")[2]
        assert "#" not in words.replace("##", "")
        assert re.fullmatch(r"#[0-9a-f]{6}( urgent)?", shown["py3status"].split("\n", 1)[1])
        block = json.loads(shown["i3blocks"])
        assert block["markup"] == "none"
        assert shown["i3blocks"].count('"') == 22, "six keys and five texts"
        assert "\\" not in shown["i3blocks"]
        assert all("\n" not in shown[each] for each in ("waybar", "polybar", "tmux", "i3blocks", "i3status-rust"))


ITEM = re.compile(r"(?P<level>(?:--)*)(?P<text>[^|]+) \| (?P<parameters>[^|]+)")
KNOWN = {"href", "color", "refresh", "emojize", "ansi"}
"""As xbar's own program knows them; it refuses the whole menu for any other."""


def items(menu):
    """What xbar makes of a menu text: level, text and parameters of each line, None for a separator."""
    found = []
    for line in menu.split("\n"):
        if line == "---":
            found.append(None)
            continue
        match = ITEM.fullmatch(line)
        assert match, line
        parameters = dict(each.split("=", 1) for each in match["parameters"].split(" "))
        found.append((len(match["level"]) // 2, match["text"], parameters))
    return found


@given(HOSTILE, HOSTILE, HOSTILE)
def test_a_menu_has_the_lines_that_we_wrote_and_no_others(name, page, text):
    for state in hostile(name, page, text):
        rows = items(FORMATS["xbar"].write(bar(state)))
        assert [row and (row[0], row[2].get("href")) for row in rows] == [
            (0, None),
            None,
            (0, None),
            None,
            (0, "https://status.acme.example"),
            (1, None),
            (1, "https://status.acme.example"),
            (0, "https://status.acme.example/incidents/i1"),
            (1, None),
            (1, None),
            (1, "https://status.acme.example/incidents/i1"),
            None,
            (0, None),
        ]
        assert all(row is None or set(row[2]) <= KNOWN for row in rows)
        assert not any(row and row[1].startswith("-") for row in rows)


@pytest.mark.parametrize("name", ["xbar", "swiftbar", "argos"])
def test_the_menu_tells_each_page_its_incidents_and_their_words(name):
    menu = FORMATS[name].write(bar(state_of(ACME, major()), state_of(ZENITH)))
    lines = [line.partition(" | ")[0] for line in menu.splitlines()]
    assert lines == [
        "‼ Acme",
        "---",
        "Tray Status: Major trouble",
        "---",
        "‼ Acme: Major trouble",
        "--Read at 2025-11-03 15:31:55",
        "--Open in the browser",
        "• Elevated errors (Major, Investigating, 1 h)",
        "--Touches API",
        "--2025-11-03 14:33:00: We look into it.",
        "--Open in the browser",
        "✓ Zenith: All systems operational",
        "--Read at 2025-11-03 15:31:55",
        "--Open in the browser",
        "---",
        "Refresh",
    ]


def test_the_newest_words_come_first_and_not_all_of_them():
    talk = incident(*(update(minute, text=f"Word {minute}.") for minute in range(1, 9)))
    menu = FORMATS["xbar"].write(bar(state_of(ACME, talk)))
    assert re.findall(r"Word \d", menu) == [f"Word {minute}" for minute in (8, 7, 6, 5, 4)]


def test_an_address_that_is_none_opens_nothing():
    menu = FORMATS["xbar"].write(bar(state_of(ACME, major(url="javascript:alert(1) | bash=reboot"))))
    assert "javascript" not in menu


def test_i3status_keeps_its_own_lines_and_gets_one_block_more():
    shown = bar(state_of(ACME, major()))
    assert with_block('{"version":1}', shown) == '{"version":1}'
    assert with_block("[", shown) == "["
    line = with_block(',[{"full_text":"wifi"}]', shown)
    assert line.startswith(",[")
    ours, theirs = json.loads(line[1:])
    assert (ours["full_text"], ours["color"], theirs) == ("‼ Acme", "#f0883e", {"full_text": "wifi"})
