"""Requests for reports: numbers and plots of a time, each table as CSV, and a month as a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from ..core.days import Day, days_of
from ..core.model import Impact, Page, badness
from ..core.past import moment
from ..core.plots import legend
from ..core.spans import by_page
from ..core.statistics import DEFINITIONS, IMPACTS
from ..core.tables import as_csv, days_table
from ..core.text import clean_line
from ..core.wording import STANDING_WORDS
from ..outputs.reports import Report, Strip, report, strips
from ..poller.loop import utc_now
from .site import Site, known_pages, site_of
from .views import from_the_log
from .views import page as shown_page

SPANS = (("30d", "30 days"), ("90d", "90 days"), ("365d", "a year"))
DEFAULT = "90d"


@require_safe
@from_the_log
def reports(request: HttpRequest) -> HttpResponse:
    """All numbers and plots."""
    site = site_of(request)
    pages, chosen = _pages(site, request)
    found, since, wrong = _report(site, pages, request)
    plots = {key: drawn(svg) for key, svg in found.plots.items()}
    query = urlencode({"since": since, **({"page": chosen} if chosen else {})})
    shown = {
        "pages": sorted(known_pages(site).values(), key=lambda each: each.name.casefold()),
        "chosen": chosen,
        "since": since,
        "spans": SPANS,
        "wrong": wrong,
        "period": found.period,
        "legend": drawn(legend([each for each in IMPACTS if each in found.found.minutes])),
        "rows": [(each, plots.get(each.key, ""), f"/reports.csv?{query}&table={each.key}") for each in found.tables],
        "strips": [strip_row(each) for each in found.strips],
        "more_strips": len(pages) > len(found.strips),
        "days": DEFINITIONS["days"],
    }
    return shown_page(request, "reports.html", "reports", shown)


@require_safe
@from_the_log
def as_table(request: HttpRequest) -> HttpResponse:
    """One table as CSV."""
    site, key = site_of(request), request.GET.get("table", "")
    pages, chosen = _pages(site, request)
    if key == "days":
        (found,) = strips(site.source.store.past, pages[:1], utc_now()) if chosen else (None,)
        table = found.table if found else None
    else:
        table = next((each for each in _report(site, pages, request)[0].tables if each.key == key), None)
    if table is None:
        raise Http404
    name = f'attachment; filename="tray-status-{table.key}.csv"'
    return HttpResponse(as_csv(table), "text/csv; charset=utf-8", headers={"Content-Disposition": name})


def strip_row(strip: Strip) -> tuple[Strip, SafeString, str]:
    """A page's days: what they are, drawn, and where they are as CSV."""
    return strip, drawn(strip.svg), f"/reports.csv?{urlencode({'table': 'days', 'page': strip.page.id})}"


def drawn(svg: str) -> SafeString:
    """A plot of ours, in which all words are escaped."""
    return mark_safe(svg)  # noqa: S308 - core/plots.py escapes what it is given


def _pages(site: Site, request: HttpRequest) -> tuple[list[Page], str]:
    """The pages that a report is about, and the one that was asked for; all that are watched without one."""
    wanted = request.GET.get("page", "")
    known = known_pages(site)
    if wanted:
        if wanted not in known:
            raise Http404
        return [known[wanted]], wanted
    return [
        view.page for view in sorted(site.source.overview().pages, key=lambda view: view.page.name.casefold())
    ], ""


def _report(site: Site, pages: list[Page], request: HttpRequest) -> tuple[Report, str, str]:
    now, text = utc_now(), clean_line(request.GET.get("since", DEFAULT), 40)
    since = moment(text, now)
    wrong = ""
    if since is None or since >= now:
        wrong = f"“{text}” is neither a day that is past nor a span, such as 90d"
        text, since = DEFAULT, now - timedelta(days=90)
    return report(site.source.store.past, pages, max(since, now - timedelta(days=3650)), now), text, wrong


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a calendar; `day` is None before the first and after the last."""

    day: Day | None
    words: str = ""
    link: str = ""


@require_safe
@from_the_log
def calendar(request: HttpRequest) -> HttpResponse:
    """One month of one page, or of all that are watched, day by day."""
    site, now = site_of(request), utc_now()
    pages, chosen = _pages(site, request)
    month = _month(request.GET.get("month", ""), now)
    after = _later(month)
    past = site.source.store.past
    begin, end = _aware(month), min(_aware(after), now)
    spans = by_page(past.spans(begin, end, now, [each.id for each in pages])) if begin < end else {}
    last = after - timedelta(days=1)
    of_pages = [days_of(spans.get(each.id, ()), past.watched(each.id), month, last, now) for each in pages]
    days = [_worst(each) for each in zip(*of_pages, strict=True)]
    shown = {
        "pages": sorted(known_pages(site).values(), key=lambda each: each.name.casefold()),
        "chosen": chosen,
        "month": month,
        "name": f"{month:%B %Y}",
        "weeks": _weeks(days, chosen),
        "before": _address(month - timedelta(days=1), chosen),
        "after": _address(after, chosen) if after <= now.astimezone().date() else "",
        "words": days_table(f"{month:%B %Y}", days).words,
        "definition": DEFINITIONS["days"],
    }
    return shown_page(request, "calendar.html", "history", shown)


def _month(text: str, now: datetime) -> date:
    """The first day of the month that `2026-01` says; of this month, where it says none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return now.astimezone().date().replace(day=1)


def _later(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _aware(day: date) -> datetime:
    return datetime(day.year, day.month, day.day).astimezone()


def _worst(of_pages: tuple[Day, ...]) -> Day:
    """One day of several pages: the worst of them; known only where one of them tells something."""
    known = [each for each in of_pages if each.impact is not None]
    impact = max((each.impact for each in known if each.impact), key=badness, default=None)
    if impact is Impact.NONE and len(known) < len(of_pages):
        impact = None if not known else impact
    return Day(
        of_pages[0].day,
        impact,
        sum(each.incidents for each in of_pages),
        sum(each.minutes for each in of_pages),
        partly=any(each.partly for each in of_pages) or len(known) < len(of_pages),
    )


def _weeks(days: list[Day], chosen: str) -> list[list[Cell]]:
    """From Monday to Sunday."""
    cells = [Cell(None)] * (days[0].day.weekday() if days else 0)
    for each in days:
        words = "no data" if each.impact is None else STANDING_WORDS[each.impact]
        query: Mapping[str, str] = {"from": each.day.isoformat(), "to": each.day.isoformat()}
        link = f"/history?{urlencode({**query, **({'page': chosen} if chosen else {})})}" if each.incidents else ""
        cells.append(Cell(each, words, link))
    cells += [Cell(None)] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _address(month: date, chosen: str) -> str:
    return f"/calendar?{urlencode({'month': f'{month:%Y-%m}', **({'page': chosen} if chosen else {})})}"
