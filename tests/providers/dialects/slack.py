"""Slack's own status page, as its documentation and answers recorded in 2020 and 2026 have it."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, at

API = "https://slack-status.com/api/v2.0.0"
TYPES = {Impact.NOTICE: "notice", Impact.MINOR: "incident", Impact.MAJOR: "outage", Impact.MAINTENANCE: "notice"}
STATES = {
    State.RESOLVED: "resolved",
    State.SCHEDULED: "scheduled",
    State.IN_PROGRESS: "active",
    State.COMPLETED: "completed",
}


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def entry(each):
    return {
        "id": each.id,
        "date_created": stamp(each.scheduled_for or each.started_at),
        "date_updated": stamp(each.latest.at),
        "title": each.name,
        "type": TYPES[each.impact],
        "status": STATES.get(each.state, "active"),
        "url": f"https://slack-status.com/2026-03/{each.id}",
        "services": [touched.name for touched in each.affected],
        "notes": [{"date_created": stamp(note.at), "body": f"<p>{note.text}</p>"} for note in each.updates],
    }


def write(incidents, _components):
    live = [each for each in incidents if each.is_open or each.state is State.SCHEDULED]
    current = {
        "status": "active" if any(each.is_open for each in live) else "ok",
        "date_created": stamp(at(-600)),
        "date_updated": stamp(max((each.latest.at for each in incidents), default=at(-600))),
        "active_incidents": [entry(each) for each in live],
    }
    assert all(each.impact is Impact.MAINTENANCE for each in live if each.kind is Kind.MAINTENANCE)
    return {f"{API}/current": current, f"{API}/history": [entry(each) for each in reversed(incidents)]}


DIALECT = Dialect(
    platform="slack",
    write=write,
    address="https://slack-status.com",
    page_name="Slack",
    update_ids=False,
    impacts=(Impact.NOTICE, Impact.MINOR, Impact.MAJOR),
    states=(State.INVESTIGATING,),
    components=False,
    vocabulary=frozenset({"active", "ok", *TYPES.values(), *STATES.values()}),
)
