"""A pystray backend for Linux: a StatusNotifierItem over the session bus, without GTK and without a compiler.

Spoken by KDE, Xfce, LXQt, Cinnamon, Waybar, and GNOME with its AppIndicator extension. Specification:
https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..system.session_bus import NO_SUCH_SERVICE, PROPERTIES, BusRefused, Interface, Method, NoBus, SessionBus
from .dbusmenu import PATH as MENU_PATH
from .dbusmenu import DBusMenu
from .pystray_base import import_pystray

log = logging.getLogger(__name__)

NAME = "org.kde.StatusNotifierItem"
PATH = "/StatusNotifierItem"
WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"

_Base: Any = import_pystray()._base.Icon


def has_host(bus: SessionBus) -> bool:
    """Whether something shows icons on this desktop now."""
    question = [WATCHER, "IsStatusNotifierHostRegistered"]
    try:
        return bool(bus.call(WATCHER, WATCHER_PATH, PROPERTIES, "Get", "ss", question)[0].value)
    except NoBus:
        return False
    except BusRefused as error:
        return error.name != NO_SUCH_SERVICE  # a watcher that does not know the question takes icons all the same


class StatusNotifierIcon(_Base):  # type: ignore[misc] # pystray has no types
    """An icon that tray hosts read over the bus. `run` blocks until `stop`; signal handlers run meanwhile.

    `on_host` is called, on the bus's thread, with whether something shows the icon: when that is first known, and
    whenever it changes. A host that comes later gets the icon then.
    """

    HAS_NOTIFICATION = False

    def __init__(self, *arguments: Any, bus: SessionBus, on_host: Callable[[bool], None], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._bus = bus
        self._on_host = on_host
        self._host: bool | None = None
        self._ended = threading.Event()
        self._pixmaps: list[list[Any]] = []
        self._drawing = threading.Lock()
        self._tooltip: tuple[str, str] = (self._title, "")
        self._status = "Active"
        self._service = f"{NAME}-{os.getpid()}-{id(self) & 0xFFFF}"
        self._watching = False
        self.on_menu: Callable[[bool], None] = lambda _opened: None
        """Called, on a thread of its own, when the menu is opened, and when it is closed."""
        self.on_middle_click: Callable[[], None] | None = None
        """What a click with the middle button does; without it, the same as any other click."""
        self._dbus_menu = DBusMenu(bus, self._chosen, self._looked)

    def set_images(self, images: Mapping[int, Any]) -> None:
        """Show these square images, by size; hosts choose the one that fits."""
        pixmaps = [[size, size, _argb(image)] for size, image in sorted(images.items())]
        with self._drawing:
            self._icon = images[max(images)]
            self._icon_valid = True
            self._replace(pixmaps)

    def set_tooltip(self, title: str, text: str) -> None:
        """The tooltip's title, which is the icon's too, and the text below it."""
        before, self._tooltip = self._tooltip, (title, text)
        self._title = title
        if before != (title, text):
            self._emit("NewToolTip")
        if before[0] != title:
            self._emit("NewTitle")

    def set_status(self, status: str) -> None:
        """`Active`, or `NeedsAttention` for hosts that hide the others."""
        if status != self._status:
            self._status = status
            self._emit("NewStatus", "s", [status])

    def stop(self) -> None:
        """End `run`, also one that has yet to begin. From any thread."""
        self._ended.set()
        super().stop()

    def _show(self) -> None:
        self._bus.offer(PATH, {NAME: self._interface()})
        self._bus.request_name(self._service)
        if not self._watching:
            self._watching = True
            self._bus.watch_name(WATCHER, self._watcher_changed)
            self._bus.listen(WATCHER, "StatusNotifierHostRegistered", lambda *_: self._ask_for_host())
            self._bus.listen(WATCHER, "StatusNotifierHostUnregistered", lambda *_: self._ask_for_host())
            self._bus.on_loss(lambda: self._tell_host(False))
        self._register()

    def _hide(self) -> None:
        self._bus.withdraw(PATH)
        self._bus.release_name(self._service)  # the watcher forgets the icon by this

    def _update_icon(self) -> None:
        """Show what was set the way of pystray; not where `set_images` has been called since."""
        image = self._icon
        pixmaps = [[image.width, image.height, _argb(image)]]
        with self._drawing:
            if self._icon is image:
                self._icon_valid = True
                self._replace(pixmaps)

    def _replace(self, pixmaps: list[list[Any]]) -> None:
        if pixmaps != self._pixmaps:
            self._pixmaps = pixmaps
            self._emit("NewIcon")

    def _update_title(self) -> None:
        self.set_tooltip(self._title, self._tooltip[1])

    def _update_menu(self) -> None:
        self._dbus_menu.show(list(self._menu.items) if self._menu is not None else [])

    def _run(self) -> None:
        self._mark_ready()
        self._ended.wait()

    def _stop(self) -> None:
        self._ended.set()

    def _watcher_changed(self, owner: str) -> None:
        if owner and self.visible:
            self._register()
        elif not owner:
            self._tell_host(False)

    def _register(self) -> None:
        """Ask the watcher to show us; it may not be there, and come later."""

        def registered(result: list[Any] | Exception) -> None:
            if isinstance(result, Exception):
                if not isinstance(result, BusRefused) or "ServiceUnknown" not in result.name:
                    log.info("the tray host does not take the icon: %s", result)
                self._tell_host(False)
                return
            self._ask_for_host()

        self._bus.send(WATCHER, WATCHER_PATH, WATCHER, "RegisterStatusNotifierItem", "s", [self._service], registered)

    def _ask_for_host(self) -> None:
        """A watcher alone shows nothing: some panel must have told it that it does."""

        def answered(result: list[Any] | Exception) -> None:
            # A watcher that does not know the question has taken the icon all the same.
            self._tell_host(isinstance(result, BusRefused) or (isinstance(result, list) and bool(result[0].value)))

        question = [WATCHER, "IsStatusNotifierHostRegistered"]
        self._bus.send(WATCHER, WATCHER_PATH, PROPERTIES, "Get", "ss", question, answered)

    def _tell_host(self, present: bool) -> None:
        if present is not self._host:
            self._host = present
            self._on_host(present)

    def _emit(self, member: str, signature: str = "", body: Sequence[Any] = ()) -> None:
        self._bus.emit(PATH, NAME, member, signature, body)

    def _chosen(self, item: Any) -> None:
        """Do what a menu entry does; what it says of itself (checked, enabled) may be another thing afterwards."""
        try:
            item(self)
        finally:
            self.update_menu()

    def _looked(self, opened: bool) -> None:
        self.on_menu(opened)

    def _activate(self, *_position: int) -> Sequence[Any]:
        """A click where the host does not open the menu by itself."""
        threading.Thread(target=self, name="tray-status click", daemon=True).start()
        return []

    def _activate_secondary(self, *_position: int) -> Sequence[Any]:
        act: Any = self.on_middle_click or self
        threading.Thread(target=act, name="tray-status click", daemon=True).start()
        return []

    def _interface(self) -> Interface:
        return Interface(
            methods={
                "Activate": Method("ii", "", self._activate),
                "SecondaryActivate": Method("ii", "", self._activate_secondary),
                "ContextMenu": Method("ii", "", lambda _x, _y: []),
                "Scroll": Method("is", "", lambda _delta, _way: []),
                "ProvideXdgActivationToken": Method("s", "", lambda _token: []),
            },
            properties=self._properties,
            signals={
                "NewTitle": "",
                "NewIcon": "",
                "NewAttentionIcon": "",
                "NewOverlayIcon": "",
                "NewToolTip": "",
                "NewStatus": "s",
            },
        )

    def _properties(self) -> Mapping[str, Any]:
        from dbus_fast import Variant

        title, text = self._tooltip
        return {
            "Category": Variant("s", "ApplicationStatus"),
            "Id": Variant("s", self.name),
            "Title": Variant("s", title or self.name),
            "Status": Variant("s", self._status),
            "WindowId": Variant("i", 0),
            "IconName": Variant("s", ""),
            "IconPixmap": Variant("a(iiay)", self._pixmaps),
            "OverlayIconName": Variant("s", ""),
            "OverlayIconPixmap": Variant("a(iiay)", []),
            "AttentionIconName": Variant("s", ""),
            "AttentionIconPixmap": Variant("a(iiay)", self._pixmaps),
            "AttentionMovieName": Variant("s", ""),
            "ToolTip": Variant("(sa(iiay)ss)", ["", [], title, text]),
            "ItemIsMenu": Variant("b", False),
            "Menu": Variant("o", MENU_PATH),
            "IconThemePath": Variant("s", ""),
        }


def _argb(image: Any) -> bytes:
    """A Pillow image as the bus wants it: ARGB, big-endian, rows from the top."""
    from PIL import Image

    red, green, blue, alpha = image.convert("RGBA").split()
    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()
