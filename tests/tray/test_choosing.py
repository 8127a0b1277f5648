"""What choosing an entry of the menu does, judged by what is kept of it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest

from tests.specimens import ACME, NOW, ZENITH, incident, state_of, update
from tray_status.config import load_settings
from tray_status.config.choice import rules_of
from tray_status.config.file import SettingsHere
from tray_status.core.model import Impact, Kind, State
from tray_status.core.view import look
from tray_status.core.wishes import Wish, Wished, next_morning
from tray_status.errors import NoServer, StoreError
from tray_status.system.clipboard import find_clipboard
from tray_status.system.login import CannotStartAtLogin
from tray_status.tray.choosing import Choosing
from tray_status.tray.menu import Ask, Copy, Do, NotifyFrom, Open, Switches, TakeBack

HOUR = timedelta(hours=1)
MINOR = incident(update(1))
MAJOR = incident(update(1), id="i2", impact=Impact.MAJOR)
PLANNED = incident(id="m1", kind=Kind.MAINTENANCE, state=State.SCHEDULED)


def local_now() -> datetime:
    """What the clock on the wall says."""
    return datetime.now().astimezone().replace(tzinfo=None)


class Wishes:
    """Two pages, of which one is in trouble, and what is wished of them."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Wish, str, str], Wished] = {}
        self.broken = False

    def overview(self):
        return look([state_of(ACME, MINOR, MAJOR, maintenances=(PLANNED,)), state_of(ZENITH)], NOW)

    def recent(self, limit=10):
        return [(ACME, MINOR)][:limit]

    def address(self):
        if self.broken:
            raise NoServer("127.0.0.1: there is no free port")
        return "http://127.0.0.1:8000/"

    def wishes(self):
        return list(self.kept.values())

    def wish(self, wishes):
        if self.broken:
            raise StoreError("tray-status.sqlite3: the disk is full")
        self.kept |= {(each.wish, each.page_id, each.incident_id): each for each in wishes}

    def take_back(self, wishes):
        for each in wishes:
            del self.kept[each.wish, each.page_id, each.incident_id]

    @property
    def about(self):
        return {(wish.value, page, one) for wish, page, one in self.kept}


@pytest.fixture
def wishes():
    return Wishes()


@pytest.fixture
def told():
    return []


def choosing(wishes, told, plain=None, **more) -> Choosing:
    return Choosing(wishes, plain or {}, told.append, wishes.address, told.append, **more)


def settings_in(tmp_path) -> SettingsHere:
    path = tmp_path / "config.toml"
    return SettingsHere(path, lambda: rules_of(load_settings(path)), lambda: None)


@pytest.mark.parametrize(
    ("choice", "about"),
    [
        (Ask(Wish.ACKNOWLEDGE, "acme", "i1"), {("acknowledge", "acme", "i1")}),
        (Ask(Wish.FOLLOW, "acme", "i2"), {("follow", "acme", "i2")}),
        (Ask(Wish.MUTE, "acme", "m1"), {("mute", "acme", "m1")}),
        (Ask(Wish.MUTE, "acme"), {("mute", "acme", "")}),
        (Ask(Wish.FOLLOW, "acme"), {("follow", "acme", "i1"), ("follow", "acme", "i2")}),
        (
            Ask(Wish.ACKNOWLEDGE, "acme"),
            {("acknowledge", "acme", "i1"), ("acknowledge", "acme", "i2"), ("acknowledge", "acme", "")},
        ),
        (Ask(Wish.PAUSE), {("pause", "", "")}),
        (Ask(Wish.MUTE, "acme", "gone"), set()),
        (Ask(Wish.MUTE, "gone"), set()),
    ],
)
def test_a_wish_is_kept_and_can_be_undone(wishes, told, choice, about):
    choose = choosing(wishes, told)
    choose(choice)
    assert wishes.about == about
    choose(Ask(Wish.MUTE, "zenith"))
    choose(TakeBack(choice.wish, choice.page_id, choice.incident_id))
    assert wishes.about == {("mute", "zenith", "")}


def test_to_unmute_a_page_leaves_its_incidents_muted(wishes, told):
    choose = choosing(wishes, told)
    for incident_id in ("", "i1"):
        choose(Ask(Wish.MUTE, "acme", incident_id))
    choose(TakeBack(Wish.MUTE, "acme"))
    assert wishes.about == {("mute", "acme", "i1")}


