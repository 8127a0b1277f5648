"""How everything stands as numbers, in the text that Prometheus reads. Pure.

The format: https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .model import Impact, Reading, badness
from .view import Overview, PageView

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

SEVERITY: Mapping[Impact, int] = {
    impact: rank
    for rank, impact in enumerate(sorted((each for each in Impact if each is not Impact.UNKNOWN), key=badness))
}
"""none 0, notice 1, maintenance 2, minor 3, major 4, critical 5; what is not known is -1."""


@dataclass(frozen=True, slots=True)
class Polls:
    """How polling a page went since the program started."""

    count: int = 0
    failed: int = 0
    seconds: float = 0.0
    """All of them together."""
    last_seconds: float = 0.0


def exposition(overview: Overview, polls: Mapping[str, Polls], last_event: int, version: str, now: datetime) -> str:
    """All metrics; `polls` are of the pages that this process polls itself, by id."""
    lines: list[str] = []
    views = sorted(overview.pages, key=lambda view: view.page.id)
    _add(lines, "build_info", "gauge", "The program that tells this.", [({"version": version}, 1)])
    _add(
        lines, "severity", "gauge",
        "The worst of all pages: none 0, notice 1, maintenance 2, minor 3, major 4, critical 5; not known -1.",
        [({}, SEVERITY.get(overview.worst, -1))],
    )  # fmt: skip
    _add(lines, "events_total", "counter", "The number of the last event in the log.", [({}, last_event)])
    for name, kind, words, value in _OF_PAGES:
        rows = [({"page": view.page.id}, value(view, now)) for view in views]
        _add(lines, name, kind, words, [(labels, found) for labels, found in rows if found is not None])
    states = [
        ({"page": view.page.id, "impact": impact.value}, int(view.impact is impact))
        for view in views
        for impact in Impact
    ]
    _add(lines, "page_impact", "gauge", "1 for the impact that a page has now, 0 for all others.", states)
    readings = [
        ({"page": view.page.id, "reading": each.value}, int(view.reading is each))
        for view in views
        for each in Reading
    ]
    _add(lines, "page_reading", "gauge", "1 for how well a page can be read now, 0 for all others.", readings)
    names = [({"page": view.page.id, "name": view.page.name, "url": view.page.url}, 1) for view in views]
    _add(lines, "page_info", "gauge", "What a page is called, and where it is.", names)
    for name, kind, words, of in _OF_POLLS:
        _add(lines, name, kind, words, [({"page": key}, of(polls[key])) for key in sorted(polls)])
    return "\n".join(lines) + "\n"


def _age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else round(max(0.0, (now - at).total_seconds()), 3)


_OF_PAGES: tuple[tuple[str, str, str, Callable[[PageView, datetime], float | None]], ...] = (
    (
        "page_severity", "gauge", "How bad a page is, as numbered above.",
        lambda view, _: SEVERITY.get(view.impact, -1),
    ),
    ("page_open_incidents", "gauge", "Incidents that are open on a page.", lambda view, _: len(view.open_incidents)),
    (
        "page_maintenances_under_way", "gauge", "Maintenances that go on on a page.",
        lambda view, _: sum(each.is_open for each in view.maintenances),
    ),
    (
        "page_readable", "gauge", "Whether a page was read lately and told what is open.",
        lambda view, _: int(view.reading is Reading.FRESH),
    ),
    (
        "page_read_age_seconds", "gauge", "How long ago a page was last read; missing where it never was.",
        lambda view, now: _age(view.state.read_at, now),
    ),
    (
        "page_changed_age_seconds", "gauge", "How long ago something on a page last changed.",
        lambda view, now: _age(view.state.changed_at, now),
    ),
)  # fmt: skip

_OF_POLLS: tuple[tuple[str, str, str, Callable[[Polls], float]], ...] = (
    ("page_polls_total", "counter", "Polls of a page since the start.", lambda each: each.count),
    ("page_poll_failures_total", "counter", "Polls that failed, since the start.", lambda each: each.failed),
    (
        "page_poll_seconds_total", "counter", "What all polls of a page took together, since the start.",
        lambda each: round(each.seconds, 6),
    ),
    ("page_poll_last_seconds", "gauge", "What the last poll took.", lambda each: round(each.last_seconds, 6)),
)  # fmt: skip


def _add(lines: list[str], name: str, kind: str, words: str, rows: Iterable[tuple[Mapping[str, str], float]]) -> None:
    full = f"tray_status_{name}"
    lines += [f"# HELP {full} {words}", f"# TYPE {full} {kind}"]
    for labels, value in rows:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{full}{{{told}}} {value}" if told else f"{full} {value}")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
