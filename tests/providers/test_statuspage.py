"""The v2 provider, through a whole poll: real host, real fetcher, real log."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import loopback
from tests.loopback import INCIDENTS, NATIVE, SUMMARY, UNRESOLVED, Raw, StatusHost, incident, update
from tests.watching import Watch, watching
from tray_status.core.model import Impact, Reading, Snapshot
from tray_status.core.view import look
from tray_status.errors import NotThisPlatform
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.statuspage import StatuspageProvider

OPEN = incident("inc1", update("u1"), update("u2", "identified", "Found it.", at="2026-03-01T12:30:00Z"))
CLOSED = incident("inc0", update("v1"), update("v2", "resolved", "Over.", at="2026-03-01T13:00:00Z"))
PROXY = "/proxy/status.acme.example"


def test_a_statuspage_is_read_with_its_open_incident_and_its_history():
    with watching(loopback.statuspage(OPEN, CLOSED, indicator="minor")) as watch:
        assert watch.kinds() == ["opened"]
        event = watch.events[0]
        assert event.incident.components == ("API",)
        assert event.incident.url == "https://stspg.io/inc1"
        assert event.update.text == "Found it."
        assert (watch.state.platform, watch.state.tracked) == ("statuspage", 2)
        assert watch.impact is Impact.MINOR
        assert watch.state.page.name == "Acme"


def test_a_quiet_poll_is_one_conditional_request():
    with watching(loopback.statuspage(CLOSED)) as watch:
        watch.host.asked.clear()
        watch.poll()
        assert [each.path for each in watch.host.asked] == [SUMMARY]
        assert "If-None-Match" in watch.host.asked[0].headers


def test_an_incident_hidden_behind_a_green_indicator_is_not_green():
    with watching(loopback.statuspage(incident("inc1", update("u1"), impact="none"), indicator="none")) as watch:
        assert watch.impact is Impact.NOTICE


def test_an_open_incident_that_leaves_the_summary_is_asked_after_and_what_history_says_is_believed():
    with watching(loopback.statuspage(OPEN)) as watch:
        resolved = incident("inc1", update("u1"), update("u3", "resolved", "Done.", at="2026-03-01T14:00:00Z"))
        watch.host.documents.update(loopback.statuspage(resolved))
        assert watch.poll() == ["resolved"]
        assert watch.impact is Impact.NONE


def test_an_open_incident_that_leaves_every_list_stays_open_for_one_reading():
    with watching(loopback.statuspage(OPEN)) as watch:
        watch.host.documents.update(loopback.statuspage())
        assert watch.poll() == []
        assert len(watch.state.open_incidents) == 1
        assert watch.poll() == ["resolved"]
        assert watch.poll() == []


def test_an_open_incident_is_not_given_up_while_the_history_cannot_be_read():
    with watching(loopback.statuspage(OPEN)) as watch:
        watch.host.documents.update(loopback.statuspage())
        watch.host.documents[INCIDENTS] = Raw(500)
        for _ in range(4):
            assert watch.poll() == []
        assert len(watch.state.open_incidents) == 1


def test_history_is_read_again_every_few_polls_for_what_is_posted_after_the_fact():
    with watching(loopback.statuspage()) as watch:
        watch.host.documents[INCIDENTS]["incidents"] = [CLOSED]
        kinds = [kind for _ in range(5) for kind in watch.poll()]
        assert kinds == ["opened", "resolved"]


@pytest.mark.parametrize("paths", [(SUMMARY,), (INCIDENTS,), (SUMMARY, INCIDENTS)])
def test_any_one_list_is_enough(paths):
    documents = {path: loopback.statuspage(OPEN)[path] for path in paths}
    with watching(documents) as watch:
        assert watch.kinds() == ["opened"]
        watch.host.documents = {path: loopback.statuspage(OPEN, incident("i2", update("w1")))[path] for path in paths}
        assert watch.poll() == ["opened"]


def test_the_unresolved_list_stands_in_for_a_missing_summary():
    with watching({UNRESOLVED: {"page": loopback.page(), "incidents": [OPEN]}}) as watch:
        assert watch.kinds() == ["opened"]


def test_components_with_groups_count_once_and_colour_the_page():
    rows = [
        {"id": "g1", "name": "Europe", "status": "major_outage", "group": True, "group_id": None},
        loopback.component("API", "partial_outage", group_id="g1"),
    ]
    with watching(loopback.statuspage(components=rows)) as watch:
        assert [(each.name, each.group, each.impact) for each in watch.state.components] == [
            ("API", "Europe", Impact.MAJOR)
        ]
        assert watch.impact is Impact.MAJOR


def test_words_never_seen_are_unknown_and_never_green():
    with watching(loopback.statuspage(indicator="wobbly")) as watch:
        assert watch.impact is Impact.UNKNOWN
    with watching(loopback.statuspage(components=[loopback.component("API", "haunted")])) as watch:
        assert watch.impact is Impact.UNKNOWN
    with watching(loopback.statuspage(incident("i", update("u", "pondering"), impact="odd"))) as watch:
        assert watch.impact is Impact.UNKNOWN
        assert watch.state.open_incidents[0].word == "pondering"


def test_a_maintenance_that_leaves_the_summary_is_looked_up():
    planned = incident("m1", update("s1", "scheduled"), impact="maintenance", scheduled_for="2026-03-02T00:00:00Z")
    with watching(loopback.statuspage(maintenances=[planned])) as watch:
        assert watch.kinds() == []
        begun = incident("m1", update("s1", "scheduled"), update("s2", "in_progress"), impact="maintenance")
        watch.host.documents.update(loopback.statuspage(maintenances=[begun]))
        assert watch.poll() == ["maintenance_started"]
        assert watch.impact is Impact.MAINTENANCE
        done = incident("m1", update("s1", "scheduled"), update("s3", "completed"), impact="maintenance")
        watch.host.documents.update(loopback.statuspage())
        watch.host.documents["/api/v2/scheduled-maintenances.json"] = {"scheduled_maintenances": [done]}
        assert watch.poll() == ["maintenance_ended"]
        assert watch.impact is Impact.NONE


# --- incident.io ----------------------------------------------------------------------------------------------


def test_the_imitation_alone_gives_a_page():
    with watching(loopback.imitation(OPEN, CLOSED, indicator="minor")) as watch:
        assert watch.state.platform == "incident.io"
        assert watch.kinds() == ["opened"]
        assert watch.events[0].incident.url == "https://status.acme.example/incidents/inc1"
        assert watch.state.tracked == 2


def test_a_quiet_summary_that_does_not_tell_of_incidents_is_not_green_by_itself():
    documents = {SUMMARY: loopback.imitation()[SUMMARY]}
    assert "incidents" not in documents[SUMMARY]
    with watching(documents) as watch:
        assert watch.state.reading is Reading.BROKEN
        assert watch.impact is Impact.UNKNOWN


def test_the_native_summary_tells_that_nothing_is_open():
    documents = {
        SUMMARY: loopback.imitation()[SUMMARY],
        NATIVE: {"page_title": "Acme", "page_url": "https://x.example"},
    }
    with watching(documents) as watch:
        assert watch.impact is Impact.NONE
        watch.host.asked.clear()
        watch.poll()
        assert [each.path for each in watch.host.asked] == [NATIVE]


def widget(**more):
    return {
        "id": "inc1",
        "name": "Elevated errors",
        "status": "identified",
        "url": "https://status.acme.example//incidents/inc1",
        "last_update_at": "2026-03-01T12:30:00.123Z",
        "last_update_message": "<p>Found it.</p>",
        "current_worst_impact": "full_outage",
        "affected_components": [{"id": "c1", "name": "Chat", "group_name": "Apps", "current_status": "full_outage"}],
        **more,
    }


def native(*incidents):
    return {"page_title": "Acme", "page_url": "https://status.acme.example", "ongoing_incidents": list(incidents)}


def test_products_and_impact_come_from_the_native_summary_and_words_from_the_imitation():
    with watching({**loopback.imitation(OPEN), NATIVE: native(widget())}, etags=False) as watch:
        told = watch.events[0]
        assert told.incident.components == ("Chat",)
        assert told.incident.shown_impact is Impact.CRITICAL
        assert (told.update.id, told.update.text) == ("u2", "Found it.")
        assert watch.poll() == []


def test_the_native_summary_alone_tells_words_and_products_and_the_imitation_repeats_nothing():
    with watching({NATIVE: native(widget())}, etags=False) as watch:
        assert watch.kinds() == ["opened"]
        assert watch.events[0].update.text == "Found it."
        watch.host.documents.update(loopback.imitation(OPEN))
        watch.forget_what_is_absent()
        assert [kind for _ in range(3) for kind in watch.poll()] == ["updated"]  # u1, which nobody had told
        assert watch.events[-1].update.id == "u1"


def proxied(*updates):
    return {
        "incident": {
            "id": "inc1",
            "name": "Elevated errors",
            "status": "identified",
            "published_at": "2026-03-01T12:00:00Z",
            "affected_components": [{"component_id": "c1", "status": "partial_outage"}],
            "updates": list(updates),
        }
    }


def test_empty_words_and_bare_ids_are_filled_in_from_the_pages_own_documents():
    silent = incident("inc1", update("u1", body=""), update("u2", "identified", "", at="2026-03-01T12:30:00Z"))
    own = {
        PROXY: {"summary": {"components": [{"id": "c1", "name": "Chat"}], "structure": {"items": []}}},
        f"{PROXY}/incidents/inc1": proxied(
            {
                "id": "u1",
                "to_status": "investigating",
                "message_string": "Looking.",
                "published_at": "2026-03-01T12:00:00Z",
            },
            {
                "id": "u2",
                "to_status": "identified",
                "message_string": "Found.",
                "published_at": "2026-03-01T12:30:00Z",
            },
        ),
    }
    with watching({**loopback.imitation(silent), NATIVE: native(), **own}, etags=False) as watch:
        told = watch.events[0]
        assert told.incident.components == ("Chat",)
        assert told.update.text == "Found."
        assert [each.text for each in watch.state.open_incidents[0].updates] == ["Looking.", "Found."]


FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>https://status.acme.example/</id><title>Acme</title>
<updated>2026-03-01T12:31:00Z</updated>
<entry><title type="html"><![CDATA[Elevated errors]]></title>
<id>https://status.acme.example//incidents/inc1</id><link href="https://status.acme.example//incidents/inc1"/>
<updated>2026-03-01T12:30:00Z</updated>
<content type="html"><![CDATA[<b>Status: Resolvido</b><br/><br/>Words of the feed.<br/><br/><b>Affected components</b>
<ul><li>Chat (Degraded performance)</li><li>Chat (Degraded performance)</li><li>Search (Operational)</li></ul>]]></content>
</entry></feed>"""


