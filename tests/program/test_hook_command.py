"""`hook test` and `hook list`: what came back, of which secrets are no part."""

from __future__ import annotations

import json
import sys

import pytest

from tests.receiver import Receiver, Says
from tray_status.outputs.webhooks.signing import signature

from .running import finished

SECRET, KEY = "T0SECRETPATH", "k3y-of-the-signature"


@pytest.fixture
def receiver():
    with Receiver() as serving:
        yield serving


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("TRAY_STATUS_HOME", str(folder))
    monkeypatch.setenv("SIGNING_KEY", KEY)
    return folder


def settle(home, text):
    (home / "config.toml").write_text('[[pages]]\nname = "OpenAI"\n' + text, encoding="utf-8")


def test_one_is_tried_and_signed_and_secrets_stay_where_they_are(home, receiver):
    (home / "url").write_text(receiver.url(f"/{SECRET}") + "\n")
    settle(home, '[[webhooks]]\nname = "Team"\nurl_file = "url"\nsecret_env = "SIGNING_KEY"\nfrom = "critical"\n')
    done = finished("--verbose", "hook", "test", "team")
    assert done.code == 0
    assert done.out == "ok  The webhook “Team”: 127.0.0.1 answers with HTTP 200\n"
    (got,) = receiver.got
    assert got.json["incident"]["name"] == "A test of Tray Status"
    expected = signature(got.headers["webhook-id"], got.headers["webhook-timestamp"], got.body, KEY)
    assert got.headers["webhook-signature"] == expected
    listed = finished("hook", "list", "--json")
    assert json.loads(listed.out)["targets"] == [
        {"name": "webhook:team", "well": True, "words": "nothing was sent yet"}
    ]
    told = done.out + done.err + listed.out + finished("doctor").out + finished("config", "check").out
    assert SECRET not in told
    assert KEY not in told


def test_all_are_tried_and_it_fails_where_one_did(home, receiver):
    receiver.says = lambda got: Says(410 if got.path == "/gone" else 204)
    python = json.dumps(sys.executable)
    settle(
        home,
        f'[[hooks]]\nname = "fine"\ncommand = [{python}, "-c", "print(input()[:7])"]\n'
        f'[[hooks]]\nname = "off"\nenabled = false\ncommand = ["no-such-program"]\n'
        f'[[webhooks]]\nname = "gone"\nformat = "slack"\nurl = "{receiver.url("/gone")}"\n'
        f'[[webhooks]]\nname = "chat"\nformat = "discord"\nurl = "{receiver.url("/chat")}"\n'
        '[[webhooks]]\nname = "unset"\nurl_env = "NO_SUCH_VARIABLE"\n',
    )
    done = finished("hook", "test")
    assert done.code == 1
    assert done.out.splitlines() == [
        f"ok  The hook “fine”: {sys.executable} ended well",
        '    {"v": 1',
        "!!  The webhook “gone”: 127.0.0.1 answers with HTTP 410 (ok)",
        "ok  The webhook “chat”: 127.0.0.1 answers with HTTP 204",
        "!!  The webhook “unset”: nothing is in the environment variable NO_SUCH_VARIABLE",
    ]


def test_a_name_that_nobody_has_is_refused_with_a_hint(home):
    settle(home, '[[webhooks]]\nname = "team"\nurl_env = "X"\n')
    done = finished("hook", "test", "tema")
    assert done.code == 2
    assert "“tema” is none of your hooks and webhooks; did you mean “team”?" in done.err


def test_without_any_it_says_how_to_have_one(home):
    settle(home, "")
    done = finished("hook", "test")
    assert done.code == 0
    assert "`tray-status hook --help` shows some" in done.out


def test_apprise_delivers_what_it_knows(home, receiver):
    pytest.importorskip("apprise")
    settle(
        home,
        f'[[webhooks]]\nname = "many"\nformat = "apprise"\nurl = "json://127.0.0.1:{receiver.port}/{SECRET}"\n'
        f'[[webhooks]]\nname = "bad"\nformat = "apprise"\nurl = "nosuchscheme://{SECRET}"\n',
    )
    done = finished("hook", "test")
    assert done.code == 1
    assert "ok  The webhook “many”: apprise (json) has sent it" in done.out
    assert "!!  The webhook “bad”: what is in the settings is no address that apprise knows" in done.out
    assert SECRET not in done.out + done.err
    assert receiver.got[0].json["title"] == "🟡 Acme (a test): new incident"
