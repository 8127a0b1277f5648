"""The story at one moment → the documents that each page would serve. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from .story import Step, Tale, Vendor

NOT_LATER = frozenset({"resolved", "completed"})


def documents(vendor: Vendor, elapsed: float, started_at: datetime, url: str) -> dict[str, Any] | None:
    """What a page answers, by path; None while it does not answer at all."""
    if vendor.silent and vendor.silent[0] <= elapsed < vendor.silent[1]:
        return None
    scene = _Scene(vendor, elapsed, started_at, url)
    return scene.incident_io() if vendor.platform == "incident.io" else scene.statuspage()


class _Scene:
    def __init__(self, vendor: Vendor, elapsed: float, started_at: datetime, url: str) -> None:
        self.vendor = vendor
        self.elapsed = elapsed
        self.started_at = started_at
        self.url = url
        self.names = [name for _, names in vendor.groups for name in names]
        self.told = [(tale, steps) for tale in vendor.tales if (steps := self._steps(tale))]

    def statuspage(self) -> dict[str, Any]:
        incidents = [self._v2(tale, steps) for tale, steps in self.told if not tale.maintenance]
        maintenances = [self._v2(tale, steps) for tale, steps in self.told if tale.maintenance]
        page = {**self._page(), "time_zone": "Etc/UTC"}
        status = self._status()
        open_ones = [each for each in incidents if each["status"] not in NOT_LATER]
        planned = [each for each in maintenances if each["status"] not in NOT_LATER]
        return {
            "/api/v2/summary.json": {
                "page": page, "status": status, "components": self._components(groups=True),
                "incidents": open_ones, "scheduled_maintenances": planned,
            },
            "/api/v2/incidents.json": {"page": page, "incidents": incidents},
            "/api/v2/scheduled-maintenances.json": {"page": page, "scheduled_maintenances": maintenances},
        }  # fmt: skip

    def incident_io(self) -> dict[str, Any]:
        """As incident.io does: empty lists left out, no components in the imitation's incidents."""
        page = self._page()
        incidents = [self._v2(tale, steps) for tale, steps in self.told]
        for each in incidents:
            each["components"] = []
            each.pop("started_at")
            each.pop("shortlink")
        open_ones = [each for each in incidents if each["status"] not in NOT_LATER]
        summary: dict[str, Any] = {"page": page, "status": self._status(), "components": self._components()}
        if open_ones:
            summary["incidents"] = open_ones
        native: dict[str, Any] = {"page_title": self.vendor.name, "page_url": self.url}
        if ongoing := [self._widget(tale, steps) for tale, steps in self.told if steps[-1].state not in NOT_LATER]:
            native["ongoing_incidents"] = ongoing
        served = {
            "/api/v2/summary.json": summary,
            "/api/v2/incidents.json": {"page": page, "incidents": incidents},
            "/api/v2/components.json": {"page": page, "components": self._components()},
            "/api/v1/summary": native,
            "/proxy/127.0.0.1": {"summary": self._proxy()},
        }
        for tale, steps in self.told:
            served[f"/proxy/127.0.0.1/incidents/{tale.id}"] = {"incident": self._proxy_incident(tale, steps)}
        return served

    def _steps(self, tale: Tale) -> Sequence[Step]:
        return [step for step in tale.steps if step.at <= self.elapsed]

    def _page(self) -> dict[str, Any]:
        return {"id": self.vendor.id, "name": self.vendor.name, "url": self.url, "updated_at": self._at(0)}

    def _status(self) -> dict[str, str]:
        """The page's indicator: the worst impact of what is open."""
        order = ("none", "maintenance", "minor", "major", "critical")
        words = [steps[-1].impact for _, steps in self.told if steps[-1].state not in (*NOT_LATER, "scheduled")]
        worst = max(words, key=order.index, default="none")
        return {"indicator": worst, "description": "All Systems Operational" if worst == "none" else worst.title()}

    def _components(self, *, groups: bool = False) -> list[dict[str, Any]]:
        rows = []
        for number, (group, names) in enumerate(self.vendor.groups):
            group_id = f"{self.vendor.id[:9]}g{number:02}" if group and groups else None
            if group_id:
                rows.append({"id": group_id, "name": group, "status": "operational", "group": True, "group_id": None})
            rows += [
                {
                    "id": self._component_id(name), "name": name, "status": self._component_state(name),
                    "position": place, **({"group": False, "group_id": group_id} if groups else {}),
                }
                for place, name in enumerate(names)
            ]  # fmt: skip
        return rows

    def _component_id(self, name: str) -> str:
        return f"{self.vendor.id[:-3]}c{self.names.index(name):02}"

    def _component_state(self, name: str) -> str:
        states = [steps[-1].component_state for tale, steps in self.told if name in tale.components]
        return next((state for state in reversed(states) if state != "operational"), "operational")

    def _v2(self, tale: Tale, steps: Sequence[Step]) -> dict[str, Any]:
        last = steps[-1]
        incident: dict[str, Any] = {
            "id": tale.id,
            "name": tale.name,
            "status": last.state,
            "impact": last.impact,
            "created_at": self._at(steps[0].at),
            "started_at": self._at(steps[0].at),
            "updated_at": self._at(last.at),
            "shortlink": f"{self.url}/incidents/{tale.id}",
            "components": [{"id": self._component_id(name), "name": name} for name in tale.components],
            "incident_updates": [
                {
                    "id": f"{tale.id[:-2]}u{number}",
                    "status": step.state,
                    "body": self._words(step),
                    "created_at": self._at(step.at),
                    "display_at": self._at(step.at),
                    "updated_at": self._at(step.at),
                }
                for number, step in reversed(list(enumerate(steps)))
            ],
        }
        if last.state in NOT_LATER:
            incident["resolved_at"] = self._at(last.at)
        if tale.maintenance:
            incident["scheduled_for"], incident["scheduled_until"] = map(self._at, tale.maintenance)
        return incident

    def _widget(self, tale: Tale, steps: Sequence[Step]) -> dict[str, Any]:
        last = steps[-1]
        return {
            "id": tale.id,
            "name": tale.name,
            "status": last.state,
            "url": f"{self.url}//incidents/{tale.id}",
            "last_update_at": self._at(last.at),
            "last_update_message": self._words(last),
            "current_worst_impact": last.component_state,
            "affected_components": [
                {"id": self._component_id(name), "name": name, "current_status": last.component_state}
                for name in tale.components
            ],
        }

    def _proxy(self) -> dict[str, Any]:
        items = [
            {
                "group": {
                    "id": f"g{number}",
                    "name": group,
                    "components": [{"component_id": self._component_id(name), "name": name} for name in names],
                }
            }
            for number, (group, names) in enumerate(self.vendor.groups)
        ]
        components = [{"id": self._component_id(name), "name": name} for name in self.names]
        return {
            "id": self.vendor.id,
            "name": self.vendor.name,
            "components": components,
            "structure": {"items": items},
        }

    def _proxy_incident(self, tale: Tale, steps: Sequence[Step]) -> dict[str, Any]:
        return {
            "id": tale.id,
            "name": tale.name,
            "status": steps[-1].state,
            "published_at": self._at(steps[0].at),
            "affected_components": [
                {"component_id": self._component_id(name), "status": steps[-1].component_state}
                for name in tale.components
            ],
            "updates": [
                {
                    "id": f"{tale.id[:-2]}u{number}",
                    "to_status": step.state,
                    "message_string": self._words(step),
                    "published_at": self._at(step.at),
                }
                for number, step in enumerate(steps)
            ],
        }

    def _words(self, step: Step) -> str:
        return step.edited[1] if step.edited and self.elapsed >= step.edited[0] else step.text

    def _at(self, seconds: float) -> str:
        return (self.started_at + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
