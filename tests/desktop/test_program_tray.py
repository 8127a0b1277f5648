"""The whole program in the tray: what a host shows of it, and what a person's clicks do."""

from __future__ import annotations

import itertools
import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.loopback import SUMMARY, Raw, StatusHost, incident, statuspage, update
from tests.program.running import ROOT, TRAY_STATUS, Program
from tests.waiting import wait_until
from tray_status.core.model import Impact
from tray_status.tray.art import Look, draw

from .bus import private_bus
from .watcher import Item, Watcher

PATIENCE = 20.0


def trouble(number: int, *more, **told):
    return incident(f"inc{number}", update(f"u{number}"), *more, name=f"Trouble {number}", **told)


@pytest.fixture
def host():
    with StatusHost(statuspage(trouble(1)), etags=True) as serving:
        yield serving


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """What stands in for the browser writes down what it is asked to open."""
    program, opened = tmp_path / "browser", tmp_path / "opened"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{opened}"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    opened.touch()
    return opened


@pytest.fixture
def start(browser: Path, desktop_bus):
    programs: list[Program] = []

    def started(host: StatusHost, *more: str, interval: str = "1") -> Program:
        environment = {"BROWSER": str(browser.with_name("browser"))}
        programs.append(Program("--page", host.url, "--interval", interval, *more, environment=environment))
        return programs[-1]

    yield started
    for program in programs:
        program.kill()


def look_of(item: Item) -> bytes:
    """The 22-pixel image as it is on the bus."""
    return next(bytes(data) for width, _, data in item.properties()["IconPixmap"] if width == 22)


def expected(impact: Impact, count: int) -> set[bytes]:
    """The icon for this, with any of its marks."""
    marks = itertools.product((False, True), repeat=2)
    looks = [Look(impact, count, unread=unread, stale=stale) for unread, stale in marks]
    return {
        b"".join(pixels[at + 3 : at + 4] + pixels[at : at + 3] for at in range(0, len(pixels), 4))
        for pixels in (draw(look, 22).tobytes() for look in looks)
    }


def wait_for_look(item: Item, impact: Impact, count: int = 0) -> None:
    wait_until(lambda: look_of(item) in expected(impact, count), f"the icon for {impact}", PATIENCE)


def test_the_icon_follows_the_worst_impact_and_is_never_green_when_nothing_is_known(start, watcher, host):
    host.documents = statuspage()
    start(host)
    item = watcher.item()
    wait_for_look(item, Impact.NONE)
    for impact in (Impact.MINOR, Impact.MAJOR, Impact.CRITICAL):
        host.documents = statuspage(trouble(1), trouble(2, impact=impact.value))
        wait_for_look(item, impact, 2)
    good, host.documents = host.documents, dict.fromkeys(host.documents, Raw(503))
    seen = set()
    wait_until(
        lambda: seen.add(look_of(item)) or "cannot be read" in str(item.properties()["ToolTip"]), "the problem"
    )
    assert not expected(Impact.NONE, 0) & seen
    host.documents = {**good, **statuspage()}
    wait_for_look(item, Impact.NONE)


def test_a_page_never_read_is_grey(start, watcher, host):
    host.documents = {}
    start(host)
    item = watcher.item()
    wait_until(lambda: "cannot be read" in str(item.properties()["ToolTip"]), "the problem", PATIENCE)
    assert look_of(item) in expected(Impact.UNKNOWN, 0)


def test_tooltip_and_menu_tell_what_is_open_with_its_updates_and_products(start, watcher, host):
    rows = trouble(1, update("u9", "identified", "A cable."), impact="major", components=("API", "Web"))
    host.documents = statuspage(rows)
    start(host)
    item = watcher.item()
    wait_until(lambda: item.menu().has("Trouble 1"), "the incident in the menu", PATIENCE)
    assert "Trouble 1 (Identified)" in str(item.properties()["ToolTip"])
    menu = item.menu()
    assert menu.labels[0] == "1 incident open, worst: Major"
    inside = menu.find("Trouble 1").labels
    assert menu.find("Trouble 1").label.startswith("Trouble 1 — Major, Identified, ")
    assert inside[0].startswith("Major · Identified · since ")
    assert "API, Web" in inside
    assert any("A cable." in each for each in inside)
    assert any("We look into it." in each for each in inside)
    assert "Open in browser" in inside
    assert "No recent incidents" in menu.labels
    for label in ("Check now", "Open status page", "Quit"):
        assert menu.find(label).enabled


