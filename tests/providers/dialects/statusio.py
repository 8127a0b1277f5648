"""Status.io: its Public Status API, as documented and as recorded from Docker's and GitLab's pages."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, iso

ID = "5b36dc6502d06804c08349f7"
HTML = f"""<!doctype html><html><head><title>Acme System Status</title>
<link rel="alternate" type="application/rss+xml" href="https://status.io/pages/{ID}/rss"></head>
<body class="statuspage"><a href="/pages/history/{ID}">History</a>
<a href="https://status.io">Powered by Status.io</a></body></html>"""

CODES = {
    Impact.NONE: (100, "Operational"),
    Impact.MAINTENANCE: (200, "Planned Maintenance"),
    Impact.MINOR: (300, "Degraded Performance"),
    Impact.MAJOR: (400, "Partial Service Disruption"),
    Impact.CRITICAL: (500, "Service Disruption"),
}
STATES = {
    State.INVESTIGATING: 100,
    State.IDENTIFIED: 200,
    State.MONITORING: 300,
    State.SCHEDULED: 100,
    State.IN_PROGRESS: 200,
}
UPDATED = "2026-03-01T12:04:32.481Z"


def row(each):
    return {
        "name": each.name,
        "_id": each.id,
        "datetime_open": iso(each.updates[0].at),
        "messages": [
            {
                "details": update.text,
                "state": STATES[update.state],
                "status": CODES[each.impact][0],
                "datetime": iso(update.at),
            }
            for update in each.updates
        ],
        "containers_affected": [{"name": "AWS", "_id": "582c71876fb4f24615000489"}],
        "components_affected": [{"name": part.name, "_id": part.id} for part in each.affected],
    }


def window(each):
    return {
        **row(each),
        "datetime_planned_start": iso(each.scheduled_for),
        "datetime_planned_end": iso(each.scheduled_until),
    }


def write(incidents, components):
    planned = [each for each in incidents if each.kind is Kind.MAINTENANCE]
    going_on = [each for each in incidents if each.is_open]
    impacts = {each.id: each.impact for each in components}
    impacts.update({part.id: each.impact for each in going_on for part in each.affected})
    names = {each.id: each.name for each in components}
    names.update({part.id: part.name for each in going_on for part in each.affected})
    code, words = max(CODES[impact] for impact in (Impact.NONE, *impacts.values()))
    parts = [
        {
            "id": part_id,
            "name": names[part_id],
            "status": CODES[impact][1],
            "status_code": CODES[impact][0],
            "containers": [
                {
                    "id": "582c71876fb4f24615000489",
                    "name": "AWS",
                    "updated": UPDATED,
                    "status": CODES[impact][1],
                    "status_code": CODES[impact][0],
                }
            ],
            "updated": UPDATED,
        }
        for part_id, impact in impacts.items()
    ]
    document = {
        "result": {
            "status_overall": {"updated": UPDATED, "status": words, "status_code": code},
            "status": parts,
            "incidents": [row(each) for each in going_on if each.kind is Kind.INCIDENT],
            "maintenance": {
                "active": [window(each) for each in planned if each.is_open],
                "upcoming": [window(each) for each in planned if each.state is State.SCHEDULED],
            },
        }
    }
    return {"": HTML.encode(), f"https://api.status.io/1.0/status/{ID}": document}


DIALECT = Dialect(
    platform="statusio",
    write=write,
    page_name=None,
    update_ids=False,
    keeps_resolved=False,
    vocabulary=frozenset({"100", "200", "300", "400", "500"}),
)
