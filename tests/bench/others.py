"""Other programs that ask many pages: `curl -Z`, `urlwatch`, `reader`. Each round is a process of theirs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .hosts import FEED, Hosts

PACKAGES = ("urlwatch", "reader[cli]", "sgmllib3k")
"""The last is a part of Python 2 that reader's own feedparser imports, and does not bring here."""


@dataclass(frozen=True)
class Run:
    """What one process took from its start to its end: seconds, and MiB at its height.

    The height is at least that of the process that started it: keep that small.
    """

    wall: float
    cpu: float
    peak: float
    output: str = ""


def run(command: Sequence[str], environment: dict[str, str], told: str = "") -> Run:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=errors)
        assert process.stdin is not None
        process.stdin.write(told.encode())
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        text, complaint = _all_of(output), _all_of(errors)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:3])} … failed: {complaint[-2000:]}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, text)


def _all_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


class Curl:
    """Keeps bodies and ETags in a folder, as a script would."""

    def __init__(self, served: Hosts, folder: Path) -> None:
        self._served = served
        self._folder = folder
        self._names: dict[str, str] = {}

    def round(self, urls: Sequence[str]) -> Run:
        parts = []
        for url in urls:
            name = str(self._folder / self._names.setdefault(url, str(len(self._names))))
            etags = [f'etag-save = "{name}.new"']
            if Path(f"{name}.etag").exists():
                etags.append(f'etag-compare = "{name}.etag"')
            parts.append("\n".join((f'url = "{url}"', f'output = "{name}"', *etags, 'write-out = "%{http_code} "')))
        done = run(
            ["curl", "--silent", "--parallel", "--parallel-max", "50", "--config", "-"],
            self._served.environment,
            "\nnext\n".join(parts),
        )
        assert set(done.output.split()) <= {"200", "304"}, done.output
        for new in self._folder.glob("*.new"):
            new.replace(new.with_suffix(".etag"))
        return done


class Urlwatch:
    """All in one run of it, with its own threads and its own cache, which knows ETags."""

    def __init__(self, python: Path, served: Hosts, folder: Path, urls: Sequence[str]) -> None:
        self._served = served
        jobs, config = folder / "urls.yaml", folder / "config.yaml"
        jobs.write_text("\n---\n".join(f"kind: url\nname: page {n}\nurl: {url}" for n, url in enumerate(urls)) + "\n")
        config.write_text(
            "display: {new: true, error: true, unchanged: false}\n"
            "report: {text: {line_length: 75, details: true, footer: false}, stdout: {enabled: true, color: false}}\n"
        )
        files = ["--urls", jobs, "--config", config, "--hooks", folder / "hooks.py", "--cache", folder / "cache.db"]
        self._command = [str(python.parent / "urlwatch"), *map(str, files)]

    def round(self) -> Run:
        return run(self._command, {**self._served.environment, "HOME": "/nonexistent"})


class Reader:
    """A library for feeds, through its own command, with as many threads as we have."""

    def __init__(self, python: Path, served: Hosts, folder: Path) -> None:
        self._served = served
        self._command = [str(python), "-m", "reader", "--db", str(folder / "reader.sqlite")]
        code = (
            "import json, sys, reader\n"
            "kept = reader.make_reader(sys.argv[1])\n"
            "for url in json.load(sys.stdin): kept.add_feed(url)\n"
        )
        command = [str(python), "-c", code, self._command[-1]]
        run(command, served.environment, json.dumps([url + FEED for url in served.urls]))

    def round(self) -> Run:
        return run([*self._command, "update", "--no-scheduled", "--workers", "8"], self._served.environment)


@contextmanager
def installed() -> Iterator[Path | None]:
    """A Python of a throw-away environment that has both; None, with a line that says why, where pip fails."""
    folder = Path(tempfile.mkdtemp())
    try:
        python = folder / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES]
        done = subprocess.run(pip, capture_output=True, text=True, timeout=600)
        if done.returncode:
            print(f"urlwatch and reader skipped, pip fails: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        yield None if done.returncode else python
    finally:
        shutil.rmtree(folder, ignore_errors=True)
