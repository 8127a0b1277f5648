"""Knocks at a service itself: an http answer, a connection, or a name."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from ..core.exchange import Answer, Problem, Request, Sign
from ..core.model import Reading
from ..core.probe import Probe, ProbeTarget
from ..core.text import clean_line
from .signs import sign_of

PATIENCE = 5.0
"""Seconds for a connection to be made."""


class Fetch(Protocol):
    """What the fetcher offers."""

    def get(self, request: Request) -> Answer | Problem: ...


def knock(target: ProbeTarget, fetch: Fetch, now: Callable[[], datetime]) -> Probe:
    """Whether somebody answers; any HTTP answer below 500 is one. Raises nothing."""
    if target.url:
        answer = fetch.get(Request(target.url, "*/*"))
        if isinstance(answer, Problem):
            # Whoever answers, be it with something that cannot be used, is there.
            return Probe(answer.reading is Reading.BROKEN, answer.text, now(), answer)
        words = f"{target} answers with HTTP {answer.status}"
        return Probe(True, words, now()) if answer.status < 500 else _failed(words, now(), sign=None)
    try:
        if target.port is None:
            socket.getaddrinfo(target.host, None)
        else:
            socket.create_connection((target.host, target.port), PATIENCE).close()
    except (OSError, UnicodeError) as error:
        why = clean_line(getattr(error, "strerror", None) or str(error), 100).lower()
        return _failed(f"{target} does not answer: {why}", now(), sign_of(error))
    return Probe(True, f"{target} answers", now())


def _failed(words: str, at: datetime, sign: Sign | None) -> Probe:
    return Probe(False, words, at, Problem(Reading.UNREACHABLE, words, sign=sign))
