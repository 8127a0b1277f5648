"""The whole history to another computer and back."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.specimens import ACME, NOW, ZENITH, incident, snapshot, update
from tray_status.core.diff import diff
from tray_status.core.model import State
from tray_status.core.wishes import pause
from tray_status.errors import ArchiveError
from tray_status.store import Store
from tray_status.store.schema import STEPS

VERSIONS = Path(__file__).parent / "versions"


def tell(store, page, *incidents, at=NOW):
    with store.writing(page) as writing:
        told = snapshot(*incidents)
        writing.save(diff(writing.page, writing.known(told), told, at), told, at)


def over(id):
    return incident(update(1), update(2, State.RESOLVED, text="Over.\nAll of it \u2713"), id=id, resolved_at=NOW)


@pytest.fixture
def lines(tmp_path):
    store = Store.open(tmp_path / "first.sqlite3")
    tell(store, ACME)
    tell(store, ACME, over("old"), incident(update(1), id="now"))
    tell(store, ZENITH, over("z"))
    store.move_cursor("notices", store.last_seq())
    store.wishes.keep([pause(NOW, None)])
    store.prune(NOW + timedelta(days=1))  # numbers go on where they were
    told = list(store.dump())
    store.close()
    return told


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "second.sqlite3")
    yield opened
    opened.close()


def test_into_an_empty_history_all_of_it_comes_back_and_nothing_is_told_anew(store, lines):
    taken = store.take(lines)
    assert (taken.pages, taken.incidents, taken.whole) == (2, 3, True)
    assert list(store.dump()) == lines
    before = json.loads(lines[0])["last_event"]
    assert store.last_seq() == store.cursor("notices") == before > 0
    tell(store, ACME, over("old"), incident(update(1), update(2), id="now"), at=NOW + timedelta(minutes=1))
    assert [(each.seq, each.kind.value) for each in store.events(before)] == [(before + 1, "updated")]


def test_into_another_one_comes_what_is_over_and_not_known(store, lines):
    tell(store, ACME)
    tell(store, ACME, incident(update(1), id="mine"))
    seq = store.last_seq()
    taken = store.take(lines)
    assert (taken.pages, taken.incidents, taken.events, taken.whole) == (1, 2, 0, False)
    assert store.past.incident("acme", "old").updates[-1].text == "Over.\nAll of it \u2713"
    assert store.past.incident("acme", "now") is None
    assert [each.id for each in store.state(ACME).open_incidents] == ["mine"]
    assert store.last_seq() == seq
    assert store.take(lines).incidents == 0


@pytest.mark.parametrize("version", range(1, len(STEPS)))
def test_what_an_earlier_version_wrote_is_taken(store, version):
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.row_factory = sqlite3.Row
        raw.executescript((VERSIONS / f"v{version}.sql").read_text("utf-8"))
        tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [
            json.dumps({"table": table, "row": dict(row)})
            for table in tables
            if not table.startswith("sqlite_") and table != "claims"
            for row in raw.execute(f"SELECT * FROM {table}")
        ]
    head = json.dumps({"tray_status_history": 1, "schema": version, "last_event": 0})
    order = ["pages", "components", "incidents", "updates"]
    rows.sort(key=lambda row: order.index(json.loads(row)["table"]) if json.loads(row)["table"] in order else 9)
    assert store.take([head, *rows]).incidents > 0
    assert store.state(ACME).open_incidents[0].updates[0].text == "We look into it."


HEAD = '{"tray_status_history": 1, "schema": 6, "last_event": 0}'
PAGE = '{"table": "pages", "row": {"id": "a", "name": "A", "url": "https://a.example"}}'


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "line 1"),
        (["[]"], "line 1"),
        (['{"tray_status_history": 2, "schema": 6, "last_event": 0}'], "line 1"),
        (['{"tray_status_history": 1, "schema": 99, "last_event": 0}'], "take a newer one"),
        ([HEAD, "{"], "line 2: it is no JSON"),
        ([HEAD, "[" * 100_000], "line 2: it is no JSON"),
        ([HEAD, PAGE, PAGE], "line 3"),
        ([HEAD, '{"table": "sqlite_master", "row": {"name": "x"}}'], "line 2: it names no table"),
        ([HEAD, '{"table": "pages", "row": {"id) VALUES (1); --": "x"}}'], "line 2: pages has no such columns"),
        ([HEAD, '{"table": "pages", "row": {"id": ["x"]}}'], "line 2: a value"),
        ([HEAD, '{"table": "updates", "row": {"page_id": "a", "incident_id": "b", "id": "c"}}'], "line 2"),
        ([HEAD, PAGE.replace('"url"', '"reading": "odd", "url"')], "page a"),
        ([HEAD, PAGE, '{"table": "events", "row": {"seq": 1, "page_id": "a", "seen_at": "x", "first": 0, "json": "{}"}}'], "event 1"),
    ],
)  # fmt: skip
def test_what_is_no_history_is_refused_with_its_line_and_changes_nothing(store, lines, words):
    with pytest.raises(ArchiveError, match=words):
        store.take(lines)
    assert len(list(store.dump())) == 1
