"""Windows and macOS, as far as they can be played here: what is imported there must need nothing of POSIX or Linux."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PLAYED = """
import importlib.abc, pkgutil, sys
# What Python and libraries have of their own for each system is not what is tried.
import asyncio, ctypes, http.client, logging.handlers, multiprocessing, shutil, sqlite3, subprocess, sysconfig, tempfile, webbrowser
import django, django.conf, feedparser, filelock, msgspec, nh3, PIL.Image, platformdirs, requests, tomlkit, truststore, waitress.server
sysconfig.get_config_vars()

sys.platform = sys.argv[1]
missing = set(sys.argv[2].split())

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import tray_status

failed = []
for module in pkgutil.walk_packages(tray_status.__path__, "tray_status."):
    if module.name.endswith("__main__") or module.name in sys.argv[3].split():
        continue
    try:
        __import__(module.name)
    except Exception as error:
        failed.append(f"{module.name}: {error!r}")
print("\\n".join(failed))
"""

LINUX_ALONE = (
    "tray_status.tray.sni tray_status.tray.dbusmenu tray_status.tray.dbusmenu_nodes"
    " tray_status.outputs.notifications.freedesktop tray_status.wsgi tray_status.web.settings"
)
"""Chosen on Linux only; and what configures Django when it is imported."""


@pytest.mark.parametrize(
    ("platform", "missing"),
    [
        ("win32", "fcntl pwd grp resource termios tty pty syslog dbus_fast gi Xlib"),
        ("darwin", "dbus_fast gi Xlib winreg msvcrt"),
    ],
)
def test_every_module_can_be_imported_where_linux_is_not(platform, missing):
    run = subprocess.run(
        [sys.executable, "-c", PLAYED, platform, missing, LINUX_ALONE],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == ""
