"""Instatus, as its public API page and pages recorded in 2026 have it."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, iso

IMPACTS = {
    Impact.MINOR: "DEGRADEDPERFORMANCE",
    Impact.MAJOR: "PARTIALOUTAGE",
    Impact.CRITICAL: "MAJOROUTAGE",
    Impact.NONE: "OPERATIONAL",
    Impact.MAINTENANCE: "UNDERMAINTENANCE",
}
STATES = {
    State.SCHEDULED: "NOTSTARTEDYET",
    State.IN_PROGRESS: "INPROGRESS",
    State.INVESTIGATING: "INVESTIGATING",
    State.IDENTIFIED: "IDENTIFIED",
    State.MONITORING: "MONITORING",
}


def write(incidents, components):
    active = [each for each in incidents if each.kind is Kind.INCIDENT and each.is_open]
    planned = [each for each in incidents if each.kind is Kind.MAINTENANCE and each.state is not State.COMPLETED]
    state = "HASISSUES" if active else "UNDERMAINTENANCE" if any(each.is_open for each in planned) else "UP"
    summary = {"page": {"name": "Acme", "url": "https://status.acme.example", "status": state}}
    if active:
        summary["activeIncidents"] = [
            {
                "id": each.id,
                "name": each.name,
                "started": iso(each.started_at),
                "status": STATES[each.state],
                "impact": IMPACTS[each.impact],
                "url": f"https://status.acme.example/incident/{each.id}",
                "updatedAt": iso(each.latest.at),
            }
            for each in active
        ]
    if planned:
        summary["activeMaintenances"] = [
            {
                "id": each.id,
                "name": each.name,
                "start": iso(each.scheduled_for),
                "status": STATES[each.state],
                "duration": "60",
                "url": f"https://status.acme.example/maintenance/{each.id}",
                "updatedAt": iso(each.latest.at),
            }
            for each in planned
        ]
    listed = [
        {"id": each.id, "name": each.name, "description": "", "status": IMPACTS[each.impact], "group": None}
        for each in components
    ]
    return {"/summary.json": summary, "/v2/components.json": {"components": listed}}


DIALECT = Dialect(
    platform="instatus",
    write=write,
    words=False,
    update_ids=False,
    every_update=False,
    keeps_resolved=False,
    products=False,
    vocabulary=frozenset({*IMPACTS.values(), *STATES.values(), "HASISSUES", "UP", "UNDERMAINTENANCE"}),
)
