"""Sorry™. Documentation: https://status.sorryapp.com/api (what each page answers without a token) and
https://docs.sorryapp.com/v1/notices (what a notice is); shapes also as seen at status.postmarkapp.com in 2026.

`/api/v1/notices`, asked for the present, is authoritative for what is open, with the latest words of each. Its other
answers add to that: `…/notices/<id>` all words and what is touched, also of a known notice that left the list;
the notices to come; the latest of all (what came and went while nobody looked); `…/components` and `…/status`.
The management API at api.sorryapp.com tells the same to whoever has a token, and is not asked.

Silent: how bad a notice is; it is taken to be as bad as what it touches is now. A component knows no worse state than
`degraded`. A `general` notice is an announcement: it is listed, and no worse than a notice. Of a state never seen,
`ended_at` says that it is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..core.merge import SYNTHETIC, in_time, merge
from ..core.model import Affected, Component, Impact, Incident, Kind, Snapshot, State, Update, worst
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up

API = "/api/v1"
NOTICES = f"{API}/notices"
PATH = f"{NOTICES}?filter%5Btimeline_state_eq%5D=present"
COMING = f"{NOTICES}?filter%5Btimeline_state_eq%5D=future"
COMPONENTS = f"{API}/components"
STATUS = f"{API}/status"
ASK_EACH = 8
"""So many notices are asked for one by one."""

IMPACTS: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "under_maintenance": Impact.MAINTENANCE,
    "degraded": Impact.MINOR,
    "partially-degraded": Impact.MINOR,
    "partially_degraded": Impact.MINOR,
}
STATES: Mapping[str, State] = {
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "recovering": State.MONITORING,
    "resolved": State.RESOLVED,
    "false_alarm": State.RESOLVED,
    "scheduled": State.SCHEDULED,
    "underway": State.IN_PROGRESS,
    "complete": State.COMPLETED,
    "cancelled": State.CANCELLED,
}
KINDS: Mapping[str, Kind] = {
    "unplanned": Kind.INCIDENT,
    "general": Kind.INCIDENT,
    "planned": Kind.MAINTENANCE,
}
OVER = (State.RESOLVED, State.COMPLETED)

_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_TRACE = re.compile(r"sorryapp\.com", re.IGNORECASE)


@dataclass
class _Page:
    """What notices refer to, and what was not understood."""

    names: dict[str, str]
    impacts: dict[str, Impact] = field(default_factory=dict)
    """Of the components told, by id."""
    oddities: list[str] = field(default_factory=list)


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    if not doc.lists("notices") or not {"count", "total_count", "next_page"} <= set(doc.part("meta").fields):
        return False
    return all("subject" in row and "state" in row and row.word("type") in KINDS for row in doc.rows("notices"))


def traces(html: str, _address: str) -> Iterable[str]:
    return ("",) if _TRACE.search(html) else ()


def more(situation: Situation, told: Answers) -> Iterable[Want]:
    source = situation.source
    yield Want(source + STATUS)
    yield Want(source + COMPONENTS)
    yield Want(source + NOTICES)
    yield Want(source + COMING)
    present = _listed(told.get(source + PATH))
    for key in present[:ASK_EACH]:
        yield Want(_single(source, key))
    if source + COMING in told or source + COMING in situation.absent:
        for key in _unlisted(situation, told)[:ASK_EACH]:
            yield Want(_single(source, key), conditional=False)


def _single(source: str, key: str) -> str:
    return f"{source}{NOTICES}/{key}"


def _listed(document: Document | None) -> list[str]:
    rows = Reader(json_object(document) or {}).rows("notices")
    return [key for row in rows if _ID.fullmatch(key := row.id())]


def _unlisted(situation: Situation, told: Answers) -> list[str]:
    """Ids of the known notices that are neither open nor coming by what was told."""
    listed = {key for path in (PATH, COMING) for key in _listed(told.get(situation.source + path))}
    return [key for key in sorted(situation.known) if key not in listed and _ID.fullmatch(key)]


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    source = situation.source
    doc = Reader.envelope(document.json)
    if not doc.lists("notices"):
        raise NotThisPlatform("it does not list notices as Sorry™ does")
    page = _Page(names=dict(situation.component_names))
    components, all_components = _components(Reader(json_object(told.get(source + COMPONENTS)) or {}), page)
    latest = Reader(json_object(told.get(source + NOTICES)) or {})
    coming = Reader(json_object(told.get(source + COMING)) or {})
    # What is told of a notice alone is whole, and comes last.
    rows = [*latest.rows("notices"), *coming.rows("notices"), *doc.rows("notices")]
    unlisted = _unlisted(situation, told)
    alone = {key: Reader(json_object(told.get(_single(source, key))) or {}).part("notice") for key in unlisted}
    whole = [Reader(json_object(told.get(_single(source, key))) or {}).part("notice") for key in _listed(document)]
    notices: dict[str, Incident] = {}
    for row in [*rows, *whole, *alone.values()]:
        if row.is_somebody:
            notice = _notice(row, page)
            notices[notice.id] = merge(notices[notice.id], notice) if notice.id in notices else notice
    certain = all(
        row.is_somebody
        or _single(source, key) in situation.absent
        or is_told(told.get(_single(source, key)), Told.ABSENT)
        for key, row in alone.items()
    )
    status = Reader(json_object(told.get(source + STATUS)) or {}).part("page")
    word = status.word("state")
    return Snapshot(
        platform=PLATFORM.name,
        name=status.line("name") or None,
        url=status.url("url"),
        indicator=look_up(IMPACTS, word, Impact.UNKNOWN, page.oddities, "page state") if word else None,
        components=components,
        all_components=all_components,
        incidents=all_once(notices.values()),
        open_told=doc.lists_all("notices") and (_is_whole(doc) or bool(_listed(document))) and certain,
        open_maintenances_told=_is_whole(doc) and coming.lists_all("notices") and _is_whole(coming) and certain,
        history_told=latest.lists_all("notices"),
        history_cut=not _is_whole(latest),
        oddities=tuple(dict.fromkeys(page.oddities)),
    )


def _is_whole(doc: Reader) -> bool:
    """Whether a list has no further page."""
    meta = doc.part("meta")
    return "next_page" in meta.fields and "next_page" not in meta


def _components(doc: Reader, page: _Page) -> tuple[tuple[Component, ...] | None, bool]:
    if not doc.lists_all("components"):
        return None, False
    rows = list(doc.rows("components"))
    names = {row.id(): row.line("name") for row in rows}
    found = []
    for row in rows:
        impact = look_up(IMPACTS, row.word("state"), Impact.UNKNOWN, page.oddities, "component state")
        name = row.line("name") or row.id()
        group = names.get(row.id("parent_id")) or None
        found.append(Component(row.known_id(), name, impact, row.word("state"), group))
        page.names[row.known_id()] = name
        page.impacts[row.known_id()] = impact
    return tuple(found), _is_whole(doc)


def _notice(row: Reader, page: _Page) -> Incident:
    began = row.time("began_at") or row.time("created_at")
    key = row.known_id(began)
    word, sort = row.word("state"), row.word("type")
    kind = look_up(KINDS, sort, Kind.INCIDENT, page.oddities, "type of notice")
    state = look_up(STATES, word, State.UNKNOWN, page.oddities, "state")
    affected = _affected(row, page)
    return Incident(
        id=key,
        name=row.line("subject") or row.line("name") or "(no title)",
        state=state,
        word=word,
        kind=kind,
        impact=Impact.NONE if sort == "general" else _impact(affected, page),
        url=row.url("url") or row.url("link"),
        started_at=None if state is State.SCHEDULED else began,
        resolved_at=row.time("ended_at") if state in OVER or state is State.UNKNOWN else None,
        affected=affected,
        updates=in_time(tuple(_updates(key, row, page))),
        scheduled_for=row.time("begins_at"),
        scheduled_until=row.time("ends_at"),
    )


def _updates(key: str, row: Reader, page: _Page) -> Iterator[Update]:
    """All words where they are told, else the latest ones."""
    for each in row.rows("updates") if row.lists("updates") else [row.part("latest_update")]:
        at = each.time("created_at")
        if at is None:
            continue
        word = each.word("state")
        state = look_up(STATES, word, State.UNKNOWN, page.oddities, "state")
        yield Update(each.id() or f"{SYNTHETIC}{key}:{at.isoformat()}", state, word, each.text("content"), at)


def _affected(row: Reader, page: _Page) -> tuple[Affected, ...] | None:
    if not row.lists("components"):
        return None
    told = [(each.id(), each.line("name") or page.names.get(each.id(), "")) for each in row.rows("components")]
    return tuple(Affected(key or None, name or key) for key, name in told if key or name)


def _impact(affected: tuple[Affected, ...] | None, page: _Page) -> Impact | None:
    """As bad as what it touches is now; not told where that is fine, or in maintenance, or not known."""
    now = worst(page.impacts.get(each.id or "", Impact.UNKNOWN) for each in affected or ())
    return now if now in (Impact.MINOR, Impact.MAJOR, Impact.CRITICAL) else None


PLATFORM = Platform(
    name="sorry",
    title="Sorry™",
    tells="what is open, coming and lately over with all its words, and components; how bad, only by what is touched",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    more_every=1,
    traces=traces,
)
