"""`config.toml` → frozen settings. A mistake names file, line, key and what is allowed."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ..catalogue import by_name, normalise
from ..core.probe import read_target
from ..core.text import clean_line
from ..core.wishes import quiet_hours
from ..errors import SettingsError
from .places import Places, Row
from .suggestions import nearest
from .targets import LIMIT, HookSetting, WebhookSetting, page_ids, target_mistakes

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
    language: Annotated[
        Literal["auto", "en", "de", "fr"],
        Meta(description='"auto" (that of your desktop), "en", "de" or "fr"'),
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
    hooks: Annotated[
        tuple[HookSetting, ...], Meta(description=f"tables, each begun with [[hooks]], {LIMIT} at most")
    ] = ()
    webhooks: Annotated[
        tuple[WebhookSetting, ...], Meta(description=f"tables, each begun with [[webhooks]], {LIMIT} at most")
    ] = ()


_TABLES: dict[str, tuple[type[Struct], int, dict[str, Any]]] = {
    "pages": (PageSetting, PAGE_LIMIT, {"name": "x"}),
    "hooks": (HookSetting, LIMIT, {"command": ["x"]}),
    "webhooks": (WebhookSetting, LIMIT, {"name": "x"}),
}
"""What may be there several times: its shape, how many at most, and what none of them can do without."""


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
    pages = checker.checked(told)
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


class _Checker:
    """Checks one file's tables and says where each mistake stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._places = Places(text)

    def converted(self, data: Mapping[str, Any]) -> SettingsFile:
        for key, (_, limit, _) in _TABLES.items():
            rows = data.get(key)
            if isinstance(rows, list) and len(rows) > limit:
                raise self.wrong(key, None, f"there are {len(rows)} of them; {limit} at most")
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
        tables = {key: rows for key, rows in data.items() if key in _TABLES and isinstance(rows, list)}
        parts = [{key: value} for key, value in data.items() if key not in tables]
        good: dict[str, dict[int, Any]] = {key: {} for key in _TABLES}
        for key, rows in tables.items():
            shape, limit, filler = _TABLES[key]
            for place, row in enumerate(rows[:limit]):
                before = [filler] * place
                if not isinstance(row, dict):
                    parts.append({key: [*before, row]})
                    continue
                told = [{**{each: row.get(each, usual) for each, usual in filler.items()}, name: value}
                        for name, value in row.items()]  # fmt: skip
                missing: list[dict[str, Any]] = [] if filler.keys() <= row.keys() else [{}]
                wrong = [each for each in (*told, *missing) if not _is_one(each, shape)]
                parts += [{key: [*before, each]} for each in wrong]
                if not wrong:
                    good[key][place] = msgspec.convert(row, shape)
        for part in parts:
            try:
                self.converted(part)
            except SettingsError as error:
                yield error
        yield from self._mistakes(good["pages"])
        yield from self._target_mistakes(good["pages"], good["hooks"], good["webhooks"])

    def checked(self, told: SettingsFile) -> tuple[PageSetting, ...]:
        """The pages with clean names and addresses, each name given once."""
        pages = dict(enumerate(told.pages))
        for error in self._mistakes(pages):
            raise error
        for error in self._target_mistakes(pages, dict(enumerate(told.hooks)), dict(enumerate(told.webhooks))):
            raise error
        return tuple(
            msgspec.structs.replace(page, name=clean_line(page.name), url=_address(page) or page.url)
            for page in told.pages
        )

    def _mistakes(self, pages: Mapping[int, PageSetting]) -> Iterator[SettingsError]:
        """What is wrong with some pages, by their places, though each part of them is of the right kind."""
        names: set[str] = set()
        places: dict[str, int] = {}
        for place, page in pages.items():
            row = Row("pages", place)
            name, url = clean_line(page.name), _address(page)
            if not name:
                yield self.wrong("name", row, f"must be {_description(PageSetting, 'name')}")
            elif name.casefold() in names:
                yield self.wrong("name", row, f"“{name}” names two pages; each needs a name of its own")
            names.add(name.casefold())
            if url is None:
                yield self.wrong("url", row, f"must be {_description(PageSetting, 'url')}")
            elif url in places:
                yield self.wrong("url", row, f"{url} is watched already, as page {places[url] + 1}")
            else:
                places[url] = place
            if page.interval_seconds is not None and math.isinf(page.interval_seconds):
                yield self.wrong("interval_seconds", row, f"must be {_INTERVAL}")
            if page.probe and read_target(page.probe) is None:
                yield self.wrong("probe", row, f"must be {_description(PageSetting, 'probe')}")

    def _target_mistakes(
        self,
        pages: Mapping[int, PageSetting],
        hooks: Mapping[int, HookSetting],
        webhooks: Mapping[int, WebhookSetting],
    ) -> Iterator[SettingsError]:
        if hooks or webhooks:
            ids = page_ids((page.name, page.url) for page in pages.values())
            for table, place, key, words in target_mistakes(hooks, webhooks, ids):
                yield self.wrong(key, Row(table, place), words)

    def _translated(self, message: str) -> SettingsError:
        """A mistake as msgspec words it, such as "Expected `float`, got `str` - at `$.pages[1].interval_seconds`"."""
        told_row = re.search(rf"\$\.({'|'.join(_TABLES)})\[(\d+)\]", message)
        row = Row(told_row[1], int(told_row[2])) if told_row else None
        table = SettingsFile if row is None else _TABLES[row.table][0]
        if unknown := re.search(r"unknown field `(.*?)`(?: - at|$)", message, re.DOTALL):
            allowed = table.__struct_encode_fields__
            near = nearest(unknown[1], allowed)
            hint = f"did you mean “{near[0]}”?" if near else f"known are {', '.join(allowed)}"
            return self.wrong(unknown[1], row, f"is not a known setting; {hint}")
        if missing := re.search(r"missing required field `(\w+)`", message):
            return self.wrong(missing[1], row, f"must be {_description(table, missing[1])}")
        told = re.search(rf"at `\$\.(?:(?:{'|'.join(_TABLES)})\[\d+\]\.)?(\w+)", message)
        key = told[1] if told else "pages"
        if row is None or key == row.table:
            row, table = None, SettingsFile
        return self.wrong(key, row, f"must be {_description(table, key)}")

    def wrong(self, key: str, row: Row | None, what: str) -> SettingsError:
        """The message for a mistake in a key, of the table `row` where that is told."""
        line = self._places.line(key, row)
        where = f"{self._path}, line {line}" if line else str(self._path)
        table = "" if row is None else f"{row}: "
        return SettingsError(f"{where}: {table}{clean_line(key, 80)}: {what}", line or 0)

    def all_off(self) -> str:
        """Told where all pages are there only to be kept."""
        return str(
            self.wrong("enabled", Row("pages", 0), "no page is enabled, so there is nothing to watch; enable one")
        )


def _is_one(row: Mapping[str, Any], shape: type[Struct]) -> bool:
    try:
        msgspec.convert(row, shape)
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
