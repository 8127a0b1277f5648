"""`import` and `export`, as a person types them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from contextlib import ExitStack

import pytest
import tomlkit

from tests.loopback import StatusHost, component, page, statuspage

from .running import ROOT, TRAY_STATUS, finished

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def settings(tmp_path):
    return tmp_path / "home" / "config.toml"


@pytest.fixture
def listed(tmp_path):
    """Writes a list and gives its path."""

    def write(text, name="pages.txt"):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write


def pages_in(settings):
    return [(row["name"], row["url"]) for row in tomlkit.parse(settings.read_text("utf-8"))["pages"]]


def test_known_pages_are_taken_without_a_question_and_the_rest_is_told_line_by_line(settings, listed):
    file = listed(
        "# mine\ngithub\nopnai\nOpenAI\nhttps://www.stripestatus.com/history\nMine, https://discordstatus.com\nstripe\n"
    )
    run = finished("import", file)
    assert run.code == 0
    assert run.out.splitlines() == [
        "Added GitHub: https://www.githubstatus.com",
        "Added Stripe: https://www.stripestatus.com",
        "Added Mine: https://discordstatus.com",
        f"{file}: 3 pages added, 2 watched already or named twice, 1 not taken.",
    ]
    assert run.err.splitlines() == [
        "line 3: “opnai”: it has no address, and no page is known by this name; did you mean “OpenAI”?",
        "line 4: “OpenAI”: it is watched already, as “OpenAI”",
        "line 7: “stripe”: line 5 names it already",
    ]
    assert [name for name, _ in pages_in(settings)] == ["OpenAI", "GitHub", "Stripe", "Mine"]
    before = settings.read_bytes()
    again = finished("import", file)
    assert (again.code, settings.read_bytes()) == (1, before), "what is wrong is wrong still"
    assert finished("import", listed("github\nstripe\n")).code == 0


def test_unknown_pages_are_read_once_all_together(settings, listed):
    with ExitStack() as hosts:
        served = [
            hosts.enter_context(StatusHost(statuspage(page=page("Acme"), components=[component("API")])))
            for _ in range(50)
        ]
        file = listed("".join(f"{host.url}/history.atom\n" for host in served) + f"Mine\t{NOBODY}\n")
        began = time.monotonic()
        run = finished("import", file)
        assert time.monotonic() - began < 30
        assert all(host.asked for host in served)
    assert run.code == 0
    assert "Reading 51 pages …" in run.err
    assert f"line 51: “{NOBODY}”: Mine cannot be read: " in run.err
    assert "--unchecked takes pages that cannot be read all the same." in run.err
    assert run.out.splitlines()[-1] == f"{file}: 50 pages added, 1 not taken."
    rows = pages_in(settings)
    assert rows[1] == ("Acme", served[0].url)
    assert rows[2] == (f"Acme ({served[1].url[7:]})", served[1].url)
    assert {url for _, url in rows[1:]} == {host.url for host in served}


def test_where_nothing_can_be_read_nothing_is_taken(settings, listed):
    run = finished("import", listed(f"{NOBODY}\n"))
    assert run.code == 1
    assert not settings.exists()
    assert finished("import", listed(f"{NOBODY}\n"), "--unchecked").code == 0
    assert pages_in(settings)[-1] == ("127.0.0.1:9", NOBODY)


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(settings, listed):
    file = listed("github\n")
    run = finished("import", file, "--dry-run")
    assert run.out == f"Would add GitHub: https://www.githubstatus.com\n{file}: 1 page to be added.\n"
    assert (run.code, settings.parent.exists()) == (0, False)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "No such file or directory"),
        (b"\xff\xd8\xff", "it is not a text file in UTF-8"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "it declares a document type, which no list of pages needs"),
        ("<html/>", "it is XML, but no OPML"),
    ],
)
def test_what_is_no_list_is_wrong_usage(settings, listed, tmp_path, data, says):
    path = listed(data) if data else str(tmp_path / "nothing.opml")
    run = finished("import", path)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"tray-status: {path}: ")
    assert says in run.err
    assert not settings.exists()


@pytest.mark.parametrize(("data", "code"), [("# nothing\n", 0), ("zzqqxx\n", 1), ("openai\n", 0)])
def test_the_exit_code_tells_whether_anything_was_wrong(listed, data, code):
    assert finished("import", listed(data)).code == code


def test_a_thousand_entries_take_no_time(settings, listed):
    file = listed("".join(f"Vendor {number}, https://status{number}.example.com\n" for number in range(1000)))
    began = time.monotonic()
    run = finished("import", file, "--unchecked")
    taken = time.monotonic() - began
    assert run.code == 0
    assert len(pages_in(settings)) == 1001
    assert taken < 5, "2 s, with room for a busy machine"


def test_comments_stay_and_settings_that_are_wrong_are_left_alone(settings, listed):
    settings.parent.mkdir()
    before = '# mine\r\npoll_interval_seconds = 30 # fast\r\n\r\n[[pages]]\r\nname = "Me"\r\nurl = "http://127.0.0.1:9" # here\r\n'
    settings.write_bytes(before.encode())
    assert finished("import", listed("github\nstripe\n")).code == 0
    assert settings.read_bytes().startswith(before.encode())
    assert settings.read_bytes().count(b"\n") == settings.read_bytes().count(b"\r\n")
    settings.write_text("pages = [{name = 'A', url = 'http://127.0.0.1:9'}]\n")
    run = finished("import", listed("github\n"))
    assert run.code == 2
    assert "write each page as a table" in run.err
    assert "GitHub" not in settings.read_text()


def test_the_list_may_come_from_standard_input(settings):
    told = subprocess.run([*TRAY_STATUS, "import", "-"], input=b"github\n", cwd=ROOT, capture_output=True, timeout=60)
    assert told.returncode == 0, told.stderr
    assert pages_in(settings)[-1][0] == "GitHub"


@pytest.mark.parametrize(("kind", "ending"), [("--opml", ".opml"), ("--list", ".txt"), ("--json", ".json")])
def test_importing_an_export_changes_nothing_here_and_gives_the_same_elsewhere(settings, tmp_path, kind, ending):
    settings.parent.mkdir()
    rows = [
        ("A & B < C > \"c\" 'd'", "https://status.acme.example"),
        ("#1, Ünïcode ☃", "http://127.0.0.1:9"),
        ("Mine", "https://www.githubstatus.com"),
    ]
    off = '[[pages]]\nname = "Off"\nurl = "https://off.example"\nenabled = false\n'
    settings.write_text(
        "".join(tomlkit.dumps({"pages": [{"name": name, "url": url}]}) for name, url in rows) + off, "utf-8"
    )
    before = settings.read_bytes()
    file = tmp_path / f"out{ending}"
    assert finished("export", str(file)).code == 0
    assert finished("export", kind).out == file.read_text("utf-8")
    assert finished("import", str(file)).code == 0
    assert settings.read_bytes() == before
    other = {"TRAY_STATUS_HOME": str(tmp_path / "other")}
    assert finished("import", "--unchecked", str(file), environment=other).code == 0
    assert pages_in(tmp_path / "other" / "config.toml")[1:] == rows


def test_opml_names_feeds_where_they_are_known(settings):
    body = ElementTree.fromstring(finished("export").out).find("body")
    assert [each.attrib for each in body] == [
        {
            "text": "OpenAI",
            "title": "OpenAI",
            "type": "rss",
            "xmlUrl": "https://status.openai.com/feed.atom",
            "htmlUrl": "https://status.openai.com",
        }
    ]
    assert not settings.exists()


WHOLE = """[[pages]]
name = "A"
url = "https://a.example"
interval_seconds = 30.0
components = ["API", "Web"]
regions = ["eu-west-1"]
category = "payments"
notify_from = "major"
probe = "tcp:a.example:443"
"""


@pytest.mark.parametrize("file", ["a.json", "a.opml"])
def test_what_the_settings_say_of_a_page_goes_along(settings, tmp_path, file):
    settings.parent.mkdir()
    settings.write_text(WHOLE)
    file = tmp_path / file
    finished("export", str(file))
    settings.write_text("")
    assert finished("import", "--unchecked", str(file)).code == 0
    assert tomlkit.parse(settings.read_text()) == tomlkit.parse(WHOLE)


def test_what_is_not_allowed_in_the_settings_is_left_out_and_said(settings, tmp_path):
    file = tmp_path / "a.json"
    file.write_text(
        '{"pages": [{"name": "A", "url": "https://a.example", "notify_from": "never", "category": "mine"}]}'
    )
    run = finished("import", "--unchecked", str(file))
    assert run.code == 0
    assert "page 1: notify_from: never is not allowed there, and is left out" in run.err
    (page,) = tomlkit.parse(settings.read_text())["pages"][1:]
    assert (page["category"], "notify_from" in page) == ("mine", False)


def test_a_page_that_is_read_as_a_feed_has_it_in_opml(settings):
    feed = b"<rss version='2.0'><channel><title>Acme Status</title><link>x</link></channel></rss>"
    with StatusHost({"/feed.rss": feed}) as host:
        settings.parent.mkdir()
        settings.write_text(f'[[pages]]\nname = "A"\nurl = "{host.url}"\n')
        assert finished("status").code == 0
        assert f'xmlUrl="{host.url}/feed.rss" htmlUrl="{host.url}"' in finished("export").out


def test_a_line_may_have_a_blank_between_name_and_address(settings, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("Acme Cloud https://status.acme.example\nZenith status.zenith.example\nMonday.com\n")
    run = finished("import", "--unchecked", str(file))
    assert "Added Acme Cloud: https://status.acme.example" in run.out
    assert "Added Zenith: https://status.zenith.example" in run.out
    assert "3 pages added" in run.out


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that has a name")
def test_an_export_never_replaces_the_settings_a_pipe_or_makes_folders(settings, tmp_path):
    settings.parent.mkdir()
    settings.write_text('[[pages]]\nname = "A"\nurl = "https://a.example"\n')
    run = finished("export", str(settings))
    assert run.code == 2
    assert "these are the settings themselves" in run.err
    assert finished("export", str(tmp_path / "no" / "a.opml")).code == 2
    assert finished("export", os.devnull).code == 0
    assert not os.path.isfile(os.devnull)
