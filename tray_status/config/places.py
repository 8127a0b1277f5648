"""Where in a settings file a key stands, for messages that name the line."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

_ANY_HEADER = re.compile(r"^[ \t]*\[\[?[^\[\]\n]+\]", re.MULTILINE)
_FILLING = re.compile(
    r"(?P<idle>#[^\n]*|\"\"\"(?:\\.|[^\\])*?\"\"\"|'''.*?'''"
    r"|(?:\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')(?!\s*(?:[=.]|\]\])))|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'",
    re.DOTALL,
)
"""Comments and texts; `idle` are those that are neither a key nor part of a header."""


class Row(NamedTuple):
    """One of several tables of the same name, such as the second `[[pages]]`."""

    table: str
    place: int
    """From 0."""

    def __str__(self) -> str:
        return f"{self.table.removesuffix('s')} {self.place + 1}"


class Places:
    """The text of a settings file, and where its keys stand."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _bare(self) -> str:
        """The file with blanks for comments and for texts that are values, so that places stay the same."""

        def blank(found: re.Match[str]) -> str:
            return re.sub(r"[^\n]", " ", found[0]) if found["idle"] else found[0]

        return _FILLING.sub(blank, self._text)

    def line(self, key: str, row: Row | None) -> int | None:
        """The line where a key stands, or where its table begins; None where neither is found."""
        begin, end = 0, len(self._text)
        if row is not None:
            begin, end = self._table(row)
        named = rf"(?<![\w.\"'-])[\"']?{re.escape(key)}[\"']?\s*[=.]|^\s*\[+\s*[\"']?{re.escape(key)}\b"
        pattern = re.compile(named, re.MULTILINE)
        found = pattern.search(self._bare, begin, end) or pattern.search(self._text, begin, end)
        if found is None and row is None:
            return None
        return self._text.count("\n", 0, found.end() if found else begin) + 1

    def _table(self, row: Row) -> tuple[int, int]:
        """Where one of several tables begins and ends, be it begun with [[pages]] or written in one line."""
        name = re.escape(row.table)
        header = re.compile(rf"^[ \t]*\[\[[ \t]*[\"']?{name}[\"']?[ \t]*\]\]", re.MULTILINE)
        headers = [found.start() for found in header.finditer(self._bare)]
        if row.place < len(headers):
            start = headers[row.place]
            ends = [found.start() for found in _ANY_HEADER.finditer(self._bare) if found.start() > start]
            return start, min(ends, default=len(self._text))
        depth, tables, begin = 0, 0, 0
        assigned = re.search(rf"^\s*[\"']?{name}[\"']?\s*=", self._bare, re.MULTILINE)
        for found in re.compile(r"[{}]").finditer(self._bare, assigned.end() if assigned else 0):
            depth += 1 if found[0] == "{" else -1
            if depth == 1 and found[0] == "{":
                begin = found.start()
            elif depth == 0:
                if tables == row.place:
                    return begin, found.end()
                tables += 1
        return begin, len(self._text)
