"""One incident with all its words, for the terminal and for scripts. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .events import Event, stamp
from .measure import length, took
from .model import Incident, Kind, Page
from .past import wordings
from .report import past_json
from .text import safe_url
from .wording import IMPACT_WORDS, NOTHING, local_time, state_words, update_state


def incident_text(page: Page, incident: Incident, events: Sequence[Event], width: int) -> str:
    """All of it, the oldest update first; where one was edited, how it was worded before."""
    span = took(incident)
    lasted = f"  |  It took {length(span)}" if span is not None else ""
    lines = [
        f"{page.name}: {incident.name}",
        f"  Impact   : {IMPACT_WORDS[incident.shown_impact]}  |  State: {state_words(incident)}{lasted}",
        f"  Product  : {', '.join(incident.components) or NOTHING}",
    ]
    planned = incident.kind is Kind.MAINTENANCE
    begin = (incident.scheduled_for if planned else None) or incident.started_at
    end = incident.scheduled_until if planned else incident.resolved_at
    if begin:
        lines.append(f"  From     : {_local(begin)}" + (f" until {_local(end)}" if end else ""))
    if url := safe_url(incident.url):
        lines.append(f"  Page     : {url}")
    lines.append(f"  Id       : {incident.id}")
    for update in incident.updates:
        at = _local(update.at) if update.at else "time not told"
        lines += ["", f"[{at}] {update_state(update)}", *_wrapped(update.text or NOTHING, width)]
        before = wordings(update, events)[:-1]
        for each in before:
            lines.append(f"    (edited; as it was seen on {_local(each.seen_at)}:)")
            lines += _wrapped(each.text or NOTHING, width, "      ")
    return "\n".join(lines)


def incident_whole(page: Page, incident: Incident, events: Sequence[Event]) -> dict[str, Any]:
    """The same as JSON: an incident of `history --json`, each update with its earlier wordings."""
    row = past_json(page.id, incident)
    for told, update in zip(row["updates"], incident.updates, strict=True):
        earlier = wordings(update, events)[:-1]
        told["earlier"] = [{"text": each.text, "seen_at": stamp(each.seen_at)} for each in earlier]
    return {"v": 1, **row}


def _local(at: datetime) -> str:
    return local_time(at.astimezone())


def _wrapped(text: str, width: int, indent: str = "    ") -> list[str]:
    room = max(30, width - len(indent))
    return [
        f"{indent}{line}"
        for paragraph in text.split("\n")
        for line in (textwrap.wrap(paragraph, room, break_on_hyphens=False) or [""])
    ]
