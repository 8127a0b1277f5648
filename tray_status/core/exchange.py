"""What providers ask for and what the fetcher brings back. A failure is a value, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from .model import Reading

JSON_TYPE = "application/json"
FEED_TYPE = "application/atom+xml, application/rss+xml;q=0.9, application/xml;q=0.8"


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request for the same document conditional."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One document to ask for."""

    url: str
    accept: str = JSON_TYPE
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What to send to an address that a person named. The address may be a secret: only its host is ever told."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer, whatever its status; redirects were followed."""

    url: str
    """Where the answer came from in the end."""
    status: int
    body: bytes = b""
    """Decoded (gzip, deflate) and whole; empty with 304."""
    content_type: str = ""
    """In lower case, without parameters."""
    validators: Validators | None = None
    """What the server gave to make the next request conditional, if anything."""
    moved_to: str | None = None
    """The new address, where every redirect on the way was permanent (301, 308)."""
    retry_after: float | None = None
    """Seconds that the server asks us to wait, from 0 to 3,600."""
    seconds: float = 0.0
    """How long it took."""


class Sign(Enum):
    """What a failure tells of the way to the host; no sign means that the host itself answered."""

    NO_ROUTE = "no route"
    NO_NAME = "no name"
    """The name servers say that there is no such name, or the system says so for them."""
    NO_NAME_SERVER = "no name server"
    SILENCE = "silence"
    """No connection, or none that lasted until an answer came."""
    WEB_PAGE = "web page"
    """A web page where data was expected."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer, or none of use."""

    reading: Reading
    """UNREACHABLE, BLOCKED, BROKEN …: what the page's reading becomes once this is confirmed."""
    text: str
    """One sentence for a person: what and where. Never a traceback, never a class name."""
    cure: str = ""
    """What the person can do about it, if anything."""
    retry_after: float | None = None
    """Seconds that the host wants to be left alone, 0 where it does not say how long; None where it does not."""
    sign: Sign | None = None
