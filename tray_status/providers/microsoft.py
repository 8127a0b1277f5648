"""Microsoft 365, the public page at status.cloud.microsoft. What the page itself asks for; Microsoft documents none
of it. Shapes as several public readers recorded and described them in August and September 2026; nobody recorded
trouble.

`/api/posts/m365Consumer` is a list with one post for each consumer service (Outlook.com, OneDrive, Teams Free …): one
word for how it is, and a message in HTML, which is the same old sentence while all is well. `/api/posts/mac` is one
such post for the admin centre, where what businesses use is told to those who may sign in: so this page is silent on
Exchange, SharePoint and the like. A path that the host no longer knows is answered with its web page.

There are no incidents, no history and no maintenance. A service that is not well is made an outage of its own, with
the message for its words, until its word is a good one again. `LastUpdatedTime` is the clock of each answer and tells
nothing; `AuthoredDateTime` is when the post was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from ..core.merge import SYNTHETIC
from ..core.model import Component, Impact, Incident, Snapshot, State, Update
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Want, json_object
from .outages import PREFIX, Monitored, outages
from .platform import Platform
from .reading import Reader, invented_id, look_up

PATH = "/api/posts/m365Consumer"
ADMIN_PATH = "/api/posts/mac"
PAGE = "https://status.cloud.microsoft"
HOSTS = ("status.cloud.microsoft", "status.office365.com", "status.office.com")
ADMIN_CENTRE = "admin-center"

STATUSES: Mapping[str, Impact] = {
    "available": Impact.NONE,
    "operational": Impact.NONE,
    "service restored": Impact.NONE,
    "service degradation": Impact.MINOR,
    "service interruption": Impact.MAJOR,
    "unknown": Impact.UNKNOWN,
}
"""All words that the page's own script knows, and “service interruption”, which is assumed: Microsoft uses it beside
“service degradation” in the admin centre."""
RESTORED = "service restored"

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def is_mine(document: Document) -> bool:
    rows = Reader.listed(document).rows("rows")
    return any({"ServiceDisplayName", "Status", "LastUpdatedTime"} <= row.fields.keys() for row in rows)


def own_source(address: str) -> str | None:
    parts = urlsplit(address)
    old_page = parts.hostname == "portal.office.com" and "/servicestatus" in parts.path.lower()
    return PAGE if parts.hostname in HOSTS or old_page else None


def more(situation: Situation, _told: Answers) -> Iterable[Want]:
    yield Want(situation.source + ADMIN_PATH, conditional=False)


def read(situation: Situation, told: Answers, document: Document) -> Snapshot:
    value = document.json
    if not isinstance(value, list):
        raise NotThisPlatform("its answer is JSON, but not Microsoft's list of services")
    oddities: list[str] = []
    posts = {_key(row): row for row in Reader({"rows": value}).rows("rows") if _key(row)}
    admin = Reader(json_object(told.get(situation.source + ADMIN_PATH)) or {})
    if "Status" in admin:
        posts[ADMIN_CENTRE] = admin
    monitored = [_monitored(key, row, oddities) for key, row in posts.items()]
    incidents = [_with_words(each, posts) for each in outages(situation, monitored)]
    if "Status" not in admin:
        # Its post is silent now, or asked for less often: what was open there goes on.
        incidents += [each for key, each in situation.known.items() if key.startswith(f"{PREFIX}{ADMIN_CENTRE}:")]
    return Snapshot(
        platform=PLATFORM.name,
        name="Microsoft 365",
        url=PAGE,
        components=tuple(each.component for each in monitored),
        all_components="Status" in admin,
        incidents=tuple(incidents),
        open_told=bool(value) and all(isinstance(row, dict) and _key(Reader(row)) for row in value),
        open_maintenances_told=True,
        history_absent=True,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _key(row: Reader) -> str:
    return row.id("ServiceWorkloadName") or row.id("ServiceDisplayName")


def _word(row: Reader) -> str:
    """“Service degradation”; its script also writes “ServiceDegradation”."""
    return _WORDS.sub(" ", row.line("Status")).lower()


def _monitored(key: str, row: Reader, oddities: list[str]) -> Monitored:
    word = _word(row)
    name = "Microsoft 365 admin center" if key == ADMIN_CENTRE else row.line("ServiceDisplayName") or key
    component = Component(key, name, look_up(STATUSES, word, Impact.UNKNOWN, oddities, "status"), word)
    since = row.time("AuthoredDateTime")
    # Whether a later trouble of the same service has a new post is not known; that it is written anew, is.
    return Monitored(component, since=since, mark="" if since else row.id("Id"))


def _with_words(outage: Incident, posts: Mapping[str, Reader]) -> Incident:
    """An outage with the message of its service's post; not with the sentence that stands there when all is well."""
    row = posts.get((outage.affected or ())[0].id or "") if outage.affected else None
    if row is None or not (outage.is_open or _word(row) == RESTORED):
        return outage
    update = _update(outage, row)
    return replace(outage, name=row.line("Title") or outage.name, updates=tuple(update))


def _update(outage: Incident, row: Reader) -> Iterator[Update]:
    if text := row.text("Message"):
        # The end is never told as an edit of what was told before, though it may be written into the same post.
        at, end = row.time("AuthoredDateTime"), "" if outage.is_open else ":end"
        moment = at.isoformat() if at else invented_id(text, None)
        state = State.INVESTIGATING if outage.is_open else State.RESOLVED
        yield Update(f"{SYNTHETIC}{outage.id}:{moment}{end}", state, outage.word, text, at)


PLATFORM = Platform(
    name="microsoft-365",
    title="Microsoft 365",
    tells="how consumer services and the admin centre are, with a message each; nothing of business services",
    path=PATH,
    is_mine=is_mine,
    reads=read,
    more=more,
    own_source=own_source,
)
