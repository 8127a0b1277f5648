"""Which incident, among all that are kept, a person means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.model import Incident, Page
from ..core.past import Wanted
from ..core.text import clean_line, cut
from ..errors import UsageError

if TYPE_CHECKING:
    from ..store import Store

SHOWN = 10


def find_incident(store: Store, what: str, verb: str) -> tuple[Page, Incident]:
    """The one with that id; else the open one, else the past one, whose name or words have all of these.

    Raises UsageError where that is none, or several.
    """
    pages = {page.id: page for page in store.past.pages()}
    text = what.strip()
    found = store.past.by_id(text)
    for wanted in (Wanted(text=text, open_only=True), Wanted(text=text)) if text else ():
        found = found or list(store.past.find(wanted, SHOWN).rows)
    told = clean_line(what, 60)
    if not found:
        raise UsageError(f"{verb}: “{told}” is no incident that is kept; `tray-status history` tells which are")
    if len(found) > 1:
        names = "".join(f"\n  {each.id}  {pages[key].name}: {cut(each.name, 80)}" for key, each in found[:SHOWN])
        names += "\n  and more" if len(found) > SHOWN else ""
        raise UsageError(f"{verb}: “{told}” may be each of these; name one by its id:{names}")
    ((page_id, incident),) = found
    return pages.get(page_id) or Page(page_id, page_id, ""), incident
