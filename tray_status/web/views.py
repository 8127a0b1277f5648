"""The first page, icons, style and script; and what is said where something is not there."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from .. import __version__
from ..core.model import Impact
from ..core.view import Overview
from ..errors import StoreError
from ..poller.loop import utc_now
from ..tray.art import Look, draw
from .hosts import HOSTS_VARIABLE
from .page import describe
from .site import Site, Source, site_of

ICON_PIXELS = 64
A_DAY = "max-age=86400"

STATIC = Path(__file__).with_name("static")
TYPES: Mapping[str, str] = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
}
"""What is served as it lies there. Not guessed: on Windows the guess depends on the registry."""

FRESH_SECONDS = 1.0
"""So long a page that was rendered is good for all who ask, unless something changed."""


class _Rendered:
    """The first page as it was last rendered: many readers cost no more than one."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.about: Any = None
        self.at = 0.0
        self.text = ""


_rendered: WeakKeyDictionary[Source, _Rendered] = WeakKeyDictionary()
_rendered_lock = Lock()


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: how things stand now."""
    site = site_of(request)
    try:
        return HttpResponse(_home(site))
    except StoreError as error:
        return unreadable(error)


def _home(site: Site) -> str:
    source = site.source
    with _rendered_lock:
        kept = _rendered.setdefault(source, _Rendered())
    with kept.lock:
        overview, wishes = source.overview(), source.wishes()
        about = (site.acts is None, site.key.mark, wishes, _substance(overview))
        if kept.about != about or time.monotonic() - kept.at > FRESH_SECONDS:
            shown = describe(overview, source.recent(), source.next_check(), utc_now(), wishes)
            kept.text = render_to_string("home.html", {"shown": shown, **everywhere(site, "now")})
            kept.about, kept.at = about, time.monotonic()
        return kept.text


def _substance(overview: Overview) -> list[Any]:
    """What makes the page another one at once, and not only older."""
    how = [(view.page, view.reading, view.impact, view.problem, view.probe) for view in overview.pages]
    states = [view.state for view in overview.pages]
    return [*how, *((each.tracked, each.open_incidents, each.maintenances, each.components) for each in states)]


def everywhere(site: Site, here: str) -> dict[str, Any]:
    """What every page needs: where it is among the others, and the mark of our forms where something can be done."""
    return {"version": __version__, "here": here, "mark": site.key.mark if site.acts is not None else ""}


def page(request: HttpRequest, template: str, here: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of ours, in the frame of all."""
    return render(request, template, {**shown, **everywhere(site_of(request), here)}, status=status)


@require_safe
def icon(request: HttpRequest, impact: str) -> HttpResponse:
    """The tray's own icon for an impact, `offline` too."""
    if impact == "offline":
        look = Look(Impact.UNKNOWN, offline=True)
    elif impact in {each.value for each in Impact}:
        look = Look(Impact(impact))
    else:
        raise Http404
    picture = io.BytesIO()
    draw(look, ICON_PIXELS).save(picture, "PNG")
    return HttpResponse(picture.getvalue(), content_type="image/png", headers={"Cache-Control": A_DAY})


@require_safe
def static(request: HttpRequest, name: str) -> HttpResponse:
    """Style and script of the pages."""
    if name not in TYPES:
        raise Http404
    return HttpResponse((STATIC / name).read_bytes(), content_type=TYPES[name])


def unreadable(error: StoreError) -> HttpResponse:
    """What is said while the history cannot be read."""
    return words(503, f"The history cannot be read just now: {error}.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Mostly a Host header that is not ours."""
    return words(
        400,
        "This address is not one that Tray Status answers to. Open the page by the address that it printed,"
        f" or name this one in {HOSTS_VARIABLE}.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return words(404, "There is nothing here. The status page is at /.")


def words(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
