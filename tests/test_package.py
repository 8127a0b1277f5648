"""What the package promises of itself: what it needs, what it costs to start, and how it is put together."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loopback import StatusHost, statuspage

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "tray_status").rglob("*.py"))
NAMES = {"pillow": "PIL", "dbus-fast": "dbus_fast"}
"""Distributions whose import has another name."""

PROBE = """
import atexit, json, sys
atexit.register(lambda: open(sys.argv[1], "w").write(json.dumps(sorted(sys.modules))))
sys.argv[2:2] = []
options = sys.argv[2:]
from tray_status.cli import run
code = run(options)
sys.exit(code)
"""
WEB = {"django", "waitress"}
DESKTOP = {"pystray", "PIL", "dbus_fast", "plyer", "gi", "Xlib"}


def loaded_by(tmp_path, *options, environment=None):
    """The top names of all modules that a run has loaded in the end."""
    told = tmp_path / "modules.json"
    command = [sys.executable, "-c", PROBE, str(told), *options]
    subprocess.run(
        command, cwd=ROOT, check=True, timeout=60, capture_output=True, env={**os.environ, **(environment or {})}
    )
    return {name.partition(".")[0] for name in json.loads(told.read_text())}


def project():
    tomllib = pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_console_loads_nothing_of_desktop_and_browser(tmp_path):
    with StatusHost(statuspage()) as host:
        loaded = loaded_by(tmp_path, "--console", "--once", "--page", host.url)
    assert "requests" in loaded
    assert not loaded & (WEB | DESKTOP | {"tomlkit"})


@pytest.mark.skipif(sys.platform == "win32", reason="the tray is ended by a POSIX signal")
def test_the_tray_alone_never_loads_django(tmp_path):
    """The tray with all that it needs; a timer ends it once it has read its page."""
    told = tmp_path / "modules.json"
    ending = "import os, signal, threading, time\n" + PROBE.replace(
        "code = run(options)",
        "def end():\n"
        "    while 'tray_status.desktop' not in sys.modules or not asked(): time.sleep(.05)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "asked = lambda: os.path.exists(sys.argv[1] + '.asked')\n"
        "threading.Thread(target=end, daemon=True).start()\n"
        "code = run(options)",
    )
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "DISPLAY": ""}
    with StatusHost(statuspage()) as host:
        command = [sys.executable, "-c", ending, str(told), "--page", host.url]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if "tracked on 1 page" in line:
                    Path(f"{told}.asked").touch()
            assert process.wait(30) == 0
    loaded = {name.partition(".")[0] for name in json.loads(told.read_text())}
    assert "tray_status" in loaded
    assert not loaded & WEB


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_load_next_to_nothing(tmp_path, option):
    loaded = loaded_by(tmp_path, option)
    assert not loaded & (WEB | DESKTOP | {"requests", "sqlite3", "tomlkit", "feedparser"})


def test_what_bars_run_every_few_seconds_loads_little(tmp_path):
    loaded = loaded_by(tmp_path, "bar", "waybar")
    assert "sqlite3" in loaded
    assert not loaded & (WEB | DESKTOP | {"requests", "urllib3", "tomlkit", "feedparser", "rapidfuzz"})


def test_every_foreign_module_is_declared_and_every_declared_one_is_used():
    imported = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                imported.add(node.module.partition(".")[0])
    foreign = imported - sys.stdlib_module_names - {"tray_status", "tomllib", "winreg", "_typeshed"}
    extras = [each for name, rows in project()["optional-dependencies"].items() if name != "test" for each in rows]
    declared = {re.split(r"[<>=;\s]", each)[0] for each in (*project()["dependencies"], *extras)}
    assert {NAMES.get(each, each) for each in declared} == foreign - {"gi", "Xlib"}


def test_nothing_of_this_workplace_is_named_in_the_sources():
    for source in SOURCES:
        assert not re.search(r"/(work|root|home|tmp)/", source.read_text(encoding="utf-8")), source
