"""Uptime Kuma, which people run themselves. Its own page asks for the same two documents; shapes from its source,
https://github.com/louislam/uptime-kuma (`server/routers/status-page-router.js`, `server/model`), 1.x and 2.x.

`/api/status-page/heartbeat/<slug>` is authoritative for how each monitor is, `/api/status-page/<slug>` for what
people pinned, for maintenance under way, and for names and groups. Both are cached by the server, the second for
five minutes. Silent: what was pinned before (an incident is unpinned without a word), maintenance to come, and why
a monitor is down. An unknown slug is answered with 200 and empty objects by some versions: it is no page.
Where the page's bars are set to span days, a heartbeat stands for hours, and an outage lasts as long as its bar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import Component, Impact, Incident, Kind, Snapshot, State, Update
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Want, json_object
from .outages import Monitored, outages
from .platform import Platform
from .reading import Reader, look_up, read_time

HEARTBEATS = "/api/status-page/heartbeat/"
PAGE = "/api/status-page/"
MAINTENANCE = "maintenance:"

DOWN, UP, PENDING, UNDER_MAINTENANCE = "0", "1", "2", "3"
HEARTBEAT_STATES: Mapping[str, Impact] = {
    DOWN: Impact.CRITICAL,
    UP: Impact.NONE,
    PENDING: Impact.NOTICE,  # it failed, and is tried again before it counts as down
    UNDER_MAINTENANCE: Impact.MAINTENANCE,
}
WORDS: Mapping[str, str] = {DOWN: "down", UP: "up", PENDING: "pending", UNDER_MAINTENANCE: "maintenance"}
STYLES: Mapping[str, Impact] = {
    "danger": Impact.MAJOR,
    "warning": Impact.MINOR,
    "info": Impact.NOTICE,
    "primary": Impact.NOTICE,
    "light": Impact.NOTICE,
    "dark": Impact.NOTICE,
}
"""Of a pinned incident: the colours that its author chooses from."""
MAINTENANCE_STATES: Mapping[str, State] = {
    "under-maintenance": State.IN_PROGRESS,
    "scheduled": State.SCHEDULED,
    "ended": State.COMPLETED,
    "inactive": State.CANCELLED,
}

_SLUG = re.compile(r"[A-Za-z0-9-]{1,100}")
_ZONED = re.compile(r"(?:[zZ]|[+-]\d\d:?\d\d)\Z")
_MANIFEST = re.compile(r"/api/status-page/([A-Za-z0-9-]{1,100})/manifest\.json")


def traces(html: str, address: str) -> Iterable[str]:
    """Its pages name their slug in the address of the manifest; older ones have it in their own address alone."""
    parts = urlsplit(address)
    slugs = [match[1] for match in _MANIFEST.finditer(html)][:1]
    before, below, slug = parts.path.rpartition("/status/")
    if below and not before and _SLUG.fullmatch(slug) and ("Uptime Kuma" in html or "preloadData" in html):
        slugs.insert(0, slug)
    return (f"{parts.scheme}://{parts.netloc}{HEARTBEATS}{slug.lower()}" for slug in slugs)


def is_mine(document: Document) -> bool:
    lists = (json_object(document) or {}).get("heartbeatList")
    uptimes = (json_object(document) or {}).get("uptimeList")
    return bool(isinstance(lists, dict) and lists and isinstance(uptimes, dict))


def more(situation: Situation, _told: Answers) -> Iterable[Want]:
    yield Want(_page_at(situation.source), conditional=False)


def _page_at(source: str) -> str:
    return PAGE.join(source.rsplit(HEARTBEATS, 1))


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    beats = doc.part("heartbeatList")
    page = Reader(json_object(told.get(_page_at(situation.source))) or {})
    config = page.part("config")
    page = page if "slug" in config else Reader({})
    if "heartbeatList" not in doc or not (beats.fields or page.fields):
        raise NotThisPlatform("it has no such status page, or one that is empty")
    oddities: list[str] = []
    monitored = [
        _monitored(beats, *each, oddities) for each in _monitors(page, beats, situation.component_names).items()
    ]
    return Snapshot(
        platform=PLATFORM.name,
        name=config.line("title") or None,
        components=tuple(each.component for each in monitored),
        all_components=page.lists("publicGroupList"),
        incidents=(
            *(_pinned(row, oddities) for row in _pinned_rows(page)),
            *(_maintenance(row, oddities) for row in page.rows("maintenanceList")),
            *outages(situation, monitored),
        ),
        open_told=page.lists_all("incidents") or _tells_one(page),
        open_maintenances_told=page.lists_all("maintenanceList"),
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _tells_one(page: Reader) -> bool:
    """Whether the page is of version 1, and tells the one that is pinned, or by null that none is."""
    return "incident" in page.fields and ("incident" not in page or page.part("incident").is_somebody)


def _pinned_rows(page: Reader) -> Iterable[Reader]:
    yield from page.rows("incidents")
    if isinstance(page.fields.get("incident"), dict):
        yield page.part("incident")


def _pinned(row: Reader, oddities: list[str]) -> Incident:
    """Words that people pinned to the page; they say no state, and are edited when there is more to say."""
    began = row.time("createdDate")
    key = row.known_id(began)
    at = row.time("lastUpdatedDate") or began
    text = row.text("content")
    word = row.word("style")
    return Incident(
        id=key,
        name=row.line("title") or "(no title)",
        state=State.INVESTIGATING,
        impact=look_up(STYLES, word, Impact.UNKNOWN, oddities, "style") if word else None,
        started_at=began,
        updates=(_update(key, State.INVESTIGATING, "", text, at),),
    )


def _maintenance(row: Reader, oddities: list[str]) -> Incident:
    """Maintenance under way; what comes back every week has the same id each time, and is told apart by its time."""
    slot = next(row.rows("timeslotList"), Reader({}))
    begin, end = (_local(slot, key, row.line("timezoneOffset")) for key in ("startDate", "endDate"))
    key = f"{MAINTENANCE}{row.known_id()}" + (f":{int(begin.timestamp())}" if begin else "")
    word = row.word("status")
    state = look_up(MAINTENANCE_STATES, word, State.UNKNOWN, oddities, "maintenance state")
    return Incident(
        id=key,
        name=row.line("title") or "(no title)",
        state=state,
        word=word,
        kind=Kind.MAINTENANCE,
        updates=(_update(key, state, word, row.text("description"), begin),),
        scheduled_for=begin,
        scheduled_until=end,
    )


def _update(key: str, state: State, word: str, text: str | None, at: datetime | None) -> Update:
    return Update(f"{SYNTHETIC}{key}:{at.isoformat() if at else ''}", state, word, text, at)


def _local(slot: Reader, key: str, offset: str) -> datetime | None:
    """A time without a zone is one of the maintenance's own zone."""
    text = slot.line(key)
    return read_time(text if _ZONED.search(text) else f"{text}{offset}")


