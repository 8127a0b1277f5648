"""`--console` as a person, a pipe and a script see it, letter by letter."""

from __future__ import annotations

import json

import pytest

from tests.loopback import INCIDENTS, SUMMARY, Raw, StatusHost, component, imitation, incident, statuspage, update

from .running import Program, blocks, finished

OPEN = incident("inc1", update("u1"), update("u2", "identified", "Found it."), components=("API", "Web"))
OVER = incident(
    "inc0", update("u0", at="2026-02-01T10:00:00Z"), update("u9", "resolved", "Over.", at="2026-02-01T11:00:00Z")
)

LISTING = """\
============================================================
  Tray Status — Console Mode
  Watching 1 page: Acme
  Polling every 60 seconds for new incidents.
  Press Ctrl+C to stop.
============================================================

[2026-03-01 12:00:00] Incident : Elevated errors
            Product  : API, Web
            Impact   : Minor  |  State: Identified
            Status   : Found it.
------------------------------------------------------------
2 incidents tracked on 1 page, 1 open.
"""


@pytest.fixture
def host():
    with StatusHost(statuspage(OPEN, OVER), etags=True) as serving:
        yield serving


def watch(host, *more):
    return Program("--console", "--interval", "1", "--page", host.url, *more)


def test_once_prints_the_banner_what_is_open_and_the_tally_to_the_letter(host):
    run = finished("--console", "--once", "--page", host.url)
    assert run.out == LISTING
    assert run.code == 0
    assert run.err == ""


def test_once_needs_no_console_option_and_asks_each_document_once(host):
    run = finished("--once", "--page", host.url)
    assert run.out == LISTING
    assert len(host.paths) == len(set(host.paths))


def test_an_incident_io_page_gives_the_same_blocks():
    documents = imitation(OPEN, components=[component("API")], indicator="minor")
    with StatusHost(documents) as host:
        run = finished("--console", "--once", "--page", host.url)
    (block,) = blocks(run.out)
    assert (block["Incident"], block["Impact"], block["Status"]) == (
        "Elevated errors",
        "Minor  |  State: Identified",
        "Found it.",
    )
    assert run.code == 0


def test_where_no_page_can_be_read_once_ends_with_three(host):
    host.stop()
    run = finished("--console", "--once", "--page", host.url)
    assert run.code == 3
    assert "cannot be read: 127.0.0.1:" in run.out
    assert run.out.endswith("0 incidents tracked on 1 page, 0 open.\n")


def test_one_page_that_can_be_read_is_enough_and_each_block_names_its_page(host):
    with StatusHost() as broken:
        run = finished("--console", "--once", "--page", host.url, "--page", broken.url)
    assert run.code == 0
    assert "Watching 2 pages: Acme, 127.0.0.1:" in run.out
    assert [block["Page"] for block in blocks(run.out)] == ["Acme"]
    assert "2 incidents tracked on 2 pages, 1 open.\n" in run.out


def test_a_page_named_twice_is_watched_once(host):
    run = finished("--console", "--once", "--page", host.url, "--page", host.url + "/")
    assert "Watching 1 page: Acme" in run.out


def test_a_change_is_printed_once_and_only_it(host):
    with watch(host) as program:
        before = program.wait_for("1 open.\n")
        host.documents.update(statuspage(incident("inc2", update("u5", body="New."), name="Slow logins"), OPEN, OVER))
        program.wait_for("New.")
        asked = len(host.asked)
        host.wait_until_asked(asked + 4)
        program.end()
        (block,) = blocks(program.out[len(before) :])
    assert (block["Incident"], block["Status"]) == ("Slow logins", "New.")
    assert program.out.count("Slow logins") == 1


