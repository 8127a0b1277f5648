"""One poll of one page: ask what the provider wants, read it, compare it with the log, write what changed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from ..catalogue import is_near
from ..core.causes import Outcome, cause
from ..core.diff import diff
from ..core.events import Event, EventKind, PageProblem
from ..core.exchange import Answer, Problem, Request, Sign, Validators
from ..core.model import Impact, Page, Reading, Snapshot
from ..core.schedule import paced
from ..core.view import CONFIRMED_AFTER, PageState, flaw_of, view_of
from ..core.warning import heed
from ..errors import NotThisPlatform, WebPageInstead
from ..providers.documents import Document, Situation, Told, Want, judge
from ..providers.provider import MAX_ROUNDS, Provider
from ..store import Store, Writing
from .address import Address
from .knocks import Knocks

log = logging.getLogger(__name__)

ASK_ABSENT_AGAIN = 30
"""A document that the page did not have is asked for again after so many polls."""

UNCONDITIONAL_EVERY = 60
"""So often a body is asked for even where an ETag is known: a server whose ETag lies is found out."""

CONFIRM_FAILURES = 2
"""One failed poll is no news: so many in a row, or CONFIRMED_AFTER without a good one, are."""

ENOUGH_SECONDS = 60.0
"""A poll that took so long asks for no further document: a slow host is read in part, and the worker goes on."""

AWAY_AFTER = timedelta(minutes=15)
"""What comes after so long without a reading came while the person, or the network, was away."""


SEARCH_EVERY = 10
"""After the first two failures, so many pass between two searches through all platforms: each asks many questions."""


class Fetch(Protocol):
    """What the fetcher offers: an answer or a problem, never an exception."""

    def get(self, request: Request) -> Answer | Problem: ...


def as_it_is(outcome: Outcome, _since: datetime) -> Problem:
    """The cause of a failure where no other pages are there to tell more."""
    return cause(outcome, (), routed=True)


@dataclass(frozen=True, slots=True)
class Polled:
    """How a poll went, for the schedule."""

    failures: int
    """In a row, this one included; 0 when it went well."""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was last told at one path, once it was safely applied."""

    digest: bytes | None
    validators: Validators | None


