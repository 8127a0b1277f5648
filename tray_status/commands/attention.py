"""`mute`, `ack`, `follow`, `pause`, `quiet` and their opposites: what a person wants to hear, and not to hear."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from ..config import find_page, nearest
from ..config.file import set_for_all
from ..core.events import stamp
from ..core.model import Incident
from ..core.text import clean_line, cut
from ..core.view import PageView, look
from ..core.wishes import (
    EVERYTHING,
    Wish,
    Wished,
    clock,
    next_morning,
    pause,
    quiet_hours,
    span,
    wish_of_incident,
    wishes_of_page,
)
from ..core.wording import local_time
from ..errors import UsageError
from ..home import Home, home_of
from .printing import say

if TYPE_CHECKING:
    from ..store import Store

Subject: TypeAlias = "tuple[PageView, Incident | None]"

WHAT = "a page by name or address, or an incident by its id or words of its name"
IMPACTS = ("notice", "minor", "major", "critical")

_VERBS = {
    Wish.MUTE: ("mute", "no notices and no colour of the icon, for a while or until it is over"),
    Wish.ACKNOWLEDGE: ("ack", "you know of it: calm until it gets worse or another one opens; its end is told"),
    Wish.FOLLOW: ("follow", "tell every update of it until it is over, whatever the threshold"),
}
_DONE = {Wish.MUTE: "Muted", Wish.ACKNOWLEDGE: "Acknowledged", Wish.FOLLOW: "Followed", Wish.PAUSE: "Paused"}


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    for wish, (verb, words) in _VERBS.items():
        parser = commands.add_parser(
            verb,
            help=words,
            description=words.capitalize() + ".",
            epilog=f"examples: tray-status {verb} openai" + (" 8h" if wish is Wish.MUTE else ""),
        )
        parser.add_argument("what", metavar="WHAT", help=WHAT)
        if wish is Wish.MUTE:
            parser.add_argument(
                "span", metavar="FOR", nargs="?", default="", help="such as 30m, 8h or 2d (default: until it is over)"
            )
        parser.set_defaults(run=_wishing(wish))
        back = commands.add_parser(f"un{verb}", help=f"take a {verb} back", description=f"Take a {verb} back.")
        back.add_argument("what", metavar="WHAT", help=WHAT)
        back.set_defaults(run=_taking_back(wish))
    pausing = commands.add_parser(
        "pause",
        help="no notices at all, for a while or until `resume`",
        description="No notices at all; what happens meanwhile is told at the end, as one.",
        epilog="examples: tray-status pause 1h; tray-status pause until 8:00; tray-status pause",
    )
    pausing.add_argument("span", metavar="FOR", nargs="*", help="such as 1h, “until 8:00” or “tomorrow”")
    pausing.set_defaults(run=_pause)
    commands.add_parser("resume", help="end a pause", description="End a pause.").set_defaults(run=_resume)
    quiet = commands.add_parser(
        "quiet",
        help="from when to when nothing makes a noise, every day",
        description="Quiet hours; what comes then is told at their end. Written into the settings.",
        epilog="examples: tray-status quiet 22:00-07:00 --except major; tray-status quiet off; tray-status quiet",
    )
    quiet.add_argument("hours", metavar="HOURS", nargs="?", help="such as 22:00-07:00, or off (default: tell them)")
    quiet.add_argument("--except", dest="loud", choices=IMPACTS, help="the least that is told all the same")
    quiet.set_defaults(run=_quiet)
    words = "what is muted, acknowledged, followed, paused and quiet now"
    listed = commands.add_parser("attention", help=words, description=words.capitalize() + ".")
    listed.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON")
    listed.set_defaults(run=_list)


Run: TypeAlias = Callable[[argparse.Namespace, Mapping[str, str]], int]


def _wishing(wish: Wish) -> Run:
    def run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
        home = home_of(options, environment)
        length = _length(options.span) if wish is Wish.MUTE else None
        with _store_of(home) as store:
            view, incident = _subject(home, store, options.what, _VERBS[wish][0])
            now = _now()
            until = now + length if length else None
            if incident is not None:
                wishes = [wish_of_incident(wish, view, incident, now, until)]
            else:
                wishes = wishes_of_page(wish, view, now, until)
            if not wishes:
                raise UsageError(f"{_VERBS[wish][0]}: nothing is open on {view.page.name}")
            store.wishes.keep(wishes)
        say(f"{_DONE[wish]} {_until(wishes[0], of_page=incident is None)}: {_name(view, incident)}")
        return 0

    return run


def _taking_back(wish: Wish) -> Run:
    def run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
        home = home_of(options, environment)
        verb = _VERBS[wish][0]
        with _store_of(home) as store:
            view, incident = _subject(home, store, options.what, f"un{verb}")
            now = _now()
            held = [
                each
                for each in store.wishes.all()
                if each.wish is wish and each.page_id == view.page.id and each.holds(now)
                if incident is None or each.incident_id == incident.id
            ]
            store.wishes.take_back(held)
        say(f"{_name(view, incident)}: " + (f"the {verb} is taken back." if held else f"there was no {verb} of it."))
        return 0

    return run


def _pause(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    now = _now()
    until = _end_of_pause(" ".join(options.span), now.astimezone())
    with _store_of(home_of(options, environment)) as store:
        store.wishes.keep([wished := pause(now, until)])
    say(f"No notices {_until(wished, of_page=False)}. `tray-status resume` ends this.")
    return 0


def _resume(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    now = _now()
    with _store_of(home_of(options, environment)) as store:
        paused = [each for each in store.wishes.all() if each.wish is Wish.PAUSE]
        store.wishes.take_back(paused)
    holds = any(each.holds(now) for each in paused)
    say("Notices are shown again; what happened meanwhile is told now." if holds else "Notices were not paused.")
    return 0


def _quiet(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    if options.hours is not None:
        off = options.hours.strip().casefold() == "off"
        hours = None if off else quiet_hours(options.hours)
        if hours is None and not off:
            raise UsageError(f"quiet: “{clean_line(options.hours, 40)}” is neither off nor hours such as 22:00-07:00")
        set_for_all(home.settings_path, "quiet_hours", str(hours) if hours else "")
    if options.loud:
        set_for_all(home.settings_path, "quiet_except", options.loud)
    rules = home.rules()
    loud = rules.breaks_through.value
    told = "what comes then is told at their end"
    say(f"Quiet hours: {rules.quiet}, except from {loud} up; {told}." if rules.quiet else "There are no quiet hours.")
    return 0


def _list(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    home = home_of(options, environment)
    now, rules = _now(), home.rules()
    with _store_of(home) as store:
        held = [each for each in store.wishes.all() if each.holds(now)]
        views = {view.page.id: view for view in _views(home, store)}
    if options.json:
        rows = [
            {
                "wish": each.wish.value,
                "page": each.page_id or None,
                "incident": each.incident_id or None,
                "since": stamp(each.at),
                "until": stamp(each.until),
            }
            for each in held
        ]
        hours = str(rules.quiet) if rules.quiet else None
        say(json.dumps({"v": 1, "wishes": rows, "quiet_hours": hours}, ensure_ascii=False, indent=1))
        return 0
    for each in held:
        say(f"{_DONE[each.wish]} {_until(each, of_page=each.incident_id == EVERYTHING)}{_about(each, views)}")
    if rules.quiet:
        say(f"Quiet from {rules.quiet}, except from {rules.breaks_through.value} up")
    if not held and not rules.quiet:
        say("Nothing is muted, acknowledged, followed or paused, and there are no quiet hours.")
    return 0


def _about(wished: Wished, views: Mapping[str, PageView]) -> str:
    if wished.page_id == EVERYTHING:
        return ""
    view = views.get(wished.page_id)
    if view is None:
        return f": {wished.page_id}, which is not watched"
    known = (*view.state.open_incidents, *view.state.maintenances)
    incident = next((each for each in known if each.id == wished.incident_id), None)
    if incident is None and wished.incident_id:
        return f": {view.page.name}: {wished.incident_id}"
    return f": {_name(view, incident)}"


@contextmanager
def _store_of(home: Home) -> Iterator[Store]:
    from ..store import Store

    store = Store.open(home.database)
    try:
        yield store
    finally:
        store.close()


def _views(home: Home, store: Store, also: str = "") -> tuple[PageView, ...]:
    """The watched pages as the log has them, and one more where it is named."""
    pages = list(home.pages(()))
    if also and (named := home.pages((also,))[0]).id not in {page.id for page in pages}:
        pages.append(named)
    return look([store.state(page) for page in pages], _now()).pages


def _subject(home: Home, store: Store, what: str, verb: str) -> Subject:
    """The page, or the open incident, that a person means. Raises UsageError where that is none, or several."""
    wanted = what.strip().casefold()
    views = _views(home, store)
    rows = [(view, each) for view in views for each in (*view.open_incidents, *view.maintenances)]
    exact = [row for row in rows if row[1].id.casefold() == wanted]
    if len(exact) == 1:
        return exact[0]
    page = _page(home, what, verb)
    if page is not None:
        watched = next((view for view in views if view.page.url == page), None)
        return (watched or next(view for view in _views(home, store, what) if view.page.url == page)), None
    by_name = exact or [row for row in rows if wanted and wanted in row[1].name.casefold()]
    if len(by_name) == 1:
        return by_name[0]
    if by_name:
        names = "".join(f"\n  {each.id}  {_name(view, each)}" for view, each in by_name[:10])
        raise UsageError(f"{verb}: “{clean_line(what, 60)}” may be each of these; name one by its id:{names}")
    pages = [view.page.name for view in views]
    near = nearest(what, pages, likeness=0.6)
    hint = f"did you mean “{near[0]}”?" if near else f"watched are {', '.join(pages[:10])}"
    raise UsageError(f"{verb}: “{clean_line(what, 60)}” is neither a page nor an open incident; {hint}")


def _page(home: Home, what: str, verb: str) -> str | None:
    """The address of the page that is called so; None where none is."""
    try:
        return find_page(home.settings_to_add_to(), what, verb).url
    except UsageError:
        return None


def _name(view: PageView, incident: Incident | None) -> str:
    return view.page.name if incident is None else f"{view.page.name}: {cut(incident.name, 80)}"


def _until(wished: Wished, *, of_page: bool) -> str:
    if wished.until is not None:
        return f"until {local_time(wished.until.astimezone())[:16]}"
    if wished.wish is Wish.PAUSE:
        return "until you resume"
    if wished.wish is Wish.ACKNOWLEDGE:
        return "until it is over or gets worse"
    return "for good" if of_page and wished.wish is Wish.MUTE else "until it is over"


def _length(text: str) -> timedelta | None:
    if text.strip().casefold() in ("", "until resolved", "for good"):
        return None
    length = span(text)
    if length is None:
        raise UsageError(f"mute: “{clean_line(text, 40)}” is no length of time, such as 30m, 8h or 2d")
    return length


def _end_of_pause(text: str, local: datetime) -> datetime | None:
    """When a pause ends that is asked for now; None where it waits for a word."""
    told = text.strip().casefold().removeprefix("until").strip()
    if told in ("", "i resume"):
        return None
    if told == "tomorrow":
        return next_morning(local)
    if length := span(told):
        return local + length
    if (at := clock(told)) is not None:
        end = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
        return end if end > local else end + timedelta(days=1)
    raise UsageError(f"pause: “{clean_line(text, 40)}” is no end of it, such as 1h, until 8:00 or tomorrow")


def _now() -> datetime:
    from ..poller.loop import utc_now

    return utc_now()
