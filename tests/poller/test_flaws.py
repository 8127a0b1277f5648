"""Pages that answer, and do not tell what this person wants to know: told once, and once more when they do again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.loopback import StatusHost, component, statuspage
from tests.watching import Watch, now
from tray_status.core.model import Impact, Reading
from tray_status.core.view import CONFIRMED_AFTER, view_of
from tray_status.poller import PagePoll
from tray_status.providers.statuspage import StatuspageProvider


def page_with(*names):
    return statuspage(components=[component(name) for name in names])


@pytest.fixture
def host():
    with StatusHost(page_with("API", "Web"), etags=True) as running:
        yield running


@pytest.fixture
def watch(host):
    run = Watch(host)
    run.poll()
    yield run
    run.close()


def choose(watch, *names):
    """Have other components chosen in the settings."""
    watch._poll.page = replace(watch._poll.page, components=names)


def view(watch):
    return view_of(watch.store.state(watch._poll.page), now())


def test_a_chosen_component_that_is_gone_is_told_once_and_so_is_its_return(watch, host):
    choose(watch, "API")
    assert watch.poll() == []
    host.documents = page_with("Web")
    assert watch.poll() == ["page_unreadable"]
    assert watch.poll() + watch.poll() == [], "once"
    told = watch.events[-1].problem
    assert (told.reading, told.text) == (Reading.BROKEN, "it has no component “API”")
    assert (view(watch).reading, view(watch).impact) == (Reading.BROKEN, Impact.UNKNOWN), "for whoever reads the log"
    host.documents = page_with("API", "Web")
    assert watch.poll() == ["page_readable"]
    assert (view(watch).reading, view(watch).impact) == (Reading.FRESH, Impact.NONE)


def test_a_change_of_the_settings_counts_with_the_next_poll_though_the_page_is_unchanged(watch, host):
    choose(watch, "Nothing of that name")
    assert watch.poll() == ["page_unreadable"]
    choose(watch, "web")
    assert watch.poll() == ["page_readable"]


def test_what_is_missing_is_not_told_again_by_another_run_or_after_an_outage(watch, host):
    choose(watch, "Nothing of that name")
    watch.poll()
    page = watch._poll.page
    watch._poll = PagePoll(page, StatuspageProvider(), watch.fetcher, watch.store, now)
    assert watch.poll() + watch.poll() == []
    host.silent = True
    assert watch.poll() + watch.poll() + watch.poll() == []
    assert view(watch).reading is Reading.UNREACHABLE
    host.silent = False
    assert watch.poll() + watch.poll() == []
    assert view(watch).reading is Reading.BROKEN
    choose(watch)
    assert watch.poll() == ["page_readable"]


def test_a_page_whose_first_reading_lacks_it_says_so_at_once(host):
    run = Watch(host)
    choose(run, "Nothing of that name")
    assert run.poll() == ["page_unreadable"]
    assert run.events[-1].first
    run.close()


def test_answers_that_stop_telling_what_is_open_are_told_once(watch, host):
    whole = host.documents
    host.documents = statuspage()
    for path, document in host.documents.items():
        if isinstance(document, dict):
            host.documents[path] = {key: each for key, each in document.items() if key != "incidents"}
    assert watch.poll() + watch.poll() + watch.poll() == ["page_unreadable"]
    assert view(watch).reading is Reading.BROKEN
    host.documents = whole
    assert watch.poll() == ["page_readable"]


def test_why_the_last_poll_failed_is_known_to_whoever_reads_the_log_before_it_is_confirmed(watch, host):
    host.silent = True
    assert watch.poll() == [], "one failure is no news"
    first = view(watch)
    assert first.reading is Reading.FRESH
    assert "broke off the connection" in first.problem.text
    later = view_of(watch.store.state(watch._poll.page), now() + CONFIRMED_AFTER)
    assert (later.reading, later.impact) == (Reading.UNREACHABLE, Impact.UNKNOWN), "though nobody polled since"
    before = watch.store._database._connection.total_changes
    watch.poll()
    watch.poll()
    confirmed = watch.store._database._connection.total_changes
    watch.poll()
    assert watch.store._database._connection.total_changes == confirmed != before, "the same again writes nothing"
    host.silent = False
    watch.poll()
    assert (view(watch).reading, view(watch).problem) == (Reading.FRESH, None)
