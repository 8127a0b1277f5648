"""The settings file: what is taken, what is refused in which words, and what a person wrote stays."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from tray_status.config import PageSetting, choose_pages, load_settings, read_interval
from tray_status.config.choice import rules_of
from tray_status.config.file import FIRST, add_pages, remove_page, set_for_all, write_first
from tray_status.config.settings import Settings, parse_settings, settings_schema
from tray_status.core.attention import Rules
from tray_status.core.model import Impact
from tray_status.core.schedule import next_due
from tray_status.errors import SettingsError, UsageError

FILE = Path("mine.toml")
INLINE = """pages = [
  {{name = "A{{,", url = "https://a.example"}}, # {{
  {{name = "B", url = "https://b.example", enabled = {} }}]
"""
PAGE = '[[pages]]\nname = "Acme"\nurl = "https://status.acme.example"\n'


def pages(text, *wanted, environment=None, interval=None):
    return choose_pages(parse_settings(text, FILE), wanted, environment or {}, interval)


def refusal(text):
    with pytest.raises(SettingsError) as refused:
        parse_settings(text, FILE)
    return str(refused.value)


# What is taken


def test_no_file_and_an_empty_file_are_the_defaults(tmp_path):
    assert load_settings(tmp_path / "none.toml") == Settings()
    (tmp_path / "empty.toml").touch()
    assert load_settings(tmp_path / "empty.toml") == Settings()
    (page,) = choose_pages(Settings(), (), {}, None)
    assert (page.name, page.url, page.interval) == ("OpenAI", "https://status.openai.com", 60.0)


def test_a_file_that_was_named_must_be_there(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.toml: there is no such file"):
        load_settings(tmp_path / "none.toml", must_exist=True)


def test_a_page_has_all_that_is_said_of_it():
    (page,) = pages(PAGE + 'interval_seconds = 30\ncomponents = ["API", "c2"]\nnotify_from = "major"\n')
    assert (page.name, page.interval, page.components, page.notify_from) == (
        "Acme",
        30.0,
        ("API", "c2"),
        Impact.MAJOR,
    )


def test_a_page_that_is_not_enabled_is_not_watched_unless_it_is_named():
    text = PAGE + 'enabled = false\n[[pages]]\nname = "Other"\nurl = "http://127.0.0.1:9"\n'
    assert [page.name for page in pages(text)] == ["Other"]
    assert [page.name for page in pages(text, "acme")] == ["Acme"]
    for text, line in ((PAGE + "enabled = false\n", 4), ("\npages = [{name = 'OpenAI', enabled = false}]", 2)):
        with pytest.raises(SettingsError, match=rf"^mine\.toml, line {line}: page 1: enabled: no page is enabled"):
            pages(text)


def test_of_the_intervals_the_later_one_wins():
    text = "poll_interval_seconds = 90\n" + PAGE + "interval_seconds = 30\n"
    assert pages(text)[0].interval == 30
    assert pages(text, environment={"POLL_INTERVAL_SECONDS": "20"})[0].interval == 20
    assert pages(text, environment={"POLL_INTERVAL_SECONDS": "20"}, interval=10.0)[0].interval == 10
    assert pages("poll_interval_seconds = 90\n" + PAGE)[0].interval == 90


def test_a_windows_file_with_a_mark_at_its_beginning_is_read(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode())
    assert [page.name for page in load_settings(file).pages] == ["Acme"]


def test_ten_thousand_pages_are_read():
    text = "".join(f'[[pages]]\nname = "P{n}"\nurl = "https://p{n}.example"\n' for n in range(10_000))
    assert len(pages(text)) == 10_000


@pytest.mark.parametrize("text", ["soon", "", "0", "0.9", "-5", "nan", "inf", "-inf", "1e999"])
def test_what_is_no_interval_is_refused_with_its_source(text):
    with pytest.raises(UsageError, match="--interval"):
        read_interval(text, "--interval")


@pytest.mark.parametrize("text", ["1", "1.5", "1e6", "604801", "1e308"])
def test_every_number_from_one_up_is_an_interval_that_a_machine_can_wait_for(text):
    seconds = read_interval(text, "--interval")
    assert seconds == float(text)
    for (page,) in (
        pages(PAGE, interval=seconds),
        pages(PAGE, environment={"POLL_INTERVAL_SECONDS": text}),
        pages(f"poll_interval_seconds = {text}\n" + PAGE),
        pages(PAGE + f"interval_seconds = {text}\n"),
    ):
        assert page.interval == min(seconds, page.interval)
        due = next_due(0.0, page.interval, 1.0)
        assert not threading.Event().wait(min(0.0, due))
        assert due <= threading.TIMEOUT_MAX
        assert datetime.now(timezone.utc) + timedelta(seconds=3 * page.interval)


# What is refused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("poll_interval_seconds = 'x'\n", ["mine.toml, line 1", "poll_interval_seconds", "number"]),
        ("\npoll_intervall_seconds = 5\n", ["line 2", "poll_intervall_seconds", "poll_interval_seconds"]),
        ("pages = 3\n", ["line 1", "pages"]),
        (PAGE + "interval_seconds = 0.5\n", ["line 4", "interval_seconds", "from 1 up"]),
        (PAGE + "components = 'API'\n", ["line 4", "components"]),
        (PAGE + "components = [1]\n", ["line 4", "components"]),
        (PAGE + "notify_from = 'bad'\n", ["line 4", "notify_from", "minor"]),
        (PAGE + PAGE, ["line 5", "Acme"]),
        (PAGE + '[[pages]]\nname = "B"\nurl = "https://status.acme.example/"\n', ["line 6", "as page 1"]),
        ('[[pages]]\nname = ""\nurl = "https://a.example"\n', ["line 2", "name"]),
        ('[[pages]]\nname = "A"\nurl = "ftp://a.example"\n', ["line 3", "url"]),
        ('[[pages]]\nname = "A"\nurl = "https://user:secret@a.example"\n', ["line 3", "url"]),
        (PAGE + "interval_seconds = inf\n", ["line 4", "interval_seconds", "from 1 up"]),
        ("poll_interval_seconds = 1" + "0" * 400, ["line 1", "poll_interval_seconds"]),
        (PAGE + "URL = 'https://a.example'\n", ["line 4", "URL", "did you mean “url”"]),
        ('pages = [{name = "OpenAI", ur = "x"}]\n', ["line 1", "page 1", "ur", "did you mean “url”"]),
        (INLINE.format("1"), ["line 3", "page 2", "enabled"]),
        ('pages = [{name = "A"}]\n', ["line 1", "page 1", "url"]),
        ('[["pages"]] # [[pages]]\nname = "A"\nurl = 3\n', ["line 3", "page 1", "url"]),
        (PAGE.replace("[[pages]]", "# [[pages]]\n[[pages]]") + 'note = "x"\n', ["line 5", "page 1", "note"]),
        ("[[pages]\n", ["mine.toml, line 1"]),
        ("x = [", ["mine.toml, line 1: x: "]),
        ("a = 1\n\nx = [\n  2,\n", ["mine.toml, line 4: x: "]),
        ("poll_interval_seconds = \n", ["mine.toml, line 1: poll_interval_seconds: "]),
        ("a = " + "[" * 5000, ["mine.toml"]),
    ],
)
def test_a_mistake_names_file_line_key_and_what_is_allowed(text, words):
    told = refusal(text)
    for word in words:
        assert word in told
    assert "secret" not in told


def test_what_is_no_text_is_refused(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xff\xfe\x00garbage")
    with pytest.raises(SettingsError, match="not a text file in UTF-8"):
        load_settings(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=9), inner, max_size=3),
    max_leaves=12,
)
KEYS = st.sampled_from(["poll_interval_seconds", "pages", "name", "url", "enabled", "components", "x"])


@given(st.dictionaries(KEYS, VALUES.filter(lambda each: each is not None), max_size=4))
def test_whatever_a_file_says_it_is_taken_or_refused_in_words(table):
    try:
        text = tomlkit.dumps(table)
    except (TypeError, ValueError):
        return  # what TOML cannot say
    with suppress(SettingsError):
        assert parse_settings(text, FILE).poll_interval_seconds >= 1


@given(st.text(max_size=60))
def test_any_text_is_taken_or_refused_in_words(text):
    with suppress(SettingsError):
        assert isinstance(parse_settings(text, FILE), Settings)


# The file itself


def test_the_first_file_has_openai_in_it_and_is_never_written_twice(tmp_path):
    file = tmp_path / "new" / "config.toml"
    assert write_first(file)
    assert file.read_text(encoding="utf-8") == FIRST
    assert [page.name for page in load_settings(file).pages] == ["OpenAI"]
    file.write_text("# mine\n")
    assert not write_first(file)
    assert file.read_text() == "# mine\n"


def test_the_schema_beside_it_names_every_key(tmp_path):
    write_first(tmp_path / "config.toml")
    schema = json.loads((tmp_path / "config.schema.json").read_text(encoding="utf-8"))
    assert schema == json.loads(json.dumps(settings_schema()))
    for key in ("poll_interval_seconds", "interval_seconds", "components", "notify_from", "enabled"):
        assert f'"{key}"' in json.dumps(schema)


def test_what_was_added_is_removed_again_and_all_else_stays_as_it_was(tmp_path):
    file = tmp_path / "config.toml"
    before = '# mine\r\npoll_interval_seconds = 30 # fast\r\n\r\n[[pages]]\r\nname = "Me"  # here\r\nurl = "http://127.0.0.1:9"\r\n'
    file.write_bytes(before.encode())
    add_pages(
        file, [PageSetting(name='Quo"te é', url="https://status.acme.example", components=("API",), regions=("eu",))]
    )
    assert file.read_bytes().startswith(before.encode())
    assert load_settings(file).pages[1].name == 'Quo"te é'
    remove_page(file, 'Quo"te é')
    assert file.read_bytes().rstrip() == before.encode().rstrip()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('notify_from = "minor"  # mine\n\n# Pages\n' + PAGE, 'notify_from = "major"  # mine\n\n# Pages\n' + PAGE),
        (
            "poll_interval_seconds = 9\n\n# Pages\n" + PAGE,
            'poll_interval_seconds = 9\nnotify_from = "major"\n\n# Pages\n' + PAGE,
        ),
        ("sounds = true\r\n", 'sounds = true\r\nnotify_from = "major"\r\n'),
        ("sounds = true # no end of line", 'sounds = true # no end of line\nnotify_from = "major"\n'),
        (PAGE, 'notify_from = "major"\n' + PAGE),
        ("# Nothing yet\n", '# Nothing yet\nnotify_from = "major"\n'),
    ],
    ids=["there already", "after the others", "made on Windows", "one line", "pages only", "comments only"],
)
def test_a_setting_of_all_pages_is_written_and_every_other_word_stays(tmp_path, before, after):
    file = tmp_path / "config.toml"
    file.write_bytes(before.encode())
    set_for_all(file, "notify_from", "major")
    assert file.read_bytes().decode() == after
    set_for_all(file, "sounds", True)
    assert rules_of(load_settings(file)) == Rules(notify_from=Impact.MAJOR, sounds=True)


def test_a_setting_of_all_pages_begins_the_file_where_there_is_none_and_a_wrong_one_is_refused(tmp_path):
    file = tmp_path / "config.toml"
    set_for_all(file, "sounds", True)
    assert file.read_text() == FIRST.replace("seconds = 60\n", "seconds = 60\nsounds = true\n")
    with pytest.raises(SettingsError, match="notify_from"):
        set_for_all(file, "notify_from", "loud")
    assert "loud" not in file.read_text()


def test_a_page_that_is_there_already_is_refused_and_the_file_stays(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(PAGE)
    with pytest.raises(SettingsError, match="Acme"):
        add_pages(file, [PageSetting(name="Acme", url="https://other.example")])
    assert file.read_text() == PAGE


@pytest.mark.skipif(sys.platform == "win32", reason="links and permission bits are others on Windows")
def test_a_link_stays_one_and_permissions_stay_as_they_are(tmp_path):
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_text(PAGE)
    real.chmod(0o640)
    link.symlink_to(real)
    add_pages(link, [PageSetting(name="Other", url="https://other.example")])
    assert link.is_symlink()
    assert len(load_settings(real).pages) == 2
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert not [each for each in os.listdir(tmp_path) if each.endswith(".tmp")]


def test_what_is_said_of_all_pages_reaches_each_of_them():
    text = f'notify_from = "major"\nrelax_when_quiet = true\nrelax_on_battery = false\n\n{PAGE}'
    (page,) = pages(text)
    assert (page.notify_from, page.relax_when_quiet, page.relax_on_battery) == (Impact.MAJOR, True, False)
    (page,) = pages(text + 'notify_from = "minor"\n')
    assert page.notify_from is Impact.MINOR, "what the page itself says counts more"


def rules(text):
    return rules_of(parse_settings(text, Path("config.toml")))


def test_quiet_hours_and_reminders_are_read():
    assert rules("") == Rules()
    told = rules('quiet_hours = "22:00-07:00"\nquiet_except = "major"\nmaintenance_reminder_minutes = 0\n')
    assert (str(told.quiet), told.breaks_through, told.remind) == ("22:00-07:00", Impact.MAJOR, None)
    assert 'line 1: quiet_hours: must be from when to when, such as "22:00-07:00"' in refusal(
        'quiet_hours = "late"\n'
    )
