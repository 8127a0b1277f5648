"""Cachet 3, as its source of August 2026 has it: JSON:API, states as a number and its name, times without a zone."""

from __future__ import annotations

from tray_status.core.model import Kind

from .cachet import COMPONENT_NAMES, NAMES, PLANNED, PLANNED_NAMES, STATES, clock, state_of
from .dialect import Dialect

HTML = (
    b'<!DOCTYPE html><html><head><link rel="icon" href="/vendor/cachethq/cachet/favicon.ico" sizes="32x32" /></head>'
    b'<body><a href="https://cachethq.io" title="The open-source status page">Cachet</a></body></html>'
)


def named(number, names):
    return {"human": names[number], "value": number}


def moment(at):
    return {"human": "1 hour ago", "string": clock(at)}


def listing(path, rows, included=()):
    document = {
        "data": rows,
        "links": {"first": f"https://status.acme.example{path}?page=1", "last": None, "prev": None, "next": None},
        "meta": {
            "current_page": 1, "current_page_url": f"https://status.acme.example{path}?page=1", "from": 1,
            "path": f"https://status.acme.example{path}", "per_page": 50, "to": len(rows),
        },
    }  # fmt: skip
    return {**document, "included": list(included)} if included else document


def refer(kind, ids):
    return {"data": [{"id": each, "type": kind} for each in ids]}


def posts(each, updateable, with_status):
    return [
        {
            "id": update.id,
            "type": "updates",
            "attributes": {
                "id": update.id, "updateable_id": each.id, "updateable_type": updateable, "message": update.text,
                **({"status": named(STATES[update.state], NAMES)} if with_status else {}),
                "created": moment(update.at), "updated": moment(update.at),
            },
            "relationships": {},
        }
        for update in each.updates[1:]
    ]  # fmt: skip


def component_row(each, state):
    return {
        "id": each.id,
        "type": "components",
        "attributes": {
            "id": each.id, "name": each.name, "description": None, "link": None, "order": 0,
            "status": named(state, COMPONENT_NAMES), "latest_status": named(state, COMPONENT_NAMES), "enabled": True,
            "created": moment(None), "updated": moment(None),
        },
        "relationships": {},
    }  # fmt: skip


def write(incidents, components):
    written = [each for each in incidents if each.kind is Kind.INCIDENT]
    planned = [each for each in incidents if each.kind is Kind.MAINTENANCE]
    states = {each.id: state_of(each, written) for each in components}
    rows = {each.id: component_row(each, states[each.id]) for each in components}
    fine = set(states.values()) <= {1} and not any(each.is_open for each in written)

    def related(each):
        return {
            "components": refer("components", [touched.id for touched in each.affected]),
            "updates": refer("updates", [update.id for update in each.updates[1:]]),
        }

    def attached(some, updateable, with_status=True):
        touched = {affected.id: affected.name for each in some for affected in each.affected}
        named_here = [
            {**rows[key], "attributes": {**rows[key]["attributes"], "name": name}} for key, name in touched.items()
        ]
        return named_here + [post for each in some for post in posts(each, updateable, with_status)]

    incident_rows = [
        {
            "id": each.id,
            "type": "incidents",
            "attributes": {
                "id": each.id, "guid": f"0190a1b2-0000-4000-8000-{each.id:0>12}", "name": each.name,
                "message": each.updates[0].text, "visible": True, "stickied": False, "notifications": False,
                "status": named(STATES[each.state], NAMES), "occurred": moment(each.started_at),
                "published": moment(each.started_at), "created": moment(each.started_at),
                "updated": moment(each.latest.at),
            },
            "relationships": related(each),
        }
        for each in written
    ]  # fmt: skip
    schedule_rows = [
        {
            "id": each.id,
            "type": "schedules",
            "attributes": {
                "id": each.id, "name": each.name, "message": each.updates[0].text,
                "status": named(PLANNED[each.state], PLANNED_NAMES), "scheduled": moment(each.scheduled_for),
                "completed": moment(each.resolved_at), "published": moment(each.updates[0].at),
                "created": moment(each.updates[0].at), "updated": moment(each.latest.at),
            },
            "relationships": related(each),
        }
        for each in planned
    ]  # fmt: skip
    asked = "?sort=-id&include=updates,components&per_page=50"
    return {
        "": HTML,
        f"/api/incidents{asked}": listing("/api/incidents", incident_rows[::-1], attached(written, "incident")),
        "/api/status": {
            "data": {"status": "operational", "message": "All systems are operational."}
            if fine
            else {"status": "partial_outage", "message": "Some systems are experiencing issues."}
        },
        "/api/components?per_page=100&include=group": listing("/api/components", list(rows.values())),
        f"/api/schedules{asked}": listing(
            "/api/schedules", schedule_rows[::-1], attached(planned, "schedule", False)
        ),
    }


DIALECT = Dialect(
    platform="cachet",
    write=write,
    page_name=None,
    patience=5,
    vocabulary=frozenset({*map(str, (0, 1, 2, 3, 4)), "operational", "partial_outage"}),
)
