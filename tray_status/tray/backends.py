"""Which icon can be shown here: our own over the session bus, pystray's own, or none, and why."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

from ..errors import NoTray
from ..system.session_bus import SessionBus
from .cures import missing_host
from .pystray_base import import_pystray

_ON_LINUX = ("sni", "appindicator", "gtk", "xorg")
_ELSEWHERE = {"win32": ("win32",), "darwin": ("darwin",)}
_PYSTRAYS = ("appindicator", "gtk", "xorg", "win32", "darwin")


def choose_icon(bus: SessionBus | None, on_host: Callable[[bool], None]) -> Callable[..., Any]:
    """A maker of icons for the best backend that works here; takes what `pystray.Icon` takes.

    `PYSTRAY_BACKEND` forces one. Raises NoTray with the reason why each was passed over, and the cure.
    """
    forced = os.environ.get("PYSTRAY_BACKEND")
    names = (forced,) if forced else _ELSEWHERE.get(sys.platform, _ON_LINUX)
    if names == _ON_LINUX and bus is None and not os.environ.get("DISPLAY"):
        raise NoTray(f"No tray icon can be shown: there is neither a session bus nor a display. {_cure()}")
    reasons = []
    for name in names:
        try:
            return _maker(name, bus, on_host)
        except Exception as error:  # noqa: BLE001 - importing a backend opens displays and loads libraries
            reasons.append(f"{name}: {' '.join(str(error).split()) or type(error).__name__}")
    raise NoTray(f"No tray icon can be shown ({'; '.join(reasons)}). {_cure()}")


def _maker(name: str, bus: SessionBus | None, on_host: Callable[[bool], None]) -> Callable[..., Any]:
    if name == "sni":
        if bus is None:
            raise NoTray("there is no session bus")
        from .sni import StatusNotifierIcon

        return lambda *arguments, **more: StatusNotifierIcon(*arguments, bus=bus, on_host=on_host, **more)
    if name not in _PYSTRAYS:
        raise NoTray(f"no such backend; PYSTRAY_BACKEND takes {', '.join(('sni', *_PYSTRAYS))}")
    import_pystray()
    base = importlib.import_module(f"pystray._{name}").Icon
    if name == "xorg":
        from .xembed import with_clicks

        base = with_clicks(base)
    return leaving_no_thread(base)


def leaving_no_thread(base: Any) -> Callable[..., Any]:
    """The backend made so that a `run` that fails leaves no thread behind to keep the program from its end."""

    class Icon(base):  # type: ignore[misc] # pystray has no types
        def run(self, setup: Callable[[Any], None] | None = None) -> None:
            failed = False

            def begun(icon: Any) -> None:
                if failed:
                    return
                if setup is not None:
                    setup(icon)
                else:
                    icon.visible = True

            try:
                super().run(begun)
            except Exception:
                failed = True
                with contextlib.suppress(Exception):
                    self._mark_ready()  # what its setup thread waits for, without an end
                raise

    return Icon


def _cure() -> str:
    if sys.platform.startswith("linux"):
        return "Start it inside a desktop session. All else goes on without it."
    return "Start it inside a desktop session."


def no_host_words() -> str:
    """What to say where icons could be shown, but nothing shows them; the cure for this desktop."""
    return f"No tray shows icons here yet. {missing_host()}; the icon appears by itself then. All else goes on."
