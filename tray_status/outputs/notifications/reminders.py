"""Reminders of maintenance that is about to begin: one for each, and one more where it was moved to another time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from ...core.model import Incident
from ...core.notice import Notice
from ...core.notice_words import reminder
from ...core.view import Overview

SLACK = timedelta(minutes=5)
"""One that began so lately is still reminded of: the program may just have been started."""


class Diary(Protocol):
    """What was reminded of; see `store/wishes.py`. Each may raise StoreError."""

    def was_reminded(self, output: str, page_id: str, maintenance: Incident) -> bool: ...
    def note_reminded(self, output: str, page_id: str, maintenance: Incident) -> None: ...


class Reminders:
    """Reminds of what begins within `ahead`; nothing where that is None."""

    def __init__(self, output: str, diary: Diary, show: Callable[[Notice], None]) -> None:
        self._output = output
        self._diary = diary
        self._show = show

    def tell_due(
        self, overview: Overview, ahead: timedelta | None, now: datetime, muted: Callable[[str, str], bool]
    ) -> None:
        """Remind of what is due. Raises NotDelivered and StoreError; the rest stays due."""
        if ahead is None:
            return
        for view in overview.pages:
            for maintenance in _soon(view.maintenances, ahead, now):
                if muted(view.page.id, maintenance.id):
                    continue
                if not self._diary.was_reminded(self._output, view.page.id, maintenance):
                    self._show(reminder(view.page, maintenance, now))
                    self._diary.note_reminded(self._output, view.page.id, maintenance)


def _soon(maintenances: Iterable[Incident], ahead: timedelta, now: datetime) -> Iterable[Incident]:
    for each in maintenances:
        begins = each.scheduled_for
        if begins is not None and not each.is_open and now - SLACK <= begins <= now + ahead:
            yield each
