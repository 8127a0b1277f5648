"""Notices over the session bus. Specification: https://specifications.freedesktop.org/notification-spec/

Tried with xfce4-notifyd and dunst. A notice replaces the earlier one of the same incident in place; a click, or
its button, opens the vendor's page.
"""

from __future__ import annotations

import html
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...core.model import Impact
from ...core.notice import Notice
from ...core.text import cut, safe_url
from ...errors import NotDelivered
from ...system.session_bus import CALL_SECONDS, DBUS, NO_SUCH_SERVICE, BusRefused, NoBus, SessionBus
from .shown import Shown

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
BODY_LIMIT = 500
LOW, NORMAL, CRITICAL = 0, 1, 2
_SOUNDS = {
    Impact.CRITICAL: "dialog-error",
    Impact.MAJOR: "dialog-warning",
    Impact.NONE: "complete",
}
"""Names of https://specifications.freedesktop.org/sound-naming-spec/; all else sounds as a message does."""
STAYS, AS_THE_DESKTOP_LIKES = 0, -1

_NO_SERVICE = frozenset({NO_SUCH_SERVICE, "org.freedesktop.DBus.Error.NoReply"})
"""There is none, or it went while it was asked."""

ANSWER_SECONDS = CALL_SECONDS
"""So long one waits for the service to say that a notice is shown; it may say so later."""

LATE_COUNTS = 300.0
"""Seconds within which an answer that came when nobody waited counts for whoever asks for the same notice again."""


@dataclass
class _Sent:
    """A notice that the service has; whether it was shown is only known once it answers."""

    notice: Notice
    answer: Future[list[Any]] = field(default_factory=Future)
    answered_at: float | None = None
    nobody_waits: bool = False
    withdrawn: bool = False


