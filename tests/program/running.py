"""The program as a process of its own: started, listened to, signalled, waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
TRAY_STATUS = (sys.executable, "-m", "tray_status")
PATIENCE = 30.0
"""Seconds; only ever used up by a test that fails."""

RULE = "-" * 60


class Program:
    """A run of `tray-status`, with what it printed so far."""

    def __init__(
        self, *arguments: str, environment: Mapping[str, str] = {}, command: Sequence[str] = TRAY_STATUS
    ) -> None:
        self._process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "TZ": "UTC", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._out: list[str] = []
        self._err: list[str] = []
        self._readers = [self._reader("stdout", self._out), self._reader("stderr", self._err)]

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def out(self) -> str:
        """All of stdout so far."""
        return "".join(self._out)

    @property
    def err(self) -> str:
        """All of stderr so far."""
        return "".join(self._err)

    def wait_for(self, text: str, *, times: int = 1, stream: str = "out", patience: float = PATIENCE) -> str:
        """Wait until the program has printed `text` so often; all that it has printed by then."""
        try:
            wait_until(lambda: getattr(self, stream).count(text) >= times, text, patience)
        except AssertionError as error:
            raise AssertionError(f"{error}\n--- stdout\n{self.out}\n--- stderr\n{self.err}") from None
        return getattr(self, stream)

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM, patience: float = PATIENCE) -> int:
        """End it by a signal; its exit code."""
        self.send(number)
        return self.wait(patience)

    def wait(self, patience: float = PATIENCE) -> int:
        """Wait for its end; its exit code."""
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it did not end\n--- stdout\n{self.out}\n--- stderr\n{self.err}") from None
        for reader in self._readers:
            reader.join(PATIENCE)
        return code

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """As `kill -9`. Does nothing where it has ended."""
        if self.running:
            self._process.kill()
        self._process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    def _reader(self, name: str, lines: list[str]) -> threading.Thread:
        stream = getattr(self._process, name)
        thread = threading.Thread(target=lambda: lines.extend(iter(stream.readline, "")), daemon=True)
        thread.start()
        return thread


def finished(*arguments: str, environment: Mapping[str, str] = {}) -> Finished:
    """A run to its end."""
    with Program(*arguments, environment=environment) as program:
        return Finished(program.wait(60), program)


class Finished:
    """What a run left behind. No run may ever end in a traceback."""

    def __init__(self, code: int, program: Program) -> None:
        self.code = code
        self.out, self.err = program.out, program.err
        assert "Traceback" not in self.err + self.out, self.err + self.out


def blocks(text: str) -> list[dict[str, str]]:
    """The console's blocks, label → text, the time under `at`."""
    found: list[dict[str, str]] = []
    for chunk in text.split(RULE + "\n")[:-1]:
        rows: dict[str, str] = {}
        label = ""
        for line in chunk.splitlines():
            start = line[22:] if line.startswith("[") else line.strip() if line.startswith(" " * 12) else ""
            if line.startswith("["):
                rows = {"at": line[1:20]}
            name, colon, words = start.partition(" : ")
            if colon and name.strip() in ("Page", "Incident", "Product", "Impact", "Status", "Problem", "Cure"):
                label = name.strip()
                rows[label] = words
            elif start and label:
                rows[label] += " " + start
        found.append(rows)
    return found
