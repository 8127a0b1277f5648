"""Upptime, as recorded: one document in a repository on GitHub, whose name the page's address tells."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect

WORDS = {Impact.NONE: "up", Impact.MINOR: "degraded", Impact.CRITICAL: "down"}
HTML = b"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><title>Acme</title>
<link rel="icon" href="https://raw.githubusercontent.com/upptime/upptime/master/assets/upptime-icon.svg">
</head><body><div id="sapper"></div></body></html>"""


def write(incidents, components):
    outages = [each for each in incidents if each.kind is Kind.INCIDENT]
    sites = []
    for each in components:
        hits = [outage for outage in outages if each.id in {touched.id for touched in outage.affected}]
        impact = next((outage.impact for outage in hits if outage.is_open), each.impact)
        minutes = sum(7 for outage in hits if not outage.is_open)
        sites.append(
            {
                "name": each.name,
                "url": f"https://{each.name.lower()}.acme.example",
                "icon": "https://icons.duckduckgo.com/ip3/acme.example.ico",
                "slug": each.name.lower(),
                "status": WORDS[impact],
                **{f"uptime{span}": "99.98%" for span in ("", "Day", "Week", "Month", "Year")},
                **{f"time{span}": 372 for span in ("", "Day", "Week", "Month", "Year")},
                "dailyMinutesDown": {"2026-03-01": minutes} if minutes else {},
            }
        )
    return {"": HTML, "https://raw.githubusercontent.com/acme/status/HEAD/history/summary.json": sites}


DIALECT = Dialect(
    platform="upptime",
    write=write,
    address="https://acme.github.io/status",
    page_name=None,
    words=False,
    update_ids=False,
    every_update=False,
    keeps_resolved=False,
    impacts=(Impact.MINOR, Impact.CRITICAL),
    states=(State.INVESTIGATING,),
    incidents=False,
    maintenance=False,
    vocabulary=frozenset(WORDS.values()),
    green_without=frozenset({0}),  # without its row, a site is not listed at all
)
