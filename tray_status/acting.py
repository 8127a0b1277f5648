"""What a person does on the status page in the browser: wishes, checks, and changes of the settings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from .config import PageSetting, Settings, find_page, page_of
from .config.file import (
    SettingsHere,
    add_pages,
    choose_parts,
    remove_page,
    set_for_all,
    set_for_page,
    to_add_to,
    write_first,
)
from .core.attention import Rules
from .core.model import Impact, Page
from .core.targets import Fate
from .core.text import clean_line
from .core.view import PageView
from .core.wishes import EVERYTHING, Wish, asked_for, is_taken_back, pause, quiet_hours
from .core.wording import unreadable_line
from .engine import Engine
from .errors import UsageError
from .outputs.target import Target
from .outputs.targets import sample
from .poller.loop import utc_now
from .trial import looked_at


class Acting:
    """Every method may be called from any thread and raises TrayStatusError with words where it came to nothing."""

    def __init__(
        self,
        engine: Engine,
        check_now: Callable[[], None],
        settings: SettingsHere | None,
        targets: Callable[[], Sequence[Target]] = tuple,
    ) -> None:
        """`targets` makes the hooks and webhooks of the settings anew."""
        self._engine = engine
        self._targets = targets
        self._settings = settings
        self._looking = threading.Lock()
        self.check_now = check_now

    # --- wishes ---------------------------------------------------------------------------------------------------

    def wish(self, wish: Wish, page_id: str, incident_id: str = EVERYTHING, until: datetime | None = None) -> None:
        """Note that the person wants this of a page, or of one of its incidents."""
        wished = asked_for(wish, self._engine.overview(), page_id, incident_id, utc_now(), until)
        if not wished:
            raise UsageError("nothing of that is open any more")
        self._engine.wish(wished)

    def take_back(self, wish: Wish, page_id: str, incident_id: str = EVERYTHING) -> None:
        meant = [each for each in self._engine.wishes() if is_taken_back(each, wish, page_id, incident_id)]
        self._engine.take_back(meant)

    def pause(self, until: datetime | None) -> None:
        """No notices until then; without a time, until they are resumed."""
        self._engine.wish([pause(utc_now(), until)])

    def resume(self) -> None:
        self._engine.take_back([each for each in self._engine.wishes() if each.wish is Wish.PAUSE])

    # --- settings -------------------------------------------------------------------------------------------------

    @property
    def rules(self) -> Rules | None:
        """What the settings say of all pages' notices; None where this run has none that could be changed."""
        return self._settings.rules() if self._settings else None

    def look(self, wanted: str) -> tuple[Page, PageView]:
        """What is at an address, or behind a known name: asked now, which takes up to a minute."""
        found = find_page(self._read(), clean_line(wanted, 300), "add")
        page = page_of(found, 60.0)
        if not self._looking.acquire(blocking=False):
            raise UsageError("another page is being looked at just now; try again in a moment")
        try:
            view, _ = looked_at(page)
        finally:
            self._looking.release()
        return page, view

    def add(self, wanted: str, components: Sequence[str] = (), name: str = "") -> str:
        """Watch a page from now on, or these parts of it; the name that it has here. It must be one that answers."""
        here = self._here()
        page, view = self.look(wanted)
        if (why := unreadable_line(view)) is not None:
            raise UsageError(f"{why} It was not added")
        name = name or (page.name if page.named else view.page.name)
        there = self._read().pages
        if any(each.url == page.url for each in there):
            raise UsageError(f"{name} is watched already")
        if name.casefold() in {each.name.casefold() for each in there}:
            name = f"{name} ({page.url.partition('://')[2]})"
        add_pages(here.path, [PageSetting(name=name, url=page.url, components=tuple(components))])
        here.take_up()
        return name

    def remove(self, page_id: str) -> str:
        """Watch a page no longer; its history is kept."""
        here, setting = self._here(), self._of(page_id)
        write_first(here.path)
        remove_page(here.path, setting.name)
        here.take_up()
        return setting.name

    def choose(self, page_id: str, components: Sequence[str]) -> None:
        """Only what touches these components matters from now on; with none, all of the page."""
        here, setting = self._here(), self._of(page_id)
        write_first(here.path)
        chosen = PageSetting(
            name=setting.name, url=setting.url, components=tuple(components), regions=setting.regions
        )
        choose_parts(here.path, chosen)
        here.take_up()

    def notify_from(self, impact: Impact, page_id: str = EVERYTHING) -> None:
        """The least that is worth a notice, of one page or of all that have no threshold of their own."""
        here = self._here()
        if page_id == EVERYTHING:
            set_for_all(here.path, "notify_from", impact.value)
        else:
            setting = self._of(page_id)
            write_first(here.path)
            set_for_page(here.path, setting.name, "notify_from", impact.value)
        here.take_up()

    def quiet(self, hours: str, loud: Impact | None = None) -> None:
        """No notices at these hours of the day but for what is so bad; with no hours, none are quiet."""
        here = self._here()
        wanted = quiet_hours(hours) if hours.strip() else None
        if hours.strip() and wanted is None:
            raise UsageError(f"“{clean_line(hours, 40)}” is not from when to when, such as 22:00-07:00")
        set_for_all(here.path, "quiet_hours", str(wanted) if wanted else "")
        if loud is not None:
            set_for_all(here.path, "quiet_except", loud.value)
        here.take_up()

    def sounds(self, *, on: bool) -> None:
        """Whether notices may be heard."""
        here = self._here()
        set_for_all(here.path, "sounds", on)
        here.take_up()

    # --- hooks and webhooks -----------------------------------------------------------------------------------------

    def targets(self) -> list[tuple[str, str, str]]:
        """Each by the name of its cursor, what it is, and why it takes nothing; empty where it does."""
        found = []
        for each in self._targets():
            trouble = self._engine.store.troubles.of(each.output)
            found.append((each.output, each.label, trouble.words if trouble else ""))
        return found

    def test_target(self, output: str) -> str:
        """Send one of them an invented event; what came back, in words."""
        target = next((each for each in self._targets() if each.output == output), None)
        if target is None:
            raise UsageError("the settings have no such hook or webhook any more")
        with target.turn():
            reply = target.tell(sample(utc_now()))
        if reply.fate is not Fate.TAKEN:
            raise UsageError(f"{target.label} did not take it: {reply.words}")
        return f"{target.label} took it: {reply.words}"

    def _here(self) -> SettingsHere:
        if self._settings is None:
            raise UsageError("this run has no settings to change: its pages were named when it was started")
        return self._settings

    def _read(self) -> Settings:
        """The settings as they are on disk; those of the first start where there are none yet."""
        if self._settings is None:
            return Settings()
        return to_add_to(self._settings.path)

    def _of(self, page_id: str) -> PageSetting:
        """What the settings say of a watched page."""
        found = next((each for each in self._read().pages if page_of(each, 60.0).id == page_id), None)
        if found is None:
            raise UsageError("the settings do not name that page; it was named when this was started, or is gone")
        return found
