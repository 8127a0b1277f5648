"""What the person has not looked at yet, and how long it stays marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.specimens import ACME, NOW, TIMEOUT, event, incident, update
from tray_status.core.events import EventKind
from tray_status.core.model import Impact
from tray_status.core.wishes import Wish, Wished
from tray_status.errors import StoreError
from tray_status.tray.news import News, is_unread, marks

FIRST, SECOND = incident(update(1)), incident(update(1), id="i2")


class Kept:
    """Events, and how far the person has looked."""

    def __init__(self, *events):
        self.events = list(events)
        self.broken = False

    def unseen(self):
        return list(self.events)

    def note_seen(self):
        if self.broken:
            raise StoreError("the disk is full")
        self.events.clear()


def test_what_is_about_an_incident_is_marked():
    events = [event(subject=FIRST), event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT), event(subject=SECOND)]
    assert marks(events) == {("acme", "i1"), ("acme", "i2")}


def test_what_is_seen_while_the_menu_is_open_stays_marked_until_it_is_closed():
    kept = Kept(event(subject=FIRST))
    news = News(kept)
    assert news.now()[1] == {("acme", "i1")}
    news.look(True)
    assert not kept.events
    kept.events.append(event(subject=SECOND))
    news.grew()
    assert news.now() == ([event(subject=SECOND)], {("acme", "i1"), ("acme", "i2")})
    news.look(True)  # some hosts say it twice
    assert news.now() == ([], {("acme", "i1"), ("acme", "i2")})
    news.look(False)
    assert news.now() == ([], frozenset())


def test_that_it_was_seen_is_told_once_more_where_it_could_not_be_noted():
    kept = Kept(event(subject=FIRST))
    kept.broken = True
    news = News(kept)
    news.look(True)
    news.look(False)
    assert news.now()[1] == {("acme", "i1")}


def test_the_log_is_asked_when_it_grew_and_now_and_then():
    kept, clock = Kept(), [0.0]
    news = News(kept, lambda: clock[0])
    assert news.now()[0] == []
    kept.events.append(event(subject=FIRST))
    assert news.now()[0] == []
    news.grew()
    assert news.now()[0] == kept.events
    kept.events.append(event(subject=SECOND))
    clock[0] = 61.0
    assert len(news.now()[0]) == 2


@pytest.mark.parametrize(
    ("page", "wishes", "unread"),
    [
        (ACME, [], True),
        (replace(ACME, notify_from=Impact.CRITICAL), [], False),
        (replace(ACME, components=("Web",)), [], False),
        (replace(ACME, id="other"), [], False),
        (ACME, [Wished(Wish.MUTE, "acme", "", NOW)], False),
        (ACME, [Wished(Wish.ACKNOWLEDGE, "acme", "i1", NOW, None, Impact.MINOR)], False),
    ],
)
def test_the_icon_is_marked_for_what_this_person_wants_to_hear_of(page, wishes, unread):
    assert is_unread([event(EventKind.UPDATED, FIRST)], [page], wishes) is unread
    assert not is_unread([], [page], wishes)
