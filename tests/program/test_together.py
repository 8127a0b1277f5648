"""Several processes of one home: one polls, the others follow its log, and whoever goes on takes over."""

from __future__ import annotations

import json
import signal
import sys

import pytest

from tests.loopback import SUMMARY, StatusHost, incident, statuspage, update

from .running import Program, finished

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no POSIX signals to send")

FIRST = incident("inc1", update("u1"))
SECOND = incident("inc2", update("u2", body="New."), name="Slow logins")
THIRD = incident("inc3", update("u3", body="Newer."), name="Lost mail")


@pytest.fixture
def host():
    with StatusHost(statuspage(FIRST), etags=True) as serving:
        yield serving


def watch(host, *more):
    return Program("--console", "--interval", "1", "--page", host.url, *more)


def test_the_second_one_says_so_polls_nothing_and_tells_the_same_once(host):
    with watch(host) as first:
        first.wait_for("1 open.\n")
        with Program("--console", "--interval", "3600", "--page", host.url) as second:
            text = second.wait_for("1 open.\n")
            assert "Another Tray Status polls Acme; this one follows its log.\n" in text
            host.documents.update(statuspage(SECOND, FIRST))
            first.wait_for("Slow logins")
            second.wait_for("Slow logins")
            asked = len(host.asked)
            host.wait_until_asked(asked + 3)
            assert host.paths.count("/api/v2/components.json") <= 1, "one process alone asks"
            second.end()
            first.end()
        assert first.out.count("Slow logins") == second.out.count("Slow logins") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_the_second_one_takes_over_and_nothing_is_lost_or_repeated(host, number):
    with watch(host) as first:
        first.wait_for("1 open.\n")
        with watch(host) as second:
            second.wait_for("1 open.\n")
            first.end(number)
            asked = len(host.asked)
            host.documents.update(statuspage(SECOND, FIRST))
            second.wait_for("Slow logins")
            assert len(host.asked) > asked
            host.documents.update(statuspage(THIRD, SECOND, FIRST))
            second.wait_for("Lost mail")
            second.end()
            assert second.out.count("Slow logins") == second.out.count("Lost mail") == 1
    events = finished("events", "--json").out.splitlines()
    assert [json.loads(each)["incident"]["id"] for each in events] == ["inc1", "inc2", "inc3"]


@pytest.mark.parametrize("attempt", range(3))
def test_two_that_start_at_the_same_instant_tell_each_event_once_in_the_log(host, attempt):
    with watch(host) as first, watch(host) as second:
        first.wait_for("1 open.\n")
        second.wait_for("1 open.\n")
        host.documents.update(statuspage(SECOND, FIRST))
        first.wait_for("Slow logins")
        second.wait_for("Slow logins")
        assert (first.end(), second.end()) == (0, 0)
        assert "memory only" not in first.out + second.out, "one waits while the other begins the history"
        assert first.out.count("Slow logins") == second.out.count("Slow logins") == 1
    events = finished("events", "--json").out.splitlines()
    assert [json.loads(each)["incident"]["id"] for each in events] == ["inc1", "inc2"]


def test_a_page_that_the_other_does_not_watch_is_polled_by_the_second(host):
    with StatusHost(statuspage(THIRD)) as other, watch(host) as first:
        first.wait_for("1 open.\n")
        run = finished("--console", "--once", "--page", host.url, "--page", other.url)
        assert run.code == 0
        assert "Lost mail" in run.out
        assert "Elevated errors" in run.out
        assert other.asked
        first.end()


def test_status_reads_the_log_while_another_polls_and_polls_once_where_none_does(host):
    with Program("--console", "--interval", "3600", "--page", host.url) as first:
        first.wait_for("1 open.\n")
        asked = len(host.asked)
        beside = finished("status", "--json", host.url)
        assert len(host.asked) == asked
        first.end()
    alone = finished("status", "--json", host.url)
    assert len(host.asked) > asked
    for run in (beside, alone):
        (page,) = json.loads(run.out)["pages"]
        assert (page["reading"], page["impact"], page["incidents"][0]["id"]) == ("fresh", "minor", "inc1")
        assert run.code == 0


def test_killed_at_any_moment_it_loses_and_repeats_no_event(host):
    """Each round adds an incident, and kills the program somewhere between the poll and the telling."""
    rows = [FIRST]
    for number in range(2, 8):
        rows.insert(0, incident(f"inc{number}", update(f"u{number}"), name=f"Trouble {number}"))
        host.documents.update(statuspage(*rows))
        asked = host.paths.count(SUMMARY)
        with watch(host) as program:
            host.wait_until_asked(asked + 1 + number % 2, SUMMARY)
            program.kill()
    assert finished("--console", "--once", "--page", host.url).code == 0
    events = [json.loads(each) for each in finished("events", "--json").out.splitlines()]
    assert sorted(each["incident"]["id"] for each in events) == sorted(row["id"] for row in rows)
    assert [each["seq"] for each in events] == sorted({each["seq"] for each in events})


def test_a_run_for_one_page_leaves_what_happened_on_the_others_to_be_told(host, tmp_path):
    with StatusHost(statuspage()) as other:
        settings = tmp_path / "both.toml"
        settings.write_text(
            f'[[pages]]\nname = "A"\nurl = "{host.url}"\n[[pages]]\nname = "B"\nurl = "{other.url}"\n'
        )
        both = ("--config", str(settings))
        assert finished(*both, "--console", "--once").code == 0
        other.documents.update(statuspage(SECOND))
        host.documents.update(statuspage(THIRD, FIRST))
        assert finished(*both, "status").code == 0
        alone = finished(*both, "--console", "--once", "--page", "A")
        assert "While you were away" in alone.out
        assert "Lost mail" in alone.out
        assert "Slow logins" not in alone.out
        later = finished(*both, "--console", "--once").out
        away = later.partition("While you were away")[2].partition("Open now")[0]
        assert "Slow logins" in away
        assert "Lost mail" not in away
        assert "While you were away" not in finished(*both, "--console", "--once").out
