"""AWS Health's public events, as recorded in August 2026; global ones, whose region has no name."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect

NUMBERS = {Impact.MINOR: 1, Impact.MAJOR: 2, Impact.CRITICAL: 3}


def epoch(moment):
    return int(moment.timestamp())


def event(incident, arn="arn:aws:health:global::event/API/AWS_API_OPERATIONAL_ISSUE/AWS_API_OPERATIONAL_ISSUE_{}"):
    over = incident.state is State.RESOLVED
    number = 0 if over else NUMBERS[incident.impact]
    row = {
        "date": str(epoch(incident.started_at)),
        "arn": arn.format(incident.id.upper()),
        "region_name": None,
        "status": str(number),
        "service": "multipleservices",
        "service_name": "Multiple services",
        "summary": f"[RESOLVED] {incident.name}" if over else incident.name,
        "event_log": [
            {
                "summary": incident.name,
                "message": each.text,
                "status": 0 if each.state is State.RESOLVED else NUMBERS[incident.impact],
                "timestamp": epoch(each.at),
            }
            for each in incident.updates
        ],
        "impacted_services": {
            each.id: {"service_name": each.name, "current": str(number), "max": str(NUMBERS[incident.impact])}
            for each in incident.affected
        },
        "impacted_service_status_changes": [
            {
                "service": each.id,
                "service_name": each.name,
                "previous_status": "0",
                "current_status": str(NUMBERS[incident.impact]),
                "timestamp": 1000 * epoch(incident.started_at),
            }
            for each in incident.affected
        ],
    }
    if over:
        row["end_time"] = str(epoch(incident.resolved_at))
    return row


def write(incidents, _components):
    return {"/public/currentevents": [event(each) for each in incidents if each.kind is Kind.INCIDENT]}


DIALECT = Dialect(
    platform="aws",
    write=write,
    encoding="utf-16-be",
    page_name="AWS",
    update_ids=False,
    states=(State.INVESTIGATING,),
    components=False,
    maintenance=False,
    vocabulary=frozenset({"1", "2", "3"}),
    # The whole row of the open event: nothing else in the document names it.
    green_without=frozenset({(0,)}),
    most_requests=40,  # at its own address it takes one; elsewhere it is tried after all that many pages have
)
