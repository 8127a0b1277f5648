"""What of a page a person chose to watch: components and regions. Pure."""

from __future__ import annotations

import difflib

from .events import PageProblem
from .model import Component, Incident, Page, Reading


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
    if not page.components:
        return None
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
