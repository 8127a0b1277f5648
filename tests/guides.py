"""The README and the guides as tests read them: their blocks of code, each with the heading above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GUIDES = (README, *sorted((ROOT / ".github").rglob("*.md")))

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?<=\n\n)(?: {4}.*\n\n?)+")
_LIST = re.compile(r"[-*] |\d+\. ")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code in a guide."""

    heading: str
    language: str
    """What stands behind the fence; empty for a block that is only indented."""
    text: str


def blocks(guide: Path) -> Iterator[Block]:
    """All blocks of code, fenced ones and such as are indented, in their order of each kind."""
    whole = guide.read_text(encoding="utf-8")
    for found in _FENCE.finditer(whole):
        yield Block(_heading(whole, found.start()), found["language"], found["text"])
    whole = _FENCE.sub(lambda found: re.sub(r".", "x", found[0]), whole)
    for found in _INDENTED.finditer(whole):
        paragraph = re.split(r"\n(?=[^ \n])", whole[: found.start()].rstrip())[-1]
        if not _LIST.match(paragraph):  # below an entry of a list it is the entry's text
            text = "".join(line[4:] or "\n" for line in found[0].rstrip().splitlines(keepends=True))
            yield Block(_heading(whole, found.start()), "", text + "\n")


def _heading(whole: str, at: int) -> str:
    above = [found[1] for found in _HEADING.finditer(whole, 0, max(at, 0))]
    return above[-1] if above else ""


def block(guide: str, heading: str) -> str:
    """The first block below a heading of a guide in `.github/docs`."""
    return next(each.text for each in blocks(ROOT / ".github" / "docs" / guide) if each.heading == heading)
