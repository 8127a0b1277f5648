"""Every entry of the menu, chosen over the bus as a person does, and judged by what becomes of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from dbus_fast import Variant

from tests.loopback import SUMMARY, StatusHost, incident, statuspage, update
from tests.program.running import Program
from tests.waiting import wait_until
from tray_status.catalogue import page_id
from tray_status.config import load_settings
from tray_status.core.model import Impact
from tray_status.core.wishes import Wished
from tray_status.store import Store
from tray_status.tray.art import Look, draw

from .watcher import Item

PATIENCE = 20.0
OPEN = incident("inc1", update("u1"), name="Lost mail", impact="major")
PAST = incident(
    "inc0",
    update("u8", at="2026-01-01T10:00:00Z"),
    update("u9", "resolved", "Over.", at="2026-01-01T11:00:00Z"),
    name="Slow",
)
PLANNED = incident(
    "m1",
    update("um", "scheduled", "New disks come."),
    name="New disks",
    impact="maintenance",
    scheduled_for="2099-01-01T10:00:00Z",
    scheduled_until="2099-01-01T12:00:00Z",
)
INCIDENT = "Acme: Lost mail"
PAGE = "Acme: Major trouble"


class Home:
    """A home that watches two pages, one of them in trouble, and what stands in for the desktop's programs."""

    def __init__(self, folder: Path, acme: StatusHost, zenith: StatusHost) -> None:
        self.acme, self.zenith = acme, zenith
        self.settings = folder / "config.toml"
        folder.mkdir()
        self.settings.write_text(
            f'poll_interval_seconds = 1 # often\n[[pages]]\nname = "Acme"\nurl = "{acme.url}"\n'
            f'[[pages]]\nname = "Zenith"\nurl = "{zenith.url}"\n'
        )
        self._folder = folder
        self._programs = folder.parent / "programs"
        self._programs.mkdir()
        for name, what in (("browser", '"$1"'), ("xdg-open", '"$1"'), ("wl-copy", '"$(cat)"')):
            file = self._programs / name
            file.write_text(f'#!/bin/sh\nprintf "%s\\n" {what} >> "{file}.told"\n')
            file.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self._programs}:{os.environ['PATH']}",
            "BROWSER": str(self._programs / "browser"),
            "WAYLAND_DISPLAY": "wayland-of-a-test",
            "TRAY_STATUS_HOME": str(self._folder),
        }

    def told(self, name: str) -> str:
        """What a program was asked to do."""
        file = self._programs / f"{name}.told"
        return file.read_text() if file.exists() else ""

    def wishes(self) -> list[Wished]:
        store = Store.open(self._folder / "tray-status.sqlite3", read_only=True)
        try:
            return store.wishes.all()
        finally:
            store.close()

    def about(self) -> set[tuple[str, str, str]]:
        """What is wished, and of which page and incident."""
        names = {page_id(self.acme.url): "Acme", page_id(self.zenith.url): "Zenith", "": ""}
        return {(each.wish.value, names[each.page_id], each.incident_id) for each in self.wishes()}


@pytest.fixture
def home(tmp_path):
    with (
        StatusHost(statuspage(OPEN, PAST, maintenances=[PLANNED])) as acme,
        StatusHost(statuspage()) as zenith,
    ):
        yield Home(tmp_path / "menu", acme, zenith)


@pytest.fixture
def program(home, desktop_bus):
    with Program(environment=home.environment) as running:
        yield running


@pytest.fixture
def item(program, watcher) -> Item:
    found = watcher.item()
    wait_until(lambda: found.menu().has(INCIDENT), "the incident in the menu", PATIENCE)
    wait_until(lambda: found.menu().has("Recent incidents", "Acme: Slow"), "the past in the menu", PATIENCE)
    wait_until(lambda: found.menu().has("Zenith: All systems operational"), "the other page in the menu", PATIENCE)
    return found


def look_of(item: Item) -> bytes:
    return next(bytes(data) for width, _, data in item.properties()["IconPixmap"] if width == 22)


def expected(impact: Impact, count: int) -> bytes:
    pixels = draw(Look(impact, count), 22).tobytes()
    return b"".join(pixels[at + 3 : at + 4] + pixels[at : at + 3] for at in range(0, len(pixels), 4))


def choose(item: Item, *way: str) -> None:
    wait_until(lambda: item.menu().has(*way), f"the entry {way}", PATIENCE)
    item.click(*way)


