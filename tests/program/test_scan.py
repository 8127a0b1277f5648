"""`scan`, as a person types it: what is found and why, what is never opened, and what hostile folders do to it."""

from __future__ import annotations

import json
import os
import sys

import pytest
import tomlkit

from tests.waiting import wait_until
from tray_status.commands import scan

from .running import PATIENCE, finished

SECRET = "sk_live_4242424242"


@pytest.fixture
def settings(tmp_path):
    return tmp_path / "home" / "config.toml"


@pytest.fixture
def project(tmp_path):
    """Makes a project of files; a path → its text."""
    root = tmp_path / "project"
    root.mkdir()

    def make(files):
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(root)

    return make


MINE = {
    "package.json": '{"dependencies": {"stripe": "^1"}}',
    ".env.example": f"STRIPE_SECRET_KEY={SECRET}\nOPENAI_API_KEY='{SECRET}\n{SECRET}'\n",
    ".env": f"SENTRY_DSN={SECRET}\n",
    ".env.local": f"SLACK_TOKEN={SECRET}\n",
    ".github/workflows/ci.yml": "on: push\n",
    "node_modules/x/package.json": '{"dependencies": {"twilio": "^1"}}',
    "vendor/x/composer.json": '{"require": {"sentry/sentry": "^1"}}',
    "api/go.mod": "module x\n\nrequire github.com/slack-go/slack v0.1\n",
}


def test_vendors_are_found_and_why(project, settings):
    run = finished("scan", project(MINE))
    assert run.code == 0
    assert run.out.splitlines() == [
        "GitHub  (.github/workflows/ci.yml)",
        "npm  (package.json)",
        "OpenAI  (.env.example: OPENAI_API_KEY)  watched already",
        "Slack  (api/go.mod: github.com/slack-go/slack)",
        "Stripe  (.env.example: STRIPE_SECRET_KEY; package.json: stripe)",
    ]
    assert run.err == "4 pages not watched yet; --add adds them.\n"
    assert not settings.exists()


def test_what_is_found_is_added_when_told_so(project, settings):
    root = project(MINE)
    run = finished("scan", root, "--add")
    assert run.code == 0
    assert run.out.splitlines()[-1] == "Added 4 pages."
    rows = tomlkit.parse(settings.read_text())["pages"]
    assert [row["name"] for row in rows] == ["OpenAI", "GitHub", "npm", "Slack", "Stripe"]
    before = settings.read_bytes()
    again = finished("scan", root, "--add")
    assert (again.code, settings.read_bytes()) == (0, before)
    assert again.out.count("watched already") == 5
    assert again.err == "All of them are watched already.\n"


def test_json_tells_all_of_it(project):
    told = json.loads(finished("scan", "--json", project({**MINE, "web/package.json": "{"})).out)
    stripe = next(each for each in told["pages"] if each["id"] == "stripe")
    assert stripe == {
        "id": "stripe",
        "name": "Stripe",
        "url": "https://www.stripestatus.com",
        "watched": False,
        "why": [{"file": ".env.example", "name": "STRIPE_SECRET_KEY"}, {"file": "package.json", "name": "stripe"}],
    }
    assert [each["file"] for each in told["skipped"]] == ["web/package.json"]
    assert (told["v"], told["limits"]) == (1, [])


def test_values_are_never_printed_and_secret_files_never_opened(project, monkeypatch):
    root = project({**MINE, "id_rsa": SECRET, "a.pem": SECRET, "prod.env": f"A={SECRET}"})
    for words in (["scan", root], ["scan", "--json", root]):
        run = finished(*words)
        assert SECRET not in run.out + run.err
        assert "Sentry" not in run.out
    opened = []
    monkeypatch.setattr(
        os, "open", lambda path, *rest, open=os.open: opened.append(os.path.basename(path)) or open(path, *rest)
    )
    scan._walked(root)
    assert sorted(opened) == [".env.example", "ci.yml", "go.mod", "package.json"]
    opened.clear()
    scan._walked(f"{root}/.env")
    assert opened == []


def test_one_file_is_looked_at_alone(project):
    root = project(MINE)
    run = finished("scan", f"{root}/package.json")
    assert [line.split("  ")[0] for line in run.out.splitlines()] == ["npm", "Stripe"]
    assert "GitHub" in finished("scan", f"{root}/.github/workflows/ci.yml").out


@pytest.mark.parametrize(("files", "code"), [({"README.md": "stripe"}, 1), ({}, 1)])
def test_where_nothing_is_found_it_says_so(project, files, code):
    run = finished("scan", project(files), "--add")
    assert (run.code, run.out) == (code, "")
    assert "nothing was found that depends on a known vendor" in run.err


