"""The recorded answers, the paths that they came from, and what they say, worked out from the raw JSON alone.

They lie beside the repository, in `../shared/payloads`, and are not part of it: tests that need one skip without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

from tests.loopback import COMPONENTS, INCIDENTS, MAINTENANCES, NATIVE, SUMMARY, Row

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "payloads"
MISSING = f"the recorded answers are not here: {FOLDER} is missing"

PROXY = "/proxy/status.openai.com"
FEED = "/feed.atom"
ATOM = "{http://www.w3.org/2005/Atom}"

CLAUDE = "anthropic/summary_open_incident.json"
CLOUDFLARE = "cloudflare/summary_20260729.json"
CODAMETRIX = tuple(
    f"codametrix/{each}.json" for each in ("summary", "components", "incidents", "scheduled-maintenances")
)
EMMA = "emma/incidents-2019.json"
GITHUB = "github/summary_20260724.json"
OPERATIONAL = "openai/summary_v2_facade_operational.json"
SEPTEMBER = "openai/incidents_v2_facade.json"
TWO_OPEN = "openai/summary_v2_facade_open_incidents.json"

PATHS = {
    "anthropic/scheduled_maintenances.json": MAINTENANCES,
    "anthropic/summary_open_incident.json": SUMMARY,
    "cloudflare/summary_20260729.json": SUMMARY,
    "codametrix/components.json": COMPONENTS,
    "codametrix/incidents.json": INCIDENTS,
    "codametrix/scheduled-maintenances.json": MAINTENANCES,
    "codametrix/summary.json": SUMMARY,
    "emma/incidents-2019.json": INCIDENTS,
    "github/summary_20260724.json": SUMMARY,
    "openai/feed.atom.xml": FEED,
    "openai/incidents_v2_facade.json": INCIDENTS,
    "openai/proxy_incidents_trimmed.json": f"{PROXY}/incidents",
    "openai/summary_native_from_html.json": PROXY,
    "openai/summary_v2_facade_open_incidents.json": SUMMARY,
    "openai/summary_v2_facade_operational.json": SUMMARY,
}
"""Which path of its page each answer of a Statuspage or incident.io page came from."""

OVER = ("resolved", "postmortem", "completed")


def names(among: Iterable[str] | None = None) -> list[Any]:
    """All recordings, or those among some, as parameters of a test; where there are none, one that is skipped."""
    files = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*"))
    wanted = files if among is None else [each for each in files if each in set(among)]
    return wanted or [pytest.param("", marks=pytest.mark.skip(reason=MISSING))]


def recorded(name: str) -> bytes:
    """A recording byte for byte; without it the test is skipped."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"the recorded answers are not here: {path} is missing")
    return path.read_bytes()


def decoded(name: str) -> Any:
    return json.loads(recorded(name))


def served(*recordings: str) -> dict[str, Any]:
    """The documents of a page, each under the path that it came from."""
    return {PATHS[name]: recorded(name) for name in recordings}


def defined(value: Any) -> Any:
    """Without what a page's own JavaScript had as `undefined`, which it does not send."""
    if isinstance(value, dict):
        return {key: defined(each) for key, each in value.items() if each != "$undefined"}
    return [defined(each) for each in value] if isinstance(value, list) else value


def openai_native() -> tuple[dict[str, Any], Row]:
    """OpenAI's own documents on 17 March 2026, and the incident that was open then."""
    whole = defined(decoded("openai/summary_native_from_html.json"))
    row = whole["summary"]["ongoing_incidents"][0]
    return {NATIVE: whole["summary"], PROXY: whole, f"{PROXY}/incidents/{row['id']}": {"incident": row}}, row


class Entry(NamedTuple):
    """What OpenAI's feed says of one incident."""

    id: str
    title: str
    words: str
    products: tuple[str, ...]


def feed_entries() -> list[Entry]:
    entries = []
    for entry in ElementTree.fromstring(recorded("openai/feed.atom.xml")).iter(f"{ATOM}entry"):
        content = entry.findtext(f"{ATOM}content", "")
        _, words, *_ = content.split("<br/><br/>")
        items = re.findall(r"<li>(.+) \([A-Z][a-z ]+\)</li>", content)
        link = entry.findtext(f"{ATOM}id", "")
        entries.append(Entry(link.split("/")[-1], entry.findtext(f"{ATOM}title", ""), words, tuple(items)))
    return entries


