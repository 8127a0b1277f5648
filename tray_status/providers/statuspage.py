"""The v2 provider: Atlassian Statuspage, and incident.io with its own documents behind the same paths. Pure.

Authoritative for what is open: the summary, or the unresolved list, or (on incident.io, whose quiet summary does
not tell) its native summary or the list of recent incidents. For what became of an incident: the recent list.
Every document may be missing; the summary alone, or the recent list alone, still gives a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from ..core.exchange import FEED_TYPE
from ..core.model import CLOSED, Incident, Kind, Snapshot, State
from ..errors import NotThisPlatform
from . import incident_io
from .documents import Answers, Document, Situation, Told, Want, is_told, json_object
from .incident_io import FEED, NATIVE
from .reading import Reader
from .v2 import (
    COMPONENTS,
    INCIDENTS,
    MAINTENANCES,
    STATES,
    STATUS,
    SUMMARY,
    UNRESOLVED,
    Gathered,
    platform_of,
    read_incidents,
    read_page,
)

HISTORY_EVERY = 5
"""The recent list is asked for every so many polls, for what is posted after the fact."""

NAMES_EVERY = 1440
"""Groups and names of components are asked for every so many polls: daily, at a poll a minute."""

DETAILS_AT_ONCE = 8
"""At most so many incidents are asked for one by one in one poll."""

CUT_AT = 25
"""incident.io's recent list ends after 25 incidents, Statuspage's after 50."""


class StatuspageProvider:
    """Both platforms on the v2 paths; which of the two it is, the first answer tells."""

    def wants(self, situation: Situation, told: Answers) -> tuple[Want, ...]:
        platform = situation.sure_platform or _platform_told(told)
        if platform is None:
            wanted = _first_questions(told)
        elif platform == "incident.io":
            wanted = _ask_incident_io(situation, told)
        else:
            wanted = _ask_statuspage(situation, told)
        return tuple(want for want in wanted if want.path not in told and want.path not in situation.absent)

    def read(self, situation: Situation, told: Answers) -> Snapshot:
        platform = situation.sure_platform or _platform_told(told) or "statuspage"
        gathered = Gathered(platform=platform, url=situation.url)
        _read_v2(told, gathered)
        if gathered.platform == "incident.io":
            _read_incident_io(situation, told, gathered)
        return Snapshot(
            platform=gathered.platform or "statuspage",
            name=gathered.name,
            url=gathered.url,
            indicator=gathered.indicator,
            components=None if gathered.components is None else tuple(gathered.components.values()),
            all_components=gathered.all_components,
            incidents=tuple(gathered.incidents.values()),
            open_told=gathered.open_told,
            open_hidden=not gathered.open_told and _all_answered(situation, told, gathered.platform),
            open_maintenances_told=gathered.open_maintenances_told,
            history_told=gathered.history_told,
            history_absent=is_told(told.get(INCIDENTS), Told.ABSENT) or INCIDENTS in situation.absent,
            history_cut=gathered.history_cut,
            oddities=tuple(dict.fromkeys(gathered.oddities)),
        )

    def is_told(self, told: Answers) -> bool:
        """Whether some document is of this family."""
        return _platform_told(told) is not None

    def essential(self, _situation: Situation, told: Answers) -> bool:
        telling = (SUMMARY, UNRESOLVED, NATIVE, INCIDENTS)
        return any(is_told(told.get(path), Told.FRESH, Told.UNCHANGED) for path in telling)


def _all_answered(situation: Situation, told: Answers, platform: str | None) -> bool:
    """Whether everything that may tell what is open came anew, or is not there at all."""
    telling = (SUMMARY, INCIDENTS, NATIVE if platform == "incident.io" else UNRESOLVED)
    return all(path in situation.absent or is_told(told.get(path), Told.FRESH, Told.ABSENT) for path in telling)


def _first_questions(told: Answers) -> Iterable[Want]:
    """Until the platform is known: the summary, else the lists one by one, else incident.io's own."""
    yield Want(SUMMARY)
    if SUMMARY in told:
        yield Want(INCIDENTS)
        if _silent(told, INCIDENTS):
            yield Want(UNRESOLVED)
            yield Want(NATIVE)


