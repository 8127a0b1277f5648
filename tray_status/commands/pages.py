"""`list`, `add` and `remove`: which pages are watched."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from ..catalogue import by_address, by_name, normalise
from ..config import PageSetting, Settings, find_page, nearest, page_of
from ..config.file import add_pages, choose_parts, remove_page, set_for_page, write_first
from ..core.chosen import watches
from ..core.model import Component, Page, Reading
from ..core.text import clean_line
from ..core.view import PageView
from ..core.wording import HEADLINES, count, number, unreadable_line
from ..errors import UsageError
from ..home import home_of
from ..providers.registry import described
from .asking import ask_which, looked_at
from .printing import note, say

NO_PAGE_READ = 3


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    listed = commands.add_parser("list", help="the pages in the settings", description="The pages in the settings.")
    listed.add_argument("--category", metavar="NAME", help="only those of a category")
    listed.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON")
    listed.set_defaults(run=_list)
    add = commands.add_parser(
        "add",
        help="watch a page from now on, or only parts of it",
        description="Find out what is at an address, read it once and watch it; one that is not known must answer."
        " A page that is watched already gets the name, the components and the regions that are given.",
        epilog="Exits with 3 where the page cannot be read and was not added.",
    )
    add.add_argument("wanted", metavar="NAME_OR_URL")
    add.add_argument("--name", metavar="NAME", help="what to call it (default: as the vendor does)")
    add.add_argument(
        "--component", action="append", default=[], metavar="NAME", help="only what touches this; may repeat"
    )
    add.add_argument(
        "--region", action="append", default=[], metavar="ID", help="only what is in this region; may repeat"
    )
    add.add_argument("--choose", action="store_true", help="show the page's components and ask which of them matter")
    add.add_argument("--unchecked", action="store_true", help="add it though it cannot be read now")
    add.set_defaults(run=_add)
    remove = commands.add_parser(
        "remove", help="watch a page no longer", description="Watch a page no longer. Its history is kept."
    )
    remove.add_argument("wanted", metavar="NAME_OR_URL")
    remove.set_defaults(run=_remove)


def _list(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    settings = home_of(options, environment).settings_to_add_to()
    categories = {page.name: page_of(page, 60.0).category or "other" for page in settings.pages}
    wanted = options.category.casefold() if options.category else None
    shown = [page for page in settings.pages if wanted in (None, categories[page.name].casefold())]
    if options.json:
        rows = [{**msgspec.to_builtins(page), "category": categories[page.name]} for page in shown]
        say(json.dumps({"v": 1, "pages": rows}, ensure_ascii=False, indent=1))
        return 0
    width = max((len(page.name) for page in shown), default=0)
    for page in sorted(shown, key=lambda page: categories[page.name].casefold()):
        facts = [categories[page.name], f"every {number(page.interval_seconds or settings.poll_interval_seconds)} s"]
        if page.components:
            facts.append(f"only {', '.join(page.components)}")
        if page.regions:
            facts.append(f"only in {', '.join(page.regions)}")
        if not page.enabled:
            facts.append("not enabled")
        say(f"{page.name:<{width}}  {page.url}  ({'; '.join(facts)})")
    if not settings.pages:
        say("The settings name no page, so OpenAI's is watched. `tray-status add NAME_OR_URL` adds one.")
    return 0


def _add(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    settings = home.settings_to_add_to()
    found = find_page(settings, options.wanted, "add")
    watched = found in settings.pages
    if watched and options.name:
        name = clean_line(options.name)
        write_first(home.settings_path)
        set_for_page(home.settings_path, found.name, "name", name)
        say(f"{found.name} is called {name} from now on.")
        found = msgspec.structs.replace(found, name=name)
    if watched and not (options.component or options.region or options.choose):
        say(f"{found.name} is in the settings already ({found.url}).")
        return 0
    page = replace(
        page_of(found, settings.poll_interval_seconds),
        components=tuple(options.component) or found.components,
        regions=tuple(options.region) or found.regions,
    )
    note(f"Reading {page.url} …")
    view, _ = looked_at(page)
    if view.state.read_at and not options.unchecked:
        _refuse_missing(replace(view.page, components=page.components), view.state.components)
    if options.choose and view.state.components:
        page = replace(page, components=ask_which(view.state.components, page.components))
    name = found.name if watched else clean_line(options.name or "") or view.page.name
    why = unreadable_line(view)
    known = watched or (by_address(page.url) is not None and view.reading is not Reading.BROKEN)
    if why and not known and not options.unchecked:
        note(f"{why} It was not added; --unchecked adds it all the same.")
        return NO_PAGE_READ
    setting = PageSetting(name=name, url=page.url, components=page.components, regions=page.regions)
    if watched:
        write_first(home.settings_path)
        choose_parts(home.settings_path, setting)
        say(f"Watched of {name}: {_chosen(setting)}")
    else:
        add_pages(home.settings_path, [setting])
        say(f"Added {name}: {page.url}" + ("" if why else _facts(view)))
        if setting.components or setting.regions:
            say(f"Watched: {_chosen(setting)}")
    if why:
        say(why)
    return 0


def _facts(view: PageView) -> str:
    title, _ = described(view.state.platform or "")
    return f" ({title}, {count(len(view.state.components), 'component')}). {HEADLINES[view.impact]}."


def _chosen(setting: PageSetting) -> str:
    parts = [f"only {', '.join(setting.components)}"] if setting.components else []
    parts += [f"only what is in {', '.join(setting.regions)}"] if setting.regions else []
    return f"{'; '.join(parts) or 'all of it'}."


def _refuse_missing(page: Page, components: Sequence[Component]) -> None:
    """Refuse what was chosen and is not there; here nobody has settings to change yet."""
    for wanted in page.components:
        chosen = replace(page, components=(wanted,))
        if not any(watches(chosen, each.id, each.name) for each in components):
            names = [each.name for each in components]
            near = nearest(wanted, names, 3, 0.4) or names[:5]
            hint = f"the nearest: {', '.join(near)}" if near else "it names none"
            raise UsageError(f"add: {page.name} was read and has no component “{clean_line(wanted, 80)}”; {hint}")


def _remove(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    settings = home.settings_to_add_to()
    found = _watched(settings, options.wanted)
    write_first(home.settings_path)
    remove_page(home.settings_path, found.name)
    say(f"Removed {found.name}. Its history is kept.")
    if len(settings.pages) == 1:
        say("It was the last page; where the settings name none, OpenAI's is watched.")
    return 0


def _watched(settings: Settings, wanted: str) -> PageSetting:
    """The page of the settings that a name or an address means. Raises UsageError that offers another one."""
    entry = by_name(wanted)
    urls = {normalise(wanted), entry.url if entry else None} - {None}
    for page in settings.pages:
        if page.name.casefold() == wanted.strip().casefold() or page.url in urls:
            return page
    near = nearest(wanted.strip(), [page.name for page in settings.pages], likeness=0.6)
    hint = f"did you mean “{near[0]}”?" if near else "`tray-status list` shows what is"
    raise UsageError(f"remove: “{clean_line(wanted, 80)}” is not in the settings; {hint}")
