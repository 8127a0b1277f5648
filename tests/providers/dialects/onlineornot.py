"""OnlineOrNot: the summary of its API, as it was seen of OpenRouter's page; the fields of a maintenance are assumed."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, iso

API = "https://api.onlineornot.com/v1/status_pages/status.acme.example"
HTML = b"""<!doctype html><html><head><title>Acme status</title></head>
<body><footer>Powered by <a href="https://onlineornot.com/?utm_source=status">OnlineOrNot</a></footer></body></html>"""
IMPACTS = {
    Impact.NONE: "OPERATIONAL",
    Impact.MAINTENANCE: "MAINTENANCE",
    Impact.MINOR: "DEGRADED_PERFORMANCE",
    Impact.MAJOR: "PARTIAL_OUTAGE",
    Impact.CRITICAL: "MAJOR_OUTAGE",
}
WORST_LAST = tuple(IMPACTS)


def write(incidents, components):
    going_on = [each for each in incidents if each.is_open]
    parts = []
    for place, each in enumerate(components):
        touching = [it for it in going_on if each.id in {part.id for part in it.affected}]
        impact = max((each.impact, *(it.impact for it in touching)), key=WORST_LAST.index)
        parts.append(
            {
                "id": each.id,
                "name": next((part.name for it in touching for part in it.affected), each.name),
                "status": IMPACTS[impact],
                "group_id": None,
                "sort_order": place,
                "created_at": "2025-01-01T00:00:00.000Z",
                "updated_at": "2026-03-01T00:00:00.000Z",
            }
        )
    trouble = any(part["status"] != "OPERATIONAL" for part in parts)
    summary = {
        "result": {
            "status": {"description": "Minor Service Outage" if trouble else "All Systems Operational"},
            "status_page": {
                "id": "bLYZeyaq",
                "name": "Acme",
                "subdomain": "acme",
                "custom_domain": "status.acme.example",
            },
            "components": parts,
            "active_incidents": [
                {
                    "id": each.id,
                    "title": each.name,
                    "impact": IMPACTS[each.impact],
                    "started": iso(each.started_at),
                    "created_at": iso(each.started_at),
                    "updated_at": iso(each.latest.at),
                }
                for each in going_on
                if each.kind is Kind.INCIDENT
            ],
            "scheduled_maintenance": [
                {"id": each.id, "title": each.name, "start_date": iso(each.scheduled_for), "duration_minutes": 60}
                for each in incidents
                if each.kind is Kind.MAINTENANCE and each.state is not State.COMPLETED
            ],
        },
        "success": True,
        "errors": [],
        "messages": [],
    }
    if trouble and all(part["status"] in ("OPERATIONAL", "MAINTENANCE") for part in parts):
        summary["result"]["status"]["description"] = "Under Maintenance"
    return {"": HTML, f"{API}/summary": summary}


DIALECT = Dialect(
    platform="onlineornot",
    write=write,
    words=False,
    update_ids=False,
    every_update=False,
    keeps_resolved=False,
    states=(State.INVESTIGATING,),
    products=False,
    vocabulary=frozenset({*IMPACTS.values(), "Minor Service Outage", "All Systems Operational"}),
)
