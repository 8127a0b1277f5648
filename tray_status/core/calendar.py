"""Maintenances as a calendar that other programs subscribe to. Pure.

The format: RFC 5545 (iCalendar).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from .model import Incident, Page, State
from .text import cut, safe_url

LINE_BYTES = 75
"""A line has at most so many; what is longer goes on in the next one, behind a blank."""

WORDS_LIMIT = 2000

LASTS = timedelta(hours=1)
"""Shown for what has no end."""


def calendar(maintenances: Iterable[tuple[Page, Incident]], now: datetime) -> str:
    """One event for each that has a beginning; its number stays, so that what is moved moves."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tray Status//Maintenance//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Maintenance",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
    ]
    for page, each in maintenances:
        lines += _event(page, each, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(page: Page, maintenance: Incident, now: datetime) -> list[str]:
    begin = maintenance.scheduled_for or maintenance.started_at
    if begin is None:
        return []
    end = maintenance.scheduled_until or maintenance.resolved_at
    if end is None or end <= begin:
        end = begin + LASTS
    latest = maintenance.latest
    words = [latest.text or ""] if latest else []
    words += [f"Touches: {', '.join(maintenance.components)}"] if maintenance.components else []
    url = safe_url(maintenance.url) or safe_url(page.url)
    status = "CANCELLED" if maintenance.state in (State.CANCELLED, State.REMOVED) else "CONFIRMED"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_escaped(f'{page.id}/{maintenance.id}')}@tray-status",
        f"DTSTAMP:{_stamp(now)}",
        f"DTSTART:{_stamp(begin)}",
        f"DTEND:{_stamp(end)}",
        f"SUMMARY:{_escaped(f'{page.name}: {maintenance.name}')}",
        f"DESCRIPTION:{_escaped(cut(chr(10).join(filter(None, words)), WORDS_LIMIT))}",
        f"STATUS:{status}",
        "TRANSP:TRANSPARENT",
    ]
    lines += [f"URL:{url}"] if url else []
    return [*lines, "END:VEVENT"]


def _stamp(at: datetime) -> str:
    return at.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """In pieces of so many bytes at most, cut between characters."""
    pieces, room = [""], LINE_BYTES
    for char in line:
        size = len(char.encode())
        if size > room:
            pieces.append("")
            room = LINE_BYTES - 1
        pieces[-1] += char
        room -= size
    return "\r\n ".join(pieces)
