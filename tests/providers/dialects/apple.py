"""Apple's system status for everybody, in the shape that public programs had it in between 2017 and 2025."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect

DATA = "https://www.apple.com/support/systemstatus/data"
TYPES = {
    Impact.MINOR: "Performance",
    Impact.MAJOR: "Outage",
    Impact.CRITICAL: "Outage",
    Impact.MAINTENANCE: "Maintenance",
}
STATES = {
    State.INVESTIGATING: "ongoing",
    State.RESOLVED: "resolved",
    State.SCHEDULED: "upcoming",
    State.IN_PROGRESS: "ongoing",
    State.COMPLETED: "resolved",
}


def epoch(moment):
    return None if moment is None else int(moment.timestamp() * 1000)


def posted(moment):
    return None if moment is None else moment.strftime("%m/%d/%Y %H:%M PST")


def event(each):
    begin = each.scheduled_for or each.started_at
    end = each.scheduled_until or each.resolved_at
    return {
        "usersAffected": "",
        "epochStartDate": epoch(begin),
        "epochEndDate": epoch(end),
        "messageId": each.id,
        "statusType": TYPES[each.impact],
        "datePosted": posted(each.latest.at),
        "startDate": posted(begin),
        "endDate": posted(end),
        "affectedServices": None,
        "eventStatus": STATES[each.state],
        "message": each.latest.text,
    }


def document(incidents, components):
    services = [
        {
            "redirectUrl": None,
            "events": [event(each) for each in incidents if service.id in {at.id for at in each.affected}],
            "serviceName": service.name,
        }
        for service in components
    ]
    for service, row in zip(components, services, strict=True):
        for each in incidents:  # what touches something that is not among the services stands where it belongs
            for touched in each.affected:
                if touched.id == service.id:
                    row["serviceName"] = touched.name
        if service.impact is not Impact.NONE:  # there is no trouble without an event
            row["events"].append(
                {
                    "messageId": "9",
                    "statusType": TYPES[service.impact],
                    "eventStatus": "ongoing",
                    "message": "Trouble.",
                }
            )
    assert all(each.kind in Kind for each in incidents)
    return {"drPost": False, "drMessage": None, "services": services}


def write(incidents, components):
    return {f"{DATA}/system_status_en_US.js": document(incidents, components)}


DIALECT = Dialect(
    platform="apple",
    write=write,
    address="https://www.apple.com/support/systemstatus",
    page_name="Apple",
    update_ids=False,
    every_update=False,
    titles=False,
    impacts=(Impact.MINOR, Impact.MAJOR),
    states=(State.INVESTIGATING,),
    # An event stands nowhere but under its service: without the one row or the other there is none.
    green_without=frozenset({("services", 0), ("services", 0, "events", 0)}),
    vocabulary=frozenset({*TYPES.values(), *STATES.values()}),
)
