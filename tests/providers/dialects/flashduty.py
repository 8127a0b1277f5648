"""Flashduty's widget, as its documentation and status.deepseek.com had it in 2026."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect

HTML = b'<!DOCTYPE html><html><head><title>Acme</title><script src="https://static.flashcat.cloud/app.js"></script></head></html>'
IMPACTS = {
    Impact.NONE: "operational",
    Impact.MAINTENANCE: "under_maintenance",
    Impact.MINOR: "degraded",
    Impact.MAJOR: "partial_outage",
    Impact.CRITICAL: "full_outage",
}
PHASES = {
    State.INVESTIGATING: "investigating",
    State.IDENTIFIED: "identified",
    State.MONITORING: "monitoring",
    State.SCHEDULED: "scheduled",
    State.IN_PROGRESS: "ongoing",
}


def second(moment):
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def event(each):
    told = {
        "id": each.id,
        "title": each.name,
        "phase": PHASES[each.state],
        "url": f"https://status.acme.example/incidents/{each.id}",
        "updated_at": second(each.latest.at),
        "last_update": {"at": second(each.latest.at), "message": each.latest.text},
        "affected_components": [
            {"id": touched.id, "name": touched.name, "group_name": "Web", "status": IMPACTS[each.impact]}
            for touched in each.affected
        ],
    }
    if each.kind is Kind.MAINTENANCE:
        return {**told, "starts_at": second(each.scheduled_for), "ends_at": second(each.scheduled_until)}
    return {**told, "impact": IMPACTS[each.impact], "started_at": second(each.started_at)}


def write(incidents, components):
    ongoing = [each for each in incidents if each.kind is Kind.INCIDENT and each.is_open]
    under_way = [each for each in incidents if each.kind is Kind.MAINTENANCE and each.state is State.IN_PROGRESS]
    coming = [each for each in incidents if each.kind is Kind.MAINTENANCE and each.state is State.SCHEDULED]
    now = [Impact.NONE, *(each.impact for each in (*under_way, *ongoing))]
    summary = {
        "schema_version": "1.0",
        "generated_at": "2026-03-01T12:00:00Z",
        "poll_after_seconds": 30,
        "max_stale_seconds": 120,
        "page": {"name": "Acme", "url": "https://status.acme.example"},
        "overall": {"status": IMPACTS[max(now, key=list(IMPACTS).index)]},
        "ongoing_incidents": [event(each) for each in ongoing],
        "in_progress_maintenances": [event(each) for each in under_way],
        "scheduled_maintenances": [event(each) for each in coming],
    }
    return {"": HTML, "/api/widget/v1/summary.json": summary}


DIALECT = Dialect(
    platform="flashduty",
    write=write,
    update_ids=False,
    every_update=False,
    keeps_resolved=False,
    components=False,
    vocabulary=frozenset({*IMPACTS.values(), *PHASES.values()}),
)
