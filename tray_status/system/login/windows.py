"""Windows: a value under this person's Run key, and the mark by which Task Manager and Settings switch it off.

Format: https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys (at most 260 characters). The
mark is not documented: 12 bytes under StartupApproved, of which the first is odd where the entry is switched off, and
the last 8 say when; no mark is as good as one that says on.
"""

from __future__ import annotations

import importlib
import re
import subprocess
from collections.abc import Sequence
from typing import Any, Protocol

from .entry import CannotStartAtLogin, Entry

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
VALUE = "Tray Status"
LIMIT = 260

_TOKEN = re.compile(r'\\*"|\\+|[ \t]+|[^\\" \t]+')


class Registry(Protocol):
    """The person's own part of the registry, as far as it is needed here. Each method may raise OSError."""

    def get(self, key: str, value: str) -> object:
        """What the value holds; None where there is no such key or value."""

    def set(self, key: str, value: str, text: str) -> None:
        """Make the value a text, and the key where there is none."""

    def delete(self, key: str, value: str) -> None:
        """Remove the value; nothing to do where there is none."""


class RunKey:
    """The value of this program."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self.name = rf"HKEY_CURRENT_USER\{RUN}, value “{VALUE}”"

    def read(self) -> Entry | None:
        try:
            line = self._registry.get(RUN, VALUE)
            mark = self._registry.get(APPROVED, VALUE)
        except OSError as error:
            raise self._refused("read", error) from None
        if line is None:
            return None
        command = split(line) if isinstance(line, str) else ()
        return Entry(command, on=bool(command) and not is_off(mark))

    def write(self, command: Sequence[str]) -> None:
        line = subprocess.list2cmdline(command)
        if len(line) > LIMIT:
            cure = "install it into a folder with a shorter path"
            raise CannotStartAtLogin(f"Windows starts no command of more than {LIMIT} characters ({line}); {cure}")
        try:
            self._registry.set(RUN, VALUE, line)
            self._registry.delete(APPROVED, VALUE)
        except OSError as error:
            raise self._refused("written", error) from None

    def remove(self) -> None:
        try:
            self._registry.delete(RUN, VALUE)
            self._registry.delete(APPROVED, VALUE)
        except OSError as error:
            raise self._refused("removed", error) from None

    def _refused(self, done: str, error: OSError) -> CannotStartAtLogin:
        cure = "a policy or another program keeps it: ask whoever manages this computer"
        return CannotStartAtLogin(f"{self.name}, cannot be {done} ({error.strerror or error}); {cure}")


def is_off(mark: object) -> bool:
    """Whether a mark under StartupApproved says that the entry was switched off."""
    return isinstance(mark, bytes) and bool(mark) and mark[0] % 2 == 1


def split(line: str) -> tuple[str, ...]:
    """A command line's arguments as Windows programs read them; the other way round of `subprocess.list2cmdline`.

    A quote after an even number of backslashes begins or ends a quoted part, after an odd number it stands for
    itself; each two of these backslashes are one. Backslashes before anything else stand for themselves.
    """
    arguments: list[str] = []
    current: str | None = None
    quoted = False
    for token in _TOKEN.findall(line):
        if token[0] in " \t" and not quoted:
            if current is not None:
                arguments.append(current)
            current = None
            continue
        current = current or ""
        if not token.endswith('"'):
            current += token
            continue
        backslashes = len(token) - 1
        current += "\\" * (backslashes // 2)
        if backslashes % 2:
            current += '"'
        else:
            quoted = not quoted
    return (*arguments, *([] if current is None else [current]))


class WindowsRegistry:
    """HKEY_CURRENT_USER. `root` is put before each key, for tests that leave the person's own keys alone."""

    def __init__(self, root: str = "") -> None:
        self._root = root
        self._winreg: Any = importlib.import_module("winreg")  # there on Windows only

    def get(self, key: str, value: str) -> object:
        try:
            with self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, self._root + key) as opened:
                return self._winreg.QueryValueEx(opened, value)[0]
        except FileNotFoundError:
            return None

    def set(self, key: str, value: str, text: str) -> None:
        with self._winreg.CreateKey(self._winreg.HKEY_CURRENT_USER, self._root + key) as opened:
            self._winreg.SetValueEx(opened, value, 0, self._winreg.REG_SZ, text)

    def delete(self, key: str, value: str) -> None:
        access = self._winreg.KEY_SET_VALUE
        try:
            with self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, self._root + key, 0, access) as opened:
                self._winreg.DeleteValue(opened, value)
        except FileNotFoundError:
            return
