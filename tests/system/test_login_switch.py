"""Start at login as a switch: on, off, switched off by others, and entries of other installations."""

from __future__ import annotations

import os

import pytest

from tray_status.system.login import CannotStartAtLogin, Start, StartAtLogin, place_here
from tray_status.system.login.linux import Autostart, desktop_entry

OURS = ("/opt/ours/bin/tray-status",)
HOME = ("--home", "/srv/ours")


@pytest.fixture
def place(tmp_path):
    return Autostart({"XDG_CONFIG_HOME": str(tmp_path)})


@pytest.fixture
def login(place):
    return StartAtLogin(place, OURS, HOME)


def test_it_is_off_until_it_is_switched_on_and_after_it_is_switched_off(login, place):
    assert (login.standing().start, login.is_on()) == (Start.NOTHING, False)
    assert login.enable().start is Start.NOTHING
    assert (login.standing().start, login.is_on()) == (Start.THIS, True)
    assert login.standing().command == (*OURS, *HOME)
    assert login.disable().start is Start.THIS
    assert (login.standing().start, login.is_on()) == (Start.NOTHING, False)
    assert not place.path.exists()


def test_switching_on_twice_leaves_the_file_as_it_is(login, place):
    login.enable()
    before = place.path.stat()
    assert login.enable().start is Start.THIS
    assert place.path.stat() == before


def test_switching_off_twice_is_no_mistake(login):
    assert login.disable().start is Start.NOTHING


@pytest.mark.parametrize("line", ["Hidden=true\n", "X-GNOME-Autostart-enabled=false\n"])
def test_what_a_desktop_switched_off_is_off_and_can_be_switched_on(login, place, line):
    login.enable()
    kept = place.path.read_text().replace("X-GNOME-Autostart-enabled=true\n", "")
    place.path.write_text(kept + line)
    assert (login.standing().start, login.is_on()) == (Start.OFF, False)
    assert login.enable().start is Start.OFF
    assert login.is_on()


def test_another_installation_is_told_and_replaced(login, place):
    place.write(["/opt/theirs/bin/tray-status", "--home", "/srv/theirs"])
    standing = login.standing()
    assert (standing.start, login.is_on()) == (Start.OTHER, False)
    words = "another installation: /opt/theirs/bin/tray-status --home /srv/theirs (which is not there any more)"
    assert standing.instead == words
    assert login.enable() == standing
    assert login.is_on()


def test_another_installation_that_is_there_is_not_said_to_be_gone(login, place, tmp_path):
    theirs = tmp_path / "tray-status"
    theirs.touch(mode=0o755)
    place.write([str(theirs)])
    assert login.standing().instead == f"another installation: {theirs}"


def test_another_installation_that_is_named_without_a_folder_is_looked_for_as_desktops_do(
    login, place, tmp_path, monkeypatch
):
    (tmp_path / "tray-status").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    place.write(["tray-status"])
    assert login.standing().instead == "another installation: tray-status"


@pytest.mark.parametrize(
    "options", [(), ("--home", "/srv/theirs"), (*HOME, "--config", "/x.toml"), (*HOME, "--home=/x")]
)
def test_this_installation_with_other_settings_is_told_too(login, place, options):
    place.write([*OURS, *options])
    assert login.standing().start is Start.OTHER_SETTINGS
    assert login.standing().instead.startswith("this installation with other settings: /opt/ours")
    login.enable()
    assert login.is_on()


def test_options_added_by_hand_stay(login, place):
    place.write([*OURS, *HOME, "--page", "github", "--interval=30"])
    text = place.path.read_text()
    assert login.is_on()
    login.enable()
    assert place.path.read_text() == text


def test_switching_off_removes_the_entry_of_another_installation(login, place):
    place.write(["/opt/theirs/bin/tray-status"])
    assert login.disable().start is Start.OTHER
    assert not place.path.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[Desktop Entry]\nHidden=true\n"])
def test_a_file_from_which_nothing_can_be_read_is_off_and_is_replaced(login, place, content):
    place.path.parent.mkdir()
    place.path.write_bytes(content)
    assert login.standing().start is Start.OFF
    assert login.standing().instead == ""
    login.enable()
    assert login.is_on()


def test_what_another_file_says_is_one_printable_line(login, place):
    place.path.parent.mkdir()
    place.path.write_text(desktop_entry(["/opt/\x1b[31mred\nline\u202e/x", "--home", "/srv"]))
    assert login.standing().instead.isprintable()


def test_a_copy_that_is_not_installed_says_how_to_install_it_and_changes_nothing(place):
    login = StartAtLogin(place, None)
    with pytest.raises(CannotStartAtLogin, match=r"not installed.*pip install"):
        login.enable()
    assert not place.path.exists()
    place.write(OURS)
    assert login.standing().start is Start.OTHER
    login.disable()
    assert not place.path.exists()


def test_where_nothing_can_be_read_it_is_not_on_and_the_reason_is_told(login, place):
    place.path.mkdir(parents=True)
    assert not login.is_on()
    for action in (login.standing, login.enable, login.disable):
        with pytest.raises(CannotStartAtLogin, match="move it away"):
            action()


def test_looking_at_this_systems_place_makes_nothing(tmp_path):
    here = place_here({"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)})
    assert here.name
    assert os.listdir(tmp_path) == []
