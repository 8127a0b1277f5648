"""cState, a static page made by Hugo. Documentation: https://github.com/cstate/cstate/wiki/API; shapes from its
templates (`layouts/index.json`, `layouts/_default/list.json`, `layouts/issues/single.json`), versions 4 to 6.

`/index.json` is authoritative for how the page and each system are, and lists the unresolved issues under the
systems that they touch; one that touches none is only in the page's own state. `/issues/index.json` lists all
issues ever, and tells when one was resolved; `/issues/<name>/index.json` has the words of one. These two are asked
for while something is open, and may be missing: a page chooses what it publishes. Silent: any state but resolved or
not, maintenance (it is an issue like any other), and single updates: an issue is one text that is edited.

The templates do not escape what people write: quotes in a title and line ends in a description are mended here.
Times are Go's: `2025-09-10 10:00:00 +0200 CEST`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ..core.merge import SYNTHETIC
from ..core.model import Affected, Component, Impact, Incident, Snapshot, State, Update, worst
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Want, decode_json
from .platform import Platform
from .reading import Reader, invented_id, look_up, read_time

PATH = "/index.json"
ISSUES = "/issues/index.json"

IMPACTS: Mapping[str, Impact] = {
    "ok": Impact.NONE,
    "notice": Impact.NOTICE,
    "disrupted": Impact.MAJOR,
    "down": Impact.CRITICAL,
}

DETAILS_AT_ONCE = 8
"""At most so many issues are asked for their words in one poll."""

_GENERATOR = re.compile(r"<meta name=\"?generator\"? content=\"cState ")
_ISSUE = re.compile(r"/issues/([A-Za-z0-9_.-]{1,200})/?\Z")
_GO_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d{4})\b")
_WRITTEN = re.compile(r'^(\s*"(?:title|name|description|category)": ")(.*)("\s*,?\s*)$', re.MULTILINE)
_ESCAPABLE = re.compile(r'(\\*)"')


def is_mine(document: Document) -> bool:
    doc = Reader(_object(document))
    return doc.word("is") == "index" and "cStateVersion" in doc and "summaryStatus" in doc


def traces(html: str, _address: str) -> Iterable[str]:
    return ("",) if _GENERATOR.search(html) else ()


def more(situation: Situation, told: Answers) -> Iterable[Want]:
    doc = Reader(_object(told.get(situation.source + PATH)))
    rows = list(_unresolved(doc))
    if not (rows or situation.known or doc.word("summaryStatus") != "ok"):
        return
    yield Want(situation.source + ISSUES, conditional=False)
    every = Reader(_object(told.get(situation.source + ISSUES)))
    rows += [row for row in every.rows("pages") if _may_be_astray(row)]
    links = [row.line("permalink") for row in rows] + [each.url or "" for each in situation.known.values()]
    paths = (situation.source + path for path in map(_path_of, links) if path)
    for path in list(dict.fromkeys(paths))[:DETAILS_AT_ONCE]:
        yield Want(path, conditional=False)


def _path_of(link: str) -> str | None:
    match = _ISSUE.search(link)
    return f"/issues/{match[1]}/index.json" if match and match[1].strip(".") else None


def _unresolved(doc: Reader) -> Iterable[Reader]:
    return (row for system in doc.rows("systems") for row in system.rows("unresolvedIssues"))


def _object(document: Document | None) -> Mapping[str, Any]:
    """The document's object, mended where it must be; an empty one where it is anything else."""
    try:
        value = None if document is None or not document.body else _decoded(document.body)
    except NotThisPlatform:
        return {}
    return value if isinstance(value, dict) else {}


def _decoded(body: bytes) -> Any:
    try:
        return decode_json(body)
    except NotThisPlatform:
        for mend in (lambda text: text, lambda text: _WRITTEN.sub(_mended, text)):
            try:
                return json.loads(mend(body.decode("utf-8", "replace")), strict=False)
            except (ValueError, RecursionError):
                continue
        raise


