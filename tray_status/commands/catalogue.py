"""`search`, `detect` and `catalogue`: which pages are known by name, and what is at an address."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalogue import by_address, known_pages
from ..catalogue.names import CATEGORIES, SIZE_LIMIT, mistakes, own_file, read_entries
from ..catalogue.search import search
from ..config import PageSetting, Settings, find_page, page_of
from ..core.model import Reading
from ..core.wording import HEADLINES, READING_WORDS, count
from ..errors import CatalogueError, UsageError
from ..home import home_of
from ..whole_file import replace_file
from .asking import looked_at
from .printing import note, say

if TYPE_CHECKING:
    from ..core.view import PageView

NO_PAGE_READ = 3
_TOLD = {"fresh": "answered, with something else", "unchanged": "as before", "absent": "is not there"}
"""What came of a question, for a person; what failed says so itself."""
NOTHING_FOUND = 1


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    find = commands.add_parser(
        "search",
        help="status pages that are known by name",
        description="Find pages by name, part of a name, other names or category; slips of the finger are forgiven.",
        epilog="Exits with 1 where nothing is found.",
    )
    find.add_argument("text", metavar="TEXT", nargs="+")
    find.add_argument("--limit", type=int, default=20, metavar="N", help="show at most N (default: 20)")
    find.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON")
    find.set_defaults(run=_search)
    detect = commands.add_parser(
        "detect",
        help="what kind of status page is at an address",
        description="Find the platform of a page, read it once, and say what was found, or what was tried in vain.",
        epilog="Exits with 3 where nothing was found that can be read.",
    )
    detect.add_argument("url", metavar="NAME_OR_URL")
    detect.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON")
    detect.set_defaults(run=_detect)
    catalogue = commands.add_parser(
        "catalogue",
        help="the list of known pages: where it is, check it, take a newer one",
        description="The list of known pages is one CSV file. Nothing is fetched unless you name it.",
    )
    parts = catalogue.add_subparsers(dest="what", metavar="WHAT", required=True)
    parts.add_parser("path", help="which file is in force").set_defaults(run=_path)
    check = parts.add_parser("check", help="whether a file is a good catalogue; exits with 1 where it is not")
    check.add_argument("file", metavar="FILE", type=Path)
    check.set_defaults(run=_check)
    update = parts.add_parser("update", help="use a newer file from now on")
    update.add_argument("source", metavar="PATH_OR_URL")
    update.set_defaults(run=_update)
    parts.add_parser("reset", help="use the one that came with the program again").set_defaults(run=_reset)


def _search(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home_of(options, environment)
    if not "".join(options.text).strip():
        raise UsageError(f"search: write a name, part of one, or a category: {', '.join(sorted(CATEGORIES))}")
    found = search(known_pages(), " ".join(options.text), max(1, options.limit))
    if options.json:
        rows = [asdict(each) for each in found]
        say(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0 if found else NOTHING_FOUND
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        say(f"{each.name:<{width}}  {each.url}  ({each.category}{f', {each.platform}' if each.platform else ''})")
    if not found:
        note(
            f"No known page is called so. `tray-status add` takes an address too; categories are"
            f" {', '.join(sorted(CATEGORIES))}."
        )
        return NOTHING_FOUND
    return 0


def _detect(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home_of(options, environment)
    url = find_page(Settings(), options.url, "detect").url
    note(f"Looking at {url} …")
    view, asked = looked_at(page_of(PageSetting(name="", url=url), 60.0))
    found = view.state.platform if view.reading is Reading.FRESH else None
    if options.json:
        say(json.dumps(_as_json(view, asked), ensure_ascii=False, indent=1))
        return 0 if found else NO_PAGE_READ
    if found is None:
        problem = view.problem
        say(f"{url}: no status page was found that can be read.")
        if problem:
            say(f"{problem.text}. {problem.cure}".rstrip())
        say(f"Tried ({count(len(asked), 'question')}):")
        for address, told in dict(asked).items():
            say(f"  {address}  {_TOLD.get(told, told)}")
        return NO_PAGE_READ
    for line in _description(view, len(asked)):
        say(line)
    return 0


def _description(view: PageView, questions: int) -> list[str]:
    from ..providers.registry import described

    state = view.state
    title, tells = described(state.platform or "")
    known = by_address(view.page.url)
    groups = {each.group for each in state.components if each.group}
    parts = count(len(state.components), "component") + (f" in {count(len(groups), 'group')}" if groups else "")
    still_open = len(state.open_incidents)
    words = HEADLINES[view.impact] if view.reading is Reading.FRESH else READING_WORDS[view.reading]
    lines = [
        f"Name       : {view.page.name}",
        f"Address    : {view.page.url}",
        f"Platform   : {title} (found with {count(questions, 'question')})",
        f"Tells      : {tells}",
        f"Components : {parts if state.components else 'none told'}",
        f"Now        : {words}; {count(still_open, 'incident')} open",
    ]
    if state.source:
        lines.insert(3, f"Read at    : {state.source}")
    if known:
        lines.append(f"Known as   : {known.name} (`tray-status add {known.id}`)")
    return lines


def _as_json(view: PageView, asked: list[tuple[str, str]]) -> dict[str, Any]:
    state = view.state
    return {
        "v": 1,
        "url": view.page.url,
        "name": view.page.name,
        "platform": state.platform,
        "source": state.source or None,
        "reading": view.reading.value,
        "impact": view.impact.value,
        "problem": view.problem.text if view.problem else None,
        "components": [{"id": each.id, "name": each.name, "group": each.group} for each in state.components],
        "open": len(state.open_incidents),
        "asked": [{"url": address, "told": told} for address, told in asked],
    }


def _path(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    taken = home_of(options, environment).catalogue
    say(str(taken if taken.is_file() else own_file()))
    return 0


def _check(options: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    entries = _checked(_read_file(options.file), str(options.file))
    say(f"{options.file}: {count(len(entries), 'page')}, nothing is wrong.")
    return 0


def _update(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    source = options.source
    text = _fetched(source) if source.startswith(("http://", "https://")) else _read_file(Path(source).expanduser())
    entries = _checked(text, source)
    before = {each.id for each in known_pages()}
    try:
        replace_file(home.catalogue, text.encode())
    except OSError as error:
        raise CatalogueError(f"{home.catalogue}: it cannot be written: {error.strerror or error}") from None
    after = {each.id for each in entries}
    say(f"{count(len(entries), 'page')} known from now on: {len(after - before)} new, {len(before - after)} gone.")
    return 0


def _reset(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    taken = home_of(options, environment).catalogue
    try:
        taken.unlink(missing_ok=True)
    except OSError as error:
        raise CatalogueError(f"{taken}: it cannot be removed: {error.strerror or error}") from None
    say("The list of known pages that came with the program is in force.")
    return 0


def _read_file(path: Path) -> str:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise CatalogueError(f"{path}: it is larger than {SIZE_LIMIT // 1_000_000} MB, which no catalogue is")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CatalogueError(f"{path}: it cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise CatalogueError(f"{path}: it is not a text file in UTF-8") from None


def _fetched(url: str) -> str:
    from ..core.exchange import Problem, Request
    from ..fetch import Fetcher

    fetcher = Fetcher(size_limit=SIZE_LIMIT)
    try:
        answer = fetcher.get(Request(url, "text/csv, text/plain;q=0.9, */*;q=0.1"))
    finally:
        fetcher.close()
    if isinstance(answer, Problem):
        raise CatalogueError(f"{answer.text}. {answer.cure}".rstrip())
    if answer.status != 200:
        raise CatalogueError(f"{url} answers with HTTP {answer.status}")
    try:
        return answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CatalogueError(f"{url}: it is not text in UTF-8") from None


def _checked(text: str, where: str) -> tuple[Any, ...]:
    """The entries of a file that is wholly right. Raises CatalogueError that lists what is not."""
    from ..providers.registry import platform_names

    try:
        entries = read_entries(text)
    except CatalogueError as error:
        raise CatalogueError(f"{where}: {error}") from None
    wrong = mistakes(entries, frozenset(platform_names()))
    if wrong:
        more = f"\n  and {len(wrong) - 20} more" if len(wrong) > 20 else ""
        raise CatalogueError(f"{where}: {count(len(wrong), 'mistake')}:\n  " + "\n  ".join(wrong[:20]) + more)
    return entries
