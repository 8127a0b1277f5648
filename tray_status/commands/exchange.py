"""`import` and `export`: the watched pages as lists that other programs and people keep."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..catalogue import page_id
from ..catalogue.lists import (
    Exported,
    Refused,
    Wanted,
    as_json,
    as_list,
    as_opml,
    distinct_name,
    feed_of,
    page_key,
    sort_out,
)
from ..catalogue.names import by_address, by_name
from ..catalogue.rows import SIZE_LIMIT, NoList, kept, read_rows
from ..config import PageSetting, Settings, page_of
from ..config.choice import DEFAULT_PAGE
from ..config.file import add_pages
from ..core.text import clean_line
from ..core.wording import count, unreadable_line
from ..errors import StoreError, TrayStatusError, UsageError
from ..home import Home, home_of
from ..whole_file import replace_file
from .archive import export_history, import_history, is_history
from .printing import note, say

if TYPE_CHECKING:
    from ..core.model import Page
    from ..core.view import PageView
    from ..engine import Engine

NOTHING_TAKEN = 1

PATIENCE = 60.0
"""Seconds for up to `AT_ONCE` pages to be read."""
AT_ONCE = 50

_KINDS = {"opml": as_opml, "list": as_list, "json": as_json}
_BY_ENDING = {".json": "json", ".txt": "list", ".tsv": "list"}


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    taken = commands.add_parser(
        "import",
        help="watch the pages of a list, such as a feed reader's",
        description="Watch the pages that a file names: OPML of a feed reader, a list with a name or an address in"
        " each line, or what `tray-status export` wrote, `export --history` too. What cannot be taken is told, the"
        " rest is taken."
        " Pages that are not known are read once, and must answer.",
        epilog="Exits with 1 where something was wrong and no page was taken.",
    )
    taken.add_argument("file", metavar="FILE", help="the list; - reads it from standard input")
    taken.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    taken.add_argument("--unchecked", action="store_true", help="take pages that are not known without reading them")
    taken.set_defaults(run=_import)
    export = commands.add_parser(
        "export",
        help="the watched pages as a list, for feed readers or another computer",
        description="Write the pages that the settings watch, to a file or to standard output. Where no kind is"
        " chosen, a file that ends in .json or .txt tells it; else it is OPML.",
    )
    kinds = export.add_mutually_exclusive_group()
    kinds.add_argument("--opml", dest="kind", action="store_const", const="opml", help="OPML, for feed readers")
    kinds.add_argument("--list", dest="kind", action="store_const", const="list", help="a name and an address a line")
    kinds.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="JSON, for another computer")
    kinds.add_argument(
        "--history", action="store_true", help="all that ever happened, as JSON Lines, in place of the watched pages"
    )
    export.add_argument("file", metavar="FILE", nargs="?", help="(default: standard output)")
    export.set_defaults(run=_export)


def _import(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    if options.file != "-" and is_history(Path(options.file).expanduser()):
        return import_history(home, Path(options.file).expanduser(), dry_run=options.dry_run)
    settings = home.settings_to_add_to()
    source = clean_line(options.file)
    try:
        rows = read_rows(_bytes_of(options.file))
    except NoList as error:
        raise UsageError(f"{source}: {error}") from None
    except OSError as error:
        raise UsageError(f"{source}: it cannot be read: {error.strerror or error}") from None
    found = sort_out(rows, {page.url: page.name for page in settings.pages})
    views = {} if options.unchecked else _read_once([each for each in found.wanted if not each.known])
    unread = {url: why for url, view in views.items() if (why := unreadable_line(view))}
    taken = _named([each for each in found.wanted if each.url not in unread], settings, views)
    if taken and not options.dry_run:
        add_pages(home.settings_path, taken)
    verb = "Would add" if options.dry_run else "Added"
    for page in taken:
        say(f"{verb} {page.name}: {page.url}")
    left_out = [Refused(each.where, each.url, unread[each.url]) for each in found.wanted if each.url in unread]
    _tell(taken, [*found.refused, *left_out], source, options.dry_run)
    if left_out:
        note("--unchecked takes pages that cannot be read all the same.")
    wrong = bool(left_out) or not all(each.harmless for each in found.refused)
    return NOTHING_TAKEN if wrong and not taken else 0


def _tell(taken: Sequence[PageSetting], refused: Sequence[Refused], source: str, dry_run: bool) -> None:
    """What was not taken, line by line, and how many were."""
    for each in sorted(refused, key=lambda each: int(each.where.split()[-1])):
        note(str(each))
    there = sum(each.harmless for each in refused)
    others = len(refused) - there
    words = [f"{count(len(taken), 'page')} {'to be added' if dry_run else 'added'}"]
    words += [f"{there} watched already or named twice"] if there else []
    words += [f"{others} not taken"] if others else []
    say(f"{source}: {', '.join(words)}." if taken or refused else f"{source}: it names no page.")


def _bytes_of(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(SIZE_LIMIT + 1)
    with open(Path(file).expanduser(), "rb") as stream:
        return stream.read(SIZE_LIMIT + 1)


def _named(wanted: Sequence[Wanted], settings: Settings, views: Mapping[str, PageView]) -> list[PageSetting]:
    """The pages with names of their own: as the list calls them, or the catalogue, or the vendor."""
    taken = {page.name.casefold() for page in settings.pages}
    pages = []
    for each in wanted:
        view = views.get(each.url)
        name = distinct_name(each.name or (clean_line(view.page.name, 200) if view else ""), each.url, taken)
        taken.add(name.casefold())
        pages.append(setting_from(name, each))
    return pages


def setting_from(name: str, wanted: Wanted) -> PageSetting:
    """The page with what the list tells of it; what the settings do not allow is left out, and said."""
    told = dict(wanted.settings)
    while True:
        try:
            return msgspec.convert({"name": name, "url": wanted.url, **told}, PageSetting)
        except msgspec.ValidationError as error:
            wrong = next((key for key in told if f"$.{key}" in str(error)), None)
            if wrong is None:
                return PageSetting(name=name, url=wanted.url)
            value = clean_line(str(told.pop(wrong)), 60)
            note(f"{wanted.where}: {wrong}: {value} is not allowed there, and is left out")


def _read_once(wanted: Sequence[Wanted]) -> dict[str, PageView]:
    """The pages by address after one poll of each that leaves no trace, all of them together."""
    if not wanted:
        return {}
    from ..core.view import view_of
    from ..engine import Engine
    from ..poller.loop import utc_now

    pages: dict[str, Page] = {each.url: page_of(PageSetting(name=each.name, url=each.url), 3600.0) for each in wanted}
    note(f"Reading {count(len(pages), 'page')} …")
    engine = Engine(list(pages.values()), None)
    try:
        engine.poller.start()
        _wait(engine, len(pages))
        now = utc_now()
        return {state.page.url: view_of(state, now) for state in engine.states()}
    finally:
        engine.stop()


def _wait(engine: Engine, how_many: int) -> None:
    """Wait until all was read, or took too long; on a terminal, say how far it is."""
    end = time.monotonic() + PATIENCE * (1 + how_many // AT_ONCE)
    shown = sys.stderr.isatty()
    while not engine.wait_for_round(min(0.3, max(0.0, end - time.monotonic()))) and time.monotonic() < end:
        if shown:
            done = sum(state.checked_at is not None for state in engine.states())
            _show(f"\r{done} of {how_many} read ")
    if shown:
        _show("\r\x1b[K")


def _show(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _export(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    if options.history:
        return export_history(home, Path(options.file).expanduser() if options.file else None)
    kind = options.kind or ("json" if options.json else "")
    if options.file is None:
        say(_KINDS[kind or "opml"](_watched(home)))
        return 0
    path = Path(options.file).expanduser()
    kind = kind or _BY_ENDING.get(path.suffix.lower(), "opml")
    pages = _watched(home)
    text = _KINDS[kind](pages) + "\n"
    try:
        if path.exists() and home.settings_path.exists() and path.samefile(home.settings_path):
            raise UsageError(f"{path}: these are the settings themselves; name another file")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: there is no folder {path.parent}")
        if path.exists() and not path.is_file():  # such as a pipe, which must not be replaced
            path.write_bytes(text.encode())
        else:
            replace_file(path, text.encode())
    except OSError as error:
        raise TrayStatusError(f"{path}: it cannot be written: {error.strerror or error}") from None
    note(f"{path}: {count(len(pages), 'page')} written.")
    return 0


def _watched(home: Home) -> list[Exported]:
    """What is watched with these settings; pages that are off are not."""
    settings = home.settings_to_add_to()
    pages = [page for page in settings.pages if page.enabled]
    if not settings.pages and (entry := by_name(DEFAULT_PAGE)):
        pages = [PageSetting(name=entry.name, url=entry.url)]
    return [
        Exported(_id_of(page.url), page.name, page.url, feed_of(page.url, *read_as), kept(msgspec.to_builtins(page)))
        for page, read_as in zip(pages, _platforms(home, pages), strict=True)
    ]


def _platforms(home: Home, pages: Sequence[PageSetting]) -> list[tuple[str | None, str]]:
    """Each page's platform and where its documents are, as last read, or as the catalogue has it."""
    from ..store import Store

    entries = [by_address(page.url) for page in pages]
    known = [(entry.platform if entry else None, "") for entry in entries]
    if not home.database.exists():
        return known
    try:
        store = Store.open(home.database, read_only=True)
    except StoreError:
        return known
    try:
        states = [store.state(page_of(page, 60.0)) for page in pages]
    except StoreError:
        return known
    finally:
        store.close()
    read = [(state.platform, state.source) for state in states]
    return [as_read if as_read[0] else told for as_read, told in zip(read, known, strict=True)]


def _id_of(url: str) -> str:
    entry = by_address(url)
    return entry.id if entry else page_id(url)


def unwatched(settings: Settings, pages: Sequence[PageSetting]) -> list[PageSetting]:
    """Those of the pages that these settings do not have, with names that these settings do not have either."""
    there = {page_key(page.url) for page in settings.pages}
    names = {page.name.casefold() for page in settings.pages}
    return [
        PageSetting(name=distinct_name(page.name, page.url, names), url=page.url)
        for page in pages
        if page_key(page.url) not in there
    ]
