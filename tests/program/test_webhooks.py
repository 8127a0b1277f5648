"""Webhooks of the whole program, against a receiver that fails, hangs, resets and asks for patience, and kills."""

from __future__ import annotations

import itertools
import json
import random
import signal
import sys
import threading

import pytest

from tests.loopback import StatusHost, incident, statuspage, update
from tests.receiver import HANGS, RESETS, Receiver, Says
from tests.waiting import wait_until

from .running import Program, finished

posix = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")

SEEDS, KILLS, STEPS = 2, 14, 24
PER_INCIDENT = 6


def history(steps):
    """The documents after so many words of the vendor: incidents of six updates each, one after the other."""
    states = ("investigating", *("identified", "monitoring") * 2, "resolved")
    incidents = []
    for number in range(0, steps, PER_INCIDENT):
        words = [
            update(f"u{step}", states[step - number], f"Step {step}.", at=f"2026-03-01T12:{step:02}:00Z")
            for step in range(number, min(number + PER_INCIDENT, steps))
        ]
        incidents.insert(0, incident(f"inc{number}", *words, name=f"Trouble {number}"))
    return statuspage(*incidents)


@pytest.fixture
def host():
    with StatusHost(history(1), etags=True) as serving:
        yield serving


@pytest.fixture
def receiver():
    with Receiver() as serving:
        yield serving


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("TRAY_STATUS_HOME", str(folder))
    return folder


def settle(home, host, text):
    page = f'[[pages]]\nname = "Acme"\nurl = "{host.url}"\ninterval_seconds = 1\n'
    (home / "config.toml").write_text(page + text, encoding="utf-8")


def webhook(receiver, name="team", path="/hook", more=""):
    return f'[[webhooks]]\nname = "{name}"\nurl = "{receiver.url(path)}"\n{more}\n'


def logged():
    """The log's own numbers, in its order."""
    return [json.loads(line)["seq"] for line in finished("events", "--json").out.splitlines()]


@posix
@pytest.mark.parametrize("seed", range(SEEDS))
def test_killed_at_any_instant_nothing_is_lost_order_is_kept_and_only_what_was_in_flight_may_come_twice(
    home, host, receiver, seed, record_property
):
    chance = random.Random(seed)
    moods = (Says(), Says(), Says(204), Says(500), Says(503), Says(429, {"Retry-After": "1"}), RESETS, HANGS)
    receiver.says = lambda _got: chance.choice(moods)
    settle(home, host, webhook(receiver))
    said, in_flight = 1, []
    for _ in range(KILLS):
        said = min(said + chance.randint(0, 3), STEPS)
        host.documents = history(said)
        before, more, seconds = len(receiver.got), chance.randint(0, 4), chance.uniform(0.3, 1.5)
        with Program("--console") as program:
            pause = threading.Event()
            while seconds > 0 and not (more and len(receiver.got) >= before + more):
                pause.wait(0.002)
                seconds -= 0.002
            program.kill()
        in_flight += [receiver.taken[-1].seq] if receiver.taken else []
    receiver.says = lambda _got: Says()
    host.documents = history(STEPS)
    with Program("--console") as program:
        wait_until(
            lambda: receiver.taken and receiver.taken[-1].json["update"]["text"] == f"Step {STEPS - 1}.", "all", 60
        )
        assert program.end() == 0
    seqs = receiver.seqs
    assert list(dict.fromkeys(seqs)) == logged(), "something is missing, or came out of order"
    assert seqs == sorted(seqs)
    assert [each.seq for each in receiver.got] == sorted(each.seq for each in receiver.got)
    for first, second in itertools.pairwise(receiver.taken):
        if first.seq == second.seq:
            assert first.seq in in_flight, f"{first.seq} came twice, and was not the last one before a kill"
            in_flight.remove(first.seq)
            assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    keys = {each.seq: each.headers["Idempotency-Key"] for each in receiver.got}
    assert len(set(keys.values())) == len(keys)
    record_property("sent", (KILLS, len(receiver.got), len(seqs), len(seqs) - len(set(seqs))))


