"""Cachet, versions 2 and 3. Documentation: https://docs.cachethq.io (API) and the source of `cachethq/core` (2026).

`…/incidents`, the newest first, is authoritative for incidents and their words, open or fixed, as far as it reaches:
where it has further pages, an older one may be open beyond it, which `…/status` tells (it is `success`, or
`operational`, only when no incident is open and every component is fine). A known incident that is not in the list is
asked for by its id. `…/components` and `…/schedules` tell the rest, some polls later. Version 2 has them below
`/api/v1` with plain rows and page numbers, version 3 below `/api` as JSON:API; the two want the same order asked for
in different words, so a source is the address of the list with its order.

Silent: how bad an incident is. It is taken to be as bad as what it touches is now. Ids of schedules are numbers that
incidents have, too: they get a prefix. The first words of an incident are its own message, which has no state: it is
taken for "investigating". Times are in the page's own zone, which is not told, and are taken for UTC. Version 2.3 has
planned work among its incidents, with status 0; 0 means unknown in version 3, and its incidents are open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..core.merge import in_time
from ..core.model import Affected, Component, Impact, Incident, Kind, Snapshot, State, Update, worst
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .platform import Platform
from .reading import Reader, look_up

LIST = "/incidents"
PATH = "&per_page=50"
COMPONENTS = "/components?per_page=100&include=group"
SOURCES = ("/api/v1/incidents?sort=id&order=desc", "/api/incidents?sort=-id&include=updates,components")
SCHEDULE = "schedule-"
ASK_AFTER = 5
"""So many known incidents that left the list are asked for one by one."""

PAGE_STATES: Mapping[str, Impact] = {
    "success": Impact.NONE,
    "operational": Impact.NONE,
    "info": Impact.MINOR,  # version 2: anything that is wrong, an open incident too
    "partial_outage": Impact.MINOR,  # version 3: the same
    "danger": Impact.CRITICAL,
    "major_outage": Impact.CRITICAL,
    "under_maintenance": Impact.MAINTENANCE,
}
IMPACTS: Mapping[str, Impact] = {
    "1": Impact.NONE,
    "2": Impact.MINOR,
    "3": Impact.MAJOR,
    "4": Impact.CRITICAL,
    "5": Impact.UNKNOWN,  # the vendor's own "unknown"
    "6": Impact.MAINTENANCE,
    "operational": Impact.NONE,
    "performance issues": Impact.MINOR,
    "partial outage": Impact.MAJOR,
    "major outage": Impact.CRITICAL,
    "under maintenance": Impact.MAINTENANCE,
}
STATES: Mapping[str, State] = {
    "1": State.INVESTIGATING,
    "2": State.IDENTIFIED,
    "3": State.MONITORING,
    "4": State.RESOLVED,
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "watching": State.MONITORING,
    "fixed": State.RESOLVED,
}
SCHEDULES: Mapping[str, State] = {
    "0": State.SCHEDULED,
    "1": State.IN_PROGRESS,
    "2": State.COMPLETED,
    "upcoming": State.SCHEDULED,
    "in progress": State.IN_PROGRESS,
    "complete": State.COMPLETED,
}

_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_TRACE = re.compile(r"cachethq\.io|vendor/cachethq/", re.IGNORECASE)
_TRACE_3 = "vendor/cachethq/"


@dataclass
class _Page:
    """What rows refer to, and what was not understood."""

    address: str
    impacts: dict[str, Impact] = field(default_factory=dict)
    """Of the components told, by id."""
    names: dict[str, str] = field(default_factory=dict)
    oddities: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Rows:
    """A list, or one row, of either version."""

    doc: Reader

    def __iter__(self) -> Iterator[tuple[str, Reader, Reader]]:
        """Each row's id, its fields and what it refers to."""
        rows = self.doc.rows("data") if self.doc.lists("data") else iter([self.doc.part("data")])
        for row in rows:
            told = row.part("attributes") if "attributes" in row else row
            yield row.id() or told.id(), told, row.part("relationships")

    @property
    def is_whole(self) -> bool:
        """Whether there is no further page of it."""
        if not self.doc.lists_all("data"):
            return False
        pages = self.doc.part("meta").part("pagination").number("total_pages")
        if pages is not None:
            return pages <= 1
        return "next" in self.doc.part("links").fields and "next" not in self.doc.part("links")

    def included(self, kind: str, reference: Reader) -> Iterator[tuple[str, Reader]]:
        """What a row refers to, of one kind, with its ids."""
        wanted = {row.id() for row in reference.rows("data")}
        for row in self.doc.rows("included"):
            if row.line("type") == kind and row.id() in wanted:
                yield row.id(), row.part("attributes")


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    if not doc.lists("data"):
        return False
    meta, links = doc.part("meta"), doc.part("links")
    first = next(doc.rows("data"), None)
    if first is None:
        pages = meta.part("pagination")
        version_2 = {"total", "per_page", "current_page", "total_pages", "links"} <= set(pages.fields)
        return version_2 or ("next" in links.fields and meta.line("path").endswith("/api/incidents"))
    if "attributes" in first:
        told = first.part("attributes")
        return first.line("type") == "incidents" and "guid" in told and "created" in told
    return "human_status" in first and ("permalink" in first or "latest_human_status" in first)