# --- what a v2 document says, in the contract's words ----------------------------------------------------------

RANKS = ("none", "notice", "maintenance", "minor", "major", "critical")
COMPONENT_IMPACTS = {
    "operational": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
    "full_outage": "critical",
    "under_maintenance": "maintenance",
}


def worst(impacts: Iterable[str]) -> str:
    return max(impacts, key=RANKS.index)


def is_open(row: Row) -> bool:
    return row["status"] not in (*OVER, "scheduled")


def shown(row: Row) -> str:
    """An open incident's impact: one that the vendor calls none is a notice."""
    return "notice" if row["impact"] == "none" else str(row["impact"])


def page_impact(document: Mapping[str, Any]) -> str:
    """How a summary's page stands: the worst of its open incidents, maintenance, indicator and components."""
    parts = [COMPONENT_IMPACTS[each["status"]] for each in document.get("components", ()) if not each.get("group")]
    parts += [shown(each) for each in document.get("incidents", ()) if is_open(each)]
    parts += ["maintenance" for each in document.get("scheduled_maintenances", ()) if is_open(each)]
    return worst([document.get("status", {}).get("indicator", "none"), *parts])


def timeline(row: Row) -> list[Row]:
    """The updates of an incident, oldest first; a page lists the newest first, be they of the same minute."""
    updates = row["incident_updates"][::-1]
    updates.sort(key=posted_at)
    return list(updates)


def posted_at(update: Row) -> datetime:
    """A post-mortem has no time to be displayed at."""
    return moment(update["display_at"] or update["created_at"])


def products(row: Row) -> set[str]:
    """What an incident touches: its own list, else that of its updates, where a name without a code is no component."""
    if "components" in row:
        return {each["name"] for each in row["components"]}
    told = [each for update in row["incident_updates"] for each in update.get("affected_components") or ()]
    return {each["name"] for each in told if "code" in each}


def as_it_stood(row: Row, count: int) -> Row:
    """An incident as its page listed it after so many of its updates."""
    updates = timeline(row)[:count]
    last = updates[-1]
    resolved_at = row["resolved_at"] if last["status"] in OVER else None
    return {**row, "status": last["status"], "resolved_at": resolved_at, "incident_updates": updates[::-1]}


def names_an_open_one(document: bytes) -> bool:
    """Whether a JSON document of a v2 page lists an incident that goes on."""
    try:
        value = json.loads(document)
    except ValueError:
        return False
    return isinstance(value, dict) and any(is_open(each) for each in value.get("incidents", ()))


def moment(text: str) -> datetime:
    """A vendor's time in UTC; Python 3.10 reads no `Z`, and fractions of three digits only."""
    text = re.sub(r"\.(\d+)", lambda match: "." + match[1][:6].ljust(6, "0"), text.replace("Z", "+00:00"))
    return datetime.fromisoformat(text).astimezone(timezone.utc)


# --- words ----------------------------------------------------------------------------------------------------


def says(text: str | None, body: str) -> bool:
    """Whether a text holds a vendor's words: all of them in their order, and nothing else but addresses of links."""
    bare = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", body)  # links
    bare = re.sub(r"<[a-z/][^>]*>|```|\*\*", " ", bare)
    if bare == body:
        return (text or "").split() == body.split()
    words = iter((text or "").split())
    return all(any(_same(word, each) for each in words) for word in bare.split())


def _same(word: str, shown_word: str) -> bool:
    """An address that a link leads to may stand between a word and the full stop behind it."""
    return word.rstrip(".,") == shown_word.rstrip(".,")


# --- what the log holds ---------------------------------------------------------------------------------------


def all_incidents(watch):
    """Every incident that the log holds, by id."""
    return {each.id: each for _, each in watch.store.recent([watch.page.id], 1000)}


def assert_tells(incident, row):
    """An incident stands as a v2 document's row says, with all its words."""
    assert incident.name.split() == row["name"].split()
    assert incident.word == row["status"]
    assert [each.id for each in incident.updates] == [each["id"] for each in timeline(row)]
    for update, told in zip(incident.updates, timeline(row), strict=True):
        assert (update.word, update.at) == (told["status"], posted_at(told))
        assert says(update.text, told["body"]), (update.text, told["body"])