class PagePoll:
    """Polls one page again and again; keeps what makes the next poll cheap. Used by one thread at a time."""

    def __init__(
        self,
        page: Page,
        provider: Provider,
        fetch: Fetch,
        store: Store,
        now: Callable[[], datetime],
        explain: Callable[[Outcome, datetime], Problem] = as_it_is,
    ) -> None:
        """`explain` tells the cause of a failure from its outcome and the time when the page began to fail."""
        self.page = page
        self._explain = explain
        self._provider = provider
        self._fetch = fetch
        self._store = store
        self._now = now
        self._host = urlsplit(page.url).netloc
        self._seen: dict[str, _Seen] = {}
        self._absent: dict[str, int] = {}
        self._missing: dict[str, int] = {}
        self._polls = 0
        self._spent = 0.0
        self._failures = 0
        self._failing_since: datetime | None = None
        self._unread_since: datetime | None = None
        """As `_failing_since`, this computer's own troubles included."""
        self._state: PageState | None = None
        self._read_at: datetime | None = None
        self._checked_at: datetime | None = None
        self._trouble: Problem | None = None
        self._forgiven = False
        self._was_offline = False
        """Whether some poll since the last good one failed for want of a network."""
        self._address = Address(page.url)
        self._platform_doubtful = False
        self._situated_as: str | None = None
        self._knocks = Knocks(fetch, now, explain)
        self.words: list[str] = []
        """What the person should be told of this page and is no event of it; whoever tells it empties this."""
        self.unkept: str | None = None
        """Why what was told last could not be kept: until it can be, the page does not count as read."""
        self.asked: list[tuple[str, str]] = []
        """What the last poll asked for, and what came of it: addresses, and a word or a sentence."""
        self.abandoned = False
        """Whether another one was made in its place; what it finds out yet counts for nothing."""
        self.outcome: Outcome | None = None
        """How the last poll went, as far as it tells something of the network."""

    def poll(self) -> Polled:
        """Poll once, and knock at the service where that was asked for. Raises StoreError as `poll_page` does."""
        polled = self._poll_page()
        if not self.abandoned:
            self._knock()
        return polled

    def _knock(self) -> None:
        """Ask the service itself, keep what that found, and have it told where it is news."""
        if not self.page.probe and (self._state is None or self._state.probe is None):
            return
        state = self.state
        before = state.probe
        if self.offline:
            self._knocks.forget()
            found, kept, change = None, before if before is not None and before.told else None, None
        else:
            found = self._knocks.after(self.page, self.outcome)
            verdict = view_of(replace(state, probe=found), self._now()).verdict
            kept, change = heed(before, found, verdict, self.page.probe)
        if change is None and (kept is before or (kept is not None and kept.same(before))):
            return
        with self._store.writing(self.page) as writing:
            writing.set_probe(kept)
            if change is not None:
                at = self._now()
                writing.append([Event(EventKind.COMPONENT_CHANGED, writing.page, at, at, component=change)], at)
        self._state = self._store.state(self.page)

    def _poll_page(self) -> Polled:
        """Poll once. Raises StoreError when the result could not be kept; the next poll then asks for all anew."""
        if self._state is None:
            self._state = self._store.state(self.page)
            self._situated_as = self._state.platform
            self._address = Address(self.page.url, self._state.moved_to)
        situation = self._situation(self._state)
        told, answers = self._ask(situation)
        if self.abandoned:
            return Polled(0)
        result = self._understand(situation, told)
        at = self._now()
        failed = result if isinstance(result, Problem) else None
        self._unread_since = (self._unread_since or at) if failed else None
        near = is_near(urlsplit(self.page.url).hostname or "")
        self.outcome = Outcome(self.host, self._state.platform, near, at, failed, unread_since=self._unread_since)
        if isinstance(result, Problem):
            polled = self._failed(self._explain(self.outcome, self._failing_since or at), at)
            return replace(polled, retry_after=_wanted_pause(told)) if polled.retry_after is None else polled
        self._keep(result, at)
        self._note_move()
        self._seen.update({path: seen for path, seen in answers.items() if seen is not None})
        self._note_absent(told)
        self._polls += 1
        self._was_offline = False
        self._failures = 0
        self._failing_since = None
        self._trouble = self.unkept = None
        self._checked_at = self._read_at = at
        return Polled(0, _wanted_pause(told))

    @property
    def is_first(self) -> bool:
        """Whether its last good poll was the first of this run."""
        return self._polls == 1

    def paced(self, *, spared: bool) -> float:
        """The page's interval as circumstances have it, in seconds."""
        state, page = self._state, self.page
        quiet_for = None
        if page.relax_when_quiet and state is not None and state.changed_at is not None:
            quiet_for = self._now() - state.changed_at
        is_open = state is not None and bool(state.open_incidents or any(each.is_open for each in state.maintenances))
        return paced(page.interval, is_open=is_open, quiet_for=quiet_for, spared=spared and page.relax_on_battery)

    @property
    def host(self) -> str:
        """The host that is asked for what is open, with its port where that is not the usual one."""
        source = self._state.source if self._state else ""
        return urlsplit(source).netloc if "://" in source else self._host

    @property
    def state(self) -> PageState:
        """How the page stands, with times fresher than those on disk. Raises StoreError."""
        unkept = PageProblem(Reading.STALE, f"what it tells cannot be kept: {self.unkept}") if self.unkept else None
        if self._state is None and unkept:
            return PageState(self.page, trouble=unkept)
        state = self._state or self._store.state(self.page)
        return replace(
            state,
            reading=Reading.STALE if unkept and state.reading is Reading.FRESH else state.reading,
            page=self.page if self.page.named else replace(self.page, name=state.page.name),
            read_at=self._read_at or state.read_at,
            checked_at=self._checked_at or state.checked_at,
            trouble=unkept or state.trouble,
        )

    @property
    def times(self) -> tuple[datetime | None, datetime | None]:
        """When the page was last checked, and last read with success, in this run."""
        return self._checked_at, self._read_at

    @property
    def offline(self) -> bool:
        """Whether the last poll failed for want of a network."""
        return self._trouble is not None and self._trouble.reading is Reading.OFFLINE

    def forgive(self) -> None:
        """Let failures until now count for nothing; from any thread, and in force with the next failure."""
        self._forgiven = True

    def forget_validators(self) -> None:
        """Ask for everything anew next time; what was told may not have been kept."""
        self._seen.clear()

    def _situation(self, state: PageState) -> Situation:
        live = (*state.open_incidents, *state.maintenances)
        indicators = (state.indicator or Impact.NONE, *(component.impact for component in state.components))
        return Situation(
            address=self.page.url,
            platform=state.platform,
            doubtful=self._platform_doubtful,
            source=state.source,
            search=self._failures <= CONFIRM_FAILURES or self._failures % SEARCH_EVERY == 0,
            url=state.vendor_url,
            component_names={component.id: component.name for component in state.components},
            poll=self._polls,
            known={incident.id: incident for incident in live},
            missing=any(self._missing.values()),
            unsettled=any(impact is not Impact.NONE for impact in indicators),
            absent=frozenset(path for path, until in self._absent.items() if self._polls < until),
        )

    def _ask(self, situation: Situation) -> tuple[dict[str, Document], dict[str, _Seen | None]]:
        """Ask all that the provider wants; with the documents, what to remember of each (None: nothing came)."""
        told: dict[str, Document] = {}
        seen: dict[str, _Seen | None] = {}
        self._spent = 0.0
        self.asked = []
        for _ in range(MAX_ROUNDS):
            wants = self._provider.wants(situation, told)
            if not wants:
                break
            for want in wants:
                document, seen[want.path], reached = self._ask_one(want)
                told[want.path] = document
                if not reached or self._spent > ENOUGH_SECONDS or _wanted_pause(told) is not None:
                    # Each further document would take as long, or fail, and keep the worker from other pages; and a
                    # host that wants to be left alone is.
                    return told, seen
        return told, seen

    def _ask_one(self, want: Want) -> tuple[Document, _Seen | None, bool]:
        """The document, what to remember of it, and whether the host could be reached at all."""
        before = self._seen.get(want.path)
        conditional = want.conditional and self._polls % UNCONDITIONAL_EVERY != 0
        validators = before.validators if before and conditional else None
        elsewhere = "://" in want.path
        url = want.path if elsewhere else self._address.base + want.path
        answer = self._fetch.get(Request(url, want.accept, validators))
        document = judge(answer, urlsplit(url).netloc if elsewhere else self._host)
        self.asked.append((url, document.problem.text if document.problem else document.told.value))
        self._spent += answer.seconds if isinstance(answer, Answer) else 0.0
        if isinstance(answer, Problem):
            log.debug("%s: %s: %s", self.page.name, want.path, answer.text)
            return document, None, answer.reading is Reading.BROKEN
        if not elsewhere:
            self._address.heard(want.path, answer)
        log.debug("%s: %s: HTTP %s in %.3f s", self.page.name, want.path, answer.status, answer.seconds)
        if answer.url != url:
            log.debug("%s: redirected to %s%s", self.page.name, answer.url, " for good" if answer.moved_to else "")
        if document.told is Told.UNCHANGED:
            return document, before, True
        if document.told is not Told.FRESH:
            return document, _Seen(None, None), True
        digest = hashlib.blake2b(document.body, digest_size=16).digest()
        if before is not None and before.digest == digest:
            document = replace(document, told=Told.UNCHANGED)
        return document, _Seen(digest, answer.validators), True

    def _understand(self, situation: Situation, told: dict[str, Document]) -> Snapshot | Problem | None:
        """The snapshot; None where nothing changed since the last one; or why there is none."""
        if not self._provider.essential(situation, told):
            failed = [document.problem for document in told.values() if document.problem]
            return failed[0] if failed else _no_status_page(self._host)
        news = any(document.told is Told.FRESH for document in told.values())
        if not news and not situation.missing:
            return None
        try:
            snapshot = self._provider.read(situation, told)
        except NotThisPlatform as error:
            sign = Sign.WEB_PAGE if isinstance(error, WebPageInstead) else None
            return replace(_no_status_page(self._host, str(error)), sign=sign)
        for oddity in snapshot.oddities:
            log.info("%s: %s", self.page.name, oddity)
        return snapshot

    def _keep(self, snapshot: Snapshot | None, at: datetime) -> None:
        """Write what changed, and whether the page can be read (again)."""
        state = self._state
        assert state is not None  # noqa: S101 - poll() loaded it
        mine = state if state.page is self.page else replace(state, page=self.page)
        if snapshot is None and _stands(state, flaw_of(mine)):
            return
        with self._store.writing(self.page) as writing:
            if self.abandoned:
                return  # another one has polled meanwhile, and knows better
            if snapshot is not None:
                page = writing.page
                if not page.named and snapshot.name:
                    page = replace(page, name=snapshot.name)
                snapshot = writing.recognised(snapshot)
                change = diff(page, writing.known(snapshot), snapshot, at)
                if self._was_away(at):
                    change = replace(change, events=tuple(replace(each, late=True) for each in change.events))
                writing.save(change, snapshot, at)
                for incident_id, count in change.missing:
                    log.debug("%s: %s is listed nowhere, for %d readings", page.name, incident_id, count)
                missing = {**self._missing, **dict(change.missing)}
            else:
                missing = self._missing
            _note_reading(writing, state, at)
        self._missing = {key: count for key, count in missing.items() if count}
        self._state = self._store.state(self.page)

    def _was_away(self, at: datetime) -> bool:
        """Whether its news are what a person comes back to: for long nobody asked, or there was no network."""
        state = self.state
        if state.read_at is None or state.checked_at is None:
            return False
        before = state.read_at if self._was_offline else state.checked_at
        return at - before > max(AWAY_AFTER, timedelta(seconds=3 * self.page.interval))

    def _failed(self, problem: Problem, at: datetime) -> Polled:
        """Count a failure; once it is confirmed, write it down and tell it."""
        state = self._state
        assert state is not None  # noqa: S101 - poll() loaded it
        offline = problem.reading is Reading.OFFLINE
        self._was_offline = self._was_offline or offline
        if self._forgiven or (self.offline and not offline):
            self._failures, self._failing_since = 0, None  # what failed until now was not the page
        self._forgiven = False
        self._failures += 1
        self._failing_since = self._failing_since or at
        self._checked_at = at
        self._trouble = problem
        self._absent.clear()
        self._address.settle(well=False)
        # What no longer answers as its platform may be on another one by now: look anew.
        self._platform_doubtful = problem.reading is Reading.BROKEN
        log.info("%s: %s (failure %d in a row)", self.page.name, problem.text, self._failures)
        never_read = state.read_at is None
        confirmed = self._failures >= CONFIRM_FAILURES or at - self._failing_since >= CONFIRMED_AFTER or never_read
        what = _for_the_page(problem)
        if offline:
            # What was told of the page itself stays told; this computer's own trouble is no event of the page.
            reading, known = Reading.OFFLINE if confirmed else state.reading, state.problem
        elif confirmed:
            reading, known = problem.reading, what
        elif state.reading is Reading.OFFLINE:
            reading, known = state.problem.reading if state.problem else Reading.FRESH, state.problem
        else:
            reading, known = state.reading, state.problem
        self._note_failure(reading, known, what, at)
        return Polled(1) if offline else Polled(self._failures, problem.retry_after)

    def _note_failure(self, reading: Reading, known: PageProblem | None, trouble: PageProblem, at: datetime) -> None:
        """Write what a failed poll changed, for all who read the log, and tell what is confirmed and was not told."""
        state = self._state
        assert state is not None  # noqa: S101 - poll() loaded it
        before = (state.reading, state.problem, state.trouble, state.failing_since)
        if (reading, known, trouble, self._failing_since) == before:
            return
        with self._store.writing(self.page) as writing:
            writing.set_trouble(trouble, self._failing_since)
            writing.set_reading(reading, known)
            if known is not None and state.problem is None:
                first = state.read_at is None
                writing.append(
                    [Event(EventKind.PAGE_UNREADABLE, writing.page, at, at, problem=known, first=first)], at
                )
        self._state = self._store.state(self.page)

    def _note_move(self) -> None:
        """After a good poll: remember a new address, and tell it, and a new platform."""
        before, after = self._situated_as, self._state.platform if self._state else None
        if self._platform_doubtful and before and after and before != after:
            self.words.append(f"{self.state.page.name} is on another platform now, {after}, and is read there.")
        self._platform_doubtful, self._situated_as = False, after
        if (moved := self._address.settle(well=True)) is not None:
            with self._store.writing(self.page) as writing:
                writing.moved(moved)
            self._seen.clear()
            self.words.append(
                f"{self.state.page.name} has moved to {moved} and is read there from now on."
                " Change its `url` in the settings when it suits you."
            )

    def _note_absent(self, told: dict[str, Document]) -> None:
        for path, document in told.items():
            if document.told is Told.ABSENT:
                self._absent[path] = self._polls + ASK_ABSENT_AGAIN
            else:
                self._absent.pop(path, None)


