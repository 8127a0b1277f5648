"""Checkly, as Mistral's page had it from July to September 2026: the summary, and what the page itself asks."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, iso

HTML = (
    b'<!DOCTYPE html><html><head><meta property="og:image" content="https://acme.checkly-status-page.com/og.png"></head>'
    b'<body><div id="__nuxt"></div></body></html>'
)
SEVERITIES = {Impact.MINOR: "MEDIUM", Impact.MAJOR: "MAJOR", Impact.CRITICAL: "CRITICAL"}
STATES = {
    State.INVESTIGATING: "INVESTIGATING",
    State.IDENTIFIED: "IDENTIFIED",
    State.MONITORING: "MONITORING",
    State.SCHEDULED: "SCHEDULED",
    State.IN_PROGRESS: "IN_PROGRESS",
}
UNRESOLVED = "/api/status-page/acme/unresolved-incidents"


def edited_at(update):
    """Words that are edited change it, too."""
    return f"{update.at:%Y-%m-%dT%H:%M:%S}.{len(update.text) % 1000:03}Z"


def brief(each):
    url = f"https://acme.checkly-status-page.com/incident/{each.id}"
    return {
        "id": each.id,
        "name": each.name,
        "startedAt": iso(each.started_at),
        "status": STATES[each.state],
        "severity": SEVERITIES[each.impact],
        "affectedServices": [{"id": touched.id, "name": touched.name, "group": "API"} for touched in each.affected],
        "url": url,
        "updatedAt": edited_at(each.latest),
    }


def whole(each):
    return {
        "id": each.id,
        "name": each.name,
        "severity": SEVERITIES[each.impact],
        "duration": 0,
        "created_at": iso(each.started_at),
        "updated_at": iso(each.latest.at),
        "lastUpdateStatus": STATES[each.state],
        "services": [
            {"id": touched.id, "accountId": "624fc6bc", "name": touched.name, "created_at": iso(each.started_at)}
            for touched in each.affected
        ],
        "incidentUpdates": [
            {
                "id": update.id,
                "status": STATES[update.state],
                "description": update.text,
                "publicIncidentUpdateDate": iso(update.at),
                "created_at": iso(update.at),
                "notifySubscribers": True,
            }
            for update in reversed(each.updates)
        ],
    }


def planned(each):
    return {
        "id": each.id,
        "name": each.name,
        "startsAt": iso(each.scheduled_for),
        "endsAt": iso(each.scheduled_until),
        "status": STATES[each.state],
        "affectedServices": [{"id": touched.id, "name": touched.name, "group": "API"} for touched in each.affected],
        "url": f"https://acme.checkly-status-page.com/maintenance/{each.id}",
    }


def write(incidents, components):
    active = [each for each in incidents if each.kind is Kind.INCIDENT and each.is_open]
    coming = [each for each in incidents if each.kind is Kind.MAINTENANCE and each.state is not State.COMPLETED]
    state = "HAS_ISSUES" if active else "UNDER_MAINTENANCE" if any(each.is_open for each in coming) else "OPERATIONAL"
    summary = {
        "page": {"name": "Acme", "url": "https://acme.checkly-status-page.com", "status": state},
        "activeIncidents": [brief(each) for each in active],
        "activeMaintenances": [planned(each) for each in coming],
    }
    return {"": HTML, "/summary.json": summary, UNRESOLVED: {"incidents": [whole(each) for each in active]}}


DIALECT = Dialect(
    platform="checkly",
    write=write,
    keeps_resolved=False,
    components=False,
    vocabulary=frozenset({*SEVERITIES.values(), *STATES.values(), "OPERATIONAL", "HAS_ISSUES", "UNDER_MAINTENANCE"}),
)
