"""Any RSS or Atom feed of a status page: the last resort, good enough for most of what no other module reads. Pure.

A feed is meant for people, so what it says is read from words: a state in bold before each update, newest first (as
Statuspage and most others write), `Status: …` before the latest words alone (incident.io), a state in the title
(`[Resolved] …`) or at the beginning of the text (`Resolved - …`, `Status: Resolved. …`), or none. An entry is an
incident, known by its link; entries with the same link, or where all links lead to the page itself with the same
title, are updates of one.

Authoritative for what was published: all listed there is history, and what says neither that it is over nor that it
goes on counts as open until the feed has gone on without it for some days. Silent: components, impact (unless it is
named, as incident.io does), and what was cut off at the feed's end: a known incident that newer ones pushed out is
kept open. Maintenance of which no state is told counts as announced, not as under way.

That a feed is one of a status page has to show: in its title and its entries, or in states before most of them. One
without entries says that nothing is open; where an incident with a state is known, it was emptied and says nothing.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from ..core.exchange import FEED_TYPE
from ..core.merge import SYNTHETIC, in_time
from ..core.model import CLOSED, Affected, Impact, Incident, Kind, Snapshot, State, Update, worst
from ..core.text import clean_line, clean_text, safe_url
from ..errors import NotThisPlatform, WebPageInstead
from .documents import Answers, Document, Situation
from .feed_words import (
    GOES_ON,
    HEDGES,
    IMPACTS,
    IS_MAINTENANCE,
    IS_OVER,
    MAINTENANCE_STATES,
    SIGNS,
    TROUBLE,
    UPDATES,
    state_of,
)
from .platform import Platform
from .reading import read_epoch
from .xml_feed import parse_feed

USUAL_PATHS = (
    "/history.atom", "/history.rss", "/feed.atom", "/feed.rss", "/feed", "/rss", "/rss.xml", "/atom.xml",
)  # fmt: skip

FIRST_ENTRIES, LAST_ENTRIES = 150, 20
"""So many entries are read from either end of a feed: most have the newest first."""
SIZE_LIMIT = 4_000_000
"""Bytes; more are not read of a feed whose entries are that large."""

FORGOTTEN_AFTER = timedelta(days=3)
"""What has no word of a state counts as over once the feed has gone on so long without it."""
GIVEN_UP_AFTER = timedelta(days=90)
"""What was said to go on counts as over when nothing was heard of it for so long, while the feed went on."""

_OWN_FEED = re.compile(r"(?:\.(?:atom|rss|xml)|/(?:feed|rss|atom))/?\Z", re.IGNORECASE)
_FEED_START = re.compile(rb"<(?:rss|feed|(?:\w{1,20}:)?RDF)\b", re.IGNORECASE)
_FEED_END = re.compile(rb"</(?:rss|feed|(?:\w{1,20}:)?RDF)\s*>", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:entry|item)\s*>", re.IGNORECASE)
_LINK = re.compile(r"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([a-z]{1,10})\s{0,3}=\s{0,3}(?:\"([^\"<>]{0,1000})\"|'([^'<>]{0,1000})'|([^\s\"'<>]{1,1000}))", re.I
)
_MARK = re.compile(r"<(strong|b)\b[^<>]{0,200}>\s{0,20}([^<>]{2,60}?)\s{0,20}</\1\s{0,3}>", re.IGNORECASE)
_AFFECTED = re.compile(r"<b>\s{0,9}Affected components\s{0,9}</b>", re.IGNORECASE)
_AFFECTED_ITEM = re.compile(r"<li>\s{0,20}([^<>]{1,300}?)\s{0,3}\(([^()<>]{2,40})\)\s{0,20}</li>")
_TAGS = re.compile(r"<[^<>]{0,500}>")
_DAY = r"([A-Z][a-z]{2})[a-z]{0,6}\.?\s{1,3}(\d{1,2})\s?,?\s{1,3}(?:(\d{4})\s?,?\s{1,3})?"
_CLOCK = r"(\d{1,2}):(\d\d)(?::\d\d)?\s{0,3}(AM|PM|am|pm)?"
_MOMENT = re.compile(rf"{_DAY}(?:at\s)?{_CLOCK}\s{{0,3}}([A-Z]{{2,5}})?")
_DUE = re.compile(
    rf"SCHEDULED EVENT\s{{1,3}}({_DAY}{_CLOCK})\s{{0,3}}[-–]\s{{0,3}}({_DAY})?({_CLOCK})\s{{0,3}}([A-Z]{{2,5}})?"
)
_BRACKETED = re.compile(r"\A\s{0,3}[\[(【]([^\[\]()【】]{2,40})[\])】]\s{0,3}[:\-–]?\s{0,3}(?=\S)")
_LEADING = re.compile(r"\A([^:\-–—|]{2,40}?)\s{0,3}(?::|\s[-–—|])\s{1,3}(?=\S)")
_TRAILING = re.compile(r"\s{0,3}(?:\s[-–—|:]\s{1,3}|:\s|[\[(])([^:\-–—|\[\]()]{2,40}?)[\])]?\s{0,3}\Z")
_IS = re.compile(
    r"\s(?:is|are)\s(?:now\s)?(?:back\s)?(up|down|online|offline|degraded|operational)\.?\s{0,3}\Z", re.I
)
_LABELLED = re.compile(
    r"\A(?:current\s)?(?:status|state)\s{0,3}:\s{0,3}([^.,;:|()\n–—-]{2,40}?)\s{0,3}(?:[.,;:|(\n]|\s[-–—]|\Z)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*|\n+")
_ABOUT_HISTORY = re.compile(
    r"\s{0,3}[-–—:|]\s{0,3}(?:incident history|all incidents|incidents?|history|updates?|(?:rss|atom)(?: feed)?)"
    r"\s{0,3}\Z",
    re.IGNORECASE,
)
_STATUS_OF = re.compile(
    r"(?:['’]s)?\s{1,3}(?:system |service )?status(?: page)?(?: updates| feed)?\s{0,3}\Z", re.IGNORECASE
)
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}


# --- finding it ---------------------------------------------------------------------------------------------------


def traces(html: str, address: str) -> Iterable[str]:
    """The feeds that a web page names as another form of itself, on its own site."""
    host = urlsplit(address).hostname or ""
    found = []
    for match in _LINK.finditer(html):
        told = {each[1].lower(): each[2] or each[3] or each[4] or "" for each in _ATTRIBUTE.finditer(match[0])}
        kind, link = told.get("type", "").lower(), told.get("href", "").replace("&amp;", "&")
        if "alternate" not in told.get("rel", "").lower() or kind not in (
            "application/rss+xml",
            "application/atom+xml",
        ):
            continue
        url = safe_url(urljoin(f"{address}/", link))
        if url is not None and _same_site(host, urlsplit(url).hostname or "") and _scheme(url) == _scheme(address):
            found.append(url)
    return found[:3]


def _scheme(url: str) -> str:
    return urlsplit(url).scheme


def _same_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def is_mine(document: Document) -> bool:
    """Whether it is a feed, and one of a status page."""
    feed = _parsed(document.body)
    return feed is not None and _of_a_status_page(feed)


def _of_a_status_page(feed: _Feed) -> bool:
    titled = bool(SIGNS.search(feed.about))
    if not feed.entries:
        return titled
    marked = sum(bool(_updates_in(each)) or _titled(each.title)[1] is not None for each in feed.entries)
    if titled:
        marked = sum(
            bool(TROUBLE.search(f"{each.title} {_TAGS.sub(' ', each.html[:5000])}")) for each in feed.entries
        )
    return 2 * marked >= len(feed.entries)


# --- the feed itself ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    link: str
    guid: str
    html: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Feed:
    title: str
    about: str
    link: str
    at: datetime | None
    entries: tuple[_Entry, ...]


@lru_cache(maxsize=2)
def _parsed(body: bytes) -> _Feed | None:
    """A feed with its entries; None for anything else, and for one that was cut off on its way."""
    plain = body if b"\0" not in body[:200] else body.replace(b"\0", b"")  # UTF-16
    if not _FEED_START.search(plain[:4000]) or not _FEED_END.search(plain[-4000:]):
        return None
    try:
        told = parse_feed(_shortened(body))
    except NotThisPlatform:
        return None
    about = told.feed
    title = clean_line(_text(about, "title"))
    return _Feed(
        title=title,
        about=" ".join((title, clean_line(_text(about, "subtitle")), _host_and_path(_text(about, "link")))),
        link=_text(about, "link"),
        at=_time(about, "updated_parsed") or _time(about, "published_parsed"),
        entries=tuple(_entry(each) for each in told.entries),
    )


def _shortened(body: bytes) -> bytes:
    """A feed of thousands of entries, cut in its middle."""
    ends = [match.end() for match in _ENTRY_END.finditer(body)]
    if len(ends) > FIRST_ENTRIES + LAST_ENTRIES:
        body = body[: ends[FIRST_ENTRIES - 1]] + body[ends[-LAST_ENTRIES - 1] :]
    return body[:SIZE_LIMIT]


def _entry(entry: Any) -> _Entry:
    contents = entry.get("content")
    content = contents[0] if isinstance(contents, list) and contents else {}
    return _Entry(
        title=clean_line(_text(entry, "title")),
        link=_text(entry, "link"),
        guid=clean_line(_text(entry, "id"), 200),
        html=(_text(content, "value") or _text(entry, "summary"))[:200_000],
        at=_time(entry, "updated_parsed") or _time(entry, "published_parsed"),
    )


def _text(told: Any, key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _time(told: Any, key: str) -> datetime | None:
    # The parser would give one time for another that is missing, with a warning.
    value = told.get(key) if key in told else None
    try:
        return read_epoch(calendar.timegm(value)) if value else None
    except (TypeError, ValueError, OverflowError):
        return None


def _host_and_path(link: str) -> str:
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return f"{parts.netloc.replace('.', ' ')} {parts.path.replace('/', ' ')}"


# --- what belongs together ------------------------------------------------------------------------------------------


def _grouped(feed: _Feed) -> dict[str, list[_Entry]]:
    """The entries by incident, each with what it is known by: its link, or its title where links tell nothing."""
    titles: dict[str, set[str]] = {}
    for entry in feed.entries:
        titles.setdefault(_place(entry.link), set()).add(_titled(entry.title)[0].casefold())
    # One link for different incidents is that of the page; two titles may be one that was edited.
    vague = {"", _place(feed.link), *(place for place, told in titles.items() if len(told) > 2)}
    groups: dict[str, list[_Entry]] = {}
    for entry in feed.entries:
        place = _place(entry.link)
        title = _titled(entry.title)[0].casefold()
        key = f"{SYNTHETIC}{_hash(title)}" if title else entry.guid or f"{SYNTHETIC}{_hash(entry.html)}"
        groups.setdefault(key if place in vague else place, []).append(entry)
    return groups


def _place(link: str) -> str:
    """The path of a link, which stays when a page moves to another host."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    place = "/".join(part for part in parts.path.split("/") if part) + (f"?{parts.query}" if parts.query else "")
    return place if len(place) <= 200 and place.isascii() and place.isprintable() else _hash(place)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


