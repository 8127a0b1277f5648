"""OpenAI's page, whose imitation of v2 hides words, products and sometimes whole incidents: its own documents tell."""

from __future__ import annotations

import pytest

from tests.loopback import NATIVE, SUMMARY, imitation, incident, update
from tests.watching import watching
from tray_status.core.model import Impact, Reading

from .program import run_once
from .recordings import (
    CLAUDE,
    COMPONENT_IMPACTS,
    OPERATIONAL,
    PROXY,
    SEPTEMBER,
    TWO_OPEN,
    all_incidents,
    assert_tells,
    decoded,
    feed_entries,
    moment,
    openai_native,
    page_impact,
    recorded,
    says,
    served,
    shown,
    timeline,
    worst,
)

FEED_ENTRIES = 9
DETAILS = 5


def test_openais_own_incidents_of_september_are_history_and_its_page_is_green():
    rows = decoded(SEPTEMBER)["incidents"]
    with watching(served(OPERATIONAL, SEPTEMBER)) as watch:
        known = all_incidents(watch)
        assert known.keys() == {row["id"] for row in rows}
        for row in rows:
            assert_tells(known[row["id"]], row)
            assert known[row["id"]].resolved_at == moment(row["resolved_at"])
        assert watch.kinds() == []
        assert watch.impact is Impact.NONE
        assert watch.state.platform == "incident.io"


def test_openais_own_summary_tells_what_its_green_imitation_hides():
    own, row = openai_native()
    with watching({**served(OPERATIONAL), **own}) as watch:
        component_names = {each["id"]: each["name"] for each in own[PROXY]["summary"]["components"]}
        updates = sorted(row["updates"], key=lambda each: moment(each["published_at"]))
        assert watch.kinds() == ["opened"]
        told = watch.events[0]
        assert told.incident.name == row["name"]
        assert told.incident.word == row["status"]
        assert set(told.incident.components) == {
            component_names[each["component_id"]] for each in row["affected_components"]
        }
        assert says(told.update.text, updates[-1]["message_string"])
        assert [each.text for each in watch.state.open_incidents[0].updates] == [
            each["message_string"] for each in updates
        ]
        assert watch.impact is Impact.MINOR, "some component was degraded"
        groups = {
            part["component_id"]: item["group"]["name"]
            for item in own[NATIVE]["structure"]["items"]
            for part in item["group"]["components"]
        }
        assert {each.id: each.group for each in watch.state.components} == {
            each["id"]: groups.get(each["id"]) for each in decoded(OPERATIONAL)["components"]
        }


@pytest.mark.parametrize("number", range(FEED_ENTRIES))
def test_openais_feed_gives_words_and_products_to_an_incident_whose_lists_have_none(number):
    entry = feed_entries()[number]
    silent = incident(entry.id, update("u1", body=""), name=entry.title)
    documents = {**imitation(silent), **served("openai/feed.atom.xml")}
    with watching(documents, etags=False) as watch:
        assert watch.kinds() == ["opened"]
        assert set(watch.events[0].incident.components) == set(entry.products)
        assert says(watch.events[0].update.text, entry.words)


@pytest.mark.parametrize("number", range(DETAILS))
def test_openais_own_document_of_an_incident_gives_words_products_and_impact(number):
    row = decoded("openai/proxy_incidents_trimmed.json")["incidents"][number]
    first = row["updates"][0]  # the recording keeps this one only; so it stood when that was posted
    row["status"] = first["to_status"]
    known = {
        each["id"]: each["name"] for each in decoded("openai/summary_native_from_html.json")["summary"]["components"]
    }
    silent = incident(
        row["id"],
        update("u1", first["to_status"], body="", at=first["published_at"]),
        name=row["name"],
        impact="none",
    )
    documents = imitation(silent)
    documents[SUMMARY]["page"]["url"] = "https://status.openai.com/"
    own = {**served("openai/summary_native_from_html.json"), f"{PROXY}/incidents/{row['id']}": {"incident": row}}
    with watching({**documents, **own}) as watch:
        told = watch.events[0].incident
        expected = {each["component_id"] for each in row["affected_components"]} & known.keys()
        assert set(told.components) == {known[each] for each in expected}
        assert told.shown_impact.value == worst(
            COMPONENT_IMPACTS[each["status"]] for each in row["component_impacts"]
        )
        assert first["message_string"] in [each.text for each in watch.state.open_incidents[0].updates]


@pytest.mark.parametrize("other", [CLAUDE, "slack/current.json", "heroku/current_status_incident.json"])
def test_what_is_told_survives_an_answer_of_another_kind_where_openais_own_summary_should_be(other):
    rows = decoded(TWO_OPEN)["incidents"]
    with watching({**served(TWO_OPEN, SEPTEMBER), NATIVE: recorded(other)}) as watch:
        assert {each.id for each in watch.state.open_incidents} == {row["id"] for row in rows}
        assert watch.state.reading is Reading.FRESH
        assert watch.impact.value == page_impact(decoded(TWO_OPEN))


# --- the program itself, as a person runs it ------------------------------------------------------------------


def test_the_console_lists_both_of_openais_open_incidents_and_counts_the_rest():
    summary, past = decoded(TWO_OPEN)["incidents"], decoded(SEPTEMBER)["incidents"]
    told = run_once(served(TWO_OPEN, SEPTEMBER))
    newest_last = sorted(summary, key=lambda row: moment(timeline(row)[-1]["display_at"]))
    assert [block["Incident"] for block in told.blocks] == [row["name"] for row in newest_last]
    for block, row in zip(told.blocks, newest_last, strict=True):
        last = timeline(row)[-1]
        assert block["at"] == f"{moment(last['display_at']):%Y-%m-%d %H:%M:%S}"
        assert block["Impact"] == f"{shown(row).capitalize()} | State: {row['status'].capitalize()}"
        assert says(block["Status"], last["body"])
        assert block["Product"] == "—", "the imitation names none"
    assert told.last_line == f"{len({row['id'] for row in summary + past})} incidents tracked on 1 page, 2 open."
    assert told.watched == "OpenAI"


def test_the_console_names_the_products_that_only_openais_own_summary_tells():
    own, row = openai_native()
    told = run_once({**served(OPERATIONAL), **own})
    assert [(block["Incident"], block["Product"]) for block in told.blocks] == [(row["name"], "Login")]
    assert says(told.blocks[0]["Status"], row["updates"][-1]["message_string"])


@pytest.mark.parametrize("missing", ["nothing", "native", "page", "incident"])
def test_without_the_imitation_products_and_the_pages_name_appear_whatever_one_document_is_missing(missing):
    own, row = openai_native()
    names = {each["id"]: each["name"] for each in own[PROXY]["summary"]["components"]}
    touched = {names[each["component_id"]] for each in row["affected_components"]}
    gone = {"native": NATIVE, "page": PROXY, "incident": f"{PROXY}/incidents/{row['id']}"}.get(missing)
    with watching({path: each for path, each in own.items() if path != gone}) as watch:
        if missing == "native":
            assert watch.impact is not Impact.NONE, "nothing tells what is open"
            return
        (opened,) = watch.events
        assert opened.incident.id == row["id"]
        assert opened.update.text
        assert watch.state.page.name == "OpenAI"
        assert touched <= set(opened.incident.components)
