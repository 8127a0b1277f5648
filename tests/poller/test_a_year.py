"""A year of a hundred pages, a poll after the other, on a clock of the test's own."""

from __future__ import annotations

import gc
import json
import random
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone

from tests.loopback import incident, statuspage, update
from tray_status.core.exchange import Answer, Validators
from tray_status.core.model import Page, Reading
from tray_status.core.schedule import JITTER, Timetable, next_due
from tray_status.poller import PagePoll
from tray_status.providers.registry import AnyPlatform
from tray_status.store import Store

PAGES = 100
INTERVAL = 6 * 3600.0
YEAR = 365 * 86_400.0
BEGIN = datetime(2026, 1, 1, tzinfo=timezone.utc)
OUTAGES = 12
"""Incidents of a page in the year, each with three updates."""


class Vendors:
    """A hundred pages with ETags, whose incidents come and go by the clock. Plays the fetcher."""

    def __init__(self, chance):
        self.seconds = 0.0
        self.asked = Counter()
        self.bytes = 0
        self.plans = [sorted(chance.uniform(0, YEAR - 5 * INTERVAL) for _ in range(OUTAGES)) for _ in range(PAGES)]
        self._made = {}

    def get(self, request):
        host, path = request.url.removeprefix("https://").split("/", 1)
        number = int(host[1:4])
        self.asked[number] += 1
        stage = tuple(min(3, max(0, int((self.seconds - at) // INTERVAL) + 1)) for at in self.plans[number])
        body = self._body(number, stage).get("/" + path)
        if body is None:
            return Answer(request.url, 404)
        etag = f'"{hash(body)}"'
        if request.validators and request.validators.etag == etag:
            return Answer(request.url, 304, validators=Validators(etag))
        self.bytes += len(body)
        return Answer(request.url, 200, body, validators=Validators(etag))

    def _body(self, number, stage):
        before, documents = self._made.get(number, (None, {}))
        if before != stage:
            known = [self._incident(number, place, told) for place, told in enumerate(stage) if told]
            documents = {path: json.dumps(each).encode() for path, each in statuspage(*reversed(known)).items()}
            self._made[number] = (stage, documents)
        return documents

    def _incident(self, number, place, told):
        begin = BEGIN + timedelta(seconds=self.plans[number][place])
        words = [
            update(
                f"p{number}i{place}u{step}",
                state,
                f"Step {step}.",
                at=f"{begin + timedelta(seconds=step * INTERVAL):%Y-%m-%dT%H:%M:%SZ}",
            )
            for step, state in enumerate(("investigating", "monitoring", "resolved")[:told])
        ]
        return incident(f"p{number}i{place}", *words)


def test_a_year_of_a_hundred_pages_has_no_drift_no_storm_and_no_growth(record_property):
    chance = random.Random(1)
    vendors, store, timetable = Vendors(chance), Store.open(None), Timetable()
    polls = {
        f"p{number:03}": PagePoll(
            Page(f"p{number:03}", f"Page {number}", f"https://p{number:03}.example", INTERVAL), AnyPlatform(), vendors,
            store, lambda: BEGIN + timedelta(seconds=vendors.seconds),
        )
        for number in range(PAGES)
    }  # fmt: skip
    timetable.plan(polls, polls, 0.0)
    polled, at_once, sizes, month = Counter(), 0, [], YEAR / 12
    while timetable.next_due is not None and timetable.next_due < YEAR:
        now = timetable.next_due
        if now >= month * (len(sizes) + 1):
            gc.collect()
            sizes.append(sys.getallocatedblocks())
        vendors.seconds = now
        due = timetable.take(now)
        at_once = max(at_once, len(due)) if now else at_once
        for key in due:
            assert polls[key].poll().failures == 0
            polled[key] += 1
            timetable.done(key, now, next_due(now, INTERVAL, chance.random()))
    per_page = YEAR / INTERVAL
    assert all(per_page * (1 - JITTER) <= count <= per_page * (1 + JITTER) + 1 for count in polled.values())
    assert at_once <= PAGES / 2, "after the first round they spread"
    # What is kept in memory grows by what the vendors' histories hold, and by nothing else.
    assert sizes[-1] - sizes[2] < 20_000, sizes
    counted = Counter(event.kind.value for _, event in everything(store))
    assert counted["opened"] == PAGES * OUTAGES
    assert counted["resolved"] == PAGES * OUTAGES
    assert all(poll.state.reading is Reading.FRESH for poll in polls.values())
    record_property("year", (sum(polled.values()), sum(vendors.asked.values()), vendors.bytes // 1000, at_once))


def everything(store):
    after = 0
    while events := store.events(after, limit=500):
        for event in events:
            yield event.seq, event
        after = events[-1].seq
