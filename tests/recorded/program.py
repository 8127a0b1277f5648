"""The program as a person runs it, asked once for what is open, and its answer taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.loopback import StatusHost
from tests.program.running import blocks, finished


@dataclass(frozen=True)
class Told:
    """What a listing said."""

    blocks: list[dict[str, str]]
    """Each open incident, label → text without its line breaks; the time under `at`."""
    watched: str
    """The page's name in the banner."""
    last_line: str


def run_once(documents: Mapping[str, Any]) -> Told:
    """Run `--console --once` over a page that serves these documents."""
    with StatusHost(documents) as host:
        run = finished("--console", "--once", "--page", host.url)
    assert (run.code, run.err) == (0, "")
    lines = run.out.rstrip().splitlines()
    (watched,) = (line.rpartition(": ")[2] for line in lines if "Watching" in line)
    told = [{key: " ".join(text.split()) for key, text in block.items()} for block in blocks(run.out)]
    return Told(told, watched, lines[-1])
