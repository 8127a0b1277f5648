"""`doctor` on desktops that have everything, and on those that do not; and the log file that it names."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from pathlib import Path

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.program.running import finished
from tray_status.commands.circumstances import proxies
from tray_status.system.logfile import BYTES, OLD_FILES, begin_log_file

HOME = "TRAY_STATUS_HOME"


def findings():
    run = finished("doctor", "--json")
    rows = json.loads(run.out)["findings"]
    assert run.code == (0 if all(row["well"] for row in rows) else 1)
    return {row["what"]: (row["well"], row["words"]) for row in rows}


def test_a_desktop_with_everything_is_well(desktop_bus, watcher, notification_daemon):
    found = findings()
    assert found["tray"][0]
    assert found["tray"][1].startswith("the icon can be shown, by ")
    assert found["notices"][0]
    assert found["notices"][1].startswith("notices can be shown (freedesktop), by ")
    assert "actions" in found["notices"][1]
    assert found["settings"] == (True, f"{os.environ[HOME]}/config.toml: 1 page")
    assert found["history"] == (True, f"{os.environ[HOME]}/tray-status.sqlite3 (nothing was kept yet)")
    assert found["log"][1].endswith("tray-status.log (nothing was logged yet)")


def test_a_desktop_without_panel_and_notification_service_gets_the_cures(desktop_bus):
    found = findings()
    assert found["tray"][0] is False
    assert "Start a panel with a tray" in found["tray"][1]
    assert found["notices"][0] is False
    assert "sudo apt install dunst" in found["notices"][1]


def test_what_was_kept_is_counted_and_damage_is_found(desktop_bus, watcher, notification_daemon):
    with StatusHost(statuspage(incident("inc1", update("u1"), update("u2")))) as host:
        assert finished("--console", "--once", "--page", host.url).code == 0
    well, words = findings()["history"]
    assert well
    assert "1 page, 1 incident, 2 updates, 1 event" in words
    log = Path(os.environ[HOME]) / "tray-status.log"
    assert "begins" in log.read_text("utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_wrong_settings_are_named(desktop_bus):
    home = Path(os.environ[HOME])
    home.mkdir()
    (home / "config.toml").write_text("poll_interval_seconds = 0\n")
    well, words = findings()["settings"]
    assert not well
    assert "config.toml, line 1" in words


@pytest.fixture
def log_file(tmp_path):
    """A log file of this process, as long as the test takes."""
    path = tmp_path / "logs" / "tray-status.log"
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    begin_log_file(path, verbose=False)
    yield path
    for handler in [each for each in root.handlers if each not in before]:
        handler.close()
        root.removeHandler(handler)
    root.setLevel(level)


def test_the_log_never_grows_beyond_its_bounds(log_file):
    for number in range(12):
        logging.getLogger("tray_status").info("%d %s", number, "x" * (BYTES // 2))
    files = sorted(log_file.parent.iterdir())
    assert len(files) == OLD_FILES + 1
    assert all(each.stat().st_size <= BYTES for each in files)
    assert log_file.read_text("utf-8").split("MainThread: ")[1].startswith(("10 ", "11 "))


def test_a_log_that_cannot_be_written_stops_nothing(log_file, capsys):
    log_file.parent.rmdir()
    log_file.parent.write_text("no folder")
    logging.getLogger("tray_status").warning("lost")
    assert "Traceback" not in capsys.readouterr().err


def network(monkeypatch, *lost, routed=True, urls=("https://status.acme.example", "https://status.zenith.example")):
    """What is said of the network where these names are not found."""
    from tray_status.commands.doctor import _network
    from tray_status.core.model import Page
    from tray_status.system import network as system

    class Home:
        def pages(self, _wanted):
            return [Page(url, url, url) for url in urls]

    monkeypatch.setattr(system, "has_route", lambda: routed)
    monkeypatch.setattr(system, "has_name", lambda host: host not in lost)
    finding = _network(Home())
    return finding.well, finding.words


def test_a_network_without_a_route_or_without_names_is_not_well(monkeypatch):
    assert network(monkeypatch) == (True, "there is a way to the internet, and names are found")
    assert network(monkeypatch, routed=False)[0] is False
    both = ("status.acme.example", "status.zenith.example")
    well, words = network(monkeypatch, *both)
    assert (well, "check the name server" in words) == (False, True)
    assert network(monkeypatch, both[0]) == (
        False, "there is a way to the internet, but these names are not found: status.acme.example",
    )  # fmt: skip
    assert network(monkeypatch, *both, urls=("http://127.0.0.1:8000",)) == (True, "there is a way to the internet")


def test_the_surroundings_are_told_and_no_password(desktop_bus, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.acme.example:3128")
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    found = findings()
    assert found["session"][1].startswith("wayland, GNOME, through SSH")
    assert found["proxies"] == (True, "HTTPS_PROXY http://***@proxy.acme.example:3128, NO_PROXY localhost")
    assert "OpenSSL" in found["trust"][1]
    assert found["clock"][1].startswith("UTC")
    assert "does not start at login" in found["login"][1]
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("http://proxy:8080", "HTTP_PROXY http://proxy:8080"),
        ("proxy.example", "HTTP_PROXY proxy.example"),
        ("socks5://u@proxy", "HTTP_PROXY socks5://***@proxy"),
        ("http://proxy:port", "HTTP_PROXY (not an address)"),
    ],
)
def test_a_proxy_is_told_without_whose_it_is(told, shown):
    assert proxies({"http_proxy": told}) == shown
