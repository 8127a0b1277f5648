"""The past in the browser: what is found, one incident for good, a page with its parts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.specimens import ACME, NOW, START, ZENITH, incident, snapshot, state_of, update
from tray_status.core.diff import diff
from tray_status.core.model import Component, Impact, State
from tray_status.web.past import AT_ONCE
from tray_status.web.server import Server

from .showing import Shown, acme, ask


def tell(store, page, *incidents, at=NOW, **more):
    with store.writing(page) as writing:
        told = snapshot(*incidents, **more)
        writing.save(diff(writing.page, writing.known(told), told, at), told, at)


def over(number, **more):
    begun = START - timedelta(days=number)
    ended = begun + timedelta(minutes=72)
    return incident(
        update(1, at=begun), update(2, State.RESOLVED, text=f"Fixed after {number}.", at=ended),
        id=f"old-{number}", name=f"Trouble {number}", started_at=begun, resolved_at=ended, **more,
    )  # fmt: skip


@pytest.fixture
def source():
    shown = Shown(acme())
    tell(shown.store, ACME)
    return shown


@pytest.fixture
def server(source):
    with Server(source.site, "127.0.0.1", 0) as serving:
        yield serving


def text_of(server, path, **query):
    status, _, text = ask(server.url, f"{path}?{urlencode(query)}")
    assert status == 200
    return text


def rows(text):
    return re.findall(r'<td><a href="/incident\?[^"]*">([^<]*)</a>', text)


def test_the_history_is_told_newest_first_part_by_part(server, source):
    tell(source.store, ACME, *(over(number) for number in range(1, AT_ONCE + 4)))
    text = text_of(server, "/history")
    assert f"1 to {AT_ONCE} of {AT_ONCE + 3}" in text
    assert rows(text)[:2] == ["Trouble 1", "Trouble 2"]
    older = unescape(re.search(r'rel="next" href="([^"]*)"', text)[1])
    rest = ask(server.url, older)[2]
    assert rows(rest) == [f"Trouble {number}" for number in range(AT_ONCE + 1, AT_ONCE + 4)]
    assert 'rel="prev" href="/history?"' in rest
    assert 'rel="next"' not in rest
    assert "Nothing more" in text_of(server, "/history", after=10_000_000)


def test_what_is_looked_for_stays_in_the_form_and_in_the_addresses(server, source):
    tell(source.store, ACME, *(over(number, impact=Impact.MAJOR) for number in range(1, AT_ONCE + 2)))
    tell(source.store, ZENITH, over(1, impact=Impact.MINOR))
    text = text_of(server, "/history", q="fixed after", impact="major", page="acme", component="API")
    assert f"of {AT_ONCE + 1}" in text
    for shown in ('value="fixed after"', 'value="major" selected', 'value="acme" selected', 'value="API"'):
        assert shown in text
    assert "q=fixed+after" in re.search(r'rel="next" href="([^"]*)"', text)[1]
    day = (START - timedelta(days=1)).astimezone().date().isoformat()
    assert rows(text_of(server, "/history", **{"from": day})) == ["Trouble 1", "Trouble 1"]
    assert rows(text_of(server, "/history", page="zenith")) == ["Trouble 1"]
    assert "Nothing was found" in text_of(server, "/history", open="1")


@pytest.mark.parametrize("query", [{"from": "soon"}, {"to": "2026-02-31"}, {"impact": "bad"}])
def test_what_cannot_be_understood_is_told(server, query):
    assert 'role="alert">“' in text_of(server, "/history", **query)


def test_an_incident_has_an_address_that_stays_with_each_wording_of_its_updates(server, source):
    begun = incident(update(1, text="Some requests fail."), id="a/b?c=d&é", name="Elevated errors")
    tell(source.store, ACME, begun)
    edited = replace(begun, updates=(replace(begun.updates[0], text="Most requests fail."),))
    tell(source.store, ACME, edited, at=NOW + timedelta(minutes=5))
    link = unescape(re.search(r'<td><a href="(/incident[^"]*)"', text_of(server, "/history"))[1])
    status, _, text = ask(server.url, link)
    assert status == 200
    assert "<del>Some</del><ins>Most</ins> requests fail." in text
    ended = replace(
        edited, state=State.RESOLVED, resolved_at=START + timedelta(minutes=72),
        updates=(*edited.updates, update(72, State.RESOLVED, text="All is well.")),
    )  # fmt: skip
    tell(source.store, ACME, ended, at=NOW + timedelta(minutes=10))
    text = ask(server.url, link)[2]
    assert "It took 1 h 12 min." in text
    assert text.index("Most") < text.index("All is well.")


def test_a_page_shows_its_parts_as_a_tree_and_its_past(server, source):
    tell(source.store, ACME, over(1), over(2))
    parts = (
        Component("c1", "Codex API", Impact.MAJOR, "", "APIs"), Component("c2", "Web", Impact.NONE),
        Component("c3", "Batch API", Impact.NONE, "", "APIs"),
    )  # fmt: skip
    source.states = (acme(components=parts),)
    text = text_of(server, "/page", id="acme")
    tree = re.sub(r"<[^>]*>|\s+", " ", text[text.index('id="parts"') :])
    assert tree.index("APIs") < tree.index("Codex API") < tree.index("Batch API") < tree.index("Web")
    assert "Trouble 1" in text
    assert 'href="/history?page=acme"' in text


def test_what_is_watched_no_longer_says_so_and_is_not_green(server, source):
    tell(source.store, ZENITH, over(1))
    text = text_of(server, "/page", id="zenith")
    assert "It is not watched now" in text
    assert '<link rel="icon" type="image/png" href="/icon/unknown.png">' in text


@pytest.mark.parametrize(
    "path", ["/incident", "/incident?page=acme&id=no", "/incident?page=no&id=no", "/page?id=no", "/page"]
)
def test_what_is_not_there_is_told(server, path):
    assert ask(server.url, path)[::2] == (404, "There is nothing here. The status page is at /.\n")


def test_pages_are_shown_by_category_the_worst_group_first(server, source):
    trouble = state_of(replace(ZENITH, category="payments"), incident(update(1), impact=Impact.CRITICAL))
    source.states = (replace(acme(), page=replace(ACME, category="ai")), trouble)
    text = ask(server.url)[2]
    assert text.index(">Payments<") < text.index(">Ai<")
