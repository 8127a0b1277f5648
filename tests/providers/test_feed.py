"""What only feeds do: states in words, many forms of entries, and feeds of something else."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

import pytest

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import at
from tests.providers.vendor import VendorPage
from tray_status.core.model import Impact, Kind, State
from tray_status.errors import NotThisPlatform
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.feed import PLATFORM, _parsed, traces
from tray_status.providers.feed_updates import state_in, titled

ROOT = "https://status.acme.example"


def item(title, text="", minute=0.0, link=f"{ROOT}/", guid=None, **more):
    more = {"pubDate": format_datetime(at(minute)), **more}
    rest = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in more.items() if value)
    guid = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return f"<item><title>{escape(title)}</title><link>{link}</link>{guid}<description>{escape(text)}</description>{rest}</item>"


def rss(*items, title="Acme Status", minute=None, link=f"{ROOT}/"):
    built = f"<lastBuildDate>{format_datetime(at(minute))}</lastBuildDate>" if minute is not None else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title><link>{link}</link>'
        f"<description></description>{built}{''.join(items)}</channel></rss>"
    ).encode()


class Feed(VendorPage):
    """A page that has nothing but a feed at a usual path."""

    def __init__(self):
        super().__init__(DIALECTS["feed"])

    def tells(self, *items, **more):
        self.serves({"/feed.rss": rss(*items, **more)})
        return self.poll()


def snapshot(body, **situation):
    return PLATFORM.read(Situation(platform="feed", **situation), {"": Document(Told.FRESH, body)})


def mine(body):
    return PLATFORM.is_mine(Document(Told.FRESH, body))


# --- whose it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        rss(title="Acme Status"),
        rss(title="Störungen bei Acme"),
        rss(title="Acme", link="https://status.acme.example/"),
        rss(item("[Resolved] Slow API"), item("Investigating: errors"), title="Acme", link="https://acme.example/"),
        rss(item("Slow", "<strong>Resolved</strong> - Well."), title="Acme", link="https://acme.example/"),
        rss(item("Slow", "Resolved - Well."), title="Acme", link="https://acme.example/"),
        rss(item("Errors in West US"), title="Acme Status"),
    ],
)
def test_a_status_pages_feed_is_its_own(body):
    assert mine(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<html><body>status rss</body></html>",
        b"/etc/passwd",
        rss(title="Acme's Blog", link="https://acme.example/blog"),
        rss(item("We hired a cook"), item("Our new logo"), title="Acme News", link="https://acme.example/"),
        rss(item("We hired a cook"), item("Our new logo"), title="Status of the cook", link="https://acme.example/"),
        rss(item("Update: new colours"), item("Our logo"), title="Acme News", link="https://acme.example/"),
        rss(title="Acme Status").replace(b"</channel></rss>", b""),
    ],
)
def test_other_answers_are_not(body):
    assert not mine(body)


def test_a_feed_that_is_cut_off_is_not_read():
    body = rss(item("[Resolved] A"), item("B"))
    with pytest.raises(NotThisPlatform):
        snapshot(body[: len(body) - 40])


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/x.rss">', [f"{ROOT}/x.rss"]),
        ("<LINK href='x.atom?a=1&amp;b=2' type='application/atom+xml' rel=alternate />", [f"{ROOT}/x.atom?a=1&b=2"]),
        ('<link rel="alternate" type="application/rss+xml" href="https://elsewhere.example/x">', []),
        ('<link rel="alternate" type="application/rss+xml" href="http://status.acme.example/x">', []),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x">', []),
        ('<link rel="alternate" type="application/rss+xml" href="//u:p@status.acme.example/x">', []),
        ('<link rel="alternate" hreflang="de" href="/de">', []),
        ("<link " * 10_000, []),
    ],
)
def test_feeds_that_a_page_names(html, found):
    assert list(traces(html, ROOT)) == found


def test_a_pasted_feed_is_read_where_it_is():
    page = VendorPage(DIALECTS["feed"], address="https://acme.example/outages.xml")
    page.serves({"": rss(item("[Investigating] Slow", link=f"{ROOT}/i/1"))})
    assert page.poll() == ["opened"]
    assert page.platform == "feed"
    page.asked.clear()
    page.poll()
    assert page.asked == ["https://acme.example/outages.xml"]


def test_a_page_that_is_no_feed_any_more_is_not_green():
    page = Feed()
    page.tells()
    assert page.is_green
    page.serves({"/feed.rss": b"<!doctype html><html><title>Acme Status</title></html>"})
    page.poll(3)
    assert not page.is_green


# --- what it says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "rest", "state"),
    [
        ("[Resolved] Slow API", "Slow API", State.RESOLVED),
        ("Resolved: Slow API", "Slow API", State.RESOLVED),
        ("Investigating - Slow API", "Slow API", State.INVESTIGATING),
        ("Slow API - Resolved", "Slow API", State.RESOLVED),
        ("Slow API (monitoring)", "Slow API", State.MONITORING),
        ("[Behoben] Langsam", "Langsam", State.RESOLVED),
        ("【復旧済み】接続障害", "接続障害", State.RESOLVED),
        ("API is down", "API", State.INVESTIGATING),
        ("API is back up", "API", State.RESOLVED),
        ("[Update] Slow API", "Slow API", None),
        ("EU-West: slow", "EU-West: slow", None),
        ("Resolved", "Resolved", State.RESOLVED),
        ("Incident resolved: Slow API", "Slow API", State.RESOLVED),
        ("Online: checkout fails", "Online: checkout fails", None),
        ("Checkout - Online", "Checkout", State.RESOLVED),
        ("Partially resolved: Slow API", "Partially resolved: Slow API", None),
        ("Well-known issue", "Well-known issue", None),
    ],
)
def test_states_in_titles(title, rest, state):
    assert titled(title) == (rest, state)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("This incident has been resolved.", State.RESOLVED),
        ("Everything is fine. All systems are operational.", State.RESOLVED),
        ("Die Störung ist behoben.", State.RESOLVED),
        ("We will update you when this has been resolved.", State.UNKNOWN),
        ("The issue is not resolved.", State.UNKNOWN),
        ("Some services have been restored.", State.UNKNOWN),
        ("The cause has been fixed and we are monitoring.", State.UNKNOWN),
        ("We work to resolve it.", State.UNKNOWN),
        ("We expect it is resolved by 5 pm.", State.UNKNOWN),
        ("We hope that all of it has been fixed.", State.UNKNOWN),
        ("It was resolved yesterday. It has come back today.", State.UNKNOWN),
        ("This has been resolved. All of it has returned to normal.", State.RESOLVED),
        ("", State.UNKNOWN),
    ],
)
def test_states_in_plain_words(text, state):
    assert state_in(text) is state


def told_of(text, title="Slow API", minute=0.0):
    (incident,) = snapshot(rss(item(title, text, minute, f"{ROOT}/i/1"))).incidents
    return incident


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        ("Resolved - All is well.", State.RESOLVED, "All is well."),
        ("RESOLVED: All is well.", State.RESOLVED, "All is well."),
        ("<p>Resolved – All is well.</p>", State.RESOLVED, "All is well."),
        ("[Resolved] All is well.", State.RESOLVED, "All is well."),
        ("Resolved. All is well.", State.RESOLVED, "All is well."),
        ("Status: Resolved. All is well.", State.RESOLVED, "All is well."),
        ("Status: Resolved", State.RESOLVED, ""),
        ("<p>Status: Resolved<br>All is well.</p>", State.RESOLVED, "All is well."),
        ("Current status - Operational", State.RESOLVED, ""),
        ("Incident resolved: All is well.", State.RESOLVED, "All is well."),
        ("Mar 1, 12:30 UTC - Resolved - All is well.", State.RESOLVED, "All is well."),
        ("<p>Mar 1, 12:30 UTC<br>Resolved - All is well.</p>", State.RESOLVED, "All is well."),
        ("[2026-03-01 12:30 UTC] RESOLVED: All is well.", State.RESOLVED, "All is well."),
        ("Resolved (12:30 UTC): All is well.", State.RESOLVED, "All is well."),
        ("RESOLVED 12:30 UTC - All is well.", State.RESOLVED, "All is well."),
        ("Update: Resolved - All is well.", State.RESOLVED, "All is well."),
        ("Update 3: This incident has been resolved.", State.RESOLVED, "This incident has been resolved."),
        ("Status: Online", State.RESOLVED, ""),
        ("Resolved- All is well.", State.RESOLVED, "All is well."),
        ("Resolved -All is well.", State.RESOLVED, "All is well."),
        ("RESOLVED:All is well.", State.RESOLVED, "All is well."),
        (
            "This incident is now resolved. All is well.",
            State.RESOLVED,
            "This incident is now resolved. All is well.",
        ),
        ("Behoben - Alles ist gut.", State.RESOLVED, "Alles ist gut."),
        ("Investigating - We look.", State.INVESTIGATING, "We look."),
        ("MONITORING: It has been fixed.", State.MONITORING, "It has been fixed."),
        ("Status: Identified. We know.", State.IDENTIFIED, "We know."),
        ("Update: We look still.", State.INVESTIGATING, "We look still."),
        ("Update: We will tell once it is resolved.", State.INVESTIGATING, "We will tell once it is resolved."),
        ("Scheduled - Soon.", State.SCHEDULED, "Soon."),
        ("Completed: It is done.", State.COMPLETED, "It is done."),
    ],
)
def test_a_state_in_plain_words_before_an_update_is_understood(text, state, words):
    incident = told_of(text)
    assert (incident.state, incident.latest.text) == (state, words)


@pytest.mark.parametrize(
    "text",
    [
        "Partially resolved - Europe still waits.",
        "This incident has been resolved. We continue to monitor it.",
        "This incident has been resolved - but we continue to monitor it.",
        "Status: Blorbed",
        "Online: checkout fails for all.",
        "Up - and down again.",
        "Started: 12:00 UTC\nEnded: not yet known",
        "Status: Resolved, monitoring",
        "Status: Resolved / Monitoring",
        "Resolved in Europe, the others still wait.",
        "Status: Not resolved",
        "Status: Blorbed. This has been resolved.",
        "<strong>Status: Blorbed</strong> - This has been resolved.",
        "12:40 UTC - Blorbed - New errors.\n12:30 UTC - Resolved - All is well.",
        "<p><strong>Blorbed</strong> - New errors.</p><p><strong>Resolved</strong> - All is well.</p>",
        "<p><small>Mar 1, 12:40 UTC</small><br><strong>Blorbed</strong> - New errors.</p>"
        "<p><small>Mar 1, 12:30 UTC</small><br><strong>Resolved</strong> - All is well.</p>",
        "Update: New errors.\nResolved: All is well.\nInvestigating: We look.",
        "Monitoring - It came back.\nResolved - All is well.\nInvestigating - We look.",
        "12:40 UTC - Errors are back.\n12:30 UTC - This has been resolved.\n12:10 UTC - We see errors.",
        "Identified - 12:00 we saw errors\n12:30 UTC all services have been restored",
    ],
)
def test_where_the_newest_word_is_not_understood_it_stays_open(text):
    assert told_of(text).is_open
    assert told_of(text, "[Update] Slow API").is_open


@pytest.mark.parametrize("form", ["{} - {}", "{}: {}", "[{}] {}", "<b>{}</b> - {}", "Status: {}. {}", "{}. {}"])
@pytest.mark.parametrize("oldest_first", [False, True])
def test_the_newest_of_many_updates_counts_wherever_it_stands(form, oldest_first):
    told = [("Resolved", "All is well."), ("Update", "It is better."), ("Investigating", "We look.")]
    lines = [form.format(*each) for each in (reversed(told) if oldest_first else told)]
    incident = told_of("".join(f"<p>{line}</p>" for line in lines))
    assert [each.state for each in incident.updates] == [State.INVESTIGATING, State.INVESTIGATING, State.RESOLVED]
    assert [each.text for each in incident.updates] == ["We look.", "It is better.", "All is well."]
    assert told_of("\n".join(lines)).state is State.RESOLVED
    still = told_of("".join(f"<p>{line}</p>" for line in (lines[:-1] if oldest_first else lines[1:])))
    assert still.is_open


def test_updates_in_plain_words_have_the_times_that_stand_before_them():
    incident = told_of(
        "Mar 1, 04:40 PST - RESOLVED: All is well.\nMar 1, 04:10 PST - UPDATE: Still.\nMar 1, 04:05 PST - We see errors.",
        minute=40,
    )
    assert [each.at for each in incident.updates] == [at(5), at(10), at(40)]
    assert (incident.started_at, incident.resolved_at) == (at(5), at(40))


def test_a_title_and_a_text_that_contradict_each_other():
    assert told_of("Resolved - All is well.", "Investigating: Slow API").state is State.RESOLVED
    assert told_of("Investigating - We look.", "[Resolved] Slow API").state is State.RESOLVED
    reopened = "<p>Investigating - It is back.</p><p>Resolved - All is well.</p><p>Investigating - We look.</p>"
    assert told_of(reopened, "[Resolved] Slow API").is_open


def test_what_comes_after_the_end_opens_it_again_unless_it_looks_back():
    page = Feed()
    link = f"{ROOT}/i/1"
    over = item("Slow API", "Resolved - All is well.", 5, link, "a")
    page.tells()
    assert page.tells(over, item("Slow API", "Investigating - We look.", 0, link, "b")) == ["opened", "resolved"]
    looks_back = item("Slow API", "Update: The root cause was a cable.", 20, link, "c")
    page.tells(looks_back, over)
    assert page.is_green
    page.tells(item("Slow API", "Errors are back.", 30, link, "d"), looks_back, over)
    assert not page.is_green


def test_words_that_told_of_an_end_and_no_longer_do_open_it_again():
    page = Feed()
    link = f"{ROOT}/i/1"
    page.tells()
    page.tells(item("Slow API", "This incident has been resolved.", 5, link))
    assert page.is_green
    page.tells(item("Slow API", "Errors are back.", 9, link))
    assert not page.is_green


def test_a_feed_that_kept_what_was_over_and_is_empty_all_at_once_tells_nothing():
    page = Feed()
    link = f"{ROOT}/i/1"
    old = item("[Resolved] Old", "Well.", -500, f"{ROOT}/i/0")
    assert page.tells(item("Slow API", "Identified - We know.", 0, link), old) == ["opened"]
    assert page.poll(3) == []
    page.tells(minute=5)
    page.tells(minute=6)
    page.tells(minute=7)
    assert [each.name for each in page.view.open_incidents] == ["Slow API"]
    assert not page.is_green


def test_an_entry_for_each_update_is_one_incident():
    page = Feed()
    link = f"{ROOT}/incidents/7"
    first = item("Slow API", "<b>Status: Investigating</b> We look.", 0, f"{link}#1", "a")
    page.tells()
    assert page.tells(first) == ["opened"]
    second = item("Slow API", "<b>Status: Identified</b> We know.", 5, f"{link}#2", "b")
    third = item("Slow API", "<b>Status: Resolved</b> All is well.", 9, f"{link}#3", "c")
    assert page.tells(third, second, first) == ["updated", "resolved"]
    assert page.is_green
    assert [event.update.text for event in page.events] == ["We look.", "We know.", "All is well."]
    assert len({event.incident.id for event in page.events}) == 1
    assert page.tells(third, second) == []


def test_where_all_links_lead_to_the_page_titles_tell_incidents_apart():
    page = Feed()
    page.tells()
    down = item("Investigating: Mail", "We look.", 0, guid="1")
    other = item("Investigating: Web", "We look, too.", 1, guid="2")
    assert page.tells(other, down) == ["opened", "opened"]
    assert page.tells(item("Resolved: Mail", "Well.", 7, guid="3"), other, down) == ["resolved"]
    assert [each.name for each in page.view.open_incidents] == ["Web"]


def test_an_incident_without_any_state_is_open_until_the_feed_goes_on_without_it():
    page = Feed()
    entry = item("Errors in West US", "<p>Customers may see errors.</p>", 0, guid="errors-in-west-us")
    assert page.tells(entry, minute=2) == ["opened"]
    assert page.view.impact is Impact.NOTICE
    assert page.tells(entry, minute=60) == []
    assert page.view.open_incidents
    later = item("Errors in East US", "<p>They see more errors.</p>", 4 * 1440, guid="errors-in-east-us")
    assert page.tells(later, entry, minute=4 * 1440) == ["resolved", "opened"]
    assert page.tells(minute=4 * 1440 + 60) == []
    assert page.tells(minute=4 * 1440 + 61) == ["resolved"]
    assert page.is_green


def test_what_newer_ones_pushed_out_of_the_feed_stays_open():
    page = Feed()
    page.tells()
    assert page.tells(item("[Investigating] Slow", "We look.", 1, f"{ROOT}/i/1")) == ["opened"]
    later = [item(f"[Resolved] No {n}", "Well.", 10 + n, f"{ROOT}/i/{n}") for n in range(9, 2, -1)]
    page.tells(*later)
    assert page.tells(*later, minute=30) == []
    assert [each.name for each in page.view.open_incidents] == ["Slow"]


def test_an_incident_that_is_deleted_is_over():
    page = Feed()
    old = item("[Resolved] Old", "Well.", -500, f"{ROOT}/i/0")
    page.tells(old)
    assert page.tells(item("[Investigating] Oops", "We look.", 1, f"{ROOT}/i/1"), old) == ["opened"]
    told = page.tells(old)
    assert told + page.tells(old, minute=9) == ["resolved"]


def test_times_that_are_stamped_anew_are_no_news():
    page = Feed()
    link = f"{ROOT}/i/1"
    page.tells(item("[Resolved] A", "Well.", 0, link), item("[Monitoring] B", "We watch.", 0, f"{ROOT}/i/2"))
    for minute in (5, 60, 3000):
        assert page.tells(
            item("[Resolved] A", "Well.", minute, link), item("[Monitoring] B", "We watch.", minute, f"{ROOT}/i/2")
        ) == []  # fmt: skip


def test_times_in_the_pages_own_zone():
    text = (
        "<p><small>Dec 31, 18:40 PST</small><br><strong>Resolved</strong> - Well.</p>"
        "<p><small>Dec 31, 17:55 PST</small><br><strong>Update</strong> - Still.</p>"
        "<p><small>Dec 31, 17:05 PST</small><br><strong>Identified</strong> - We know.</p>"
    )
    entry = item("Slow", text, link=f"{ROOT}/i/1", pubDate="Thu, 01 Jan 2026 02:40:13 +0000")
    (incident,) = snapshot(rss(entry)).incidents
    assert [each.at for each in incident.updates] == [
        datetime(2026, 1, 1, hour, minute, tzinfo=timezone.utc) for hour, minute in ((1, 5), (1, 55), (2, 40))
    ]
    assert [each.state for each in incident.updates] == [State.IDENTIFIED, State.IDENTIFIED, State.RESOLVED]
    assert incident.resolved_at == datetime(2026, 1, 1, 2, 40, tzinfo=timezone.utc)


def test_maintenance_is_known_by_its_words():
    due = "<p><strong>THIS IS A SCHEDULED EVENT Mar 3, 08:00 - Mar 4, 09:30 UTC</strong></p>"
    told = "<p><small>Mar 1, 11:00 UTC</small><br><strong>Scheduled</strong> - Soon.</p>"
    planned = item("New cables", due + told, link=f"{ROOT}/i/1", pubDate="Tue, 03 Mar 2026 08:00:00 +0000")
    named = item("Scheduled maintenance of the EU cluster", "We shall be brief.", 5, f"{ROOT}/i/2")
    over = item("[Completed] Wartung", "Fertig.", 6, f"{ROOT}/i/3")
    by_name = {each.name: each for each in snapshot(rss(planned, named, over)).incidents}
    assert {each.kind for each in by_name.values()} == {Kind.MAINTENANCE}
    cables = by_name["New cables"]
    assert (cables.state, cables.scheduled_for, cables.scheduled_until) == (
        State.SCHEDULED,
        datetime(2026, 3, 3, 8, tzinfo=timezone.utc),
        datetime(2026, 3, 4, 9, 30, tzinfo=timezone.utc),
    )
    assert by_name["Scheduled maintenance of the EU cluster"].state is State.SCHEDULED
    assert by_name["Wartung"].state is State.COMPLETED


def test_what_is_affected_and_how_badly_is_told_where_the_feed_names_it():
    text = (
        "<b>Status: Identified</b><br/><br/>We know.<br/><br/><b>Affected components</b>"
        "<ul><li>Search (Degraded performance)</li><li>Login (Full outage)</li></ul>"
    )
    (incident,) = snapshot(rss(item("Trouble", text, 0, f"{ROOT}//incidents/01ABC"))).incidents
    assert (incident.id, incident.impact, incident.components) == (
        "incidents/01ABC", Impact.CRITICAL, ("Search", "Login"),
    )  # fmt: skip
    assert incident.latest.text == "We know."
    odd = snapshot(rss(item("Trouble", text.replace("Full outage", "On fire"), 0, f"{ROOT}/i/1")))
    assert odd.oddities == ("unknown component state “on fire”",)


def test_old_incidents_that_nobody_closed_are_over_at_the_first_reading():
    forgotten = item("[Investigating] Ages ago", "We look.", -200 * 1440, f"{ROOT}/i/1")
    page = Feed()
    assert page.tells(item("[Resolved] New", "Well.", 0, f"{ROOT}/i/2"), forgotten) == []
    assert page.is_green


def test_a_feed_of_thousands_is_read_from_both_ends_in_time():
    items = [item(f"[Resolved] No {n}", "Well. " * 200, -n, f"{ROOT}/i/{n}") for n in range(15_000)]
    items.append(item("[Investigating] Oldest first", "We look.", 5, f"{ROOT}/i/now"))
    body = rss(*items)
    assert len(body) > 19_000_000
    began = time.monotonic()
    feed = _parsed(body)
    assert feed is not None
    assert 100 < len(feed.entries) < 300
    (open_one,) = [each for each in snapshot(body).incidents if each.is_open]
    assert open_one.name == "Oldest first"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "text",
    ["Update: " * 20_000, "Resolved - x. " * 10_000, "<b>Status: x</b>" * 10_000, "12:30 " * 30_000, "[" * 100_000,
     "Resolved - x\n" * 10_000, "Mar 1, 12:00 UTC\n" * 10_000, "a " * 50_000 + ":"],
)  # fmt: skip
def test_hostile_words_take_no_longer_than_their_length(text):
    began = time.process_time()
    told_of(text)
    assert time.process_time() - began < 2


def test_a_bomb_of_entities_does_no_harm():
    bomb = b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 300 + b'"><!ENTITY c "' + b"&b;" * 300 + b'">]>'
    body = rss(item("[Resolved] &c;", link=f"{ROOT}/i/1")).replace(b"?><rss", b"?>" + bomb + b"<rss")
    told = snapshot(body.replace(b"&amp;c;", b"&c;"))
    assert all(len(each.name) <= 300 for each in told.incidents)


def test_a_feed_in_utf_16_is_read():
    text = rss(item("[Investigating] Slow", "We look.", 0, f"{ROOT}/i/1")).decode().replace("utf-8", "utf-16")
    assert mine(text.encode("utf-16"))
    (incident,) = snapshot(text.encode("utf-16")).incidents
    assert incident.name == "Slow"


def test_updates_that_name_no_state_stand_where_the_one_before_stood():
    html = "".join(
        f"<p><small>Mar 1, 12:{30 - n:02} UTC</small><br><strong>Update</strong> - No {n}.</p>" for n in range(3)
    )
    (incident,) = snapshot(rss(item("Slow", html, 31, f"{ROOT}/i/1"))).incidents
    assert [each.text for each in incident.updates] == ["No 2.", "No 1.", "No 0."]
    assert incident.state is State.INVESTIGATING
    assert incident.started_at == at(28)
    assert incident.updates[-1].at - incident.started_at == timedelta(minutes=2)


@pytest.mark.parametrize("name", ["instatus", "betterstack", "cstate"])
def test_a_platform_that_has_more_to_tell_comes_before_its_own_feed(name):
    page = VendorPage(DIALECTS[name]).says()
    link = b'<link rel="alternate" type="application/rss+xml" href="/x.rss">'
    page.documents = {"": link, "/x.rss": rss(), "/feed.rss": rss(), **page.documents}
    page.poll()
    assert page.platform == name
