"""The README and the guides say what is so: each command is understood, each setting taken, each file there.

Blocks fenced as `console` are run, line by line, in a home of their own with the demo's pages; `$` begins a line that
is typed, what stands below it must be among what is printed (`…` stands for any words).
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr
from io import StringIO

import pytest

from tests.guides import GUIDES, README, ROOT, block, blocks
from tray_status.commands.arguments import parse
from tray_status.config.settings import parse_settings
from tray_status.errors import TrayStatusError

_TYPED = re.compile(r"(?<![\w/\[.-])(?:\.venv/bin/)?tray-status(?P<arguments>(?: [^\s\"'`)|;&<>#\]]+)*)(?![\w/.\]-])")
_CODE = re.compile(r"`([^`\n]+)`")


EXAMPLES = {"BAR": "waybar", "SHELL": "bash"}
"""What may stand for a word in capitals, where not every word will do."""


def spans(text):
    """The code in running words, and what of it a table had to escape as it is meant."""
    return [each.replace("\\|", "|") for each in _CODE.findall(text)]


def synopses(text):
    """What may be typed of `NAME [--option|WORD] a|b FILE`: with and without each bracket, each of its choices."""
    bracket = re.search(r"\[([^\[\]]*)\]", text)
    if bracket:
        before, after = text[: bracket.start()], text[bracket.end() :]
        for choice in ("", *bracket[1].split("|")):
            yield from synopses(before + choice + after)
        return
    if "|" in text:
        first, *rest = text.split("|")
        verb = first.split()[0]
        yield from itertools.chain(synopses(first), *(synopses(f"{verb} {each}") for each in rest))
        return
    yield text.replace("…", "")


def understood(arguments):
    """Why the real command line does not take these; None where it does."""
    words = StringIO()
    try:
        with redirect_stderr(words):
            parse([EXAMPLES.get(each, each) for each in arguments])
    except TrayStatusError as error:
        return str(error)
    except SystemExit as ended:
        return None if ended.code == 0 else words.getvalue().strip().splitlines()[-1]
    return None


def typed_commands():
    """Each command that stands in a block, or in the words."""
    for guide in GUIDES:
        typed = [found["arguments"] for each in blocks(guide) for found in _TYPED.finditer(each.text)]
        for span in spans(guide.read_text(encoding="utf-8")):
            if re.match(r"(\.venv/bin/)?tray-status( |$)", span):
                typed += synopses(span.partition("tray-status")[2].strip())
            else:
                typed += [found["arguments"] for found in _TYPED.finditer(span)]
        yield from ((guide.name, each.strip().replace("…", "")) for each in typed)


def listed_commands():
    """Each command and option in the README's table of ways to run it."""
    table = README.read_text(encoding="utf-8").partition("| command |")[2].partition("\n\n")[0]
    for row in table.splitlines()[2:]:
        first = row.replace("\\|", "\0").split("|")[1].replace("\0", "|")
        for span in _CODE.findall(first):
            yield from synopses(span.removeprefix("tray-status").strip())


@pytest.mark.parametrize(("guide", "command"), sorted(set(typed_commands())))
def test_each_command_in_the_guides_is_understood(guide, command):
    assert understood(shlex.split(command)) is None


@pytest.mark.parametrize("command", sorted(set(listed_commands())))
def test_each_command_of_the_readmes_table_is_understood(command):
    assert understood(shlex.split(command)) is None


def test_a_command_that_does_not_exist_would_be_found():
    assert understood(["frobnicate"]) is not None
    assert understood(["status", "--frobnicate"]) is not None
    assert list(synopses("catalogue path|check FILE")) == ["catalogue path", "catalogue check FILE"]
    assert sorted(synopses("pause [1h|until 8:00]")) == ["pause ", "pause 1h", "pause until 8:00"]
    assert [found["arguments"] for found in _TYPED.finditer("'#(tray-status bar tmux) %H'")] == [" bar tmux"]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_settings_in_the_guides_are_taken_as_they_stand(guide):
    for each in blocks(guide):
        if re.search(r"^(\[\[pages\]\]|poll_interval_seconds *=)", each.text, re.MULTILINE):
            assert parse_settings(each.text, guide).pages


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_what_a_guide_names_is_there(guide):
    text = guide.read_text(encoding="utf-8")
    links = [each for each in re.findall(r"\]\(([^()#\s]+)[^()\s]*\)", text) if "://" not in each]
    paths = [
        each for each in spans(text) if re.fullmatch(r"(tests|tray_status|assets|\.ci|\.packaging)/[\w./-]+", each)
    ]
    paths += re.findall(r"(?<![\w/])((?:tests|assets|\.packaging|\.ci)/[\w./-]+\.py)", text)
    modules = re.findall(r"python -m ((?:tests|assets|tray_status)[\w.]*)", text)
    for link in links:
        assert (guide.parent / link).exists(), link
    for path in paths:
        assert "NAME" in path or (ROOT / path).exists(), path
    for module in modules:
        where = ROOT / module.replace(".", "/")
        assert where.with_suffix(".py").exists() or (where / "__main__.py").exists(), module


def test_json_in_the_guides_is_json():
    for guide in GUIDES:
        for each in blocks(guide):
            if each.language == "json":
                text = each.text.strip()
                json.loads(text if text.startswith(("{", "[")) else f"{{{text}}}")


def test_the_line_of_data_in_the_guide_is_one(tmp_path):
    line = block("../CONTRIBUTING.md", "A page that is missing: one line of data")
    header = (ROOT / "tray_status/catalogue/pages.csv").read_text(encoding="utf-8").splitlines()[0]
    file = tmp_path / "pages.csv"
    file.write_text(f"{header}\n{line}")
    command = [sys.executable, "-m", "tray_status", "catalogue", "check", str(file)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr


def console_blocks():
    return [
        pytest.param(each.text, id=f"{guide.name}: {each.heading}")
        for guide in GUIDES
        for each in blocks(guide)
        if each.language == "console"
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="the guides are written for a POSIX shell")
@pytest.mark.parametrize("text", console_blocks())
def test_a_block_that_shows_a_console_prints_what_it_says(text, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "tray-status"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tray_status "$@"\n')
    script.chmod(0o755)
    path = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        run = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            env={**os.environ, **path, "TZ": "UTC", "NO_COLOR": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        pattern = re.escape(shown.strip()).replace("…", ".*")
        assert re.search(pattern, run.stdout + run.stderr), f"$ {command}\n{run.stdout}{run.stderr}"


def test_every_guide_is_named_somewhere():
    told = "".join(guide.read_text(encoding="utf-8") for guide in GUIDES)
    for guide in GUIDES:
        assert guide == README or guide.name in told, guide
