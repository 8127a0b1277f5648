"""What one server shows, what can be done on it, and its secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ..core.attention import Rules
from ..core.metrics import Polls
from ..core.model import Impact, Incident, Page
from ..core.view import Overview, PageView
from ..core.wishes import Wish, Wished
from ..store import Store
from .key import Key, new_key

if TYPE_CHECKING:
    from django.http import HttpRequest

ENVIRONMENT = "tray_status.site"
"""The key of a request's environment under which the server puts its Site."""


class Source(Protocol):
    """Where the pages get what they show. Each method may raise StoreError."""

    @property
    def store(self) -> Store: ...
    def overview(self) -> Overview: ...
    def recent(self, limit: int = 10) -> list[tuple[Page, Incident]]: ...
    def next_check(self) -> datetime | None: ...
    def wishes(self) -> list[Wished]: ...
    def usual(self, page_id: str) -> str | None: ...
    def polls(self) -> Mapping[str, Polls]: ...
    def ailment(self) -> str: ...


class Acts(Protocol):
    """What can be done; each method raises TrayStatusError with words where it came to nothing."""

    @property
    def rules(self) -> Rules | None: ...
    def check_now(self) -> None: ...
    def wish(self, wish: Wish, page_id: str, incident_id: str = "", until: datetime | None = None) -> None: ...
    def take_back(self, wish: Wish, page_id: str, incident_id: str = "") -> None: ...
    def pause(self, until: datetime | None) -> None: ...
    def resume(self) -> None: ...
    def look(self, wanted: str) -> tuple[Page, PageView]: ...
    def add(self, wanted: str, components: Sequence[str] = (), name: str = "") -> str: ...
    def remove(self, page_id: str) -> str: ...
    def choose(self, page_id: str, components: Sequence[str]) -> None: ...
    def notify_from(self, impact: Impact, page_id: str = "") -> None: ...
    def quiet(self, hours: str, loud: Impact | None = None) -> None: ...
    def sounds(self, *, on: bool) -> None: ...
    def targets(self) -> list[tuple[str, str, str]]: ...
    def test_target(self, output: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Site:
    """One home's status page."""

    source: Source
    acts: Acts | None = None
    """None where it only shows."""
    key: Key = field(default_factory=new_key)
    shut: bool = False
    """Whether everybody is asked for the password: others than this computer reach it."""


def known_pages(site: Site) -> dict[str, Page]:
    """Every page of which something is known, by id; those that are watched as the settings have them.

    Raises StoreError.
    """
    known = {each.id: each for each in site.source.store.past.pages()}
    return {**known, **{view.page.id: view.page for view in site.source.overview().pages}}


def site_of(request: HttpRequest) -> Site:
    """The site that a request is for."""
    site: Site = request.META[ENVIRONMENT]
    return site
