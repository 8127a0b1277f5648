"""Rootly: its status page public API, as documented; how a maintenance is listed is assumed."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind

from .dialect import Dialect

HTML = b"""<!doctype html><html><head><title>Acme Status</title></head>
<body><footer>Powered by <a href="https://rootly.com">Rootly</a></footer></body></html>"""
IMPACTS = {
    Impact.NONE: "none",
    Impact.MINOR: "minor",
    Impact.MAJOR: "major",
    Impact.CRITICAL: "critical",
    Impact.MAINTENANCE: "none",
}


def stamp(moment):
    """`2026-03-01T12:00:00Z`."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def row(each):
    return {
        "name": each.name,
        "status": "in_progress" if each.kind is Kind.MAINTENANCE else "started",
        "impact": IMPACTS[each.impact],
        "started_at": stamp(each.started_at),
        "monitoring_at": None,
        "resolved_at": None,
        "url": f"https://status.acme.example/incidents/{each.id}",
        "incident_updates": [
            {
                "body": update.text,
                "status": update.state.value,
                "created_at": stamp(update.at),
                "display_at": stamp(update.at),
            }
            for update in reversed(each.updates)
        ],
    }


def write(incidents, components):
    going_on = [each for each in incidents if each.is_open]
    order = ("none", "maintenance", "minor", "major")
    words = {Impact.CRITICAL: "major", Impact.MAINTENANCE: "maintenance"}
    indicator = max(("none", *(words.get(each.impact) or IMPACTS[each.impact] for each in going_on)), key=order.index)
    page = {
        "name": "Acme",
        "url": "https://status.acme.example",
        "time_zone": "America/Los_Angeles",
        "updated_at": "2026-03-01T12:00:00Z",
    }
    rows = [row(each) for each in reversed(going_on)]
    return {
        "": HTML,
        "/api/v1/status.json": {
            "page": page,
            "status": {"indicator": indicator, "description": "All Systems Operational"},
            "incidents": rows,
        },
        "/api/v1/incidents.json": {"page": page, "incidents": rows},
    }


DIALECT = Dialect(
    platform="rootly",
    write=write,
    update_ids=False,
    keeps_resolved=False,
    products=False,
    components=False,
    scheduled=False,
    vocabulary=frozenset({"none", "minor", "major", "critical", "started", "investigating"}),
)
