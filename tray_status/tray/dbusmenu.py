"""A pystray menu offered as `com.canonical.dbusmenu`, the menu that tray hosts on Linux read over the bus.

Ids are stable: an item keeps its id as long as its way down the menu (its keys) stays the same. While the menu is
open, labels follow the news and the layout waits: nothing moves under the pointer. Format: the interface's XML in
libdbusmenu, and what xfce4-panel and Waybar ask for.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..system.session_bus import Interface, Method, SessionBus
from .dbusmenu_nodes import Node, layout_of, properties_of, variants

log = logging.getLogger(__name__)

NAME = "com.canonical.dbusmenu"
PATH = "/MenuBar"
ROOT = 0

OPEN_AT_MOST = 60.0
"""Seconds after the last sign of a person after which the menu counts as closed: some hosts never say that it is."""


class DBusMenu:
    """One menu on the bus. `choose` is called with a chosen item, on a thread of its own."""

    def __init__(
        self,
        bus: SessionBus,
        choose: Callable[[Any], None],
        on_look: Callable[[bool], None] = lambda _opened: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_look` is called, on a thread of its own, when the menu is opened, and when it is closed."""
        self._bus = bus
        self._choose = choose
        self._on_look = on_look
        self._monotonic = monotonic
        self._numbers = itertools.count(1)
        self._ids: dict[tuple[str, ...], int] = {}
        self._root = Node(ROOT, {"children-display": ("s", "submenu")})
        self._nodes: dict[int, Node] = {ROOT: self._root}
        self._revision = 1
        self._items: Sequence[Any] = ()
        self._open: set[int] = set()
        """The submenus that are open, `ROOT` for the menu itself, as far as the host tells."""
        self._open_until = 0.0
        self._waiting: threading.Timer | None = None
        """Ends the wait of a layout for a menu that is never said to be closed."""
        self._lock = threading.RLock()
        self._telling = threading.Lock()
        bus.offer(PATH, {NAME: self._interface()})

    def show(self, items: Sequence[Any] | None = None) -> None:
        """Replace the menu's items, or ask those that it has anew; says on the bus only what really changed.

        While the menu is open, what would change its layout waits until it is closed.
        """
        with self._lock:
            self._items = items = self._items if items is None else items
            used: dict[tuple[str, ...], int] = {}
            root = Node(ROOT, {"children-display": ("s", "submenu")}, self._children(items, (), used))
            if self._is_open() and root.shape() != self._root.shape():
                self._ids = {**used, **self._ids}
                self._show_in_place(root)
                self._wait_for_close()
                return
            before, self._root, self._ids = self._root, root, used
            old = {node.id: node.properties for node in before.walk()}
            self._nodes = {node.id: node for node in root.walk()}
            if before.shape() != root.shape():
                self._revision += 1
                self._bus.emit(PATH, NAME, "LayoutUpdated", "ui", [self._revision, ROOT])
            changed = [node for node in root.walk() if node.id in old and old[node.id] != node.properties]
            if changed:
                self._emit_properties(changed, old)

    def _show_in_place(self, root: Node) -> None:
        """Of another layout, what those items say that are there already."""
        there = {node.id: node for node in root.walk()}
        old = {node.id: node.properties for node in self._nodes.values()}
        changed = []
        for node in self._nodes.values():
            new = there.get(node.id)
            if new is None or bool(new.children) is not bool(node.children):
                continue
            node.item = new.item
            if node.properties != new.properties:
                node.properties = new.properties
                changed.append(node)
        if changed:
            self._emit_properties(changed, old)

    def _is_open(self) -> bool:
        return bool(self._open) and self._monotonic() < self._open_until

    def _wait_for_close(self) -> None:
        """Have what waits shown at the latest when the menu counts as closed."""
        if self._waiting is None:
            left = max(0.0, self._open_until - self._monotonic())
            self._waiting = threading.Timer(left, self._waited)
            self._waiting.daemon = True
            self._waiting.start()

    def _waited(self) -> None:
        with self._lock:
            self._waiting = None
            if self._open and not self._is_open():
                self._closed(ROOT)
            elif self._is_open():
                self._wait_for_close()

    def _opened(self, number: int) -> None:
        """The host shows the menu, or a submenu of it. What waited for an earlier one to close comes first."""
        with self._lock:
            if number not in self._nodes:
                return
            was_open = self._is_open()
            if number == ROOT or not was_open:
                self._open.clear()
                self.show()
            self._open.add(number)
            self._open_until = self._monotonic() + OPEN_AT_MOST
            self._wait_for_close()
            if number == ROOT or not was_open:
                self._tell_look(opened=True)

    def _closed(self, number: int) -> None:
        with self._lock:
            was_open = bool(self._open)
            self._open.discard(number)
            if number == ROOT:
                self._open.clear()
            if was_open and not self._open:
                if self._waiting is not None:
                    self._waiting.cancel()
                    self._waiting = None
                self.show()
                self._tell_look(opened=False)

    def _tell_look(self, *, opened: bool) -> None:
        """On a thread of its own, for whoever hears of it may have to wait for a disk.

        Whichever thread comes late, the last word is how it stands.
        """

        def tell() -> None:
            with self._telling:
                if opened:
                    self._on_look(True)
                if not self._is_open():
                    self._on_look(False)

        threading.Thread(target=tell, name="tray-status look", daemon=True).start()

    def _emit_properties(self, changed: list[Node], old: Mapping[int, Mapping[str, Any]]) -> None:
        updated = [[node.id, variants(node.properties)] for node in changed]
        removed = []
        for node in changed:
            if gone := [name for name in old[node.id] if name not in node.properties]:
                removed.append([node.id, gone])
        self._bus.emit(PATH, NAME, "ItemsPropertiesUpdated", "a(ia{sv})a(ias)", [updated, removed])

    def _children(self, items: Sequence[Any], way: tuple[str, ...], used: dict[tuple[str, ...], int]) -> list[Node]:
        nodes = []
        for item in items:
            base = str(getattr(item, "key", None) or item.text)
            key = (*way, base)
            number = 1
            while key in used:
                number += 1
                key = (*way, f"{base}#{number}")
            used[key] = self._ids.get(key) or next(self._numbers)
            node = Node(used[key], properties_of(item), item=item)
            if item.submenu is not None:
                node.children = self._children(list(item.submenu.items), key, used)
            nodes.append(node)
        return nodes

    def _interface(self) -> Interface:
        from dbus_fast import Variant

        properties = {
            "Version": Variant("u", 3),
            "TextDirection": Variant("s", "ltr"),
            "Status": Variant("s", "normal"),
            "IconThemePath": Variant("as", []),
        }
        return Interface(
            methods={
                "GetLayout": Method("iias", "u(ia{sv}av)", self._get_layout),
                "GetGroupProperties": Method("aias", "a(ia{sv})", self._get_group_properties),
                "GetProperty": Method("is", "v", self._get_property),
                "Event": Method("isvu", "", self._event),
                "EventGroup": Method("a(isvu)", "ai", self._event_group),
                "AboutToShow": Method("i", "b", self._about_to_show),
                "AboutToShowGroup": Method("ai", "aiai", self._about_to_show_group),
            },
            properties=lambda: properties,
            signals={
                "ItemsPropertiesUpdated": "a(ia{sv})a(ias)",
                "LayoutUpdated": "ui",
                "ItemActivationRequested": "iu",
            },
        )

    def _get_layout(self, parent: int, depth: int, names: list[str]) -> Sequence[Any]:
        node = self._nodes.get(parent)
        return [self._revision, layout_of(node, depth, names) if node else [parent, {}, []]]

    def _get_group_properties(self, ids: list[int], names: list[str]) -> Sequence[Any]:
        nodes = [self._nodes[each] for each in ids if each in self._nodes] if ids else list(self._nodes.values())
        return [[[node.id, variants(node.properties, names)] for node in nodes]]

    def _get_property(self, number: int, name: str) -> Sequence[Any]:
        return [variants(self._nodes[number].properties)[name]]

    def _about_to_show(self, number: int) -> Sequence[Any]:
        """Somebody opens the menu: a check mark may stand for what others have changed."""
        with self._lock:
            before = self._revision
            self._opened(number)
            self.show()
            return [self._revision != before]

    def _about_to_show_group(self, ids: list[int]) -> Sequence[Any]:
        changed = [each for each in ids if self._about_to_show(each)[0]]
        return [changed, [each for each in ids if each not in self._nodes]]

    def _event(self, number: int, event: str, _data: object, _time: int) -> Sequence[Any]:
        node = self._nodes.get(number)
        if event == "opened":
            self._opened(number)
        elif event == "closed":
            self._closed(number)
        elif event == "hovered" and self._is_open():
            self._open_until = self._monotonic() + OPEN_AT_MOST
        elif event == "clicked" and node is not None and node.item is not None:
            self._closed(ROOT)
            threading.Thread(target=self._chosen, args=(node.item,), name="tray-status menu", daemon=True).start()
        return []

    def _event_group(self, events: list[list[Any]]) -> Sequence[Any]:
        for event in events:
            self._event(*event)
        return [[event[0] for event in events if event[0] not in self._nodes]]

    def _chosen(self, item: Any) -> None:
        try:
            self._choose(item)
        except Exception:
            log.exception("a menu entry failed; this is a fault of Tray Status, please report it")