class FreedesktopNotifier:
    """Shows notices through the desktop's own service."""

    name = "freedesktop"

    def __init__(self, bus: SessionBus, on_click: Callable[[str], None], file: Path | None = None) -> None:
        """`file` keeps over restarts which notices are on the screen; without one they are forgotten."""
        self._bus = bus
        self._on_click = on_click
        self._lock = threading.Lock()
        self._shown = Shown(file)
        self._sent: dict[str, _Sent] = {}
        """By key: what the service has not answered, and what it answered when nobody waited any longer."""
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
        """As every backend does. What was sent and not answered is not sent again: a service that takes its time
        would show it as often as it is asked. To ask for it once more waits for its answer, which may be there.
        """
        try:
            arguments = self._arguments(notice, self._ask_capabilities())
            while not self._is_shown(self._sent_now(notice, arguments), notice):
                pass  # that was what was sent before; now it is this notice's turn
        except (NoBus, BusRefused) as error:
            absent = isinstance(error, BusRefused) and error.name in _NO_SERVICE
            why = "no notification service answers yet" if absent else str(error)
            raise NotDelivered(f"a notice has to wait: {why}", known=absent and self._absence_known) from error
        self._shown.keep()

    def withdraw(self, key: str) -> None:
        with self._lock:
            if (sent := self._sent.get(key)) is not None:
                sent.withdrawn = True  # what is not there yet goes as soon as it comes
                if sent.answer.done():
                    del self._sent[key]
        if number := self._shown.remove(key):
            self._bus.send(NAME, PATH, NAME, "CloseNotification", "u", [number])
            self._shown.keep()

    def _sent_now(self, notice: Notice, arguments: list[Any]) -> _Sent:
        """What the service has with this key and has to answer first; else the notice, sent. Raises NoBus."""
        with self._lock:
            before = self._sent.get(notice.key)
            if before is not None and not _is_past(before):
                return before
            sent = _Sent(notice)
            arguments[1] = self._shown.number(notice.key)
            sent.answer = self._bus.begin(
                NAME, PATH, NAME, "Notify", "susssasa{sv}i", arguments, lambda results: self._answered(sent, results)
            )
            self._sent[notice.key] = sent
            return sent

    def _is_shown(self, sent: _Sent, notice: Notice) -> bool:
        """Wait for an answer; whether it says that this notice is shown. Raises NoBus and BusRefused."""
        refusal: NoBus | BusRefused | None = None
        try:
            self._bus.wait(sent.answer, ANSWER_SECONDS)
        except (NoBus, BusRefused) as error:
            refusal = error
        with self._lock:
            if refusal is not None and sent.answered_at is None and not sent.answer.done():
                sent.nobody_waits = True
                raise NoBus("the notification service has not answered yet") from refusal
            if self._sent.get(sent.notice.key) is sent:
                del self._sent[sent.notice.key]
            if refusal is not None and sent.answered_at is None:  # else it came at the last moment
                raise refusal
        return sent.notice == notice and not sent.withdrawn

    def _answered(self, sent: _Sent, results: list[Any]) -> None:
        """The service has shown a notice, and gave it a number; on the bus's thread."""
        notice = sent.notice
        number = results[0] if results and isinstance(results[0], int) else 0
        with self._lock:
            if self._sent.get(notice.key) is not sent:
                return  # another service has taken over meanwhile, and knows nothing of it
            sent.answered_at = time.monotonic()
            late = sent.nobody_waits
            if number and not sent.withdrawn:
                self._shown.add(notice.key, number, safe_url(notice.url))
        if sent.withdrawn:
            self._bus.send(NAME, PATH, NAME, "CloseNotification", "u", [number])
        if late:
            self.came()

    def _arguments(self, notice: Notice, can: frozenset[str]) -> list[Any]:
        """Of `Notify`; the number of the notice that it replaces is put in when it is sent."""
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
        if "actions" in can:
            actions += [part for each in notice.actions for part in (each.name, each.label)]
        if self.heard():
            hints["sound-name"] = Variant("s", _SOUNDS.get(notice.impact, "message-new-instant"))
        else:
            hints["suppress-sound"] = Variant("b", True)
        return [
            "Tray Status", 0, "", notice.title, body, actions, hints,
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

    pressed: Callable[[str, str], None] = staticmethod(lambda _action, _key: None)
    """Called with the name of a button and the key of its notice; set by whoever knows what to do."""

    heard: Callable[[], bool] = staticmethod(lambda: False)
    """Whether notices may make a sound; the desktop's own do-not-disturb is above that."""

    @property
    def capabilities(self) -> frozenset[str]:
        """What the service can do. Raises NoBus and BusRefused."""
        return self._ask_capabilities()

    def _ask_capabilities(self) -> frozenset[str]:
        if self._capabilities is None:
            self._capabilities = frozenset(self._bus.call(NAME, PATH, NAME, "GetCapabilities")[0])
        if self._shown.wants_service:
            bus, owner = (
                self._bus.call(DBUS, "/org/freedesktop/DBus", DBUS, *question)[0]
                for question in (("GetId",), ("GetNameOwner", "s", [NAME]))
            )
            self._shown.begin(bus, owner)
        return self._capabilities

    def _owner_changed(self, owner: str) -> None:
        """Another daemon, or none: it knows none of our notices and may be able to do other things."""
        with self._lock:
            self._capabilities = None
            self._absence_known = False
            self._sent.clear()
        self._shown.forget()
        if owner:
            self.came()

    def _action_invoked(self, _sender: str, body: list[Any]) -> None:
        if len(body) < 2:
            return
        link, key = self._shown.link(body[0]), self._shown.key(body[0])
        if body[1] in ("default", "open"):
            if link:
                threading.Thread(target=self._on_click, args=(link,), name="tray-status open", daemon=True).start()
        elif key is not None:
            threading.Thread(target=self.pressed, args=(body[1], key), name="tray-status press", daemon=True).start()

    def _closed(self, _sender: str, body: list[Any]) -> None:
        if body:
            self._shown.gone(body[0])


def _is_past(sent: _Sent) -> bool:
    """Whether its answer is of no use any more: a refusal, or so old that the same words are news again."""
    if not sent.answer.done():
        return False
    return sent.answered_at is None or time.monotonic() - sent.answered_at > LATE_COUNTS
