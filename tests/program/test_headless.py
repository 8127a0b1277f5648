"""`run --no-tray`: what a service manager hears, signals, and reloading."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.waiting import wait_until
from tray_status.system.service import ServiceManager

from .running import ROOT, TRAY_STATUS, Program, finished

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="service managers of this kind are of POSIX")

AT_MOST = 1.0


class Manager:
    """What stands behind NOTIFY_SOCKET."""

    def __init__(self, address, told):
        self.told = told
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)
        self._heard = ""

    @property
    def heard(self):
        while True:
            try:
                self._heard += self._socket.recv(4096).decode() + "\n"
            except BlockingIOError:
                return self._heard

    def wait_for(self, text, times=1):
        wait_until(lambda: self.heard.count(text) >= times, f"{text} in {self._heard}")


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    if request.param == "path":
        path = str(tmp_path / "notify")
        serving = Manager(path, path)
    elif sys.platform != "linux":
        pytest.skip("abstract sockets are of Linux")
    else:
        name = f"tray-status-test-{os.getpid()}"
        serving = Manager(f"\0{name}", f"@{name}")
    yield serving
    serving._socket.close()


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("inc1", update("u1"))), etags=True) as serving:
        yield serving


@pytest.fixture
def home(tmp_path, monkeypatch, host):
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("TRAY_STATUS_HOME", str(folder))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    settle(folder, host, "Acme")
    return folder


def settle(folder, host, name):
    text = f'[[pages]]\nname = "{name}"\nurl = "{host.url}"\ninterval_seconds = 1\n'
    (folder / "config.toml").write_text(text, encoding="utf-8")


def test_a_service_manager_hears_that_it_is_ready_alive_and_stopping(home, host, manager):
    environment = {"NOTIFY_SOCKET": manager.told, "WATCHDOG_USEC": "2000000"}
    with Program("run", "--no-tray", environment=environment) as program:
        manager.wait_for("READY=1\nSTATUS=Watching 1 page\n")
        manager.wait_for("WATCHDOG=1\n", times=2)
        program.wait_for("1 open.\n")
        began = time.monotonic()
        assert program.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < AT_MOST
    assert manager.heard.endswith("STOPPING=1\n")
    assert program.err == ""


def test_it_is_ready_though_no_page_answers_and_ends_at_once(home, host, manager):
    host.hang()
    with Program("run", "--no-tray", environment={"NOTIFY_SOCKET": manager.told}) as program:
        manager.wait_for("READY=1")
        host.wait_until_asked()
        began = time.monotonic()
        assert program.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < AT_MOST
    assert "WATCHDOG" not in manager.heard, "the manager did not ask for signs of life"


def test_sighup_reads_the_settings_anew_and_polls_at_once(home, host):
    settle(home, host, "Acme")
    with Program("run", "--no-tray", "--interval", "3600") as program:
        program.wait_for("1 open.\n")
        settle(home, host, "Acme Corp")
        host.documents = statuspage(incident("inc1", update("u1"), update("u2", "identified", "Found it.")))
        program.send(signal.SIGHUP)
        program.wait_for("Watching 1 page: Acme Corp")
        program.wait_for("Found it.")
        assert program.end() == 0


def test_it_says_the_same_as_the_console_and_as_lines_of_json(home, host):
    with Program("run", "--no-tray", "--json") as program:
        program.wait_for('"kind": "opened"')
        assert program.end() == 0
    refused = finished("--once", "run")
    assert refused.code == 2
    assert "--once has no meaning" in refused.err


def test_a_reader_that_leaves_does_not_end_a_service(home, host):
    command = [*TRAY_STATUS, "run", "--no-tray"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as service:
        try:
            assert service.stdout.readline()
            service.stdout.close()
            host.documents = statuspage(incident("inc2", update("u9")))
            host.wait_until_asked(len(host.asked) + 4)
            assert service.poll() is None
        finally:
            service.kill()


def test_no_sign_of_life_is_given_to_a_manager_that_wants_none_of_ours(tmp_path):
    manager = Manager(str(tmp_path / "notify"), str(tmp_path / "notify"))
    for told in ({}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "9", "WATCHDOG_PID": "1"}):
        ServiceManager({"NOTIFY_SOCKET": manager.told, **told}).alive()
    assert manager.heard == ""
    ours = {"NOTIFY_SOCKET": manager.told, "WATCHDOG_USEC": "10000000", "WATCHDOG_PID": str(os.getpid())}
    times = [0.0, 1.0, 4.9, 5.0, 9.0]
    service = ServiceManager(ours, monotonic=lambda: times.pop(0))
    while times:
        service.alive()
    assert manager.heard.count("WATCHDOG=1") == 2, "every half of what the manager waits"
    for told in ({"NOTIFY_SOCKET": "relative"}, {"NOTIFY_SOCKET": str(tmp_path / "gone")}, {}):
        ServiceManager(told).ready("nobody hears it")
