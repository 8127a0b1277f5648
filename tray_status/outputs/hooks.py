"""Hooks: programs of the person's own that are run for each event.

The event comes as one line of JSON on stdin and, for shell scripts, as TRAY_STATUS_* in the environment. There is no
shell in between. Each event is told once at most: a program that fails, or takes too long, is not run again for it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from ..config.targets import HookSetting
from ..core.events import Event, shown_state, stamp
from ..core.targets import Fate, Reply, Wants, impact_of
from ..core.text import clean_text, cut
from .webhooks.payloads import as_line

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Programs that run at one time, of all hooks together."""

LONGEST_VALUE = 4000
"""Characters of one value in the environment; all of it is in the JSON."""

OUTPUT_LIMIT = 8 * 1024
"""Bytes of what a program prints that are kept for the log."""

OF_THE_SERVICE = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")
"""What the service manager told this process, and no other."""

_places = threading.BoundedSemaphore(AT_ONCE)


class Hook:
    """A target that is a program."""

    repeats = False

    def __init__(self, setting: HookSetting, wants: Wants, environment: Mapping[str, str], folder: Path) -> None:
        """`folder` is where it runs: that of the settings."""
        self.setting = setting
        self.wants = wants
        self.output = f"hook:{setting.title.casefold()}"
        self.label = f"The hook “{setting.title}”"
        self._environment = {key: value for key, value in environment.items() if key not in OF_THE_SERVICE}
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()

    @contextlib.contextmanager
    def turn(self) -> Iterator[bool]:
        while not _places.acquire(timeout=0.1):
            if self._ended.is_set():
                yield False
                return
        try:
            yield not self._ended.is_set()
        finally:
            _places.release()

    def tell(self, event: Event) -> Reply:
        program, *arguments = self.setting.command
        environment = {**self._environment, **variables(event)}
        try:
            process = subprocess.Popen(  # noqa: S603 - the person's own program, and no shell
                [os.path.expanduser(program), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self._folder if self._folder.is_dir() else None,
                **_OF_ITS_OWN,
            )
        except (OSError, ValueError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
            return Reply(Fate.NOT_SENT, f"{program} cannot be started: {why}")
        self._running = process
        output = _Output(process, as_line(event) + b"\n")
        try:
            if self._ended.is_set():
                raise subprocess.TimeoutExpired(program, 0)
            code = process.wait(self.setting.timeout_seconds)
        except subprocess.TimeoutExpired:
            kill_group(process)
            process.wait()
            why = (
                "the program ends"
                if self._ended.is_set()
                else f"it took more than {self.setting.timeout_seconds:g} s"
            )
            reply = Reply(Fate.REFUSED, f"{program} was killed, for {why}")
        else:
            reply = self._reply(program, code)
        finally:
            self._running = None
        printed = output.text()
        for line in printed.splitlines():
            log.info("%s, at event %d: %s", self.setting.title, event.seq, line)
        return replace(reply, printed=printed)

    def _reply(self, program: str, code: int) -> Reply:
        if code == 0:
            return Reply(Fate.TAKEN, f"{program} ended well")
        if self._ended.is_set():
            return Reply(Fate.REFUSED, f"{program} was ended, for the program ends")
        how = f"with exit code {code}" if code > 0 else f"by signal {-code}"
        return Reply(Fate.REFUSED, f"{program} ended {how}")

    def end(self) -> None:
        self._ended.set()
        if (process := self._running) is not None:
            kill_group(process)


_OF_ITS_OWN: dict[str, Any] = (
    {"creationflags": 0x00000200 | 0x08000000}  # a group of its own, and no window
    if sys.platform == "win32"
    else {"start_new_session": True}
)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it began, as far as that did not leave its group; nothing where it has ended."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(command, check=False, capture_output=True, timeout=5)  # noqa: S603
        with contextlib.suppress(OSError):
            process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


class _Output:
    """Gives a program its input and reads what it prints, however much that is, without ever waiting for it."""

    def __init__(self, process: subprocess.Popen[bytes], line: bytes) -> None:
        self._kept = bytearray()
        self._reader = threading.Thread(
            target=self._read, args=(process.stdout,), name="tray-status hook", daemon=True
        )
        self._reader.start()
        threading.Thread(target=_write, args=(process.stdin, line), name="tray-status hook", daemon=True).start()

    def _read(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError), stream:
            while part := os.read(stream.fileno(), 65536):
                self._kept += part[: max(0, OUTPUT_LIMIT - len(self._kept))]

    def text(self) -> str:
        """What was printed, made safe; something that the program left running may still hold the stream."""
        self._reader.join(0.2)
        return clean_text(bytes(self._kept).decode("utf-8", "replace"))


def _write(stream: IO[bytes], line: bytes) -> None:
    with contextlib.suppress(OSError, ValueError), stream:
        stream.write(line)


def variables(event: Event) -> dict[str, str]:
    """The event in the environment; what does not apply is empty, so that nothing of an outer one shows through."""
    incident, update, change, problem = event.incident, event.update, event.component, event.problem
    impact = impact_of(event) if incident is None else incident.shown_impact
    told = {
        "SEQ": str(event.seq),
        "KIND": event.kind.value,
        "AT": stamp(event.at),
        "PAGE": event.page.name,
        "PAGE_ID": event.page.id,
        "PAGE_URL": event.page.url,
        "INCIDENT": incident.name if incident else None,
        "INCIDENT_ID": incident.id if incident else None,
        "INCIDENT_URL": incident.url if incident else None,
        "IMPACT": change.after.value if change else impact.value if impact else None,
        "STATE": shown_state(incident.state, incident.word) if incident else None,
        "COMPONENTS": ", ".join(incident.components) if incident else change.name if change else None,
        "TEXT": update.text if update else change.found if change else None,
        "READING": problem.reading.value if problem else None,
        "PROBLEM": problem.text if problem else None,
    }
    return {f"TRAY_STATUS_{key}": cut(value or "", LONGEST_VALUE).replace("\0", "") for key, value in told.items()}
