"""Sorry™, as its pages' own API documentation and Postmark's page had it in 2026."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, iso

HTML = b'<!DOCTYPE html><html><body><a href="https://www.sorryapp.com/?ref=powered-by">Status page by Sorry\xe2\x84\xa2</a></body></html>'
STATES = {
    State.INVESTIGATING: "investigating",
    State.IDENTIFIED: "identified",
    State.MONITORING: "recovering",
    State.RESOLVED: "resolved",
    State.SCHEDULED: "scheduled",
    State.IN_PROGRESS: "underway",
    State.COMPLETED: "complete",
}


def paged(key, rows):
    return {key: rows, "meta": {"count": len(rows), "total_count": len(rows), "next_page": None}}


def update(each):
    return {
        "id": each.id, "state": STATES[each.state], "content": each.text,
        "created_at": iso(each.at), "updated_at": iso(each.at),
    }  # fmt: skip


def timeline_state(each):
    if each.state is State.SCHEDULED:
        return "future"
    return "present" if each.is_open else "past_recent"


def brief(each):
    planned = each.kind is Kind.MAINTENANCE
    return {
        "id": each.id,
        "type": "planned" if planned else "unplanned",
        "state": STATES[each.state],
        "timeline_state": timeline_state(each),
        "subject": each.name,
        "synopsis": each.updates[0].text,
        "url": f"https://status.acme.example/notices/{each.id}",
        "began_at": iso(each.started_at),
        "ended_at": iso(each.resolved_at),
        **({"begins_at": iso(each.scheduled_for), "ends_at": iso(each.scheduled_until)} if planned else {}),
        "created_at": iso(each.updates[0].at),
        "updated_at": iso(each.latest.at),
        "latest_update": update(each.latest),
    }


def whole(each, states):
    touched = [
        {"id": one.id, "name": one.name, "state": states.get(one.id, "operational"), "parent_id": None}
        for one in each.affected
    ]
    return {"notice": {**brief(each), "components": touched, "updates": [update(one) for one in each.updates[::-1]]}}


def write(incidents, components):
    here = {one.id for each in incidents if each.is_open and each.kind is Kind.INCIDENT for one in each.affected}
    states = {
        each.id: "degraded" if each.id in here or each.impact is not Impact.NONE else "operational"
        for each in components
    }
    page = {
        "name": "Acme",
        "state": "degraded" if "degraded" in states.values() else "operational",
        "state_text": "",
        "url": "https://status.acme.example",
        "links": {"notices": {"href": "/v1/notices", "count": len(incidents)}},
        "created_at": "2023-01-01T00:00:00.000Z",
        "updated_at": "2026-03-01T12:00:00.000Z",
    }
    listed = [
        {
            "id": each.id,
            "state": states[each.id],
            "name": each.name,
            "description": "",
            "parent_id": None,
            "position": 1,
        }
        for each in components
    ]
    by_time = {
        when: paged("notices", [brief(each) for each in incidents[::-1] if timeline_state(each) == when])
        for when in ("present", "future")
    }
    return {
        "": HTML,
        "/api/v1/notices?filter%5Btimeline_state_eq%5D=present": by_time["present"],
        "/api/v1/notices?filter%5Btimeline_state_eq%5D=future": by_time["future"],
        "/api/v1/notices": paged("notices", [brief(each) for each in incidents[::-1]]),
        "/api/v1/components": paged("components", listed),
        "/api/v1/status": {"page": page},
        **{f"/api/v1/notices/{each.id}": whole(each, states) for each in incidents},
    }


DIALECT = Dialect(
    platform="sorry",
    write=write,
    keeps_resolved=False,  # not where what is open stands; what it says of the latest ones comes some polls later
    impacts=(Impact.MINOR,),
    patience=5,
    most_requests=7,  # six until it is found; the rest are its further documents
    vocabulary=frozenset({*STATES.values(), "degraded", "operational"}),
)