def _mended(match: re.Match[str]) -> str:
    """Quotes within what people wrote, made to stand for themselves."""
    return match[1] + _ESCAPABLE.sub(r'\\"', match[2]) + match[3]


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    doc = Reader.envelope(_decoded(document.body))
    if not is_mine(document):
        raise NotThisPlatform("its answer is JSON, but not a status page's")
    oddities: list[str] = []
    indicator = look_up(IMPACTS, doc.word("summaryStatus"), Impact.UNKNOWN, oddities, "page state")
    listed: dict[str, Reader] = {}
    for row in _unresolved(doc):
        listed.setdefault(_id_of(row), row)
    explained = worst((_impact(row, []) or Impact.UNKNOWN for row in listed.values()), Impact.NONE)
    systems_told = doc.lists("systems") and all(each.lists_all("unresolvedIssues") for each in doc.rows("systems"))
    every = Reader(_object(told.get(situation.source + ISSUES)))
    every_told = every.lists("pages") and every.word("is") == "issues"
    for row in every.rows("pages") if every_told else ():
        # Of all issues ever, those that are listed, what became of those that were, and those that touch no system.
        key = _id_of(row)
        astray = explained is not indicator and _may_be_astray(row) and _impact(row, []) is indicator
        if row.word("is") == "issue" and (key in listed or key in situation.known or astray):
            listed[key] = row
    for path, each in told.items():
        if path.startswith(f"{situation.source}/issues/") and path != situation.source + ISSUES:
            row = Reader(_object(each))
            if row.word("is") == "issue" and (_id_of(row) in listed or _id_of(row) in situation.known):
                listed[_id_of(row)] = row
    return Snapshot(
        platform=PLATFORM.name,
        name=doc.line("title") or None,
        url=doc.url("baseURL"),
        indicator=indicator,
        components=tuple(_system(row, oddities) for row in doc.rows("systems") if "name" in row),
        all_components=doc.lists("systems"),
        incidents=tuple(_issue(key, row, situation.known.get(key), oddities) for key, row in listed.items()),
        open_told=every_told or (systems_told and explained is indicator),
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _system(row: Reader, oddities: list[str]) -> Component:
    word = row.word("status")
    impact = look_up(IMPACTS, word, Impact.UNKNOWN, oddities, "state of a system")
    name = row.line("name") or "(no name)"
    return Component(name, name, impact, word, row.line("category") or None)


def _id_of(row: Reader) -> str:
    """An issue's file, which is never renamed, for its address stands on it."""
    return row.id("filename") or row.id("permalink") or invented_id(row.line("title"), _time(row, "createdAt"))


def _is_open(row: Reader) -> bool:
    return row.fields.get("resolved") is not True


def _may_be_astray(row: Reader) -> bool:
    """Whether it may be open and touch no system; an announcement that says nothing of it reads as not resolved."""
    return row.word("is") == "issue" and _is_open(row) and not row.flag("informational")


def _impact(row: Reader, oddities: list[str]) -> Impact | None:
    word = row.word("severity")
    return look_up(IMPACTS, word, Impact.UNKNOWN, oddities, "severity") if word else None


def _issue(key: str, row: Reader, before: Incident | None, oddities: list[str]) -> Incident:
    state = State.INVESTIGATING if _is_open(row) else State.RESOLVED
    began = _time(row, "createdAt")
    touched = row.fields.get("affected")
    names = [Reader({"name": each}).line("name") for each in touched] if isinstance(touched, list) else None
    return Incident(
        id=key,
        name=row.line("title") or "(no title)",
        state=state,
        word="" if _is_open(row) else "resolved",
        impact=_impact(row, oddities),
        url=row.url("permalink"),
        started_at=began,
        resolved_at=None if _is_open(row) else _time(row, "resolvedAt"),
        affected=None if names is None else tuple(Affected(each, each) for each in names if each),
        updates=(_text(key, row, before),),
    )


def _text(key: str, row: Reader, before: Incident | None) -> Update:
    """An issue's one text: where it differs, it is an update. A site that is built anew may stamp all anew."""
    text = row.text("body")
    if not _is_open(row):
        return Update(f"{SYNTHETIC}{key}:resolved", State.RESOLVED, "resolved", text, _time(row, "resolvedAt"))
    last = before.latest if before else None
    if last is not None and text in (None, last.text):
        return last
    at = _time(row, "lastMod") or _time(row, "createdAt")
    return Update(f"{SYNTHETIC}{key}:{at.isoformat() if at else ''}", State.INVESTIGATING, "", text, at)


def _time(row: Reader, key: str) -> datetime | None:
    """A time as Go writes it, the zone's name behind its offset; or as it stands in the issue's own head."""
    text = row.line(key)
    match = _GO_TIME.match(text)
    return read_time(match[1].replace(" ", "T") + match[2] if match else text)


PLATFORM = Platform(
    name="cstate",
    title="cState",
    tells="how the page and each system are, what is open, and its words; no history",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    traces=traces,
)
