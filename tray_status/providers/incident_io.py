"""incident.io's own documents, which say what its imitation of v2 leaves out: products, groups, early words. Pure.

- `/api/v1/summary`: the documented "widget API" (https://docs.incident.io, "Status page widget API"), or the shape
  seen on status.openai.com, which gives ids of components only. Any list may be missing when it is empty.
- `/proxy/<host>` and `/proxy/<host>/incidents/<id>`: what the page itself asks for, seen there in 2026.
- `/feed.atom`: the last words of each incident, with the names of what it touches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..core.merge import SYNTHETIC, in_time
from ..core.model import Affected, Component, Impact, Incident, Kind, State, Update, worst
from ..core.text import clean_line, clean_text
from ..errors import NotThisPlatform
from .reading import Reader, look_up
from .v2 import COMPONENT_STATES, MAINTENANCE_STATES, STATES, Gathered, incident_url
from .xml_feed import parse_feed

NATIVE = "/api/v1/summary"
FEED = "/feed.atom"

_FEED_BODY = re.compile(
    r"\A\s*<b>\s*[^<:]{1,60}:\s*(?P<word>[^<]{1,60})</b>\s*(?:<br\s*/?>\s*)*"
    r"(?P<words>.*?)\s*(?:(?:<br\s*/?>\s*)*<b>[^<]{1,60}</b>\s*<ul>(?P<list>.*)</ul>\s*)?\Z",
    re.DOTALL | re.IGNORECASE,
)
_FEED_ITEM = re.compile(r"<li>(.*?)(?:\s*\([^()<]*\))?\s*</li>", re.DOTALL | re.IGNORECASE)


def proxy_path(host: str) -> str:
    """Where the page itself gets its groups, names and incidents from; `host` is its public name."""
    return f"/proxy/{host}"


def proxy_incident_path(host: str, incident_id: str) -> str:
    return f"/proxy/{host}/incidents/{incident_id}"


_LISTS = ("ongoing_incidents", "in_progress_maintenances", "scheduled_maintenances")


def is_native(document: Any) -> bool:
    """Whether something decoded is `/api/v1/summary`. A v2 document has a list of its own, and one of these too."""
    if not isinstance(document, dict):
        return False
    doc = Reader(document)
    return "incidents" not in doc and ("page_title" in doc or "page_url" in doc or any(map(doc.lists, _LISTS)))


def read_native(document: Any, told: Gathered, names: Mapping[str, str]) -> None:
    """`/api/v1/summary`. Raises NotThisPlatform for anything else."""
    if not is_native(document):
        raise NotThisPlatform("its answer is JSON, but not a status page's")
    doc = Reader.envelope(document)
    told.name = told.name or doc.line("page_title") or doc.line("name") or None
    told.url = told.url or (doc.url("page_url") or doc.url("public_url") or "").rstrip("/") or None
    told.open_told = told.open_maintenances_told = True
    names = {**_names(doc), **names}
    for row in doc.rows("ongoing_incidents"):
        add(row, told, names)
    for key in _LISTS[1:]:
        for row in doc.rows(key):
            add(row, told, names, maintenance=True)


def _names(summary: Reader) -> dict[str, str]:
    return {row.id(): row.line("name") for row in summary.rows("components") if row.id()}


def read_proxy(document: Any, told: Gathered) -> dict[str, str]:
    """`/proxy/<host>`: the names of all components by id; groups go to the components already told.

    Where no other document lists them, they are told from here: what is not affected works.
    """
    summary = Reader.envelope(document).part("summary")
    told.name = told.name or summary.line("name") or None
    told.url = told.url or (summary.url("public_url") or "").rstrip("/") or None
    names = _names(summary)
    groups: dict[str, str] = {}
    for item in summary.part("structure").rows("items"):
        group = item.part("group")
        for row in group.rows("components"):
            groups[row.id("component_id")] = group.line("name")
            names.setdefault(row.id("component_id"), row.line("name"))
    if told.components is None and names:
        words = {row.id("component_id"): row.word("status") for row in summary.rows("affected_components")}
        told.all_components = True
        told.components = {}
        for key, name in names.items():
            word = words.get(key, "operational")
            impact = look_up(COMPONENT_STATES, word, Impact.UNKNOWN, told.oddities, "component state")
            told.components[key] = Component(key, name or key, impact, word)
    for key, component in (told.components or {}).items():
        if told.components is not None and groups.get(key):
            told.components[key] = replace(component, group=groups[key])
    return {key: name for key, name in names.items() if key and name}


def read_proxy_incident(document: Any, told: Gathered, names: Mapping[str, str]) -> None:
    """`/proxy/<host>/incidents/<id>`."""
    row = Reader.envelope(document).part("incident")
    if row.id():
        add(row, told, names)


def add(row: Reader, told: Gathered, names: Mapping[str, str], *, maintenance: bool = False) -> None:
    """Add one incident in either native shape to what the imitation said of it."""
    incident_id = row.id()
    if not incident_id:
        return
    word = row.word("status")
    state = look_up(STATES, word, State.UNKNOWN, told.oddities, "state")
    updates = _updates(row, told.oddities)
    known = told.incidents.get(incident_id)
    if not updates and known is None:
        updates = _last_words(row, incident_id, state, word)
    if not word and updates:
        state, word = updates[-1].state, updates[-1].word
    native = Incident(
        id=incident_id,
        name=row.line("name") or (known.name if known else "(no title)"),
        state=state,
        word=word,
        kind=Kind.MAINTENANCE
        if maintenance or row.word("type") == "maintenance" or state in MAINTENANCE_STATES
        else Kind.INCIDENT,
        impact=_impact(row),
        url=incident_url(told.url, incident_id),
        started_at=row.time("published_at") if known is None else None,
        affected=_affected(row, names),
        updates=updates,
        scheduled_for=row.time("starts_at") or row.time("started_at"),
        scheduled_until=row.time("ends_at") or row.time("scheduled_end_at"),
    )
    told.add(_with_the_later_state(known, native, row) if known else native)


def _with_the_later_state(known: Incident, native: Incident, row: Reader) -> Incident:
    """Two documents asked for moments apart may disagree, for each is cached: the one that changed later is right.

    The impact is the worse of both: the imitation says `none` of incidents that hurt people.
    """
    impacts = [each for each in (known.impact, native.impact) if each is not None]
    native_at = row.time("last_update_at") or (native.latest.at if native.latest else None)
    known_at = known.latest.at if known.latest else None
    native_is_later = native_at is not None and (known_at is None or native_at > known_at)
    state, word = (native.state, native.word) if native_is_later else (known.state, known.word)
    return replace(native, name=known.name, state=state, word=word, impact=worst(impacts) if impacts else None)


def _updates(row: Reader, oddities: list[str]) -> tuple[Update, ...]:
    updates = []
    for each in row.rows("updates"):
        word = each.word("to_status")
        text = each.text("message_string")
        if text is None:
            text = each.part("message").text("markdown")
        update_id = each.id()
        if update_id:
            state = look_up(STATES, word, State.UNKNOWN, oddities, "state")
            updates.append(Update(update_id, state, word, text, each.time("published_at"), "native"))
    return in_time(tuple(updates))


def _last_words(row: Reader, incident_id: str, state: State, word: str) -> tuple[Update, ...]:
    """The widget's last message as an update. It has no id; the imitation's is matched by state and second."""
    at = row.time("last_update_at")
    if at is None and "last_update_message" not in row:
        return ()
    key = at.replace(microsecond=0).isoformat() if at else state.value
    return (Update(f"{SYNTHETIC}{incident_id}:{key}", state, word, row.text("last_update_message"), at, "widget"),)


def _impact(row: Reader) -> Impact | None:
    words = [row.word("current_worst_impact")]
    words += [each.word("status") for key in ("affected_components", "component_impacts") for each in row.rows(key)]
    impacts = [COMPONENT_STATES[word] for word in words if word in COMPONENT_STATES]
    return worst(impacts) if impacts else None


def _affected(row: Reader, names: Mapping[str, str]) -> tuple[Affected, ...] | None:
    found: dict[str, Affected] = {}
    for key in ("affected_components", "component_impacts"):
        for each in row.rows(key):
            component_id = each.id("component_id") or each.id()
            name = each.line("name") or names.get(component_id, "")
            if name:
                found.setdefault(component_id or name, Affected(component_id or None, name))
    return tuple(found.values()) or None


def read_feed(body: bytes, told: Gathered) -> None:
    """`/feed.atom`: gives words and products to incidents that lack them; tells of no others.

    The words of states are in the page's own language, so none is read from here.
    """
    for incident_id, html in _entries(body):
        known = told.incidents.get(incident_id)
        match = _FEED_BODY.match(html)
        if known is None or match is None:
            continue
        affected = _feed_components(match["list"] or "")
        updates = known.updates
        latest = known.latest
        words = clean_text(match["words"])
        if latest is not None and not latest.text and words:
            updates = (*updates[:-1], replace(latest, text=words, source="feed"))
        told.incidents[incident_id] = replace(known, affected=known.affected or affected, updates=updates)


def _feed_components(html_list: str) -> tuple[Affected, ...] | None:
    names = (clean_line(match) for match in _FEED_ITEM.findall(html_list))
    return tuple(Affected(None, name) for name in dict.fromkeys(filter(None, names))) or None


def _entries(body: bytes) -> Iterable[tuple[str, str]]:
    """(incident id, HTML) of each entry; the id is the last part of the entry's link."""
    try:
        feed = parse_feed(body)
    except NotThisPlatform:
        return
    for entry in feed.entries:
        link = str(entry.get("id") or entry.get("link") or "")
        content = entry.get("content") or [{"value": entry.get("summary", "")}]
        yield clean_line(link.rstrip("/").rpartition("/")[2]), str(content[0].get("value", ""))
