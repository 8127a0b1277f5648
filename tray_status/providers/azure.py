"""Azure's status feed, RSS 2.0. Shapes as recorded in July 2026, and as archived captures of 2022–2026 have them.

What is posted is an item, with its latest words alone; the channel is empty while nothing is, and what is over
leaves it without a word. So it says "all is well" by its silence: a channel that is cut off, or is not Azure's, is
not read, and of Azure's own hosts only the one that its page links is asked, for the others lead to an instance
nearby, which in July 2026 served an empty channel from the very region that was down. Beside it, `api/posts/azure` of
status.cloud.microsoft says in one word how Azure is; where it can be had, its word counts too.

- `guid` is made of the title and used again for later incidents: an incident is known by it and its `pubDate`, which
  stands still while the words change. New words are a new update, as of the time when the feed was built.
- `category` holds services and regions, told as what it touches alike; `link` leads to an inner host, or nowhere.
- There is no severity and no state. What is posted here at all is, in Azure's own words, of broad impact.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ..core.exchange import FEED_TYPE
from ..core.merge import SYNTHETIC
from ..core.model import Affected, Impact, Incident, Snapshot, State, Update
from ..core.text import clean_line, clean_text
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Want, json_object
from .platform import Platform
from .reading import ID_LIMIT, Reader, all_once, invented_id, look_up, read_epoch
from .xml_feed import parse_feed

PATH = "/en-us/status/feed/"
FEED_HOST = "https://rssfeed.azure.status.microsoft"
PAGE = "https://azure.status.microsoft/en-us/status"
WORD_OF_AZURE = "https://status.cloud.microsoft/api/posts/azure"
HOSTS = (
    "azure.status.microsoft",
    "rssfeed.azure.status.microsoft",
    "status.azure.com",
    "azurestatuscdn.azureedge.net",
)
TITLE = "Azure Status"

STATUSES: Mapping[str, Impact] = {
    "available": Impact.NONE,
    "operational": Impact.NONE,
    "service restored": Impact.NONE,
    "service degradation": Impact.MINOR,
    "service interruption": Impact.MAJOR,
}
"""Of the posts at status.cloud.microsoft."""


def is_mine(document: Document) -> bool:
    try:
        _feed(document)
    except NotThisPlatform:
        return False
    return True


def own_source(address: str) -> str | None:
    parts = urlsplit(address)
    old_page = parts.hostname == "azure.microsoft.com" and "/status" in parts.path
    return FEED_HOST if parts.hostname in HOSTS or old_page else None


def more(situation: Situation, _told: Answers) -> Iterable[Want]:
    if situation.source == FEED_HOST:
        yield Want(WORD_OF_AZURE, conditional=False)


def read(_situation: Situation, told: Answers, document: Document) -> Snapshot:
    feed = _feed(document)
    oddities: list[str] = []
    built = _time(feed.feed, "updated_parsed")
    return Snapshot(
        platform=PLATFORM.name,
        name="Azure",
        url=PAGE,
        indicator=_indicator(told, oddities),
        incidents=all_once(_incident(entry, built) for entry in feed.entries),
        open_told=True,
        open_maintenances_told=True,
        history_absent=True,
        oddities=tuple(oddities),
    )


def _feed(document: Document) -> Any:
    """The whole feed. Raises NotThisPlatform for what is cut off, or is another's."""
    # Its start is looked at first, so that no other document costs the time to parse it.
    if b"<rss" not in document.body[:1000]:
        raise NotThisPlatform("its answer is not Azure's status feed")
    feed = parse_feed(document.body, whole=True)
    title = feed.feed.get("title")
    if not feed.version.startswith("rss") or not isinstance(title, str) or clean_line(title) != TITLE:
        raise NotThisPlatform("its answer is a feed, but not Azure's")
    return feed


def _indicator(told: Answers, oddities: list[str]) -> Impact | None:
    post = Reader(json_object(told.get(WORD_OF_AZURE)) or {})
    if "Status" not in post:
        return None
    return look_up(STATUSES, post.word("Status"), Impact.UNKNOWN, oddities, "status")


def _incident(entry: Mapping[str, Any], built: datetime | None) -> Incident:
    begin = _time(entry, "published_parsed")
    name, text = _line(entry, "title"), _text(entry, "summary")
    guid = _line(entry, "id", ID_LIMIT)
    key = f"{guid}@{begin.isoformat()}" if guid and begin else guid or invented_id(name or text, begin)
    words = invented_id(text, None).removeprefix(SYNTHETIC)
    update = Update(f"{SYNTHETIC}{key}:{words}", State.INVESTIGATING, "", text or None, built or begin)
    return Incident(
        id=key,
        name=name or "(no title)",
        state=State.INVESTIGATING,
        impact=Impact.MAJOR,
        url=PAGE,
        started_at=begin,
        affected=_categories(entry),
        updates=(update,),
    )


def _categories(entry: Mapping[str, Any]) -> tuple[Affected, ...]:
    tags = entry.get("tags")
    names = (_line(tag, "term") for tag in (tags if isinstance(tags, list) else ()))
    return tuple(Affected(None, name) for name in dict.fromkeys(names) if name)


def _line(fields: Mapping[str, Any], key: str, limit: int = 300) -> str:
    value = fields.get(key)
    return clean_line(value, limit) if isinstance(value, str) else ""


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    return clean_text(value) if isinstance(value, str) else ""


def _time(fields: Mapping[str, Any], key: str) -> datetime | None:
    """What feedparser made of a date: a moment in UTC."""
    value = fields.get(key)
    return read_epoch(calendar.timegm(value)) if value else None


PLATFORM = Platform(
    name="azure",
    title="Azure",
    tells="what is open, with its latest words, services and regions; no severity, no end, no maintenance",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    own_source=own_source,
    accept=FEED_TYPE,
)
