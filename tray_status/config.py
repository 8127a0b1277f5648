"""`config.toml` → frozen settings. A mistake names file, line, key and what is allowed."""

from __future__ import annotations

import difflib
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .catalogue import by_address, by_name, known_pages, normalise, page_id, slug
from .core.model import Page
from .core.text import clean_line
from .errors import SettingsError, UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_INTERVAL = 60.0
DEFAULT_PAGE = "openai"
INTERVAL_VARIABLE = "POLL_INTERVAL_SECONDS"
LONGEST_INTERVAL = 7 * 86400.0
PAGE_LIMIT = 10_000

_KEYS = ("poll_interval_seconds", "pages")
_PAGE_KEYS = ("name", "url", "interval_seconds", "enabled")


@dataclass(frozen=True, slots=True)
class PageSetting:
    """One `[[pages]]` table."""

    name: str
    url: str
    interval: float | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says."""

    interval: float = DEFAULT_INTERVAL
    pages: tuple[PageSetting, ...] = ()


def load_settings(path: Path, *, must_exist: bool = False) -> Settings:
    """Read a settings file; the defaults where there is none. Raises SettingsError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if must_exist:
            raise SettingsError(f"{path}: there is no such file") from None
        return Settings()
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: it is not a text file in UTF-8 ({error.reason})") from None
    except OSError as error:
        raise SettingsError(f"{path}: it cannot be read: {error.strerror or error}") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: it is not valid TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{path}: it is nested too deeply to be settings") from None
    return _Checker(path, text).settings(data)


class _Checker:
    """Checks one file's tables and says where each mistake stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def settings(self, data: Mapping[str, Any]) -> Settings:
        self._known_keys(data, _KEYS, None)
        interval = self._interval(data, "poll_interval_seconds", None) or DEFAULT_INTERVAL
        rows = data.get("pages", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._wrong("pages", None, "must be tables, each begun with [[pages]]")
        if len(rows) > PAGE_LIMIT:
            raise self._wrong("pages", None, f"there are {len(rows)} of them; {PAGE_LIMIT} at most")
        pages = tuple(self._page(row, place) for place, row in enumerate(rows))
        self._unique(pages)
        return Settings(interval, pages)

    def _page(self, row: Mapping[str, Any], place: int) -> PageSetting:
        self._known_keys(row, _PAGE_KEYS, place)
        name, url = row.get("name"), row.get("url")
        if not isinstance(name, str) or not clean_line(name):
            raise self._wrong("name", place, 'must be a text, such as "OpenAI"')
        known = by_name(name)
        if url is None and known is not None:
            url = known.url
        address = normalise(url) if isinstance(url, str) else None
        if address is None:
            raise self._wrong(
                "url", place, 'must be the address of a status page, such as "https://status.openai.com"'
            )
        enabled = row.get("enabled", True)
        if not isinstance(enabled, bool):
            raise self._wrong("enabled", place, "must be true or false")
        return PageSetting(clean_line(name), address, self._interval(row, "interval_seconds", place), enabled)

    def _unique(self, pages: tuple[PageSetting, ...]) -> None:
        seen: dict[str, int] = {}
        for place, page in enumerate(pages):
            key = page.name.casefold()
            if key in seen:
                raise self._wrong("name", place, f"“{page.name}” names two pages; each needs a name of its own")
            seen[key] = place

    def _interval(self, row: Mapping[str, Any], key: str, place: int | None) -> float | None:
        if key not in row:
            return None
        value = row[key]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._wrong(key, place, "must be a number of seconds from 1 up")
        if problem := interval_problem(value):
            raise self._wrong(key, place, problem)
        return float(value)

    def _known_keys(self, row: Mapping[str, Any], allowed: tuple[str, ...], place: int | None) -> None:
        for key in row:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, 1)
                hint = f"; did you mean “{near[0]}”?" if near else f"; known are {', '.join(allowed)}"
                raise self._wrong(key, place, f"is not a known setting{hint}")

    def _wrong(self, key: str, place: int | None, what: str) -> SettingsError:
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
            if assignment.match(line) and (table == place if place is not None else True):
                return line_number
        return begin


def interval_problem(seconds: float) -> str | None:
    """Why a number is no polling interval; None where it is one."""
    if math.isnan(seconds) or seconds < 1:
        return "must be 1 second or more"
    if seconds > LONGEST_INTERVAL:  # infinity, too
        return f"must be {LONGEST_INTERVAL:.0f} seconds (a week) or less"
    return None


def read_interval(text: str, source: str) -> float:
    """An interval from the command line or the environment. Raises UsageError that names the source."""
    try:
        seconds = float(text)
    except ValueError:
        raise UsageError(f"{source}: “{clean_line(text, 40)}” is not a number of seconds from 1 up") from None
    if problem := interval_problem(seconds):
        raise UsageError(f"{source}: {clean_line(text, 40)}: the interval {problem}")
    return seconds


def choose_pages(
    settings: Settings, wanted: tuple[str, ...], environment: Mapping[str, str], interval: float | None
) -> tuple[Page, ...]:
    """The pages to watch in this run. `wanted` are names or addresses; empty means those of the settings.

    Of the intervals the later one wins: of all pages, of this page, of the environment, of the command line.
    Raises UsageError for a name that nobody knows and for an address that is none.
    """
    overall = interval
    if overall is None and (told := environment.get(INTERVAL_VARIABLE)):
        overall = read_interval(told, INTERVAL_VARIABLE)
    chosen = [_find(settings, text) for text in wanted] or [each for each in settings.pages if each.enabled]
    if not chosen and not settings.pages:
        chosen = [_find(settings, DEFAULT_PAGE)]
    if not chosen:
        raise UsageError("no page is enabled in the settings, so there is nothing to watch")
    pages: dict[str, Page] = {}
    for each in chosen:
        page = _page(each, overall or each.interval or settings.interval)
        pages.setdefault(page.id, page)
    return tuple(pages.values())


def _find(settings: Settings, text: str) -> PageSetting:
    name = text.strip().casefold()
    for setting in settings.pages:
        if setting.name.casefold() == name:
            return setting
    if entry := by_name(text):
        return next((each for each in settings.pages if each.url == entry.url), PageSetting(entry.name, entry.url))
    looks_like_address = "://" in text or "." in text or ":" in text or text.strip() == "localhost"
    url = normalise(text) if looks_like_address else None
    if url is None:
        names = [setting.name for setting in settings.pages] + [entry.name for entry in known_pages()]
        near = difflib.get_close_matches(text, names, 1, 0.5)
        hint = f"did you mean “{near[0]}”?" if near else f"known are {', '.join(dict.fromkeys(names))}."
        raise UsageError(f"--page: “{clean_line(text, 80)}” is neither a known page nor an address; {hint}")
    same = next((each for each in settings.pages if each.url == url), None)
    return same or PageSetting("", url)


def _page(setting: PageSetting, interval: float) -> Page:
    """A page with the id that the history knows it by: the catalogue's, or one made of its name or address."""
    entry = by_address(setting.url)
    name = setting.name or (entry.name if entry else "")
    if entry is not None:
        return Page(entry.id, name, setting.url, interval)
    if name:
        return Page(slug(name) or page_id(setting.url), name, setting.url, interval)
    host = setting.url.split("://", 1)[1]
    return Page(page_id(setting.url), host, setting.url, interval, named=False)
