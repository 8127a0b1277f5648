"""Gets at pystray without its choosing a backend: importing it otherwise opens a display, or fails without one."""

from __future__ import annotations

import os
from types import ModuleType


def import_pystray() -> ModuleType:
    """The package `pystray`, imported with the backend that does nothing; its other backends stay importable."""
    before = os.environ.get("PYSTRAY_BACKEND")
    os.environ["PYSTRAY_BACKEND"] = "dummy"
    try:
        import pystray
    finally:
        if before is None:
            del os.environ["PYSTRAY_BACKEND"]
        else:
            os.environ["PYSTRAY_BACKEND"] = before
    module: ModuleType = pystray
    return module
