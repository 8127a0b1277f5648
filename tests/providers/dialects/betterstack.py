"""Better Stack: `/index.json`, as its documentation has it and as recorded from status.huggingface.co in 2026."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, iso

WORDS = {
    Impact.NONE: "operational",
    Impact.MAINTENANCE: "maintenance",
    Impact.MINOR: "degraded",
    Impact.MAJOR: "downtime",
    Impact.CRITICAL: "downtime",
}
WORST_LAST = ("operational", "maintenance", "degraded", "downtime")


def refers(kind, ids):
    return {"data": [{"id": each, "type": kind} for each in ids]}


def touched(incident, word):
    return [{"status_page_resource_id": each.id, "status": word} for each in incident.affected]


def is_over(incident):
    return incident.state in (State.RESOLVED, State.COMPLETED)


def report(each):
    word = "resolved" if is_over(each) else WORDS[each.impact]
    maintenance = each.kind is Kind.MAINTENANCE
    return {
        "id": each.id,
        "type": "status_report",
        "attributes": {
            "title": each.name,
            "report_type": "maintenance" if maintenance else "manual",
            "starts_at": iso(each.scheduled_for if maintenance else each.started_at),
            "ends_at": iso(each.scheduled_until),
            "affected_resources": touched(each, "maintenance" if maintenance else word),
            "aggregate_state": word,
        },
        "relationships": {"status_updates": refers("status_update", [f"{each.id}-{up.id}" for up in each.updates])},
    }


def updates(each):
    for update in each.updates:
        word = "resolved" if update.state is State.RESOLVED else WORDS[each.impact]
        yield {
            "id": f"{each.id}-{update.id}",
            "type": "status_update",
            "attributes": {
                "message": update.text,
                "published_at": iso(update.at),
                "published_at_timezone": None,
                "notify_subscribers": False,
                "affected_resources": [] if each.kind is Kind.MAINTENANCE else touched(each, word),
            },
        }


def resource(each, incidents):
    touching = [it for it in incidents if it.is_open and each.id in {part.id for part in it.affected}]
    word = max((WORDS[each.impact], *(WORDS[it.impact] for it in touching)), key=WORST_LAST.index)
    return {
        "id": each.id,
        "type": "status_page_resource",
        "attributes": {
            "status_page_section_id": 3589,
            "resource_id": 319187,
            "resource_type": "Monitor",
            "public_name": next((part.name for it in touching for part in it.affected), each.name),
            "explanation": "",
            "position": 0,
            "availability": 0.998979,
            "status": word,
            "status_history": [
                {"day": "2026-03-01", "status": "operational", "downtime_duration": 0, "maintenance_duration": 0}
            ],
        },
    }


def write(incidents, components):
    resources = [resource(each, incidents) for each in components]
    state = max((each["attributes"]["status"] for each in resources), key=WORST_LAST.index)
    page = {
        "id": "124692",
        "type": "status_page",
        "attributes": {
            "company_name": "Acme",
            "company_url": "https://acme.example/",
            "contact_url": "mailto:support@acme.example",
            "logo_url": None,
            "timezone": "Eastern Time (US & Canada)",
            "subdomain": "acme",
            "custom_domain": "status.acme.example",
            "announcement": None,
            "aggregate_state": state,
            "created_at": "2021-04-19T06:44:56.174Z",
            "updated_at": "2026-03-01T11:15:53.193Z",
        },
        "relationships": {
            "sections": refers("status_page_section", ["3589"]),
            "resources": refers("status_page_resource", [each.id for each in components]),
            "status_reports": refers("status_report", [each.id for each in incidents]),
        },
    }
    section = {"id": "3589", "type": "status_page_section", "attributes": {"name": "Services", "position": 0}}
    words = [update for each in incidents for update in updates(each)]
    return {"/index.json": {"data": page, "included": [section, *resources, *words, *map(report, incidents)]}}


DIALECT = Dialect(
    platform="betterstack",
    write=write,
    impacts=(Impact.MINOR, Impact.MAJOR),
    states=(State.INVESTIGATING,),
    vocabulary=frozenset({"operational", "maintenance", "degraded", "downtime", "manual"}),
)
