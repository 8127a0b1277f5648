"""`prompt`: one short segment for a shell's prompt, as fast as can be; and the file that it is read from.

A prompt is drawn at each command, so that this imports next to nothing: whoever polls leaves the one line of what the
icon shows beside the history, with the time until which that may be believed.

The file has five lines: its version, the impact, the name of the worst page, how many others are not well, and until
when it holds, in seconds since 1970.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence

from .system.places import data_folder

FILE = "standing"
VERSION = "1"
SIGNS = {"none": "", "notice": "·", "maintenance": "m", "minor": "!", "major": "!!", "critical": "✗", "unknown": "?"}
NOT_KNOWN = "?"
SIZE_LIMIT = 2000
NAME_LIMIT = 40

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-_+&/:,")
"""Of ASCII, what means nothing to any shell; a name may be the vendor's, and many prompts are expanded once more."""

USAGE = """\
usage: tray-status prompt [--home DIR] [--sign]

One short segment for a shell's prompt: nothing while all that is watched is well and was read lately; else a sign and
the name of the worst page, such as "!! OpenAI +2".

  ·  open, without impact, or you know of it     !   minor        ✗  critical
  m  maintenance                                 !!  major        ?  not known, or nobody polls

It reads what a running Tray Status left, asks nobody, and always exits with 0. --sign leaves the name out.

examples:
  PS1='$(tray-status prompt) '"$PS1"
"""


def written(impact: str, name: str, others: int, until: float) -> bytes:
    """The file's content."""
    return "\n".join((VERSION, impact, " ".join(name.split())[:80], str(others), f"{until:.0f}", "")).encode()


def segment(content: bytes, now: float, *, sign_only: bool = False) -> str:
    """What a prompt shows; a file that is too old, or none of ours, is shown as not known."""
    try:
        version, impact, name, others, until = content.decode().split("\n")[:5]
        sign = SIGNS[impact]
        # A clock that was set back makes it hold for longer than anybody said.
        fresh = version == VERSION and now <= float(until) <= now + 30 * 86400
        more = f" +{int(others)}" if int(others) > 0 else ""
    except (ValueError, KeyError):
        return NOT_KNOWN
    if not fresh:
        return NOT_KNOWN
    return sign if sign_only or not sign else f"{sign} {_harmless(name)}{more}"


def _harmless(name: str) -> str:
    """A name that no shell reads as anything but a name, however often it expands it."""
    return "".join(char for char in name if char in _PLAIN or (char > "\x7f" and char.isprintable()))[:NAME_LIMIT]


def main(arguments: Sequence[str]) -> int:
    """Print the segment without a line's end; 0 whatever comes, for a prompt has nobody to tell."""
    if "--help" in arguments or "-h" in arguments:
        text = USAGE
    else:
        try:
            with open(os.path.join(_folder(arguments), FILE), "rb") as file:
                text = segment(file.read(SIZE_LIMIT), time.time(), sign_only="--sign" in arguments)
        except OSError:
            text = NOT_KNOWN
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        return 0
    return 0


def _folder(arguments: Sequence[str]) -> str:
    """Where the history is."""
    home = os.environ.get("TRAY_STATUS_HOME", "")
    for place, each in enumerate(arguments):
        if each == "--home" and place + 1 < len(arguments):
            home = arguments[place + 1]
        elif each.startswith("--home="):
            home = each.removeprefix("--home=")
    return os.path.expanduser(home) if home else data_folder(os.environ)
