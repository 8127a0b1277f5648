"""A platform whose state of things stands in one document, which others may add to. Pure.

Each module of such a platform ends in one `PLATFORM`, which says where that document is, how to tell it from
anybody else's, and how to read it. `registry.py` lists them all.

A *source* is what stands before the path of a platform's documents. Empty: they lie below the page's own address.
Else it is a path below that (`/api/v1`), or an address elsewhere (`https://api.status.io/1.0/status/5b36…`). It is
found once, with the platform, and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from ..core.exchange import JSON_TYPE
from ..core.model import Snapshot
from ..errors import NotThisPlatform
from .documents import Answers, Document, Situation, Told, Want, is_told

MORE_EVERY = 5
"""Further documents that only add to the main one are asked for when that changed, and every so many polls."""


def no_traces(_html: str, _address: str) -> Iterable[str]:
    """For platforms that leave no trace of a source in their web pages."""
    return ()


def nothing_more(_situation: Situation, _told: Answers) -> Iterable[Want]:
    """For platforms whose one document tells all there is."""
    return ()


@dataclass(frozen=True)
class Platform:
    """How one platform is found, asked and read. A Provider."""

    name: str
    """What the log and the catalogue call it: `instatus`."""
    title: str
    """What people call it."""
    tells: str
    """What its documents are authoritative for, in half a sentence for a person."""
    path: str
    """Of the document without which there is no reading, behind the source."""
    is_mine: Callable[[Document], bool]
    """Whether that document has this platform's shape, which no other has. Raises nothing."""
    reads: Callable[[Situation, Answers, Document], Snapshot]
    """Reads the main document, which has a body, and whatever else was told. Raises NotThisPlatform."""
    more: Callable[[Situation, Answers], Iterable[Want]] = nothing_more
    """Further documents, asked for once the main one was told; each may fail without harm."""
    more_every: int = MORE_EVERY
    """1 where they tell by themselves how things stand."""
    hosts: tuple[str, ...] = ()
    """Hosts that are known to be of this platform; with a dot before them, all hosts that end so."""
    sources: tuple[str, ...] = ("",)
    """Sources to try on any page, in this order; none where the page itself must name it."""
    own_source: Callable[[str], str | None] = lambda _address: None
    """The source that a page's address itself tells, without a question."""
    traces: Callable[[str, str], Iterable[str]] = no_traces
    """Sources that the HTML of a page at an address gives away."""
    accept: str = JSON_TYPE
    last_resort: bool = False
    """Whether pages of other platforms have its documents, too: what a page names of it is tried after all else."""

    def main(self, source: str) -> str:
        """The path, or whole address, of the main document."""
        return source + self.path

    def has_host(self, host: str) -> bool:
        return any(host.endswith(each) if each.startswith(".") else host == each for each in self.hosts)

    def source_of(self, address: str) -> str | None:
        """The source of a page that is known by its address alone; None where it must be looked for."""
        own = self.own_source(address)
        if own is None and self.sources and self.has_host(urlsplit(address).hostname or ""):
            return self.sources[0]
        return own

    def wants(self, situation: Situation, told: Answers) -> tuple[Want, ...]:
        main = self.main(situation.source)
        looks_further = situation.missing or (self.more is not nothing_more and situation.poll % self.more_every == 0)
        document = told.get(main)
        if document is None:
            # Without a body (304) there would be nothing that the further documents could add to.
            return (Want(main, self.accept, conditional=not looks_further),)
        if not document.body or not (looks_further or document.told is Told.FRESH):
            return ()
        return tuple(
            want for want in self.more(situation, told) if want.path not in told and want.path not in situation.absent
        )

    def read(self, situation: Situation, told: Answers) -> Snapshot:
        document = told.get(self.main(situation.source))
        if document is None or not document.body:
            raise NotThisPlatform(f"it does not have what {self.title} pages have")
        snapshot = self.reads(situation, told, document)
        # All that could tell what is open was there to be read; what then does not tell it hides it.
        hidden = snapshot.open_hidden or not snapshot.open_told
        return replace(snapshot, platform=self.name, source=situation.source, open_hidden=hidden)

    def essential(self, situation: Situation, told: Answers) -> bool:
        return is_told(told.get(self.main(situation.source)), Told.FRESH, Told.UNCHANGED)
