"""Google Cloud's recorded incidents of 2026: four, all over; and the same as they stood while they were not."""

from __future__ import annotations

import json
from datetime import datetime, timezone

from tests.providers.dialects import DIALECTS
from tests.providers.vendor import VendorPage
from tests.recorded.recordings import decoded, recorded
from tray_status.core.model import Impact, State

NAME = "gcp/incidents.json"
ADDRESS = "https://status.cloud.google.com"
PATH = f"{ADDRESS}/incidents.json"


def utc(month, day, hour, minute, second=0):
    return datetime(2026, month, day, hour, minute, second, tzinfo=timezone.utc)


def page_of(body):
    return VendorPage(DIALECTS["google-cloud"], address=ADDRESS).serves({PATH: body})


def incidents(page):
    return {each.id: each for _, each in page.store.recent([page.view.page.id], 1000)}


def test_all_of_them_are_over_and_the_page_is_green():
    page = page_of(recorded(NAME))
    assert page.poll(3) == []
    assert (page.platform, page.is_green, page.view.page.name) == ("google-cloud", True, "Google Cloud")
    assert page.asked[0] == PATH


def test_each_is_kept_with_what_a_person_reads_in_it():
    page = page_of(recorded(NAME))
    page.poll()
    found = incidents(page)
    assert {
        key: (each.state, each.impact, each.started_at, each.resolved_at, len(each.updates))
        for key, each in found.items()
    } == {
        "3BvH3LVGcupoYqV6F4Nw": (State.RESOLVED, Impact.MAJOR, utc(7, 15, 23, 57), utc(7, 16, 12, 25), 12),
        "T8gmtofFSTGT5tbhyciF": (State.RESOLVED, Impact.MAJOR, utc(7, 14, 17, 0), utc(7, 15, 3, 40), 11),
        "5fGQt4VbkDnr3Yp8PXPr": (State.RESOLVED, Impact.MAJOR, utc(6, 5, 7, 0), utc(6, 26, 19, 0), 9),
        "41E5S3mkTGDfkZuJZH5k": (State.RESOLVED, Impact.NOTICE, utc(2, 27, 12, 37), utc(2, 27, 14, 35), 3),
    }
    netherlands = found["3BvH3LVGcupoYqV6F4Nw"]
    assert netherlands.name.startswith(
        "Google Cloud VMware Engine (GCVE), Google Cloud NetApp Volumes, and Bare Metal"
    )
    assert netherlands.regions == ("europe-west4",)
    assert len(netherlands.components) == 3
    assert netherlands.url == "https://status.cloud.google.com/incidents/3BvH3LVGcupoYqV6F4Nw"
    # The one that ended it, 47 seconds behind the end, still says "disruption"; two reports follow.
    assert [each.at for each in netherlands.updates if each.state is State.RESOLVED] == [
        utc(7, 16, 12, 25, 47), utc(7, 18, 0, 22, 37), utc(7, 25, 13, 16, 55),
    ]  # fmt: skip
    assert netherlands.updates[0].text.startswith("Summary\nGoogle Cloud VMware Engine (GCVE)")
    # India and the whole world: whoever chose other regions is concerned too.
    assert found["5fGQt4VbkDnr3Yp8PXPr"].regions == ()


def as_it_stood(row, count):
    """An incident after so many of its updates, as the page listed it then."""
    updates = row["updates"][-count:]
    latest = datetime.fromisoformat(updates[0]["when"])
    over = datetime.fromisoformat(row["end"]) <= latest
    return {
        **row,
        "updates": updates,
        "most_recent_update": updates[0],
        "modified": updates[0]["when"],
        "end": row["end"] if over else None,
        "currently_affected_locations": updates[0]["affected_locations"],
        "previously_affected_locations": [],
    }


def test_an_incident_is_told_from_its_beginning_to_its_last_report():
    rows = decoded(NAME)
    netherlands, others = rows[0], rows[1:]
    page = page_of(json.dumps(others).encode())
    page.poll()
    told = []
    for count in range(1, len(netherlands["updates"]) + 1):
        page.serves({PATH: json.dumps([as_it_stood(netherlands, count), *others]).encode()})
        told += page.poll(2)
    assert told == ["opened", *["updated"] * 8, "resolved", "updated", "updated"]
    assert page.events[9].update.at == utc(7, 16, 12, 25, 47)
    assert page.is_green


def test_an_incident_that_came_and_went_unseen_is_told_once_with_all_its_words():
    rows = decoded(NAME)
    page = page_of(json.dumps(rows[1:]).encode())
    page.poll()
    page.serves({PATH: recorded(NAME)})
    assert page.poll(3) == ["opened", *["updated"] * 8, "resolved", "updated", "updated"]


def test_while_it_goes_on_the_page_is_as_bad_as_google_says():
    rows = decoded(NAME)
    page = page_of(json.dumps([as_it_stood(rows[0], 4), *rows[1:]]).encode())
    assert page.poll() == ["opened"]
    (found,) = page.view.open_incidents
    assert (found.state, found.word, page.view.impact) == (State.INVESTIGATING, "service_disruption", Impact.MAJOR)
    assert found.updates[-1].at == utc(7, 16, 6, 29, 45)
