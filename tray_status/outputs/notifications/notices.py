"""Events → notices: one an incident, replaced as it develops, withdrawn some time after its end."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ...core.attention import Decision, Rules, Say, decide
from ...core.events import Event, EventKind
from ...core.flaps import STEADY, WITHIN, Turns, brief
from ...core.language import ENGLISH, Tongue, speaking
from ...core.model import Page
from ...core.notice import Notice
from ...core.notice_words import digest, notice, parts_key, parts_notice, together_notice
from ...core.together import together
from ...core.view import Overview
from ...core.wishes import Wished, is_muted, paused_until
from ...errors import NotDelivered, StoreError
from .backend import Notifier
from .held import Held, Memory, subjects
from .reminders import Diary, Reminders

log = logging.getLogger(__name__)

AT_ONCE = 5
"""More incidents and pages than this in one delivery become one digest: a storm of notices tells nobody anything."""

WITHDRAWN_AFTER = 600.0
"""Seconds that the notice of a resolved incident stays."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules need to know of who is told. Each may raise StoreError."""

    pages: Callable[[], Iterable[Page]] = tuple
    """What is watched, with its settings."""
    wishes: Callable[[], Sequence[Wished]] = tuple
    rules: Callable[[], Rules] = Rules
    local: Callable[[datetime], datetime] = datetime.astimezone
    """A time in the person's own zone."""
    usual: Callable[[str], str | None] = lambda _page_id: None
    """Within how long a page's incidents are resolved as a rule, where that is known."""
    tongue: Callable[[], Tongue] = lambda: ENGLISH
    """The language of the notices."""


