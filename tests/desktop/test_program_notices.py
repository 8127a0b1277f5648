"""The whole program and its notices: one for each update, in place, and never twice."""

from __future__ import annotations

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.program.running import Program
from tests.waiting import wait_until

FIRST = update("u1")
FOUND = update("u2", "identified", "A cable.", at="2026-03-01T12:05:00Z")
FIXED = update("u3", "resolved", "A new cable.", at="2026-03-01T12:10:00Z")


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("inc1", FIRST)), etags=True) as serving:
        yield serving


@pytest.fixture
def start(desktop_bus):
    programs: list[Program] = []

    def started(host: StatusHost, *more: str) -> Program:
        programs.append(Program("--page", host.url, "--interval", "1", *more))
        return programs[-1]

    yield started
    for program in programs:
        program.kill()


def test_what_is_open_at_the_first_start_is_announced_once_and_each_update_in_its_place(
    start, watcher, notification_daemon, host
):
    start(host)
    (opened,) = notification_daemon.wait_for(1)
    assert (opened.title, opened.body.splitlines()[0]) == ("Acme: new incident", "Elevated errors")
    host.documents = statuspage(incident("inc1", FIRST, FOUND))
    host_updated = notification_daemon.wait_for(2)[-1]
    assert (host_updated.title, host_updated.replaces) == ("Acme: update", opened.id)
    assert "A cable." in host_updated.body
    host.documents = statuspage(incident("inc1", FIRST, FOUND, FIXED))
    resolved = notification_daemon.wait_for(3)[-1]
    assert (resolved.title, resolved.replaces) == ("Acme: resolved", opened.id)
    assert len(notification_daemon.on_screen) == 1


def test_several_updates_between_two_polls_are_each_told_in_order(start, watcher, notification_daemon, host):
    start(host)
    notification_daemon.wait_for(1)
    host.documents = statuspage(incident("inc1", FIRST, FOUND, FIXED))
    assert [each.title for each in notification_daemon.wait_for(3)] == [
        "Acme: new incident",
        "Acme: update",
        "Acme: resolved",
    ]


def test_a_restart_announces_nothing_anew_and_what_came_meanwhile_once(start, watcher, notification_daemon, host):
    first = start(host)
    notification_daemon.wait_for(1)
    first.end()
    host.documents = statuspage(incident("inc1", FIRST, FOUND))
    second = start(host)
    assert notification_daemon.wait_for(2)[-1].title == "Acme: update"
    second.end()
    third = start(host)
    third.wait_for("1 open.\n")
    asked = len(host.asked)
    host.wait_until_asked(asked + 2)
    assert len(notification_daemon.shown) == 2


def test_killed_and_started_again_it_repeats_no_notice(start, watcher, notification_daemon, host):
    first = start(host)
    notification_daemon.wait_for(1)
    first.wait_for("1 open.\n")
    first.kill()
    second = start(host)
    second.wait_for("1 open.\n")
    asked = len(host.asked)
    host.wait_until_asked(asked + 2)
    assert len(notification_daemon.shown) <= 2, "at most the one whose telling was not noted yet"
    host.documents = statuspage(incident("inc1", FIRST, FOUND))
    wait_until(lambda: notification_daemon.shown[-1].title == "Acme: update", "the update")


def test_a_notice_that_is_being_shown_when_the_person_quits_is_not_repeated(
    start, watcher, notification_daemon, host
):
    notification_daemon.answers.clear()
    first = start(host)
    item = watcher.item()
    first.wait_for("1 open.\n")
    wait_until(lambda: "Notify" in notification_daemon.calls, "the call")
    item.click("Quit")
    wait_until(lambda: not watcher.services, "the icon's end")
    notification_daemon.answers.set()
    assert first.wait() == 0
    assert first.err == ""
    second = start(host)
    second.wait_for("1 open.\n")
    assert second.end() == 0
    assert len(notification_daemon.shown) == 1


def test_many_at_once_are_one_notice(start, watcher, notification_daemon, host):
    host.documents = statuspage(*(incident(f"inc{n}", update(f"u{n}"), name=f"Trouble {n}") for n in range(40)))
    program = start(host)
    program.wait_for("40 open.\n")
    (digest,) = notification_daemon.wait_for(1)
    assert digest.title == "40 updates on Acme"
    asked = len(host.asked)
    host.wait_until_asked(asked + 2)
    assert len(notification_daemon.shown) == 1


def test_without_a_service_the_cure_is_told_and_one_that_comes_later_gets_what_waits(
    start, watcher, host, session_bus_address
):
    from .daemon import NotificationDaemon

    program = start(host)
    program.wait_for("sudo apt install dunst")
    program.wait_for("1 open.\n")
    daemon = NotificationDaemon(session_bus_address)
    try:
        assert daemon.wait_for(1)[0].title == "Acme: new incident"
    finally:
        daemon.close()


def test_a_click_on_a_notice_opens_its_page(watcher, notification_daemon, host, tmp_path):
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{opened}"\n')
    browser.chmod(0o755)
    with Program("--page", host.url, "--interval", "1", environment={"BROWSER": str(browser)}):
        (shown,) = notification_daemon.wait_for(1)
        notification_daemon.invoke(shown.id)
        wait_until(lambda: opened.exists() and opened.read_text() == "https://stspg.io/inc1\n", "the page")
