"""Pages that move to another address, or to another platform: followed, told, remembered."""

from __future__ import annotations

import pytest

from tests.loopback import SUMMARY, Raw, StatusHost, imitation, incident, statuspage, update
from tests.watching import Watch
from tray_status.core.model import Reading

OPEN = incident("inc1", update("u1"))


class Moved(dict):
    """Every document is elsewhere, for good or for now."""

    def __init__(self, to, status=301):
        self.to, self.status = to, status

    def get(self, path, default=None):
        return Raw(self.status, headers={"Location": self.to + path})


@pytest.fixture
def new():
    with StatusHost(statuspage(OPEN)) as host:
        yield host


@pytest.fixture
def old():
    with StatusHost(statuspage(OPEN)) as host:
        yield host


def watch(host, path):
    return Watch(host, path)


def test_a_page_that_moved_for_good_is_followed_told_once_and_remembered(old, new, tmp_path):
    path = tmp_path / "history.sqlite3"
    first = watch(old, path)
    first.poll()
    old.documents = Moved(new.url)
    first.poll()
    assert first.words == []
    first.poll()
    assert first.words == [
        f"Acme has moved to {new.url} and is read there from now on. Change its `url` in the settings when it suits you."
    ]
    asked = len(old.asked)
    new.documents = statuspage(incident("inc1", update("u1"), update("u2", at="2026-03-01T12:05:00Z")))
    assert first.poll() == ["updated"]
    assert len(old.asked) == asked, "the old address is left in peace"
    first.close()
    second = watch(old, path)
    second.poll()
    assert len(old.asked) == asked, "also by the next run"
    assert (second.words, second.state.reading) == ([], Reading.FRESH)
    second.close()


def test_a_move_for_now_is_followed_and_not_remembered(old, new, tmp_path):
    run = watch(old, tmp_path / "history.sqlite3")
    old.documents = Moved(new.url, 302)
    for _ in range(4):
        run.poll()
    assert (run.words, run.state.reading, run.state.moved_to) == ([], Reading.FRESH, None)
    run.close()


def test_where_the_new_address_fails_the_old_one_is_asked_again(old, new, tmp_path):
    run = watch(old, tmp_path / "history.sqlite3")
    documents, old.documents = old.documents, Moved(new.url)
    run.poll()
    run.poll()
    new.stop()
    old.documents = documents
    run.poll()
    run.poll()
    assert run.state.reading is Reading.FRESH
    assert run.state.trouble is None
    run.close()


def test_a_redirect_to_what_is_no_status_page_is_no_move(old, new, tmp_path):
    run = watch(old, tmp_path / "history.sqlite3")
    run.poll()
    new.documents = dict.fromkeys(new.documents, b"<!doctype html><html>Log in</html>")
    old.documents = Moved(new.url)
    for _ in range(3):
        run.poll()
    assert (run.state.reading, run.state.moved_to, run.words) == (Reading.BROKEN, None, [])
    assert [each.id for each in run.state.open_incidents] == ["inc1"]
    run.close()


def test_a_page_that_changes_its_platform_is_detected_anew_and_that_is_told(old, tmp_path):
    run = watch(old, tmp_path / "history.sqlite3")
    run.poll()
    assert run.state.platform == "statuspage"
    old.documents = {SUMMARY: b"<!doctype html>"}
    run.poll()
    run.poll()
    assert run.state.reading is Reading.BROKEN
    old.documents = imitation(OPEN, indicator="minor")
    run.forget_what_is_absent()
    run.poll()
    assert run.state.reading is Reading.FRESH
    assert run.state.platform == "incident.io"
    assert run.words == ["Acme is on another platform now, incident.io, and is read there."]
    assert [each.kind.value for each in run.events] == ["opened", "page_unreadable", "page_readable"]
    run.close()