def _ask_statuspage(situation: Situation, told: Answers) -> Iterable[Want]:
    yield Want(SUMMARY, conditional=not situation.missing)
    if SUMMARY not in told and SUMMARY not in situation.absent:
        return
    summary = told.get(SUMMARY)
    if summary is not None and summary.told is Told.FAILED:
        return
    if summary is None or summary.told is Told.ABSENT or not _lists(summary, "incidents"):
        yield Want(UNRESOLVED, conditional=not situation.missing)
        yield Want(STATUS)
        yield Want(COMPONENTS)
    left = _left(situation, told)
    alone = not any(path in told and told[path].told is not Told.ABSENT for path in (SUMMARY, UNRESOLVED))
    stirred = is_told(summary, Told.FRESH)  # an incident may have come and gone since the last poll
    if alone or left or stirred or situation.known or situation.poll % HISTORY_EVERY == 0:
        yield Want(INCIDENTS, conditional=not (left or situation.missing))
    if any(incident.kind is Kind.MAINTENANCE for incident in left):
        yield Want(MAINTENANCES, conditional=False)


def _ask_incident_io(situation: Situation, told: Answers) -> Iterable[Want]:
    first, sure = situation.poll == 0, not situation.missing
    yield Want(NATIVE)
    native = told.get(NATIVE)
    if native is None and NATIVE not in situation.absent:
        return
    # An unchanged one may come without a body (304); it told something when it was last read.
    native_silent = native is None or (native.told is not Told.UNCHANGED and json_object(native) is None)
    stirred = bool(first or native_silent or situation.known or situation.missing or situation.unsettled)
    stirred = stirred or (native is not None and native.told is Told.FRESH)
    if stirred:
        yield Want(SUMMARY)
    if stirred or situation.poll % HISTORY_EVERY == 0:
        yield Want(INCIDENTS, conditional=sure)
    if stirred:
        yield Want(COMPONENTS)
    if any(path not in told for path in (SUMMARY, INCIDENTS) if path not in situation.absent and stirred):
        return
    host = _public_host(situation, told)
    if situation.poll % NAMES_EVERY == 0 or not situation.component_names:
        yield Want(incident_io.proxy_path(host))
    if any(document.told is Told.FRESH for document in told.values()) or situation.missing:
        yield from _ask_details(situation, told, host)


def _ask_details(situation: Situation, told: Answers, host: str) -> Iterable[Want]:
    """Words and products: of each open incident from the page's own document, else of all from the feed."""
    ids = [incident_id for incident_id, goes_on in _listed(told).items() if goes_on and incident_id]
    ids += [each.id for each in _left(situation, told)]
    paths = [incident_io.proxy_incident_path(host, each) for each in dict.fromkeys(ids)][:DETAILS_AT_ONCE]
    proxy_works = incident_io.proxy_path(host) not in situation.absent and not any(
        document.told in (Told.ABSENT, Told.FAILED) for path, document in told.items() if path.startswith("/proxy/")
    )
    if proxy_works:
        yield from (Want(path) for path in paths)
    if situation.poll == 0 or (paths and not proxy_works):
        yield Want(FEED, FEED_TYPE)


