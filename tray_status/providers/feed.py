"""Any RSS or Atom feed of a status page: the last resort, good enough for most of what no other module reads. Pure.

A feed is meant for people, so what it says is read from words: a state before each update, in bold (as Statuspage and
most others write) or not, `Status: …` before the latest words alone (incident.io), a state in the title
(`[Resolved] …`), or none; `feed_updates.py` has the forms. An entry is an incident, known by its link; entries with
the same link, or where all links lead to the page itself with the same title, are updates of one.

Authoritative for what was published: all listed there is history, and what says neither that it is over nor that it
goes on counts as open until the feed has gone on without it for some days. Silent: components, impact (unless it is
named, as incident.io does), and what was cut off at the feed's end: a known incident that newer ones pushed out is
kept open. Maintenance of which no state is told counts as announced, not as under way.

A feed without any entry lists nothing that is open. That is green where it is whole, its title is that of a status
page (else it is not taken for one), and nothing goes on as far as is known. What goes on without a state may leave
so, too: feeds without states (Azure's) list only what is open now, and it is over after two such readings, as
everywhere. But where something goes on to which the vendor gave a state, the feed is one that tells of ends, and an
empty one has lost them: then what is open counts as not told, and what is known stays.

That a feed is one of a status page has to show: in its title and its entries, or in states before most of them.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from ..core.exchange import FEED_TYPE
from ..core.merge import SYNTHETIC, in_time
from ..core.model import CLOSED, Affected, Impact, Incident, Kind, Snapshot, State, Update, worst
from ..core.text import clean_line, clean_text, safe_url
from ..errors import NotThisPlatform, WebPageInstead
from .documents import Answers, Document, Situation
from .feed_times import TAGS, due_in
from .feed_updates import AFFECTED, is_stated, state_in, titled, updates_in, with_states
from .feed_words import IMPACTS, IS_MAINTENANCE, MAINTENANCE_STATES, SIGNS, TROUBLE, UPDATES
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

NO_STATE = "unknown"
"""The word of what was listed without any."""

_OWN_FEED = re.compile(r"(?:\.(?:atom|rss|xml)|/(?:feed|rss|atom))/?\Z", re.IGNORECASE)
_FEED_START = re.compile(rb"<(?:rss|feed|(?:\w{1,20}:)?RDF)\b", re.IGNORECASE)
_FEED_END = re.compile(rb"</(?:rss|feed|(?:\w{1,20}:)?RDF)\s*>", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:entry|item)\s*>", re.IGNORECASE)
_LINK = re.compile(r"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([a-z]{1,10})\s{0,3}=\s{0,3}(?:\"([^\"<>]{0,1000})\"|'([^'<>]{0,1000})'|([^\s\"'<>]{1,1000}))", re.I
)
_AFFECTED_ITEM = re.compile(r"<li>\s{0,20}([^<>]{1,300}?)\s{0,3}\(([^()<>]{2,40})\)\s{0,20}</li>")
_ABOUT_HISTORY = re.compile(
    r"\s{0,3}[-–—:|]\s{0,3}(?:incident history|all incidents|incidents?|history|updates?|(?:rss|atom)(?: feed)?)"
    r"\s{0,3}\Z",
    re.IGNORECASE,
)
_STATUS_OF = re.compile(
    r"(?:['’]s)?\s{1,3}(?:system |service )?status(?: page)?(?: updates| feed)?\s{0,3}\Z", re.IGNORECASE
)


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
    named = bool(SIGNS.search(feed.about))
    if not feed.entries:
        return named
    marked = sum(is_stated(each.html) or titled(each.title)[1] is not None for each in feed.entries)
    if named:
        marked = sum(bool(TROUBLE.search(f"{each.title} {TAGS.sub(' ', each.html[:5000])}")) for each in feed.entries)
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
        titles.setdefault(_place(entry.link), set()).add(titled(entry.title)[0].casefold())
    # One link for different incidents is that of the page; two titles may be one that was edited.
    vague = {"", _place(feed.link), *(place for place, told in titles.items() if len(told) > 2)}
    groups: dict[str, list[_Entry]] = {}
    for entry in feed.entries:
        place = _place(entry.link)
        title = titled(entry.title)[0].casefold()
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
    # A feed that writes states writes an end, too, and keeps it; so an empty one has lost what went on.
    lost = [] if feed.entries else [each for each in situation.known.values() if _has_state(each)]
    return Snapshot(
        platform=PLATFORM.name,
        name=_STATUS_OF.sub("", _ABOUT_HISTORY.sub("", feed.title)) or feed.title or None,
        url=safe_url(feed.link),
        incidents=tuple(_given_up(each, now) for each in (*incidents, *pushed_out, *lost)),
        open_told=not lost,
        open_maintenances_told=not lost,
        history_told=not lost,
        history_cut=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _last(incident: Incident) -> datetime | None:
    latest = incident.latest
    return (latest.at if latest else None) or incident.started_at


def _has_state(incident: Incident) -> bool:
    return incident.state is not State.UNKNOWN or incident.word not in ("", NO_STATE)


def _given_up(incident: Incident, now: datetime | None) -> Incident:
    """As it is, or over where the feed went on for long without it. `now` is the feed's own."""
    last = _last(incident)
    limit = GIVEN_UP_AFTER if _has_state(incident) else FORGOTTEN_AFTER
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
    timeline = with_states(in_time(tuple(updates.values())))
    last = timeline[-1]
    title, by_title = titled(newest.title)
    state, word = last.state, last.word
    # A title is as new as the page itself, save where the text goes on after an end that it told.
    reopened = any(each.state in CLOSED for each in timeline) and state not in CLOSED
    if by_title in CLOSED and not reopened:
        state, word = by_title, word if last.state is by_title else by_title.value
    kind = _kind(title, newest, timeline, state)
    if kind is Kind.MAINTENANCE and state is State.UNKNOWN and not word:
        state = State.SCHEDULED
    due = due_in(newest.html, newest.at)
    if before is not None and state not in CLOSED and not word and before.state in MAINTENANCE_STATES:
        state = before.state
    if before is None and state is State.UNKNOWN and not word:
        word = NO_STATE  # without a word it would stand where it stood before, which may have been its end
    return Incident(
        id=key,
        name=title or "(no title)",
        state=state,
        word=word,
        kind=kind,
        impact=impact if kind is Kind.INCIDENT else Impact.MAINTENANCE,
        url=safe_url(newest.link),
        started_at=timeline[0].at,
        resolved_at=((last.at if last.state in CLOSED else None) or newest.at) if state in CLOSED else None,
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


def _updates_of(key: str, entry: _Entry) -> list[Update]:
    """An entry's updates: those that have a state before them, else the entry as one."""
    updates = updates_in(entry.html, entry.at)
    by_title = titled(entry.title)[1]
    if not updates:
        text = clean_text(AFFECTED.split(entry.html)[0])
        state = by_title or state_in(text or entry.title)
        updates = [Update("", state, "" if state is State.UNKNOWN else state.value, text, entry.at)]
    elif len(updates) == 1 and by_title is not None and updates[0].word in UPDATES:
        updates = [replace(updates[0], id="", state=by_title, word=by_title.value)]
    return list(_with_ids(key, updates))


def _with_ids(key: str, updates: Iterable[Update]) -> Iterator[Update]:
    """What never changes names an update: the minute that stands before it, or else its words."""
    for update in updates:
        told = update.id or f"{update.state.value}:{_hash(update.text or '')}"
        yield replace(update, id=f"{SYNTHETIC}{key}:{told}")


def _affected(entry: _Entry, oddities: list[str]) -> tuple[tuple[Affected, ...], Impact | None] | None:
    """What an entry lists as affected, and how badly; None where it lists nothing."""
    parts = AFFECTED.split(entry.html, maxsplit=1)
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