@pytest.mark.parametrize(
    ("way", "about", "label", "undo"),
    [
        ((INCIDENT, "Acknowledge"), {("acknowledge", "Acme", "inc1")}, "(acknowledged)", (INCIDENT, "Acknowledged")),
        (
            (INCIDENT, "Follow until resolved"),
            {("follow", "Acme", "inc1")},
            "(followed)",
            (INCIDENT, "Followed until resolved"),
        ),
        (
            (INCIDENT, "Mute", "For 1 hour"),
            {("mute", "Acme", "inc1")},
            "(muted)",
            (INCIDENT, "Muted until", "Unmute"),
        ),
        (
            (INCIDENT, "Mute", "For 8 hours"),
            {("mute", "Acme", "inc1")},
            "(muted)",
            (INCIDENT, "Muted until", "Unmute"),
        ),
        (
            (INCIDENT, "Mute", "Until resolved"),
            {("mute", "Acme", "inc1")},
            "(muted)",
            (INCIDENT, "Muted until", "Unmute"),
        ),
        (
            (PAGE, "Acknowledge"),
            {("acknowledge", "Acme", "inc1"), ("acknowledge", "Acme", "")},
            "(acknowledged)",
            (PAGE, "Acknowledged"),
        ),
        (
            (PAGE, "Follow until resolved"),
            {("follow", "Acme", "inc1")},
            "(followed)",
            (PAGE, "Followed until resolved"),
        ),
        ((PAGE, "Mute", "For 1 hour"), {("mute", "Acme", "")}, "(muted)", (PAGE, "Muted until", "Unmute")),
        ((PAGE, "Mute", "For good"), {("mute", "Acme", "")}, "(muted)", (PAGE, "Muted for good", "Unmute")),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else None,
)
def test_a_wish_is_kept_shown_and_undone(home, item, way, about, label, undo):
    choose(item, *way)
    wait_until(lambda: home.about() == about, "the wish in the store", PATIENCE)
    wait_until(lambda: item.menu().find(INCIDENT).label.endswith(label), "its mark", PATIENCE)
    if label != "(followed)":
        wait_until(lambda: look_of(item) == expected(Impact.NOTICE, 0), "the calm icon", PATIENCE)
    line = item.menu()
    for name in undo:
        line = next(each for each in line.lines if each.name.startswith(name))
    item.call_menu("Event", "isvu", [line.id, "clicked", Variant("i", 0), 0])
    wait_until(lambda: not home.wishes(), "that it is taken back", PATIENCE)
    wait_until(lambda: look_of(item) == expected(Impact.MAJOR, 1), "the icon as before", PATIENCE)


@pytest.mark.parametrize("place", [0, 1, 2], ids=["an hour", "until the morning", "until they resume"])
def test_notifications_are_paused_and_resumed(home, item, place):
    choose(item, "Pause notifications", item.menu().find("Pause notifications").labels[place])
    wait_until(lambda: home.about() == {("pause", "", "")}, "the pause", PATIENCE)
    assert (home.wishes()[0].until is None) is (place == 2)
    paused = "Notifications paused until"
    wait_until(lambda: any(each.startswith(paused) for each in item.menu().names), "the entry", PATIENCE)
    choose(item, next(each for each in item.menu().names if each.startswith(paused)), "Resume notifications")
    wait_until(lambda: not home.wishes(), "the end of the pause", PATIENCE)
    wait_until(lambda: item.menu().has("Pause notifications"), "the entry as before", PATIENCE)


def test_pages_and_incidents_are_opened_in_the_browser(home, item):
    url = "https://stspg.io/inc1"
    for way, address in (
        ((INCIDENT, "Open in browser"), url),
        ((INCIDENT, "We look into it."), url),
        ((PAGE, "Open in browser"), home.acme.url),
        (("Recent incidents", "Acme: Slow", "Open in browser"), "https://stspg.io/inc0"),
        (("Upcoming maintenance", "Acme: New disks", "Open in browser"), "https://stspg.io/m1"),
        (("Zenith: All systems operational", "Open in browser"), "http://127.0.0.1:"),
    ):
        before = home.told("browser")
        choose(item, *way)
        wait_until(lambda before=before: home.told("browser") != before, f"the browser after {way}", PATIENCE)
        assert home.told("browser").removeprefix(before).startswith(address)


def test_summaries_are_copied(home, item):
    for way in (
        (INCIDENT,),
        (PAGE,),
        ("Recent incidents", "Acme: Slow"),
        ("Upcoming maintenance", "Acme: New disks"),
    ):
        before = home.told("wl-copy")
        choose(item, *way, "Copy summary")
        wait_until(lambda before=before: home.told("wl-copy") != before, f"the clipboard after {way}", PATIENCE)
    assert home.told("wl-copy").startswith("Acme: Lost mail\nMajor · Investigating · since ")
    assert "https://stspg.io/inc0" in home.told("wl-copy")


def test_planned_maintenance_and_pages_where_all_is_well_can_be_muted(home, item):
    choose(item, "Upcoming maintenance", "Acme: New disks", "Mute", "Until it is over")
    wait_until(lambda: home.about() == {("mute", "Acme", "m1")}, "the mute", PATIENCE)
    choose(item, "Zenith: All systems operational", "Mute", "For good")
    wait_until(lambda: len(home.wishes()) == 2, "the other mute", PATIENCE)
    wait_until(lambda: item.menu().find("Zenith: All systems operational").label.endswith("(muted)"), "its mark")


def test_the_settings_are_switched_from_the_menu_and_the_file_keeps_its_words(home, item, program):
    def chosen() -> list[str]:
        return [each.label for each in item.menu().find("Settings", "Notify from").lines if each.checked]

    assert chosen() == ["Every incident"]
    choose(item, "Settings", "Notify from", "Major trouble or worse")
    wait_until(lambda: chosen() == ["Major trouble or worse"], "the radio mark", PATIENCE)
    assert item.menu().find("Settings", "Notify from", "Every incident").toggle == "radio"
    choose(item, "Settings", "Sounds")
    wait_until(lambda: item.menu().find("Settings", "Sounds").checked, "the check mark", PATIENCE)
    settings = load_settings(home.settings)
    assert (settings.notify_from, settings.sounds) == ("major", True)
    assert "poll_interval_seconds = 1 # often" in home.settings.read_text()
    choose(item, "Settings", "Edit settings file")
    wait_until(lambda: home.told("xdg-open"), "the editor", PATIENCE)
    assert home.told("xdg-open") == f"{home.settings}\n"


def test_the_test_notification_and_the_recent_incidents_are_shown(notification_daemon, item):
    choose(item, "Settings", "Show a test notification")
    wait_until(lambda: any("test" in each.title for each in notification_daemon.shown), "the notice", PATIENCE)
    choose(item, "Recent incidents", "Show as a notice")
    wait_until(lambda: any("Slow" in each.body for each in notification_daemon.shown), "the incidents", PATIENCE)


def test_it_says_what_it_is(item):
    about = item.menu().find("About").labels
    assert about[0].startswith("Tray Status ")
    assert about[1] == "Licence: MIT"


def test_a_middle_click_checks_now(home, watcher):
    with Program("--interval", "3600", environment=home.environment) as program:
        program.wait_for("1 open.\n")
        asked = home.acme.paths.count(SUMMARY)
        watcher.item().call("SecondaryActivate", "ii", [0, 0])
        home.acme.wait_until_asked(asked + 1, SUMMARY)


def test_what_is_new_is_marked_until_the_menu_was_looked_at(home, item):
    home.acme.documents = statuspage(incident("inc2", update("u5"), name="New trouble"), OPEN, PAST)
    wait_until(lambda: item.menu().has("Acme: New trouble"), "the incident", PATIENCE)
    assert item.menu().find("Acme: New trouble").label.endswith("(new)")
    item.call_menu("Event", "isvu", [0, "opened", Variant("i", 0), 0])
    home.acme.documents = statuspage(
        incident("inc2", update("u5"), update("u6", "identified", "A cable."), name="New trouble"), OPEN, PAST
    )
    wait_until(lambda: "Identified" in item.menu().find("Acme: New trouble").label, "the update", PATIENCE)
    assert item.menu().find("Acme: New trouble").label.endswith("(new)"), "it stays marked while they look"
    item.call_menu("Event", "isvu", [0, "opened", Variant("i", 0), 0])
    item.call_menu("Event", "isvu", [0, "closed", Variant("i", 0), 0])
    wait_until(lambda: not item.menu().find("Acme: New trouble").label.endswith("(new)"), "the end of it", PATIENCE)


def test_an_acknowledgement_of_a_page_ends_when_all_is_well_there(home, item):
    choose(item, PAGE, "Acknowledge")
    wait_until(lambda: len(home.wishes()) == 2, "the wishes", PATIENCE)
    home.acme.documents = statuspage(
        incident("inc1", update("u1"), update("u2", "resolved", "Over."), name="Lost mail")
    )
    wait_until(lambda: item.menu().has("2 pages operational"), "the end of it", PATIENCE)
    wait_until(lambda: not any(each.incident_id == "" for each in home.wishes()), "the end of the wish", PATIENCE)


def test_wishes_outlive_the_program(home, item, program, watcher):
    choose(item, INCIDENT, "Acknowledge")
    wait_until(lambda: home.about() == {("acknowledge", "Acme", "inc1")}, "the wish", PATIENCE)
    assert program.end() == 0
    wait_until(lambda: not watcher.services, "the icon to go", PATIENCE)
    with Program(environment=home.environment):
        again = watcher.item()
        wait_until(lambda: again.menu().has(INCIDENT), "the incident", PATIENCE)
        wait_until(lambda: again.menu().find(INCIDENT).label.endswith("(acknowledged)"), "its mark", PATIENCE)
        assert look_of(again) == expected(Impact.NOTICE, 0)
