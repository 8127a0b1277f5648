"""Times as people write them into feeds: in any zone, often without a year. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta, timezone

TAGS = re.compile(r"<[^<>]{0,500}>")

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_DAY = r"([A-Z][a-z]{2})[a-z]{0,6}\.?\s{1,3}(\d{1,2})\s?,?\s{1,3}(?:(\d{4})\s?,?\s{1,3})?"
_CLOCK = r"(\d{1,2}):(\d\d)(?::\d\d)?\s{0,3}(AM|PM|am|pm)?"
_MOMENT = re.compile(rf"{_DAY}(?:at\s)?{_CLOCK}\s{{0,3}}([A-Z]{{2,5}})?")
_BY_NUMBERS = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ,]\s?(?:at\s)?(\d\d):(\d\d)(?::\d\d)?(?:\.\d{1,6})?\s?(Z|UTC|GMT)?"
)
_DUE = re.compile(
    rf"SCHEDULED EVENT\s{{1,3}}({_DAY}{_CLOCK})\s{{0,3}}[-–]\s{{0,3}}({_DAY})?({_CLOCK})\s{{0,3}}([A-Z]{{2,5}})?"
)

_ZONE = r"(?:\s?(?:UTC|GMT|Z|[A-Z]{1,3}[SD]?T)\b)?"
_DATE = (
    r"(?:[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:\s?,?\s\d{4})?|\d{1,2}\.?\s[A-Z][a-z]{2,8}\.?(?:\s?,?\s\d{4})?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
)
WRITTEN = (
    rf"(?:(?:[A-Z][a-z]{{2,8}},?\s)?{_DATE}[T,]?\s?(?:at\s|[-–]\s)?)?"
    rf"\d{{1,2}}:\d\d(?::\d\d)?(?:\.\d{{1,6}})?(?:\s?[AaPp]\.?[Mm]\b\.?)?{_ZONE}"
)
"""A time, with or without its day, in any of the usual forms; to be put into other patterns."""

_CLOCK_ALONE = re.compile(_CLOCK)


def moment_in(text: str, near: datetime | None) -> datetime | None:
    """A time as it stands, its zone left aside; without a year, it is the one that comes nearest."""
    text = " ".join(text.split())
    if told := _BY_NUMBERS.search(text):
        year, month, day, hour, minute = map(int, told.groups()[:5])
        try:
            return datetime(year, month, day, hour, minute, tzinfo=timezone.utc)
        except ValueError:
            return None
    match = _MOMENT.search(text)
    if match is None:
        return None
    month_name, day_text, year_text, hour_text, minute_text, half = match.groups()[:6]
    return _nearest(month_name, day_text, year_text, _hours(hour_text, half), minute_text, near)


def offset_in(text: str, at: datetime | None) -> timedelta | None:
    """How far the page's own zone is from UTC; where it is another, the newest update is the entry's time."""
    text = " ".join(text.split())
    moment = moment_in(text, at)
    if moment is None:
        return None
    told = _BY_NUMBERS.search(text)
    match = None if told else _MOMENT.search(text)
    zone = told[6] if told else match[7] if match else None
    if zone in ("UTC", "GMT", "Z"):
        return timedelta(0)
    if at is None or abs(moment - at) > timedelta(hours=14, minutes=8):
        return None
    return timedelta(minutes=15 * round((moment - at) / timedelta(minutes=15)))


def clock_in(text: str) -> int | None:
    """The time of day in minutes."""
    match = _CLOCK_ALONE.search(text)
    return _hours(match[1], match[3]) * 60 + int(match[2]) if match else None


def due_in(html: str, at: datetime | None) -> tuple[datetime | None, datetime | None]:
    """From when to when a scheduled event is due, where it is told in UTC."""
    match = _DUE.search(" ".join(TAGS.sub(" ", html[:2000]).split()))
    if match is None or match[match.lastindex or 0] not in ("UTC", "GMT"):
        return None, None
    _, month, day, year, hour, minute, half, *rest = match.groups()
    begin = _nearest(month, day, year, _hours(hour, half), minute, at)
    _, month2, day2, year2, _, hour2, minute2, half2, _ = rest
    end = _nearest(month2 or month, day2 or day, year2 or year, _hours(hour2, half2), minute2, begin)
    return begin, end


def _hours(hour: str, half: str | None) -> int:
    return int(hour) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour)


def _nearest(
    month: str, day: str, year: str | None, hour: int, minute: str, near: datetime | None
) -> datetime | None:
    years = [int(year)] if year else [near.year + step for step in (-1, 0, 1)] if near else []
    found = []
    for each in years:
        try:
            found.append(datetime(each, _MONTHS[month], int(day), hour, int(minute), tzinfo=timezone.utc))
        except (KeyError, ValueError):
            continue
    return min(found, key=lambda at: abs(at - near) if near else timedelta(0), default=None)
