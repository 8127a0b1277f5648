"""`show`, `incidents`, `wait`, `open`, `explain`, `prompt` and `status -v`, as people and scripts type them."""

from __future__ import annotations

import json

import pytest

from tests.loopback import StatusHost, component, incident, statuspage, update

from .running import Program, finished

PARTS = [component("API", "partial_outage"), component("Web")]
TROUBLE = incident("now", update("u1"), update("u2", "identified", "A cable."), impact="major", components=["API"])
OVER = incident("old", update("o1"), update("o2", "resolved", "All is well."), name="Lost mail", status="resolved")


@pytest.fixture
def host():
    with StatusHost(statuspage(TROUBLE, OVER, components=PARTS), etags=True) as serving:
        yield serving


@pytest.fixture
def home(tmp_path, host):
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text(f'poll_interval_seconds = 1\n[[pages]]\nname = "Acme"\nurl = "{host.url}"\n')
    return folder


@pytest.fixture
def read(home):
    assert finished("status").code == 0


def test_one_incident_is_shown_with_all_its_words(read):
    told = finished("show", "elevated", "errors")
    assert told.code == 0
    for words in (
        "Acme: Elevated errors",
        "Impact   : Major  |  State: Identified",
        "Product  : API",
        "A cable.",
        "Id       : now",
    ):
        assert words in told.out
    found = json.loads(finished("show", "NOW", "--json").out)
    assert [each["text"] for each in found["updates"]] == ["We look into it.", "A cable."]
    assert found["updates"][0]["earlier"] == []
    several = finished("show", "look into it")  # the open one counts more than the past
    assert (several.code, "Elevated errors" in several.out) == (0, True)
    nothing = finished("show", "qqq")
    assert (nothing.code, "“qqq” is no incident that is kept" in nothing.err) == (2, True)


def test_an_edit_is_shown_with_what_it_was_before(read, host):
    edited = {
        **TROUBLE,
        "incident_updates": [
            {**TROUBLE["incident_updates"][0], "body": "Two cables."},
            TROUBLE["incident_updates"][1],
        ],
    }
    host.documents.update(statuspage(edited, OVER, components=PARTS))
    assert finished("status").code == 0
    lines = [line.strip() for line in finished("show", "now").out.splitlines()]
    place = lines.index("Two cables.")
    assert lines[place + 1].startswith("(edited; as it was seen on ")
    assert lines[place + 2] == "A cable."


def test_incidents_are_listed_open_or_since(read):
    assert [line.split("  ")[-1] for line in finished("incidents").out.splitlines()] == ["now", "old"]
    assert finished("incidents", "--open", "--json").out.count('"id": "now"') == 1
    assert finished("incidents", "--page", "acme", "--since", "2020-01-01").code == 0


def test_status_in_detail_has_the_latest_words_and_all_parts(read):
    told = finished("status", "-v").out
    assert "A cable." in told
    assert "Major        API" in told
    assert "Operational  Web" in told
    assert "A cable." not in finished("status").out


def test_the_address_of_a_page_and_of_an_incident_is_told(read, host):
    assert finished("open", "--print", "acme").out == "https://status.acme.example\n"
    assert finished("open", "--print", "lost", "mail").code == 2
    assert finished("open", "--print", "lost mail").out == "https://stspg.io/old\n"
    wrong = finished("open", "--print", "no such thing")
    assert (wrong.code, wrong.out) == (2, "")


def test_waiting_ends_when_all_is_well(home, host):
    with Program("wait", "acme", "--timeout", "60s") as waiting:
        waiting.wait_for("Waiting until all of it was operational.", stream="err")
        host.documents.update(statuspage(OVER))
        assert waiting.wait() == 0
        assert waiting.out == "Acme: all systems operational.\n"


def test_waiting_ends_when_something_changes_or_what_is_open_ends(home, host):
    with (
        Program("wait", "acme", "--until", "changed") as changed,
        Program("wait", "acme", "--until", "resolved") as resolved,
    ):
        changed_again = {
            **TROUBLE,
            "incident_updates": [update("u3", "monitoring", "It holds."), *TROUBLE["incident_updates"]],
            "status": "monitoring",
        }
        for each in (changed, resolved):
            each.wait_for("Waiting until", stream="err")
        host.documents.update(statuspage(changed_again, OVER, components=PARTS))
        assert changed.wait() == 0
        host.documents.update(statuspage(OVER))
        assert resolved.wait() == 0


