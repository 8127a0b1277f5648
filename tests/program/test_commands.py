"""`list`, `add`, `remove`, `status`, `events` and `config`, as a person types them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import tomlkit

from tests.loopback import StatusHost, component, incident, page, statuspage, update

from .running import ROOT, TRAY_STATUS, Program, blocks, finished

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def host():
    parts = [component("API"), component("Web", "partial_outage")]
    with StatusHost(statuspage(incident("inc1", update("u1"), impact="major"), components=parts)) as serving:
        yield serving


@pytest.fixture
def settings(tmp_path):
    return tmp_path / "home" / "config.toml"


def test_a_page_is_added_by_its_address_with_its_own_name_and_removed_again(host, settings):
    added = finished("add", host.url + "/history?x=1")
    assert added.code == 0
    assert added.out == f"Added Acme: {host.url} (Atlassian Statuspage, 2 components). Major trouble.\n"
    assert tomlkit.parse(settings.read_text())["pages"][-1].unwrap() == {"name": "Acme", "url": host.url}
    assert f"Acme    {host.url}  (other; every 60 s)" in finished("list").out
    assert finished("list", "--category", "ai").out.startswith("OpenAI ")
    assert "in the settings already" in finished("add", host.url).out
    assert finished("remove", "acme").out.startswith("Removed Acme.")
    assert [page["name"] for page in tomlkit.parse(settings.read_text())["pages"]] == ["OpenAI"]


def test_adding_and_removing_keeps_a_persons_comments(host, settings):
    settings.parent.mkdir()
    before = (
        '# mine\npoll_interval_seconds = 30 # fast\n\n[[pages]]\nname = "Me"\nurl = "http://127.0.0.1:9" # here\n'
    )
    settings.write_text(before)
    assert finished("add", host.url, "--name", "Theirs", "--component", "API").code == 0
    assert settings.read_text().startswith(before)
    assert tomlkit.parse(settings.read_text())["pages"][1].unwrap() == {
        "name": "Theirs",
        "url": host.url,
        "components": ["API"],
    }
    assert finished("remove", "Theirs").code == 0
    assert settings.read_text().rstrip() == before.rstrip()


def test_a_page_that_does_not_answer_is_not_added_unless_told_so(settings):
    refused = finished("add", NOBODY)
    assert refused.code == 3
    assert "--unchecked" in refused.err
    assert not settings.exists()
    assert finished("add", NOBODY, "--unchecked").code == 0
    assert "127.0.0.1:9" in settings.read_text()


def test_a_component_that_the_page_does_not_have_is_named_with_the_nearest(host, settings):
    run = finished("add", host.url, "--component", "APl")
    assert (run.code, run.out) == (2, "")
    assert run.err.splitlines()[-1] == "tray-status: add: Acme was read and has no component “APl”; the nearest: API"
    assert not settings.exists()
    assert finished("add", host.url, "--component", "api").code == 0


@pytest.mark.parametrize("command", [("add", "acme inc"), ("remove", "acme inc"), ("remove", "github")])
def test_a_name_that_means_nothing_is_told(command):
    run = finished(*command)
    assert run.code == 2
    assert command[1].lower() in run.err.lower()


def test_status_as_json_has_the_contracts_shape(host):
    run = finished("status", "--json", "--page", host.url)
    told = json.loads(run.out)
    assert (run.code, told["v"], told["worst"]) == (0, 1, "major")
    (row,) = told["pages"]
    keys = "id name url platform reading problem impact checked_at changed_at incidents maintenances components"
    assert set(row) >= set(keys.split())
    assert (row["platform"], row["reading"], row["problem"], row["maintenances"]) == ("statuspage", "fresh", None, [])
    (trouble,) = row["incidents"]
    assert set(trouble) >= {"id", "name", "impact", "state", "components", "started_at", "url", "updates"}
    assert trouble["updates"] == [
        {"id": "u1", "state": "investigating", "text": "We look into it.", "at": "2026-03-01T12:00:00Z"}
    ]
    assert [(each["name"], each["group"], each["impact"]) for each in row["components"]] == [
        ("API", None, "none"),
        ("Web", None, "major"),
    ]


def test_status_in_words_puts_the_worst_first(host):
    with StatusHost(statuspage(page=page("Fine"))) as fine:
        run = finished("status", "--page", fine.url, "--page", host.url)
    assert run.code == 0
    assert run.out.index("Acme") < run.out.index("Elevated errors") < run.out.index("Fine")
    assert run.out.endswith("1 incident tracked on 2 pages, 1 open.\n")


def test_status_of_a_page_that_cannot_be_read_ends_with_three():
    run = finished("status", "--json", "--page", NOBODY)
    (row,) = json.loads(run.out)["pages"]
    assert (run.code, row["impact"], row["reading"]) == (3, "unknown", "unreachable")


def test_events_prints_the_log_and_goes_on_after_a_number(host):
    assert finished("events").out == ""
    finished("--once", "--page", host.url)
    everything = finished("events", "--json").out.splitlines()
    assert [json.loads(each)["kind"] for each in everything] == ["opened"]
    seq = json.loads(everything[-1])["seq"]
    assert finished("events", "--json", "--after", str(seq)).out == ""
    assert finished("events", "--json", "--after", str(seq - 1)).out.splitlines() == everything
    assert [block["Incident"] for block in blocks(finished("events", "--page", host.url).out)] == ["Elevated errors"]
    assert finished("events", "--after", "x").code == 2


def test_events_name_their_page_only_where_several_are_watched(host, settings):
    finished("--once", "--page", host.url)
    assert "Page" in blocks(finished("events").out)[0], "OpenAI is watched, and this is another page"
    assert "Page" not in blocks(finished("events", "--page", host.url).out)[0]
    settings.write_text(f'[[pages]]\nname = "Acme"\nurl = "{host.url}"\n')
    assert "Page" not in blocks(finished("events").out)[0]
    settings.write_text(settings.read_text() + f'[[pages]]\nname = "B"\nurl = "{NOBODY}"\n')
    assert blocks(finished("events").out)[0]["Page"] == "Acme"
    settings.write_text("wrong")
    assert blocks(finished("events").out)[0]["Page"] == "Acme"


def test_config_tells_its_path_checks_and_prints_its_schema(settings):
    assert finished("config", "path").out.strip() == str(settings)
    settings.parent.mkdir()
    settings.write_text('[[pages]]\nname = "A"\nurl = "http://127.0.0.1:9"\ncolour = "red"\n')
    wrong = finished("config", "check")
    assert wrong.code == 2
    assert f"{settings}, line 4" in wrong.err
    assert "colour" in wrong.err
    settings.write_text('[[pages]]\nname = "A"\nurl = "http://127.0.0.1:9"\n')
    assert finished("config", "check").code == 0
    schema = json.loads(finished("config", "schema").out)
    assert "poll_interval_seconds" in json.dumps(schema)


@pytest.mark.skipif(sys.platform == "win32", reason="the editor is a shell script")
def test_config_check_tells_every_mistake_with_its_line(settings):
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(
        "poll_interval_seconds = 0\nquiet = 1\n\n[[pages]]\nname = 'A'\nurl = 'x'\nprobe = 'y'\n\n"
        "[[pages]]\nurl = 3\nenabled = 'no'\nregons = []\n\n[[pages]]\nname = 'A'\nurl = 'https://b.example'\n"
    )
    run = finished("config", "check")
    assert run.code == 2
    told = [line.partition(f"{settings}, line ")[2] for line in run.err.splitlines()]
    assert [line.partition(":")[0] for line in told] == ["1", "2", "6", "7", "9", "10", "11", "12", "15"]
    assert "3: name: “A” names two pages" in told[-1]


def test_config_edit_without_an_editor_says_where_the_file_is(settings, tmp_path):
    bare = {"EDITOR": "", "VISUAL": "", "DISPLAY": "", "WAYLAND_DISPLAY": "", "PATH": str(tmp_path)}
    run = finished("config", "edit", environment=bare)
    assert (run.code, f"no editor was found; name yours in EDITOR, such as EDITOR=nano, or open {settings}" in run.err) == (
        2, True,
    )  # fmt: skip
    run = finished("config", "edit", environment={"EDITOR": "false", "VISUAL": ""})
    assert (run.code, f"false ended with 1; the settings are in {settings}" in run.err) == (1, True)


def test_what_stands_in_comments_stays_when_a_page_is_removed(settings):
    finished("config", "edit", environment={"EDITOR": "true", "VISUAL": ""})
    before = [line for line in settings.read_text().splitlines() if line.startswith("#")]
    assert finished("remove", "openai").code == 0
    after = settings.read_text().splitlines()
    assert [line for line in before if line not in after] == []


def test_diagnostics_are_our_own():
    with StatusHost(statuspage()) as host:
        run = finished("--console", "--once", "--verbose", "--page", host.url)
    assert "DEBUG" in run.err
    assert not [
        line for line in run.err.splitlines() if "Attempting to acquire lock" in line or "Starting new HTTP" in line
    ]


def test_config_edit_opens_the_editor_on_a_file_that_is_there(settings, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\ncat "$1" > "{tmp_path}/seen"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    environment = {"EDITOR": str(editor), "VISUAL": ""}
    assert finished("config", "edit", environment=environment).code == 0
    assert (tmp_path / "seen").read_text() == settings.read_text()


@pytest.mark.skipif(sys.platform == "win32" or not os.geteuid(), reason="root may write everywhere")
def test_settings_that_cannot_be_written_are_told(host, settings):
    settings.parent.mkdir(mode=0o500)
    run = finished("add", host.url)
    assert run.code != 0
    assert str(settings) in run.err


def test_a_running_program_takes_up_what_is_added(host):
    with StatusHost(statuspage()) as fine:
        finished("add", fine.url, "--name", "Fine")
        finished("remove", "openai")
        with Program("--console") as program:
            program.wait_for("0 open.\n")
            finished("add", host.url)
            program.wait_for("Watching 2 pages: Fine, Acme")
            program.wait_for("Elevated errors")
            program.end()


def test_add_chooses_parts_of_a_page_that_is_watched_already_and_keeps_the_comments(tmp_path):
    documents = statuspage(incident("inc1", update("u1")), components=[component("API"), component("Web")])
    with StatusHost(documents) as host:
        assert finished("add", host.url, "--name", "Acme").code == 0
        settings = Path(os.environ["TRAY_STATUS_HOME"]) / "config.toml"
        settings.write_text(settings.read_text().replace('name = "Acme"', 'name = "Acme"  # ours'))
        run = finished("add", "Acme", "--component", "Web", "--region", "eu-west-1")
        assert (run.code, run.out) == (0, "Watched of Acme: only Web; only what is in eu-west-1.\n")
        text = settings.read_text()
        assert 'name = "Acme"  # ours' in text
        assert 'components = ["Web"]' in text
        assert 'regions = ["eu-west-1"]' in text
        assert "only Web; only in eu-west-1" in finished("list").out
        wrong = finished("add", "Acme", "--component", "Wob")
        assert wrong.code == 2
        assert "has no component “Wob”; the nearest: Web" in wrong.err
        assert settings.read_text() == text


def test_add_asks_which_components_matter(tmp_path):
    documents = statuspage(components=[component("API"), component("Web"), component("Mail")])
    with StatusHost(documents) as host:
        run = subprocess.run(
            [*TRAY_STATUS, "add", host.url, "--name", "Acme", "--choose"],
            input="9\nnothing\n2-3\n", capture_output=True, text=True, cwd=ROOT, timeout=60,
        )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "“9” is not between 1 and 3." in run.stderr
    assert "“nothing” is none of these." in run.stderr
    assert "Watched: only Mail, Web." in run.stdout


def add_choosing(host, answer):
    return subprocess.run(
        [*TRAY_STATUS, "add", host.url, "--choose"],
        input=answer, capture_output=True, text=True, cwd=ROOT, timeout=60,
    )  # fmt: skip


def test_choosing_again_keeps_what_was_chosen_unless_something_else_is_said(tmp_path):
    documents = statuspage(components=[component("API"), component("Web")])
    file = tmp_path / "home" / "config.toml"
    with StatusHost(documents) as host:
        assert add_choosing(host, "1\n").returncode == 0
        before = file.read_text()
        ended = add_choosing(host, "")
        assert (ended.returncode, file.read_text()) == (2, before)
        assert "the input ended before anything was chosen, so nothing was changed" in ended.stderr
        kept = add_choosing(host, "\n")
        assert "Enter to keep API" in kept.stderr
        assert kept.stdout.endswith("only API.\n")
        assert add_choosing(host, "all\n").stdout.endswith("all of it.\n")
    assert "components = [" not in file.read_text().partition(host.url)[2]


def test_a_watched_page_gets_another_name(tmp_path):
    run = finished("add", "openai", "--name", "Mine")
    assert (run.code, run.out.splitlines()[0]) == (0, "OpenAI is called Mine from now on.")
    run = finished("list", "--json")
    (page,) = json.loads(run.out)["pages"]
    assert (page["name"], page["url"], page["enabled"]) == ("Mine", "https://status.openai.com", True)
    assert finished("remove", "openai").out.startswith("Removed Mine.")


def test_remove_offers_what_is_watched_and_nothing_else():
    finished("list")
    run = finished("remove", "opnai")
    assert (run.code, "did you mean “OpenAI”?" in run.err) == (2, True)
    run = finished("remove", "github")
    assert (run.code, "is not in the settings; `tray-status list` shows what is" in run.err) == (2, True)


def test_detect_takes_a_name_that_is_known_and_offers_one_that_is_near():
    run = finished("detect", "githb")
    assert (run.code, "did you mean “GitHub”?" in run.err) == (2, True)
    assert "Looking at https://www.githubstatus.com" in finished("detect", "github").err


def test_search_wants_a_text_and_catalogue_path_is_a_path():
    run = finished("search", "")
    assert (run.code, "write a name, part of one, or a category" in run.err) == (2, True)
    assert Path(finished("catalogue", "path").out.strip()).is_file()


def test_add_on_a_fresh_home_knows_what_the_first_settings_watch():
    run = finished("add", "openai")
    assert (run.code, run.out) == (0, "OpenAI is in the settings already (https://status.openai.com).\n")


def test_detect_tells_what_is_at_an_address_or_what_was_tried_in_vain():
    with StatusHost(statuspage(incident("inc1", update("u1")), components=[component("API")])) as host:
        run = finished("detect", host.url)
        assert run.code == 0
        assert "Platform   : Atlassian Statuspage (found with " in run.out
        assert "Components : 1 component" in run.out
        assert "1 incident open" in run.out
        told = json.loads(finished("detect", host.url, "--json").out)
        assert (told["platform"], told["open"], told["components"][0]["name"]) == ("statuspage", 1, "API")
        host.documents = {"": b"<!doctype html><title>Acme</title>"}
        run = finished("detect", host.url)
        assert run.code == 3
        assert "no status page was found that can be read" in run.out
        assert f"  {host.url}/summary.json  is not there\n" in run.out
    assert finished("detect", "not an address").code == 2


def test_search_finds_pages_by_name_and_says_so_where_there_is_none():
    assert finished("search", "opnai").out.startswith("OpenAI ")
    assert json.loads(finished("search", "githb", "--json").out)[0]["id"] == "github"
    nothing = finished("search", "zzqqxx")
    assert (nothing.code, nothing.out) == (1, "")


def test_a_newer_catalogue_is_taken_from_a_file_or_an_address_and_a_wrong_one_is_not(tmp_path):
    text = (
        "id,name,url,platform,category,homepage,aliases\nacme,Acme,https://status.acme.example,,other,,road runner\n"
    )
    newer = tmp_path / "newer.csv"
    newer.write_text(text)
    assert finished("catalogue", "check", str(newer)).out == f"{newer}: 1 page, nothing is wrong.\n"
    assert finished("catalogue", "update", str(newer)).out.startswith("1 page known from now on: 1 new, ")
    assert "https://status.acme.example" in finished("search", "road runner").out
    with StatusHost({"/pages.csv": text.replace("acme.example", "zenith.example").encode()}) as host:
        assert finished("catalogue", "update", f"{host.url}/pages.csv").code == 0
        assert "https://status.zenith.example" in finished("search", "road runner").out
        missing = finished("catalogue", "update", f"{host.url}/nothing.csv")
        assert (missing.code, "HTTP 404" in missing.err) == (1, True)
    newer.write_text(text + "acme,Other,ftp://x,nonsuch,what,,\n")
    wrong = finished("catalogue", "update", str(newer))
    assert wrong.code == 1
    for words in ("“acme” is a name of 2 pages", "acme: url: must be", "platform: “nonsuch” is not known"):
        assert words in wrong.err
    assert "https://status.zenith.example" in finished("search", "road runner").out
    assert finished("catalogue", "reset").code == 0
    assert finished("search", "road runner").code == 1