def test_several_updates_between_two_polls_come_in_the_vendors_order_and_the_end_is_told(host):
    with watch(host) as program:
        before = program.wait_for("1 open.\n")
        more = [
            update("u3", "monitoring", "A fix is out.", at="2026-03-01T12:10:00Z"),
            update("u4", "resolved", "It works again.", at="2026-03-01T12:20:00Z"),
        ]
        host.documents.update(
            statuspage(
                {**OPEN, **incident("inc1", update("u1"), update("u2", "identified", "Found it."), *more)}, OVER
            )
        )
        program.wait_for("It works again.")
        program.end()
    told = blocks(program.out[len(before) :])
    assert [(block["Status"], block["Impact"].rpartition(": ")[2]) for block in told] == [
        ("A fix is out.", "Monitoring"),
        ("It works again.", "Resolved"),
    ]
    assert [block["at"] for block in told] == ["2026-03-01 12:10:00", "2026-03-01 12:20:00"]


def test_an_edited_update_is_marked(host):
    with watch(host) as program:
        program.wait_for("1 open.\n")
        edited = incident(
            "inc1", update("u1"), update("u2", "identified", "Found it: a cable."), components=("API", "Web")
        )
        host.documents.update(statuspage(edited, OVER))
        text = program.wait_for("a cable.")
        program.end()
    assert blocks(text)[-1]["Impact"] == "Minor  |  State: Identified (edited)"


def test_an_unchanged_poll_prints_nothing_on_a_pipe(host):
    with watch(host) as program:
        before = program.wait_for("1 open.\n")
        asked = len(host.asked)
        host.wait_until_asked(asked + 4)
        assert program.end() == 0
        assert program.out == before


def test_verbose_prints_a_line_for_each_unchanged_poll(host):
    with watch(host, "--verbose") as program:
        program.wait_for("] No new updates detected.\n", times=2)
        program.end()


def test_json_writes_events_on_stdout_and_all_else_on_stderr(host):
    with watch(host, "--json") as program:
        program.wait_for("1 open.\n", stream="err")
        program.wait_for('"opened"')
        host.documents.update(
            statuspage(
                incident(
                    "inc1",
                    update("u1"),
                    update("u2", "identified", "Found it."),
                    update("u3", "resolved", "Done.", at="2026-03-01T13:00:00Z"),
                ),
                OVER,
            )
        )
        program.wait_for('"resolved"')
        program.end()
    events = [json.loads(line) for line in program.out.splitlines()]
    assert [event["kind"] for event in events] == ["opened", "resolved"]
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
    first = events[0]
    assert set(first) >= {"v", "seq", "kind", "at", "seen_at", "page", "incident", "update"}
    assert (first["v"], first["at"], first["page"]["url"]) == (1, "2026-03-01T12:00:00Z", host.url)
    assert first["incident"]["components"] == ["API", "Web"]
    assert first["update"] == {"id": "u2", "state": "identified", "text": "Found it."}
    assert "Tray Status — Console Mode" in program.err


def test_json_repeats_nothing_at_the_next_start(host):
    first = finished("--console", "--once", "--json", "--page", host.url)
    assert [json.loads(line)["kind"] for line in first.out.splitlines()] == ["opened"]
    with watch(host, "--json") as program:
        program.wait_for("1 open.\n", stream="err")
        host.documents.update(statuspage(incident("inc3", update("u7")), OPEN, OVER))
        program.wait_for('"inc3"')
        program.end()
    assert [json.loads(line)["incident"]["id"] for line in program.out.splitlines()] == ["inc3"]
    again = finished("--console", "--once", "--json", "--page", host.url)
    assert again.out == ""


