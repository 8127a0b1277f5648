"""A bar's one line in the form that each tool reads. Pure; what vendors and persons wrote is escaped here.

Formats, from the tools' own documentation: waybar-custom(5) and Pango's markup; polybar's wiki, “Formatting” and
“Module: script”; tmux(1), “FORMATS” and “STYLES”; i3blocks(1) and the i3bar protocol; i3status-rust's block “custom”;
py3status' module “external_script”.
"""

from __future__ import annotations

import html
import json
from typing import Any

from ..model import Impact
from .bar import Bar

_TMUX_COLOURS = {
    Impact.NONE: "green",
    Impact.NOTICE: "green",
    Impact.MAINTENANCE: "blue",
    Impact.MINOR: "yellow",
    Impact.MAJOR: "colour208",
    Impact.CRITICAL: "red",
    Impact.UNKNOWN: "colour245",
}

_RUST_STATES = {
    Impact.NONE: "Good",
    Impact.NOTICE: "Good",
    Impact.MAINTENANCE: "Info",
    Impact.MINOR: "Warning",
    Impact.MAJOR: "Critical",
    Impact.CRITICAL: "Critical",
    Impact.UNKNOWN: "Idle",
}


def waybar(bar: Bar) -> str:
    """`text`, `alt`, `tooltip` and `class` of a custom module. Text and tooltip are Pango's markup, and have none."""
    return _json(
        {
            "text": _pango(bar.text),
            "alt": bar.name,
            "tooltip": _pango(f"{bar.title}\n{bar.details}".rstrip()),
            "class": [bar.name, *(["stale"] if bar.stale else []), *(["trouble"] if bar.trouble else [])],
        }
    )


def polybar(bar: Bar) -> str:
    """A line with its mark in colour. `%{` begins a tag, and no sign takes that back."""
    words = f" {bar.words}".replace("%{", "% {") if bar.words else ""
    return f"%{{F{bar.colour}}}{bar.mark}%{{F-}}{words}"


def tmux(bar: Bar) -> str:
    """For `#(…)` in a status line, where `#[…]` is a style, `#{…}` and `#S` are formats, and `##` is a `#`."""
    words = f" {bar.words}".replace("#", "##") if bar.words else ""
    return f"#[fg={_TMUX_COLOURS[bar.impact]}]{bar.mark}#[default]{words}"


def i3bar_block(bar: Bar) -> dict[str, Any]:
    """A block of the i3bar protocol. `markup` says that there is none in it."""
    return {
        "name": "tray-status",
        "full_text": bar.text,
        "short_text": bar.mark,
        "color": bar.colour,
        "urgent": bar.impact is Impact.CRITICAL and not bar.stale,
        "markup": "none",
    }


def i3blocks(bar: Bar) -> str:
    """One block as JSON, for `format=json`. i3blocks ends a text at an escaped quote too, and shows backslashes."""
    block = i3bar_block(bar)
    return _json({**block, "full_text": block["full_text"].replace('"', "”").replace("\\", "/")})


def i3status_rust(bar: Bar) -> str:
    """The JSON of the block `custom`, whose own format takes the text for Pango's markup."""
    return _json(
        {
            "icon": "",
            "state": _RUST_STATES[bar.impact],
            "text": _pango(bar.text),
            "short_text": _pango(bar.mark),
        }
    )


def py3status(bar: Bar) -> str:
    """Two lines for `external_script`: the text, then its colour."""
    urgent = " urgent" if bar.impact is Impact.CRITICAL and not bar.stale else ""
    return f"{bar.text}\n{bar.colour}{urgent}"


def with_block(line: str, bar: Bar) -> str:
    """A line of the i3bar protocol, as i3status writes it, with our block before the others.

    Its header, and what is no list of blocks, stays as it is.
    """
    comma, rest = (",", line[1:]) if line.startswith(",") else ("", line)
    try:
        blocks = json.loads(rest)
    except ValueError:
        return line
    return comma + _json([i3bar_block(bar), *blocks]) if isinstance(blocks, list) else line


def _pango(text: str) -> str:
    return html.escape(text, quote=False)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