def test_the_feed_is_the_last_source_of_words_and_products():
    silent = incident("inc1", update("u1", body=""))
    feed = {"/feed.atom": Raw(200, FEED.encode(), {"Content-Type": "application/atom+xml"})}
    with watching({**loopback.imitation(silent), **feed}, etags=False) as watch:
        told = watch.events[0]
        assert told.incident.components == ("Chat", "Search")
        assert told.update.text == "Words of the feed."
        assert told.incident.is_open  # the feed's word for a state is in the page's own language


def test_two_documents_that_word_one_update_differently_make_no_edit():
    own = {
        f"{PROXY}/incidents/inc1": proxied(
            {
                "id": "u2",
                "to_status": "identified",
                "message_string": "found it",
                "published_at": "2026-03-01T12:30:00Z",
            }
        )
    }
    with watching({**loopback.imitation(OPEN), NATIVE: native(widget()), **own}, etags=False) as watch:
        assert watch.poll() == []
        watch.host.documents.pop(f"{PROXY}/incidents/inc1")
        watch.host.documents[NATIVE] = native(widget(current_worst_impact="partial_outage"))
        assert watch.poll() == []


# --- what is no status page -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "reading", "words"),
    [
        (Raw(200, b"<!DOCTYPE html><html>hello</html>"), Reading.BROKEN, "web page"),
        (Raw(200, b""), Reading.BROKEN, "empty answer"),
        (Raw(200, b'{"page": {"id": "x", '), Reading.BROKEN, "not valid JSON"),
        (Raw(200, b"[" * 200_000), Reading.BROKEN, "nested too deeply"),
        (Raw(200, b"[1, 2]"), Reading.BROKEN, "not a status page"),
        (Raw(200, b"null"), Reading.BROKEN, "not a status page"),
        (Raw(200, b'{"hello": "world"}'), Reading.BROKEN, "not a status page"),
        (Raw(200, b'{"page": {"name": "x", "status": "UP"}}'), Reading.BROKEN, "Instatus"),
        (Raw(404), Reading.BROKEN, "none of the documents"),
        (Raw(401), Reading.BLOCKED, "login"),
        (Raw(403, b"<html>Just a moment...</html>"), Reading.BLOCKED, "refuses"),
        (Raw(429, headers={"Retry-After": "7"}), Reading.UNREACHABLE, "too often"),
        (Raw(503), Reading.UNREACHABLE, "trouble of its own"),
    ],
)
def test_what_is_no_status_page_is_said_in_words_and_never_green(answer, reading, words):
    everything = dict.fromkeys((SUMMARY, INCIDENTS, UNRESOLVED, NATIVE), answer)
    with watching(everything) as watch:
        assert watch.state.reading is reading
        assert words in watch.state.problem.text
        assert watch.kinds() == ["page_unreadable"]
        assert watch.impact is Impact.UNKNOWN
        watch.host.documents = loopback.statuspage()
        assert watch.poll() == ["page_readable"]
        assert watch.impact is Impact.NONE


