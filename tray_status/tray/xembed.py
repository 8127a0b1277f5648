"""pystray's xorg backend with clicks: it handles them, and never asks the display for them (pystray 0.19)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

LEFT, MIDDLE, RIGHT = 1, 2, 3


def with_clicks(base: Any) -> Any:
    """The backend, with each button told. It shows no menu, so a right click does what `on_right_click` says."""

    class Icon(base):  # type: ignore[misc] # pystray has no types
        on_middle_click: Callable[[], None] | None = None
        on_right_click: Callable[[], None] | None = None

        def _create_window(self) -> Any:
            from Xlib import X

            window = super()._create_window()
            window.change_attributes(event_mask=X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask)
            return window

        def _on_button_press(self, event: Any) -> None:
            """On the display's own thread, which must not wait for what a click does."""
            acts = {LEFT: self, MIDDLE: self.on_middle_click, RIGHT: self.on_right_click}
            act: Any = acts.get(event.detail)
            if act is not None:
                threading.Thread(target=act, name="tray-status click", daemon=True).start()

    return Icon