def traces(html: str, _address: str) -> Iterable[str]:
    """Version 3 names the folder of its pictures; "powered by" stands in both, unless it was switched off."""
    if not _TRACE.search(html):
        return ()
    return SOURCES[::-1] if _TRACE_3 in html else SOURCES


def more(situation: Situation, told: Answers) -> Iterable[Want]:
    base, query = _parts(situation.source)
    yield Want(f"{base}/status", conditional=False)
    yield Want(base + COMPONENTS)
    yield Want(f"{base}/schedules{query}{PATH}")
    for key in _unlisted(situation, told)[:ASK_AFTER]:
        yield Want(_single(situation.source, key), conditional=False)


def _parts(source: str) -> tuple[str, str]:
    """The place of the API, and what is asked of its lists."""
    base, _, query = (source or SOURCES[0]).partition(LIST)
    return base, query


def _single(source: str, key: str) -> str:
    base, query = _parts(source)
    return f"{base}{LIST}/{key}{query}"


def _unlisted(situation: Situation, told: Answers) -> list[str]:
    """Ids of the known open incidents that the list does not name."""
    doc = Reader(json_object(told.get(PLATFORM.main(situation.source))) or {})
    listed = {key for key, _, _ in _Rows(doc)}
    return [
        key
        for key, incident in sorted(situation.known.items())
        if incident.kind is Kind.INCIDENT and key not in listed and _ID.fullmatch(key)
    ]


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    if not doc.lists("data"):
        raise NotThisPlatform("it does not list incidents as Cachet does")
    base, query = _parts(situation.source)
    page = _Page(situation.address, names=dict(situation.component_names))
    components, all_components = _components(Reader(json_object(told.get(base + COMPONENTS)) or {}), page)
    rows = _Rows(doc)
    incidents = [*_incidents(rows, page)]
    certain = True
    for key in _unlisted(situation, told):
        path = _single(situation.source, key)
        alone = [
            each for each in _incidents(_Rows(Reader(json_object(told.get(path)) or {})), page) if each.id == key
        ]
        incidents += alone
        # One that is neither there nor said to be gone may be open.
        certain = certain and (bool(alone) or path in situation.absent or is_told(told.get(path), Told.ABSENT))
    schedules = _Rows(Reader(json_object(told.get(f"{base}/schedules{query}{PATH}")) or {}))
    planned = [_schedule(key, row, links, schedules, page) for key, row, links in schedules if row.fields]
    indicator = _indicator(Reader(json_object(told.get(f"{base}/status")) or {}), page)
    return Snapshot(
        platform=PLATFORM.name,
        indicator=indicator,
        components=components,
        all_components=all_components,
        incidents=(*{each.id: each for each in (*incidents, *planned)}.values(),),
        open_told=doc.lists_all("data") and (rows.is_whole or indicator is not None) and certain,
        open_maintenances_told=schedules.is_whole,
        history_told=True,
        history_cut=not rows.is_whole,
        oddities=tuple(dict.fromkeys(page.oddities)),
    )


def _code(row: Reader, key: str) -> str:
    """The number of a state, which version 3 tells beside its name; the name where there is no number."""
    told = row.part(key)
    return (told.id("value") or row.id(key) or told.line("human") or row.line(f"human_{key}")).lower()


def _word(row: Reader, key: str) -> str:
    return row.part(key).word("human") or row.word(f"human_{key}") or _code(row, key)


def _indicator(doc: Reader, page: _Page) -> Impact | None:
    data = doc.part("data")
    word = data.word("status") or data.part("attributes").word("status")
    return look_up(PAGE_STATES, word, Impact.UNKNOWN, page.oddities, "page state") if word else None


def _components(doc: Reader, page: _Page) -> tuple[tuple[Component, ...] | None, bool]:
    rows = _Rows(doc)
    if not doc.lists_all("data"):
        return None, False
    found = []
    for key, row, links in rows:
        if row.fields.get("enabled") is False:
            continue
        state = "latest_status" if "latest_status" in row else "status"
        impact = look_up(IMPACTS, _code(row, state), Impact.UNKNOWN, page.oddities, "component state")
        group = Reader({"data": [links.part("group").part("data").fields]})
        name = next((told.line("name") for _, told in rows.included("componentGroups", group)), "")
        component = Component(
            id=key or row.known_id(),
            name=row.line("name") or key,
            impact=impact,
            word=row.part(state).word("human") or row.word("status_name") or _code(row, state),
            group=name or None,
        )
        page.impacts[component.id] = impact
        page.names[component.id] = component.name
        found.append(component)
    return tuple(found), rows.is_whole