def _read_v2(told: Answers, gathered: Gathered) -> None:
    good = 0
    wrong: NotThisPlatform | None = None
    for path in (SUMMARY, STATUS, COMPONENTS, UNRESOLVED, INCIDENTS, MAINTENANCES):
        document = told.get(path)
        if document is None or not document.body:
            continue
        try:
            if path in (COMPONENTS, MAINTENANCES):
                Reader.envelope(document.json)
            else:
                platform_of(document.json)
        except NotThisPlatform as error:
            wrong = wrong or error
            continue
        good += path not in (COMPONENTS, MAINTENANCES)  # any object would do for those
        doc = Reader(document.json)
        read_page(doc, gathered)
        if path == COMPONENTS:
            gathered.all_components = doc.lists_all("components")
        if path in (SUMMARY, UNRESOLVED) and doc.lists_all("incidents"):
            gathered.open_told = True
        if path == INCIDENTS and doc.lists_all("incidents"):
            gathered.history_told = gathered.open_told = True
        count = read_incidents(doc.rows("incidents"), gathered)
        if path == INCIDENTS:
            gathered.history_cut = count >= CUT_AT
        if path == SUMMARY and doc.lists_all("scheduled_maintenances"):
            gathered.open_maintenances_told = True
        read_incidents(doc.rows("scheduled_maintenances"), gathered, maintenance=True)
    if not good and wrong and json_object(told.get(NATIVE)) is None:
        raise wrong
    # A real Statuspage lists all its components in the summary; incident.io lists 25 of them.
    if gathered.platform == "statuspage" and gathered.components is not None and SUMMARY in told:
        gathered.all_components = _lists(told[SUMMARY], "components")


def _read_incident_io(situation: Situation, told: Answers, gathered: Gathered) -> None:
    names = dict(situation.component_names)
    names.update({key: each.name for key, each in (gathered.components or {}).items()})
    host = _public_host(situation, told)
    if proxy := json_object(told.get(incident_io.proxy_path(host))):
        names.update(incident_io.read_proxy(proxy, gathered))
    if native := json_object(told.get(NATIVE)):
        try:
            incident_io.read_native(native, gathered, names)
        except NotThisPlatform:
            if gathered.indicator is None and not gathered.open_told:
                raise  # else the imitation told enough
            gathered.oddities.append(f"{NATIVE} is not a summary")
    for path, document in told.items():
        if path.startswith("/proxy/") and "/incidents/" in path and (detail := json_object(document)):
            incident_io.read_proxy_incident(detail, gathered, names)
    feed = told.get(FEED)
    if feed is not None and feed.body:
        incident_io.read_feed(feed.body, gathered)


def _listed(told: Answers) -> dict[str, bool]:
    """The ids in all lists so far, and whether each is open or coming: a light look, for deciding what to ask."""
    listed: dict[str, bool] = {}
    for path in (SUMMARY, UNRESOLVED, NATIVE, MAINTENANCES, INCIDENTS):
        document = Reader(json_object(told.get(path)) or {})
        for key in _LISTS:
            for row in document.rows(key):
                listed[row.id()] = STATES.get(row.word("status"), State.UNKNOWN) not in CLOSED
    return listed


_LISTS = (
    "incidents",
    "scheduled_maintenances",
    "ongoing_incidents",
    "in_progress_maintenances",
)


def _left(situation: Situation, told: Answers) -> list[Incident]:
    """Known open or coming ones that no document so far lists, though the lists of open ones were told anew."""
    if not situation.known or not any(json_object(told.get(path)) for path in (SUMMARY, UNRESOLVED, NATIVE)):
        return []
    listed = _listed(told)
    return [incident for incident in situation.known.values() if incident.id not in listed]


def _platform_told(told: Answers) -> str | None:
    for path in (SUMMARY, INCIDENTS, UNRESOLVED, STATUS):
        try:
            document = told.get(path)
            if document is not None and document.body:
                return platform_of(document.json)
        except NotThisPlatform:
            continue
    return "incident.io" if incident_io.is_native(json_object(told.get(NATIVE))) else None


def _public_host(situation: Situation, told: Answers) -> str:
    """The page's public name, which its own documents go by; where none tells it, the name it is asked under."""
    summary = Reader(json_object(told.get(SUMMARY)) or {})
    native = Reader(json_object(told.get(NATIVE)) or {})
    url = summary.part("page").url("url") or native.url("page_url") or native.url("public_url")
    url = url or situation.url or situation.address
    return urlsplit(url).hostname or "localhost"


def _lists(document: Document, key: str) -> bool:
    """Whether a document tells a list; one that has not changed since it did is not asked again."""
    if not document.body:
        return document.told is Told.UNCHANGED
    return Reader(json_object(document) or {}).lists_all(key)


def _silent(told: Answers, path: str) -> bool:
    return path in told and json_object(told[path]) is None
