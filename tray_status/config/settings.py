"""`config.toml` → frozen settings. A mistake names file, line, key and what is allowed."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ..catalogue import by_name, normalise
from ..core.probe import read_target
from ..core.text import clean_line
from ..core.wishes import quiet_hours
from ..errors import SettingsError
from .suggestions import nearest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_INTERVAL = 60.0
PAGE_LIMIT = 10_000

Threshold = Literal["none", "notice", "maintenance", "minor", "major", "critical"]
DEFAULT_THRESHOLD: Threshold = "notice"

# The descriptions end up in the messages ("must be …") and in the schema that editors show, so they are said once.
_INTERVAL = "a number of seconds from 1 up"
_Seconds = Annotated[float, Meta(ge=1, description=_INTERVAL)]
_THRESHOLD = '"none", "notice", "maintenance", "minor", "major" or "critical"'
_HOURS = 'from when to when, such as "22:00-07:00"'
_Line = Annotated[str, Meta(min_length=1, max_length=200)]


class PageSetting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[pages]]` table: a status page to watch."""

    name: Annotated[_Line, Meta(description='a text that names this page alone, such as "OpenAI"')]
    url: Annotated[str, Meta(description='the address of a status page, such as "https://status.openai.com"')] = ""
    interval_seconds: Annotated[_Seconds | None, Meta(description="a number of seconds from 1 up, here")] = None
    components: Annotated[
        tuple[_Line, ...], Meta(description='a list of component names or ids, such as ["Codex API"]', max_length=500)
    ] = ()
    regions: Annotated[
        tuple[_Line, ...], Meta(description='a list of ids of regions, such as ["eu-west-1"]', max_length=500)
    ] = ()
    category: Annotated[str, Meta(description='a word of your own, such as "payments"', max_length=60)] = ""
    notify_from: Annotated[Threshold | None, Meta(description=_THRESHOLD)] = None
    probe: Annotated[
        str, Meta(description='an address of the service itself, "tcp:host:port" or "dns:host"', max_length=2000)
    ] = ""
    enabled: Annotated[bool, Meta(description="true or false")] = True


class SettingsFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a settings file may say."""

    poll_interval_seconds: _Seconds = DEFAULT_INTERVAL
    notify_from: Annotated[Threshold, Meta(description=_THRESHOLD)] = DEFAULT_THRESHOLD
    quiet_hours: Annotated[str, Meta(description=_HOURS)] = ""
    quiet_except: Annotated[Threshold, Meta(description=_THRESHOLD)] = "critical"
    icon: Annotated[
        Literal["auto", "light", "dark", "monochrome"],
        Meta(description='"auto", "light" or "dark" (the panel that it is for), or "monochrome"'),
    ] = "auto"
    sounds: Annotated[bool, Meta(description="true or false")] = False
    maintenance_reminder_minutes: Annotated[
        int, Meta(description="a whole number of minutes, 0 for none", ge=0, le=7 * 24 * 60)
    ] = 30
    history_days: Annotated[
        int, Meta(description="a whole number of days from 7 up, for which what is over is kept", ge=7, le=36_500)
    ] = 400
    relax_when_quiet: Annotated[bool, Meta(description="true or false")] = False
    relax_on_battery: Annotated[bool, Meta(description="true or false")] = True
    pages: Annotated[
        tuple[PageSetting, ...], Meta(description=f"tables, each begun with [[pages]], {PAGE_LIMIT} at most")
    ] = ()


class Settings(SettingsFile, frozen=True, kw_only=True):
    """What a settings file says, checked."""

    all_off: str = ""
    """What to tell where no page is enabled and none is named otherwise: file, line and key."""


def load_settings(path: Path, *, must_exist: bool = False) -> Settings:
    """Read a settings file; the defaults where there is none. Raises SettingsError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        if must_exist:
            raise SettingsError(f"{path}: there is no such file") from None
        return Settings()
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: it is not a text file in UTF-8 ({error.reason})") from None
    except OSError as error:
        raise SettingsError(f"{path}: it cannot be read: {error.strerror or error}") from None
    return parse_settings(text, path)


def parse_settings(text: str, path: Path) -> Settings:
    """Check the text of a settings file; `path` is for the messages. Raises SettingsError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(str(error), text, path) from None
    except RecursionError:
        raise SettingsError(f"{path}: it is nested too deeply to be settings") from None
    checker = _Checker(path, text)
    told = checker.converted(data)
    pages = checker.checked(told.pages)
    all_off = "" if not pages or any(page.enabled for page in pages) else checker.all_off()
    return Settings(**{**msgspec.structs.asdict(told), "pages": pages}, all_off=all_off)


def all_mistakes(text: str, path: Path) -> list[SettingsError]:
    """Every mistake of a settings file, in its order; none where it is right."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        data = None
    checker = _Checker(path, text)
    found = [] if data is None else sorted(checker.all(data), key=lambda each: each.line)
    if not found:
        try:
            parse_settings(text, path)
        except SettingsError as error:
            found = [error]
    return found


