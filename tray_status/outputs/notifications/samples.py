"""One notice of each kind, of an invented vendor, to see and hear how they come on this desktop. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ...core.events import ComponentChange, Event, EventKind, PageProblem
from ...core.model import Affected, Impact, Incident, Kind, Page, Reading, State, Update
from ...core.notice import Notice
from ...core.notice_words import away_digest, notice, reminder, together_notice
from ...core.together import PAGES_WITHIN, Together

PAGE = Page("test", "Acme (a test)", "https://status.acme.example")


def samples(now: datetime) -> Iterator[tuple[str, Notice]]:
    """What each is, and the notice; none of them replaces a real one."""
    began = now - timedelta(minutes=72)
    minor, major, critical = (_incident(impact, began) for impact in (Impact.MINOR, Impact.MAJOR, Impact.CRITICAL))
    over = replace(minor, state=State.RESOLVED, word="resolved", resolved_at=now)
    planned = replace(
        minor, id="planned", name="New cables", kind=Kind.MAINTENANCE, state=State.SCHEDULED,
        scheduled_for=now + timedelta(minutes=30),
    )  # fmt: skip
    problem = PageProblem(Reading.UNREACHABLE, "status.acme.example did not answer within 20 s", "It is asked again.")
    found = (
        "Looks like a problem that the vendor has not posted yet. api.acme.example does not answer, says your probe."
    )
    down = ComponentChange("api", "API", Impact.NONE, Impact.MAJOR, posted=False)
    probe = ComponentChange("probe", "api.acme.example", Impact.NONE, Impact.UNKNOWN, posted=False, found=found)
    opened = [_event(EventKind.OPENED, now, incident=each) for each in (minor, major, critical)]
    for word, event in zip(("a minor incident", "a major one", "a critical one"), opened, strict=True):
        yield word, _named(word, notice(event, "2 h"))
    yield "its end", _named("over", notice(_event(EventKind.RESOLVED, now, incident=over)))
    yield (
        "a component without an incident",
        _named("part", notice(_event(EventKind.COMPONENT_CHANGED, now, component=down))),
    )
    yield "a probe's warning", _named("probe", notice(_event(EventKind.COMPONENT_CHANGED, now, component=probe)))
    yield (
        "a page that cannot be read",
        _named("page", notice(_event(EventKind.PAGE_UNREADABLE, now, problem=problem))),
    )
    yield "a reminder of maintenance", _named("reminder", reminder(PAGE, planned, now))
    yield "what opened together", _named("together", together_notice(Together(tuple(opened), PAGES_WITHIN)))
    yield "the digest after an absence", _named("away", away_digest(opened))


def _incident(impact: Impact, began: datetime) -> Incident:
    update = Update("u1", State.IDENTIFIED, "identified", "This is a test of Tray Status. Nothing is wrong.", began)
    return Incident(
        impact.value, f"A test: {impact.value} trouble", State.IDENTIFIED, "identified", impact=impact,
        started_at=began, affected=(Affected(None, "API"), Affected(None, "Dashboard")), updates=(update,),
    )  # fmt: skip


def _event(
    kind: EventKind,
    now: datetime,
    incident: Incident | None = None,
    component: ComponentChange | None = None,
    problem: PageProblem | None = None,
) -> Event:
    update = incident.latest if incident else None
    return Event(kind, PAGE, now, now, incident, update, component, problem)


def _named(key: str, shown: Notice | None) -> Notice:
    assert shown is not None  # noqa: S101 - each of these kinds has a notice
    return replace(shown, key=f"test:{key}", actions=())
