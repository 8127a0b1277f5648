"""How everything stands, for scripts and for a terminal. The JSON shape is the contract's, `v` 1. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .events import VERSION, incident_json, problem_json, stamp, update_json
from .model import Component, Incident, Kind
from .probe import Probe
from .text import cut
from .view import Overview, PageView
from .wording import IMPACT_WORDS, STANDING_WORDS, age, read_ago, reasons, standing, state_words, tally


def status_json(overview: Overview) -> dict[str, Any]:
    """`tray-status status --json`."""
    return {"v": VERSION, "worst": overview.worst.value, "pages": [_page(view) for view in overview.pages]}


def _page(view: PageView) -> dict[str, Any]:
    state = view.state
    return {
        "id": state.page.id,
        "name": state.page.name,
        "url": state.page.url,
        "platform": state.platform,
        "reading": view.reading.value,
        "problem": problem_json(view.problem) if view.problem else None,
        "impact": view.impact.value,
        **({} if view.probe is None else {"probe": _probe(view, view.probe)}),
        "checked_at": stamp(state.checked_at),
        "read_at": stamp(state.read_at),
        "changed_at": stamp(state.changed_at),
        "incidents": [_incident(each) for each in state.open_incidents],
        "maintenances": [_incident(each) for each in state.maintenances],
        "components": [_component(each) for each in state.components],
    }


def _probe(view: PageView, probe: Probe) -> dict[str, Any]:
    """What the person's own probe found, and what that and the page say together."""
    return {
        "target": probe.target,
        "alive": probe.alive,
        "text": probe.words,
        "since": stamp(probe.at),
        "verdict": view.verdict.value,
    }


def past_json(page_id: str, incident: Incident) -> dict[str, Any]:
    """An incident or a maintenance among all that are kept: `history --json`, and `/api/v1/incidents`."""
    return {
        "page": page_id,
        "kind": incident.kind.value,
        **incident_json(incident),
        "scheduled_for": stamp(incident.scheduled_for),
        "scheduled_until": stamp(incident.scheduled_until),
        "updates": [{**update_json(each), "at": stamp(each.at)} for each in incident.updates],
    }


def _incident(incident: Incident) -> dict[str, Any]:
    row = incident_json(incident)
    if incident.kind is Kind.MAINTENANCE:
        row["scheduled_for"] = stamp(incident.scheduled_for)
        row["scheduled_until"] = stamp(incident.scheduled_until)
    row["updates"] = [{**update_json(each), "at": stamp(each.at)} for each in incident.updates]
    return row


def _component(component: Component) -> dict[str, Any]:
    return {
        "id": component.id,
        "name": component.name,
        "group": component.group,
        "impact": component.impact.value,
    }


def _parts(components: Sequence[Component]) -> list[str]:
    """Each component with how it stands, those of a group below its name."""
    lines: list[str] = []
    group: str | None = None
    for each in sorted(components, key=lambda part: (part.group or "", part.name.casefold())):
        if each.group and each.group != group:
            lines.append(f"{'':<13}{each.group}")
        group = each.group
        indent = 15 if each.group else 13
        lines.append(f"{'':<{indent}}{STANDING_WORDS[each.impact]:<11}  {each.name}")
    return lines


def status_text(overview: Overview, now: datetime, *, details: bool = False) -> str:
    """A row for each page, worst first, with what is open below it; with details, the latest words and all parts."""
    width = max((len(view.page.name) for view in overview.pages), default=0)
    lines = []
    for view in overview.pages:
        words = f"{standing(view)}, {read_ago(view, now)}"
        lines.append(f"{STANDING_WORDS[view.impact]:<11}  {view.page.name:<{width}}  {words}")
        lines += [f"{'':<13}{line}" for line in reasons(view)]
        for incident in (*view.open_incidents, *(each for each in view.maintenances if each.is_open)):
            facts = [IMPACT_WORDS[incident.shown_impact], state_words(incident)]
            if incident.started_at:
                facts.append(age(now - incident.started_at))
            touched = f": {cut(', '.join(incident.components), 80)}" if incident.components else ""
            lines.append(f"{'':<13}• {cut(incident.name, 100)} ({', '.join(facts)}){touched}")
            latest = incident.latest.text if incident.latest else None
            if details and latest:
                lines += textwrap.wrap(latest, 88, initial_indent=" " * 15, subsequent_indent=" " * 15)
        if details:
            lines += _parts(view.state.components)
    return "\n".join((*lines, tally(overview)))
