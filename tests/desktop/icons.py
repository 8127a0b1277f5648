"""An icon of ours, run as the program runs it, but in a thread of the test."""

from __future__ import annotations

import threading
from typing import Any

from PIL import Image

from tray_status.system.session_bus import SessionBus
from tray_status.tray.backends import choose_icon


def square(colour: str | tuple[int, int, int, int], size: int = 16) -> Image.Image:
    return Image.new("RGBA", (size, size), colour)


class IconRun:
    """`icon` is shown at once; `hosts` is what it told of its host, in order."""

    def __init__(self, bus: SessionBus, **more: Any) -> None:
        self.hosts: list[bool] = []
        more.setdefault("icon", square("red"))
        self.icon: Any = choose_icon(bus, self.hosts.append)("tray-status", **more)
        self.thread = threading.Thread(target=self.icon.run, daemon=True)
        self.thread.start()

    def end(self) -> None:
        self.icon.stop()
        self.thread.join(10)
        assert not self.thread.is_alive(), "the icon did not stop"
        self.icon.visible = False
