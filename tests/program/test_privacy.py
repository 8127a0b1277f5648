"""Whom the program contacts, and where it keeps what it knows: as the guide on privacy says it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.guides import ROOT
from tests.loopback import StatusHost, incident, statuspage, update

GUIDE = (ROOT / ".github" / "PRIVACY.md").read_text(encoding="utf-8")

WATCHED = """
import atexit, json, sys
seen = []

def watch(event, told):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        sock, address = told[0], told[-1]
        seen.append([event, sock.family.name, sock.type.name, repr(address) if isinstance(address, str) else list(address)])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        seen.append([event, None, None, [str(each) for each in told]])
    elif event in ("subprocess.Popen", "os.system", "webbrowser.open", "urllib.Request"):
        seen.append([event, None, None, [str(each) for each in told]])

sys.addaudithook(watch)
atexit.register(lambda: open(sys.argv[1], "w").write(json.dumps(seen)))
options, sys.argv[2:] = sys.argv[2:], []
from tray_status.cli import run
sys.exit(run(options))
"""
"""The program, with each connection, each look-up of a name and each other program that it starts written down."""

NOBODY = {"192.0.2.1", "2001:db8::1"}
"""A datagram socket is pointed there to find out whether there is a route; nothing is sent."""


def contacts(tmp_path, *options):
    """The hosts, with ports, that a run connected to, and the names that it looked up."""
    told = tmp_path / "contacts.json"
    command = [sys.executable, "-c", WATCHED, str(told), *options]
    run = subprocess.run(command, cwd=ROOT, env={**os.environ, "TZ": "UTC"}, capture_output=True, timeout=120)
    assert b"Traceback" not in run.stderr, run.stderr
    connected, looked_up = set(), set()
    for event, family, kind, address in json.loads(told.read_text()):
        if event in ("socket.getaddrinfo", "socket.gethostbyname"):
            looked_up.add(address[0])
        elif event == "socket.connect" and kind == "SOCK_DGRAM" and address[0] in NOBODY:
            continue
        elif event == "socket.connect" and family in ("AF_INET", "AF_INET6"):
            connected.add((address[0], address[1]))
        else:
            raise AssertionError(f"{event}: {family} {kind} {address}")
    return connected, looked_up


def of(host):
    parts = urlsplit(host.url)
    return parts.hostname, parts.port


def test_only_the_watched_pages_are_contacted(tmp_path):
    with StatusHost(statuspage(incident("inc1", update("u1")))) as one, StatusHost(statuspage()) as two:
        connected, looked_up = contacts(tmp_path, "--console", "--once", "--page", one.url, "--page", two.url)
        assert connected == {of(one), of(two)}
        assert looked_up <= {"127.0.0.1"}
        assert contacts(tmp_path, "status", "--page", one.url)[0] == {of(one)}


def test_nobody_else_is_asked_where_a_page_cannot_be_read(tmp_path):
    with StatusHost(statuspage()) as well, StatusHost() as silent:
        silent.silent = True
        connected, looked_up = contacts(tmp_path, "--console", "--once", "--page", silent.url, "--page", well.url)
        assert connected <= {of(silent), of(well)}
        assert looked_up <= {"127.0.0.1"}


@pytest.mark.parametrize(
    "options",
    [
        ("--version",),
        ("list",),
        ("search", "openai"),
        ("events",),
        ("attention",),
        ("bar", "waybar"),
        ("config", "check"),
        ("catalogue", "path"),
        ("export",),
    ],
    ids=" ".join,
)
def test_what_needs_no_page_contacts_nobody(tmp_path, options):
    assert contacts(tmp_path, *options) == (set(), set())


@pytest.mark.parametrize(
    ("module", "name", "column"),
    [
        ("platformdirs.unix", "Unix", 2),
        ("platformdirs.macos", "MacOS", 3),
        ("platformdirs.windows", "Windows", 4),
    ],
)
def test_what_is_kept_is_where_the_guide_says(module, name, column, monkeypatch):
    platformdirs = pytest.importorskip(module)
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(platformdirs, "get_win_folder", lambda _: r"%LOCALAPPDATA%", raising=False)
    folders = getattr(platformdirs, name)("tray-status", appauthor=False)
    rows = [[cell.strip() for cell in line.split("|")] for line in GUIDE.splitlines() if line.startswith("|")]
    told = {
        what: next(row[column] for row in rows if row[1].startswith(what)) for what in ("settings", "history", "log")
    }
    for what, folder in (
        ("settings", folders.user_config_dir),
        ("history", folders.user_data_dir),
        ("log", folders.user_log_dir),
    ):
        here = folder.replace(str(Path.home()), "~").replace("/", "\\" if name == "Windows" else "/")
        named = told["settings"] if told[what] == "the same" else told[what]
        assert re.sub(r"`", "", named) == here, what
