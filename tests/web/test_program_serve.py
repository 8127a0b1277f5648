"""`--serve` as a process."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.loopback import SUMMARY, StatusHost, incident, statuspage, update
from tests.program.running import PATIENCE, Program, finished
from tests.waiting import wait_until

from .showing import ask


def serve(host, *more):
    return Program("--serve", "--port", "0", "--page", host.url, *more)


def watch(host):
    return Program("--console", "--interval", "3600", "--page", host.url)


def test_serving_prints_its_address_and_each_event(tmp_path):
    first = incident("inc1", update("u1"))
    with StatusHost(statuspage(first), etags=True) as host, serve(host, "--interval", "1") as program:
        text = program.wait_for("1 open.\n")
        assert "Tray Status — Server Mode" in text
        address = text.split("Status page: ")[1].split()[0]
        assert address.startswith("http://127.0.0.1:")
        assert "Elevated errors" in ask(address)[2]
        host.documents.update(statuspage(incident("inc2", update("u2"), name="Slow logins"), first))
        program.wait_for("Incident : Slow logins")
        assert "Slow logins" in ask(address)[2]
        began = time.monotonic()
        assert program.end() == 0
        assert time.monotonic() - began < 1
        assert program.err == ""
        assert program.out.count("Slow logins") == 1


def test_a_taken_port_ends_the_program_with_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        program = finished("--serve", "--port", str(port), "--page", "http://127.0.0.1:9")
        assert program.code == 1
        assert f"port {port} of 127.0.0.1 is taken" in program.err
        assert len(program.err.splitlines()) == 1


def test_listening_beyond_this_computer_is_said_aloud():
    with Program("--serve", "--host", "0.0.0.0", "--port", "0", "--page", "http://127.0.0.1:9") as program:
        text = program.wait_for(
            "It listens on 0.0.0.0, for others too, who need a password (any user name): it is in "
        )
        address = text.split("Status page: ")[1].split()[0]
        assert ask(address)[0] == 401
        password = Path(text.split("it is in ")[1].split(".\n")[0]).read_text().strip()
        assert "0 incidents" in ask(address, headers={"Authorization": f"Bearer {password}"})[2]
        assert program.end() == 0


def test_beside_another_process_it_follows_its_log_and_polls_nothing():
    first = incident("inc1", update("u1"))
    with StatusHost(statuspage(first)) as host, watch(host) as other:
        other.wait_for("1 open.\n")
        asked = len(host.asked)
        with Program("--serve", "--port", "0", "--page", host.url) as program:
            text = program.wait_for("1 open.\n")
            assert "Another Tray Status polls Acme" in text
            address = text.split("Status page: ")[1].split()[0]
            assert "Elevated errors" in ask(address)[2]
            assert len(host.asked) == asked
            program.end()


def test_djangos_own_server_polls_exactly_once_with_its_reloader(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with StatusHost(statuspage(incident("inc1", update("u1"))), etags=True) as host:
        home = tmp_path / "home"
        home.mkdir()
        (home / "config.toml").write_text(
            f'poll_interval_seconds = 3600\n[[pages]]\nname = "Acme"\nurl = "{host.url}"\n'
        )
        command = (sys.executable, "-m", "django", "runserver", "--settings", "tray_status.web.settings", str(port))
        with Program(command=command) as program:
            program.wait_for("1 open.\n")
            text = ask(f"http://127.0.0.1:{port}/")[2]
            assert "Elevated errors" in text
            assert "next check" in text
            assert host.paths.count(SUMMARY) == 1, "neither the reloader nor anybody else polls too"
            program.end()
        assert "Traceback" not in program.err


@pytest.mark.parametrize("more", [[], ["--noreload"]], ids=["with its reloader", "without"])
@pytest.mark.parametrize("wrong", ["poll_interval_seconds = 'often'\n", "x = ["])
def test_djangos_own_server_ends_with_one_line_where_the_settings_are_wrong(tmp_path, more, wrong):
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text(wrong)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    django = (sys.executable, "-m", "django", "runserver", "--settings", "tray_status.web.settings", *more, str(port))
    with Program(command=django) as program:
        assert program.wait() == 2
        assert "Traceback" not in program.out + program.err
        told = [line for line in program.err.splitlines() if line.startswith("tray-status: ")]
        assert len(told) == 1
        assert f"{home / 'config.toml'}, line 1: " in told[0]


def test_any_wsgi_server_ends_with_one_line_where_the_settings_are_wrong(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text("poll_interval_seconds = 0\n")
    with Program(command=(sys.executable, "-c", "import tray_status.wsgi")) as program:
        assert program.wait() == 2
        assert len(program.err.splitlines()) == 1


def test_the_demo_in_the_browser_shows_its_incidents_as_they_open():
    with Program("--demo", "--serve", "--port", "0") as program:
        address = program.wait_for("Status page: ").split("Status page: ")[1].split()[0]

        def shown():
            with urlopen(address, timeout=10) as answer:
                return answer.read().decode()

        wait_until(lambda: "Assistant answers slowly" in shown(), "what is open from the start", PATIENCE)
        text = wait_until(
            lambda: "Elevated error rates for databases" in (page := shown()) and page, "news", PATIENCE
        )
        for name in ("Nimbus Cloud", "Quillmind", "Parcelo", "Tidemark Pay", "Some connections to databases fail"):
            assert name in text
        assert program.end() == 0
        assert program.err == ""
