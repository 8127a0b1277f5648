"""Which language this person reads, and its catalogue."""

from __future__ import annotations

import gettext
import locale
import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ..core.language import ENGLISH, Tongue

DOMAIN = "tray-status"
FOLDER = Path(__file__).parents[1] / "locale"
AUTO = "auto"
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""In the order that gettext has them."""


def tongue_of(setting: str, environment: Mapping[str, str] = os.environ) -> Tongue:
    """What the settings name, or what the desktop speaks; English where that is none of ours."""
    return _loaded((setting,) if setting != AUTO else _of_this_desktop(environment))


@lru_cache(maxsize=8)
def _loaded(languages: tuple[str, ...]) -> Tongue:
    for each in languages:
        if each.partition("_")[0].casefold() in ("en", "c", "posix"):
            return ENGLISH
        if gettext.find(DOMAIN, FOLDER, [each]) is not None:
            return gettext.translation(DOMAIN, FOLDER, [each], fallback=True)
    return ENGLISH


def _of_this_desktop(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Languages as gettext writes them, the best first."""
    for name in VARIABLES:
        if told := environment.get(name):
            return tuple(each.partition(".")[0].partition("@")[0] for each in told.split(":") if each)
    if sys.platform == "win32":
        import ctypes

        known = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage())
        return (known,) if known else ()
    if sys.platform == "darwin":
        try:
            told = locale.getlocale()[0]
        except ValueError:
            return ()
        return (told,) if told else ()
    return ()
