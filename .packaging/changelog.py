"""CHANGELOG.md as the other scripts here read it: `## 1.2.0 (2026-03-01)` or `## Unreleased`, then a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNRELEASED = "Unreleased"

_HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+|Unreleased)(?: \((?P<day>\d{4}-\d{2}-\d{2})\))?$", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """One section."""

    version: str
    day: str | None
    text: str


def releases(text: str | None = None) -> list[Release]:
    """All sections, newest first. Raises ValueError that names a heading which is none."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8") if text is None else text
    found = list(_HEADING.finditer(text))
    for heading in re.findall(r"^## .*$", text, re.MULTILINE):
        if not _HEADING.fullmatch(heading):
            raise ValueError(
                f"CHANGELOG.md: “{heading}” is no release; write `## 1.2.0 (2026-03-01)` or `## {UNRELEASED}`"
            )
    ends = [each.start() for each in found[1:]] + [len(text)]
    return [
        Release(each["version"], each["day"], text[each.end() : end].strip())
        for each, end in zip(found, ends, strict=True)
    ]
