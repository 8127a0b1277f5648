"""Tray Status tells what changed on vendors' status pages, at once, and only once.

The way of a poll; data goes one way, nothing downstream calls upstream::

    schedule ──due──▶ fetch ──Answer──▶ provider ──Snapshot──▶ diff ──Events──▶ log ──▶ outputs
    (poller)          (requests)        (pure)                 (pure)           (SQLite)  console · notices · tray
                                                                                          hooks · webhooks

The layers; imports point down only (checked by import-linter)::

    wsgi · cli · commands/ · app       arguments, wiring, signals, the main thread
    session                            one run, from the banner to the end
    acting · trial                     what is done on the status page; a page read once, for a look
    desktop · engine · home · web/     the icon's side, the polling side, whose files, the browser's side
    outputs/ · tray/ · demo/           the edges a person sees
    poller · delivery                  threads: due → log; log → outputs
    fetch · store/ · config · system/  the edges of the machine
    providers/ · catalogue/            pure: documents → Snapshot; pages as data
    core/                              pure: model, diff, severity, wording, schedule
    errors · whole_file                import nothing of ours

For other programs, `read_page` and `watch` are public, with what they give and raise: `PageView`, `Event`,
`TrayStatusError`; see `tray_status/library.py`. All else may change with any version.
"""

from __future__ import annotations

from typing import Any

# What is public is typed in `__init__.pyi`: an import of it here, be it for types alone, would point up.
__all__ = ["Event", "PageView", "TrayStatusError", "__version__", "read_page", "watch"]

__version__ = "0.1.0"

LICENCE = "MIT"
HOME_PAGE = ""
"""Where the project's README can be read; empty until it is published."""

_PUBLIC = {
    "Event": "core.events",
    "PageView": "core.view",
    "TrayStatusError": "errors",
    "read_page": "library",
    "watch": "library",
}


def __getattr__(name: str) -> Any:
    """What is public, imported when it is first asked for: the program itself starts without."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_PUBLIC[name]}", __name__), name)
