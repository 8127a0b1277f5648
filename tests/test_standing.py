"""What is left for a prompt: never green for longer than it is true, and never more than words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import ACME, NOW, TIMEOUT, ZENITH, incident, state_of, update
from tray_status.core.model import Impact, Reading
from tray_status.core.view import look
from tray_status.core.wishes import Wish, Wished
from tray_status.prompt import FILE, NOT_KNOWN, segment, written
from tray_status.standing import SHORTEST, Standing, holds_until

TROUBLE = incident(update(1), impact=Impact.MAJOR)
SECONDS = st.integers(1, 90_000).map(float)


@pytest.fixture
def standing(tmp_path):
    return Standing(tmp_path)


def shown(tmp_path, at=NOW):
    path = tmp_path / FILE
    return segment(path.read_bytes(), at.timestamp()) if path.exists() else NOT_KNOWN


def test_it_is_what_the_icon_shows(standing, tmp_path):
    standing.note(look([state_of(ACME, TROUBLE), state_of(ZENITH)], NOW), [], NOW)
    assert shown(tmp_path) == "!! Acme"
    acknowledged = Wished(Wish.ACKNOWLEDGE, "acme", "i1", NOW, None, Impact.MAJOR, Impact.MAJOR)
    standing.note(look([state_of(ACME, TROUBLE), state_of(ZENITH)], NOW), [acknowledged], NOW)
    assert shown(tmp_path) == "· Acme"
    unread = state_of(ZENITH, reading=Reading.UNREACHABLE, problem=TIMEOUT)
    standing.note(look([state_of(ACME), unread], NOW), [], NOW)
    assert shown(tmp_path) == "? Zenith"
    standing.note(look([state_of(ACME), state_of(ZENITH)], NOW), [], NOW)
    assert shown(tmp_path) == ""
    standing.end()
    assert shown(tmp_path) == NOT_KNOWN


@given(st.lists(SECONDS, min_size=1, max_size=5), st.integers(0, 200_000))
def test_where_nobody_polls_any_more_it_is_green_no_longer_than_the_first_page_is_fresh(intervals, later):
    pages = [replace(ACME, id=f"p{place}", interval=each) for place, each in enumerate(intervals)]
    states = [state_of(page, read_at=NOW) for page in pages]
    content = written("none", "", 0, holds_until(look(states, NOW), NOW).timestamp())
    at = NOW + timedelta(seconds=later)
    if segment(content, at.timestamp()) == "" and at > NOW + SHORTEST:
        assert look(states, at).worst is Impact.NONE


def test_it_is_written_again_before_it_is_too_old_and_not_at_each_look(standing, tmp_path):
    changed = 0
    for minute in range(30):
        at = NOW + timedelta(minutes=minute)
        before = (tmp_path / FILE).read_bytes() if minute else b""
        standing.note(look([state_of(ACME, read_at=at)], at), [], at)
        assert shown(tmp_path, at + timedelta(seconds=60)) == ""
        changed += before != (tmp_path / FILE).read_bytes()
    assert changed <= 16


@pytest.mark.parametrize("name", ["$(reboot)", "`reboot`", "\\u", "%F{red}", "a'b\"c", "!!", "x\x1b[31m", "a\u202eb"])
def test_a_name_is_nothing_to_a_shell_that_expands_it_again(name):
    told = segment(written("major", f"{name} Cloud", 0, NOW.timestamp() + 60), NOW.timestamp())
    assert told.startswith("!! ")
    assert told.endswith(" Cloud")
    assert not set(told[2:]) & set("$`\\%'\"!(){}[]\x1b\u202e")
    assert segment(written("minor", "Škoda 東京", 1, NOW.timestamp() + 60), NOW.timestamp()) == "! Škoda 東京 +1"


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"2\nnone\n\n0\n99999999999\n", b"1\ngreen\nA\n0\n1\n", b"1\nnone\n\n0\nnan\n"]
)
def test_what_is_no_such_file_is_not_known(content):
    assert segment(content, NOW.timestamp()) == NOT_KNOWN