def test_a_restart_lists_what_is_open_tells_what_happened_meanwhile_and_repeats_no_news(host):
    assert finished("--console", "--once", "--page", host.url).code == 0
    middle = update("u3", "monitoring", "A fix is out.", at="2026-03-01T12:10:00Z")
    last = update("u4", "monitoring", "Nearly there.", at="2026-03-01T12:15:00Z")
    host.documents.update(
        statuspage(incident("inc1", update("u1"), update("u2", "identified", "Found it."), middle, last), OVER)
    )
    second = finished("--console", "--once", "--page", host.url)
    away, _, listed = second.out.partition("\nOpen now\n")
    assert "\nWhile you were away\n" in away
    assert [block["Status"] for block in blocks(away)] == ["A fix is out.", "Nearly there."]
    assert [block["Status"] for block in blocks(listed)] == ["Nearly there."]
    third = finished("--console", "--once", "--page", host.url)
    assert "While you were away" not in third.out
    assert [block["Status"] for block in blocks(third.out)] == ["Nearly there."]


def test_escapes_markup_and_long_words_of_a_vendor_do_nothing_to_the_terminal():
    hostile = "\x1b[31mred\x1b[0m \x1b]0;title\x07 <b>bold</b> &amp; \u202eback\u2028 " + "w" * 500
    with StatusHost(statuspage(incident("inc1", update("u1", body=hostile), name=hostile))) as host:
        run = finished("--console", "--once", "--page", host.url)
    assert run.code == 0
    assert "\x1b" not in run.out
    assert "\x07" not in run.out
    assert "\u202e" not in run.out
    assert "<b>" not in run.out
    status = run.out[run.out.index("Status   :") :].splitlines()
    assert max(map(len, status)) <= 100


@pytest.mark.parametrize(
    "answer",
    [
        Raw(500),
        Raw(body=b"<html><body>Moved</body></html>", headers={"Content-Type": "text/html"}),
        Raw(body=b""),
        Raw(body=b'{"page": {"id": "x", "na'),
        Raw(body=b"[" * 100_000),
        Raw(body=b'{"page": null, "status": 7, "incidents": {"a": 1}, "components": "none"}'),
        Raw(body=b"\xff\xfe\x00garbage"),
        Raw(body=b" " * 30_000_000),
    ],
    ids=["500", "html", "empty", "truncated", "deep", "types", "bytes", "huge"],
)
def test_a_page_that_turns_bad_is_told_is_never_green_and_comes_back(host, answer):
    good = dict(host.documents)
    with watch(host) as program:
        program.wait_for("1 open.\n")
        host.documents.update(dict.fromkeys(good, answer))
        problem = program.wait_for("Problem  :", patience=60)
        host.documents.update(good)
        program.wait_for("It can be read again", patience=60)
        assert program.end() == 0
    assert "Traceback" not in program.out + program.err
    kinds = [next(iter(set(block) & {"Problem", "Incident"}), "again") for block in blocks(program.out)]
    assert kinds == ["Incident", "Problem", "again"]
    assert problem.count("Problem") == 1


def test_a_page_with_five_thousand_incidents_is_listed_in_full():
    rows = [incident(f"inc{n}", update(f"u{n}"), name=f"Trouble {n}") for n in range(5000)]
    with StatusHost(statuspage(*rows)) as host:
        run = finished("--console", "--once", "--page", host.url)
    assert run.code == 0
    assert run.out.endswith("5000 incidents tracked on 1 page, 5000 open.\n")
    assert run.out.count("Incident :") == 5000


def test_odd_times_words_and_nulls_are_read_as_far_as_they_go():
    odd = incident("inc1", update("u1", "bewildered", at="9999-12-31T23:59:59Z"), impact="apocalyptic")
    odd["incident_updates"].append({"id": None, "status": None, "body": None, "created_at": "yesterday"})
    zoneless = incident("inc2", update("u2", at="2026-03-01T12:00:00"), name="Zoneless")
    with StatusHost(statuspage(odd, zoneless)) as host:
        host.documents[SUMMARY]["components"] = None
        host.documents[INCIDENTS]["incidents"].append(None)
        run = finished("--console", "--once", "--page", host.url)
    assert run.code == 0
    assert {block["Incident"] for block in blocks(run.out)} == {"Elevated errors", "Zoneless"}
    assert "2 open." in run.out
