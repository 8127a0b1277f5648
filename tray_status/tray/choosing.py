"""What choosing an entry of the menu does. What fails is told, for the menu cannot tell it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Protocol

from ..config.file import SettingsHere, set_for_all, write_first
from ..core.language import tr
from ..core.model import Impact, Incident, Page
from ..core.notice import Notice
from ..core.view import Overview
from ..core.wishes import Wish, Wished, asked_for, is_taken_back, next_morning, pause
from ..core.wording import incident_line
from ..errors import TrayStatusError
from ..system.clipboard import Clipboard
from ..system.login import StartAtLogin
from ..system.opening import open_in_editor
from .menu import Ask, Choice, Copy, Do, NotifyFrom, Open, Switches, TakeBack

log = logging.getLogger(__name__)


class Source(Protocol):
    """Where wishes are kept. Each method may raise StoreError."""

    def overview(self) -> Overview: ...
    def recent(self, limit: int = 10) -> list[tuple[Page, Incident]]: ...
    def wishes(self) -> list[Wished]: ...
    def wish(self, wishes: Sequence[Wished]) -> None: ...
    def take_back(self, wishes: Sequence[Wished]) -> None: ...


class Choosing:
    """Does what a chosen entry stands for; from any thread."""

    def __init__(
        self,
        source: Source,
        plain: Mapping[Do, Callable[[], None]],
        open_page: Callable[[str], None],
        status_page: Callable[[], str],
        tell: Callable[[Notice], None],
        login: StartAtLogin | None = None,
        settings: SettingsHere | None = None,
        clipboard: Clipboard | None = None,
    ) -> None:
        self._source = source
        self._open_page = open_page
        self._tell = tell
        self._login = login
        self._settings = settings
        self._clipboard = clipboard
        self._plain = {
            **plain,
            Do.SHOW_RECENT: self._show_recent,
            Do.STATUS_PAGE: lambda: open_page(status_page()),
            Do.SWITCH_LOGIN: self._switch_login,
            Do.SWITCH_SOUNDS: self._switch_sounds,
            Do.EDIT_SETTINGS: self._edit_settings,
        }
        self.asked: dict[Choice, Callable[[], bool]] = {Do.SWITCH_LOGIN: self._is_on}
        """Check marks that others may switch too."""

    @property
    def can_copy(self) -> bool:
        return self._clipboard is not None

    def switches(self) -> Switches:
        """How the settings stand, as the menu shows them."""
        at_login = self._login.is_on() if self._login else None
        if self._settings is None:
            return Switches(at_login)
        rules = self._settings.rules()
        return Switches(at_login, rules.notify_from, rules.sounds)

    def __call__(self, choice: Choice) -> None:
        """Raises nothing that a person can do something about."""
        try:
            self._do(choice)
        except TrayStatusError as error:
            log.info("%s came to nothing: %s", choice, error)
            words = f"{str(error).rstrip('.')}."
            self._tell(Notice("choice", tr(_came_to_nothing(choice)), words, Impact.UNKNOWN, over=True))

    def _do(self, choice: Choice) -> None:
        if isinstance(choice, Do):
            self._plain[choice]()
        elif isinstance(choice, Open):
            self._open_page(choice.url)
        elif isinstance(choice, Copy):
            if self._clipboard is not None:
                self._clipboard.copy(choice.text)
        elif isinstance(choice, Ask):
            self._source.wish(self._wished(choice))
        elif isinstance(choice, TakeBack):
            meant = choice.wish, choice.page_id, choice.incident_id
            self._source.take_back([each for each in self._source.wishes() if is_taken_back(each, *meant)])
        else:
            self._set("notify_from", choice.impact.value)

    def _wished(self, choice: Ask) -> list[Wished]:
        """The wishes that a choice stands for; none where what it is about has ended meanwhile."""
        now = datetime.now(timezone.utc)
        until = now + choice.span if choice.span is not None else None
        if choice.wish is Wish.PAUSE:
            if choice.until_morning:
                # By the wall's clock, which may be put forward or back this night.
                until = next_morning(datetime.now()).astimezone(timezone.utc)  # noqa: DTZ005
            return [pause(now, until)]
        return asked_for(choice.wish, self._source.overview(), choice.page_id, choice.incident_id, now, until)

    def _show_recent(self) -> None:
        """The recent incidents as one notice."""
        lines = [incident_line(*row) for row in self._source.recent(6)]
        overview = self._source.overview()
        title = tr("{open} open of {all} incidents", open=len(overview.open_incidents), all=overview.tracked)
        body = "\n".join(lines) or tr("No incidents are known.")
        self._tell(Notice("recent", title, body, overview.worst, over=True))

    def _set(self, key: str, value: str | bool) -> None:
        if self._settings is not None:
            set_for_all(self._settings.path, key, value)
            self._settings.take_up()

    def _switch_sounds(self) -> None:
        if self._settings is not None:
            self._set("sounds", not self._settings.rules().sounds)

    def _edit_settings(self) -> None:
        if self._settings is not None:
            write_first(self._settings.path)
            open_in_editor(self._settings.path)

    def _is_on(self) -> bool:
        return self._login is not None and self._login.is_on()

    def _switch_login(self) -> None:
        """The other way round from how it stands."""
        if self._login is None:
            return
        if self._login.is_on():
            self._login.disable()
        elif instead := self._login.enable().instead:
            words = tr("Until now it started {instead}.", instead=instead)
            self._tell(Notice("login", tr("Tray Status starts at login"), words, Impact.UNKNOWN, over=True))


def _came_to_nothing(choice: Choice) -> str:
    if choice is Do.SWITCH_LOGIN:
        return "Start at login was not changed"
    if isinstance(choice, NotifyFrom) or choice in (Do.SWITCH_SOUNDS, Do.EDIT_SETTINGS):
        return "The settings were not changed"
    if isinstance(choice, Copy):
        return "Nothing was copied"
    if isinstance(choice, (Ask, TakeBack)):
        return "What you chose was not noted"
    return "That did not work"
