"""Linux with systemd: a service of this person's, without an icon, beside or in place of the autostart entry.

Format: systemd.unit(5), systemd.service(5) and systemd.exec(5). Files alone are written: the unit, and the link by
which the person's service manager starts it. Of what hardens a service only that is used which needs no namespaces,
for a user's manager may not make any everywhere, and which leaves hooks their own home.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..folders import APP
from .entry import CannotStartAtLogin, Entry, read_file, remove_file, write_file

UNIT = f"{APP}.service"
WANTED_BY = "default.target"
HEADLESS = ("run", "--no-tray")

_UNIT = """\
# Written by `tray-status login enable --systemd`; `disable --systemd` removes it.
[Unit]
Description=Tray Status: what changed on vendors' status pages
# However often it fails, it is tried again.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=10
# Wrong settings stay wrong until somebody mends them.
RestartPreventExitStatus=2
WatchdogSec=240
TimeoutStopSec=10
UMask=0077
# Hooks that need more, such as those that call sudo, need this to be false.
NoNewPrivileges=true
LockPersonality=true
RestrictRealtime=true
RestrictSUIDSGID=true
RestrictNamespaces=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy={wanted_by}
"""

_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)', re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z0-9_./:=@,+-]+\Z")
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"'}


class UserUnit:
    """The unit `tray-status.service` of this person."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        config = Path(environment.get("XDG_CONFIG_HOME") or ".")
        if not config.is_absolute():
            config = Path(environment.get("HOME") or Path.home()) / ".config"
        folder = config / "systemd" / "user"
        self.path = folder / UNIT
        self.link = folder / f"{WANTED_BY}.wants" / UNIT
        self.name = str(self.path)

    def read(self) -> Entry | None:
        content = read_file(self.path)
        if content is None:
            return None
        return Entry(read_unit(content.decode(errors="replace")), on=os.path.lexists(self.link))

    def write(self, command: Sequence[str]) -> None:
        write_file(self.path, unit(command).encode())
        try:
            self.link.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                self.link.unlink()
            self.link.symlink_to(self.path)
        except OSError as error:
            raise CannotStartAtLogin(f"{self.link} cannot be written: {error.strerror or error}") from None

    def remove(self) -> None:
        remove_file(self.link)
        remove_file(self.path)


def unit(command: Sequence[str]) -> str:
    """The unit that starts `command`. Raises CannotStartAtLogin where no unit can say it."""
    text = " ".join(command)
    if not text.isprintable():  # surrogates, too: names of files that are no UTF-8
        raise CannotStartAtLogin(f"no unit can name {text!a}: use a folder whose name is plain text")
    return _UNIT.format(command=" ".join(map(_quoted, command)), wanted_by=WANTED_BY)


def read_unit(text: str) -> tuple[str, ...]:
    """What such a file starts, whoever wrote it; nothing where it starts nothing."""
    lines = re.findall(r"^ExecStart[ \t]*=[ \t]*[-@:+!]*(.*)$", text, re.MULTILINE)
    return tuple(_unquoted(*found.groups()) for found in _ARGUMENT.finditer(lines[-1])) if lines else ()


def _quoted(argument: str) -> str:
    """One argument of `ExecStart`: specifiers and variables stand for themselves."""
    argument = argument.replace("%", "%%").replace("$", "$$")
    if _PLAIN.match(argument):
        return argument
    return '"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(quoted: str | None, bare: str | None) -> str:
    plain = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), quoted or "") if bare is None else bare
    return plain.replace("%%", "%").replace("$$", "$")
