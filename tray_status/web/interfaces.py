"""What other programs read: JSON, an Atom feed, a calendar, metrics, and whether all is well with this program."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.views.decorators.http import require_safe

from .. import __version__
from ..core.calendar import calendar
from ..core.event_words import event_line
from ..core.events import VERSION, Event, to_json
from ..core.metrics import CONTENT_TYPE, exposition
from ..core.report import past_json, status_json
from ..core.text import clean_line, cut
from ..errors import StoreError
from ..poller.loop import utc_now
from .openapi import document
from .past import wanted
from .site import site_of
from .views import words

EVENTS_LIMIT = 1000
INCIDENTS_LIMIT = 200
FEED_LIMIT = 100

View = Callable[[HttpRequest], HttpResponse]


class _Wrong(Exception):
    """A parameter that cannot be understood, in words."""


def answers_json(view: Callable[[HttpRequest], Any]) -> View:
    """A view that gives what is told as JSON; what goes wrong is told as JSON too."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            return _json(200, view(request))
        except _Wrong as error:
            return _json(400, {"v": VERSION, "error": str(error)})
        except StoreError as error:
            return _json(503, {"v": VERSION, "error": f"The history cannot be read just now: {error}."})

    return answer


def _json(status: int, told: Any) -> HttpResponse:
    return HttpResponse(json.dumps(told, ensure_ascii=False), "application/json", status)


@answers_json
def api(request: HttpRequest) -> Any:
    """What can be asked, as OpenAPI."""
    return document(request.build_absolute_uri("/"))


@answers_json
def status(request: HttpRequest) -> Any:
    """As `tray-status status --json`."""
    return status_json(site_of(request).source.overview())


@answers_json
def events(request: HttpRequest) -> Any:
    """Events of the log after a number, oldest first, at most so many at once."""
    store = site_of(request).source.store
    after = _number(request, "after", 0, None)
    limit = _number(request, "limit", EVENTS_LIMIT, EVENTS_LIMIT)
    pages = request.GET.getlist("page") or None
    found = store.events(after, page_ids=pages, limit=limit)
    last = found[-1].seq if len(found) == limit and found else max(after, store.last_seq())
    return {"v": VERSION, "next": last, "events": [to_json(event) for event in found]}


@answers_json
def incidents(request: HttpRequest) -> Any:
    """What was looked for among all that happened, as the history page shows it."""
    asked, wrong = wanted({name: str(value) for name, value in request.GET.dict().items()}, utc_now())
    if wrong:
        raise _Wrong(wrong)
    offset, limit = _number(request, "after", 0, None), _number(request, "limit", 50, INCIDENTS_LIMIT)
    found = site_of(request).source.store.past.find(asked, limit, offset)
    return {"v": VERSION, "count": found.count, "incidents": [past_json(*row) for row in found.rows]}


def _number(request: HttpRequest, name: str, otherwise: int, most: int | None) -> int:
    text = request.GET.get(name, "")
    if not text:
        return otherwise
    if not (text.isdecimal() and len(text) <= 15):
        raise _Wrong(f"{name}: “{clean_line(text, 40)}” is not a number from 0 up")
    return int(text) if most is None else max(1, min(int(text), most))


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The last events, newest first, as an Atom feed (RFC 4287)."""
    source = site_of(request).source
    try:
        found = source.store.events(max(0, source.store.last_seq() - FEED_LIMIT))
    except StoreError as error:
        return words(503, f"The history cannot be read just now: {error}.")
    made = Atom1Feed(
        title="Tray Status", link=request.build_absolute_uri("/"), description="What happened on the watched pages",
        feed_url=request.build_absolute_uri(), language="en",
    )  # fmt: skip
    for event in reversed(found):
        made.add_item(
            title=event_line(event),
            link=request.build_absolute_uri(_link(event)),
            # Readers take it for HTML.
            description=linebreaks(cut((event.update.text if event.update else None) or "", 4000), autoescape=True),
            unique_id=f"tag:tray-status,2026:{event.page.id}/{event.seq}",
            pubdate=event.at,
            updateddate=event.seen_at,
            author_name=event.page.name,
        )
    return HttpResponse(made.writeString("utf-8"), "application/atom+xml; charset=utf-8")


def _link(event: Event) -> str:
    if event.incident is not None:
        return f"/incident?{urlencode({'page': event.page.id, 'id': event.incident.id})}"
    return f"/page?{urlencode({'id': event.page.id})}"


@require_safe
def maintenance(request: HttpRequest) -> HttpResponse:
    """Maintenances under way and coming up, as a calendar to subscribe to."""
    try:
        overview = site_of(request).source.overview()
    except StoreError as error:
        return words(503, f"The history cannot be read just now: {error}.")
    rows = [(view.page, each) for view in overview.pages for each in view.maintenances]
    return HttpResponse(calendar(rows, utc_now()), "text/calendar; charset=utf-8")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """How everything stands, for Prometheus."""
    source = site_of(request).source
    try:
        told = exposition(source.overview(), source.polls(), source.store.last_seq(), __version__, utc_now())
    except StoreError as error:
        return words(503, f"The history cannot be read just now: {error}.")
    return HttpResponse(told, CONTENT_TYPE)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this program does its work; nothing of what is watched."""
    ailment = site_of(request).source.ailment()
    return words(503, ailment) if ailment else words(200, "ok")
