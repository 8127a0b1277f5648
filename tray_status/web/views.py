"""Requests → answers. What the page shows is worked out in `page`; this only reads, renders and refuses."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import __version__
from ..core.model import Impact, Incident, Page
from ..core.view import Overview
from ..errors import StoreError
from ..poller.loop import utc_now
from ..tray.art import Look, draw
from .hosts import HOSTS_VARIABLE
from .page import describe

SOURCE = "tray_status.source"
"""The key of a request's environment under which the server puts its Source."""

ICON_PIXELS = 64
A_DAY = "max-age=86400"

STATIC = Path(__file__).with_name("static")
TYPES: Mapping[str, str] = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
"""What is served as it lies there. Not guessed: on Windows the guess depends on the registry."""


class Source(Protocol):
    """Where the page gets what it shows. Each method may raise StoreError."""

    def overview(self) -> Overview: ...
    def recent(self, limit: int = 10) -> list[tuple[Page, Incident]]: ...
    def next_check(self) -> datetime | None: ...


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page."""
    source: Source = request.META[SOURCE]
    try:
        shown = describe(source.overview(), source.recent(), source.next_check(), utc_now())
    except StoreError as error:
        return _words(503, f"The history cannot be read just now: {error}.")
    return render(request, "home.html", {"shown": shown, "version": __version__})


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
    """Style and script of the page."""
    if name not in TYPES:
        raise Http404
    return HttpResponse((STATIC / name).read_bytes(), content_type=TYPES[name])


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Mostly a Host header that is not ours."""
    return _words(
        400,
        "This address is not one that Tray Status answers to. Open the page by the address that it printed,"
        f" or name this one in {HOSTS_VARIABLE}.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _words(404, "There is nothing here. The status page is at /.")


def _words(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
