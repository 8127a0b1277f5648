"""`tray-status login`: one clear line for whatever stands there, and the exit codes of the contract."""

from __future__ import annotations

import sys

import pytest

from tests.program.running import finished
from tray_status.system.login import place_here
from tray_status.system.login.linux import read_desktop_entry

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it would change the person's own start at login")


class Login:
    """The command in a configuration folder of its own."""

    def __init__(self, folder):
        self.environment = {"XDG_CONFIG_HOME": str(folder)}
        self.file = folder / "autostart" / "tray-status.desktop"

    def run(self, *arguments, code=0):
        """What it says: on stdout where it ends well, on stderr otherwise; always one line."""
        done = finished(*arguments[:-1], "login", arguments[-1], environment=self.environment)
        assert done.code == code, done.out + done.err
        said, silent = (done.out, done.err) if code == 0 else (done.err, done.out)
        assert silent == ""
        assert said.endswith("\n")
        assert said.count("\n") == 1
        return said.rstrip("\n")

    def command(self):
        return read_desktop_entry(self.file.read_text()).command


@pytest.fixture
def login(tmp_path):
    return Login(tmp_path / "config")


def test_it_is_switched_on_asked_for_and_switched_off(login):
    assert login.run("status") == "Tray Status does not start at login. `tray-status login enable` changes that."
    assert login.run("enable") == f"Tray Status starts at login from now on ({login.file})."
    assert login.run("status") == f"Tray Status starts at login ({login.file})."
    assert login.run("enable") == f"Tray Status starts at login already ({login.file})."
    assert login.run("disable") == f"Tray Status does not start at login any more; removed {login.file}."
    assert not login.file.exists()
    assert login.run("disable") == "Tray Status does not start at login; there was nothing to remove."


def test_the_place_is_the_one_that_the_program_uses_here(login):
    assert place_here(login.environment).name == str(login.file)


@pytest.mark.parametrize("by", ["option", "environment"])
def test_home_and_settings_of_this_call_are_what_a_login_uses(login, tmp_path, by):
    home, settings = tmp_path / "my 100% home", tmp_path / "my.toml"
    given = ["--config", str(settings)]
    if by == "option":
        given += ["--home", str(home)]
    else:
        login.environment["TRAY_STATUS_HOME"] = str(home)
    login.run(*given, "enable")
    assert login.command()[1:] == ("--home", str(home), "--config", str(settings))
    assert login.run(*given, "status") == f"Tray Status starts at login ({login.file})."
    assert "starts this installation with other settings: " in login.run("--home", "/elsewhere", "status")


def test_another_installation_is_told_and_replaced(login):
    login.run("enable")
    ours = login.file.read_text()
    login.file.write_text(ours.replace("Exec=/", "Exec=/elsewhere/"))
    assert "starts another installation: /elsewhere/" in login.run("status")
    assert "Until now it started another installation: /elsewhere/" in login.run("enable")
    assert login.file.read_text() == ours


def test_an_entry_that_a_desktop_switched_off_is_told(login):
    login.run("enable")
    with login.file.open("a") as file:
        file.write("Hidden=true\n")
    assert f"does not start at login: {login.file} is switched off" in login.run("status")


def test_an_autostart_folder_that_is_a_file_is_told_with_the_cure(login):
    login.file.parent.parent.mkdir()
    login.file.parent.touch()
    cure = f"{login.file.parent} is not a folder; move it away"
    assert login.run("enable", code=1) == f"tray-status: {login.file} cannot be written: {cure}"
    assert login.run("disable") == "Tray Status does not start at login; there was nothing to remove."
    assert login.run("status").startswith("Tray Status does not start at login.")


def test_what_cannot_be_read_is_told_without_failing(login):
    login.file.mkdir(parents=True)
    assert login.run("status").startswith("Whether Tray Status starts at login cannot be told: ")
    assert login.run("disable", code=1).endswith("is a folder; move it away")


@pytest.mark.parametrize("arguments", [(), ("on",)])
def test_wrong_usage_ends_with_code_2(login, arguments):
    done = finished("login", *arguments, environment=login.environment)
    assert done.code == 2
    assert "enable" in done.err
