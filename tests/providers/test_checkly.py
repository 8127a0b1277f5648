"""Checkly's traps: a summary like another platform's, an empty list that could be anybody's, slugs out of a web page."""

from __future__ import annotations

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.checkly import DIALECT, UNRESOLVED, whole
from tests.providers.dialects.dialect import incident, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, State
from tray_status.providers.checkly import SUMMARY, is_mine, traces
from tray_status.providers.documents import Document, Told
from tray_status.providers.registry import PLATFORMS, by_address

OPEN = incident(said(0, State.INVESTIGATING))


def doc(text):
    return Document(Told.FRESH, text.encode())


def test_a_list_of_incidents_without_any_is_nobodys():
    assert not is_mine(doc('{"incidents": []}'))
    page = VendorPage(DIALECT).serves({})
    page.catch_all = b'{"incidents": []}'
    page.poll()
    assert not page.is_green


def test_the_summaries_of_checkly_and_instatus_are_not_mixed_up():
    quiet = '{"page": {"name": "A", "url": "%s", "status": "UP"}, "activeIncidents": [], "activeMaintenances": []}'
    assert not is_mine(doc(quiet % "https://status.acme.example"))
    assert is_mine(doc(quiet % "https://acme.checkly-status-page.com"))
    page = VendorPage(DIALECTS["instatus"]).says()
    page.poll()
    assert page.platform == "instatus"


def test_checklys_own_host_is_known_without_a_question():
    found = by_address(PLATFORMS, "https://acme.checkly-status-page.com")
    assert found is not None
    assert (found.platform.name, found.source) == ("checkly", SUMMARY)


@pytest.mark.parametrize(
    ("html", "sources"),
    [
        ("<html>acme</html>", ()),
        ("<html>checkly</html>", (SUMMARY,)),
        ('checkly "/api/status-page/acme/uptime"', (SUMMARY, UNRESOLVED)),
        ("https://acme.checkly-status-page.com/x https://acme.checkly-status-page.com", (SUMMARY, UNRESOLVED)),
        ("checkly /api/status-page/../../etc/ https://www.acme.example/", (SUMMARY,)),
        ("checkly" + "".join(f" /api/status-page/s{each}/" for each in range(9)), 4),
    ],
)
def test_a_web_page_gives_away_few_and_plain_slugs(html, sources):
    found = tuple(traces(html, "https://status.acme.example"))
    assert (len(found) if isinstance(sources, int) else found) == sources


def test_without_a_known_slug_the_summary_is_read_without_words():
    page = VendorPage(DIALECT).says(OPEN)
    summary = page.documents[SUMMARY]
    page.serves({SUMMARY: {**summary, "page": {**summary["page"], "url": "https://status.acme.example"}}})
    assert page.poll() == ["opened"]
    assert not page.events[0].update.text
    assert page.poll(6) == []


def test_an_incident_that_only_the_slower_of_the_two_documents_still_lists_is_not_told_again():
    page = VendorPage(DIALECT).says(OPEN)
    page.poll()
    summary = {**VendorPage(DIALECT).says().documents[SUMMARY]}
    page.serves({SUMMARY: summary, UNRESOLVED: {"incidents": [whole(OPEN)]}})
    assert page.poll(6) == ["resolved"]
    assert page.is_green


def test_an_active_maintenance_of_which_only_the_name_is_known_is_under_way():
    page = VendorPage(DIALECT).says()
    summary = page.documents[SUMMARY]
    page.serves({SUMMARY: {**summary, "activeMaintenances": [{"id": "m1", "name": "New cables"}]}})
    page.poll()
    assert page.view.impact is Impact.MAINTENANCE
