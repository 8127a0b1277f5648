"""AWS Health, the public dashboard. Its document is not documented; shapes as recorded in 2026, and its quirks as
several public readers of it describe them.

`/public/currentevents` is a list of the events that are open, and of those that ended some hours ago; `[]` when there
is none. It is UTF-16 with a byte order mark, also when it is empty, which nobody else's empty list is. Numbers come
as text or not; times are seconds, in one place milliseconds. An event's `arn` names its region, where it has one:
`region_name` is for people ("UAE"), and null for global events. It has no word for how far an event is, and no
maintenance.

The number of its `status`: 0 resolved, 1 impacted (said of mere information, and of a lost data centre too),
2 degraded, 3 disrupted. Another list says how each service stands now; as an event's words and its end concern
whoever it once touched, all services that it names are told with it until it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Impact, Incident, Snapshot, State, Update
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation
from .platform import Platform
from .reading import Reader, all_once, invented_id, look_up, told_once

PATH = "/public/currentevents"
DASHBOARD = "https://health.aws.amazon.com"
HOSTS = ("health.aws.amazon.com", "status.aws.amazon.com", "phd.aws.amazon.com")
BYTE_ORDER_MARKS = (b"\xfe\xff", b"\xff\xfe")

WORDS: Mapping[str, str] = {"0": "resolved", "1": "impacted", "2": "degraded", "3": "disrupted"}
"""What the dashboard shows for the numbers."""
STATES: Mapping[str, State] = {
    "resolved": State.RESOLVED,
    "impacted": State.INVESTIGATING,
    "degraded": State.INVESTIGATING,
    "disrupted": State.INVESTIGATING,
}
IMPACTS: Mapping[str, Impact] = {
    "resolved": Impact.NONE,
    "impacted": Impact.MINOR,
    "degraded": Impact.MAJOR,
    "disrupted": Impact.CRITICAL,
}

SEVERAL = "multipleservices"
"""The `service` of an event that touches several."""

_ARN = re.compile(r"arn:aws[a-z-]{0,20}:health:([a-z0-9-]{0,40}):\d{0,20}:event/[A-Za-z0-9_/.-]{1,300}")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]{1,15}){1,3}-\d{1,2}")
_RESOLVED = re.compile(r"\s*\[resolved\]\s*", re.IGNORECASE)


def is_mine(document: Document) -> bool:
    doc = Reader.listed(document)
    if not doc.lists("rows"):
        return False
    rows = list(doc.rows("rows"))
    if not rows:
        return document.body.startswith(BYTE_ORDER_MARKS)
    return any(_ARN.fullmatch(row.line("arn")) and row.lists("event_log") for row in rows)


def own_source(address: str) -> str | None:
    return DASHBOARD if urlsplit(address).hostname in HOSTS else None


def read(_situation: Situation, _told: Answers, document: Document) -> Snapshot:
    value = document.json
    if not isinstance(value, list):
        raise NotThisPlatform("its answer is JSON, but not AWS's list of events")
    oddities: list[str] = []
    rows = Reader({"rows": value}).rows("rows")
    return Snapshot(
        platform=PLATFORM.name,
        name="AWS",
        url=f"{DASHBOARD}/health/status",
        incidents=all_once(_incident(row, oddities) for row in rows if _can_be_known(row)),
        open_told=all(isinstance(row, dict) and _can_be_known(Reader(row)) for row in value),
        open_maintenances_told=True,
        history_told=True,
        history_cut=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _can_be_known(row: Reader) -> bool:
    return bool(row.line("arn") or row.id("service"))


def _word(row: Reader) -> str:
    number = row.id("status")
    return WORDS.get(number, number.lower())


def _moment(row: Reader, key: str) -> datetime | None:
    """Seconds since 1970; were they milliseconds, they would be beyond 2100."""
    return row.epoch(key) or row.epoch(key, per_second=1000)


def _incident(row: Reader, oddities: list[str]) -> Incident:
    begin = _moment(row, "date")
    arn = row.line("arn")
    found = _ARN.fullmatch(arn)
    key = arn or invented_id(row.id("service"), begin)
    updates = told_once(_updates(row, key, oddities))
    word = _word(row)
    # Both say so of all that were ever recorded; either does, for the older archive keeps the worst number instead.
    over = word == "resolved" or bool(updates and updates[-1].state is State.RESOLVED)
    impact = look_up(IMPACTS, word, Impact.UNKNOWN, oddities, "status")
    return Incident(
        id=key,
        name=_name(row),
        state=State.RESOLVED if over else look_up(STATES, word, State.UNKNOWN, oddities, "status"),
        word=word,
        # Of what is over, the number no longer tells how bad it was.
        impact=None if impact is Impact.NONE else impact,
        url=f"{DASHBOARD}/health/status?eventID={arn}" if found else None,
        started_at=begin,
        resolved_at=(_moment(row, "end_time") or (updates[-1].at if updates else None)) if over else None,
        affected=_services(row),
        updates=updates,
        regions=((found[1],) if _REGION.fullmatch(found[1]) else ()) if found else None,
    )


def _name(row: Reader) -> str:
    """What happens, and where: “Increased Error Rates” alone is what most of them are called."""
    name = _RESOLVED.sub(" ", row.line("summary")).strip() or row.line("service_name") or "(no title)"
    place = row.line("region_name")
    return f"{name} ({place})" if place else name


def _updates(row: Reader, key: str, oddities: list[str]) -> Iterator[Update]:
    for each in row.rows("event_log"):
        at, text, word = _moment(each, "timestamp"), each.text("message"), _word(each)
        if at is None and not text:
            continue
        moment = at.isoformat() if at else invented_id(text or "", None)
        state = look_up(STATES, word, State.UNKNOWN, oddities, "status")
        yield Update(f"{SYNTHETIC}{key}:{moment}", state, word, text, at)


def _services(row: Reader) -> tuple[Affected, ...] | None:
    services = row.part("impacted_services").fields
    named = [
        Affected(key, Reader(each).line("service_name") or key)
        for key, each in sorted(services.items())
        if key and key.isprintable() and isinstance(each, dict)
    ]
    alone = row.id("service")
    if not named and alone and not alone.startswith(SEVERAL):
        named = [Affected(alone, row.line("service_name") or alone)]
    return tuple(named) or None


PLATFORM = Platform(
    name="aws",
    title="AWS",
    tells="all open events and those that ended lately, with words, services and regions; no maintenance",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    own_source=own_source,
)