def _incidents(rows: _Rows, page: _Page) -> Iterator[Incident]:
    for key, row, links in rows:
        if not row.fields:
            continue
        began = _time(row, "occurred") or _time(row, "created")
        code = _code(row, "latest_status") or _code(row, "status")
        planned = code == "0" and "attributes" not in row and "scheduled_at" in row
        state = State.SCHEDULED if planned else look_up(STATES, code, State.UNKNOWN, page.oddities, "state")
        updates = tuple(_updates(row, links, rows, page))
        affected = _affected(row, links, rows, page)
        over = [each.at for each in updates if each.state is State.RESOLVED and each.at]
        yield Incident(
            id=key or row.known_id(began),
            name=row.line("name") or "(no title)",
            state=state,
            word=row.word("latest_human_status") or _word(row, "status"),
            kind=Kind.MAINTENANCE if planned else Kind.INCIDENT,
            impact=_impact(affected, page),
            url=row.url("permalink") or _own_url(row, page),
            started_at=began,
            resolved_at=(max(over) if over else _time(row, "updated")) if state is State.RESOLVED else None,
            affected=affected,
            updates=updates,
            scheduled_for=row.time("scheduled_at"),
        )


def _own_url(row: Reader, page: _Page) -> str | None:
    guid = row.id("guid")
    return f"{page.address}{LIST}/{guid}" if page.address and _ID.fullmatch(guid) else None


def _time(row: Reader, key: str) -> datetime | None:
    return row.time(f"{key}_at") or row.part(key).time("string")


def _updates(row: Reader, links: Reader, rows: _Rows, page: _Page) -> Iterator[Update]:
    told: list[Update] = []
    if row.text("message"):
        at = _time(row, "occurred") or _time(row, "created")
        told.append(Update("message", State.INVESTIGATING, "investigating", row.text("message"), at))
    posted = [(each.id(), each) for each in row.rows("updates")]
    posted += rows.included("updates", links.part("updates"))
    for key, each in posted:
        code = _code(each, "status")
        state = look_up(STATES, code, State.UNKNOWN, page.oddities, "state")
        at = _time(each, "created")
        told.append(Update(key or each.known_id(at), state, _word(each, "status"), each.text("message"), at))
    yield from in_time(tuple(told))


def _affected(row: Reader, links: Reader, rows: _Rows, page: _Page) -> tuple[Affected, ...] | None:
    if links.part("components").lists("data"):
        told = []
        for key, each in rows.included("components", links.part("components")):
            state = "latest_status" if "latest_status" in each else "status"
            page.impacts.setdefault(key, look_up(IMPACTS, _code(each, state), Impact.UNKNOWN, [], ""))
            told.append(Affected(key, each.line("name") or page.names.get(key, key)))
        return tuple(told)
    key = row.id("component_id")
    if not key:
        return None
    if key == "0":
        return ()
    return (Affected(key, page.names[key]),) if key in page.names else None


def _impact(affected: tuple[Affected, ...] | None, page: _Page) -> Impact | None:
    """As bad as what it touches is now; not told where that is fine, or in maintenance, or not known."""
    now = worst((page.impacts.get(each.id or "", Impact.UNKNOWN) for each in affected or ()), Impact.UNKNOWN)
    return now if now in (Impact.MINOR, Impact.MAJOR, Impact.CRITICAL) else None


def _schedule(key: str, row: Reader, links: Reader, rows: _Rows, page: _Page) -> Incident:
    state = look_up(SCHEDULES, _code(row, "status"), State.UNKNOWN, page.oddities, "state")
    begin, end = _time(row, "scheduled"), _time(row, "completed")
    told = []
    if row.text("message"):
        # What is planned is said before it is done, whenever it is read.
        told.append(Update("message", State.SCHEDULED, "upcoming", row.text("message"), _time(row, "created")))
    for update, each in rows.included("updates", links.part("updates")):
        at = _time(each, "created")
        stood = State.IN_PROGRESS if begin and at and at >= begin else State.SCHEDULED
        if state is State.COMPLETED and end and at and at >= end:
            stood = State.COMPLETED
        told.append(Update(update, stood, stood.value, each.text("message"), at))
    return Incident(
        id=SCHEDULE + (key or row.known_id(begin)),
        name=row.line("name") or "(no title)",
        state=state,
        word=_word(row, "status"),
        kind=Kind.MAINTENANCE,
        started_at=begin if state is not State.SCHEDULED else None,
        resolved_at=end if state is State.COMPLETED else None,
        affected=_affected(row, links, rows, page),
        updates=in_time(tuple(told)),
        scheduled_for=begin,
        scheduled_until=end,
    )


PLATFORM = Platform(
    name="cachet",
    title="Cachet",
    tells="incidents with all their words, components and planned work; how bad, only by what an incident touches",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    more_every=1,
    sources=SOURCES,
    traces=traces,
)
