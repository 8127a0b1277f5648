"""What status bars show, one function for each tool; `FORMATS` lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from . import lines, menus
from .bar import Bar, bar_of, failed_bar

__all__ = ["FILTER", "FORMATS", "Bar", "Format", "bar_of", "failed_bar"]


@dataclass(frozen=True, slots=True)
class Format:
    """How one tool wants it."""

    write: Callable[[Bar], str]
    follows: bool
    """Whether the tool shows each line of a command that goes on."""


FORMATS: Mapping[str, Format] = {
    "waybar": Format(lines.waybar, follows=True),
    "polybar": Format(lines.polybar, follows=True),
    "i3blocks": Format(lines.i3blocks, follows=True),
    "i3status-rust": Format(lines.i3status_rust, follows=True),
    "py3status": Format(lines.py3status, follows=False),
    "tmux": Format(lines.tmux, follows=True),
    "xbar": Format(menus.xbar, follows=False),
    "swiftbar": Format(menus.swiftbar, follows=False),
    "argos": Format(menus.argos, follows=False),
}

FILTER = "i3status"
"""Not a format of its own: i3status runs no commands, so that its output is read and our block put into it."""
