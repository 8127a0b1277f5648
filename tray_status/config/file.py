"""The settings file itself: written once with comments, then changed in place so that a person's own words stay."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..core.attention import Rules
from ..core.text import clean_line
from ..errors import SettingsError
from ..whole_file import replace_file
from .settings import PageSetting, Settings, load_settings, parse_settings, settings_schema

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

SCHEMA_NAME = "config.schema.json"

FIRST = """\
#:schema ./config.schema.json
# What Tray Status watches. A change is taken up while it runs; `tray-status config check` finds mistakes.

poll_interval_seconds = 60
# notify_from = "notice"               # the least that raises a notice: notice, minor, major or critical
# quiet_hours = "22:00-07:00"          # no notices then; what came is told at their end
# quiet_except = "critical"            # what is told in quiet hours too
# maintenance_reminder_minutes = 30    # so long before maintenance begins you are reminded; 0: never
# sounds = true                        # notices may be heard
# language = "auto"                    # of icon, menu and notices: auto, en, de or fr
# icon = "auto"                        # auto, light or dark (the panel it is for), or monochrome
# history_days = 400                   # so long what is over is kept
# relax_when_quiet = true              # pages on which nothing happened for a week: half as often
# relax_on_battery = false             # on battery, or where the connection costs, too, as often as ever

# One table for each status page. `tray-status add NAME_OR_URL` writes one for you.
[[pages]]
name = "OpenAI"                        # unique; shown everywhere
url = "https://status.openai.com"
# interval_seconds = 30                # instead of poll_interval_seconds
# components = ["Codex API"]           # names or ids; all other components are left out of icon and notices
# category = "payments"                # a word of your own; without it the catalogue's
# regions = ["eu-west-1"]              # where the vendor limits incidents to places: these only
# notify_from = "minor"                # for this page, in place of the one above
# probe = "https://api.openai.com/"    # knocked at with each poll: warns before the vendor says a word
# enabled = false                      # keep it here, and do not watch it
"""


@dataclass(frozen=True, slots=True)
class SettingsHere:
    """The settings file of a run, for whoever changes it by hand of a menu or a page."""

    path: Path
    rules: Callable[[], Rules]
    """What is in force of it."""
    take_up: Callable[[], None]
    """Has a change of it taken up at once."""


def home_problem(folder: str | None) -> str | None:
    """Why what a person named cannot be the folder for everything; None where it can, or nothing was named."""
    if not folder:
        return None
    path = Path(folder).expanduser().absolute()
    there = next(each for each in (path, *path.parents) if os.path.lexists(each))
    return None if os.path.isdir(there) else f"{there} is not a folder"


def write_first(path: Path) -> bool:
    """Write the first settings file, and its schema beside it; whether there was none. Raises SettingsError."""
    if os.path.exists(path):  # not `Path.exists`, which may raise where a folder on the way may not be looked into
        return False
    _write(path, FIRST)
    _write(path.with_name(SCHEMA_NAME), json.dumps(settings_schema(), indent=1) + "\n")
    return True


def to_add_to(path: Path, *, must_exist: bool = False) -> Settings:
    """The settings as they are before something is added: where there are none yet, what the first file says.

    Raises SettingsError.
    """
    settings = load_settings(path, must_exist=must_exist)
    return settings if os.path.exists(path) else parse_settings(FIRST, path)


def add_pages(path: Path, pages: Sequence[PageSetting]) -> None:
    """Add a `[[pages]]` table for each at the end, with all that is said of it, in one write.

    Raises SettingsError, and adds none, where one of them would be wrong.
    """
    import tomlkit

    write_first(path)
    document = _document(path)
    there: Any = document.get("pages")
    if there is not None and not isinstance(there, tomlkit.items.AoT):
        if there:
            raise SettingsError(f"{path}: pages: stands in one line; write each page as a table begun with [[pages]]")
        del document["pages"]
    parts = [document.as_string().rstrip()]
    for page in pages:
        row: dict[str, Any] = {"name": page.name, "url": page.url}
        row.update({key: value for key, value in _told(page).items() if key not in row})
        parts.append(f"[[pages]]\n{tomlkit.dumps(row)}".rstrip())
    _save(path, "\n\n".join(parts).lstrip() + "\n")


def choose_parts(path: Path, page: PageSetting) -> None:
    """Write which components and regions of a page matter into its table. Raises SettingsError."""
    document = _document(path)
    pages: Any = document.get("pages", [])
    row = next(row for row in pages if clean_line(row["name"]).casefold() == page.name.casefold())
    for key in ("components", "regions"):
        row.pop(key, None)
    row.update(_lists(page))
    _save(path, document.as_string())


def set_for_page(path: Path, name: str, key: str, value: str) -> None:
    """Write one of the settings of the page of that name into its table. Raises SettingsError."""
    document = _document(path)
    pages: Any = document.get("pages", [])
    row = next(row for row in pages if clean_line(row["name"]).casefold() == name.casefold())
    row[key] = value
    _save(path, document.as_string())


def _told(page: PageSetting) -> dict[str, Any]:
    """What differs from what holds without a word."""
    usual = msgspec.to_builtins(PageSetting(name=page.name))
    return {key: value for key, value in msgspec.to_builtins(page).items() if value != usual[key]}


def _lists(page: PageSetting) -> dict[str, list[str]]:
    told = {"components": list(page.components), "regions": list(page.regions)}
    return {key: names for key, names in told.items() if names}


def set_for_all(path: Path, key: str, value: str | bool) -> None:
    """Write one of the settings that stand above the pages; the rest of the file, comments too, stays.

    Raises SettingsError.
    """
    import tomlkit

    write_first(path)
    document = _document(path)
    lines = [item for name, item in document.body if name is not None and not item.is_table() and not item.is_aot()]
    if key in document or not lines:
        document[key] = value
    else:
        # tomlkit would put it below the words that lead over to the pages.
        trivia = lines[-1].trivia
        trivia.trail = (trivia.trail or "\n") + tomlkit.dumps({key: value})
    _save(path, document.as_string())


def remove_page(path: Path, name: str) -> None:
    """Take the `[[pages]]` table of that name out; comments in it stay. Raises SettingsError."""
    document = _document(path)
    pages: Any = document.get("pages", [])
    place = next(at for at, row in enumerate(pages) if clean_line(row["name"]).casefold() == name.casefold())
    lines = pages[place].as_string().splitlines()
    comments = [line for line in lines if line.lstrip().startswith("#")]
    del pages[place]
    if not pages:
        del document["pages"]
    text = document.as_string()
    _save(path, f"{text.rstrip()}\n\n" + "\n".join(comments) + "\n" if comments else text)


def _document(path: Path) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: it cannot be read: {error.strerror or error}") from None
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: it is not valid TOML: {error}") from None


def _save(path: Path, text: str) -> None:
    if "\r\n" in text:  # made on Windows
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    parse_settings(text, path)
    _write(path, text)


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise SettingsError(f"{path}: it cannot be written: {error.strerror or error}") from None
