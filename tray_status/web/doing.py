"""Requests that change something, and the page of the settings. Who may ask for it is decided in `gate`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_safe

from ..catalogue import known_pages
from ..catalogue.search import search
from ..core.model import Impact
from ..core.text import clean_line
from ..core.view import PageView
from ..core.wishes import EVERYTHING, Wish, next_morning, span
from ..core.wording import HEADLINES, IMPACT_WORDS, count, unreadable_line
from ..errors import TrayStatusError, UsageError
from ..poller.loop import utc_now
from ..providers.registry import described
from .gate import changes
from .page import tree
from .site import Acts, site_of
from .views import from_the_log, page, words

WISHES = {"mute": Wish.MUTE, "acknowledge": Wish.ACKNOWLEDGE, "follow": Wish.FOLLOW}
THRESHOLDS = (Impact.NOTICE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL)
COMPONENTS_LIMIT = 500
FOUND_LIMIT = 12

Doing = Callable[[Acts, QueryDict], str]
"""Does what a form asks for, and says in words what was done. Raises TrayStatusError."""


@changes
def do(request: HttpRequest) -> HttpResponse:
    """Do what the field `do` names; then back to where the form stood, or, for a script, what was done."""
    scripted = "application/json" in request.headers.get("Accept", "")
    acts = site_of(request).acts
    try:
        if acts is None:
            raise UsageError("nothing can be changed on this page; it only shows")
        verb, _, detail = request.POST.get("do", "").partition(":")
        said = _doing(verb)(acts, _with_detail(request.POST, detail))
    except TrayStatusError as error:
        return _came_to(400, f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}.", scripted)
    if scripted:
        return _came_to(200, said, scripted)
    back = request.POST.get("back", "/")
    return HttpResponseRedirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")


def _came_to(status: int, text: str, scripted: bool) -> HttpResponse:
    if not scripted:
        return words(status, text)
    return HttpResponse(json.dumps({"done": status == 200, "words": text}), "application/json", status)


def _with_detail(form: QueryDict, detail: str) -> QueryDict:
    copy = form.copy()
    if detail:
        copy["for"] = detail
    return copy


def _doing(verb: str) -> Doing:
    if verb in WISHES:
        return lambda acts, form: _wish(acts, form, WISHES[verb])
    if verb.removeprefix("un") in WISHES:
        return lambda acts, form: _take_back(acts, form, WISHES[verb.removeprefix("un")])
    if verb in _OTHERS:
        return _OTHERS[verb]
    raise UsageError(f"“{clean_line(verb, 40)}” is nothing that can be done here")


def _wish(acts: Acts, form: QueryDict, wish: Wish) -> str:
    acts.wish(wish, form.get("page", ""), form.get("incident", EVERYTHING), _end(form.get("for", "")))
    return {Wish.MUTE: "Muted.", Wish.ACKNOWLEDGE: "Acknowledged.", Wish.FOLLOW: "Followed until it is over."}[wish]


def _take_back(acts: Acts, form: QueryDict, wish: Wish) -> str:
    acts.take_back(wish, form.get("page", ""), form.get("incident", EVERYTHING))
    return "Taken back."


def _end(text: str) -> datetime | None:
    """When a wish ends that is made now; None where it was given no end."""
    if not text:
        return None
    if text == "morning":
        return next_morning(utc_now().astimezone())
    length = span(text)
    if length is None:
        raise UsageError(f"“{clean_line(text, 40)}” is no length of time, such as 30m, 8h or 2d")
    return utc_now() + min(length, timedelta(days=3650))


def _check(acts: Acts, _form: QueryDict) -> str:
    acts.check_now()
    return "Checking all pages now."


def _pause(acts: Acts, form: QueryDict) -> str:
    acts.pause(_end(form.get("for", "")))
    return "Notices are held back; what happens meanwhile is told at the end."


def _resume(acts: Acts, _form: QueryDict) -> str:
    acts.resume()
    return "Notices are shown again."


def _add(acts: Acts, form: QueryDict) -> str:
    chosen = [clean_line(each, 200) for each in form.getlist("component")][:COMPONENTS_LIMIT]
    name = clean_line(form.get("name", ""), 200)
    return f"{acts.add(form.get('wanted', ''), chosen, name)} is watched from now on."


def _remove(acts: Acts, form: QueryDict) -> str:
    return f"{acts.remove(form.get('page', ''))} is watched no longer. Its history is kept."


def _choose(acts: Acts, form: QueryDict) -> str:
    chosen = [clean_line(each, 200) for each in form.getlist("component")][:COMPONENTS_LIMIT]
    acts.choose(form.get("page", ""), chosen)
    return f"Only {', '.join(chosen)} from now on." if chosen else "All of it matters from now on."


def _threshold(acts: Acts, form: QueryDict) -> str:
    impact = _impact(form.get("from", ""))
    acts.notify_from(impact, form.get("page", EVERYTHING))
    return f"Notices from {impact.value} up."


def _quiet(acts: Acts, form: QueryDict) -> str:
    loud = form.get("except", "")
    acts.quiet(form.get("hours", ""), _impact(loud) if loud else None)
    return "Quiet hours are set." if form.get("hours", "").strip() else "There are no quiet hours."


def _sounds(acts: Acts, form: QueryDict) -> str:
    on = form.get("on", "") == "1"
    acts.sounds(on=on)
    return "Notices may be heard." if on else "Notices are silent."


def _impact(text: str) -> Impact:
    found = next((each for each in THRESHOLDS if each.value == text), None)
    if found is None:
        raise UsageError(f"“{clean_line(text, 40)}” is none of {', '.join(each.value for each in THRESHOLDS)}")
    return found


_OTHERS: dict[str, Doing] = {
    "check": _check,
    "pause": _pause,
    "resume": _resume,
    "add": _add,
    "remove": _remove,
    "choose": _choose,
    "threshold": _threshold,
    "quiet": _quiet,
    "sounds": _sounds,
    "test": lambda acts, form: f"{acts.test_target(form.get('target', ''))}.",
}


@require_safe
@from_the_log
def settings(request: HttpRequest) -> HttpResponse:
    """What is watched and what is worth a notice; and the catalogue, to add from."""
    site = site_of(request)
    text = clean_line(request.GET.get("find", ""), 100)
    overview = site.source.overview()
    watched = {view.page.url for view in overview.pages}
    found = [each for each in search(known_pages(), text, FOUND_LIMIT) if each.url not in watched] if text else []
    shown = {
        "rules": site.acts.rules if site.acts is not None else None,
        "views": sorted(overview.pages, key=lambda view: view.page.name.casefold()),
        "thresholds": [(each.value, IMPACT_WORDS[each]) for each in THRESHOLDS],
        "text": text,
        "found": found,
        "targets": _targets(site.acts),
    }
    return page(request, "settings.html", "settings", shown)


def _targets(acts: Acts | None) -> list[tuple[str, str, str]]:
    """The hooks and webhooks; none while the settings cannot be used."""
    try:
        return acts.targets() if acts is not None else []
    except UsageError:
        return []


@require_safe
@from_the_log
def components(request: HttpRequest) -> HttpResponse:
    """Which components of a watched page matter."""
    overview = site_of(request).source.overview()
    view = next((each for each in overview.pages if each.page.id == request.GET.get("id", "")), None)
    if view is None:
        raise Http404
    shown = {"view": view, "parts": tree(view.state.components[:COMPONENTS_LIMIT])}
    return page(request, "components.html", "settings", shown)


@changes
def find(request: HttpRequest) -> HttpResponse:
    """What is at an address: asked now, and shown with its components, to be watched or not."""
    acts, wanted = site_of(request).acts, clean_line(request.POST.get("wanted", ""), 300)
    try:
        if acts is None:
            raise UsageError("nothing can be added on this page; it only shows")
        found, view = acts.look(wanted)
    except TrayStatusError as error:
        said = str(error).removeprefix("add: ")
        return page(
            request, "found.html", "settings", {"wanted": wanted, "wrong": f"{said[:1].upper()}{said[1:]}"}, 400
        )
    why = unreadable_line(view)
    shown = {"wanted": wanted, "wrong": why or "", "found": found, "parts": tree(view.state.components)}
    shown["facts"] = "" if why else _facts(view)
    shown["name"] = found.name if found.named else view.page.name
    return page(request, "found.html", "settings", shown)


def _facts(view: PageView) -> str:
    title, tells = described(view.state.platform or "")
    parts = count(len(view.state.components), "component")
    return f"{title}, {parts}. It tells {tells}. Now: {HEADLINES[view.impact].lower()}."
