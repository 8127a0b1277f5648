"""The program as a person runs it, asked once for what is open, and its answer taken apart."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.loopback import StatusHost

_HEAD = re.compile(r"^\[(?P<at>[^\]]+)\] Incident : ")
_FIELD = re.compile(r"^ +(Product|Impact|Status) +: ")


@dataclass(frozen=True)
class Told:
    """What a listing said."""

    blocks: list[dict[str, str]]
    """Each open incident: `at`, `Incident`, `Product`, `Impact` and `Status`, without the line breaks."""
    watched: str
    """The page's name in the banner."""
    last_line: str


def run_once(documents: Mapping[str, Any]) -> Told:
    """Run `--console --once` over a page that serves these documents."""
    with StatusHost(documents) as host:
        command = [sys.executable, "-m", "tray_status", "--console", "--once", "--page", host.url]
        environment = {**os.environ, "TZ": "UTC", "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(command, env=environment, capture_output=True, timeout=60, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    lines = done.stdout.rstrip().splitlines()
    (watched,) = (line.rpartition(": ")[2] for line in lines if "Watching" in line)
    return Told(_blocks(lines), watched, lines[-1])


def _blocks(lines: list[str]) -> list[dict[str, str]]:
    blocks: list[dict[str, str]] = []
    field = ""
    for line in lines:
        if head := _HEAD.match(line):
            blocks.append({"at": head["at"], "Incident": line[head.end() :]})
            field = "Incident"
        elif line.startswith("---"):
            field = ""
        elif match := _FIELD.match(line):
            field = match[1]
            blocks[-1][field] = line[match.end() :]
        elif field:
            blocks[-1][field] += " " + line
    return [{key: " ".join(value.split()) for key, value in block.items()} for block in blocks]