def test_a_dead_and_a_hanging_target_delay_neither_the_others_nor_the_polls_nor_the_end(home, host, receiver):
    receiver.says = lambda got: HANGS if got.path == "/hangs" else Says()
    dead = '[[webhooks]]\nname = "dead"\nurl = "http://127.0.0.1:1/"\n'
    settle(home, host, dead + webhook(receiver, "slow", "/hangs") + webhook(receiver, "good", "/good"))
    with Program("--console") as program:
        receiver.wait_for(1)
        for step in range(2, 6):
            host.documents = history(step)
            receiver.wait_for(step, patience=10)
        program.wait_for("Step 4.")
        assert program.end(patience=3) == 0
    assert {each.path for each in receiver.taken} == {"/good"}
    assert [each.path for each in receiver.got].count("/hangs") == 1
    listed = finished("hook", "list").out
    assert "webhook:good" in listed
    assert "all is told" in listed
    assert "refused the connection" in next(line for line in listed.splitlines() if "webhook:dead" in line)


def test_followers_send_nothing_and_take_over_when_the_sender_is_killed(home, host, receiver):
    settle(home, host, webhook(receiver))
    with Program("--console") as first:
        receiver.wait_for(1)
        with Program("--console") as second:
            second.wait_for("follows its log")
            host.documents = history(3)
            receiver.wait_for(3)
            second.wait_for("Step 2.")
            first.kill()
            host.documents = history(5)
            receiver.wait_for(5)
            assert second.end() == 0
    assert receiver.seqs == logged()


@pytest.mark.skipif(sys.platform == "win32", reason="settings are read anew by a POSIX signal")
def test_a_target_that_is_added_begins_at_now_and_one_that_comes_back_too(home, host, receiver):
    settle(home, host, webhook(receiver, "first", "/first"))

    def came(path):
        return [each.json["update"]["text"] for each in receiver.taken if each.path == path]

    with Program("--console") as program:
        receiver.wait_for(1)
        settle(home, host, webhook(receiver, "first", "/first") + webhook(receiver, "second", "/second"))
        host.documents = history(1)
        program.send(signal.SIGHUP)
        program.wait_for("Checking all pages now.")
        host.documents = history(2)
        wait_until(lambda: came("/second"), "the one that was added")
        settle(home, host, webhook(receiver, "first", "/first"))
        program.send(signal.SIGHUP)
        program.wait_for("Checking all pages now.", times=2)
        host.documents = history(3)
        wait_until(lambda: "Step 2." in came("/first"), "the one that stays")
        settle(home, host, webhook(receiver, "first", "/first") + webhook(receiver, "second", "/second"))
        program.send(signal.SIGHUP)
        program.wait_for("Checking all pages now.", times=3)
        host.documents = history(4)
        wait_until(lambda: "Step 3." in came("/second"), "the one that came back")
        assert program.end() == 0
    assert came("/second") == ["Step 1.", "Step 3."]


@pytest.mark.skipif(sys.platform == "win32", reason="it is hastened by a POSIX signal")
def test_what_waits_is_passed_over_when_a_person_says_so(home, host, receiver):
    receiver.says = lambda _got: Says(400, body=b"invalid_payload")
    settle(home, host, webhook(receiver))
    with Program("--console") as program:
        program.wait_for("HTTP 400 (invalid_payload)")
        host.documents = history(3)
        program.wait_for("Step 2.")
        assert "3 events passed over" in finished("hook", "skip", "team").out
        receiver.says = lambda _got: Says()
        program.send(signal.SIGHUP)
        program.wait_for("Checking all pages now.")
        host.documents = history(4)
        receiver.wait_for(1)
        assert program.end() == 0
    assert [each.json["update"]["text"] for each in receiver.taken] == ["Step 3."]


def test_a_refusal_is_told_at_once_with_the_host_alone_and_what_waited_comes_when_it_is_mended(home, host, receiver):
    secret = "T012SECRETPATH"
    receiver.says = lambda got: Says(404, body=f"no such path {got.path}".encode())
    settle(home, host, webhook(receiver, "team", f"/{secret}", 'format = "slack"'))
    with Program("--console", "--verbose") as program:
        program.wait_for("The webhook “team”: 127.0.0.1 answers with HTTP 404.")
        host.documents = history(3)
        program.wait_for("Step 2.")
        diagnosis = finished("doctor")
        assert diagnosis.code == 1
        assert "HTTP 404" in diagnosis.out
        assert "3 waiting" in diagnosis.out
        tried = len(receiver.got)
        assert tried == 1, "what is refused is tried again seldom"
        receiver.says = lambda _got: Says()
        program.send(signal.SIGHUP) if sys.platform != "win32" else None
        receiver.wait_for(3)
        program.wait_for("takes what happens again")
        assert program.end() == 0
        seen = program.out + program.err + diagnosis.out + (home / "tray-status.log").read_text(encoding="utf-8")
    assert secret not in seen
    assert finished("hook", "list").out.count("all is told") == 1
