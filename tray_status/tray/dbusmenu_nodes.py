"""The lines of a menu as `com.canonical.dbusmenu` has them: numbered, with what differs from its defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Node:
    id: int
    properties: dict[str, tuple[str, Any]] = field(default_factory=dict)
    """Signature and value of each property that differs from the interface's defaults."""
    children: list[Node] = field(default_factory=list)
    item: Any = None

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def shape(self) -> tuple[Any, ...]:
        return (self.id, tuple(child.shape() for child in self.children))


def properties_of(item: Any) -> dict[str, tuple[str, Any]]:
    from pystray import Menu

    if item is Menu.SEPARATOR:
        return {"type": ("s", "separator")}
    # One underscore marks the key to press; two stand for the sign itself.
    found: dict[str, tuple[str, Any]] = {"label": ("s", item.text.replace("_", "__"))}
    if not item.enabled:
        found["enabled"] = ("b", False)
    if not item.visible:
        found["visible"] = ("b", False)
    if item.checked is not None:
        found["toggle-type"] = ("s", "radio" if item.radio else "checkmark")
        found["toggle-state"] = ("i", int(item.checked))
    if item.submenu is not None:
        found["children-display"] = ("s", "submenu")
    return found


def variants(properties: Mapping[str, tuple[str, Any]], names: Sequence[str] = ()) -> dict[str, Any]:
    from dbus_fast import Variant

    return {
        name: Variant(signature, value)
        for name, (signature, value) in properties.items()
        if not names or name in names
    }


def layout_of(node: Node, depth: int, names: Sequence[str]) -> list[Any]:
    from dbus_fast import Variant

    children = []
    if depth != 0:
        children = [Variant("(ia{sv}av)", layout_of(child, depth - 1, names)) for child in node.children]
    return [node.id, variants(node.properties, names), children]