def _monitors(page: Reader, beats: Reader, names: Mapping[str, str]) -> dict[str, tuple[str, str | None]]:
    """Name and group of each monitor by id; those that only have heartbeats, too."""
    found: dict[str, tuple[str, str | None]] = {}
    for group in page.rows("publicGroupList"):
        for row in group.rows("monitorList"):
            if key := row.id():
                found.setdefault(key, (row.line("name") or names.get(key) or key, group.line("name") or None))
    for key in beats.fields:
        if key.isascii() and key.isdigit() and len(key) <= 20:
            found.setdefault(key, (names.get(key) or f"Monitor {key}", None))
    return found


def _monitored(beats: Reader, key: str, called: tuple[str, str | None], oddities: list[str]) -> Monitored:
    name, group = called
    # A zero stands where there was no heartbeat for a while, among objects.
    rows = list(beats.rows(key))
    word = rows[-1].id("status") if rows else ""
    impact = look_up(HEARTBEAT_STATES, word, Impact.UNKNOWN, oddities, "heartbeat") if word else Impact.UNKNOWN
    streak = (UP,) if word == UP else (DOWN, PENDING)
    since = None
    for row in reversed(rows):  # back to where it last changed
        if row.id("status") not in streak:
            break
        since = row.time("time") or since
    component = Component(key, name, impact, WORDS.get(word, word), group)
    return Monitored(component, until=since) if word == UP else Monitored(component, since)


PLATFORM = Platform(
    name="uptime-kuma",
    title="Uptime Kuma",
    tells="how each monitor is, what people pinned to the page and maintenance under way; no history",
    path="",
    is_mine=is_mine,
    reads=read,
    more=more,
    more_every=1,
    sources=(),
    traces=traces,
)
