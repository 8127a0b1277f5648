"""Statuspal: its API of version 2, as documented and as recorded from hosttech's and Exoscale's pages."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect

API = "https://statuspal.eu/api/v2/status_pages/acmestatus"
HTML = b"""<!doctype html><html><head><title>Acme Status</title></head>
<body><a href="https://acmestatus.statuspal.eu/subscribe">Subscribe</a> Powered by Statuspal</body></html>"""
TYPES = {
    Impact.NONE: None,
    Impact.MAINTENANCE: "scheduled",
    Impact.MINOR: "minor",
    Impact.MAJOR: "major",
    Impact.CRITICAL: "major",
}
WORST_LAST = (None, "scheduled", "minor", "major")
UPDATES = {
    State.INVESTIGATING: "issue",
    State.MONITORING: "monitoring",
    State.RESOLVED: "resolved",
    State.SCHEDULED: "scheduled",
    State.IN_PROGRESS: "essential",
    State.COMPLETED: "resolved",
}


def naive(moment):
    """`2026-03-01T12:00:00`."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S")


def number(text):
    """Their ids are numbers."""
    return int.from_bytes(text.encode(), "big") % 1_000_000_007


def row(each):
    maintenance = each.kind is Kind.MAINTENANCE
    return {
        "id": number(each.id),
        "type": TYPES[each.impact],
        "title": each.name,
        "url": f"https://status.acme.example/incidents/{number(each.id)}",
        "updates": [
            {
                "id": number(each.id + update.id),
                "type": UPDATES[update.state],
                "description": update.text,
                "inserted_at": naive(update.at),
                "updated_at": naive(update.at),
                "posted_at": naive(update.at),
                "subscribers_notified_at": None,
                "description_html": f"<p>\n{update.text}</p>\n",
            }
            for update in reversed(each.updates)
        ],
        "inserted_at": naive(each.updates[0].at),
        "updated_at": naive(each.latest.at),
        "timezone": None,
        "starts_at": naive(each.scheduled_for if maintenance else each.started_at),
        "affects_uptime": True,
        "ends_at": naive(each.scheduled_until if maintenance else each.resolved_at),
        "service_ids": [number(part.id) for part in each.affected],
    }


def write(incidents, components):
    going_on = [each for each in incidents if each.is_open]
    services = []
    for each in components:
        touching = [it for it in going_on if each.id in {part.id for part in it.affected}]
        word = max((TYPES[each.impact], *(TYPES[it.impact] for it in touching)), key=WORST_LAST.index)
        name = next((part.name for it in touching for part in it.affected if part.id == each.id), each.name)
        services.append(
            {
                "id": number(each.id),
                "name": name,
                "description": None,
                "children": [],
                "current_incident_type": word,
            }
        )
    worst = max((each["current_incident_type"] for each in services), key=WORST_LAST.index)
    planned = [each for each in incidents if each.kind is Kind.MAINTENANCE]
    summary = {
        "services": services,
        "status_page": {
            "name": "Acme",
            "url": "acme.example",
            "subdomain": "acmestatus",
            "time_zone": "Europe/Zurich",
            "current_incident_type": worst,
            "default_lang": "en",
        },
        "incidents": [row(each) for each in going_on if each.kind is Kind.INCIDENT],
        "info_notices": [],
        "maintenances": [row(each) for each in planned if each.is_open],
        "upcoming_maintenances": [row(each) for each in planned if each.state is State.SCHEDULED],
        "current_status_type": worst,
    }
    history = {
        "meta": {"total_count": len(incidents)},
        "incidents": [row(each) for each in reversed(incidents)],
    }
    return {"": HTML, f"{API}/summary": summary, f"{API}/incidents": history}


DIALECT = Dialect(
    platform="statuspal",
    write=write,
    hindsight=6,
    impacts=(Impact.MINOR, Impact.MAJOR),
    states=(State.INVESTIGATING, State.MONITORING),
    vocabulary=frozenset({"minor", "major", "scheduled", "issue", "monitoring", "resolved"}),
)
