"""Trouble that a page shows and that none of its incidents tells of: a component turned red, and no word. Pure.

Vendors colour a component minutes before they post an incident, or never post one. That is news where it changes how
the page stands as a whole; below that it is left to the components' own events, for on large pages some part or other
turns to and fro all day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .chosen import watches
from .events import ComponentChange
from .model import Component, Impact, Incident, Known, Page, Snapshot, badness, worst

WHOLE = ComponentChange("", "The page as a whole", Impact.NONE, Impact.NONE)
"""What stands in for a component where the page's own indicator changed, and none of its components did."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """How bad each part of a page is, as far as it matters to this person."""

    parts: Mapping[str, Impact]
    indicator: Impact

    @property
    def worst_part(self) -> Impact:
        return worst(self.parts.values(), Impact.NONE)

    @property
    def level(self) -> Impact:
        return worst((self.worst_part, self.indicator))


def component_changes(
    page: Page,
    known: Known,
    snapshot: Snapshot,
    changed: Sequence[Component],
    gone: Iterable[str],
    incidents: Iterable[Incident],
) -> list[ComponentChange]:
    """What became of the components; those that no incident tells of and that change how the page stands are marked.

    `changed` and `gone` are the components to be written, and `incidents` all that are open now, or ended with this
    snapshot.
    """
    changes = [
        ComponentChange(after.id, after.name, before.impact, after.impact)
        for after in changed
        if (before := known.components.get(after.id)) is not None and before.impact is not after.impact
    ]
    if not known.read:
        return changes
    after = {**known.components, **{each.id: each for each in changed}}
    left = [after.pop(key) for key in gone]
    indicator = snapshot.indicator if snapshot.indicator is not None else known.indicator
    old, new = _stand(page, known.components.values(), known.indicator), _stand(page, after.values(), indicator)
    if old.level is new.level:
        return changes
    # What is listed only while it is bad comes and goes with its trouble.
    came = [each for each in changed if known.components and each.id not in known.components]
    changes += [
        ComponentChange(each.id, each.name, Impact.NONE, each.impact) for each in came if _is_bad(each.impact)
    ]
    changes += [
        ComponentChange(each.id, each.name, each.impact, Impact.NONE) for each in left if _is_bad(each.impact)
    ]
    return _marked(page, changes, old, new, tuple(incidents))


def _marked(
    page: Page, changes: Sequence[ComponentChange], old: _Stand, new: _Stand, incidents: Sequence[Incident]
) -> list[ComponentChange]:
    worse = badness(new.level) > badness(old.level)
    level = new.level if worse else old.level
    told = []
    for each in changes:
        decides = (each.after if worse else each.before) is level and watches(page, each.id, each.name)
        posted = not decides or any(_tells_of(incident, each) for incident in incidents)
        told.append(each if posted else _unposted(each, each.before, each.after))
    stand = new if worse else old
    if stand.worst_part is not level and not incidents:
        told.append(_unposted(WHOLE, old.indicator, new.indicator))
    return told


def _unposted(change: ComponentChange, before: Impact, after: Impact) -> ComponentChange:
    return ComponentChange(change.id, change.name, before, after, posted=False)


def _stand(page: Page, components: Iterable[Component], indicator: Impact | None) -> _Stand:
    """An unknown part is neither bad nor good news."""
    parts = {each.id: each.impact for each in components if watches(page, each.id, each.name)}
    whole = indicator if indicator is not None and not page.components else Impact.NONE
    return _Stand(
        {key: impact for key, impact in parts.items() if _is_bad(impact)}, whole if _is_bad(whole) else Impact.NONE
    )


def _is_bad(impact: Impact) -> bool:
    return impact not in (Impact.NONE, Impact.UNKNOWN)


def _tells_of(incident: Incident, change: ComponentChange) -> bool:
    """Whether an incident touches a component; one that names none touches all."""
    return not incident.affected or any(
        each.id == change.id or each.name.casefold() == change.name.casefold() for each in incident.affected
    )
