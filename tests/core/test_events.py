"""Events as JSON: the contract's shape, and back again."""

from __future__ import annotations

import json
from datetime import datetime, timezone

from tray_status.core.events import ComponentChange, Event, EventKind, PageProblem, from_json, to_json
from tray_status.core.model import Affected, Impact, Incident, Page, Reading, State, Update

AT = datetime(2025, 11, 3, 14, 32, tzinfo=timezone.utc)
SEEN = datetime(2025, 11, 3, 14, 32, 41, tzinfo=timezone.utc)
PAGE = Page("openai", "OpenAI", "https://status.openai.com")
UPDATE = Update("01KU", State.INVESTIGATING, "investigating", "We are looking.", AT)
INCIDENT = Incident(
    "01KI",
    "Elevated errors",
    State.INVESTIGATING,
    "investigating",
    impact=Impact.MINOR,
    url="https://status.openai.com/incidents/01KI",
    started_at=AT,
    affected=(Affected("c", "ChatGPT"),),
    updates=(UPDATE,),
)


def test_an_incident_event_has_the_shape_of_the_contract():
    event = Event(EventKind.UPDATED, PAGE, AT, SEEN, INCIDENT, UPDATE, seq=17)
    assert to_json(event) == {
        "v": 1,
        "seq": 17,
        "kind": "updated",
        "at": "2025-11-03T14:32:00Z",
        "seen_at": "2025-11-03T14:32:41Z",
        "page": {"id": "openai", "name": "OpenAI", "url": "https://status.openai.com"},
        "incident": {
            "id": "01KI",
            "name": "Elevated errors",
            "impact": "minor",
            "state": "investigating",
            "components": ["ChatGPT"],
            "url": "https://status.openai.com/incidents/01KI",
            "started_at": "2025-11-03T14:32:00Z",
            "resolved_at": None,
        },
        "update": {"id": "01KU", "state": "investigating", "text": "We are looking."},
    }


def test_events_without_an_incident_say_so_and_tell_what_it_is():
    change = ComponentChange("c", "API", Impact.NONE, Impact.MAJOR)
    told = to_json(Event(EventKind.COMPONENT_CHANGED, PAGE, AT, SEEN, component=change))
    assert told["incident"] is told["update"] is None
    assert told["component"] == {"id": "c", "name": "API", "before": "none", "impact": "major", "posted": True}
    problem = PageProblem(Reading.BROKEN, "it answers with a web page", "Check the address.")
    told = to_json(Event(EventKind.PAGE_UNREADABLE, PAGE, AT, SEEN, problem=problem))
    assert told["incident"] is told["update"] is None
    assert told["problem"]["reading"] == "broken"


def test_every_kind_survives_the_way_into_the_log_and_back():
    problem = PageProblem(Reading.BROKEN, "text", "cure")
    change = ComponentChange("c", "API", Impact.NONE, Impact.MAJOR)
    for event in (
        Event(EventKind.OPENED, PAGE, AT, SEEN, INCIDENT, UPDATE, seq=1),
        Event(EventKind.PAGE_READABLE, PAGE, AT, SEEN, problem=problem, seq=2),
        Event(EventKind.COMPONENT_CHANGED, PAGE, AT, SEEN, component=change, seq=3),
    ):
        told = to_json(event)
        assert to_json(from_json(json.loads(json.dumps(told)))) == told


def test_a_word_never_seen_is_kept_as_the_vendor_wrote_it():
    odd = Incident("i", "n", State.UNKNOWN, "pondering")
    told = to_json(Event(EventKind.OPENED, PAGE, AT, SEEN, odd, Update("u", State.UNKNOWN, "pondering", "", AT)))
    assert told["incident"]["state"] == told["update"]["state"] == "pondering"
    assert to_json(from_json(told)) == told