def _no_toml(message: str, text: str, path: Path) -> SettingsError:
    """A mistake as tomllib words it, such as "Invalid value (at line 3, column 7)" or "(at end of document)"."""
    lines = text.rstrip().split("\n")
    told = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    number = int(told[1]) if told and told[1] else len(lines)
    # A value may go on over many lines; what counts is the key that it belongs to.
    keys = (_ASSIGNED.match(line) for line in reversed(lines[:number]))
    key = next((f"{clean_line(found[1], 80)}: " for found in keys if found), "")
    words = message.replace(told[0], "") if told else message
    column = f" (column {told[2]})" if told and told[2] else ""
    return SettingsError(f"{path}, line {number}: {key}it is not valid TOML: {words}{column}")


def settings_schema() -> dict[str, Any]:
    """The settings' shape as JSON Schema, for editors."""
    schema = msgspec.json.schema(SettingsFile)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Tray Status", **schema}


_ASSIGNED = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*[\"']?pages[\"']?[ \t]*\]\]", re.MULTILINE)
_ANY_HEADER = re.compile(r"^[ \t]*\[\[?[^\[\]\n]+\]", re.MULTILINE)
_FILLING = re.compile(
    r"(?P<idle>#[^\n]*|\"\"\"(?:\\.|[^\\])*?\"\"\"|'''.*?'''"
    r"|(?:\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')(?!\s*(?:[=.]|\]\])))|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'",
    re.DOTALL,
)
"""Comments and texts; `idle` are those that are neither a key nor part of a header."""


