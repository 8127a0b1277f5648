"""Google's status dashboards, as Google Cloud's was recorded in July 2026: years of history in one list, no update ids.

Workspace's is the same without places; `google_workspace` beside this one writes it.
"""

from __future__ import annotations

from datetime import timedelta

from tray_status.core.model import Impact, Kind, State

from .dialect import START, Dialect

IMPACTS = {
    Impact.NOTICE: ("SERVICE_INFORMATION", "low"),
    Impact.MAJOR: ("SERVICE_DISRUPTION", "medium"),
    Impact.CRITICAL: ("SERVICE_OUTAGE", "high"),
}
PLACES = [{"title": "Iowa (us-central1)", "id": "us-central1"}]


def moment(value):
    return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def old(places):
    """What the list never lacks: something of long ago."""
    begin = START - timedelta(days=200)
    report = {
        "created": moment(begin + timedelta(days=3)),
        "modified": moment(begin + timedelta(days=3)),
        "when": moment(begin + timedelta(days=3)),
        "text": "# Incident Report\n## Summary\nA cooling unit failed.",
        "status": "AVAILABLE",
        **({"affected_locations": []} if places else {}),
    }
    return {
        "id": "41E5S3mkTGDfkZuJZH5k",
        "number": "6876619551109882402",
        "begin": moment(begin),
        "created": moment(begin + timedelta(minutes=8)),
        "end": moment(begin + timedelta(hours=5)),
        "modified": moment(begin + timedelta(days=3)),
        "external_desc": "Acme Storage had elevated latency.",
        "updates": [report],
        "most_recent_update": report,
        "status_impact": "SERVICE_DISRUPTION",
        "severity": "medium",
        "service_key": "zall",
        "service_name": "Multiple Products",
        "affected_products": [{"title": "Acme Storage", "id": "UwaYoXQ5bHYHG6EdiPB8"}],
        "uri": "incidents/41E5S3mkTGDfkZuJZH5k",
        **({"currently_affected_locations": [], "previously_affected_locations": PLACES} if places else {}),
    }


def row(incident, places):
    impact, severity = IMPACTS[incident.impact]
    over = incident.state is State.RESOLVED
    updates = []
    for each in reversed(incident.updates):
        fine = each.state in (State.MONITORING, State.RESOLVED)
        updates.append(
            {
                "created": moment(each.at),
                "modified": moment(incident.latest.at),
                "when": moment(each.at),
                "text": each.text,
                "status": "AVAILABLE" if fine else impact,
                **({"affected_locations": [] if fine else PLACES} if places else {}),
            }
        )
    return {
        "id": incident.id,
        "number": "11738310674864064645",
        "begin": moment(incident.started_at),
        "created": moment(incident.updates[0].at),
        # To the minute, by hand, a little before the last words are posted.
        "end": moment(incident.resolved_at - timedelta(minutes=2)) if over else None,
        "modified": moment(incident.latest.at),
        "external_desc": incident.name,
        "updates": updates,
        "most_recent_update": updates[0],
        "status_impact": impact,
        "severity": severity,
        "service_key": "zall",
        "service_name": "Multiple Products",
        "affected_products": [{"title": each.name, "id": each.id} for each in incident.affected],
        "uri": f"incidents/{incident.id}",
        **(
            {
                "currently_affected_locations": [] if over else PLACES,
                "previously_affected_locations": PLACES if over else [],
            }
            if places
            else {}
        ),
    }


def writer(path, *, places):
    def write(incidents, _components):
        told = [row(each, places) for each in reversed(incidents) if each.kind is Kind.INCIDENT]
        return {path: [*told, old(places)]}

    return write


def dialect(platform, path, *, places):
    return Dialect(
        platform=platform,
        write=writer(path, places=places),
        page_name=platform.replace("-", " ").title(),
        update_ids=False,
        impacts=tuple(IMPACTS),
        states=(State.INVESTIGATING, State.MONITORING),
        components=False,
        maintenance=False,
        vocabulary=frozenset({"SERVICE_INFORMATION", "SERVICE_DISRUPTION", "SERVICE_OUTAGE", "AVAILABLE"}),
        # The whole row of the open incident, the first in the list: nothing else in the document names it.
        green_without=frozenset({(0,)}),
        most_requests=40,  # at its own address it takes one; elsewhere it is tried after all that many pages have
    )


DIALECT = dialect("google-cloud", "/incidents.json", places=True)
