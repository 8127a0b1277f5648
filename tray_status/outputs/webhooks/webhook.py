"""One webhook: an event → a request, and what came back in words that give no secret away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from ...config.targets import WebhookSetting, is_address
from ...core.events import Event
from ...core.exchange import Answer, Posting, Problem
from ...core.targets import Fate, Reply, Wants, fate_of, idempotency_key
from ...core.text import clean_line
from ...errors import NoSecret
from ...system.secrets import Secret
from .payloads import PAYLOADS, as_line
from .signing import headers

Post: TypeAlias = Callable[[Posting], Answer | Problem]

LONGEST_TOLD = 80
"""Characters of an answer that are told: `no_service`, `invalid_payload`; longer ones are pages of words."""

TELLING = 6
"""Characters from which on a part of an address is a secret, where an answer repeats it."""


class Webhook:
    """A target that speaks HTTP itself."""

    repeats = True

    def __init__(
        self,
        setting: WebhookSetting,
        wants: Wants,
        address: Secret,
        secret: Secret,
        environment: Mapping[str, str],
        post: Post,
        now: Callable[[], datetime],
    ) -> None:
        self.setting = setting
        self.wants = wants
        self.output = f"webhook:{setting.title.casefold()}"
        self.label = f"The webhook “{setting.title}”"
        self._address = address
        self._secret = secret
        self._environment = environment
        self._post = post
        self._now = now

    def turn(self) -> AbstractContextManager[bool]:
        return nullcontext(True)

    def tell(self, event: Event) -> Reply:
        try:
            url = self._address.read(self._environment)
            secret = self._secret.read(self._environment) if self._secret else None
        except NoSecret as error:
            return Reply(Fate.NOT_SENT, str(error))
        if not is_address(url, self.setting.format):
            return Reply(Fate.NOT_SENT, f"what is in {self._address} is no http or https address")
        body = self._body(event)
        key = idempotency_key(event)
        told = {"Content-Type": "application/json; charset=utf-8", **headers(key, self._now(), body, secret)}
        return reply_of(self._post(Posting(url, body, told)), url)

    def _body(self, event: Event) -> bytes:
        payload = PAYLOADS.get(self.setting.format)
        return as_line(event) if payload is None else json.dumps(payload(event), ensure_ascii=False).encode()

    def end(self) -> None:
        """Nothing to do: the fetcher ends what is under way."""


def reply_of(answer: Answer | Problem, url: str) -> Reply:
    """What came back from `url`, of which the host alone is told."""
    host = urlsplit(url).hostname or "it"
    if isinstance(answer, Problem):
        return Reply(Fate.LATER, answer.text, answer.retry_after)
    fate = fate_of(answer.status)
    words = f"{host} answers with HTTP {answer.status}"
    if 300 <= answer.status < 400:
        words += ": it sends us elsewhere; name the address that it leads to"
    elif fate is not Fate.TAKEN and (said := _said(answer, url)):
        words += f" ({said})"
    return Reply(fate, words, answer.retry_after)


def _said(answer: Answer, url: str) -> str:
    """A short answer in words, where it repeats nothing of the address."""
    if answer.content_type not in ("text/plain", "application/json"):
        return ""
    text = clean_line(answer.body.decode("utf-8", "replace"), 10 * LONGEST_TOLD)
    parts = urlsplit(url)
    pieces = re.split(r"[/&=]", f"{parts.path}/{parts.query}")
    if len(text) > LONGEST_TOLD or any(len(each) >= TELLING and each in text for each in pieces):
        return ""
    return text
