"""Better Stack (Better Uptime). Documentation: https://betterstack.com/docs/uptime/status-pages/ ("JSON API status"),
and the report's attributes in its API reference; shapes as recorded from status.huggingface.co in July 2026.

`/index.json` is one JSON:API document: the page, its resources in sections, and its reports with all their updates,
open, coming and past. It is authoritative for all of them: `data.relationships` names every report, so one that is
not among `included` shows that the document is not whole. What it does not tell: where an open report stands
(only how bad it is), when a report was resolved (`ends_at` is null for all but maintenance, so it is the time of the
update that says so), and whether a maintenance is coming or under way: both say `maintenance`.

Assumed: a maintenance is under way once a resource that it touches is in maintenance (the page, where it touches
none) and its day has come, or once an update was posted after its start; and then until it is resolved. A report
whose state is `operational` is over. `not_monitored` means that no machine watches a resource: that is no trouble.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ..core.merge import in_time
from ..core.model import Affected, Component, Impact, Incident, Kind, Snapshot, State, Update, badness, worst
from ..core.text import safe_url
from .documents import Answers, Document, Situation, json_object
from .platform import Platform
from .reading import Reader, look_up

PATH = "/index.json"

IMPACTS: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "not_monitored": Impact.NONE,
    "resolved": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
    "degraded": Impact.MINOR,
    "downtime": Impact.MAJOR,
}
OVER = ("resolved", "operational")
KINDS: Mapping[str, Kind] = {
    "manual": Kind.INCIDENT,
    "automatic": Kind.INCIDENT,
    "maintenance": Kind.MAINTENANCE,
}


@dataclass(frozen=True)
class _Page:
    """What the reports of a document refer to."""

    state: str
    names: Mapping[str, str]
    """Of the resources, by id."""
    states: Mapping[str, str]
    """Of the resources, by id."""
    updates: Mapping[str, Reader]
    under_way: frozenset[str]
    """Maintenances that were known to be under way."""
    today: datetime | None
    """By when the last day of the resources' history is over everywhere."""
    oddities: list[str] = field(default_factory=list)

    def impact(self, word: str, what: str) -> Impact:
        return look_up(IMPACTS, word, Impact.UNKNOWN, self.oddities, what)


def is_mine(document: Document) -> bool:
    data = Reader(json_object(document) or {}).part("data")
    attributes = data.part("attributes")
    return data.word("type") == "status_page" and "company_name" in attributes and "aggregate_state" in attributes