# --- what it says -------------------------------------------------------------------------------------------------


def read(situation: Situation, _told: Answers, document: Document) -> Snapshot:
    feed = _parsed(document.body)
    if feed is None:
        if document.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
            raise WebPageInstead("it answers with a web page where its feed was")
        raise NotThisPlatform("its answer is not a feed, or one that is cut off")
    oddities: list[str] = []
    groups = _grouped(feed)
    incidents = [_incident(key, entries, situation.known.get(key), oddities) for key, entries in groups.items()]
    # Maintenance to come is often dated when it is due.
    past = [each for each in incidents if each.state is not State.SCHEDULED]
    latest = max((at for each in past if (at := _last(each))), default=None)
    now = max((at for at in (feed.at, latest) if at), default=None) if feed.at is None else feed.at
    oldest = min((each.at for each in feed.entries if each.at), default=None)
    pushed_out = [
        each
        for key, each in situation.known.items()
        if key not in groups and oldest is not None and (_last(each) or oldest) < oldest
    ]
    # Who writes states keeps what is over in the feed; others, such as Azure, take out what is over.
    emptied = not feed.entries and any(each.is_open and each.word for each in situation.known.values())
    return Snapshot(
        platform=PLATFORM.name,
        name=_STATUS_OF.sub("", _ABOUT_HISTORY.sub("", feed.title)) or feed.title or None,
        url=safe_url(feed.link),
        incidents=tuple(_given_up(each, now) for each in (*incidents, *pushed_out)),
        open_told=not emptied,
        open_hidden=emptied,
        open_maintenances_told=not emptied,
        history_told=not emptied,
        history_cut=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _last(incident: Incident) -> datetime | None:
    latest = incident.latest
    return (latest.at if latest else None) or incident.started_at


def _given_up(incident: Incident, now: datetime | None) -> Incident:
    """As it is, or over where the feed went on for long without it. `now` is the feed's own."""
    last = _last(incident)
    stateless = incident.state is State.UNKNOWN and not incident.word
    limit = FORGOTTEN_AFTER if stateless else GIVEN_UP_AFTER
    if incident.state in CLOSED or now is None or last is None or now - last <= limit:
        return incident
    if incident.scheduled_for is not None and now < incident.scheduled_for:
        return incident
    return replace(incident, state=State.REMOVED, word="")


def _incident(key: str, entries: Sequence[_Entry], before: Incident | None, oddities: list[str]) -> Incident:
    newest = max(entries, key=lambda each: each.at.timestamp() if each.at else 0.0)
    updates: dict[str, Update] = {}
    affected: tuple[Affected, ...] | None = None
    impact: Impact | None = None
    for entry in sorted(entries, key=lambda each: each.at.timestamp() if each.at else 0.0):
        for update in _updates_of(key, entry):
            updates[update.id] = update
        affected, impact = _affected(entry, oddities) or (affected, impact)
    timeline = _with_states(in_time(tuple(updates.values())))
    last = timeline[-1]
    title, titled = _titled(newest.title)
    state, word = last.state, last.word
    if titled in CLOSED:
        state, word = titled, word if last.state is titled else titled.value
    kind = _kind(title, newest, timeline, state)
    if kind is Kind.MAINTENANCE and state is State.UNKNOWN and not word:
        state = State.SCHEDULED
    due = _due(newest)
    if before is not None and state not in CLOSED and not word and before.state in MAINTENANCE_STATES:
        state = before.state
    return Incident(
        id=key,
        name=title or "(no title)",
        state=state,
        word=word,
        kind=kind,
        impact=impact if kind is Kind.INCIDENT else Impact.MAINTENANCE,
        url=safe_url(newest.link),
        started_at=timeline[0].at,
        resolved_at=(last.at if last.state in CLOSED else newest.at) if state in CLOSED else None,
        affected=affected,
        updates=timeline,
        scheduled_for=due[0],
        scheduled_until=due[1],
    )


def _kind(title: str, entry: _Entry, timeline: Sequence[Update], state: State) -> Kind:
    if any(each.state in MAINTENANCE_STATES for each in timeline) or "SCHEDULED EVENT" in entry.html:
        return Kind.MAINTENANCE
    plain = state in (State.UNKNOWN, *CLOSED)
    return Kind.MAINTENANCE if plain and IS_MAINTENANCE.search(title) else Kind.INCIDENT


def _with_states(timeline: tuple[Update, ...]) -> tuple[Update, ...]:
    """Updates that are only called updates stand where the one before them stood."""
    told: list[Update] = []
    for update in timeline:
        state = update.state
        if state is State.UNKNOWN and update.word in UPDATES:
            state = told[-1].state if told and told[-1].state is not State.UNKNOWN else State.INVESTIGATING
        told.append(replace(update, state=state))
    return tuple(told)


def _updates_of(key: str, entry: _Entry) -> list[Update]:
    """An entry's updates: those that have a state before them, else the entry as one."""
    marked = _updates_in(entry)
    if marked:
        return list(_with_ids(key, marked))
    text = clean_text(_AFFECTED.split(entry.html)[0])
    state = _titled(entry.title)[1] or _led_by(text) or _state_in(text or entry.title)
    word = "" if state is State.UNKNOWN else state.value
    return list(_with_ids(key, [Update("", state, word, text, entry.at)]))


def _with_ids(key: str, updates: Iterable[Update]) -> Iterator[Update]:
    """What never changes names an update: the minute that stands before it, or else its words."""
    for update in updates:
        told = update.id or f"{update.state.value}:{_hash(update.text or '')}"
        yield replace(update, id=f"{SYNTHETIC}{key}:{told}")


def _updates_in(entry: _Entry) -> list[Update]:
    """The updates that an entry's HTML holds, oldest first; the ids are what stands in it alone."""
    html = entry.html
    affected = _AFFECTED.search(html)
    end = affected.start() if affected else len(html)
    marks = []
    for match in _MARK.finditer(html, 0, end):
        label, _, word = match[2].rpartition(":") if not match[2].endswith(":") else ("", "", match[2][:-1])
        if label.strip().lower() not in ("", "status", "state"):
            continue
        state = state_of(word)
        if state is not None:
            marks.append((match, state, clean_line(word).lower()))
    heads = [
        _head(html, marks[place - 1][0].end() if place else 0, match.start())
        for place, (match, *_) in enumerate(marks)
    ]
    offset = _offset(_TAGS.sub(" ", html[heads[0] : marks[0][0].start()]), entry.at) if marks else None
    updates = []
    for place, (match, state, word) in enumerate(marks):
        stop = heads[place + 1] if place + 1 < len(heads) else end
        moment = _moment(_TAGS.sub(" ", html[heads[place] : match.start()]), entry.at)
        at = moment - offset if moment is not None and offset is not None else None
        told = f"{at:%Y-%m-%dT%H:%M}:{state.value}" if at else ""
        text = clean_text(html[match.end() : stop]).lstrip("-–—: ")
        updates.append(Update(told, state, word, text, at if at or len(marks) > 1 else entry.at))
    return updates[::-1]


def _head(html: str, start: int, mark: int) -> int:
    """Where an update begins: at the small print before its state, or the paragraph."""
    small = html.rfind("<small", start, mark)
    paragraph = html.rfind("<p", start, small if small >= 0 else mark)
    return next((place for place in (paragraph, small) if place >= 0), mark)


def _moment(text: str, near: datetime | None) -> datetime | None:
    """A time as it stands, its zone left aside; without a year, it is the one that comes nearest."""
    match = _MOMENT.search(" ".join(text.split()))
    if match is None:
        return None
    month, day, year, hour, minute, half = match.groups()[:6]
    return _nearest(month, day, year, _hours(hour, half), minute, near)


def _hours(hour: str, half: str | None) -> int:
    return int(hour) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour)


