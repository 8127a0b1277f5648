"""Notices over the session bus. Specification: https://specifications.freedesktop.org/notification-spec/

Tried with xfce4-notifyd and dunst. A notice replaces the earlier one of the same incident in place; a click, or
its button, opens the vendor's page.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Callable
from typing import Any

from ...core.model import Impact
from ...core.notice import Notice
from ...core.text import cut, safe_url
from ...errors import NotDelivered
from ...system.session_bus import NO_SUCH_SERVICE, BusRefused, NoBus, SessionBus

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
BODY_LIMIT = 500
LOW, NORMAL, CRITICAL = 0, 1, 2
STAYS, AS_THE_DESKTOP_LIKES = 0, -1


class FreedesktopNotifier:
    """Shows notices through the desktop's own service."""

    name = "freedesktop"

    def __init__(self, bus: SessionBus, on_click: Callable[[str], None]) -> None:
        self._bus = bus
        self._on_click = on_click
        self._lock = threading.Lock()
        self._shown: dict[str, int] = {}
        self._links: dict[int, str] = {}
        self._capabilities: frozenset[str] | None = None
        self._absence_known = False
        """Whether somebody was told that there is no service."""
        bus.listen(NAME, "ActionInvoked", self._action_invoked)
        bus.listen(NAME, "NotificationClosed", self._closed)
        bus.watch_name(NAME, self._owner_changed)

    def available(self) -> bool:
        try:
            self._ask_capabilities()
        except (NoBus, BusRefused):
            self._absence_known = True
            return False
        return True

    def show(self, notice: Notice) -> None:
        try:
            can = self._ask_capabilities()
            with self._lock:
                replaced = self._shown.get(notice.key, 0)
            self._bus.call(
                NAME, PATH, NAME, "Notify", "susssasa{sv}i", self._arguments(notice, replaced, can),
                then=lambda results: self._remember(notice, results[0]),
            )  # fmt: skip
        except (NoBus, BusRefused) as error:
            absent = isinstance(error, BusRefused) and error.name == NO_SUCH_SERVICE
            why = "no notification service answers yet" if absent else str(error)
            raise NotDelivered(f"a notice has to wait: {why}", known=absent and self._absence_known) from error

    def withdraw(self, key: str) -> None:
        with self._lock:
            number = self._shown.pop(key, None)
            self._links.pop(number or 0, None)
        if number is not None:
            self._bus.send(NAME, PATH, NAME, "CloseNotification", "u", [number])

    def _remember(self, notice: Notice, number: int) -> None:
        with self._lock:
            self._shown[notice.key] = number
            self._links.pop(number, None)
            if link := safe_url(notice.url):
                self._links[number] = link

    def _arguments(self, notice: Notice, replaced: int, can: frozenset[str]) -> list[Any]:
        from dbus_fast import Variant

        critical = notice.impact is Impact.CRITICAL and not notice.over
        body = cut(notice.body, BODY_LIMIT)
        if "body-markup" in can:
            body = html.escape(body, quote=False)
        hints = {
            "urgency": Variant("y", LOW if notice.over else CRITICAL if critical else NORMAL),
            # The specification's own word for trouble with something on the network.
            "category": Variant("s", "network" if notice.over else "network.error"),
            "desktop-entry": Variant("s", "tray-status"),
        }
        if picture := self._picture(notice):
            hints["image-data"] = picture
        actions = ["default", "", "open", "Open in browser"] if "actions" in can and safe_url(notice.url) else []
        return [
            "Tray Status", replaced, "", notice.title, body, actions, hints,
            STAYS if critical else AS_THE_DESKTOP_LIKES,
        ]  # fmt: skip

    def _picture(self, notice: Notice) -> Any:
        """The icon of the notice's impact as the `image-data` hint: width, height, row bytes, alpha, 8, 4, bytes."""
        from dbus_fast import Variant

        image = self.picture(Impact.NONE if notice.over else notice.impact)
        if image is None:
            return None
        width, height = image.size
        return Variant("(iiibiiay)", [width, height, width * 4, True, 8, 4, image.tobytes()])

    picture: Callable[[Impact], Any] = staticmethod(lambda _impact: None)
    """Draws an icon for an impact as an RGBA image; set by whoever has the drawings."""

    came: Callable[[], None] = staticmethod(lambda: None)

    def _ask_capabilities(self) -> frozenset[str]:
        if self._capabilities is None:
            self._capabilities = frozenset(self._bus.call(NAME, PATH, NAME, "GetCapabilities")[0])
        return self._capabilities

    def _owner_changed(self, owner: str) -> None:
        """Another daemon, or none: it knows none of our notices and may be able to do other things."""
        with self._lock:
            self._capabilities = None
            self._absence_known = False
            self._shown.clear()
            self._links.clear()
        if owner:
            self.came()

    def _action_invoked(self, _sender: str, body: list[Any]) -> None:
        with self._lock:
            link = self._links.get(body[0]) if body else None
        if link and body[1] in ("default", "open"):
            threading.Thread(target=self._on_click, args=(link,), name="tray-status open", daemon=True).start()

    def _closed(self, _sender: str, body: list[Any]) -> None:
        with self._lock:
            number = body[0] if body else 0
            self._links.pop(number, None)
            self._shown = {key: shown for key, shown in self._shown.items() if shown != number}
