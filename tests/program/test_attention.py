"""`mute`, `ack`, `follow`, `pause`, `quiet`: written into the log or the settings, and seen by whoever runs."""

from __future__ import annotations

import json

import pytest

from tests.loopback import StatusHost, component, incident, statuspage, update
from tray_status.core.wishes import Wish
from tray_status.store import Store

from .running import finished

SLOW = incident("inc1", update("u1"), name="Slow logins")
DOWN = incident("inc2", update("u2"), name="Slow mail", impact="major")


@pytest.fixture
def host():
    with StatusHost(statuspage(SLOW, DOWN, components=[component("API")])) as serving:
        yield serving


@pytest.fixture
def home(host, tmp_path):
    """A home that watches Acme, read once."""
    folder = tmp_path / "home"
    folder.mkdir()
    text = f'# mine\npoll_interval_seconds = 60\n\n[[pages]]\nname = "Acme"\nurl = "{host.url}"  # here\n'
    (folder / "config.toml").write_text(text)
    assert finished("status").code == 0
    return folder


def wishes(home):
    store = Store.open(home / "tray-status.sqlite3", read_only=True)
    found = [(each.wish, each.incident_id, each.until is not None) for each in store.wishes.all()]
    store.close()
    return found


def test_an_incident_is_muted_by_its_id_or_by_words_of_its_name(home):
    run = finished("mute", "logins", "8h")
    assert (run.code, run.out.startswith("Muted until ")) == (0, True)
    assert run.out.endswith(": Acme: Slow logins\n")
    assert finished("mute", "inc2").out == "Muted until it is over: Acme: Slow mail\n"
    assert wishes(home) == [(Wish.MUTE, "inc1", True), (Wish.MUTE, "inc2", False)]
    assert finished("unmute", "inc2").out == "Acme: Slow mail: the mute is taken back.\n"
    assert finished("unmute", "inc2").out == "Acme: Slow mail: there was no mute of it.\n"
    assert finished("unmute", "acme").code == 0
    assert wishes(home) == []


def test_a_page_is_muted_acknowledged_and_followed(home, host):
    assert finished("mute", "Acme").out == "Muted for good: Acme\n"
    assert finished("ack", host.url).out == "Acknowledged until it is over or gets worse: Acme\n"
    assert finished("follow", "acme").out == "Followed until it is over: Acme\n"
    assert sorted(wishes(home), key=str) == sorted(
        [
            (Wish.MUTE, "", False),
            (Wish.ACKNOWLEDGE, "inc1", False), (Wish.ACKNOWLEDGE, "inc2", False), (Wish.ACKNOWLEDGE, "", False),
            (Wish.FOLLOW, "inc1", False), (Wish.FOLLOW, "inc2", False),
        ],
        key=str,
    )  # fmt: skip
    lines = finished("attention").out.splitlines()
    assert "Muted for good: Acme" in lines
    assert "Followed until it is over: Acme: Slow mail" in lines
    told = json.loads(finished("attention", "--json").out)
    assert (len(told["wishes"]), told["quiet_hours"]) == (6, None)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["mute", "slow"], "may be each of these; name one by its id:\n"),
        (["ack", "acmee"], "did you mean “Acme”?"),
        (["follow", "nothing at all"], "is neither a page nor an open incident; watched are Acme"),
        (["mute", "acme", "soon"], "“soon” is no length of time, such as 30m, 8h or 2d"),
        (["pause", "for", "ever"], "“for ever” is no end of it, such as 1h, until 8:00 or tomorrow"),
        (["quiet", "at night"], "“at night” is neither off nor hours such as 22:00-07:00"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(home, command, words):
    before = (home / "config.toml").read_text()
    run = finished(*command)
    assert (run.code, words in run.err) == (2, True), run.err
    assert wishes(home) == []
    assert (home / "config.toml").read_text() == before


@pytest.mark.parametrize("until", [["1h"], ["until", "8:00"], ["tomorrow"], []])
def test_a_pause_ends_by_itself_or_with_a_word(home, until):
    run = finished("pause", *until)
    assert run.code == 0
    assert run.out.startswith("No notices until 2" if until else "No notices until you resume.")
    assert wishes(home) == [(Wish.PAUSE, "", bool(until))]
    assert finished("resume").out == "Notices are shown again; what happened meanwhile is told now.\n"
    assert finished("resume").out == "Notices were not paused.\n"


def test_quiet_hours_are_written_into_the_settings_with_every_other_word_kept(home):
    assert finished("quiet").out == "There are no quiet hours.\n"
    run = finished("quiet", "22:00 - 7:00", "--except", "major")
    assert run.out == "Quiet hours: 22:00-07:00, except from major up; what comes then is told at their end.\n"
    text = (home / "config.toml").read_text()
    assert 'quiet_hours = "22:00-07:00"' in text
    assert "# mine" in text
    assert "# here" in text
    assert "Quiet from 22:00-07:00, except from major up" in finished("attention").out
    assert finished("quiet", "off").out == "There are no quiet hours.\n"


def test_what_ended_with_its_incident_is_listed_no_more(home, host):
    finished("follow", "inc1")
    over = incident("inc1", update("u1"), update("u3", "resolved"), name="Slow logins")
    host.documents = statuspage(over, DOWN, components=[component("API")])
    assert finished("status").code == 0
    assert "Slow logins" not in finished("attention").out
