"""Uptime Kuma 2.x, as its server's source answers: two documents, named by the page's HTML."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import START, Dialect

STYLES = {Impact.NOTICE: "info", Impact.MINOR: "warning", Impact.MAJOR: "danger"}
STATUSES = {Impact.NONE: 1, Impact.CRITICAL: 0, Impact.MAINTENANCE: 3}
IDS = {"c1": 41, "c2": 42}
HTML = b"""<!DOCTYPE html><html lang="en"><head><title>Acme</title>
<link rel="manifest" href="/api/status-page/acme/manifest.json">
<script id="preload-data" data-json="{}">window.preloadData = {'config':{'slug':'acme'}};</script>
</head><body><noscript>Uptime Kuma</noscript><div id="app"></div></body></html>"""


def sql(moment):
    return moment.strftime("%Y-%m-%d %H:%M:%S.000")


def write(incidents, components):
    active = [each for each in incidents if each.kind is Kind.INCIDENT and each.is_open]
    planned = [each for each in incidents if each.kind is Kind.MAINTENANCE and each.is_open]
    maintained = {each.id for mnt in planned for each in mnt.affected}
    beats = {}
    now = 10 + sum(len(each.updates) for each in incidents)  # there is a new heartbeat whenever somebody looks
    for each in components:
        status = STATUSES[Impact.MAINTENANCE if each.id in maintained else each.impact]
        beats[str(IDS[each.id])] = [
            {"status": status, "time": sql(START.replace(minute=minute)), "msg": "", "ping": 152}
            for minute in (now - 1, now)
        ]
    page = {
        "config": {
            "slug": "acme",
            "title": "Acme",
            "description": "How we are.",
            "icon": "/icon.svg",
            "autoRefreshInterval": 300,
            "theme": "auto",
            "published": True,
            "showTags": False,
            "showPoweredBy": True,
        },
        "incidents": [
            {
                "id": int(each.id.removeprefix("inc")) + 70,
                "style": STYLES[each.impact],
                "title": each.name,
                "content": each.latest.text,
                "pin": True,
                "createdDate": sql(each.started_at)[:-4],
                "lastUpdatedDate": None if len(each.updates) < 2 else sql(each.latest.at)[:-4],
            }
            for each in active
        ],
        "publicGroupList": [
            {
                "id": 9,
                "name": "Services",
                "weight": 5,
                "monitorList": [
                    {"id": IDS[each.id], "name": each.name, "sendUrl": False, "type": "http"} for each in components
                ],
            }
        ],
        "maintenanceList": [
            {
                "id": 88,
                "title": each.name,
                "description": each.latest.text,
                "strategy": "single",
                "active": True,
                "timeslotList": [{"startDate": "2026-03-01 14:00:00", "endDate": "2026-03-01 15:00:00"}],
                "timezone": "Europe/Berlin",
                "timezoneOffset": "+01:00",
                "status": "under-maintenance",
            }
            for each in planned
        ],
    }
    return {
        "": HTML,
        "https://status.acme.example/api/status-page/heartbeat/acme": {
            "heartbeatList": beats,
            "uptimeList": {f"{key}_24": 0.998 for key in beats},
        },
        "https://status.acme.example/api/status-page/acme": page,
    }


DIALECT = Dialect(
    platform="uptime-kuma",
    write=write,
    update_ids=False,  # what is pinned has one text, which is replaced
    every_update=False,
    keeps_resolved=False,
    impacts=tuple(STYLES),
    states=(State.INVESTIGATING,),
    products=False,
    scheduled=False,
    vocabulary=frozenset({"0", "1", "3", *STYLES.values(), "under-maintenance"}),
    green_without=frozenset({0}),  # the list's one row: without it, nothing is pinned
)