@pytest.mark.parametrize("choice", [Ask(Wish.MUTE, "acme", "i1", 8 * HOUR), Ask(Wish.PAUSE, span=8 * HOUR)])
def test_a_wish_for_some_hours_begins_now(wishes, told, choice):
    before = datetime.now(timezone.utc)
    choosing(wishes, told)(choice)
    (kept,) = wishes.wishes()
    assert before + 8 * HOUR <= kept.until <= datetime.now(timezone.utc) + 8 * HOUR
    assert kept.impact is (Impact.MINOR if choice.wish is Wish.MUTE else Impact.UNKNOWN)


def test_a_pause_until_the_morning_ends_at_eight_by_the_clock_on_the_wall(wishes, told):
    before = next_morning(local_now())
    choosing(wishes, told)(Ask(Wish.PAUSE, until_morning=True))
    (kept,) = wishes.wishes()
    assert kept.until.astimezone().replace(tzinfo=None) in (before, next_morning(local_now()))


def test_the_settings_file_takes_up_what_is_chosen(wishes, told, tmp_path):
    choose = choosing(wishes, told, settings=settings_in(tmp_path))
    choose(NotifyFrom(Impact.MAJOR))
    choose(Do.SWITCH_SOUNDS)
    assert choose.switches() == Switches(None, Impact.MAJOR, sounds=True)
    choose(Do.SWITCH_SOUNDS)
    assert choose.switches() == Switches(None, Impact.MAJOR, sounds=False)
    assert not told


def test_an_address_is_opened_and_a_plain_entry_does_its_own(wishes, told):
    done = threading.Event()
    choose = choosing(wishes, told, {Do.CHECK_NOW: done.set})
    choose(Open("https://status.acme.example"))
    choose(Do.CHECK_NOW)
    assert told == ["https://status.acme.example"]
    assert done.is_set()


def test_the_status_page_is_opened_or_why_not_is_told(wishes, told):
    choosing(wishes, told)(Do.STATUS_PAGE)
    wishes.broken = True
    choosing(wishes, told)(Do.STATUS_PAGE)
    assert told[0] == "http://127.0.0.1:8000/"
    assert (told[1].title, told[1].body) == ("That did not work", "127.0.0.1: there is no free port.")


def test_the_recent_incidents_are_shown_as_one_notice(wishes, told):
    choosing(wishes, told)(Do.SHOW_RECENT)
    (notice,) = told
    assert (notice.title, notice.body) == (
        "2 open of 2 incidents",
        "Acme: Elevated errors (Minor, Investigating)",
    )


def fails(error: Exception):
    def failing() -> None:
        raise error

    return failing


@pytest.mark.parametrize(
    ("error", "choice", "title"),
    [
        (NoServer("127.0.0.1 has no free port"), Do.TEST_NOTIFICATION, "That did not work"),
        (CannotStartAtLogin("it is not a folder"), Do.QUIT, "That did not work"),
    ],
)
def test_what_fails_is_told_with_the_reason(wishes, told, error, choice, title):
    choosing(wishes, told, {choice: fails(error)})(choice)
    (notice,) = told
    assert (notice.title, notice.body) == (title, f"{error}.")


def test_a_wish_that_cannot_be_kept_is_told(wishes, told):
    wishes.broken = True
    choosing(wishes, told)(Ask(Wish.MUTE, "acme"))
    (notice,) = told
    assert (notice.title, notice.body) == (
        "What you chose was not noted",
        "tray-status.sqlite3: the disk is full.",
    )


def test_settings_that_are_wrong_already_are_told_and_left_alone(wishes, told, tmp_path):
    (tmp_path / "config.toml").write_text("not settings\n")
    choosing(wishes, told, settings=settings_in(tmp_path))(NotifyFrom(Impact.MAJOR))
    (notice,) = told
    assert notice.title == "The settings were not changed"
    assert "config.toml" in notice.body
    assert (tmp_path / "config.toml").read_text() == "not settings\n"


def test_a_clipboard_that_refuses_is_told(wishes, told, tmp_path, monkeypatch):
    (tmp_path / "xclip").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "xclip").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    clipboard = find_clipboard({"DISPLAY": ":9"}, platform="linux")
    choose = choosing(wishes, told, clipboard=clipboard)
    assert choose.can_copy
    choose(Copy("words"))
    (notice,) = told
    assert (notice.title, notice.body) == ("Nothing was copied", "xclip did not take the text (it ended with 1).")
