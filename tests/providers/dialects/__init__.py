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
            # A second dialect of a platform, such as another of its versions, goes by its module's name.
            found[module.name if dialect.platform in found else dialect.platform] = dialect
    return found


DIALECTS = _all()
