"""OnlineOrNot. Documentation: https://developers.onlineornot.com/api/status-pages and …/status-page-incidents; the
summary as it was seen of OpenRouter's page in August 2026, in several public programs that read it.

`https://api.onlineornot.com/v1/status_pages/<subdomain or host>/summary` tells what is open, how bad it is, and how
the page's components stand. It has no words, does not tell where an incident stands or what it touches, and what is
over leaves it at once. A page at a domain of its own can be asked for by that domain, without its subdomain.

Assumed: the words for the page's state but two ("All Systems Operational", "Minor Service Outage"), and the fields of
a scheduled maintenance, of which no filled list was seen. Where it does not say whether it is under way, the one that
begins first is, once a component or the page is in maintenance, and then until it leaves the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from ..core.model import UNDER_WAY, Component, Impact, Incident, Kind, Snapshot, State
from ..core.text import safe_url
from .documents import Answers, Document, Situation, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up

API = "https://api.onlineornot.com/v1/status_pages/"
PATH = "/summary"

PAGE_STATES: Mapping[str, Impact] = {
    "all_systems_operational": Impact.NONE,
    "operational": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
    "under_maintenance": Impact.MAINTENANCE,
    "scheduled_maintenance": Impact.MAINTENANCE,
    "degraded_performance": Impact.MINOR,
    "minor_service_outage": Impact.MINOR,
    "partial_outage": Impact.MAJOR,
    "partial_service_outage": Impact.MAJOR,
    "major_outage": Impact.CRITICAL,
    "major_service_outage": Impact.CRITICAL,
}
IMPACTS: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "no_impact": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
    "under_maintenance": Impact.MAINTENANCE,
    "degraded_performance": Impact.MINOR,
    "partial_outage": Impact.MAJOR,
    "major_outage": Impact.CRITICAL,
}
STATES: Mapping[str, State] = {
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
}
MAINTENANCE_STATES: Mapping[str, State] = {
    "scheduled": State.SCHEDULED,
    "in_progress": State.IN_PROGRESS,
    "verifying": State.VERIFYING,
    "completed": State.COMPLETED,
}

_HOST = re.compile(r"https?://([a-z0-9][a-z0-9-]{0,62})\.onlineornot\.com(?![a-z0-9.-])", re.IGNORECASE)
_CUSTOM = re.compile(r"[a-z0-9][a-z0-9.-]{0,250}\.[a-z0-9-]{2,63}")
_OWN = frozenset({"www", "api", "app", "developers", "docs", "cdn", "assets", "static"})
"""OnlineOrNot's own hosts, which are nobody's page."""


def own_source(address: str) -> str | None:
    if address.startswith(API):
        key = address.removeprefix(API).split("/")[0]
        return API + key if re.fullmatch(r"[A-Za-z0-9_.-]{1,250}", key) else None
    return next((API + name for name in _subdomains(address)), None)


def traces(html: str, address: str) -> Iterable[str]:
    if "onlineornot" not in html.lower():
        return
    host = (urlsplit(address).hostname or "").lower()
    if _CUSTOM.fullmatch(host):
        yield API + host
    yield from [API + name for name in dict.fromkeys(_subdomains(html))][:1]


def _subdomains(text: str) -> Iterable[str]:
    return (found[1].lower() for found in _HOST.finditer(text) if found[1].lower() not in _OWN)


def is_mine(document: Document) -> bool:
    result = Reader(json_object(document) or {}).part("result")
    return "subdomain" in result.part("status_page") and result.lists("components") and "status" in result


def read(situation: Situation, _told: Answers, document: Document) -> Snapshot:
    result = Reader.envelope(document.json).part("result")
    page = result.part("status_page")
    oddities: list[str] = []
    word = _word(page, "status") or _word(result.part("status"), "description")
    indicator = look_up(PAGE_STATES, word, Impact.UNKNOWN, oddities, "page state")
    components = _components(result, oddities)
    in_maintenance = Impact.MAINTENANCE in (indicator, *(each.impact for each in components))
    return Snapshot(
        platform=PLATFORM.name,
        name=page.line("name") or None,
        url=_address(page),
        indicator=indicator,
        components=components if result.lists("components") else None,
        all_components=result.lists_all("components"),
        incidents=all_once(
            (
                *(_incident(row, oddities) for row in result.rows("active_incidents")),
                *_maintenances(result, situation, oddities, in_maintenance=in_maintenance),
            )
        ),
        open_told=_lists_all(result, "active_incidents"),
        open_maintenances_told=_lists_all(result, "scheduled_maintenance"),
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _word(row: Reader, key: str) -> str:
    """`All Systems Operational` and `ALL_SYSTEMS_OPERATIONAL` are the same word."""
    return row.word(key).replace(" ", "_")


def _lists_all(result: Reader, key: str) -> bool:
    """A list whose every row can be told apart: rows here have a title, not a name."""
    value = result.fields.get(key)
    return isinstance(value, list) and all(isinstance(row, dict) and Reader(row).id() for row in value)


def _address(page: Reader) -> str | None:
    if custom := page.line("custom_domain"):
        return safe_url(custom if "://" in custom else f"https://{custom}")
    return safe_url(f"https://{page.line('subdomain')}.onlineornot.com")


def _components(result: Reader, oddities: list[str]) -> tuple[Component, ...]:
    return tuple(
        Component(
            id=row.known_id(),
            name=row.line("name") or row.id(),
            impact=look_up(IMPACTS, _word(row, "status"), Impact.UNKNOWN, oddities, "component state"),
            word=row.word("status"),
        )
        for row in result.rows("components")
        if row.is_somebody
    )


def _incident(row: Reader, oddities: list[str]) -> Incident:
    """What is listed is open, unless it says when it ended."""
    begin = row.time("started") or row.time("created_at")
    ended, word, impact = row.time("ended"), _word(row, "status"), _word(row, "impact")
    told = look_up(STATES, word, State.UNKNOWN, oddities, "state") if word else State.INVESTIGATING
    return Incident(
        id=row.known_id(begin),
        name=row.line("title") or "(no title)",
        state=State.RESOLVED if ended else told,
        word=word,
        impact=look_up(IMPACTS, impact, Impact.UNKNOWN, oddities, "impact") if impact else None,
        started_at=begin,
        resolved_at=ended,
    )


def _maintenances(
    result: Reader, situation: Situation, oddities: list[str], *, in_maintenance: bool
) -> Iterable[Incident]:
    rows = [(_begin(row), row) for row in result.rows("scheduled_maintenance")]
    first = min((begin for begin, _ in rows if begin), default=None)
    for begin, row in rows:
        key = row.known_id(begin)
        word = _word(row, "status")
        known = situation.known.get(key)
        if word:
            state = look_up(MAINTENANCE_STATES, word, State.UNKNOWN, oddities, "state of a maintenance")
        elif (known and known.is_open) or (in_maintenance and begin == first):
            state = State.IN_PROGRESS
        else:
            state = State.SCHEDULED
        yield Incident(
            id=key,
            name=row.line("title") or "(no title)",
            state=state,
            word=word or state.value,
            kind=Kind.MAINTENANCE,
            started_at=begin if state in UNDER_WAY else None,
            scheduled_for=begin,
            scheduled_until=row.time("ended") or row.later("start_date", minutes=row.number("duration_minutes")),
        )


def _begin(row: Reader) -> datetime | None:
    return row.time("start_date") or row.time("started")


PLATFORM = Platform(
    name="onlineornot",
    title="OnlineOrNot",
    tells="what is open, how bad it is, and the page's components; no words, no products, and nothing that is over",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    hosts=(".onlineornot.com",),
    sources=(),
    own_source=own_source,
    traces=traces,
)
