"""Pages, incidents and events as tests of the inner layers need them: made directly, each field as it is told."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from tray_status.core.events import Event, EventKind, PageProblem
from tray_status.core.model import Affected, Impact, Incident, Page, Reading, Snapshot, State, Update
from tray_status.core.view import PageState

START = datetime(2025, 11, 3, 14, 32, tzinfo=timezone.utc)
NOW = START + timedelta(hours=1)
ACME = Page("acme", "Acme", "https://status.acme.example")
ZENITH = Page("zenith", "Zenith", "https://status.zenith.example")
TIMEOUT = PageProblem(Reading.UNREACHABLE, "status.acme.example did not answer within 10 s", "Try it in a browser.")


def update(
    number: int = 1, state: State = State.INVESTIGATING, text: str | None = "We look into it.", **more
) -> Update:
    """An update `number` minutes after START; `more` replaces fields or adds to them, here and below."""
    told = {"word": state.value, "at": START + timedelta(minutes=number), "source": "v2", **more}
    return Update(f"u{number}", state, text=text, **told)


def incident(*updates: Update, id: str = "i1", name: str = "Elevated errors", **more) -> Incident:
    """A minor incident that touches the API; its last update says how it stands."""
    state = updates[-1].state if updates else State.INVESTIGATING
    told = {
        "state": state,
        "word": state.value,
        "impact": Impact.MINOR,
        "url": f"https://status.acme.example/incidents/{id}",
        "started_at": START,
        "affected": (Affected("c1", "API"),),
        **more,
    }
    return Incident(id, name, updates=updates, **told)


def event(kind: EventKind = EventKind.OPENED, subject: Incident | None = None, page: Page = ACME, **more) -> Event:
    """An event of an incident, with the incident's latest update; without one, an event of the page."""
    latest = subject.latest if subject else None
    told = {"at": latest.at if latest else START, "seen_at": NOW, "incident": subject, "update": latest, **more}
    return Event(kind, page, **told)


def snapshot(*incidents: Incident, **more) -> Snapshot:
    """What a page told that tells everything."""
    told = {"name": "Acme", "open_told": True, "open_maintenances_told": True, "history_told": True, **more}
    return Snapshot("statuspage", incidents=incidents, **told)


def state_of(page: Page, *open_incidents: Incident, **more) -> PageState:
    """A page that was read a moment before NOW and is fine but for these incidents."""
    told = {
        "reading": Reading.FRESH,
        "open_told": True,
        "indicator": Impact.NONE,
        "read_at": NOW - timedelta(seconds=5),
        "checked_at": NOW - timedelta(seconds=5),
        "tracked": len(open_incidents),
        **more,
    }
    return PageState(page, open_incidents=open_incidents, **told)
