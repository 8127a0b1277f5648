"""FireHydrant, as status.redis.io was recorded in 2026."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect

HTML = b'<!DOCTYPE html><html><body><div id="root"></div><a href="https://firehydrant.com">Powered by FireHydrant</a></body></html>'
SEVERITIES = {Impact.MINOR: "SEV3", Impact.MAJOR: "SEV2", Impact.CRITICAL: "SEV1", Impact.MAINTENANCE: "MAINTENANCE"}
CONDITIONS = {
    Impact.MINOR: "Degraded",
    Impact.MAJOR: "Degraded",
    Impact.CRITICAL: "Unavailable",
    Impact.MAINTENANCE: "Maintenance",
}
TABLE = {"Degraded": "DEGRADED", "Operational": "OPERATIONAL", "Unavailable": "OFFLINE", "Maintenance": "DEGRADED"}
MILESTONES = {
    State.INVESTIGATING: "investigating",
    State.IDENTIFIED: "identified",
    State.MONITORING: "monitoring",
    State.RESOLVED: "resolved",
    State.COMPLETED: "resolved",
}


def second(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def timeline(each):
    """Newest first. What changes the milestone is told by one kind of entry, words alone by the other."""
    before, entries = "acknowledged", []
    for update in each.updates:
        milestone = MILESTONES.get(update.state)
        when = {"time": update.at.strftime("%Y-%m-%dT%H:%M:%S.120025Z"), "occurredAt": second(update.at)}
        if milestone in (None, before):
            details = {"@type": "type.googleapis.com/firehydrant.nunc.TimelineEvent.Note", "note": update.text}
        else:
            details = {
                "@type": "type.googleapis.com/firehydrant.nunc.TimelineEvent.BulkImpactUpdate",
                "note": {"note": update.text},
                "milestoneUpdate": {"originalMilestone": before, "currentMilestone": milestone},
            }
            before = milestone
        entries.append({**when, "details": details})
    return entries[::-1]


def written(each):
    planned = each.kind is Kind.MAINTENANCE
    began = each.scheduled_for if planned else each.started_at
    stamps = {"started": second(began), "detected": second(began)}
    if not planned or each.state is not State.SCHEDULED:
        stamps["acknowledged"] = second(began)
    for update in each.updates:
        if update.state in MILESTONES:
            stamps[MILESTONES[update.state]] = second(update.at)
    return {
        "id": each.id,
        "title": each.name,
        "timestamps": stamps,
        "timeline": timeline(each),
        "statusPageId": "eb1d52db-e4b0-4ed1-af1e-f08cf964f9c2",
        "severitySlug": SEVERITIES[each.impact],
        "components": [
            {"name": touched.name, "id": touched.id, "condition": CONDITIONS[each.impact]}
            for touched in each.affected
        ],
        "componentConditions": {touched.name: CONDITIONS[each.impact] for touched in each.affected},
        "lifecyclePhases": [],
    }


def write(incidents, components):
    payload = {
        "config": {
            "companyName": "Acme",
            "title": "Acme",
            "operationalMessage": "Currently, there are no active incidents.",
            "uiVersion": 2,
        },
        "conditions": TABLE,
        "components": [{"name": each.name, "id": each.id} for each in components],
        "incidents": [written(each) for each in incidents][::-1],
    }
    return {"": HTML, "/data/payload.json": payload}


DIALECT = Dialect(
    platform="firehydrant",
    write=write,
    update_ids=False,
    components=False,  # they are listed, but only an incident says that one is in trouble
    green_without=frozenset({("incidents", 0)}),  # without its row there is no incident: all are listed, over or not
    vocabulary=frozenset({*SEVERITIES.values(), *CONDITIONS.values(), *TABLE.values(), *MILESTONES.values()}),
)