class _Checker:
    """Checks one file's tables and says where each mistake stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text

    def converted(self, data: Mapping[str, Any]) -> SettingsFile:
        rows = data.get("pages")
        if isinstance(rows, list) and len(rows) > PAGE_LIMIT:
            raise self.wrong("pages", None, f"there are {len(rows)} of them; {PAGE_LIMIT} at most")
        try:
            told = msgspec.convert(data, SettingsFile)
        except msgspec.ValidationError as error:
            raise self._translated(str(error)) from None
        if math.isinf(told.poll_interval_seconds):
            raise self.wrong("poll_interval_seconds", None, f"must be {_INTERVAL}")
        if told.quiet_hours and quiet_hours(told.quiet_hours) is None:
            raise self.wrong("quiet_hours", None, f"must be {_HOURS}")
        return told

    def all(self, data: Mapping[str, Any]) -> Iterator[SettingsError]:
        """Every mistake, each part looked at by itself: whoever checks the whole hears of the first one only."""
        rows = data.get("pages")
        parts = [{key: value} for key, value in data.items() if key != "pages" or not isinstance(rows, list)]
        good: dict[int, PageSetting] = {}
        for place, row in enumerate(rows[:PAGE_LIMIT] if isinstance(rows, list) else ()):
            if not isinstance(row, dict):
                parts.append({"pages": [{"name": "x"}] * place + [row]})
                continue
            told = [{"name": row.get("name", "x"), key: value} for key, value in row.items()]
            wrong = [each for each in (*told, *([] if "name" in row else [{}])) if not _is_page(each)]
            parts += [{"pages": [{"name": "x"}] * place + [each]} for each in wrong]
            if not wrong:
                good[place] = msgspec.convert(row, PageSetting)
        for part in parts:
            try:
                self.converted(part)
            except SettingsError as error:
                yield error
        yield from self._mistakes(good)

    def checked(self, pages: tuple[PageSetting, ...]) -> tuple[PageSetting, ...]:
        """The pages with clean names and addresses, each name given once."""
        for error in self._mistakes(dict(enumerate(pages))):
            raise error
        return tuple(
            msgspec.structs.replace(page, name=clean_line(page.name), url=_address(page) or page.url)
            for page in pages
        )

    def _mistakes(self, pages: Mapping[int, PageSetting]) -> Iterator[SettingsError]:
        """What is wrong with some pages, by their places, though each part of them is of the right kind."""
        names: set[str] = set()
        places: dict[str, int] = {}
        for place, page in pages.items():
            name, url = clean_line(page.name), _address(page)
            if not name:
                yield self.wrong("name", place, f"must be {_description(PageSetting, 'name')}")
            elif name.casefold() in names:
                yield self.wrong("name", place, f"“{name}” names two pages; each needs a name of its own")
            names.add(name.casefold())
            if url is None:
                yield self.wrong("url", place, f"must be {_description(PageSetting, 'url')}")
            elif url in places:
                yield self.wrong("url", place, f"{url} is watched already, as page {places[url] + 1}")
            else:
                places[url] = place
            if page.interval_seconds is not None and math.isinf(page.interval_seconds):
                yield self.wrong("interval_seconds", place, f"must be {_INTERVAL}")
            if page.probe and read_target(page.probe) is None:
                yield self.wrong("probe", place, f"must be {_description(PageSetting, 'probe')}")

    def _translated(self, message: str) -> SettingsError:
        """A mistake as msgspec words it, such as "Expected `float`, got `str` - at `$.pages[1].interval_seconds`"."""
        place_told = re.search(r"\$\.pages\[(\d+)\]", message)
        place = int(place_told[1]) if place_told else None
        table = SettingsFile if place is None else PageSetting
        if unknown := re.search(r"unknown field `(.*?)`(?: - at|$)", message, re.DOTALL):
            allowed = table.__struct_fields__
            near = nearest(unknown[1], allowed)
            hint = f"did you mean “{near[0]}”?" if near else f"known are {', '.join(allowed)}"
            return self.wrong(unknown[1], place, f"is not a known setting; {hint}")
        if missing := re.search(r"missing required field `(\w+)`", message):
            return self.wrong(missing[1], place, f"must be {_description(table, missing[1])}")
        told = re.search(r"at `\$\.(?:pages\[\d+\]\.)?(\w+)", message)
        key = told[1] if told else "pages"
        table = SettingsFile if key == "pages" else table
        return self.wrong(key, None if key == "pages" else place, f"must be {_description(table, key)}")

    def wrong(self, key: str, place: int | None, what: str) -> SettingsError:
        """The message for a mistake in a key, of the page at `place` (from 0) where that is told."""
        line = self._line(key, place)
        where = f"{self._path}, line {line}" if line else str(self._path)
        table = "" if place is None else f"page {place + 1}: "
        return SettingsError(f"{where}: {table}{clean_line(key, 80)}: {what}", line or 0)

    def all_off(self) -> str:
        """Told where all pages are there only to be kept."""
        return str(self.wrong("enabled", 0, "no page is enabled, so there is nothing to watch; enable one"))

    @cached_property
    def _bare(self) -> str:
        """The file with blanks for comments and for texts that are values, so that places stay the same."""

        def blank(found: re.Match[str]) -> str:
            return re.sub(r"[^\n]", " ", found[0]) if found["idle"] else found[0]

        return _FILLING.sub(blank, self._text)

    def _line(self, key: str, place: int | None) -> int | None:
        """The line where a key stands, or where its table begins; None where neither is found."""
        begin, end = 0, len(self._text)
        if place is not None:
            begin, end = self._table(place)
        named = rf"(?<![\w.\"'-])[\"']?{re.escape(key)}[\"']?\s*[=.]|^\s*\[+\s*[\"']?{re.escape(key)}\b"
        pattern = re.compile(named, re.MULTILINE)
        found = pattern.search(self._bare, begin, end) or pattern.search(self._text, begin, end)
        if found is None and place is None:
            return None
        return self._text.count("\n", 0, found.end() if found else begin) + 1

    def _table(self, place: int) -> tuple[int, int]:
        """Where the table of a page begins and ends, be it begun with [[pages]] or written in one line."""
        headers = [found.start() for found in _HEADER.finditer(self._bare)]
        if place < len(headers):
            ends = [found.start() for found in _ANY_HEADER.finditer(self._bare) if found.start() > headers[place]]
            return headers[place], min(ends, default=len(self._text))
        depth, tables, begin = 0, 0, 0
        assigned = re.search(r"^\s*[\"']?pages[\"']?\s*=", self._bare, re.MULTILINE)
        for found in re.compile(r"[{}]").finditer(self._bare, assigned.end() if assigned else 0):
            depth += 1 if found[0] == "{" else -1
            if depth == 1 and found[0] == "{":
                begin = found.start()
            elif depth == 0:
                if tables == place:
                    return begin, found.end()
                tables += 1
        return begin, len(self._text)


def _is_page(row: Mapping[str, Any]) -> bool:
    try:
        msgspec.convert(row, PageSetting)
    except msgspec.ValidationError:
        return False
    return True


def _address(page: PageSetting) -> str | None:
    """The page's address, or the one that its name is known to have; None where there is none."""
    if page.url:
        return normalise(page.url)
    known = by_name(clean_line(page.name))
    return known.url if known else None


def _description(table: type[Struct], key: str) -> str:
    """What is allowed for a key, in the words of its schema."""
    schema = msgspec.json.schema(table)["$defs"][table.__name__]["properties"][key]
    return str(schema["description"])
