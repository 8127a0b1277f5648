"""Flashduty (Flashcat), its status page widget. Documentation: https://docs.flashcat.cloud/en/on-call/statuspage and
https://docs.flashduty.com/zh/on-call/statuspage/widgets; shapes as seen at status.deepseek.com, July to September
2026.

`/api/widget/v1/summary.json` is authoritative for the page's state, for open incidents, for maintenances under way
and planned. It tells only the latest words of each, without an id, and names components only where an event touches
them. What is over leaves the list without a word. `{"error": "status_page_not_found"}` (no such page, private, or the
widget is off) and `widget_summary_unavailable` come with a good HTTP status: both say that nothing was told.

`poll_after_seconds` (30 as seen) and `max_stale_seconds` are not heeded: pages are asked less often than that anyway,
and a reader has no clock. An open incident whose impact is `operational` is one that was not yet judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Impact, Incident, Kind, Snapshot, State, Update
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up

PATH = "/api/widget/v1/summary.json"

IMPACTS: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
    "under_maintenance": Impact.MAINTENANCE,
    "degraded": Impact.MINOR,
    "degraded_performance": Impact.MINOR,
    "partial_outage": Impact.MAJOR,
    "full_outage": Impact.CRITICAL,
}
STATES: Mapping[str, State] = {
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
    "scheduled": State.SCHEDULED,
    "ongoing": State.IN_PROGRESS,
    "completed": State.COMPLETED,
}
ERRORS: Mapping[str, str] = {
    "status_page_not_found": "there is no such page, or it is private, or its widget is switched off",
    "widget_summary_unavailable": "it says that it cannot tell at the moment",
}
PLANNED = ("in_progress_maintenances", "scheduled_maintenances")

_TRACE = re.compile(r"flash(?:cat|duty)", re.IGNORECASE)


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    told = "status" in doc.part("overall") and "schema_version" in doc
    return told and doc.lists("ongoing_incidents") and all(doc.lists(each) for each in PLANNED)


def traces(html: str, _address: str) -> Iterable[str]:
    return ("",) if _TRACE.search(html) else ()


def read(_situation: Situation, _told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    if "error" in doc:
        raise NotThisPlatform(ERRORS.get(doc.word("error"), f"it answers with an error: {doc.line('error')}"))
    page, overall = doc.part("page"), doc.part("overall")
    oddities: list[str] = []
    incidents = [_event(row, Kind.INCIDENT, oddities) for row in doc.rows("ongoing_incidents")]
    incidents += [_event(row, Kind.MAINTENANCE, oddities) for each in PLANNED for row in doc.rows(each)]
    indicator = look_up(IMPACTS, overall.word("status"), Impact.UNKNOWN, oddities, "page state")
    return Snapshot(
        platform=PLATFORM.name,
        name=page.line("name") or None,
        url=page.url("url"),
        indicator=indicator,
        incidents=all_once(incidents),
        open_told=doc.lists_all("ongoing_incidents"),
        open_maintenances_told=all(doc.lists_all(each) for each in PLANNED),
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _event(row: Reader, kind: Kind, oddities: list[str]) -> Incident:
    planned = kind is Kind.MAINTENANCE
    began = row.time("starts_at") or row.time("started_at")
    key = row.known_id(began)
    word = row.word("phase")
    state = look_up(STATES, word, State.UNKNOWN, oddities, "state")
    impact = None
    if not planned and "impact" in row:
        impact = look_up(IMPACTS, row.word("impact"), Impact.UNKNOWN, oddities, "impact")
    return Incident(
        id=key,
        name=row.line("title") or row.line("name") or "(no title)",
        state=state,
        word=word,
        kind=kind,
        impact=impact,
        url=row.url("url"),
        started_at=None if state is State.SCHEDULED else began,
        affected=_affected(row),
        updates=_latest(key, row.part("last_update"), state, word),
        scheduled_for=began if planned else None,
        scheduled_until=row.time("ends_at"),
    )


def _latest(key: str, row: Reader, state: State, word: str) -> tuple[Update, ...]:
    """The latest words, known by their time; none where that was not told, for they might be told again and again."""
    at = row.time("at")
    if at is None:
        return ()
    return (Update(f"{SYNTHETIC}{key}:{at.isoformat()}", state, word, row.text("message"), at),)


def _affected(row: Reader) -> tuple[Affected, ...] | None:
    if not row.lists("affected_components"):
        return None
    named = [each for each in row.rows("affected_components") if each.is_somebody]
    return tuple(Affected(each.id() or None, each.line("name") or each.id()) for each in named)


PLATFORM = Platform(
    name="flashduty",
    title="Flashduty",
    tells="what is open and planned with its latest words, and the page's own state; no list of components",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    traces=traces,
)
