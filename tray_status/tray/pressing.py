"""What a button on a notice stands for: the same choices as in the menu. Pure."""

from __future__ import annotations

from datetime import timedelta

from ..core.notice import subject
from ..core.notice_words import ACKNOWLEDGE, CHOOSE, LOGIN, MUTE
from ..core.wishes import Wish
from .menu import Ask, Choice, Do

AN_HOUR = timedelta(hours=1)


def choice_of(button: str, key: str) -> Choice | None:
    """The choice that a button of the notice with this key stands for; None where it stands for none.

    Notices outlive the run that showed them, and any program may say that a button was pressed.
    """
    if key == "greeting":
        return {CHOOSE.name: Do.EDIT_SETTINGS, LOGIN.name: Do.SWITCH_LOGIN}.get(button)
    if (about := subject(key)) is None:
        return None
    if button == ACKNOWLEDGE.name:
        return Ask(Wish.ACKNOWLEDGE, *about)
    return Ask(Wish.MUTE, *about, span=AN_HOUR) if button == MUTE.name else None
