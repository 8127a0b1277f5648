"""Every fault that a host can have, in the life of a watched page that has an open incident.

The page is read, then polled three times while the host has the fault, then the vendor posts an update and the host is
well again. Whatever the fault: never green, nothing told twice, nothing lost, and read again with the next good answer.
"""

from __future__ import annotations

import copy
import json
import time
import tracemalloc
from functools import cache

import pytest

from tests.faults import FAULTS, Asked, FaultHost, Wire, answer, json_bomb, packed_bomb, redirects, says
from tests.loopback import INCIDENTS, SUMMARY, UNRESOLVED, component, incident, page, statuspage, update
from tests.watching import Watch, now
from tray_status.core.exchange import Answer, Request
from tray_status.core.model import Impact, Reading
from tray_status.core.view import look
from tray_status.errors import NotThisPlatform
from tray_status.providers.documents import PARTS_LIMIT, Told, decode_json, judge

U1, U2 = update("u1"), update("u2", "identified", "A cable.", at="2026-03-01T12:05:00Z")
U3 = update("u3", "monitoring", "A new cable.", at="2026-03-01T12:10:00Z")
BEFORE = incident("inc1", U1, U2)
API = component("API", "degraded_performance")
GOOD = statuspage(BEFORE, components=[API], indicator="minor")
AFTER = statuspage(incident("inc1", U1, U2, U3), components=[API], indicator="minor")

SECONDS = 20.0
"""Three polls of the slowest fault take three deadlines of half a second; far from this."""


def serves(documents, *headers):
    """Each path's document, as bytes or as anything that JSON can say; a 404 for others."""

    def behaviour(wire: Wire, asked: Asked) -> None:
        document = documents.get(asked.target)
        if document is None:
            wire.say(answer(b"", status="404 Not Found"))
        else:
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            wire.say(answer(body, "Content-Type: application/json", *headers))

    return behaviour


def everywhere(body, *headers, status="200 OK"):
    return says(answer(body, *headers, status=status))


def bent(bend):
    """The good documents after `bend` had its way with each incident list and each document."""
    documents = copy.deepcopy(GOOD)
    for path in (SUMMARY, UNRESOLVED, INCIDENTS):
        bend(documents[path])
    return serves(documents)


def without_incidents(document):
    del document["incidents"]


def all_sorts_of_nothing(value):
    def bend(document):
        document["incidents"] = value

    return bent(bend)


def bent_incident(**more):
    def bend(document):
        document["incidents"][0].update(more)

    return bent(bend)


def an_etag_that_lies(wire: Wire, asked: Asked) -> None:
    """Says “not modified” to whoever names any version, whatever has changed since."""
    if "if-none-match" in asked.headers:
        wire.say(answer(b"", status="304 Not Modified"))
    else:
        serves(GOOD, 'ETag: "always"')(wire, asked)


def bomb(unit):
    """Whatever is asked for is a bomb."""
    return lambda wire, asked: wire.say(answer(json_bomb(unit), "Content-Encoding: gzip"))


@cache
def swollen():
    """The good documents, each with nearly as many parts as are taken, of the kind that becomes the largest."""
    more = {f"{number:x}": 0 for number in range(PARTS_LIMIT - 1000)}
    return {path: json.dumps({**GOOD[path], "x": more}).encode() for path in (SUMMARY, UNRESOLVED, INCIDENTS)}


BOMBS = {
    "JSON bomb of objects": bomb("{}"),
    "JSON bomb of lists": bomb("[[]]"),
    "JSON bomb of small objects": bomb('{"a":[]}'),
    "JSON bomb of numbers": bomb("0.5"),
    "JSON bomb of depth": bomb("[" * 400 + "]" * 400),
    "JSON bomb just small enough": lambda wire, asked: serves(swollen())(wire, asked),
}

HTML = b"<!doctype html><html><body>Please log in</body></html>"
SOME = json.dumps(GOOD[SUMMARY]).encode()

