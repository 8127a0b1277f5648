"""What can be asked of `/api/v1`, described as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

from typing import Any

from .. import __version__
from ..core.events import EventKind
from ..core.model import Impact, Reading

_TIME = {"type": ["string", "null"], "format": "date-time"}
_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(of: Any) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _words(found: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [each.value for each in found]}


_SCHEMAS: dict[str, Any] = {
    "Impact": _words(Impact),
    "Reading": _words(Reading),
    "Update": _object(id=_TEXT, state=_TEXT, text=_TEXT),
    "TimedUpdate": _object(id=_TEXT, state=_TEXT, text=_TEXT, at=_TIME),
    "Incident": _object(
        id=_TEXT, name=_TEXT, impact=_ref("Impact"), state=_TEXT, components=_list(_TEXT), url=_MAYBE,
        started_at=_TIME, resolved_at=_TIME,
    ),
    "IncidentWithUpdates": {"allOf": [_ref("Incident"), _object(updates=_list(_ref("TimedUpdate")))]},
    "Problem": _object(reading=_ref("Reading"), text=_TEXT, cure=_TEXT),
    "Page": _object(
        id=_TEXT, name=_TEXT, url=_TEXT, platform=_MAYBE, reading=_ref("Reading"),
        problem={"anyOf": [_ref("Problem"), {"type": "null"}]}, impact=_ref("Impact"),
        checked_at=_TIME, read_at=_TIME, changed_at=_TIME,
        incidents=_list(_ref("IncidentWithUpdates")), maintenances=_list(_ref("IncidentWithUpdates")),
        components=_list(_object(id=_TEXT, name=_TEXT, group=_MAYBE, impact=_ref("Impact"))),
    ),
    "Status": _object(v={"const": 1}, worst=_ref("Impact"), pages=_list(_ref("Page"))),
    "Event": {
        **_object(
            v={"const": 1}, seq={"type": "integer", "minimum": 1}, kind=_words(EventKind), at=_TIME, seen_at=_TIME,
            page=_object(id=_TEXT, name=_TEXT, url=_TEXT), incident={"anyOf": [_ref("Incident"), {"type": "null"}]},
            update={"anyOf": [_ref("Update"), {"type": "null"}]},
        ),
        "description": "`component` or `problem` tells where `incident` is null.",
    },
    "Events": _object(v={"const": 1}, next={"type": "integer"}, events=_list(_ref("Event"))),
    "Incidents": _object(
        v={"const": 1}, count={"type": "integer"},
        incidents=_list(
            {"allOf": [_ref("IncidentWithUpdates"), _object(page=_TEXT, kind={"enum": ["incident", "maintenance"]})]}
        ),
    ),
    "Error": _object(v={"const": 1}, error=_TEXT),
}  # fmt: skip


def _parameter(name: str, words: str, schema: Any = _TEXT) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "required": False, "schema": schema}


def _get(words: str, schema: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    def answer(told: str, name: str) -> dict[str, Any]:
        return {"description": told, "content": {"application/json": {"schema": _ref(name)}}}

    answers = {"200": answer("What was asked for.", schema), "503": answer("The history cannot be read.", "Error")}
    if parameters:
        answers["400"] = answer("A parameter cannot be understood; the words say which.", "Error")
    return {"get": {"summary": words, "parameters": list(parameters), "responses": answers}}


_COUNT = {"type": "integer", "minimum": 0}

_PATHS = {
    "/api/v1/status": _get("How the pages stand, worst first.", "Status"),
    "/api/v1/events": _get(
        "The log of events, oldest first. Ask again with `after` set to `next` for what came since.",
        "Events",
        _parameter("after", "Only events with a higher `seq`.", _COUNT),
        _parameter("limit", "At most so many; 1000 without it, and at most.", _COUNT),
        _parameter("page", "The id of a page; may repeat."),
    ),
    "/api/v1/incidents": _get(
        "Incidents and maintenances that are kept, newest first.",
        "Incidents",
        _parameter("q", "Words of the name or of an update."),
        _parameter("page", "The id of a page."),
        _parameter("component", "A part of a component's name."),
        _parameter("impact", "critical, major, minor, none or maintenance."),
        _parameter("from", "A day such as 2026-01-31, or a span such as 7d."),
        _parameter("to", "The last day."),
        _parameter("open", "1 for what is open only."),
        _parameter("after", "Leave out the first so many.", _COUNT),
        _parameter("limit", "At most so many; 50 without it, 200 at most.", _COUNT),
    ),
}


def document(address: str) -> dict[str, Any]:
    """The whole description; `address` is where this program is asked."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tray Status",
            "version": __version__,
            "description": "Read-only. Beyond this computer the password is asked for, as HTTP Basic or as a bearer"
            " token.",
        },
        "servers": [{"url": address}],
        "security": [{}, {"password": []}, {"token": []}],
        "paths": _PATHS,
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "password": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }
