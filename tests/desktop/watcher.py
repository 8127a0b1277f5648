"""A tray host: takes items as panels do, reads them back, and clicks in their menus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dbus_fast import Message, Variant

from tests.waiting import wait_until

from .peer import DBUS, PROPERTIES, Peer, Signal

NAME = "org.kde.StatusNotifierWatcher"
PATH = "/StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"


@dataclass(frozen=True)
class Line:
    """One line of a menu as a host reads it."""

    id: int
    label: str = ""
    """As a person sees it: `__` on the bus is `_` here."""
    kind: str = "standard"
    enabled: bool = True
    visible: bool = True
    toggle: str = ""
    """`checkmark`, `radio` or nothing."""
    checked: bool = False
    lines: tuple[Line, ...] = field(default=())

    def find(self, *labels: str) -> Line:
        """The line at the end of a way through submenus, by labels or names."""
        line = self
        for label in labels:
            found = [each for each in line.lines if label in (each.label, each.name)]
            assert found, f"no {label!r} among {[each.label for each in line.lines]}"
            line = found[0]
        return line

    def has(self, *labels: str) -> bool:
        """Whether there is such a way through submenus."""
        line, *more = labels
        return any(not more or each.has(*more) for each in self.lines if line in (each.label, each.name))

    @property
    def name(self) -> str:
        """The label without the facts that follow its dash, or stand in its brackets."""
        return self.label.partition(" — ")[0].partition(" (")[0]

    @property
    def names(self) -> list[str]:
        """Of the lines directly below."""
        return [each.name for each in self.lines if each.visible and each.kind != "separator"]

    @property
    def labels(self) -> list[str]:
        """Of the lines directly below; a separator is `-`."""
        return ["-" if each.kind == "separator" else each.label for each in self.lines if each.visible]


class Item:
    """A registered tray icon, read over the bus."""

    def __init__(self, watcher: Watcher, service: str) -> None:
        self._watcher = watcher
        self.service = service
        self.owner = str(watcher.ask_bus("GetNameOwner", "s", [service])[0])
        self.path = "/StatusNotifierItem"

    def properties(self) -> dict[str, Any]:
        return dict(self._watcher.call(self.service, self.path, PROPERTIES, "GetAll", "s", [ITEM])[0])

    @property
    def signals(self) -> list[Signal]:
        """What the item and its menu have emitted so far."""
        return [each for each in self._watcher.signals if each.sender == self.owner]

    def emitted(self) -> list[str]:
        return [each.member for each in self.signals]

    def call(self, member: str, signature: str = "", body: Sequence[Any] = ()) -> list[Any]:
        return self._watcher.call(self.service, self.path, ITEM, member, signature, body)

    def call_menu(self, member: str, signature: str = "", body: Sequence[Any] = ()) -> list[Any]:
        return self._watcher.call(self.service, self.properties()["Menu"], MENU, member, signature, body)

    def menu(self) -> Line:
        """The whole menu as one line whose lines it holds."""
        return _line(self.call_menu("GetLayout", "iias", [0, -1, []])[1])

    def revision(self) -> int:
        return int(self.call_menu("GetLayout", "iias", [0, 0, []])[0])

    def click(self, *labels: str) -> None:
        """Choose an entry as a person does, by the labels that lead to it."""
        line = self.menu().find(*labels)
        assert line.enabled, f"{labels[-1]!r} is greyed out"
        self.call_menu("Event", "isvu", [line.id, "clicked", Variant("i", 0), 0])


class Watcher(Peer):
    """Owns the watcher's name from the start; `stop` and `start` are a panel that goes and comes."""

    def __init__(self, address: str, *, running: bool = True, host: bool = True) -> None:
        self.services: list[str] = []
        """Names of the items that are registered now."""
        self.registrations: list[str] = []
        """Every registration that ever came."""
        self._host = host
        super().__init__(address)
        self.hear(f"interface='{ITEM}'")
        self.hear(f"interface='{MENU}'")
        self.hear(f"sender='{DBUS}',member='NameOwnerChanged'")
        if running:
            self.start()

    def start(self) -> None:
        self.own(NAME)

    def stop(self) -> None:
        self.services.clear()
        self.disown(NAME)

    def set_host(self, present: bool) -> None:
        """A panel that shows the items appears, or goes, while the watcher stays."""
        self._host = present
        self.emit(PATH, NAME, f"StatusNotifierHost{'Registered' if present else 'Unregistered'}")

    def item(self) -> Item:
        """The first registered item; waits for it."""
        return Item(self, wait_until(lambda: self.services[:1], "no tray item registered")[0])

    def _heard(self, signal: Signal) -> None:
        if signal.member == "NameOwnerChanged" and not signal.body[2] and signal.body[0] in self.services:
            self.services.remove(signal.body[0])

    def _answer(self, message: Message) -> tuple[str, list[Any]]:
        if message.interface == PROPERTIES:
            return self._property(message)
        if message.member == "RegisterStatusNotifierItem":
            service = str(message.body[0])
            self.registrations.append(service)
            if service not in self.services:
                self.services.append(service)
            return "", []
        raise KeyError(message.member)

    def _property(self, message: Message) -> tuple[str, list[Any]]:
        properties = {
            "RegisteredStatusNotifierItems": Variant("as", self.services),
            "IsStatusNotifierHostRegistered": Variant("b", self._host),
            "ProtocolVersion": Variant("i", 0),
        }
        if message.member == "GetAll":
            return "a{sv}", [properties]
        return "v", [properties[message.body[1]]]


def _line(node: list[Any]) -> Line:
    number, properties, children = node
    return Line(
        id=number,
        label=properties.get("label", "").replace("__", "_"),
        kind=properties.get("type", "standard"),
        enabled=properties.get("enabled", True),
        visible=properties.get("visible", True),
        toggle=properties.get("toggle-type", ""),
        checked=properties.get("toggle-state", 0) == 1,
        lines=tuple(_line(child) for child in children),
    )
