"""Which platform a page is on, in few questions. Pure; judged by the shape of what was told alone.

A host that answers every path with the same web page, or the same JSON, proves nothing: each platform looks for what
no other has. What a page's HTML says only tells where to look first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .documents import Answers, Told, Want, is_told
from .platform import Platform

HTML_TYPE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
WEB_PAGE = Want("", HTML_TYPE, conditional=False)
"""The page itself, as a browser gets it."""

HTML_LIMIT = 2_000_000
"""Characters of a web page that are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A platform, and where its documents are."""

    platform: Platform
    source: str


def find(
    platforms: Sequence[Platform], address: str, told: Answers, before: Found | None = None
) -> Found | Want | None:
    """The platform of a page; or what to ask for next to find it; or None where all was tried in vain.

    What it was `before` is tried first.
    """
    for step in (*((before,) if before else ()), *_steps(platforms, address, told)):
        want = step if isinstance(step, Want) else Want(step.platform.main(step.source), step.platform.accept)
        document = told.get(want.path)
        if document is None:
            return want
        if isinstance(step, Found) and document.body and step.platform.is_mine(document):
            return step
    return None


def by_address(platforms: Sequence[Platform], address: str) -> Found | None:
    """The platform that an address alone tells, without a question."""
    for platform in platforms:
        if (source := platform.source_of(address)) is not None:
            return Found(platform, source)
    return None


def _steps(platforms: Sequence[Platform], address: str, told: Answers) -> Iterator[Found | Want]:
    """What to look at, in this order; the web page is looked at for what it names, and proves nothing itself."""
    if known := by_address(platforms, address):
        yield known
    yield WEB_PAGE
    page = told.get(WEB_PAGE.path)
    named: tuple[tuple[str, str], ...] = ()
    if page is not None and is_told(page, Told.FRESH, Told.UNCHANGED):
        named = _named(tuple(platforms), address, page.text[:HTML_LIMIT])
    for last_resort in (False, True):
        tried = [platform for platform in platforms if platform.last_resort is last_resort]
        for platform in tried:
            yield from (Found(platform, source) for name, source in named if name == platform.name)
        for platform in tried:
            yield from (Found(platform, source) for source in platform.sources)


@lru_cache(maxsize=8)
def _named(platforms: tuple[Platform, ...], address: str, html: str) -> tuple[tuple[str, str], ...]:
    """The sources that a web page gives away, with their platforms' names, in the order of the platforms."""
    return tuple(
        (platform.name, source) for platform in platforms for source in dict.fromkeys(platform.traces(html, address))
    )
