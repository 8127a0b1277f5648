"""Salesforce Trust, in the shape that the Heroku CLI's tests had in 2025; words for planned maintenance are assumed."""

from __future__ import annotations

import re

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, iso

API = "https://api.status.salesforce.com/v1"
SEVERITIES = {Impact.MINOR: "minor", Impact.MAJOR: "major", Impact.MAINTENANCE: "maintenance"}
TYPES = {
    State.INVESTIGATING: "investigatingCauseOfIssue",
    State.IDENTIFIED: "issueIsolatedDatabaseTier",
    State.MONITORING: "herokuIncidentMonitoring",
    State.RESOLVED: "issueResolved",
    State.SCHEDULED: "scheduled",
    State.IN_PROGRESS: "started",
    State.COMPLETED: "completed",
}
STATUS = {State.SCHEDULED: "scheduled", State.IN_PROGRESS: "inProgress", State.COMPLETED: "resolved"}


def number(text):
    """Trust's ids are whole numbers."""
    return int.from_bytes(text.encode(), "big") % 10**12


def as_type(name):
    first, *others = name.split(" ")
    return first.lower() + "".join(each.capitalize() for each in others) if re.fullmatch("[A-Za-z ]+", name) else name


def common(each, began, ended):
    kind = "Incident" if each.kind is Kind.INCIDENT else "Maintenance"
    return {
        "id": number(each.id),
        "externalId": str(number(each.id)),
        "additionalInformation": "",
        "isCore": False,
        "affectsAll": False,
        "createdAt": iso(each.updates[0].at),
        "updatedAt": iso(each.latest.at),
        "instanceKeys": ["NA123", "EU45"],
        "serviceKeys": [touched.name for touched in each.affected],
        f"{kind}Impacts": [
            {
                "id": number("impact" + each.id),
                "startTime": iso(began),
                "endTime": iso(ended),
                "type": as_type(each.name),
                "severity": SEVERITIES[each.impact],
                "createdAt": iso(began),
                "startTimeModifiedAt": None,
            }
        ],
        f"{kind}Events": [
            {
                "id": number(each.id + update.id),
                "type": TYPES[update.state],
                "message": update.text,
                "createdAt": iso(update.at),
                "updatedAt": iso(update.at),
            }
            for update in reversed(each.updates)
        ],
    }


def incident(each):
    message = {"pathToResolution": None, "actionPlan": None, "rootCause": None}
    return {**common(each, each.started_at, each.resolved_at), "message": message}


def maintenance(each):
    return {
        **common(each, each.scheduled_for, each.scheduled_until),
        "message": {
            "maintenanceType": "scheduledMaintenance", "eventStatus": STATUS[each.state], "availability": "available",
        },
        "name": each.name,
        "plannedStartTime": iso(each.scheduled_for),
        "plannedEndTime": iso(each.scheduled_until),
    }  # fmt: skip


def write(incidents, _components):
    own = [each for each in incidents if each.kind is Kind.INCIDENT]
    planned = [each for each in incidents if each.kind is Kind.MAINTENANCE]
    return {
        f"{API}/incidents/active": [incident(each) for each in own if each.is_open],
        f"{API}/maintenances": [maintenance(each) for each in planned],
        **{f"{API}/incidents/{number(each.id)}": incident(each) for each in own},
    }


DIALECT = Dialect(
    platform="salesforce",
    write=write,
    address="https://status.salesforce.com",
    page_name="Salesforce",
    keeps_resolved=False,  # one that is over is told only to who asks for it
    impacts=(Impact.MINOR, Impact.MAJOR),
    components=False,
    patience=5,
    green_without=frozenset({(0,)}),  # the only row of the list of what is open: an empty list says that nothing is
    vocabulary=frozenset({*SEVERITIES.values(), *TYPES.values(), *STATUS.values()}),
)
