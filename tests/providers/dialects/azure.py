"""Azure's status feed, as recorded in July 2026: what is open, each with its latest words, or an empty channel."""

from __future__ import annotations

from html import escape

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, at

START = """<?xml version="1.0" encoding="utf-8"?>
<rss xmlns:a10="http://www.w3.org/2005/Atom"
  version="2.0">
  <channel xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <title>Azure Status</title>
    <link>https://azurestatusprodwus.azurewebsites.net/en-us/status/</link>
    <description>Azure Status</description>
    <language>en-us</language>
    <lastBuildDate>{built}</lastBuildDate>
"""
ITEM = """    <item>
      <guid
        isPermaLink="false">{guid}</guid>
      <link>https://azurestatusprodwus.azurewebsites.net/en-us/status/</link>
      {categories}
      <title>{title} </title>
      <description>{words}</description>
      <pubDate>{published}</pubDate>
    </item>
"""
END = """  </channel>
</rss>"""


def rfc(moment):
    return moment.strftime("%a, %d %b %Y %H:%M:%S Z")


def plain(text):
    """What XML may hold."""
    return escape("".join(char for char in text if char.isprintable() or char in "\n\u202e\u200b"))


def write(incidents, _components):
    listed = [each for each in incidents if each.kind is Kind.INCIDENT and each.is_open]
    built = max((each.latest.at for each in listed), default=at(0))
    items = [
        ITEM.format(
            guid=plain(each.name.lower().replace(" ", "-"))[:80],
            categories="".join(f"<category>{plain(part.name)}</category>" for part in each.affected),
            title=plain(each.name),
            words=plain(f"<p>{each.latest.text}</p>"),
            published=rfc(each.started_at),
        )
        for each in listed
    ]
    return {"/en-us/status/feed/": (START.format(built=rfc(built)) + "".join(items) + END).encode()}


DIALECT = Dialect(
    platform="azure",
    write=write,
    page_name="Azure",
    update_ids=False,
    every_update=False,
    keeps_resolved=False,
    impacts=(Impact.MAJOR,),
    states=(State.INVESTIGATING,),
    components=False,
    maintenance=False,
    most_requests=40,  # at its own address it takes one; elsewhere it is tried after all that many pages have
)
