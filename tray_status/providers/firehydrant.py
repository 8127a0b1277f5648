"""FireHydrant status pages. Not documented; shapes as recorded at status.redis.io and status.firehydrant.com, 2026.

`/data/payload.json`, the page's own source, is one document: the page's name, its components by name, a table of what
the page calls a condition (→ `OPERATIONAL`, `DEGRADED`, `OFFLINE`), and all incidents ever with all their words. An
incident without `timestamps.resolved` is open: that is what the page itself goes by.

Silent: a state of the page, ids of updates (they are known by their time), whether a maintenance (`severitySlug` is
`MAINTENANCE`) is coming or under way: it is coming while its start is later than anything else the document tells.
Assumed: a component is fine where no open incident gives it a condition, as the page shows it. An incident stands
where its latest milestone is, an update where the milestone before it was; `acknowledged` and `detected` say nothing
(they may be stamped long after the fact). Severities are the vendor's own words beyond SEV1 to SEV5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Component, Impact, Incident, Kind, Snapshot, State, Update, badness, worst
from .documents import Answers, Document, Situation, json_object
from .platform import Platform
from .reading import Reader, all_once, look_up, told_once

PATH = "/data/payload.json"
MAINTENANCE = "maintenance"

SEVERITIES: Mapping[str, Impact] = {
    "sev1": Impact.CRITICAL,
    "sev2": Impact.MAJOR,
    "sev3": Impact.MINOR,
    "sev4": Impact.MINOR,
    "sev5": Impact.MINOR,
    "unset": Impact.NONE,
    MAINTENANCE: Impact.MAINTENANCE,
}
CONDITIONS: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "degraded": Impact.MINOR,
    "offline": Impact.CRITICAL,
}
MILESTONES: Mapping[str, State] = {
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "mitigated": State.MONITORING,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
    "closed": State.RESOLVED,
}
BEFORE = ("started", "detected", "acknowledged")
"""Milestones that say no more than that there is an incident."""
OVER = ("resolved", "closed")

_TRACE = re.compile(r"firehydrant", re.IGNORECASE)


def is_mine(document: Document) -> bool:
    doc = Reader(json_object(document) or {})
    config, conditions = doc.part("config"), doc.part("conditions").fields
    named = "companyName" in config or "operationalMessage" in config
    return named and "OPERATIONAL" in conditions.values() and doc.lists("incidents") and doc.lists("components")


def traces(html: str, _address: str) -> Iterable[str]:
    return ("",) if _TRACE.search(html) else ()


def read(_situation: Situation, _told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    config = doc.part("config")
    oddities: list[str] = []
    reader = _Incidents(doc, oddities)
    incidents = all_once(reader.all())
    return Snapshot(
        platform=PLATFORM.name,
        name=config.line("title") or config.line("companyName") or None,
        components=_components(doc, reader.conditions),
        all_components=True,
        incidents=incidents,
        open_told=doc.lists_all("incidents"),
        open_maintenances_told=doc.lists_all("incidents"),
        history_told=doc.lists("incidents"),
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _components(doc: Reader, conditions: Mapping[str, tuple[Impact, str]]) -> tuple[Component, ...] | None:
    if not doc.lists_all("components"):
        return None
    found = []
    for row in doc.rows("components"):
        name = row.line("name") or row.id()
        impact, word = conditions.get(row.id()) or conditions.get(name) or (Impact.NONE, "")
        found.append(Component(row.known_id(), name, impact, word))
    return tuple(found)


class _Incidents:
    """Reads the incidents of a document, and notes what the open ones say of components."""

    def __init__(self, doc: Reader, oddities: list[str]) -> None:
        self._rows = list(doc.rows("incidents"))
        self._oddities = oddities
        self._table = doc.part("conditions")
        self.conditions: dict[str, tuple[Impact, str]] = {}
        """Of the components that open incidents touch, by id and by name, with the page's own word."""
        times = [at for row in self._rows for at in _times(row)]
        self._latest = max(times, default=None)

    def all(self) -> Iterator[Incident]:
        for row in self._rows:
            yield self._incident(row)

    def _incident(self, row: Reader) -> Incident:
        stamps = row.part("timestamps")
        started = stamps.time("started") or stamps.time("detected")
        key = row.known_id(started)
        resolved = next((at for each in OVER if (at := stamps.time(each))), None)
        slug = row.word("severitySlug")
        planned = slug == MAINTENANCE
        word = self._milestone(stamps) if resolved is None else "resolved"
        state = look_up(MILESTONES, word, State.UNKNOWN, self._oddities, "milestone") if word else State.INVESTIGATING
        if planned:
            coming = started is not None and self._latest is not None and started > self._latest
            state = State.COMPLETED if resolved else State.SCHEDULED if coming else State.IN_PROGRESS
        touched = list(self._touched(row, is_open=resolved is None and state is not State.SCHEDULED, planned=planned))
        return Incident(
            id=key,
            name=row.line("title") or "(no title)",
            state=state,
            word=word or state.value,
            kind=Kind.MAINTENANCE if planned else Kind.INCIDENT,
            impact=None if planned else self._impact(slug, [impact for _, impact in touched]),
            started_at=None if state is State.SCHEDULED else started,
            resolved_at=resolved,
            affected=tuple(each for each, _ in touched),
            updates=self._updates(key, row, resolved, planned=started if planned else None),
            scheduled_for=started if planned else None,
        )

    def _milestone(self, stamps: Reader) -> str:
        """The latest milestone that was reached; empty where there is none but that it began."""
        reached = [(at, key) for key in stamps.fields if key not in BEFORE and (at := stamps.time(key))]
        return max(reached)[1].lower() if reached else ""

    def _impact(self, slug: str, conditions: list[Impact]) -> Impact | None:
        told = look_up(SEVERITIES, slug, Impact.UNKNOWN, self._oddities, "severity") if slug else None
        if told is None or told in (Impact.NONE, Impact.UNKNOWN):
            # The page has no word for how bad it is, or one of its own: as bad as what it touches.
            return worst([told or Impact.NONE, *conditions])
        return told

    def _touched(self, row: Reader, *, is_open: bool, planned: bool) -> Iterator[tuple[Affected, Impact]]:
        for each in row.rows("components"):
            name = each.line("name") or each.id()
            if not name:
                continue
            condition = each.line("condition")
            canonical = self._table.word(condition) or condition.lower()
            impact = (
                look_up(CONDITIONS, canonical, Impact.UNKNOWN, self._oddities, "condition") if canonical else None
            )
            if is_open and impact is not None:
                told = (Impact.MAINTENANCE if planned else impact, condition)
                for key in filter(None, (each.id(), name)):
                    before = self.conditions.get(key, told)
                    self.conditions[key] = max(before, told, key=lambda pair: badness(pair[0]))
            yield Affected(each.id() or None, name), impact or Impact.NONE

    def _updates(
        self, key: str, row: Reader, resolved: datetime | None, *, planned: datetime | None
    ) -> tuple[Update, ...]:
        """Its words; `planned` is when a maintenance begins."""
        entries = [(at, each) for each in row.rows("timeline") if (at := _posted(each))]
        entries.sort(key=lambda pair: pair[0])
        state, told = State.INVESTIGATING, []
        for at, each in entries:
            details = each.part("details")
            word = details.part("milestoneUpdate").word("currentMilestone")
            if word and word not in BEFORE:
                state = look_up(MILESTONES, word, State.UNKNOWN, self._oddities, "milestone")
            text = details.text("note") or details.part("note").text("note")
            if not text:
                continue  # a milestone alone: the next words say what it means
            stood = state
            if planned is not None:
                stood = State.SCHEDULED if at < planned else State.IN_PROGRESS
            if resolved is not None and at.replace(microsecond=0) >= resolved.replace(microsecond=0):
                stood = State.RESOLVED if planned is None else State.COMPLETED
            told.append(Update(f"{SYNTHETIC}{key}:{at.isoformat()}", stood, stood.value, text, at))
        return told_once(told)


def _posted(entry: Reader) -> datetime | None:
    return entry.time("occurredAt") or entry.time("time")


def _times(row: Reader) -> Iterator[datetime]:
    """All times that an incident tells, but for when it is to begin: each is past."""
    stamps = row.part("timestamps")
    yield from (at for key in stamps.fields if key not in ("started", "detected") and (at := stamps.time(key)))
    for entry in row.rows("timeline"):
        yield from (at for key in ("time", "occurredAt") if (at := entry.time(key)))


PLATFORM = Platform(
    name="firehydrant",
    title="FireHydrant",
    tells="all incidents and maintenances with all their words, and what they touch",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    traces=traces,
)