def _nearest(
    month: str, day: str, year: str | None, hour: int, minute: str, near: datetime | None
) -> datetime | None:
    years = [int(year)] if year else [near.year + step for step in (-1, 0, 1)] if near else []
    found = []
    for each in years:
        try:
            found.append(datetime(each, _MONTHS[month], int(day), hour, int(minute), tzinfo=timezone.utc))
        except (KeyError, ValueError):
            continue
    return min(found, key=lambda at: abs(at - near) if near else timedelta(0), default=None)


def _offset(text: str, at: datetime | None) -> timedelta | None:
    """How far the page's own zone is from UTC; where it is another, the newest update is the entry's time."""
    match = _MOMENT.search(" ".join(text.split()))
    moment = _moment(text, at)
    if match is None or moment is None:
        return None
    if match[7] in ("UTC", "GMT"):
        return timedelta(0)
    if at is None or abs(moment - at) > timedelta(hours=14, minutes=8):
        return None
    return timedelta(minutes=15 * round((moment - at) / timedelta(minutes=15)))


def _due(entry: _Entry) -> tuple[datetime | None, datetime | None]:
    """From when to when a scheduled event is due, where it is told in UTC."""
    match = _DUE.search(" ".join(_TAGS.sub(" ", entry.html[:2000]).split()))
    if match is None or match[match.lastindex or 0] not in ("UTC", "GMT"):
        return None, None
    _, month, day, year, hour, minute, half, *rest = match.groups()
    begin = _nearest(month, day, year, _hours(hour, half), minute, entry.at)
    _, month2, day2, year2, _, hour2, minute2, half2, _ = rest
    end = _nearest(month2 or month, day2 or day, year2 or year, _hours(hour2, half2), minute2, begin)
    return begin, end


