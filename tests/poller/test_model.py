"""Random histories of vendor edits, faults, restarts, sleeps and clock jumps; after each step the promises hold."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.loopback import incident, statuspage, update
from tray_status.core.events import EventKind
from tray_status.core.exchange import Answer, Problem, Sign, Validators
from tray_status.core.model import Impact, Page, Reading
from tray_status.core.view import look
from tray_status.delivery import Delivery
from tray_status.poller import PagePoll
from tray_status.providers.registry import AnyPlatform
from tray_status.providers.statuspage import HISTORY_EVERY
from tray_status.store import Store

PAGE = Page("acme", "Acme", "https://status.acme.example")
OFFLINE = Problem(Reading.OFFLINE, "this computer has no network", sign=Sign.NO_ROUTE)
FAULTS = {
    "silence": Problem(Reading.UNREACHABLE, "it did not answer", sign=Sign.SILENCE),
    "offline": OFFLINE,
    "web page": b"<!doctype html><html></html>",
    "cut off": b'{"page": {"id": "a"}, "incide',
    "no lists": b'{"page": {"id": "a", "name": "Acme"}, "status": {"indicator": "none"}}',
    "server error": 503,
    "gone": 404,
}
GOES_ON = ("investigating", "identified", "monitoring")


class Recorder:
    """An output that notes what it was told."""

    name = "recorder"

    def __init__(self):
        self.seqs = []

    def deliver(self, events, told):
        for event in events:
            self.seqs.append(event.seq)
            told(event.seq)


class Life(RuleBasedStateMachine):
    """A vendor, a network, a clock, and the program that is started again and again."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = datetime(2026, 3, 1, tzinfo=timezone.utc)
        self.vendor_clock = self.clock
        self.incidents = {}
        self.numbers = iter(range(1, 10_000))
        self.fault = None
        self.etags = True
        self.failures = 0
        self.read = False
        self.unseen = {}
        """Incidents that were over before they were ever listed as open, and how many good polls ago that was."""
        self.silent = set()
        self.due = set()
        self.edits = {}
        self.recorder = Recorder()
        self.store = None
        self.begin()

    def begin(self):
        """A run of the program; the one before ended without a word, as by SIGKILL."""
        self.store = Store.open(Path(self.folder.name) / "history.sqlite3")
        self.poll_one = PagePoll(PAGE, AnyPlatform(), self, self.store, lambda: self.clock)
        self.delivery = Delivery(self.store, [PAGE.id])
        after = self.store.cursor(self.recorder.name)
        self.delivery.add(self.recorder, after=after or 0, kept=True)
        self.failures = 0

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    # --- the network ---

    def get(self, request):
        path = request.url.removeprefix(PAGE.url)
        if isinstance(self.fault, Problem):
            return self.fault
        if isinstance(self.fault, int):
            return Answer(request.url, self.fault)
        rows = [incident(key, *words, name=f"Trouble {key}") for key, words in reversed(list(self.incidents.items()))]
        document = statuspage(*rows).get(path)
        if document is None:
            return Answer(request.url, 404)
        body = self.fault or json.dumps(document).encode()
        validators = Validators(etag=str(hash(body))) if self.etags else None
        if validators and request.validators == validators:
            return Answer(request.url, 304, validators=validators)
        return Answer(request.url, 200, body, "application/json", validators)

    # --- the vendor ---

    def word(self, status):
        self.vendor_clock += timedelta(minutes=1)
        number = next(self.numbers)
        return update(f"u{number}", status, f"Word {number}.", at=self.vendor_clock.isoformat())

    @property
    def still_open(self):
        return [key for key, words in self.incidents.items() if words[-1]["status"] != "resolved"]

    @precondition(lambda self: len(self.incidents) < 12)
    @rule(words=st.integers(1, 3))
    def the_vendor_opens_an_incident(self, words):
        self.incidents[f"i{next(self.numbers)}"] = [self.word(status) for status in GOES_ON[:words]]

    @precondition(lambda self: self.still_open)
    @rule(data=st.data(), status=st.sampled_from((*GOES_ON, "resolved")), words=st.integers(1, 2))
    def the_vendor_says_more(self, data, status, words):
        key = data.draw(st.sampled_from(self.still_open))
        self.incidents[key] += [*(self.word("identified") for _ in range(words - 1)), self.word(status)]

    @precondition(lambda self: self.incidents)
    @rule(data=st.data())
    def the_vendor_edits_a_word(self, data):
        words = self.incidents[data.draw(st.sampled_from(list(self.incidents)))]
        one = data.draw(st.integers(0, len(words) - 1))
        words[one] = {**words[one], "body": f"Edited {next(self.numbers)}."}

    @precondition(lambda self: self.incidents)
    @rule(data=st.data())
    def the_vendor_opens_one_again(self, data):
        key = data.draw(st.sampled_from(list(self.incidents)))
        self.incidents[key].append(self.word("investigating"))

    # --- the world ---

    @rule(name=st.sampled_from(sorted(FAULTS)))
    def a_fault_begins(self, name):
        self.fault = FAULTS[name]

    @rule()
    def all_faults_end(self):
        self.fault = None

    @rule()
    def the_host_changes_its_mind_on_etags(self):
        self.etags = not self.etags

    @rule(hours=st.sampled_from([1, 8, 24 * 30, -1, -24 * 365, 24 * 365 * 30]))
    def the_computer_sleeps_or_its_clock_is_set(self, hours):
        self.clock += timedelta(hours=hours)
        self.poll_one.forgive()
        self.failures = 0

    @rule()
    def the_program_is_killed_and_started_again(self):
        self.store._database._connection.close()
        self.begin()

    @rule(times=st.integers(1, 4))
    def time_passes(self, times):
        for _ in range(times):
            self.clock += timedelta(minutes=1)
            before = self.read
            polled = self.poll_one.poll()
            self.delivery.deliver_due()
            self.failures = self.failures + 1 if polled.failures else 0
            if polled.failures == 0 and self.fault is None:
                self.settle(first=not before)

    def settle(self, *, first):
        """What must have been told now that the page was read as it is."""
        self.read = True
        for key, words in self.incidents.items():
            known = self.due & {word["id"] for word in words}
            if key not in self.still_open and not known and not first:
                # Only the list of recent ones tells of it, and that is asked every few polls.
                self.unseen[key] = self.unseen.get(key, 0) + 1
                if self.unseen[key] < HISTORY_EVERY:
                    continue
            for place, word in enumerate(words):
                last_of_open = key in self.still_open and place == len(words) - 1
                if first and not last_of_open:
                    self.silent.add(word["id"])
                self.due.add(word["id"])

    # --- the promises ---

    @property
    def view(self):
        return look([self.poll_one.state], self.clock).pages[0]

    @invariant()
    def never_a_false_green(self):
        view = self.view
        known_open = [key for key in self.still_open if self.due & {word["id"] for word in self.incidents[key]}]
        if view.impact is Impact.NONE:
            assert self.read
            assert self.failures < 2 or self.fault is None
            closed_since = {each.id for each in view.open_incidents}
            assert not closed_since
            if self.failures == 0 and self.fault is None:
                assert not [key for key in known_open if self.incidents[key][-1]["id"] in self.due]

    @invariant()
    def nothing_lost_and_nothing_repeated(self):
        events = [event for event in self.store.events(limit=100_000) if event.update is not None]
        told = [event.update.id for event in events if event.kind is not EventKind.EDITED]
        assert len(told) == len(set(told)), "told twice"
        assert self.due - self.silent <= set(told), "not told"
        edits = [(event.update.id, event.update.text) for event in events if event.kind is EventKind.EDITED]
        assert len(edits) == len(set(edits)), "an edit told twice"

    @invariant()
    def every_output_is_told_each_event_once_and_in_order(self):
        assert self.recorder.seqs == list(range(1, self.store.last_seq() + 1))

    @invariant()
    def a_page_that_is_read_shows_what_the_vendor_says(self):
        if self.read and self.failures == 0 and self.fault is None and not self._words_to_come():
            assert [each.id for each in self.view.open_incidents] == self.still_open

    def _words_to_come(self):
        return any(word["id"] not in self.due for words in self.incidents.values() for word in words)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40)
