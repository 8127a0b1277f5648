"""What matters to this person: which incidents and components, and which events are worth a notice. Pure rules."""

from __future__ import annotations

import difflib

from .events import ComponentChange, Event, EventKind, PageProblem
from .model import Component, Impact, Incident, Page, Reading

_ORDER = (Impact.NONE, Impact.NOTICE, Impact.MAINTENANCE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL, Impact.UNKNOWN)


def watches(page: Page, component_id: str | None, name: str) -> bool:
    """Whether a component is among those that were chosen, by id or by name; all are where none was chosen."""
    if not page.components:
        return True
    wanted = {each.casefold() for each in page.components}
    return name.casefold() in wanted or (component_id is not None and component_id.casefold() in wanted)


def concerns(page: Page, incident: Incident) -> bool:
    """Whether an incident touches what was chosen; one that names no component, or no region, concerns all."""
    if page.regions and incident.regions:
        wanted = {each.casefold() for each in page.regions}
        if not any(each.casefold() in wanted for each in incident.regions):
            return False
    return not incident.affected or any(watches(page, each.id, each.name) for each in incident.affected)


def missing_component(page: Page, components: tuple[Component, ...]) -> PageProblem | None:
    """The first chosen component that the page does not have, with the nearest names that it has."""
    names = {component.name.casefold(): component.name for component in components}
    known = {*names, *(component.id.casefold() for component in components)}
    for wanted in page.components:
        if wanted.casefold() in known:
            continue
        near = difflib.get_close_matches(wanted.casefold(), names, 3, 0.4)
        words = f"The nearest: {', '.join(names[each] for each in near)}." if near else "Its page lists their names."
        return PageProblem(
            Reading.BROKEN, f"it has no component “{wanted}”", f"{words} Change `components` in the settings."
        )
    return None


def worth_a_notice(event: Event, page: Page) -> bool:
    """Whether an event is worth a desktop notice to whoever watches `page` with these settings.

    A component raises one where no incident tells of it; a page that could never be read raises none.
    """
    if event.component is not None:
        return _worth_a_word(event.component, page)
    if event.problem is not None:
        return not (event.kind is EventKind.PAGE_UNREADABLE and event.first)
    if event.incident is None or not concerns(page, event.incident):
        return False
    # The end of an incident without impact is as much news as its beginning was.
    impact = Impact.NOTICE if event.incident.shown_impact is Impact.NONE else event.incident.shown_impact
    return _reaches(impact, page)


def _worth_a_word(change: ComponentChange, page: Page) -> bool:
    """What a person's own probe finds always is; its better turn is to whom the worse one was."""
    if change.found:
        return True
    worse = max(change.before, change.after, key=_ORDER.index)
    return not change.posted and watches(page, change.id, change.name) and _reaches(worse, page)


def _reaches(impact: Impact, page: Page) -> bool:
    return _ORDER.index(impact) >= _ORDER.index(page.notify_from)