def test_waiting_in_vain_says_how_it_stood(home, host):
    ended = finished("wait", "acme", "--timeout", "1")
    assert ended.code == 1
    assert "Acme: major trouble." in ended.out
    assert "Acme: Elevated errors (Major, Identified)" in ended.out
    assert ended.err.endswith("Time ran out before all of it was operational.\n")
    told = json.loads(finished("wait", "acme", "--timeout", "1", "--json").out)
    assert told["worst"] == "major"
    web = finished("wait", "acme", "--component", "Web", "--timeout", "20")
    assert web.code == 0


def test_a_page_that_cannot_be_read_is_never_well(home, host):
    host.stop()
    assert finished("wait", "acme", "--timeout", "2").code == 3
    assert finished("wait", "acme", "--timeout", "soon").code == 2
    assert finished("wait").code == 2


def test_a_page_that_went_silent_while_it_was_waited_for_could_not_be_read(home, host):
    with Program("wait", "acme", "--timeout", "6s") as waiting:
        waiting.wait_for("Waiting until", stream="err")
        host.stop()
        assert waiting.wait() == 3


def test_a_component_that_is_not_there_is_told_and_changes_nothing_for_others(home, host):
    run = finished("wait", "acme", "--component", "Wob", "--timeout", "20s")
    assert (run.code, run.err.splitlines()[-1]) == (
        2, "tray-status: wait: Acme: it has no component “Wob”; the nearest: Web",
    )  # fmt: skip
    kinds = [json.loads(each)["kind"] for each in finished("events", "--json").out.splitlines()]
    assert kinds == ["opened"], "what one script waits for is no news to others"
    assert json.loads(finished("status", "--json").out)["pages"][0]["reading"] == "fresh"


def test_beside_a_running_one_its_log_is_followed(home, host):
    with Program("--console") as running:
        running.wait_for("1 open.\n")
        with Program("wait", "acme", "--timeout", "60s") as waiting:
            waiting.wait_for("Waiting until", stream="err")
            host.documents.update(statuspage(OVER))
            assert waiting.wait() == 0
        running.wait_for("State: Removed")
        running.end()


def test_why_a_page_has_its_colour_and_why_a_notice_came_or_not(home, host):
    quiet = incident("quiet", update("q1"), name="Slow pages", impact="none")
    with Program("--console", "--interval", "1") as running:
        running.wait_for("1 open.\n")
        host.documents.update(statuspage(TROUBLE, quiet, OVER, components=PARTS))
        running.wait_for("Slow pages")
        finished("mute", "quiet")
        told = finished("explain", "acme")
        assert told.code == 0
        assert "Acme is shown as: Major" in told.out
        assert "→ incident “Elevated errors”: Major, Identified" in told.out
        assert "worth a notice: it reaches your threshold" in told.out
        assert told.out.endswith(
            "No notice was ever shown from this history: `tray-status` and `tray-status run` show them.\n"
        )
        found = json.loads(finished("explain", "acme", "--json").out)
        assert found["impact"] == "major"
        assert {each["notice"] for each in found["events"]} == {"now"}, "it was muted after the event"
        running.end()


def test_the_prompt_shows_what_the_icon_does_and_never_green_for_want_of_somebody_who_polls(home, host):
    assert finished("prompt").out == "?"
    with Program("--console") as running:
        running.wait_for("1 open.\n")
        shown = ""
        for _ in range(200):
            shown = finished("prompt").out
            if shown != "?":
                break
        assert shown == "!! Acme"
        assert finished("prompt", "--sign").out == "!!"
        assert finished("--home", str(home), "prompt").out == "!! Acme"
        running.end()
    assert finished("prompt").out == "?"
    assert finished("prompt", "--help").out.startswith("usage: tray-status prompt")
