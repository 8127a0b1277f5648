"""cState 6, as its templates write it, and as status.torproject.org and status.schullogin.de were recorded in 2025."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect

SEVERITIES = {Impact.NONE: "ok", Impact.NOTICE: "notice", Impact.MAJOR: "disrupted", Impact.CRITICAL: "down"}
ORDER = list(SEVERITIES)

HTML = b"""<!DOCTYPE html><html lang="en" class="no-js"><head><meta charset="utf-8"><title>Acme</title>
<link rel="alternate" type="application/json" href="https://status.acme.example/index.json" title="Acme" />
<meta name="generator" content="cState v6.0.1 - https://github.com/cstate/cstate"></head><body></body></html>"""


def go(moment):
    return moment.strftime("%Y-%m-%d %H:%M:%S +0000 UTC")


def issue(incident):
    over = not incident.is_open
    return {
        "is": "issue",
        "title": incident.name,
        "createdAt": go(incident.started_at),
        "lastMod": go(incident.latest.at),
        "permalink": f"https://status.acme.example/issues/2026-03-01-{incident.id}/",
        "severity": SEVERITIES[incident.impact],
        "resolved": over,
        "informational": False,
        "resolvedAt": go(incident.resolved_at) if over else "<no value>",
        "affected": [each.name for each in incident.affected],
        "filename": f"2026-03-01-{incident.id}.md",
    }


def write(incidents, components):
    issues = [each for each in incidents if each.kind is Kind.INCIDENT]
    active = [each for each in issues if each.is_open]
    systems = []
    for each in components:
        mine = [hit for hit in active if each.id in {touched.id for touched in hit.affected}]
        impact = max([each.impact, *(hit.impact for hit in mine)], key=ORDER.index)
        systems.append(
            {
                "name": each.name,
                "description": "One of our systems.",
                "category": "All",
                "status": SEVERITIES[impact],
                "unresolvedIssues": [issue(hit) for hit in mine],
            }
        )
    worst = max([Impact.NONE, *(each.impact for each in active)], key=ORDER.index)
    built = sum(len(update.text) for each in issues for update in each.updates)  # anew with each change
    index = {
        "is": "index",
        "cStateVersion": "6.0.1",
        "apiVersion": "2.0",
        "title": "Acme",
        "languageCodeHTML": "en",
        "languageCode": "en",
        "baseURL": "https://status.acme.example/",
        "description": "How we are.",
        "summaryStatus": SEVERITIES[worst],
        "categories": [{"name": "All", "hideTitle": True, "closedByDefault": False}],
        "pinnedIssues": [],
        "systems": systems,
        "buildDate": "2026-03-01",
        "buildTime": f"13:{built % 60:02}",
        "buildTimezone": "UTC",
        "colorBrand": "#7D4698",
        "logo": "https://status.acme.example/logo.png",
        "googleAnalytics": "UA-00000000-1",
    }
    pages = {
        f"/issues/2026-03-01-{each.id}/index.json": {
            **issue(each), "body": "".join(f"<p>{update.text}</p>\n" for update in reversed(each.updates)),
        }
        for each in issues
    }  # fmt: skip
    listed = {
        "is": "issues",
        "title": "Issues",
        "baseURL": "https://status.acme.example/",
        "description": "",
        "pages": [issue(each) for each in reversed(issues)],
    }
    return {"": HTML, "/index.json": index, "/issues/index.json": listed, **pages}


DIALECT = Dialect(
    platform="cstate",
    write=write,
    every_update=False,  # an issue is one text
    keeps_resolved=False,
    impacts=(Impact.NOTICE, Impact.MAJOR, Impact.CRITICAL),
    states=(State.INVESTIGATING,),
    maintenance=False,
    vocabulary=frozenset(SEVERITIES.values()),
)
