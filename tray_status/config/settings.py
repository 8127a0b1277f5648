"""`config.toml` → frozen settings. A mistake names file, line, key and what is allowed."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ..catalogue import by_name, normalise
from ..core.probe import read_target
from ..core.text import clean_line
from ..errors import SettingsError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_INTERVAL = 60.0
LONGEST_INTERVAL = 604_800.0
PAGE_LIMIT = 10_000

Threshold = Literal["none", "notice", "maintenance", "minor", "major", "critical"]

# The descriptions end up in the messages ("must be …") and in the schema that editors show, so they are said once.
_Seconds = Annotated[
    float, Meta(ge=1, le=LONGEST_INTERVAL, description="a number of seconds from 1 to 604800, which is a week")
]
_Line = Annotated[str, Meta(min_length=1, max_length=200)]


class PageSetting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[pages]]` table: a status page to watch."""

    name: Annotated[_Line, Meta(description='a text that names this page alone, such as "OpenAI"')]
    url: Annotated[str, Meta(description='the address of a status page, such as "https://status.openai.com"')] = ""
    interval_seconds: Annotated[_Seconds | None, Meta(description="a number of seconds from 1 to 604800, here")] = (
        None
    )
    components: Annotated[
        tuple[_Line, ...], Meta(description='a list of component names or ids, such as ["Codex API"]', max_length=500)
    ] = ()
    notify_from: Annotated[
        Threshold,
        Meta(description='"none", "notice", "maintenance", "minor", "major" or "critical"'),
    ] = "notice"
    probe: Annotated[
        str, Meta(description='an address of the service itself, "tcp:host:port" or "dns:host"', max_length=2000)
    ] = ""
    enabled: Annotated[bool, Meta(description="true or false")] = True


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a settings file says."""

    poll_interval_seconds: _Seconds = DEFAULT_INTERVAL
    pages: Annotated[
        tuple[PageSetting, ...], Meta(description=f"tables, each begun with [[pages]], {PAGE_LIMIT} at most")
    ] = ()


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
        raise SettingsError(f"{path}: it is not valid TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{path}: it is nested too deeply to be settings") from None
    checker = _Checker(path, text)
    settings = checker.converted(data)
    return msgspec.structs.replace(settings, pages=checker.checked(settings.pages))


def settings_schema() -> dict[str, Any]:
    """The settings' shape as JSON Schema, for editors."""
    schema = msgspec.json.schema(Settings)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Tray Status", **schema}


class _Checker:
    """Checks one file's tables and says where each mistake stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def converted(self, data: Mapping[str, Any]) -> Settings:
        rows = data.get("pages")
        if isinstance(rows, list) and len(rows) > PAGE_LIMIT:
            raise self.wrong("pages", None, f"there are {len(rows)} of them; {PAGE_LIMIT} at most")
        try:
            return msgspec.convert(data, Settings)
        except msgspec.ValidationError as error:
            raise self._translated(str(error)) from None

    def checked(self, pages: tuple[PageSetting, ...]) -> tuple[PageSetting, ...]:
        """The pages with clean names and addresses, each name given once."""
        names: set[str] = set()
        places: dict[str, int] = {}
        found = []
        for place, page in enumerate(pages):
            name = clean_line(page.name)
            if not name:
                raise self.wrong("name", place, f"must be {_description(PageSetting, 'name')}")
            if name.casefold() in names:
                raise self.wrong("name", place, f"“{name}” names two pages; each needs a name of its own")
            names.add(name.casefold())
            known = by_name(name)
            url = normalise(page.url) if page.url else known.url if known else None
            if url is None:
                raise self.wrong("url", place, f"must be {_description(PageSetting, 'url')}")
            if url in places:
                raise self.wrong("url", place, f"{url} is watched already, as page {places[url] + 1}")
            places[url] = place
            if page.probe and read_target(page.probe) is None:
                raise self.wrong("probe", place, f"must be {_description(PageSetting, 'probe')}")
            found.append(msgspec.structs.replace(page, name=name, url=url))
        return tuple(found)

    def _translated(self, message: str) -> SettingsError:
        """A mistake as msgspec words it, such as "Expected `float`, got `str` - at `$.pages[1].interval_seconds`"."""
        place_told = re.search(r"\$\.pages\[(\d+)\]", message)
        place = int(place_told[1]) if place_told else None
        table = Settings if place is None else PageSetting
        if unknown := re.search(r"unknown field `(.*?)`(?: - at|$)", message, re.DOTALL):
            allowed = table.__struct_fields__
            near = difflib.get_close_matches(unknown[1], allowed, 1)
            hint = f"did you mean “{near[0]}”?" if near else f"known are {', '.join(allowed)}"
            return self.wrong(unknown[1], place, f"is not a known setting; {hint}")
        if missing := re.search(r"missing required field `(\w+)`", message):
            return self.wrong(missing[1], place, f"must be {_description(table, missing[1])}")
        told = re.search(r"at `\$\.(?:pages\[\d+\]\.)?(\w+)", message)
        key = told[1] if told else "pages"
        table = Settings if key == "pages" else table
        return self.wrong(key, None if key == "pages" else place, f"must be {_description(table, key)}")

    def wrong(self, key: str, place: int | None, what: str) -> SettingsError:
        """The message for a mistake in a key, of the page at `place` (from 0) where that is told."""
        line = self._line(key, place)
        where = f"{self._path}, line {line}" if line else str(self._path)
        table = "" if place is None else f"page {place + 1}: "
        return SettingsError(f"{where}: {table}{clean_line(key, 80)}: {what}")

    def _line(self, key: str, place: int | None) -> int | None:
        """The line where a key stands, or where its table begins; None where neither is found."""
        header = re.compile(r"\s*\[\[\s*pages\s*\]\]")
        assignment = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]|\s*\[+\s*{re.escape(key)}\b")
        table, begin = -1, None
        for line_number, line in enumerate(self._lines, 1):
            if header.match(line):
                table += 1
                if table == place:
                    begin = line_number
            if assignment.match(line) and (place is None or table == place):
                return line_number
        return begin


def _description(table: type[Struct], key: str) -> str:
    """What is allowed for a key, in the words of its schema."""
    schema = msgspec.json.schema(table)["$defs"][table.__name__]["properties"][key]
    return str(schema["description"])
