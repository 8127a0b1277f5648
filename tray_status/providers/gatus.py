"""Gatus, which people run themselves. Shapes from its source, https://github.com/TwiN/gatus, version 5 (`api`,
`config/endpoint`, `config/announcement`).

`/api/v1/endpoints/statuses` is authoritative for how each endpoint is: its last results. `/api/v1/suites/statuses`
(since 5.25) tells the same of suites, which the first does not list; `/api/v1/config` has announcements, the only
words that people write: an outage or a warning counts as open until it is archived, taken away, or followed by an
announcement that all is operational. Silent: the page's name, maintenance, and results beyond the last twenty.
A single failed result is not green, but an outage only when the next one fails, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..core.merge import SYNTHETIC
from ..core.model import Component, Impact, Incident, Snapshot, State, Update
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .outages import Monitored, outages
from .platform import Platform
from .reading import Reader, look_up

PATH = "/endpoints/statuses"
SUITES = "/suites/statuses"
CONFIG = "/config"
ANNOUNCEMENT = "announcement:"

TYPES: Mapping[str, Impact] = {
    "outage": Impact.MAJOR,
    "warning": Impact.MINOR,
    "information": Impact.NONE,
    "operational": Impact.NONE,
    "none": Impact.NONE,
    "": Impact.NONE,
}
"""Of announcements: what is none is no incident."""

_SETTINGS = re.compile(r"window\.config\s{0,9}=\s{0,9}\{\s{0,9}logo\s{0,9}:")


def is_mine(document: Document) -> bool:
    rows = _rows(document)
    return _lists_endpoints(rows) and any(_is_checked(row) for row in rows)


def _lists_endpoints(rows: list[Reader]) -> bool:
    return bool(rows) and all(row.id("key") and row.lists("results") for row in rows)


def _is_checked(row: Reader) -> bool:
    """Whether a row has what no other platform's has: a key with its own name in it, and results."""
    results = list(row.rows("results"))
    told = all(isinstance(each.fields.get("success"), bool) and "timestamp" in each for each in results)
    return bool(row.id("key")) and "name" in row and "_" in row.id("key") and bool(results) and told


def _rows(document: Document | None) -> list[Reader]:
    """The objects of a document that is a list of nothing else; none of any other."""
    try:
        value: Any = None if document is None else document.json
    except NotThisPlatform:
        return []
    rows = list(Reader({"rows": value}).rows("rows"))
    return rows if isinstance(value, list) and len(rows) == len(value) else []


def traces(html: str, _address: str) -> Iterable[str]:
    """Its one web page hands its settings to its script, the logo first."""
    return ("/api/v1",) if _SETTINGS.search(html) else ()


def more(situation: Situation, _told: Answers) -> Iterable[Want]:
    yield Want(situation.source + CONFIG, conditional=False)
    yield Want(situation.source + SUITES, conditional=False)


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    if not _lists_endpoints(_rows(document)):  # just restarted, it has no results yet
        raise NotThisPlatform("its answer is JSON, but not a list of endpoints")
    oddities: list[str] = []
    config, suites = (told.get(want.path) for want in more(situation, told))
    suites_absent = is_told(suites, Told.ABSENT) or situation.source + SUITES in situation.absent
    monitored = list(_monitored([*_rows(document), *_rows(suites)], oddities))
    no_announcements = is_told(config, Told.ABSENT) or situation.source + CONFIG in situation.absent
    announced = Reader(json_object(config) or {})
    return Snapshot(
        platform=PLATFORM.name,
        components=tuple(each.component for each in monitored),
        all_components=suites_absent or (suites is not None and bool(suites.body)),
        incidents=(*_announcements(situation, announced, oddities), *outages(situation, monitored)),
        # Older versions have a configuration without announcements, or none that can be asked for.
        open_told=no_announcements or announced.lists("announcements") or "oidc" in announced,
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _monitored(rows: Iterable[Reader], oddities: list[str]) -> Iterator[Monitored]:
    seen: set[str] = set()
    for row in rows:
        key = row.id("key")
        if not key or key in seen:
            continue
        seen.add(key)
        results = sorted(row.rows("results"), key=lambda each: each.line("timestamp"))
        good = [each.fields.get("success") for each in results]
        last = good[-1] if good else None
        if last is not None and not isinstance(last, bool):
            oddities.append("a result that is neither success nor failure")
        streak = 0
        while streak < len(good) and good[-1 - streak] is last:
            streak += 1
        since = results[-streak].time("timestamp") if streak else None
        impact = Impact.NONE if last is True else Impact.CRITICAL if last is False else Impact.UNKNOWN
        word = "" if last is None else "healthy" if last is True else "unhealthy"
        component = Component(key, row.line("name") or key, impact, word, row.line("group") or None)
        yield Monitored(
            component,
            since=since if last is False else None,
            until=since if last is True else None,
            sure=streak > 1 or len(results) == 1,
        )


def _announcements(situation: Situation, config: Reader, oddities: list[str]) -> Iterator[Incident]:
    rows = [row for row in config.rows("announcements") if not row.flag("archived")]
    calm = max((row.line("timestamp") for row in rows if row.word("type") == "operational"), default="")
    for row in rows:
        at, word = row.time("timestamp"), row.word("type")
        impact = look_up(TYPES, word, Impact.UNKNOWN, oddities, "type of announcement")
        key = f"{ANNOUNCEMENT}{int(at.timestamp()) if at else ''}"
        over = row.line("timestamp") < calm
        if impact is Impact.NONE or (over and key not in situation.known):
            continue
        text = row.text("message")
        name = row.line("message").split(". ")[0] or "(no title)"
        state = State.RESOLVED if over else State.INVESTIGATING
        update = Update(f"{SYNTHETIC}{key}", State.INVESTIGATING, word, text, at)
        yield Incident(key, name, state, word, impact=impact, started_at=at, updates=(update,))


PLATFORM = Platform(
    name="gatus",
    title="Gatus",
    tells="how each endpoint is, and what was announced; no history",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    sources=(),
    traces=traces,
)
