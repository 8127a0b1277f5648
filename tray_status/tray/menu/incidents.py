"""Entries of incidents and maintenances: open ones, past ones, coming ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from ...core.events import shown_state
from ...core.language import tr
from ...core.model import Incident, Page, Update
from ...core.wishes import Wished
from ...core.wording import IMPACT_WORDS, age, ago, state_words
from .entry import SEPARATOR, Copy, Entry, Open, informing, labelled, moment
from .wishing import marks_of_incident, mute, wishes_of_incident

UPDATES_SHOWN = 3
NO_WORDS = "(no words)"
"""In place of an update's words."""


def open_incident(
    page: Page,
    incident: Incident,
    now: datetime,
    wishes: Sequence[Wished],
    new: Collection[tuple[str, str]],
    *,
    name_page: bool,
    can_copy: bool,
) -> Entry:
    """An incident, or a maintenance under way: how bad, how far, how old, its last words, and what can be done."""
    marks = [*_new_mark(page, incident, new), *marks_of_incident(wishes, page.id, incident)]
    began = _began(incident)
    facts = [tr(IMPACT_WORDS[incident.shown_impact]), state_words(incident)]
    inside = [*facts, tr("since {when}", when=moment(began, now))] if began else facts
    old = [age(now - began)] if began else []
    rows = _told(page, incident, " · ".join(inside), now)
    rows += [SEPARATOR, _open_in_browser(page, incident), *wishes_of_incident(wishes, page.id, incident)]
    rows.append(mute(wishes, now, page.id, incident.id, incident.kind))
    rows += _copy(page, incident, now, can_copy=can_copy)
    name = _name(page, incident, name_page=name_page)
    label = labelled(name, ", ".join(facts + old), marks, fewer=", ".join(facts[:1] + old))
    return Entry(label, children=tuple(rows), key=_key(page, incident))


def past_incident(
    page: Page,
    incident: Incident,
    now: datetime,
    new: Collection[tuple[str, str]],
    *,
    name_page: bool,
    can_copy: bool,
) -> Entry:
    """An incident that is over, with how long ago."""
    ended = incident.resolved_at or (incident.latest.at if incident.latest else None) or incident.started_at
    facts = state_words(incident) + (f", {ago(now - ended)}" if ended else "")
    inside = " · ".join([tr(IMPACT_WORDS[incident.shown_impact]), *([f"{moment(ended, now)}"] if ended else [])])
    rows = [*_told(page, incident, inside, now), SEPARATOR, _open_in_browser(page, incident)]
    rows += _copy(page, incident, now, can_copy=can_copy)
    label = labelled(_name(page, incident, name_page=name_page), facts, _new_mark(page, incident, new))
    return Entry(label, children=tuple(rows), key=_key(page, incident))


def coming_maintenance(
    page: Page, maintenance: Incident, now: datetime, wishes: Sequence[Wished], *, name_page: bool, can_copy: bool
) -> Entry:
    """A maintenance that is planned, with how soon it begins."""
    begins, ends = maintenance.scheduled_for, maintenance.scheduled_until
    facts, inside = tr("planned"), tr("Planned")
    if begins is not None:
        left = begins - now
        facts = tr("in {age}", age=age(left)) if left >= timedelta(minutes=1) else tr("due now")
        inside = moment(begins, now) + (f" – {moment(ends, now)}" if ends else "")
    rows = [*_told(page, maintenance, inside, now), SEPARATOR, _open_in_browser(page, maintenance)]
    rows.append(mute(wishes, now, page.id, maintenance.id, maintenance.kind))
    rows += _copy(page, maintenance, now, can_copy=can_copy)
    marks = marks_of_incident(wishes, page.id, maintenance)
    label = labelled(_name(page, maintenance, name_page=name_page), facts, marks)
    return Entry(label, children=tuple(rows), key=_key(page, maintenance))


def summary(page: Page, incident: Incident, now: datetime) -> str:
    """What is known of an incident, to be pasted elsewhere; no time is relative to when it is read."""
    began = _began(incident)
    facts = [tr(IMPACT_WORDS[incident.shown_impact]), state_words(incident)]
    if began is not None:
        facts.append(tr("since {when}", when=_full(began, now)))
    told = [f"{page.name}: {incident.name}", " · ".join(facts)]
    if incident.components:
        told.append(tr("Products: {names}", names=", ".join(incident.components)))
    latest = incident.latest
    if latest is not None and latest.text:
        when = f"{_full(latest.at, now)}: " if latest.at else ""
        told.append(when + latest.text)
    return "\n".join((*told, incident.url or page.url)) + "\n"


def _told(page: Page, incident: Incident, facts: str, now: datetime) -> list[Entry]:
    """Its facts and its last updates, newest first; the newest with most words."""
    rows = [Entry(facts, key="facts"), *informing("components", ", ".join(incident.components), 2)]
    updates = incident.updates[: -UPDATES_SHOWN - 1 : -1]
    if updates:
        rows.append(SEPARATOR)
    for update, at_most in zip(updates, (4, 1, 1), strict=False):
        rows += _update(update, Open(incident.url or page.url), now, at_most)
    return rows


def _update(update: Update, whole: Open, now: datetime, at_most: int) -> list[Entry]:
    """Its state and age, and its words, which lead to all of them."""
    word = shown_state(update.state, update.word).replace("_", " ").strip()
    head = tr(word[:1].upper() + word[1:])
    head = labelled(head, ago(now - update.at) if update.at else "")
    words = informing(f"words {update.id}", update.text or tr(NO_WORDS), at_most, whole)
    return [Entry(head, key=f"update {update.id}"), *words]


def _open_in_browser(page: Page, incident: Incident) -> Entry:
    return Entry(tr("Open in browser"), Open(incident.url or page.url), key="open")


def _copy(page: Page, incident: Incident, now: datetime, *, can_copy: bool) -> list[Entry]:
    return [Entry(tr("Copy summary"), Copy(summary(page, incident, now)), key="copy")] if can_copy else []


def _name(page: Page, incident: Incident, *, name_page: bool) -> str:
    return f"{page.name}: {incident.name}" if name_page else incident.name


def _key(page: Page, incident: Incident) -> str:
    return f"{page.id}/{incident.id}"


def _new_mark(page: Page, incident: Incident, new: Collection[tuple[str, str]]) -> list[str]:
    return [tr("new")] if (page.id, incident.id) in new else []


def _began(incident: Incident) -> datetime | None:
    return incident.started_at or (incident.updates[0].at if incident.updates else None)


def _full(at: datetime, now: datetime) -> str:
    return f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
