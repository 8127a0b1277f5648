"""How a page's platform is found, lost and found again."""

from __future__ import annotations

import pytest

from tests import loopback
from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import incident, said
from tests.providers.vendor import VendorPage
from tray_status.core.model import State

INSTATUS = DIALECTS["instatus"]


def begun():
    return incident(said(0, INSTATUS.states[0]))


def test_a_page_that_answers_nonsense_for_hours_is_read_again_at_its_next_good_answer():
    page = VendorPage(INSTATUS).says(begun())
    page.poll()
    good = page.documents
    for failures in (1, 2, 5, 12):
        page.serves({"/summary.json": {"what": "nonsense"}})
        page.poll(failures)
        page.serves(good)
        page.poll()
        assert page.is_read, f"after {failures} failures"
        assert page.platform == "instatus"
        assert len(page.view.open_incidents) == 1


def test_a_page_that_went_to_another_platform_is_found_there_and_not_by_its_feed():
    page = VendorPage(INSTATUS).says()
    page.poll()
    moved = loopback.statuspage(loopback.incident("inc1", loopback.update("u1")))
    page.serves(
        {**moved, "/history.atom": b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Acme Status</title></feed>"}
    )
    page.poll(2)
    assert page.is_read
    assert page.platform == "statuspage"
    assert [each.name for each in page.view.open_incidents] == ["Elevated errors"]


def test_a_page_that_is_broken_is_not_searched_through_at_each_poll():
    page = VendorPage(INSTATUS).says()
    page.poll()
    page.serves({})
    page.poll(3)
    page.asked.clear()
    page.poll(5)
    assert len(page.asked) <= 5


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_a_page_is_found_again_in_a_new_run_by_what_was_remembered(name):
    dialect = DIALECTS[name]
    page = VendorPage(dialect).says(incident(said(0, dialect.states[0]), impact=dialect.impacts[-1]))
    page.poll()
    again = VendorPage(dialect)
    again.documents, again.store = page.documents, page.store
    again.begin()
    assert again.poll() == []
    assert again.is_read
    assert len(again.asked) <= 8, again.asked
    assert again.view.open_incidents[0].state is not State.REMOVED
