"""What a provider asks for and what came back, ready to read. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from ..core.exchange import JSON_TYPE, Answer, Problem
from ..core.model import Incident, Reading
from ..errors import NotThisPlatform, WebPageInstead

PARTS_LIMIT = 500_000
"""More parts than this in one document are not decoded: each becomes an object of up to 160 bytes, whatever it was in
the document. The largest real ones, whole histories of 6 MB, have some 300,000."""


class Told(Enum):
    """What asking for a document brought."""

    FRESH = "fresh"
    """A body that differs from the last one."""
    UNCHANGED = "unchanged"
    """The same as the last time, or a 304."""
    ABSENT = "absent"
    """The page does not have this document (404, 410, or its HTML catch-all)."""
    FAILED = "failed"


@dataclass(frozen=True)
class Document:
    """One document asked for in this poll."""

    told: Told
    body: bytes = b""
    """Empty with a 304."""
    problem: Problem | None = None

    @cached_property
    def text(self) -> str:
        """The body as text, for looking at a web page; what is not UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The decoded body; None where there is none. Raises NotThisPlatform for anything but JSON."""
        if not self.body:
            return None
        return decode_json(self.body)


@dataclass(frozen=True, slots=True)
class Want:
    """One document that a provider wants."""

    path: str
    """Below the page's address; or a whole address, where a platform answers elsewhere."""
    accept: str = JSON_TYPE
    conditional: bool = True
    """False to get the body even where it has not changed."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a provider may know before it asks."""

    address: str = ""
    """Where the page was asked for: what the person gave, or the catalogue."""
    platform: str | None = None
    """As detected by an earlier poll; None at first."""
    source: str = ""
    """What was found with the platform: what stands before its documents' paths, see `platform.py`."""
    doubtful: bool = False
    """Whether the page no longer answered as its platform, and may be on another one by now."""
    search: bool = True
    """Whether a page whose platform is not known, or doubtful, may be asked for what each of them has."""
    url: str | None = None
    """The page's own public address, as far as it is known."""
    component_names: Mapping[str, str] = field(default_factory=dict)
    """Names of the known components by id."""
    poll: int = 0
    """How many polls of this page went well since the program started."""
    known: Mapping[str, Incident] = field(default_factory=dict)
    """The known incidents and maintenances that are open or coming, by id."""
    missing: bool = False
    """Whether a known open incident was not listed by the last reading."""
    unsettled: bool = False
    """Whether the indicator or some component is anything but operational."""
    absent: frozenset[str] = frozenset()
    """Paths that the page did not have when they were last asked for."""

    @property
    def sure_platform(self) -> str | None:
        """The platform, where nothing speaks against it."""
        return None if self.doubtful else self.platform


Answers = Mapping[str, Document]
"""What was told in this poll, by the path that was wanted."""


def json_object(document: Document | None) -> Any:
    """A document's decoded object; None where there is none, or it is not an object."""
    if document is None or not document.body:
        return None
    try:
        value = document.json
    except NotThisPlatform:
        return None
    return value if isinstance(value, dict) else None


def is_told(document: Document | None, *kinds: Told) -> bool:
    """Whether asking for a document brought one of these."""
    return document is not None and document.told in kinds


def decode_json(body: bytes) -> Any:
    """Decode a JSON body in any of its encodings. Raises NotThisPlatform, with words, for anything else."""
    if has_too_many_parts(body):
        raise NotThisPlatform(f"its answer has {_TOO_MANY}")
    try:
        return json.loads(body)
    except RecursionError:
        raise NotThisPlatform("its answer is nested too deeply to be a status page's") from None
    except (ValueError, UnicodeDecodeError):
        start = body[:512].lstrip().lower()
        if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
            raise WebPageInstead("it answers with a web page where a status page answers with data") from None
        raise NotThisPlatform("its answer is not valid JSON (cut off or damaged)") from None


_TOO_MANY = f"more parts than any status page's (over {PARTS_LIMIT:,})"


def has_too_many_parts(body: bytes) -> bool:
    """Whether a document, be it JSON, a feed or a web page, could become far larger than it is once it is read."""
    return len(body) > PARTS_LIMIT and sum(map(body.count, (b"{", b"[", b",", b"<"))) > PARTS_LIMIT


_LOOK = "It is asked again by itself; open it in a browser to see whether it is still the status page."


def judge(answer: Answer | Problem, host: str) -> Document:
    """Turn an answer into a document: which statuses mean absent, which mean trouble, and whose.

    Statuses of Statuspage and incident.io as seen: 404 with an empty body for unknown paths, 401 and 403 for
    private pages, 403 and 405 with a challenge for scripts, 420 and 429 for too many requests.
    """
    if isinstance(answer, Problem):
        return Document(Told.FAILED, problem=answer)
    if answer.status == 304:
        return Document(Told.UNCHANGED)
    if answer.status in (404, 410):
        return Document(Told.ABSENT)
    if 200 <= answer.status < 300:
        if not answer.body.strip():
            text = f"{host} gave an empty answer"
            return Document(Told.FAILED, problem=Problem(Reading.BROKEN, text, _LOOK))
        if has_too_many_parts(answer.body):
            return Document(
                Told.FAILED, problem=Problem(Reading.BROKEN, f"the answer of {host} has {_TOO_MANY}", _LOOK)
            )
        return Document(Told.FRESH, body=answer.body)
    return Document(Told.FAILED, problem=_refusal(answer, host))


def _refusal(answer: Answer, host: str) -> Problem:
    if answer.status == 401:
        return Problem(Reading.BLOCKED, f"{host} asks for a login (HTTP 401)", "Only public pages can be watched.")
    if answer.status in (403, 405, 406):
        return Problem(
            Reading.BLOCKED,
            f"{host} refuses to answer programs (HTTP {answer.status})",
            "Open the page in a browser: if it wants a login it is private; else it may let programs in again later.",
        )
    if answer.status in (420, 429):
        return Problem(
            Reading.UNREACHABLE, f"{host} says that it is asked too often (HTTP {answer.status})",
            "Choose a longer interval.", answer.retry_after or 0.0,
        )  # fmt: skip
    if answer.status >= 500:
        text = f"{host} has trouble of its own (HTTP {answer.status})"
        busy = answer.retry_after or (0.0 if answer.status == 503 else None)
        return Problem(Reading.UNREACHABLE, text, "It is asked again by itself; nothing is wrong here.", busy)
    text = f"{host} answers with HTTP {answer.status} where a status page was expected"
    return Problem(Reading.BROKEN, text, _LOOK)
