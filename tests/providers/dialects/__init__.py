"""All dialects, by platform."""

from __future__ import annotations

import importlib
import pkgutil

from .dialect import Dialect


def _all() -> dict[str, Dialect]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        dialect = getattr(importlib.import_module(f"{__name__}.{module.name}"), "DIALECT", None)
        if dialect is not None:
            found[dialect.platform] = dialect
    return found


DIALECTS = _all()
