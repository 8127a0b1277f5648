"""A webhook that apprise delivers: mail, Telegram, Matrix, ntfy and a hundred more. Only where that is installed."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from ...config.targets import WebhookSetting, is_address
from ...core.events import Event
from ...core.model import Impact
from ...core.targets import Fate, Reply, Wants
from ...errors import NoSecret
from ...system.secrets import Secret
from .payloads import title_of, words_of

_KINDS = {Impact.MINOR: "warning", Impact.MAJOR: "warning", Impact.CRITICAL: "failure"}


class ThroughApprise:
    """A target that apprise speaks to."""

    repeats = True

    def __init__(
        self, setting: WebhookSetting, wants: Wants, address: Secret, environment: Mapping[str, str]
    ) -> None:
        self.setting = setting
        self.wants = wants
        self.output = f"webhook:{setting.title.casefold()}"
        self.label = f"The webhook “{setting.title}”"
        self._address = address
        self._environment = environment

    def turn(self) -> AbstractContextManager[bool]:
        return nullcontext(True)

    def tell(self, event: Event) -> Reply:
        try:
            url = self._address.read(self._environment)
        except NoSecret as error:
            return Reply(Fate.NOT_SENT, str(error))
        try:
            import apprise
        except ImportError:
            cure = "pip install 'tray-status[apprise]'"
            return Reply(Fate.NOT_SENT, f"it goes through apprise, which is not installed: {cure}")
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its words may name what is secret
        scheme = url.partition("://")[0]
        asset = apprise.AppriseAsset(app_id="Tray Status", app_desc="Tray Status", app_url="")
        sender = apprise.Apprise(asset=asset)
        if not is_address(url, "apprise") or not sender.add(url):
            return Reply(Fate.NOT_SENT, f"what is in {self._address} is no address that apprise knows")
        told = words_of(event)
        words = "\n".join(filter(None, (told.body, told.url)))
        kind = "success" if told.over else _KINDS.get(told.impact, "info")
        try:
            taken = sender.notify(words, title_of(told), kind, body_format="text")
        except Exception as error:  # noqa: BLE001 - a hundred plugins, each with libraries of its own
            return Reply(Fate.LATER, f"apprise ({scheme}) failed: {type(error).__name__}")
        return (
            Reply(Fate.TAKEN, f"apprise ({scheme}) has sent it")
            if taken
            else Reply(Fate.LATER, f"apprise ({scheme}) could not send it")
        )

    def end(self) -> None:
        """Nothing can be done: apprise takes as long as it takes."""