def test_open_in_browser_opens_the_incidents_own_page(start, watcher, host, browser):
    start(host)
    item = watcher.item()
    wait_until(lambda: item.menu().has("Trouble 1"), "the incident in the menu", PATIENCE)
    item.click("Trouble 1", "Open in browser")
    wait_until(lambda: browser.read_text(), "the browser", PATIENCE)
    assert browser.read_text() == "https://stspg.io/inc1\n"


def test_open_status_page_serves_it_on_this_computer_only(start, watcher, host, browser):
    import requests

    start(host)
    item = watcher.item()
    wait_until(lambda: item.menu().has("Trouble 1"), "the incident in the menu", PATIENCE)
    item.click("Open status page")
    wait_until(lambda: browser.read_text(), "the browser", PATIENCE)
    address = browser.read_text().strip()
    assert address.startswith("http://127.0.0.1:")
    assert "Trouble 1" in requests.get(address, timeout=10).text
    item.click("Open status page")
    wait_until(lambda: len(browser.read_text().split()) == 2, "the browser again", PATIENCE)
    assert set(browser.read_text().split()) == {address}


def test_check_now_polls_at_once(start, watcher, host):
    program = start(host, interval="3600")
    item = watcher.item()
    program.wait_for("1 open.\n")
    asked = host.paths.count(SUMMARY)
    host.documents = statuspage(trouble(2), trouble(1))
    item.click("Check now")
    host.wait_until_asked(asked + 1, SUMMARY)
    program.wait_for("Trouble 2")
    wait_until(lambda: item.menu().has("Trouble 2"), "the incident in the menu", PATIENCE)


def test_quit_ends_the_program(start, watcher, host):
    program = start(host)
    item = watcher.item()
    program.wait_for("1 open.\n")
    began = time.monotonic()
    item.click("Quit")
    assert program.wait() == 0
    assert time.monotonic() - began < 2
    assert program.err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_a_second_though_a_request_hangs(start, watcher, host, number):
    program = start(host)
    watcher.item()
    program.wait_for("1 open.\n")
    asked = len(host.asked)
    host.hang()
    host.wait_until_asked(asked + 1)
    began = time.monotonic()
    assert program.end(number) == 0
    assert time.monotonic() - began < 1
    assert "Traceback" not in program.err


def test_a_click_on_the_icon_shows_the_recent_incidents(start, watcher, notification_daemon, host):
    program = start(host)
    item = watcher.item()
    program.wait_for("1 open.\n")
    wait_until(lambda: item.menu().has("Trouble 1"), "the incident in the menu", PATIENCE)
    assert not item.properties()["ItemIsMenu"]
    item.call("Activate", "ii", [0, 0])
    wait_until(
        lambda: any("Trouble 1" in each.body and "1 open" in each.title for each in notification_daemon.shown),
        "the notice",
        PATIENCE,
    )


def test_every_event_is_mirrored_to_the_console(start, watcher, host):
    program = start(host)
    watcher.item()
    text = program.wait_for("1 open.\n")
    assert "Tray Status — Tray" in text
    host.documents = statuspage(trouble(2), trouble(1))
    program.wait_for("Incident : Trouble 2")


# Where something is missing, or comes and goes


@pytest.mark.parametrize(
    ("desktop", "cure"),
    [("ubuntu:GNOME", "sudo apt install gnome-shell-extension-appindicator"), ("", "Start a panel with a tray")],
)
def test_without_a_host_the_cure_is_told_once_and_the_console_goes_on(start, host, monkeypatch, desktop, cure):
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    program = start(host)
    program.wait_for(cure)
    program.wait_for("1 open.\n")
    host.documents = statuspage(trouble(2), trouble(1))
    text = program.wait_for("Incident : Trouble 2")
    assert text.count(cure) == 1
    assert program.end() == 0


def test_a_host_that_comes_later_gets_the_icon(start, host, session_bus_address):
    program = start(host)
    program.wait_for("1 open.\n")
    watcher = Watcher(session_bus_address)
    try:
        wait_for_look(watcher.item(), Impact.MINOR, 1)
    finally:
        watcher.close()


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent/bus"])
def test_without_a_bus_it_says_so_and_the_console_goes_on(host, address):
    environment = {
        "DBUS_SESSION_BUS_ADDRESS": address,
        "DISPLAY": "",
        "WAYLAND_DISPLAY": "",
        "XDG_RUNTIME_DIR": "/nonexistent",
    }
    with Program("--page", host.url, "--interval", "1", environment=environment) as program:
        program.wait_for("1 open.\n")
        host.documents = statuspage(trouble(2), trouble(1))
        program.wait_for("Incident : Trouble 2")
        assert program.out.count("no session bus") == 1
        assert program.end() == 0
        assert "Traceback" not in program.err


