"""The language in which icon, menu and notices speak. Pure but for what is set around a call.

Words are written in English where they are used, and looked up in a catalogue of gettext's: `tr("in {age}", age=…)`.
Whoever shows something to a person in their own language says so around it, `with speaking(tongue):`; everywhere
else, on the console and in commands whose output scripts read, it stays English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

Tongue = NullTranslations
"""A catalogue; this class itself is English, which needs none."""

ENGLISH = NullTranslations()

_spoken: ContextVar[Tongue] = ContextVar("tray_status_tongue", default=ENGLISH)


@contextmanager
def speaking(tongue: Tongue) -> Iterator[None]:
    """Words that are put together within, on this thread, are in that language."""
    before = _spoken.set(tongue)
    try:
        yield
    finally:
        _spoken.reset(before)


def tr(words: str, **values: object) -> str:
    """The words in the language that is spoken, with what stands in braces filled in."""
    told = _spoken.get().gettext(words) if words else ""
    return told.format(**values) if values else told


def ntr(one: str, many: str, n: int, **values: object) -> str:
    """As `tr`, where the words depend on a number, which is `{n}`."""
    return _spoken.get().ngettext(one, many, n).format(n=n, **values)