class Notices:
    """Tells events through a notifier. The cursor of this output lives in the log: each event is told once, ever."""

    name = "notices"

    def __init__(
        self,
        notifier: Notifier,
        memory: Memory,
        diary: Diary,
        person: Person,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._notifier = notifier
        self._memory = memory
        self._person = person
        self._monotonic = monotonic
        self._now = now
        self._held = Held(self.name, memory, now, self._show, notifier.withdraw, self._say)
        self._reminders = Reminders(self.name, diary, self._show)
        self._turns: Turns | None = None
        self._opened: deque[Event] = deque(maxlen=50)
        """The last openings that were told in this run."""
        self._ending: dict[str, float] = {}
        self._unreadable: dict[str, bool] = {}
        """By page: whether the last word of this run was that it cannot be read."""
        self._lock = threading.Lock()
        self._telling = threading.Lock()

    def deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        with self._telling, speaking(self._person.tongue()):
            self._deliver(events, told)

    def _deliver(self, events: Sequence[Event], told: Callable[[int], None]) -> None:
        turns = self._counted(before=events[0].seq)
        says = self._decided(events)
        wanted = {event.seq: event for event in events if says[event.seq] is Say.NOW}
        now = [event for event in wanted.values() if not event.late or event.incident is None]
        if len(subjects(now)) > AT_ONCE:
            self._show(digest(now))
            for event in now:
                self._note_page(event)
                del wanted[event.seq]
        unneeded, parts = brief(now), parts_of(now)
        for event in events:
            turns.hear(event)
            if says[event.seq] is Say.LATER:
                self._held.hold_for_quiet(event)
                self._note_page(event)
            elif event.seq in wanted and event.seq not in unneeded:
                self._tell(event, parts.get(event.seq, (event,)), flaps=turns.flaps(event))
            elif event.component is not None and event.component.over:
                self._notifier.withdraw(parts_key(event.page))
            elif says[event.seq] is Say.NEVER and event.kind is EventKind.RESOLVED and (shown := notice(event)):
                self._notifier.withdraw(shown.key)  # of what is over, nothing stays on the screen
            told(event.seq)

    def _tell(self, event: Event, alike: Sequence[Event], *, flaps: bool) -> None:
        """Tell an event; `alike` are those that share one notice with it, which is shown with the last of them."""
        if event.late and event.incident is not None:
            self._held.hold_for_digest(event)
        elif flaps:
            self._held.hold_until_steady(event)
        elif event.kind is EventKind.OPENED:
            self._tell_opened(event)
        elif event is alike[-1] and (shown := parts_notice(alike) if event.component else notice(event)):
            self._show(shown)
            self._note_page(event)

    def _tell_opened(self, event: Event) -> None:
        """Tell of a new incident, alone or with those that opened a moment before."""
        if not event.first:  # what was found at a first reading opened at whatever time
            self._opened.append(event)
        opened = [] if event.first else list(self._opened)
        found = together(opened, [page.name for page in self._person.pages()])
        told_before = [parts_key(event.page)]  # now it has a name
        if found is not None:
            self._show(together_notice(found))
            told_before += [told.key for each in found.events if (told := notice(each))]
        elif (shown := notice(event, self._person.usual(event.page.id))) is not None:
            self._show(shown)
        for key in told_before:
            self._notifier.withdraw(key)

    def _counted(self, before: int) -> Turns:
        """What turned to and fro until now; read back from the log in a new run."""
        if self._turns is None:
            self._turns = Turns()
            for event in self._memory.lately(self._now() - WITHIN - STEADY):
                if event.seq < before:
                    self._turns.hear(event)
        return self._turns

    def tell_held(self, overview: Overview) -> None:
        """Tell what was held back and is due, and what maintenance is near; called now and then, from any thread."""
        if not self._telling.acquire(blocking=False):
            return  # while events are told; there is a next time
        try:
            with speaking(self._person.tongue()):
                self._held.tell_due()
                self._remind(overview)
        except (NotDelivered, StoreError) as error:
            log.info("What was held back has to wait: %s", error)
        finally:
            self._telling.release()

    def _remind(self, overview: Overview) -> None:
        now, rules = self._now(), self._person.rules()
        wishes = [each for each in self._person.wishes() if each.holds(now)]
        quiet = rules.quiet is not None and rules.quiet.cover(self._person.local(now))
        if not quiet and paused_until(wishes) is None:
            self._reminders.tell_due(overview, rules.remind, now, lambda *about: is_muted(wishes, *about))

    def _decided(self, events: Sequence[Event]) -> dict[int, Say]:
        """What becomes of each event. That a page can be read again is told to whom the opposite was told."""
        unreadable = dict(self._unreadable)
        says = {}
        decisions = self._decisions(events)
        for event, decision in zip(events, decisions, strict=True):
            key, say = event.page.id, decision.say
            if event.kind is EventKind.PAGE_READABLE:
                told = unreadable.get(key, True) and self._was_told_unreadable(event, unreadable)
                say = say if told else Say.NEVER
                unreadable[key] = False
            elif event.kind is EventKind.PAGE_UNREADABLE:
                unreadable[key] = say is not Say.NEVER
            if say is not Say.NOW:
                log.debug("%s: event %d is told %s: %s", event.page.name, event.seq, say.value, decision.why)
            says[event.seq] = say
        return says

    def _say(self, event: Event) -> Say:
        """What becomes of an event by now."""
        return self._decisions([event])[0].say

    def _decisions(self, events: Sequence[Event]) -> list[Decision]:
        person = self._person
        pages = {page.id: page for page in person.pages()}
        wishes, rules, local = person.wishes(), person.rules(), person.local(self._now())
        return [decide(event, pages.get(event.page.id, event.page), wishes, rules, local) for event in events]

    def _was_told_unreadable(self, event: Event, unreadable: Mapping[str, bool]) -> bool:
        """Whether the last word was that a page cannot be read, in this run or in an earlier one."""
        if event.page.id in unreadable:
            return unreadable[event.page.id]
        before = self._memory.last_of(EventKind.PAGE_UNREADABLE, event.page.id, event.seq)
        return before is not None and decide(before, before.page).say is Say.NOW

    def _note_page(self, event: Event) -> None:
        if event.problem is not None:
            self._unreadable[event.page.id] = event.kind is EventKind.PAGE_UNREADABLE

    def _show(self, shown: Notice) -> None:
        self._notifier.show(shown)
        with self._lock:
            self._ending.pop(shown.key, None)
            if shown.over:
                self._ending[shown.key] = self._monotonic() + WITHDRAWN_AFTER

    def withdraw_old(self) -> None:
        """Take away the notices of what is long over; called now and then."""
        now = self._monotonic()
        with self._lock:
            due = [key for key, at in self._ending.items() if at <= now]
            for key in due:
                del self._ending[key]
        for key in due:
            self._notifier.withdraw(key)


def parts_of(events: Iterable[Event]) -> dict[int, tuple[Event, ...]]:
    """By seq: the components of one page that changed with one reading of it, what probes found apart."""
    groups: dict[tuple[str, datetime], list[Event]] = {}
    for event in events:
        if event.component is not None and not event.component.found:
            groups.setdefault((event.page.id, event.seen_at), []).append(event)
    return {event.seq: tuple(group) for group in groups.values() for event in group}