def test_a_bus_that_dies_does_not_end_the_program(start, watcher, host, desktop_bus):
    program = start(host)
    watcher.item()
    program.wait_for("1 open.\n")
    desktop_bus.process.kill()
    host.documents = statuspage(trouble(2), trouble(1))
    program.wait_for("Incident : Trouble 2")
    assert program.end() == 0
    assert "Traceback" not in program.err


@pytest.mark.parametrize("number", [signal.SIGTERM, None], ids=["told to end", "only the bus goes"])
def test_a_log_out_ends_what_a_login_started_and_the_next_session_gets_its_icon(
    watcher, host, desktop_bus, tmp_path, number
):
    """A session writes what its programs print into a file, and takes the bus away at its end."""
    command = [*TRAY_STATUS, "--page", host.url, "--interval", "1"]
    with (tmp_path / "session-errors").open("w+") as printed:
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=printed, stderr=printed) as process:
            watcher.item()
            host.wait_until_asked(3)
            began = time.monotonic()
            if number is not None:
                process.send_signal(number)
            desktop_bus.process.kill()
            assert process.wait(PATIENCE) == 0
            assert time.monotonic() - began < 1.5
        printed.seek(0)
        assert "Traceback" not in printed.read()
    with (
        private_bus(tmp_path) as bus,
        Program("--page", host.url, environment={"DBUS_SESSION_BUS_ADDRESS": bus.address}),
    ):
        panel = Watcher(bus.address)
        try:
            wait_for_look(panel.item(), Impact.MINOR, 1)
        finally:
            panel.close()


def test_one_that_outlives_its_session_leaves_the_icon_to_the_next(start, watcher, host, desktop_bus, tmp_path):
    first = start(host)
    watcher.item()
    first.wait_for("1 open.\n")
    desktop_bus.process.kill()
    with private_bus(tmp_path) as bus:
        environment = {"DBUS_SESSION_BUS_ADDRESS": bus.address}
        panel = Watcher(bus.address)
        try:
            wait_until(lambda: second_has_icon(host, environment, panel), "the icon of the second", PATIENCE)
            assert first.running
        finally:
            panel.close()


def second_has_icon(host, environment, panel) -> bool:
    """Start it again; right after the bus went, the first one may not have let go of the icon yet."""
    with Program("--page", host.url, environment=environment) as second:
        wait_until(lambda: panel.services or not second.running, "an icon or an end", PATIENCE)
        return bool(panel.services)


def test_a_second_start_shows_what_the_first_one_knows_and_ends(start, watcher, host):
    over = update("u8", at="2026-01-01T10:00:00Z"), update("u9", "resolved", "Over.", at="2026-01-01T11:00:00Z")
    host.documents = statuspage(trouble(1), incident("inc0", *over, name="Lost mail"))
    first = start(host)
    watcher.item()
    first.wait_for("1 open.\n")
    asked = len(host.asked)
    second = start(host, interval="3600")
    assert second.wait() == 0
    assert "Tray Status is running already" in second.out
    assert "Trouble 1" in second.out
    assert second.out.endswith("Lately:\nAcme: Lost mail (Minor, Resolved)\n")
    assert first.running
    assert len(watcher.services) == 1
    assert len(host.asked) <= asked + 6, "only the first one polls"


def test_a_second_start_tells_of_the_pages_that_the_first_one_watches_whatever_its_own_settings_say(
    start, watcher, host, tmp_path
):
    first = start(host)
    watcher.item()
    first.wait_for("1 open.\n")
    settings = tmp_path / "other.toml"
    settings.write_text('[[pages]]\nname = "Nowhere"\nurl = "http://127.0.0.1:9"\n')
    with Program("--config", str(settings)) as second:
        assert second.wait() == 0
    assert "Trouble 1" in second.out
    assert "Nowhere" not in second.out
    assert "1 incident tracked on 1 page, 1 open." in second.out


def test_a_second_start_watches_the_named_pages_that_the_first_one_does_not(start, watcher, host):
    first = start(host)
    watcher.item()
    first.wait_for("1 open.\n")
    with StatusHost(statuspage(incident("inc7", update("u7"), name="Elsewhere"))) as other:
        second = start(other)
        second.wait_for("1 open.\n")
        assert "Tray Status is running already" in second.out
        assert "Elsewhere" in second.out
        assert other.asked
        assert second.end() == 0
    assert len(watcher.services) == 1


def test_after_kill_9_the_next_start_gets_the_icon(start, watcher, host):
    first = start(host)
    watcher.item()
    first.wait_for("1 open.\n")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    second = start(host)
    second.wait_for("1 open.\n")
    wait_until(lambda: len(watcher.registrations) == 2, "the second icon", PATIENCE)
