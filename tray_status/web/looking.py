"""Requests for the past and for one page: what was found, one incident for good, a page with its parts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ..core.model import Impact, Page
from ..core.past import Wanted
from ..core.view import look
from ..core.wording import IMPACT_WORDS
from ..outputs.reports import strips
from ..poller.loop import utc_now
from .page import incident_row, page_row, tree
from .past import AT_ONCE, IMPACTS, looked, wanted, whole
from .reporting import strip_row
from .site import known_pages, site_of
from .views import from_the_log
from .views import page as shown_page

LATELY = 10
"""Incidents that a page's own page shows of its past."""

FARTHEST = 1_000_000

ALL_PARTS = 10_000
"""Components of a page that are shown on its own page."""


@require_safe
@from_the_log
def history(request: HttpRequest) -> HttpResponse:
    """What was looked for among all that happened, the newest first."""
    site, given = site_of(request), request.GET.dict()
    asked, wrong = wanted({name: str(value) for name, value in given.items()}, utc_now())
    after = str(given.get("after", ""))
    offset = min(int(after), FARTHEST) if after.isdecimal() else 0
    pages = known_pages(site)
    found = site.source.store.past.find(asked, AT_ONCE, offset)
    shown = looked({name: str(value) for name, value in given.items()}, wrong, found, offset, pages)
    impacts = [(each.value, IMPACT_WORDS[each] if each is not Impact.NONE else "Without impact") for each in IMPACTS]
    listed = sorted(pages.values(), key=lambda each: each.name.casefold())
    return shown_page(request, "history.html", "history", {"shown": shown, "pages": listed, "impacts": impacts})


@require_safe
@from_the_log
def incident(request: HttpRequest) -> HttpResponse:
    """One incident, at an address that stays."""
    site = site_of(request)
    page_id, incident_id = request.GET.get("page", ""), request.GET.get("id", "")
    past = site.source.store.past
    found = past.incident(page_id, incident_id)
    if found is None:
        raise Http404
    page = known_pages(site).get(page_id) or Page(page_id, page_id, "")
    now = utc_now()
    held = [each for each in site.source.wishes() if each.holds(now)]
    shown = whole(page, found, past.events_of(page_id, incident_id), held)
    usual = site.source.usual(page_id) if found.is_open else None
    return shown_page(request, "one.html", "history", {"shown": shown, "usual": usual})


@require_safe
@from_the_log
def page(request: HttpRequest) -> HttpResponse:
    """A page with all its components and its latest past."""
    site, page_id = site_of(request), request.GET.get("id", "")
    overview = site.source.overview()
    view = next((each for each in overview.pages if each.page.id == page_id), None)
    past = site.source.store.past
    if view is None:
        known = next((each for each in past.pages() if each.id == page_id), None)
        if known is None:
            raise Http404
        view = look([site.source.store.state(known)], utc_now()).pages[0]
    now = utc_now()
    held = [each for each in site.source.wishes() if each.holds(now)]
    found = past.find(Wanted(page_ids=(page_id,)), LATELY)
    shown: dict[str, Any] = {
        "page": page_row(view),
        "watched": any(each.page.id == page_id for each in overview.pages),
        "open": [incident_row(view.page, each, held) for each in view.open_incidents],
        "maintenances": [incident_row(view.page, each, held) for each in view.maintenances],
        "parts": tree(view.state.components[:ALL_PARTS]),
        "chosen": view.page.components,
        "past": [incident_row(view.page, each) for _, each in found.rows if not each.is_open],
        "count": found.count,
        "muted": any(each.wish.value == "mute" and each.page_id == page_id and not each.incident_id for each in held),
        "strip": strip_row(*strips(past, [view.page], now)),
        "usual": site.source.usual(page_id),
    }
    return shown_page(request, "page.html", "now", shown)
