"""Google's status dashboards: Google Cloud, Google Workspace, and their sisters for Search, Play and Ads.

Documentation: `incidents.schema.json` beside each page's `incidents.json`; shapes as recorded in July 2026 (Cloud),
and as described from live samples of September 2026 (Workspace, which is the same without places).

`/incidents.json` is history and state in one: every incident of the last months or years with all its updates, also
those that are over. What has no `end` (null, empty or no such key) goes on. There is no word for "all is well", none
for how far an incident is, and no maintenance. So:

- A list without any incident is not what these pages have, and tells nothing: never "none open".
- An update has no id: it is known by its incident and `when` it was posted. `end` is set by people, to the minute,
  and often dated back; what is posted from then on tells of the end. As an update that was told before may come to
  lie behind the `end`, telling of the end is part of its id, so that the end itself is never told as a mere edit.
- Reports follow days later, as updates of an incident that is over.
- All of it is read whenever it changed (some 0.2 s for Workspace's 400 KB): were an old incident left out, its late
  report would be lost, or the incident told as new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Impact, Incident, Snapshot, State, Update
from ..core.text import clean_line
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation
from .platform import Platform
from .reading import Reader, all_once, invented_id, look_up, told_once

PATH = "/incidents.json"
DASHBOARD = "/appsstatus/dashboard"

IMPACTS: Mapping[str, Impact] = {
    "service_information": Impact.NOTICE,
    "service_disruption": Impact.MAJOR,
    "service_outage": Impact.CRITICAL,
}
SLIGHT = ("service_disruption", "low")
"""A disruption whose severity is low; a severity says else nothing that the impact does not say."""

STATES: Mapping[str, State] = {
    "service_information": State.INVESTIGATING,
    "service_disruption": State.INVESTIGATING,
    "service_outage": State.INVESTIGATING,
    "available": State.MONITORING,
}
"""Of an update. Google has no words for how far it is; that all is available again does not yet end an incident."""

NAMES: Mapping[str, str] = {
    "status.cloud.google.com": "Google Cloud",
    "status.search.google.com": "Google Search",
    "status.play.google.com": "Google Play",
    "ads.google.com": "Google Ads",
}

EVERYWHERE = "global"
_HEADING = re.compile(r"(?:title|summary|description)\s*(?::|$)\s*", re.IGNORECASE)
_ZONE = re.compile(r"([a-z]{2,20}-[a-z]{2,20}\d{1,2})-[a-z]")
_URI = re.compile(r"[A-Za-z0-9_/-]{1,200}")


def has_places(document: Document) -> bool:
    """Whether it is a dashboard that tells the places of an incident: Google Cloud's."""
    rows = _rows_of_a_dashboard(document)
    return bool(rows) and any(row.lists("currently_affected_locations") for row in rows)


def has_no_places(document: Document) -> bool:
    rows = _rows_of_a_dashboard(document)
    return bool(rows) and not any(row.lists("currently_affected_locations") for row in rows)


def cloud_source(address: str) -> str | None:
    return "https://status.cloud.google.com" if urlsplit(address).hostname == "status.cloud.google.com" else None


def workspace_source(address: str) -> str | None:
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host in ("google.com", "www.google.com") and parts.path.startswith("/appsstatus"):
        return f"https://www.google.com{DASHBOARD}"
    if host in ("status.search.google.com", "status.play.google.com"):
        return f"https://{host}"
    return "https://ads.google.com/status/publisher" if host == "ads.google.com" else None


def read_cloud(situation: Situation, _told: Answers, document: Document) -> Snapshot:
    return _read(CLOUD, situation, document)


def read_workspace(situation: Situation, _told: Answers, document: Document) -> Snapshot:
    return _read(WORKSPACE, situation, document)


def _rows_of_a_dashboard(document: Document) -> list[Reader]:
    """The rows that have what no other platform's have."""
    needed = {"external_desc", "begin", "modified", "most_recent_update"}
    return [row for row in Reader.listed(document).rows("rows") if needed <= row.fields.keys()]


