"""`test-notification`: one notice of each kind, and what this desktop can do with them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core.language import speaking
from ..errors import NotDelivered, SettingsError, TrayStatusError
from ..home import home_of
from ..system.language import AUTO, tongue_of
from .printing import say

if TYPE_CHECKING:
    from ..system.session_bus import SessionBus


def register(commands: Any) -> None:
    """Add the parser."""
    words = "show one notice of each kind, to see how they come on this desktop"
    parser = commands.add_parser(
        "test-notification",
        help=words,
        description=words.capitalize() + ". Touches neither settings nor history.",
        epilog="Exits with 1 where none can be shown, and says what cures it.",
    )
    parser.set_defaults(run=_test)


def _test(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    try:
        language = home_of(options, environment).rules().language
    except SettingsError:
        language = AUTO
    from ..system.session_bus import NoBus, SessionBus

    try:
        bus: SessionBus | None = SessionBus.connect()
    except NoBus:
        bus = None
    try:
        with speaking(tongue_of(language, environment)):
            return _show_all(bus)
    finally:
        if bus is not None:
            bus.close()


def _show_all(bus: SessionBus | None) -> int:
    from ..outputs.notifications import NO_SERVICE, NoNotifier, choose_notifier
    from ..outputs.notifications.samples import samples
    from ..poller.loop import utc_now
    from ..tray.art import Look, draw

    notifier = choose_notifier(bus, lambda _url: None)
    if not notifier.available():
        raise NoNotifier(NO_SERVICE)
    if hasattr(notifier, "picture"):
        notifier.picture = lambda impact: draw(Look(impact), 48)
    say(f"Notices go through {notifier.name}." + _abilities(notifier))
    for word, notice in samples(utc_now()):
        try:
            notifier.show(notice)
        except NotDelivered as error:
            raise TrayStatusError(f"{word} was not shown: {error}") from None
        say(f"Shown: {word}")
    return 0


def _abilities(notifier: Any) -> str:
    can = sorted(getattr(notifier, "capabilities", ()))
    return f" The service can: {', '.join(can)}." if can else ""