def _wanted_pause(told: Mapping[str, Document]) -> float | None:
    """For how long a host asked to be left alone, in seconds; None where it did not."""
    pauses = [each.problem.retry_after for each in told.values() if each.problem]
    return max((each for each in pauses if each is not None), default=None)


def _for_the_page(problem: Problem) -> PageProblem:
    return PageProblem(problem.reading, problem.text, problem.cure)


def _stands(state: PageState, flaw: PageProblem | None) -> bool:
    """Whether a page that answers is already noted as one that can be read, or as one with that flaw."""
    return state.trouble is None and (state.reading, state.problem) == (
        (Reading.FRESH, None) if flaw is None else (flaw.reading, flaw)
    )


def _note_reading(writing: Writing, before: PageState, at: datetime) -> None:
    """Note that the page answers, and tell it where it did not, or what it lacks, where that was not told yet."""
    after = writing.state()
    flaw = flaw_of(after)
    if _stands(before, flaw):
        return
    writing.set_trouble(None, None)
    never_well = before.read_at is None or (before.reading is Reading.BROKEN and before.problem is None)
    if flaw is not None and before.read_at is None and not after.open_told:
        # The document that tells what is open may have failed this once: not green, but no news either.
        writing.set_reading(flaw.reading, None)
        return
    writing.set_reading(Reading.FRESH if flaw is None else flaw.reading, flaw)
    if flaw is None and before.problem is not None:
        writing.append([Event(EventKind.PAGE_READABLE, writing.page, at, at, problem=before.problem)], at)
    elif flaw is not None and before.problem is None:
        writing.append([Event(EventKind.PAGE_UNREADABLE, writing.page, at, at, problem=flaw, first=never_well)], at)


def _no_status_page(host: str, why: str = "it has none of the documents that one has") -> Problem:
    return Problem(
        Reading.BROKEN,
        f"{host} does not answer as a status page that can be read: {why}",
        "Check the address: open it in a browser and take the address of the vendor's status page itself.",
    )
