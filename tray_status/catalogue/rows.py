"""Reading lists of pages: OPML of feed readers, plain lists of people, and the JSON that we write ourselves. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.text import clean_line
from ..errors import UsageError
from .plain_text import NoText, decoded

SIZE_LIMIT = 5_000_000
"""Bytes of a list."""

ROW_LIMIT = 10_000
NAME_LIMIT = 200
COMPONENT_LIMIT = 500

ADDRESS = re.compile(r"https?://\S+|(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:/\S*)?", re.IGNORECASE)
_PLAIN_ADDRESS = re.compile(r"https?://|status\.|(?:[\w-]+\.){2}", re.IGNORECASE)
"""What behind a name and a blank is no part of the name, such as `Monday.com` would be."""
SETTINGS = "ts:settings"
"""The attribute of an outline that keeps, as JSON, what feed readers have no word for."""
KEPT = ("components", "regions", "category", "interval_seconds", "notify_from", "probe")
"""The keys of the settings file that a list keeps beside name and address."""
_FEED_TITLE = re.compile(r"(?: status)?\s*[-–—|:]\s*(?:incident|status) history\Z", re.IGNORECASE)


class NoList(UsageError):
    """A file is no list of pages; the text says why, without the file's name."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a list, as it stands there; nothing of it is checked."""

    where: str
    """Such as `line 3`."""
    name: str
    addresses: tuple[str, ...] = ()
    """None where it is a name alone; of a feed, its own and its page's."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else `tray-status export` wrote of it, by the keys of the settings file."""


def read_rows(data: bytes) -> tuple[Row, ...]:
    """The entries of a file, whichever kind of list it is. Raises NoList."""
    if len(data) > SIZE_LIMIT:
        raise NoList(f"it is larger than {SIZE_LIMIT // 1_000_000} MB, which no list of pages is")
    start = data[:200].decode("latin-1").lstrip("\xff\xfe\xef\xbb\xbf\x00 \t\r\n")
    try:
        rows = _read_opml(data) if start.startswith("<") else _read_text(decoded(data))
    except NoText as error:
        raise NoList(str(error)) from None
    if len(rows) > ROW_LIMIT:
        raise NoList(f"it names {len(rows)} pages; {ROW_LIMIT} at most")
    return tuple(rows)


def _read_text(text: str) -> list[Row]:
    if text.lstrip().startswith("{"):
        return _read_json(text)
    whole = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = ((number, line.strip()) for number, line in enumerate(whole, 1))
    return [_row(f"line {number}", line) for number, line in lines if line and not line.startswith("#")]


def _row(where: str, line: str) -> Row:
    """`Name`, `address`, `Name, address`, `Name<TAB>address` or `Name address`; a name may stand in quotes."""
    name, tab, address = line.partition("\t")
    if not tab:
        name, comma, address = line.rpartition(",")
        if not comma or not ADDRESS.fullmatch(address.strip()):
            name, blank, address = line.rpartition(" ")
            if not blank or not _PLAIN_ADDRESS.match(address) or not ADDRESS.fullmatch(address):
                return Row(where, _unquoted(line))
    return Row(where, _unquoted(name.strip()), (address.strip(),) if address.strip() else ())


def _unquoted(name: str) -> str:
    if len(name) > 1 and name[0] == name[-1] == '"':
        return name[1:-1].replace('""', '"')
    return name


def _read_json(text: str) -> list[Row]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise NoList("it begins like JSON, but is not valid") from None
    pages = told.get("pages") if isinstance(told, dict) else None
    if not isinstance(pages, list) or not all(isinstance(page, dict) for page in pages):
        raise NoList("it is JSON, but not as `tray-status export --json` writes it")
    return [_json_row(f"page {place}", page) for place, page in enumerate(pages, 1)]


def _json_row(where: str, page: Mapping[str, Any]) -> Row:
    name, url = page.get("name"), page.get("url")
    addresses = (url,) if isinstance(url, str) else ()
    return Row(where, name if isinstance(name, str) else "", addresses, kept(page))


def kept(told: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was told of a page, what its settings keep; lists without what is no text, and all else as it is."""
    found = {key: told[key] for key in KEPT if told.get(key)}
    for key in ("components", "regions"):
        if isinstance(found.get(key), (list, tuple)):
            texts = [each for each in found[key][:COMPONENT_LIMIT] if isinstance(each, str)]
            found[key] = [each for text in texts if (each := clean_line(text, NAME_LIMIT))]
    return {key: value for key, value in found.items() if value != []}


@dataclass(slots=True)
class _Outline:
    """An `outline` element that has begun."""

    line: int
    attributes: Mapping[str, str]
    is_folder: bool = False


@dataclass(slots=True)
class _Outlines:
    """What an OPML document holds, as a parser comes to it."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    open: list[_Outline | None] = field(default_factory=list)
    """The elements around; None for those that are no outlines."""

    def begin(self, line: int, tag: str, attributes: Mapping[str, str]) -> None:
        if not self.open and tag.lower() != "opml":
            raise NoList(f"line {line}: it is XML, but no OPML: it begins with <{clean_line(tag, 40)}>")
        outline = None
        if tag.lower() == "outline":
            if self.open and (around := self.open[-1]):
                around.is_folder = True
            outline = _Outline(line, {key.lower(): value for key, value in attributes.items()})
        self.open.append(outline)

    def end(self) -> None:
        outline = self.open.pop()
        if outline is None:
            return
        told = outline.attributes
        addresses = tuple(each for key in ("xmlurl", "htmlurl", "url") if (each := told.get(key, "").strip()))
        if addresses or not outline.is_folder:
            name = told.get("text", "").strip() or told.get("title", "").strip()
            name = _FEED_TITLE.sub("", name[: 4 * NAME_LIMIT])
            row = Row(f"line {outline.line}", name, addresses, _settings_in(told.get(SETTINGS, "")))
            self.rows.append((outline.line, row))


def _settings_in(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return kept(told) if isinstance(told, dict) else {}


def _read_opml(data: bytes) -> list[Row]:
    """The outlines of an OPML document, in its order.

    Whatever declares a document type is refused where that begins, before any entity could be declared.
    """
    from xml.parsers import expat

    outlines = _Outlines()
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise NoList(f"line {parser.CurrentLineNumber}: it declares a document type, which no list of pages needs")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: outlines.begin(parser.CurrentLineNumber, tag, attributes)
    parser.EndElementHandler = lambda _tag: outlines.end()
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise NoList(f"line {error.lineno}: it is not valid XML: {expat.ErrorString(error.code)}") from None
    except (LookupError, ValueError):
        raise NoList("it is in an encoding that cannot be read; UTF-8 can") from None
    return [row for _, row in sorted(outlines.rows, key=lambda each: each[0])]
