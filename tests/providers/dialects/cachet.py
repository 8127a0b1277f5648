"""Cachet 2.4, as its API tests and public clients have it; version 3 is in `cachet_v3.py`."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect

HTML = (
    b'<!DOCTYPE html><html><body><footer>Powered by <a href="https://cachethq.io">Cachet</a></footer></body></html>'
)
COMPONENT_STATES = {Impact.NONE: 1, Impact.MINOR: 2, Impact.MAJOR: 3, Impact.CRITICAL: 4}
COMPONENT_NAMES = {1: "Operational", 2: "Performance Issues", 3: "Partial Outage", 4: "Major Outage"}
STATES = {State.INVESTIGATING: 1, State.IDENTIFIED: 2, State.MONITORING: 3, State.RESOLVED: 4}
NAMES = {1: "Investigating", 2: "Identified", 3: "Watching", 4: "Fixed"}
PLANNED = {State.SCHEDULED: 0, State.IN_PROGRESS: 1, State.COMPLETED: 2}
PLANNED_NAMES = {0: "Upcoming", 1: "In Progress", 2: "Complete"}


def clock(moment):
    """`2026-03-01 12:00:00`."""
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def paged(rows):
    pagination = {
        "total": len(rows), "count": len(rows), "per_page": 50, "current_page": 1, "total_pages": 1,
        "links": {"next_page": None, "previous_page": None},
    }  # fmt: skip
    return {"meta": {"pagination": pagination}, "data": rows}


def state_of(component, incidents):
    """A vendor who writes an incident says at its component how bad it is."""
    open_here = [each.impact for each in incidents if each.is_open and each.affected[0].id == component.id]
    return COMPONENT_STATES[max([component.impact, *open_here], key=list(COMPONENT_STATES).index)]


def written(each):
    first, *later = each.updates
    state = STATES[each.state]
    return {
        "id": each.id, "component_id": each.affected[0].id, "name": each.name, "status": state, "visible": 1,
        "stickied": False, "notifications": False, "message": first.text, "scheduled_at": None,
        "occurred_at": clock(each.started_at), "created_at": clock(each.started_at),
        "updated_at": clock(each.latest.at), "deleted_at": None, "user_id": 1, "is_resolved": not each.is_open,
        "updates": [
            {
                "id": update.id, "incident_id": each.id, "status": STATES[update.state], "message": update.text,
                "user_id": 1, "created_at": clock(update.at), "updated_at": clock(update.at),
                "human_status": NAMES[STATES[update.state]],
                "permalink": f"https://status.acme.example/incidents/{each.id}#update-{update.id}",
            }
            for update in later
        ],
        "human_status": NAMES[state], "latest_update_id": each.latest.id, "latest_status": state,
        "latest_human_status": NAMES[state], "latest_icon": "icon ion-alert yellows",
        "permalink": f"https://status.acme.example/incidents/{each.id}", "duration": 0,
    }  # fmt: skip


def write(incidents, components):
    written_ones = [each for each in incidents if each.kind is Kind.INCIDENT]
    states = {each.id: state_of(each, written_ones) for each in components}
    fine = set(states.values()) <= {1} and not any(each.is_open for each in written_ones)
    planned = [
        {
            "id": each.id, "name": each.name, "message": each.updates[0].text, "status": PLANNED[each.state],
            "scheduled_at": clock(each.scheduled_for), "completed_at": clock(each.resolved_at),
            "created_at": clock(each.updates[0].at), "updated_at": clock(each.latest.at),
            "human_status": PLANNED_NAMES[PLANNED[each.state]],
        }
        for each in incidents
        if each.kind is Kind.MAINTENANCE
    ]  # fmt: skip
    listed = [
        {
            "id": each.id, "name": each.name, "description": "", "link": "", "status": states[each.id], "order": 0,
            "group_id": 0, "enabled": True, "meta": None, "created_at": clock(None), "updated_at": clock(None),
            "deleted_at": None, "status_name": COMPONENT_NAMES[states[each.id]], "tags": {"": ""},
        }
        for each in components
    ]  # fmt: skip
    return {
        "": HTML,
        "/api/v1/incidents?sort=id&order=desc&per_page=50": paged([written(each) for each in written_ones][::-1]),
        "/api/v1/status": {
            "data": {
                "status": "success" if fine else "info",
                "message": "System operational" if fine else "Some issues",
            }
        },
        "/api/v1/components?per_page=100&include=group": paged(listed),
        "/api/v1/schedules?sort=id&order=desc&per_page=50": paged(planned[::-1]),
    }


DIALECT = Dialect(
    platform="cachet",
    write=write,
    page_name=None,
    patience=5,
    vocabulary=frozenset({*map(str, (0, 1, 2, 3, 4)), "success", "info"}),
)