def _affected(entry: _Entry, oddities: list[str]) -> tuple[tuple[Affected, ...], Impact | None] | None:
    """What an entry lists as affected, and how badly; None where it lists nothing."""
    parts = _AFFECTED.split(entry.html, maxsplit=1)
    if len(parts) < 2:
        return None
    names: dict[str, Affected] = {}
    impacts = []
    for match in _AFFECTED_ITEM.finditer(parts[1]):
        if name := clean_line(match[1]):
            names[name] = Affected(None, name)
            word = clean_line(match[2]).lower()
            impacts.append(IMPACTS.get(word, Impact.UNKNOWN))
            if word not in IMPACTS:
                oddities.append(f"unknown component state “{word}”")
    return (tuple(names.values()), worst(impacts)) if names else None


def _titled(title: str) -> tuple[str, State | None]:
    """A title without the state that stands before or behind it, and that state."""
    for pattern in (_BRACKETED, _LEADING, _TRAILING, _IS):
        match = pattern.search(title)
        if match is not None and (state := state_of(match[1])) is not None:
            rest = (title[: match.start()] + title[match.end() :]).strip(" -–—:|")
            if rest:
                return rest, state if match[1].strip().lower() not in UPDATES else None
    return title, None


def _led_by(text: str) -> State | None:
    """The state that stands before a text, its newest words: `Resolved - …`, `[Resolved] …`, `Status: Resolved. …`"""
    start = text[:200]
    if dated := _MOMENT.match(start):
        start = start[dated.end() :].lstrip(" -–—:|,\n")
    for pattern in (_LABELLED, _BRACKETED, _LEADING):
        match = pattern.match(start)
        if match is not None and (state := state_of(match[1])) not in (None, State.UNKNOWN):
            return state
    return None


def _state_in(text: str) -> State:
    """What plain words say: over only where a sentence says so without reserve, and none says the contrary."""
    over = False
    if GOES_ON.search(text[:5000]):
        return State.UNKNOWN
    for sentence in _SENTENCE.split(text[:5000]):
        if IS_OVER.search(sentence):
            if HEDGES.search(sentence):
                return State.UNKNOWN
            over = True
    return State.RESOLVED if over else State.UNKNOWN


def own_source(address: str) -> str | None:
    """A pasted address of a feed is one, whatever else is at its host."""
    return "" if _OWN_FEED.search(urlsplit(address).path) else None


PLATFORM = Platform(
    name="feed",
    title="RSS or Atom feed",
    tells="what was published, in words; no components, and seldom an impact",
    path="",
    is_mine=is_mine,
    reads=read,
    own_source=own_source,
    sources=("", *USUAL_PATHS),
    traces=traces,
    accept=FEED_TYPE,
    last_resort=True,
)