@pytest.mark.parametrize("platform", ["statuspage", "incident.io"])
def test_a_page_that_stops_telling_what_is_open_is_no_longer_green(platform):
    documents = loopback.statuspage() if platform == "statuspage" else loopback.imitation(CLOSED)
    with watching(documents) as watch:
        watch.poll()
        assert (watch.state.platform, watch.impact) == (platform, Impact.NONE)
        summary = dict(watch.host.documents[SUMMARY])
        summary.pop("incidents", None)
        # Its indicator still says that all is well, as indicators do while an incident is open.
        watch.host.documents = {SUMMARY: {**summary, "moved": "to another place"}}
        for poll in range(6):
            watch.host.documents[SUMMARY]["poll"] = poll
            watch.forget_what_is_absent()
            watch.poll()
        assert watch.impact is Impact.UNKNOWN
        (row,) = look([watch.state], datetime.now(timezone.utc)).pages
        assert (row.reading, row.problem.text) == (
            Reading.BROKEN,
            "its answers do not tell which incidents are open",
        )
        watch.host.documents = documents
        watch.forget_what_is_absent()
        watch.poll()
        assert watch.impact is Impact.NONE


@pytest.mark.parametrize("answer", [Raw(503), Raw(404)])
def test_one_document_that_fails_for_a_poll_makes_no_page_grey(answer):
    documents = loopback.imitation(CLOSED)
    with watching(documents) as watch:
        watch.host.documents = {**documents, INCIDENTS: Raw(503), NATIVE: answer}
        watch.host.documents[SUMMARY] = {**documents[SUMMARY], "stirred": True}
        watch.poll()
        assert watch.impact is Impact.NONE


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
FIELDS = ("id", "name", "status", "impact", "incidents", "components", "page", "incident_updates", "indicator", "body",
          "display_at", "time_zone", "updates", "ongoing_incidents", "affected_components", "scheduled_maintenances")  # fmt: skip
