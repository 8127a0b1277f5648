"""A moment of the invented history → the documents that each page serves then, in its platform's shape. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from .history import OK, Entry, Step, Vendor

Row = dict[str, Any]

_PROXY = "/proxy/127.0.0.1"
_OVER = ("resolved", "completed")
_INDICATORS = ("none", "maintenance", "minor", "major", "critical")


def documents(
    vendor: Vendor, elapsed: float, started_at: datetime, url: str, *, speed: float = 1.0
) -> dict[str, Row | bytes] | None:
    """What a page serves at a second of the story, by path; None while it does not answer.

    `started_at` is when the story began, `url` the page's own address; `speed` only makes the vendor's times right.
    """
    if vendor.silent[0] <= elapsed < vendor.silent[1]:
        return None
    moment = _Moment(vendor, elapsed, started_at, url, speed)
    return moment.incident_io() if vendor.platform == "incident.io" else moment.statuspage()


class _Moment:
    """One page at one second; each method writes one document or a part of one."""

    def __init__(self, vendor: Vendor, elapsed: float, started_at: datetime, url: str, speed: float) -> None:
        self.vendor, self.elapsed, self.started_at, self.url, self.speed = vendor, elapsed, started_at, url, speed
        begun = [(entry, [step for step in entry.steps if step.at <= elapsed]) for entry in vendor.entries]
        self.told = sorted(((entry, steps) for entry, steps in begun if steps), key=lambda each: -each[1][-1].at)
        """Entries with their updates so far; the newest change first."""
        self.changed_at = self.at(self.told[0][1][-1].at)
        self.page = {"id": self.id("page"), "name": vendor.name, "url": url, "updated_at": self.changed_at}

    def statuspage(self) -> dict[str, Row | bytes]:
        page = {**self.page, "time_zone": "Etc/UTC"}
        incidents = [self.incident(entry, steps) for entry, steps in self.told if not entry.planned]
        planned = [self.incident(entry, steps) for entry, steps in self.told if entry.planned]
        return {
            "/api/v2/summary.json": {
                "page": page,
                "status": self.status(),
                "components": [*self.components(), *self.groups()],
                "incidents": _open(incidents),
                "scheduled_maintenances": _open(planned),
            },
            "/api/v2/incidents.json": {"page": page, "incidents": incidents},
            "/api/v2/scheduled-maintenances.json": {"page": page, "scheduled_maintenances": planned},
        }

    def incident_io(self) -> dict[str, Row | bytes]:
        """Its imitation of v2, with all left out that it leaves out, and its own documents."""
        incidents = [
            _without(self.incident(entry, steps), "started_at", "shortlink", "components")
            for entry, steps in self.told
        ]
        components = [_without(each, "group", "group_id") for each in self.components()]
        listed = {"incidents": _open(incidents)}
        ongoing = {"ongoing_incidents": [self.widget(*each) for each in self.told if each[1][-1].state not in _OVER]}
        details: dict[str, Row | bytes] = {
            f"{_PROXY}/incidents/{self.id(entry.name)}": {"incident": self.own(entry, steps)}
            for entry, steps in self.told
        }
        return {
            "/api/v2/summary.json": {
                "page": self.page, "status": self.status(), "components": components, **_told(listed),
            },
            "/api/v2/components.json": {"page": self.page, "components": components},
            "/api/v2/incidents.json": {"page": self.page, "incidents": incidents},
            "/api/v1/summary": {"page_title": self.vendor.name, "page_url": self.url, **_told(ongoing)},
            _PROXY: {"summary": self.behind_the_page()},
            **details,
            "/feed.atom": self.feed(),
        }  # fmt: skip

    # Facts of this moment.

    def id(self, *names: object) -> str:
        """Made of names, so the same at every moment: 12 characters, or a ULID where the platform uses them."""
        digest = hashlib.sha256(repr((self.vendor.key, *names)).encode()).digest()
        text = "".join("0123456789abcdefghjkmnpqrstvwxyz"[byte % 32] for byte in digest)
        return f"01K{text[:23].upper()}" if self.vendor.platform == "incident.io" else text[:12]

    def at(self, second: float) -> str:
        since = second / self.speed if second > 0 else second
        return (self.started_at + timedelta(seconds=since)).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def words(self, step: Step) -> tuple[str, float]:
        """What an update says by now, and since which second."""
        if step.edited and self.elapsed >= step.edited[0]:
            return step.edited[1], step.edited[0]
        return step.text, step.at

    def status(self) -> Row:
        """The page's indicator: the worst of what goes on."""
        going_on = [steps[-1].impact for _, steps in self.told if steps[-1].state not in (*_OVER, "scheduled")]
        worst = max(going_on, key=_INDICATORS.index, default="none")
        words = "All Systems Operational" if worst == "none" else f"{worst.title()} trouble"
        return {"indicator": worst, "description": words}

    # Rows of the v2 documents.

    def incident(self, entry: Entry, steps: Sequence[Step]) -> Row:
        last = steps[-1]
        row = {
            "id": self.id(entry.name),
            "name": entry.name,
            "status": last.state,
            "impact": last.impact,
            "created_at": self.at(steps[0].at),
            "started_at": self.at(steps[0].at),
            "updated_at": self.at(last.at),
            "shortlink": f"{self.url}/incidents/{self.id(entry.name)}",
            "components": [each for each in self.components() if each["name"] in entry.components],
            "incident_updates": [self.update(entry, step) for step in reversed(steps)],
        }
        if last.state in _OVER:
            row["resolved_at"] = self.at(last.at)
        if entry.planned:
            row["scheduled_for"], row["scheduled_until"] = map(self.at, entry.planned)
        return row

    def update(self, entry: Entry, step: Step) -> Row:
        text, since = self.words(step)
        return {
            "id": self.id(entry.name, step.at),
            "status": step.state,
            "body": text,
            "created_at": self.at(step.at),
            "display_at": self.at(step.at),
            "updated_at": self.at(since),
        }

    def components(self) -> list[Row]:
        rows = []
        for group, names in self.vendor.groups.items():
            group_id = self.id("group", group) if group else None
            for name in names:
                states = [steps[-1].component_state for entry, steps in self.told if name in entry.components]
                state = next((state for state in states if state != OK), OK)
                row = {"id": self.id("component", name), "name": name, "status": state}
                rows.append({**row, "group": False, "group_id": group_id})
        return rows

    def groups(self) -> list[Row]:
        named = [group for group in self.vendor.groups if group]
        row = {"status": OK, "group": True, "group_id": None}
        return [{"id": self.id("group", group), "name": group, **row} for group in named]

    # incident.io's own documents.

    def widget(self, entry: Entry, steps: Sequence[Step]) -> Row:
        """An incident as its documented "widget API" tells it."""
        last = steps[-1]
        return {
            "id": self.id(entry.name),
            "name": entry.name,
            "status": last.state,
            "url": f"{self.url}//incidents/{self.id(entry.name)}",
            "last_update_at": self.at(last.at),
            "last_update_message": f"<p>{escape(self.words(last)[0])}</p>",
            "current_worst_impact": last.component_state,
            "affected_components": [
                {"id": self.id("component", name), "name": name, "current_status": last.component_state}
                for name in entry.components
            ],
        }

    def own(self, entry: Entry, steps: Sequence[Step]) -> Row:
        """An incident as the page itself asks for it, with ids of components only."""
        return {
            "id": self.id(entry.name),
            "name": entry.name,
            "status": steps[-1].state,
            "published_at": self.at(steps[0].at),
            "affected_components": [
                {"component_id": self.id("component", name), "status": steps[-1].component_state}
                for name in entry.components
            ],
            "updates": [
                {
                    "id": self.id(entry.name, step.at),
                    "to_status": step.state,
                    "message_string": self.words(step)[0],
                    "published_at": self.at(step.at),
                }
                for step in steps
            ],
        }

    def behind_the_page(self) -> Row:
        """The page's names and groups."""
        items = []
        for group, names in self.vendor.groups.items():
            members = [{"component_id": self.id("component", name), "name": name} for name in names]
            items.append({"group": {"id": self.id("group", group), "name": group, "components": members}})
        return {
            "id": self.page["id"],
            "name": self.vendor.name,
            "public_url": self.url,
            "components": [{"id": each["id"], "name": each["name"]} for each in self.components()],
            "structure": {"items": items},
        }

    def feed(self) -> bytes:
        """The last words of each incident, in two layers of HTML."""
        entries = "".join(self.feed_entry(entry, steps[-1]) for entry, steps in self.told)
        head = f"<id>{self.url}/</id><title>{escape(self.vendor.name)}</title><updated>{self.changed_at}</updated>"
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'.encode()

    def feed_entry(self, entry: Entry, last: Step) -> str:
        link = f"{self.url}//incidents/{self.id(entry.name)}"
        products = "".join(f"<li>{escape(name)}</li>" for name in entry.components)
        words = f"<b>Status: {last.state.title()}</b><br/><br/>{escape(self.words(last)[0])}<br/><br/>"
        html = f"{words}<b>Affected components</b><ul>{products}</ul>"
        return (
            f'<entry><title type="html">{escape(escape(entry.name))}</title><id>{link}</id><link href="{link}"/>'
            f'<updated>{self.at(last.at)}</updated><content type="html">{escape(html)}</content></entry>'
        )


def _open(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["status"] not in _OVER]


def _told(lists: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Without those that are empty."""
    return {key: rows for key, rows in lists.items() if rows}


def _without(row: Row, *keys: str) -> Row:
    return {key: value for key, value in row.items() if key not in keys}
