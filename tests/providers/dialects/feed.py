"""A feed as most status pages have it: an entry is an incident, its updates stand in HTML, the newest first. In the
shape of Statuspage's `history.atom`, as recorded in 2026."""

from __future__ import annotations

from datetime import timedelta
from html import escape

from tray_status.core.model import Impact, Kind, State

from .dialect import START, Dialect

STATES = {
    State.INVESTIGATING: "Investigating",
    State.IDENTIFIED: "Identified",
    State.MONITORING: "Monitoring",
    State.RESOLVED: "Resolved",
    State.SCHEDULED: "Scheduled",
    State.IN_PROGRESS: "In progress",
    State.COMPLETED: "Completed",
}
HTML = b"""<!DOCTYPE html><html><head><title>Acme Status</title>
<link rel="alternate" type="application/atom+xml" title="Acme" href="https://status.acme.example/updates.atom">
</head><body>All is well.</body></html>"""


def day_and_time(moment):
    return (
        f"{moment:%b} <var data-var='date'>{moment:%d}</var>, <var data-var='time'>{moment:%H:%M}</var>"
    )  # fmt: skip


def paragraph(update):
    return (
        f"<p> <small>{day_and_time(update.at)} UTC</small><br>"
        f" <strong>{STATES[update.state]}</strong> - {update.text} </p>"
    )


def content(incident):
    head = ""
    if incident.kind is Kind.MAINTENANCE:
        begin, end = incident.scheduled_for, incident.scheduled_until
        head = (
            f"<p><strong>THIS IS A SCHEDULED EVENT {day_and_time(begin)}"
            f" - <var data-var='time'>{end:%H:%M}</var> UTC</strong></p>"
        )
    return head + " ".join(paragraph(update) for update in reversed(incident.updates))


def legal(text):
    """What XML can hold."""
    return "".join(char for char in text if char in "\t\n" or char >= " ")


def entry(incident):
    at = f"{incident.latest.at:%Y-%m-%dT%H:%M:%SZ}"
    link = f"https://status.acme.example/incidents/{incident.id}"
    return f"""  <entry>
    <id>tag:status.acme.example,2005:Incident/{incident.id}</id>
    <published>{at}</published>
    <updated>{at}</updated>
    <link rel="alternate" type="text/html" href="{link}"/>
    <title>{escape(legal(incident.name))}</title>
    <content type="html">{escape(legal(content(incident)))}</content>
  </entry>
"""


def write(incidents, _components):
    newest = max((each.latest.at for each in incidents), default=START)
    feed = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">
  <id>tag:status.acme.example,2005:/history</id>
  <link rel="alternate" type="text/html" href="https://status.acme.example"/>
  <link rel="self" type="application/atom+xml" href="https://status.acme.example/updates.atom"/>
  <title>Acme Status - Incident History</title>
  <updated>{newest + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}</updated>
  <author><name>Acme</name></author>
{"".join(entry(each) for each in reversed(incidents))}</feed>
"""
    return {"": HTML, "https://status.acme.example/updates.atom": feed.encode()}


DIALECT = Dialect(
    platform="feed",
    write=write,
    update_ids=False,
    impacts=(Impact.NOTICE,),
    products=False,
    components=False,
    most_requests=40,  # pages of many platforms have feeds, too: it is tried after all else
)
