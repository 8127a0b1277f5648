"""The whole program and its notices: one for each update, in place, and never twice."""

from __future__ import annotations

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.program.running import Program, finished
from tests.waiting import wait_until
from tray_status.core.wishes import Wish
from tray_status.store import Store

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

    def started(host: StatusHost, *more: str, **environment: str) -> Program:
        programs.append(Program("--page", host.url, "--interval", "1", *more, environment=environment))
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


def test_notices_speak_this_persons_language_and_the_console_does_not(start, watcher, notification_daemon, host):
    program = start(host, LANGUAGE="fr:de")
    (opened,) = notification_daemon.wait_for(1)
    assert (opened.title, "En cours d'analyse · Mineur" in opened.body) == ("Acme: nouvel incident", True)
    program.wait_for("Impact   : Minor  |  State: Investigating")
    item = watcher.item()
    wait_until(lambda: item.menu().labels[0] == "1 incident en cours, au pire : Mineur", "the menu in French", 20.0)
    assert item.menu().has("Vérifier maintenant")
    assert "Perturbation mineure" in str(item.properties()["ToolTip"])


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


def wishes(folder):
    store = Store.open(folder / "tray-status.sqlite3", read_only=True)
    found = [(each.wish, each.incident_id) for each in store.wishes.all()]
    store.close()
    return found


def test_the_buttons_of_a_notice_work_and_calm_what_they_are_about(
    start, watcher, notification_daemon, host, tmp_path
):
    program = start(host)
    (opened,) = notification_daemon.wait_for(1)
    assert list(opened.actions.values())[-2:] == ["Acknowledge", "Mute 1 h"]

    def acknowledged():
        notification_daemon.invoke(opened.id, "acknowledge")  # again, should it have come before the notice's number
        return wishes(tmp_path / "home") == [(Wish.ACKNOWLEDGE, "inc1")]

    wait_until(acknowledged, "the wish")
    wait_until(lambda: not notification_daemon.on_screen, "the notice is taken away")
    host.documents = statuspage(incident("inc1", FIRST, FOUND))
    program.wait_for("A cable.")
    host.documents = statuspage(incident("inc1", FIRST, FOUND, FIXED))
    assert notification_daemon.wait_for(2)[-1].title == "Acme: resolved"


def test_what_another_process_mutes_is_not_told(start, watcher, notification_daemon, host):
    program = start(host)
    notification_daemon.wait_for(1)
    assert finished("mute", host.url).code == 0
    host.documents = statuspage(incident("inc1", FIRST, FOUND))
    program.wait_for("A cable.")
    assert finished("unmute", host.url).code == 0
    host.documents = statuspage(incident("inc1", FIRST, FOUND, FIXED))
    assert notification_daemon.wait_for(2)[-1].title == "Acme: resolved"


def test_the_very_first_start_greets_and_no_other(watcher, notification_daemon, host, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text(f'poll_interval_seconds = 1\n[[pages]]\nname = "Acme"\nurl = "{host.url}"\n')
    with Program() as program:
        greeting, opened = notification_daemon.wait_for(2)
        assert greeting.title == "Tray Status is watching"
        assert greeting.body.startswith("Acme. Its icon is in the tray")
        assert list(greeting.actions.values()) == ["Choose pages…", "Start at login"]
        assert opened.title == "Acme: new incident"
        assert program.end() == 0
    with Program() as program:
        program.wait_for("1 open.\n")
        host.documents = statuspage(incident("inc1", FIRST, FOUND))
        assert notification_daemon.wait_for(3)[-1].title == "Acme: update"
        assert program.end() == 0


def test_one_of_each_kind_can_be_seen_without_any_trace(watcher, notification_daemon, tmp_path):
    run = finished("test-notification")
    assert run.code == 0
    assert run.out.startswith("Notices go through freedesktop. The service can: ")
    shown = notification_daemon.shown
    assert len(shown) == run.out.count("Shown: ") == 10
    assert all("test" in f"{each.title} {each.body}".lower() for each in shown)
    assert {each.hints["urgency"] for each in shown} == {0, 1, 2}
    assert not (tmp_path / "home").exists()


def test_where_none_can_be_shown_the_cure_is_told(desktop_bus):
    run = finished("test-notification")
    assert (run.code, "sudo apt install dunst" in run.err) == (1, True)
