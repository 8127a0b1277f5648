"""The manual page, made of the command line. Pure.

The format: man(7), https://man7.org/linux/man-pages/man7/man.7.html
"""

from __future__ import annotations

from collections.abc import Sequence

from .completion import PROGRAM, Command


def manual(commands: Sequence[Command], description: str, examples: str, version: str) -> str:
    """The page as roff."""
    whole, *others = commands
    parts = [
        f'.TH TRAY\\-STATUS 1 "" "Tray Status {_plain(version)}" "User Commands"',
        ".SH NAME",
        f"{_plain(PROGRAM)} \\- {_plain(description.rstrip('.'))}",
        ".SH SYNOPSIS",
        f".B {_plain(PROGRAM)}",
        "[options] [command]",
        ".SH DESCRIPTION",
        _plain(description),
        ".SH OPTIONS",
        *_options(whole),
        ".SH COMMANDS",
    ]
    for each in others:
        parts += [f'.SS "{_plain(each.name)}"', _plain(each.words)]
        parts += [".PP", ".RS", ".nf", _plain(each.usage), ".fi", ".RE"]
        parts += _options(each)
        if each.epilog:
            parts += [".PP", _plain(" ".join(each.epilog.split()))]
    parts += [".SH NOTES", ".nf", _plain(examples), ".fi"]
    return "\n".join(parts) + "\n"


def _options(command: Command) -> list[str]:
    lines = []
    for ways, argument, words in command.options:
        if "--help" in ways:
            continue
        told = ", ".join(f"\\fB{_plain(way)}\\fR" for way in ways)
        takes = f" \\fI{_plain(argument)}\\fR" if argument else ""
        lines += [".TP", f"{told}{takes}", _plain(words.replace("%%", "%")) or "\\&"]
    return lines


def _plain(text: str) -> str:
    """Words that mean nothing to roff."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.split("\n"))
