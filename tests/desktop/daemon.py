"""A notification daemon: records what it is asked to show, and plays the person who clicks and closes."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dbus_fast import Message

from tests.waiting import wait_until

from .peer import DBUS, SECONDS, Peer, Refused, plain

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
EXPIRED, DISMISSED, CLOSED = 1, 2, 3
"""Why a notification went: by itself, by the person, by the program."""


@dataclass(frozen=True)
class Shown:
    """One call of `Notify`, and the id that it got."""

    id: int
    app: str
    replaces: int
    icon: str
    title: str
    body: str
    actions: dict[str, str]
    hints: dict[str, Any]
    timeout: int


class NotificationDaemon(Peer):
    """Owns the service's name from the start; `restart` is another daemon in its place."""

    def __init__(
        self, address: str, capabilities: Sequence[str] = ("body", "body-markup", "actions"), *, running: bool = True
    ) -> None:
        self.shown: list[Shown] = []
        """Every notification ever, oldest first, replacements too."""
        self.on_screen: dict[int, Shown] = {}
        self.calls: list[str] = []
        """Every method that was called."""
        self.refuses = False
        self.answers = threading.Event()
        """Cleared, whoever calls `Notify` has to wait for the answer."""
        self.answers.set()
        self._capabilities = tuple(capabilities)
        self._numbers = itertools.count(1)
        super().__init__(address)
        if running:
            self.own(NAME)

    def restart(self, capabilities: Sequence[str]) -> None:
        """Another daemon takes over; it knows nothing of what the first one showed."""
        self.disown(NAME)
        self.on_screen.clear()
        self._capabilities = tuple(capabilities)
        self.own(NAME)

    def wait_for(self, how_many: int) -> list[Shown]:
        """All that was shown, once there are so many."""
        wait_until(lambda: len(self.shown) >= how_many, f"{len(self.shown)} of {how_many} notifications came")
        return list(self.shown)

    def settle(self, pid: int) -> None:
        """Wait until all that a process which has ended had sent has come: the bus reads it before it lets it go."""
        wait_until(lambda: pid not in self._processes(), f"the bus let go of process {pid}")
        self.call(self.name, PATH, f"{DBUS}.Peer", "Ping")

    def _processes(self) -> set[int]:
        """Those that are connected to the bus."""
        found = set()
        for name in self.ask_bus("ListNames")[0]:
            with contextlib.suppress(Refused):  # it has just left
                found.add(self.ask_bus("GetConnectionUnixProcessID", "s", [name])[0])
        return found

    def invoke(self, number: int, action: str = "default") -> None:
        """The person clicks the notification or one of its buttons."""
        self.emit(PATH, NAME, "ActionInvoked", "us", [number, action])

    def close_notification(self, number: int, reason: int = DISMISSED) -> None:
        self.on_screen.pop(number, None)
        self.emit(PATH, NAME, "NotificationClosed", "uu", [number, reason])

    def _answer(self, message: Message) -> tuple[str, list[Any]]:
        self.calls.append(str(message.member))
        if self.refuses:
            raise Refused("org.freedesktop.Notifications.Error.ExcessNotificationGeneration", "too many")
        if message.member == "GetCapabilities":
            return "as", [list(self._capabilities)]
        if message.member == "GetServerInformation":
            return "ssss", ["daemon of the tests", "Tray Status", "1", "1.2"]
        if message.member == "Notify":
            return "u", [self._notify(plain(message.body))]
        if message.member == "CloseNotification":
            return self._close(message.body[0])
        raise KeyError(message.member)

    def _notify(self, body: list[Any]) -> int:
        self.answers.wait(SECONDS)
        app, replaces, icon, title, text, actions, hints, timeout = body
        number = replaces or next(self._numbers)
        labels = dict(zip(actions[::2], actions[1::2], strict=True))
        shown = Shown(number, app, replaces, icon, title, text, labels, hints, timeout)
        self.shown.append(shown)
        self.on_screen[number] = shown
        return number

    def _close(self, number: int) -> tuple[str, list[Any]]:
        if self.on_screen.pop(number, None) is None:
            raise Refused("org.freedesktop.Notifications.Error.NotFound", "it is gone")
        message = Message.new_signal(PATH, NAME, "NotificationClosed", "uu", [number, CLOSED])
        self._bus.send(message)
        return "", []