def read(situation: Situation, _told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(document.json)
    data = doc.part("data")
    attributes = data.part("attributes")
    resources = list(_of_type(doc, "status_page_resource"))
    page = _Page(
        state=attributes.word("aggregate_state"),
        names={row.id(): row.part("attributes").line("public_name") or row.id() for row in resources},
        states={row.id(): row.part("attributes").word("status") for row in resources},
        updates={row.id(): row.part("attributes") for row in _of_type(doc, "status_update")},
        under_way=frozenset(each.id for each in situation.known.values() if each.is_open),
        today=_today(resources),
    )
    reports = {row.id(): row for row in _of_type(doc, "status_report")}
    incidents = tuple(_report(report_id, row, page) for report_id, row in reports.items())
    told = doc.lists("included") and _are_told(data, "status_reports", reports)
    return Snapshot(
        platform=PLATFORM.name,
        name=attributes.line("company_name") or None,
        url=_address(attributes),
        indicator=page.impact(page.state, "page state"),
        components=_components(doc, resources, page) if doc.lists("included") else None,
        all_components=_are_told(data, "resources", page.names),
        incidents=incidents,
        open_told=told,
        open_maintenances_told=told,
        history_told=told,
        oddities=tuple(dict.fromkeys(page.oddities)),
    )


def _of_type(doc: Reader, kind: str) -> Iterator[Reader]:
    """The rows of a kind; what has no id was not told, since nothing could refer to it."""
    return (row for row in doc.rows("included") if row.word("type") == kind and row.id())


def _related(row: Reader, relation: str) -> tuple[str, ...]:
    """The ids that a row names, each once."""
    return tuple(dict.fromkeys(each.id() for each in row.part("relationships").part(relation).rows("data")))


def _are_told(data: Reader, relation: str, found: Mapping[str, object]) -> bool:
    """Whether all that the page is related to is there."""
    whole = data.part("relationships").part(relation).lists_all("data")
    return whole and all(each in found for each in _related(data, relation))


def _today(resources: Sequence[Reader]) -> datetime | None:
    rows = (each for row in resources for each in row.part("attributes").rows("status_history"))
    last = max((day for each in rows if (day := each.time("day"))), default=None)
    # A day begins and ends in the page's own time zone.
    return last + timedelta(hours=24 + 12) if last else None


def _address(attributes: Reader) -> str | None:
    if host := attributes.line("custom_domain"):
        return safe_url(f"https://{host}")
    subdomain = attributes.line("subdomain")
    return safe_url(f"https://{subdomain}.betteruptime.com") if subdomain else None


def _components(doc: Reader, resources: Sequence[Reader], page: _Page) -> tuple[Component, ...]:
    sections = {row.id(): row.part("attributes").line("name") for row in _of_type(doc, "status_page_section")}
    return tuple(
        Component(
            id=row.id(),
            name=page.names[row.id()],
            impact=page.impact(page.states[row.id()], "resource state"),
            word=page.states[row.id()],
            group=sections.get(row.part("attributes").id("status_page_section_id")) or None,
        )
        for row in resources
    )


def _report(report_id: str, row: Reader, page: _Page) -> Incident:
    attributes = row.part("attributes")
    word, type_word = attributes.word("aggregate_state"), attributes.word("report_type")
    fallback = Kind.MAINTENANCE if word == "maintenance" else Kind.INCIDENT
    kind = look_up(KINDS, type_word, fallback, page.oddities, "type of report")
    told = [_update(each, page) for each in _related(row, "status_updates") if each in page.updates]
    incident = Incident(
        id=report_id,
        name=attributes.line("title") or "(no title)",
        state=_state(word),
        word=word,
        kind=kind,
        impact=page.impact(word, "state of a report") if word else None,
        started_at=attributes.time("starts_at"),
        affected=_affected(attributes, page),
        updates=in_time(tuple(told)),
    )
    if word in OVER:  # how bad it was is told by its updates alone
        impacts = [page.impact(each.word, "state of a resource") for each in incident.updates if each.word]
        incident = replace(incident, impact=worst(impacts) if impacts else None)
    ends_at = attributes.time("ends_at")
    if kind is Kind.MAINTENANCE:
        incident = _maintenance(incident, page, ends_at)
    else:
        incident = replace(incident, updates=_stages(incident, page))
    if word in OVER:
        said = next((each.at for each in incident.updates if each.state is incident.state), None)
        incident = replace(incident, resolved_at=ends_at or said)
    return incident


def _state(word: str) -> State:
    """An open report does not tell how far the vendor has come with it."""
    if word in OVER:
        return State.RESOLVED
    return State.INVESTIGATING if word in IMPACTS else State.UNKNOWN


def _affected(row: Reader, page: _Page) -> tuple[Affected, ...] | None:
    if not row.lists("affected_resources"):
        return None
    ids = dict.fromkeys(each.id("status_page_resource_id") for each in row.rows("affected_resources"))
    return tuple(Affected(each, page.names.get(each, each)) for each in ids if each)


def _update(update_id: str, page: _Page) -> Update:
    """An update whose word is the worst that it says of a resource; its state is told by those before it."""
    row = page.updates[update_id]
    words = [each.word("status") for each in row.rows("affected_resources")]
    word = max(words, key=lambda each: badness(IMPACTS.get(each, Impact.UNKNOWN)), default="")
    at, affected = row.time("published_at"), _affected(row, page)
    return Update(update_id, State.UNKNOWN, word, row.text("message"), at, PATH, affected or None)


def _stages(incident: Incident, page: _Page) -> tuple[Update, ...]:
    """The updates of an incident with their states: it is over once each resource that was named is well.

    What an update meant must not change with what is posted later, or it would be told as edited.
    """
    standing: dict[str, str] = {}
    stages = []
    for update in incident.updates:
        for each in page.updates[update.id].rows("affected_resources"):
            standing[each.id("status_page_resource_id")] = each.word("status")
        over = bool(standing) and all(word in OVER for word in standing.values())
        if update is incident.updates[-1] and (not standing or incident.state is not State.RESOLVED):
            over = incident.state is State.RESOLVED
        spoken = _state(update.word) if update.word and update.word not in OVER else State.INVESTIGATING
        stages.append(replace(update, state=State.RESOLVED if over else spoken))
    return tuple(stages)


def _maintenance(incident: Incident, page: _Page, end: datetime | None) -> Incident:
    begin = incident.started_at
    state = State.COMPLETED if incident.state is State.RESOLVED else incident.state
    if state is State.INVESTIGATING:
        state = State.IN_PROGRESS if _is_under_way(incident, page) else State.SCHEDULED
    stages = []
    for update in incident.updates:
        is_last = update is incident.updates[-1] and len(incident.updates) > 1
        if state is State.COMPLETED and (is_last or (end and update.at and update.at >= end)):
            stage = State.COMPLETED
        elif _announces(update, incident):
            stage = State.SCHEDULED
        else:
            stage = State.IN_PROGRESS
        # What announces it bears the time of its begin, which is yet to come.
        is_ahead = state is State.SCHEDULED and begin and update.at and update.at >= begin
        stages.append(replace(update, state=stage, at=None if is_ahead else update.at))
    return replace(
        incident,
        state=state,
        started_at=None if state is State.SCHEDULED else begin,
        updates=tuple(stages),
        scheduled_for=begin,
        scheduled_until=end,
    )


def _announces(update: Update, incident: Incident) -> bool:
    begin = incident.started_at
    if begin is None or update.at is None:
        return update is incident.updates[0]
    return update.at < begin or (update.at == begin and update is incident.updates[0])


def _is_under_way(incident: Incident, page: _Page) -> bool:
    """Asked of one that is not over."""
    if incident.id in page.under_way or not all(_announces(each, incident) for each in incident.updates):
        return True
    if incident.word != "maintenance":  # it has made trouble
        return True
    if incident.started_at and page.today and incident.started_at > page.today:
        return False
    states = [page.states.get(each.id or "", "") for each in incident.affected or ()]
    return "maintenance" in (states or [page.state])


PLATFORM = Platform(
    name="betterstack",
    title="Better Stack",
    tells="everything: the page, its resources, and its reports with all their updates, past ones too",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    hosts=(".betteruptime.com", "status.betterstack.com"),
)