def _read(platform: Platform, situation: Situation, document: Document) -> Snapshot:
    value = document.json
    if not isinstance(value, list):
        raise NotThisPlatform("its answer is JSON, but not a Google status page's")
    base = situation.source if "://" in situation.source else situation.address + situation.source
    oddities: list[str] = []
    incidents = [_incident(row, base, oddities) for row in Reader({"rows": value}).rows("rows") if _can_be_known(row)]
    if not value:
        oddities.append("the list of incidents is empty, though it holds those of years")
    return Snapshot(
        platform=platform.name,
        name=NAMES.get(urlsplit(base).hostname or "", platform.title),
        url=base,
        incidents=all_once(incidents),
        open_told=bool(value) and all(isinstance(row, dict) and _can_be_known(Reader(row)) for row in value),
        open_maintenances_told=True,
        history_told=True,
        history_cut=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _can_be_known(row: Reader) -> bool:
    return bool(row.id() or row.line("external_desc"))


def _incident(row: Reader, base: str, oddities: list[str]) -> Incident:
    begin, end = row.time("begin"), row.time("end")
    key = row.id() or invented_id(row.line("external_desc"), begin)
    updates = told_once(_updates(row, key, end, oddities))
    word = updates[-1].word if updates else row.part("most_recent_update").word("status")
    uri = row.line("uri")
    return Incident(
        id=key,
        name=_title(row),
        state=State.RESOLVED if end else _state(word, oddities),
        word=word,
        impact=_impact(row, oddities),
        url=f"{base}/{uri}" if _URI.fullmatch(uri) else None,
        started_at=begin,
        resolved_at=end,
        affected=_products(row),
        updates=updates,
        regions=_regions(row),
    )


def _state(word: str, oddities: list[str]) -> State:
    """Without a word it goes on all the same: that is for the `end` to say."""
    return look_up(STATES, word, State.UNKNOWN, oddities, "status") if word else State.INVESTIGATING


def _title(row: Reader) -> str:
    """The first line that says something: a Workspace description may begin with the heading “Title:”."""
    lines = (clean_line(_HEADING.sub("", line, count=1) if _HEADING.match(line) else line) for line in _lines(row))
    return next((line for line in lines if line), "(no title)")


def _lines(row: Reader) -> Iterator[str]:
    yield from (row.text("external_desc") or "").splitlines()
    yield row.line("service_name")


def _impact(row: Reader, oddities: list[str]) -> Impact | None:
    word = row.word("status_impact")
    if (word, row.word("severity")) == SLIGHT:
        return Impact.MINOR
    return look_up(IMPACTS, word, Impact.UNKNOWN, oddities, "impact")


def _updates(row: Reader, key: str, end: datetime | None, oddities: list[str]) -> Iterator[Update]:
    for each in row.rows("updates") if row.lists("updates") else (row.part("most_recent_update"),):
        at, text, word = each.time("when") or each.time("created"), each.text("text"), each.word("status")
        if at is None and not text:
            continue
        over = end is not None and at is not None and at >= end
        moment = at.isoformat() if at else invented_id(text or "", None)
        yield Update(
            id=f"{SYNTHETIC}{key}:{moment}{':end' if over else ''}",
            state=State.RESOLVED if over else _state(word, oddities),
            word=word,
            text=text,
            at=at,
        )


def _products(row: Reader) -> tuple[Affected, ...] | None:
    """What it touches. The `service_name` is no product where there are several: “Multiple Products”."""
    if not row.lists("affected_products"):
        return None
    named = ((each.id(), each.line("current_title") or each.line("title")) for each in row.rows("affected_products"))
    return tuple(Affected(key or None, name or key) for key, name in named if key or name)


def _regions(row: Reader) -> tuple[str, ...] | None:
    """All places that it touches or touched, so that its end is told where its beginning was; none named is all."""
    if not row.lists("currently_affected_locations"):
        return None
    places = [*row.rows("currently_affected_locations"), *row.rows("previously_affected_locations")]
    ids = [each.id().lower() for each in places]
    if EVERYWHERE in ids or not all(ids):
        return ()
    zones = (match[1] for each in ids if (match := _ZONE.fullmatch(each)))
    return tuple(sorted({*ids, *zones}))


CLOUD = Platform(
    name="google-cloud",
    title="Google Cloud",
    tells="all incidents, open and past, with words, products and places; no maintenance, no list of products",
    path=PATH,
    is_mine=has_places,
    reads=read_cloud,
    own_source=cloud_source,
)
WORKSPACE = Platform(
    name="google-workspace",
    title="Google Workspace",
    tells="all incidents, open and past, with words and products; no maintenance, no list of products",
    path=PATH,
    is_mine=has_no_places,
    reads=read_workspace,
    own_source=workspace_source,
    sources=("", DASHBOARD),
)
PLATFORMS = (CLOUD, WORKSPACE)
