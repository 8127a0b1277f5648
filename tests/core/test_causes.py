"""Whose fault it is: one row a situation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.core.causes import Outcome, cause, wants_a_witness, wider_names
from tray_status.core.exchange import Problem, Sign
from tray_status.core.model import Reading

AT = datetime(2026, 3, 1, tzinfo=timezone.utc)

NAME = Problem(Reading.UNREACHABLE, "the name cannot be found", sign=Sign.NO_NAME)
NAME_SERVER = Problem(Reading.UNREACHABLE, "the name cannot be found", sign=Sign.NO_NAME_SERVER)
ROUTE = Problem(Reading.UNREACHABLE, "cannot be reached: network is unreachable", sign=Sign.NO_ROUTE)
SILENCE = Problem(Reading.UNREACHABLE, "did not answer within 20 s", sign=Sign.SILENCE)
REFUSED = Problem(Reading.UNREACHABLE, "refused the connection")
HTML = Problem(Reading.BROKEN, "a web page", sign=Sign.WEB_PAGE)
CERTIFICATE = Problem(Reading.BLOCKED, "the certificate is not accepted")
TROUBLE_OF_ITS_OWN = Problem(Reading.UNREACHABLE, "has trouble of its own (HTTP 503)")
NOT_JSON = Problem(Reading.BROKEN, "not valid JSON")


def page(problem, host="a.example", platform="statuspage", near=False):
    return Outcome(host, platform, near, AT, problem)


def probe(problem, host="api.example"):
    return Outcome(host, None, False, AT, problem, is_probe=True)


def other(problem=None, host="b.example", platform="incident.io", near=False):
    return page(problem, host, platform, near)


def hosts(how_many, problem, platform="statuspage"):
    return [other(problem, f"h{number}.example", platform) for number in range(how_many)]


ROWS = {
    "alone, its name unknown, and its owner's found": (page(NAME), [], True, "unreachable"),
    "alone, silent": (page(SILENCE), [], True, "unreachable"),
    "alone, no name server": (page(NAME_SERVER), [], True, "offline"),
    "alone, no route": (page(NAME), [], False, "offline"),
    "alone, the network says that it cannot": (page(ROUTE), [], True, "offline"),
    "alone, broken, no route": (page(NOT_JSON), [], False, "broken"),
    "another one is read": (page(SILENCE), [other()], True, "unreachable"),
    "another one is read, so there was a route": (page(NAME_SERVER), [other()], False, "unreachable"),
    "another one answers nonsense": (page(NAME_SERVER), [other(NOT_JSON)], True, "unreachable"),
    "another one is down for itself": (page(ROUTE), [other(TROUBLE_OF_ITS_OWN)], True, "unreachable"),
    "no name is known": (page(NAME), [other(NAME)], True, "offline"),
    "one name, one silence, two platforms": (page(NAME), [other(SILENCE)], True, "offline"),
    "all silent, two platforms": (page(SILENCE), [other(SILENCE)], True, "offline"),
    "all silent, one platform": (page(SILENCE), hosts(1, SILENCE), True, "unreachable"),
    "all silent, one platform, quorum": (page(SILENCE), hosts(2, SILENCE), True, "host_down"),
    "most of a platform silent": (page(SILENCE), [*hosts(2, SILENCE), other()], True, "host_down"),
    "most of a platform in trouble": (page(TROUBLE_OF_ITS_OWN), hosts(4, TROUBLE_OF_ITS_OWN), True, "host_down"),
    "a minority of a platform": (
        page(SILENCE),
        [*hosts(2, SILENCE), *(other(None, f"w{n}.example", "statuspage") for n in range(3))],
        True,
        "unreachable",
    ),
    "most of a host": (page(SILENCE), [other(SILENCE, "a.example"), other(NAME, "a.example")], True, "host_down"),
    "never read, as two others": (page(SILENCE, platform=None), hosts(2, SILENCE), True, "offline"),
    "alone, refused": (page(REFUSED), [], True, "unreachable"),
    "all refuse, two platforms": (page(REFUSED), [other(REFUSED)], True, "unreachable"),
    "silent, and another one refuses": (page(SILENCE), [other(REFUSED)], True, "unreachable"),
    "a probe, alone": (probe(SILENCE), [], True, "offline"),
    "a probe of no name, alone": (probe(NAME), [], True, "offline"),
    "a probe, and its page is as silent": (probe(SILENCE), [page(SILENCE)], True, "offline"),
    "a probe, and its page on the same host is as silent": (
        probe(SILENCE, "a.example"), [page(SILENCE)], True, "offline",
    ),
    "a probe, and whole platforms are as silent": (probe(SILENCE), hosts(5, SILENCE), True, "offline"),
    "a probe, and near things are well": (probe(SILENCE), [other(near=True)], True, "offline"),
    "a probe, and others meet a portal": (probe(SILENCE), [other(HTML), other(CERTIFICATE)], True, "offline"),
    "a probe, and another page is read": (probe(SILENCE), [page(SILENCE), other()], True, "unreachable"),
    "a probe, and its page is read": (probe(SILENCE), [page(None)], True, "unreachable"),
    "a probe, and its page answers nonsense": (probe(NAME), [page(NOT_JSON)], True, "unreachable"),
    "a probe that is refused": (probe(REFUSED), [], True, "unreachable"),
    "a probe that has trouble of its own": (probe(TROUBLE_OF_ITS_OWN), [page(SILENCE)], True, "unreachable"),
    "a probe whose certificate is wrong": (probe(CERTIFICATE), [], True, "offline"),
    "a probe whose certificate is wrong, and another page is read": (
        probe(CERTIFICATE), [other()], True, "blocked",
    ),
    "a near probe": (replace(probe(SILENCE), near=True), [], False, "unreachable"),
    "a portal": (page(HTML), [other(HTML)], True, "blocked"),
    "a portal that cannot forge certificates": (page(HTML), [other(CERTIFICATE)], True, "blocked"),
    "moved": (page(HTML), [other()], True, "broken"),
    "moved, and nothing else to tell": (page(HTML), [], True, "broken"),
    "a wrong certificate": (page(CERTIFICATE), [other(SILENCE)], True, "blocked"),
    "near, and no route": (page(SILENCE, near=True), [], False, "unreachable"),
    "near things tell nothing": (page(NAME_SERVER), [other(near=True)], True, "offline"),
    "three of one near host": (
        page(SILENCE, near=True),
        [other(SILENCE, "a.example", near=True), other(SILENCE, "a.example", near=True)],
        False,
        "host_down",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_a_situation_has_one_cause(row):
    mine, others, routed, expected = row
    assert cause(mine, others, routed=routed).reading.value == expected


def test_where_no_other_name_is_found_either_a_lone_page_is_not_blamed():
    assert cause(page(NAME), [], routed=True, names=False).reading is Reading.OFFLINE
    assert cause(page(SILENCE), [], routed=True, names=False).reading is Reading.UNREACHABLE
    assert cause(page(NAME), [other()], routed=True, names=False).reading is Reading.UNREACHABLE


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("status.acme.example", ("acme.example",)),
        ("a.b.acme.example:8443", ("b.acme.example", "acme.example")),
        ("acme.example", ()),
        ("nas", ()),
    ],
)
def test_the_wider_names_of_a_host(host, names):
    assert wider_names(host) == names


PROBLEMS = st.sampled_from(
    [NAME, NAME_SERVER, ROUTE, SILENCE, REFUSED, HTML, CERTIFICATE, TROUBLE_OF_ITS_OWN, NOT_JSON, None]
)
OUTCOMES = st.builds(
    Outcome,
    st.sampled_from(["a.example", "b.example", "c.example", "d.example"]),
    st.sampled_from(["statuspage", "incident.io", None]),
    st.booleans(),
    st.just(AT),
    PROBLEMS,
    st.booleans(),
)


@given(OUTCOMES.filter(lambda each: each.problem is not None), st.lists(OUTCOMES, max_size=8), st.booleans())
def test_whoever_hears_from_elsewhere_is_not_offline_and_every_cause_has_words(mine, others, routed):
    found = cause(mine, others, routed=routed)
    assert found.text
    assert found.reading in (
        Reading.OFFLINE, Reading.BLOCKED, Reading.BROKEN, Reading.UNREACHABLE, Reading.HOST_DOWN
    )  # fmt: skip
    heard = any(not each.near and each.host != mine.host and each.problem is None for each in others)
    if heard or mine.near:
        assert found.reading is not Reading.OFFLINE
    if found.reading in (Reading.OFFLINE, Reading.HOST_DOWN):
        assert found.cure
    assert cause(mine, list(reversed(others)), routed=routed) == found


def test_what_was_read_has_no_cause():
    with pytest.raises(ValueError, match="no cause"):
        cause(page(None), [], routed=True)


def test_a_witness_is_wanted_only_in_doubt():
    assert wants_a_witness(page(SILENCE), [])
    assert wants_a_witness(page(HTML), [other(near=True)])
    assert not wants_a_witness(page(SILENCE), [other(SILENCE)])
    assert not wants_a_witness(page(SILENCE, near=True), [])
    assert not wants_a_witness(page(TROUBLE_OF_ITS_OWN), [])