likely = st.recursive(
    st.sampled_from(
        [None, "", "x", "major", "resolved", 7, -1.5, True, "2026-03-01T12:00:00Z", "9999-12-31T23:59:59Z"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=40,
)
PATHS = (SUMMARY, INCIDENTS, UNRESOLVED, NATIVE, "/api/v2/components.json", "/proxy/localhost", "/feed.atom",
         "/proxy/localhost/incidents/x")  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(PATHS), json_values | likely, min_size=1),
    st.sampled_from([None, "statuspage", "incident.io"]),
)
def test_no_json_at_all_makes_the_provider_raise_anything_else(values, platform):
    told = {path: Document(Told.FRESH, json.dumps(value).encode()) for path, value in values.items()}
    provider, situation = StatuspageProvider(), Situation(platform=platform)
    assert isinstance(provider.wants(situation, told), tuple)
    try:
        snapshot = provider.read(situation, told)
    except NotThisPlatform:
        return
    assert isinstance(snapshot, Snapshot)


@pytest.mark.parametrize(
    "at", ["2026-03-01T12:00:00", "9999-12-31T23:59:59Z", "yesterday", None, 12, "0001-01-01T00:00:00Z"]
)
def test_odd_times_never_hurt(at):
    odd = incident("inc1", update("u1", at="2026-03-01T12:00:00Z", display_at=at))
    with watching(loopback.statuspage(odd)) as watch:
        assert watch.events[0].at == datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


