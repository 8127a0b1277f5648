"""Heroku's own status page, as recorded in 2019 and 2020, with what it has had since 2026."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, at, iso

COLOURS = {Impact.NONE: "green", Impact.MAINTENANCE: "blue", Impact.MINOR: "yellow", Impact.MAJOR: "red"}
TYPES = {
    State.INVESTIGATING: "investigating",
    State.IDENTIFIED: "issue",
    State.RESOLVED: "resolved",
    State.SCHEDULED: "scheduled",
    State.IN_PROGRESS: "maintenance",
    State.COMPLETED: "resolved",
}


def issue(each):
    over = each.state in (State.RESOLVED, State.COMPLETED)
    coming = each.state is State.SCHEDULED
    return {
        "id": each.id,
        "created_at": iso(each.updates[0].at),
        "updated_at": iso(each.latest.at),
        "title": each.name,
        "state": "resolved" if over else "upcoming" if coming else "open",
        "resolved": False,  # even of what is resolved
        "resolved_at": iso(each.resolved_at) if over else None,
        "upcoming": coming,
        "href": f"https://status.heroku.com/api/v3/issues/{each.id}",
        "full_url": f"https://status.heroku.com/incidents/{each.id}",
        "systems": [
            {"name": touched.name, "status": COLOURS[each.impact], "services": [touched.name]}
            for touched in each.affected
        ],
        "tags": ["EMEA", "NA"],
        "updates": [
            {
                "id": f"{each.id}-{update.id}",
                "incident_id": each.id,
                "created_at": iso(update.at),
                "updated_at": iso(update.at),
                "update_type": TYPES[update.state],
                "contents": update.text,
                "title": each.name,
            }
            for update in reversed(each.updates)
        ],
    }


def write(incidents, components):
    colours = {each.name: COLOURS.get(each.impact, "red") for each in components}
    for each in incidents:
        for touched in each.affected if each.is_open else ():
            colours[touched.name] = COLOURS[each.impact]
    planned = [each for each in incidents if each.kind is Kind.MAINTENANCE and each.state is not State.COMPLETED]
    current = {
        "status": [{"system": name, "status": colour} for name, colour in colours.items()],
        "incidents": [issue(each) for each in incidents if each.kind is Kind.INCIDENT and each.is_open],
        "scheduled": [issue(each) for each in planned],
    }
    history = [issue(each) for each in reversed(incidents)]
    assert all(each.updates[0].at >= at(-60) for each in incidents)
    return {"/api/v4/current-status": current, "/api/v4/incidents?limit=25": history}


DIALECT = Dialect(
    platform="heroku",
    write=write,
    address="https://status.heroku.com",
    page_name="Heroku",
    impacts=(Impact.MINOR, Impact.MAJOR),
    states=(State.INVESTIGATING, State.IDENTIFIED),
    due=False,
    hindsight=5,
    vocabulary=frozenset({*COLOURS.values(), *TYPES.values(), "open", "upcoming"}),
)
