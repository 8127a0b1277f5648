"""Which pages to watch in this run, and how often: settings, environment and command line put together."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from ..catalogue import by_address, by_name, known_pages, normalise, page_id
from ..core.attention import Rules
from ..core.model import Impact, Page
from ..core.text import clean_line
from ..core.wishes import quiet_hours
from ..errors import SettingsError, UsageError
from .settings import DEFAULT_THRESHOLD, PageSetting, Settings
from .suggestions import nearest

DEFAULT_PAGE = "openai"
INTERVAL_VARIABLE = "POLL_INTERVAL_SECONDS"

LONGEST_WAIT = threading.TIMEOUT_MAX / 2
"""Seconds that this machine can be told to wait, with room for lateness: over a century; on Windows three weeks."""


def interval_problem(seconds: float) -> str | None:
    """Why a number is no polling interval; None where it is one."""
    if math.isnan(seconds) or seconds < 1:
        return "must be 1 second or more"
    return "must come to an end" if math.isinf(seconds) else None


def capped(interval: float) -> float:
    """An interval as this machine can keep it."""
    return min(interval, LONGEST_WAIT)


def read_interval(text: str, source: str) -> float:
    """An interval from the command line or the environment. Raises UsageError that names the source."""
    try:
        seconds = float(text)
    except ValueError:
        raise UsageError(f"{source}: “{clean_line(text, 40)}” is not a number of seconds from 1 up") from None
    if problem := interval_problem(seconds):
        raise UsageError(f"{source}: {clean_line(text, 40)}: the interval {problem}")
    return seconds


def choose_pages(
    settings: Settings, wanted: tuple[str, ...], environment: Mapping[str, str], interval: float | None
) -> tuple[Page, ...]:
    """The pages to watch in this run. `wanted` are names or addresses; empty means those of the settings.

    Of the intervals the later one wins: of all pages, of this page, of the environment, of the command line.
    Raises UsageError for a name that nobody knows and for an address that is none.
    """
    overall = interval
    if overall is None and (told := environment.get(INTERVAL_VARIABLE)):
        overall = read_interval(told, INTERVAL_VARIABLE)
    chosen = [find_page(settings, text) for text in wanted] or [each for each in settings.pages if each.enabled]
    if not chosen and not settings.pages:
        chosen = [find_page(settings, DEFAULT_PAGE)]
    if not chosen:
        raise SettingsError(settings.all_off)
    pages: dict[str, Page] = {}
    for each in chosen:
        page = page_of(each, overall or each.interval_seconds or settings.poll_interval_seconds)
        relaxed = replace(
            page,
            notify_from=Impact(each.notify_from or settings.notify_from),
            relax_when_quiet=settings.relax_when_quiet,
            relax_on_battery=settings.relax_on_battery,
        )
        pages.setdefault(page.id, relaxed)
    return tuple(pages.values())


def find_page(settings: Settings, text: str, source: str = "--page") -> PageSetting:
    """The page of that name or address: the settings' own where it is there. Raises UsageError that names the source.

    A page that only has an address gets no name.
    """
    name = text.strip().casefold()
    for setting in settings.pages:
        if setting.name.casefold() == name:
            return setting
    if entry := by_name(text):
        found = PageSetting(name=entry.name, url=entry.url)
        return next((each for each in settings.pages if each.url == entry.url), found)
    looks_like_address = "://" in text or "." in text or ":" in text or text.strip() == "localhost"
    url = normalise(text) if looks_like_address else None
    if url is None:
        raise UsageError(
            f"{source}: “{clean_line(text, 80)}” is neither a known page nor an address; {_hint(settings, text)}"
        )
    same = next((each for each in settings.pages if each.url == url), None)
    return same or PageSetting(name="", url=url)


def _hint(settings: Settings, text: str) -> str:
    """What a name that nobody knows may have meant, by names, ids and aliases."""
    meant = {setting.name: setting.name for setting in settings.pages}
    for entry in known_pages():
        for name in (entry.name, entry.id, *entry.aliases):
            meant.setdefault(name, entry.name)
    if near := nearest(text.strip(), meant, likeness=0.6):
        return f"did you mean “{meant[near[0]]}”?"
    names = [setting.name for setting in settings.pages[:10]] or ["OpenAI"]
    return f"give an address, such as https://status.example.com, or a name, such as {', '.join(names)}"


def page_of(setting: PageSetting, interval: float) -> Page:
    """A page with the id that the history knows it by: the catalogue's, or its address; never its name."""
    entry = by_address(setting.url)
    name = setting.name or (entry.name if entry else "")
    return Page(
        id=entry.id if entry else page_id(setting.url),
        name=name or setting.url.split("://", 1)[1],
        url=setting.url,
        interval=capped(interval),
        named=bool(name),
        components=setting.components,
        category=setting.category or (entry.category if entry else ""),
        regions=setting.regions,
        notify_from=Impact(setting.notify_from or DEFAULT_THRESHOLD),
        probe=setting.probe,
    )


def rules_of(settings: Settings) -> Rules:
    """What the settings say of all pages' notices."""
    minutes = settings.maintenance_reminder_minutes
    return Rules(
        quiet=quiet_hours(settings.quiet_hours) if settings.quiet_hours else None,
        breaks_through=Impact(settings.quiet_except),
        remind=timedelta(minutes=minutes) if minutes else None,
        sounds=settings.sounds,
        language=settings.language,
        icon=settings.icon,
        notify_from=Impact(settings.notify_from),
        kept=timedelta(days=settings.history_days),
    )
