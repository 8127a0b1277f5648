"""Instatus, as its public API page and pages recorded in 2026 have it; the feed as Instatus's own page had it in 2023."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, iso

IMPACTS = {
    Impact.MINOR: "DEGRADEDPERFORMANCE",
    Impact.MAJOR: "PARTIALOUTAGE",
    Impact.CRITICAL: "MAJOROUTAGE",
    Impact.NONE: "OPERATIONAL",
    Impact.MAINTENANCE: "UNDERMAINTENANCE",
}
STATES = {
    State.SCHEDULED: "NOTSTARTEDYET",
    State.IN_PROGRESS: "INPROGRESS",
    State.INVESTIGATING: "INVESTIGATING",
    State.IDENTIFIED: "IDENTIFIED",
    State.MONITORING: "MONITORING",
}
SPOKEN = {
    State.SCHEDULED: "Planned",
    State.IN_PROGRESS: "Identified",
    State.COMPLETED: "Completed",
    State.INVESTIGATING: "Investigating",
    State.IDENTIFIED: "Identified",
    State.MONITORING: "Monitoring",
    State.RESOLVED: "Resolved",
}
PAGE = "https://status.acme.example"


def paragraph(update):
    at = update.at
    return (
        f"<p><small>{at:%b} <var data-var='date'> {at.day}</var>, <var data-var='time'>{at:%H:%M:%S}</var> GMT+0</small>"
        f"<br /><strong>{SPOKEN[update.state]}</strong> -\n  {update.text}</p>"
    )


def entry(each):
    folder = each.kind.value
    updates = "\n".join(paragraph(update) for update in reversed(each.updates))
    touched = ", ".join(at.name for at in each.affected)
    return f"""<entry>
<id>tag:status.acme.example,2005:{folder.capitalize()}/{each.id}</id>
<published>{each.updates[0].at:%Y-%m-%dT%H:%M:%S}.000+00:00</published>
<updated>{each.latest.at:%Y-%m-%dT%H:%M:%S}.000+00:00</updated>
<link rel="alternate" type="text/html" href="{PAGE}/{folder}/{each.id}"/>
<title>{escape(each.name)}</title>
<content type="html">
<![CDATA[
    <p><strong>Type:</strong> {folder.capitalize()}</p>
    <p><strong>Affected Components:</strong> {escape(touched)}</p>
    {updates}
]]>
</content>
</entry>"""


def feed(incidents):
    text = "\n".join(entry(each) for each in reversed(incidents))
    text = re.sub("[^\\t\\n -\\ud7ff]", "", text)  # XML has no other characters
    head = f"<title>Acme Status - Incident history</title>\n<id>{PAGE}</id>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n{head}\n{text}\n</feed>'.encode()


def write(incidents, components):
    active = [each for each in incidents if each.kind is Kind.INCIDENT and each.is_open]
    planned = [each for each in incidents if each.kind is Kind.MAINTENANCE and each.state is not State.COMPLETED]
    state = "HASISSUES" if active else "UNDERMAINTENANCE" if any(each.is_open for each in planned) else "UP"
    summary = {"page": {"name": "Acme", "url": PAGE, "status": state}}
    if active:
        summary["activeIncidents"] = [
            {
                "id": each.id,
                "name": each.name,
                "started": iso(each.started_at),
                "status": STATES[each.state],
                "impact": IMPACTS[each.impact],
                "url": f"{PAGE}/incident/{each.id}",
                "updatedAt": iso(each.latest.at),
            }
            for each in active
        ]
    if planned:
        summary["activeMaintenances"] = [
            {
                "id": each.id,
                "name": each.name,
                "start": iso(each.scheduled_for),
                "status": STATES[each.state],
                "duration": "60",
                "url": f"{PAGE}/maintenance/{each.id}",
                "updatedAt": iso(each.latest.at),
            }
            for each in planned
        ]
    listed = [
        {"id": each.id, "name": each.name, "description": "", "status": IMPACTS[each.impact], "group": None}
        for each in components
    ]
    return {
        "/summary.json": summary,
        "/v3/components.json": {"components": listed},
        "/history.atom": feed(incidents),
    }


DIALECT = Dialect(
    platform="instatus",
    write=write,
    update_ids=False,
    keeps_resolved=False,  # the feed has it, but is asked only for what is known
    vocabulary=frozenset({*IMPACTS.values(), *STATES.values(), "HASISSUES", "UP", "UNDERMAINTENANCE"}),
)