@pytest.mark.parametrize("path", ["nothing/here", "\x7f\x1b[31m", ""])
def test_a_wrong_path_is_wrong_usage(tmp_path, path):
    run = finished("scan", str(tmp_path / "x" / path) if path != "\x7f\x1b[31m" else path)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("tray-status: scan: ")
    assert "\x1b" not in run.err


def test_files_that_are_not_what_they_say_are_named_and_skipped(project):
    root = project(
        {
            "a/package.json": '{"x":' * 200_000,
            "b/package.json": b"\x00\x01",
            "c/package.json": b"\xff",
            "d/package.json": '{"dependencies": {"stripe": 1}}' + " " * 1_100_000,
            "e/pyproject.toml": "x = ",
            "f/package.json": '{"dependencies": {"twilio": 1}}',
            "g\x1b[31m\n/package.json": "{",
        }
    )
    run = finished("scan", root)
    assert run.code == 0
    assert "Twilio  (f/package.json: twilio)" in run.out
    assert "Stripe" not in run.out
    assert "\x1b" not in run.out + run.err
    notes = [line for line in run.err.splitlines() if line.endswith("it was skipped.")]
    assert notes[:5] == [
        "a/package.json: it is nested too deeply; it was skipped.",
        "b/package.json: it is not a text file; it was skipped.",
        "c/package.json: it is not a text file in UTF-8; it was skipped.",
        "d/package.json: it is larger than 1 MB; it was skipped.",
        "e/pyproject.toml: it is not valid TOML: Invalid value (at end of document); it was skipped.",
    ]
    assert len(notes) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_not_followed_and_pipes_not_waited_for(project, tmp_path):
    root = project(MINE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "package.json").write_text('{"dependencies": {"twilio": 1}}')
    os.symlink(root, f"{root}/loop")
    os.symlink(elsewhere, f"{root}/other")
    os.symlink(elsewhere / "package.json", f"{root}/api/package.json")
    os.mkfifo(f"{root}/Gemfile")
    run = finished("scan", root)
    assert run.code == 0
    assert "Twilio" not in run.out
    assert "loop" not in run.out
    assert "Gemfile: it is no file; it was skipped." in run.err
    os.symlink(root, tmp_path / "named")
    assert "Stripe" in finished("scan", str(tmp_path / "named")).out, "a link that the person names is meant"


@pytest.mark.skipif(sys.platform == "win32" or not os.geteuid(), reason="root may read everything")
def test_what_may_not_be_read_is_named_and_skipped(project):
    root = project({**MINE, "closed/package.json": "{}"})
    os.chmod(f"{root}/closed", 0)
    os.chmod(f"{root}/api/go.mod", 0)
    try:
        run = finished("scan", root)
    finally:
        os.chmod(f"{root}/closed", 0o700)
    assert run.code == 0
    assert "closed/: Permission denied; it was skipped." in run.err
    assert "api/go.mod: it cannot be read: Permission denied; it was skipped." in run.err


def test_limits_are_kept_and_told(project, monkeypatch):
    deep = "/".join("d" * 1 for _ in range(scan.DEPTH_LIMIT + 1))
    root = project({f"{deep}/package.json": "{}", **{f"p{number}/go.mod": "" for number in range(5)}})
    walk = scan._walked(root)
    assert walk.limits == ["Folders more than 12 deep were left out."]
    assert "npm" not in walk.evidence
    monkeypatch.setattr(scan, "READ_LIMIT", 3)
    assert scan._walked(root).limits == ["3 files were read; the rest was left out."]
    monkeypatch.setattr(scan, "SEEN_LIMIT", 2)
    assert scan._walked(root).limits == ["2 names were looked at; the rest was left out."]


@pytest.mark.parametrize(("answer", "added"), [("y\n", True), ("\n", False), ("n\n", False), ("\x04", False)])
def test_on_a_terminal_it_asks(project, settings, answer, added):
    pytest.importorskip("pty", reason="Windows has no pseudo-terminals of this kind")
    from .test_terminal import Terminal

    with Terminal("scan", project(MINE)) as terminal:
        wait_until(lambda: "Add these 4 pages? [y/N]" in terminal.text, "the question")
        os.write(terminal._ours, answer.encode())
        assert terminal.process.wait(PATIENCE) == 0
        wait_until(lambda: ("Added 4 pages." if added else "--add adds them") in terminal.text, "the answer")
    assert settings.exists() == added
