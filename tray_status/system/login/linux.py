"""Linux and its kin: a desktop entry in the autostart folder.

Formats: https://specifications.freedesktop.org/autostart-spec/latest/ for the place and for what switches an entry
off, https://specifications.freedesktop.org/desktop-entry-spec/latest/ for its words. `X-GNOME-Autostart-enabled` is
what GNOME and MATE write where a person switches an entry off in their settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..folders import APP
from .entry import CannotStartAtLogin, Entry, read_file, remove_file, write_file
from .installation import icon

_RESERVED = frozenset(" \t\n\r\"'\\><~|&;$*?#()`")
"""An argument with one of these is quoted as a whole (a carriage return is none, but some parsers split there)."""

_SHELL = ("/bin/sh", "-c", 'exec "$0" "$@"')
"""Starts a program whose path `Exec` cannot begin with: the specification forbids `=`, and GLib (seen in 2.74)
looks for the program before it makes one of two `%`.
"""

_ESCAPES = {"\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"}
_UNESCAPED = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_ARGUMENT = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^" \t\n\r])+', re.DOTALL)
_PART = re.compile(r'"((?:[^"\\]|\\.)*)"|([^"]+)', re.DOTALL)
_FIELD_CODE = re.compile(r"%(.)", re.DOTALL)


class Autostart:
    """The entry `tray-status.desktop` of this person."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        config = Path(environment.get("XDG_CONFIG_HOME") or ".")
        if not config.is_absolute():  # the base directory specification has relative ones ignored
            config = Path(environment.get("HOME") or Path.home()) / ".config"
        self.path = config / "autostart" / f"{APP}.desktop"
        self.name = str(self.path)

    def read(self) -> Entry | None:
        content = read_file(self.path)
        return None if content is None else read_desktop_entry(content.decode(errors="replace"))

    def write(self, command: Sequence[str]) -> None:
        write_file(self.path, desktop_entry(command).encode())

    def remove(self) -> None:
        remove_file(self.path)


def desktop_entry(command: Sequence[str]) -> str:
    """The file that starts `command`. Raises CannotStartAtLogin where no such file can say it."""
    try:
        "".join(command).encode()
    except UnicodeEncodeError:
        words = ascii(" ".join(command))
        raise CannotStartAtLogin(f"no autostart entry can name {words}: use a folder whose name is UTF-8") from None
    rows = {
        "Type": "Application",
        "Name": "Tray Status",
        "Comment": "Tells what changed on vendors' status pages",
        "TryExec": command[0],
        "Exec": " ".join(map(_quoted, (*_SHELL, *command) if set(command[0]) & set("=%") else command)),
        **({"Icon": str(found)} if (found := icon()) else {}),
        "Terminal": "false",
        "X-GNOME-Autostart-enabled": "true",
    }
    return "".join(["[Desktop Entry]\n", *(f"{name}={_escaped(value)}\n" for name, value in rows.items())])


def read_desktop_entry(text: str) -> Entry:
    """What such a file starts, whoever wrote it. A file that is none starts nothing."""
    rows = _rows(text)
    off = rows.get("Hidden") == "true" or rows.get("X-GNOME-Autostart-enabled") == "false"
    command = tuple(_unquoted(each) for each in _ARGUMENT.findall(rows.get("Exec", "")))
    if command[: len(_SHELL)] == _SHELL:
        command = command[len(_SHELL) :]
    return Entry(command, on=bool(command) and not off)


def _quoted(argument: str) -> str:
    """One argument of `Exec`."""
    argument = argument.replace("%", "%%")
    if argument and not _RESERVED & set(argument):
        return argument
    return '"' + re.sub(r'(["`$\\])', r"\\\1", argument) + '"'


def _unquoted(argument: str) -> str:
    """An argument of `Exec` as the program gets it: at login there is no file that a field code could stand for."""

    def plain(part: re.Match[str]) -> str:
        quoted, bare = part.groups()
        return bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)

    return _FIELD_CODE.sub(lambda code: "%" if code[1] == "%" else "", _PART.sub(plain, argument))


def _escaped(value: str) -> str:
    """A value of type string. Its escapes come on top of those within the quotes of `Exec`."""
    return "".join(_ESCAPES.get(sign, sign) for sign in value)


def _rows(text: str) -> dict[str, str]:
    """Keys and values of the group `Desktop Entry`."""
    rows: dict[str, str] = {}
    group = ""
    # Not `splitlines`: it would end a line at signs that are part of a value.
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("["):
            group = line.strip()
        elif group == "[Desktop Entry]" and not line.startswith("#"):
            name, _, value = line.partition("=")
            rows.setdefault(name.strip(), _unescaped(value.strip(" \t")))
    return rows


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: _UNESCAPED.get(found[1], found[0]), value)