MEANING = {
    "web page for everything": everywhere(HTML, "Content-Type: text/html"),
    "web page, and not found": everywhere(HTML, "Content-Type: text/html", status="404 Not Found"),
    "redirect to a login page elsewhere": redirects("/login"),
    "challenge": everywhere(HTML, status="403 Forbidden"),
    "challenge with 405": everywhere(HTML, status="405 Method Not Allowed"),
    "login": everywhere(b"", status="401 Unauthorized"),
    "gone": everywhere(b"", status="410 Gone"),
    "too many requests": everywhere(b"", "Retry-After: 120", status="429 Too Many Requests"),
    "too many requests until the year 9999": everywhere(
        b"", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", status="429 Too Many Requests"
    ),
    "server error": everywhere(b"oops", status="500 Internal Server Error"),
    "unavailable": everywhere(HTML, "Retry-After: soon", status="503 Service Unavailable"),
    "a status nobody knows": everywhere(b"{}", status="299 Whatever"),
    "teapot": everywhere(b"{}", status="418 I'm a teapot"),
    "no content": says(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "empty body": everywhere(b""),
    "blank body": everywhere(b" \r\n\t "),
    "ETag that lies": an_etag_that_lies,
    "JSON cut off": everywhere(SOME[: len(SOME) // 2]),
    "JSON twice": everywhere(SOME + SOME),
    "JSON null": everywhere(b"null"),
    "JSON number": everywhere(b"42"),
    "JSON text": everywhere(b'"operational"'),
    "JSON list": everywhere(b"[]"),
    "JSON list of pages": everywhere(b"[" + SOME + b"]"),
    "JSON empty object": everywhere(b"{}"),
    "JSON 200,000 deep": everywhere(b"[" * 200_000 + b"]" * 200_000),
    "JSON objects 200,000 deep": everywhere(b'{"page":' * 200_000),
    "not a number": serves({**GOOD, SUMMARY: SOME.replace(b'"minor"', b"NaN")}),
    "infinity": serves({**GOOD, SUMMARY: SOME.replace(b'"minor"', b"-Infinity")}),
    **BOMBS,
    "a number of a million digits": everywhere(b'{"page": ' + b"9" * 1_000_000 + b"}"),
    "UTF-16": serves({key: json.dumps(value).encode("utf-16") for key, value in GOOD.items()}),
    "UTF-8 with BOM": serves({key: b"\xef\xbb\xbf" + json.dumps(value).encode() for key, value in GOOD.items()}),
    "broken UTF-8": everywhere(SOME.replace(b"Elevated", b"\xff\xfe\xfa")),
    "lone surrogates": everywhere(SOME.replace(b"Elevated", b"\\ud800")),
    "another API's answer": everywhere(b'{"status": "ok", "data": []}'),
    "only the page": serves({SUMMARY: {"page": page()}}),
    "no list of incidents": bent(without_incidents),
    "incidents null": all_sorts_of_nothing(None),
    "incidents a text": all_sorts_of_nothing("none"),
    "incidents an object": all_sorts_of_nothing({"0": BEFORE}),
    "incidents of nulls": all_sorts_of_nothing([None, 1, "x", [], {}]),
    "no id": bent_incident(id=None),
    "an id of another type": bent_incident(id=17),
    "another id": bent_incident(id="inc1-new"),
    "an id that is a list": bent_incident(id=["inc1"]),
    "no name": bent_incident(name=None),
    "a name of 10 MB": bent_incident(name="x" * 1_000_000),
    "a hostile name": bent_incident(name="\x1b]0;x\x07\u202egnp\0<b>&"),
    "no state": bent_incident(status=None),
    "a state nobody knows": bent_incident(status="pondering"),
    "no impact": bent_incident(impact=None),
    "an impact nobody knows": bent_incident(impact="apocalyptic"),
    "an impact that calms down to none": bent_incident(impact="none"),
    "no updates": bent_incident(incident_updates=None),
    "updates that are none": bent_incident(incident_updates=[None, 3, {}]),
    "updates without ids": bent_incident(
        incident_updates=[{**each, "id": None} for each in BEFORE["incident_updates"]]
    ),
    "updates in another order": bent_incident(incident_updates=BEFORE["incident_updates"][::-1]),
    "an update twice": bent_incident(incident_updates=BEFORE["incident_updates"] * 2),
    "an incident twice": all_sorts_of_nothing([BEFORE, BEFORE]),
    "times that go backwards": bent_incident(created_at="2027-01-01T00:00:00Z", updated_at="1970-01-01T00:00:00Z"),
    "times that are none": bent_incident(created_at="yesterday", started_at=0, updated_at={}),
    "times beyond all years": bent_incident(created_at="99999-01-01T00:00:00Z", started_at="-0001-01-01"),
    "a script for a link": bent_incident(shortlink="javascript:alert(1)"),
    "an indicator that is green": serves(statuspage(BEFORE, indicator="none")),
    "an indicator nobody knows": serves(statuspage(BEFORE, components=[API], indicator="purple")),
    "components gone": serves(
        {**statuspage(BEFORE, indicator="minor"), SUMMARY: {**GOOD[SUMMARY], "components": None}}
    ),
    "the page's id changes": serves(statuspage(BEFORE, components=[API], indicator="minor", page=page(id="other"))),
}
"""By name: what is wrong with what is said, where the way it is said is right."""

ONE_POLL = {
    "vanishes and returns": serves(statuspage(components=[API], indicator="minor")),
    "vanishes from the open ones only": serves({**statuspage(BEFORE), SUMMARY: statuspage()[SUMMARY]}),
}
"""Those that would be the truth, did they last."""

ALL = {
    **{name: (fault.behaviour, 3) for name, fault in FAULTS.items()},
    **{name: (behaviour, 3) for name, behaviour in MEANING.items()},
    **{name: (behaviour, 1) for name, behaviour in ONE_POLL.items()},
}


@pytest.mark.parametrize("name", ALL)
def test_a_fault_is_never_green_loses_nothing_and_repeats_nothing(name, record_property):
    packed_bomb()
    behaviour, polls = ALL[name]
    began = time.monotonic()
    with FaultHost(serves(GOOD, 'ETag: "first"')) as host:
        watch = Watch(host)
        assert watch.poll() == ["opened"]
        host.behaviour = behaviour
        watch.has_patience(0.5)
        shown = []
        told = []
        for _ in range(polls):
            told += watch.poll()
            view = look([watch.state], now()).pages[0]
            shown.append((view.impact, view.reading, view.problem.text if view.problem else ""))
            assert view.impact not in (Impact.NONE, Impact.UNKNOWN), "the known incident is still shown"
            assert [each.id for each in view.open_incidents if each.id == "inc1"] == ["inc1"]
            assert view.problem is not None or view.reading is Reading.FRESH
        host.behaviour = serves(AFTER)
        watch.has_patience(5.0)
        watch.forget_what_is_absent()
        told += watch.poll()
        if not {"updated", "edited"} & set(told):
            told += watch.poll()  # a document that was not asked for again at once
        recovered = look([watch.state], now()).pages[0]
        events = [event for event in watch.events if event.incident and event.incident.id == "inc1"]
        watch.close()
    keys = [(event.kind, event.update.id, event.update.text, event.update.state) for event in events]
    impact, reading, text = shown[-1]
    record_property("fault", (name, f"{impact.value}, {reading.value}", text or "—", recovered.reading.value))
    assert recovered.reading is Reading.FRESH
    assert recovered.impact is Impact.MINOR
    assert [event.update.id for event in events if event.update.id == "u3"] == ["u3"], keys
    assert len(keys) == len(set(keys)), keys
    assert time.monotonic() - began < SECONDS


MEMORY = 150 * 2**20
"""Bytes that a poll of a hostile page may take. A document of 24 MiB that was decoded took ten times as much."""


@pytest.mark.parametrize("name", BOMBS)
def test_no_document_takes_more_memory_than_is_bearable(name):
    with FaultHost(serves(GOOD)) as host:
        watch = Watch(host)
        watch.poll()
        host.behaviour = BOMBS[name]
        watch.fetcher.get(Request(f"{host.url}{SUMMARY}"))  # the host, which is in this process, has made it now
        tracemalloc.start()
        watch.poll()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        problem = look([watch.state], now()).pages[0].problem
        watch.close()
    assert peak < MEMORY, f"{peak:,} bytes"
    assert "500,000" in problem.text if name != "JSON bomb just small enough" else problem is None


def test_a_document_with_as_many_parts_as_allowed_is_read_and_one_more_is_not():
    fits = b"[" + b"0," * (PARTS_LIMIT - 1) + b"0]"
    assert len(decode_json(fits)) == PARTS_LIMIT
    with pytest.raises(NotThisPlatform, match="more parts"):
        decode_json(b"[0," + fits[1:])
    assert judge(Answer("https://a.example/", 200, fits), "a.example").told is Told.FRESH
    refused = judge(Answer("https://a.example/", 200, b"[0," + fits[1:]), "a.example")
    assert (refused.told, refused.problem.reading) == (Told.FAILED, Reading.BROKEN)
    assert "a.example has more parts" in refused.problem.text