def test_five_thousand_open_incidents_are_read():
    many = [incident(f"i{n}", update(f"u{n}")) for n in range(5000)]
    with watching({SUMMARY: loopback.statuspage(*many)[SUMMARY]}) as watch:
        assert len(watch.events) == len(watch.state.open_incidents) == 5000
        assert watch.poll() == []


def test_incidents_and_updates_without_ids_are_told_once():
    bare = incident("", update("", body="One."), name="No id")
    with watching(loopback.statuspage(bare)) as watch:
        assert watch.kinds() == ["opened"]
        watch.forget_validators()
        assert watch.poll() == []


def test_escapes_and_markup_in_every_field_are_gone():
    bad = "\x1b[31mred\x1b[0m\u202e<script>x</script>"
    hostile = incident(
        "i1", update("u1", bad, bad), name=bad, impact=bad, components=(bad,), shortlink="javascript:1"
    )
    with watching(loopback.statuspage(hostile, page=loopback.page(bad))) as watch:
        shown = repr(watch.events[0]) + repr(watch.state)
        assert "\\x1b" not in shown
        assert "\\u202e" not in shown
        assert "script" not in shown


def test_a_page_that_fails_once_is_no_news_and_twice_is():
    with watching(loopback.statuspage()) as watch:
        watch.host.silent = True
        assert watch.poll() == []
        assert watch.poll() == ["page_unreadable"]
        assert watch.poll() == []
        assert watch.state.reading is Reading.UNREACHABLE
        assert watch.impact is Impact.UNKNOWN
        watch.host.silent = False
        assert watch.poll() == ["page_readable"]


def test_a_restart_repeats_nothing_and_tells_what_happened_meanwhile(tmp_path):
    with StatusHost(loopback.statuspage(OPEN)) as host:
        first = Watch(host, tmp_path / "db.sqlite3")
        assert first.poll() == ["opened"]
        first.close()
        again = Watch(host, tmp_path / "db.sqlite3")
        assert again.poll() == []
        again.close()
        third = update("u3", "resolved", "Over.", at="2026-03-01T15:00:00Z")
        host.documents.update(loopback.statuspage(incident("inc1", update("u1"), third)))
        later = Watch(host, tmp_path / "db.sqlite3")
        assert later.poll() == ["resolved"]
        assert later.events[-1].seq == 2
        later.close()
