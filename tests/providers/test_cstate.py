"""What only cState does: Go's times, JSON that is not escaped, and issues that touch no system."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import at, incident, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.cstate import _time
from tray_status.providers.reading import Reader

OPEN = incident(said(0, State.INVESTIGATING, "We look."))
OVER = incident(*OPEN.updates, said(30, State.RESOLVED, "All is well."))


def page_with(*incidents):
    return VendorPage(DIALECTS["cstate"]).says(*incidents)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2025-09-10 10:00:00 +0000 UTC", 10),
        ("2025-09-10 12:00:00 +0200 +0200", 10),
        ("2025-09-10 12:00:00.123456789 +0200 CEST", 10),
        ("2025-09-10 10:00:00", 10),
        ("2025-09-10T10:00:00Z", 10),
        ("0001-01-01 00:00:00 +0000 UTC", None),
        ("<no value>", None),
        ("", None),
    ],
)
def test_go_times(text, hour):
    told = _time(Reader({"at": text}), "at")
    assert (told.replace(microsecond=0) if told else None) == (
        datetime(2025, 9, 10, hour, tzinfo=timezone.utc) if hour else None
    )


def test_an_issues_words_and_its_end_are_told():
    page = page_with(OPEN)
    assert page.poll() == ["opened"]
    assert page.events[-1].update.text == "We look."
    page.says(OVER)
    assert page.poll(3) == ["resolved"]
    assert page.events[-1].at == at(30)
    assert "All is well." in page.events[-1].update.text


def test_a_page_that_is_built_anew_is_no_news():
    page = page_with(OPEN)
    page.poll()
    for path in ("/issues/index.json", "/issues/2026-03-01-inc1/index.json"):
        page.documents[path]["lastMod"] = "2026-03-01 19:00:00 +0000 UTC"
    page.documents["/index.json"]["buildTime"] = "19:00"
    assert page.poll(3) == []


def test_without_its_own_documents_an_issue_is_told_all_the_same():
    page = page_with(OPEN)
    for path in [path for path in page.documents if path.startswith("/issues")]:
        del page.documents[path]
    assert page.poll() == ["opened"]
    page.serves({"": page.documents[""], "/index.json": page_with().documents["/index.json"]})
    assert page.poll(3) == ["resolved"]
    assert page.is_green


def test_an_issue_that_touches_no_system_is_found_among_all():
    page = page_with(OPEN)
    page.documents["/index.json"]["systems"] = page_with().documents["/index.json"]["systems"]
    assert page.poll() == ["opened"]
    del page.documents["/issues/index.json"]
    page.documents["/index.json"]["buildTime"] = "20:00"
    assert page.poll(4) == ["page_unreadable"]
    assert page.view.impact is Impact.MAJOR
    fresh = page_with(OPEN)
    fresh.serves({"/index.json": page.documents["/index.json"], "": page.documents[""]})
    fresh.poll()
    assert not fresh.is_green


def test_quotes_and_line_ends_that_people_wrote_are_mended():
    page = page_with(OPEN)
    index = page.documents["/index.json"]
    index["description"] = "One line, another"
    for system in index["systems"]:
        for issue in system["unresolvedIssues"]:
            issue["title"] = "Errors: XXno routeXX at XXloginXX"
    text = json.dumps(index, indent=2).replace("XX", '"').replace("One line, another", "One line\nanother")
    page.documents["/index.json"] = text.encode()
    with pytest.raises(ValueError, match="delimiter"):
        json.loads(text, strict=False)
    del page.documents["/issues/index.json"]
    del page.documents["/issues/2026-03-01-inc1/index.json"]
    assert page.poll() == ["opened"]
    assert page.events[-1].incident.name == 'Errors: "no route" at "login"'


def test_an_announcement_that_is_pinned_is_no_incident():
    page = page_with()
    page.documents["/index.json"]["pinnedIssues"] = [{"is": "issue", "title": "Party", "filename": "party.md"}]
    assert page.poll() == []
    assert page.is_green


def test_an_old_announcement_that_nobody_closed_is_no_incident():
    page = page_with(OPEN)
    old = {"is": "issue", "title": "Party", "filename": "party.md", "severity": "<no value>", "resolved": False}
    page.documents["/issues/index.json"]["pages"] += [
        {**old, "informational": True},
        {**old, "filename": "old.md", "severity": "disrupted"},
    ]
    assert page.poll(2) == ["opened"]
    page.says()
    assert page.poll(3) == ["resolved"]
    assert page.is_green
