"""Hooks and webhooks in the settings: what is taken, and what is refused in which words, never with a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from tray_status.catalogue import page_id
from tray_status.config.settings import all_mistakes, parse_settings, settings_schema
from tray_status.config.targets import page_ids, wants_of
from tray_status.core.events import EventKind
from tray_status.core.model import Impact
from tray_status.core.targets import Wants
from tray_status.errors import SettingsError

FILE = Path("mine.toml")
PAGES = '[[pages]]\nname = "Acme"\nurl = "https://status.acme.example"\n[[pages]]\nname = "OpenAI"\n'
SECRET = "https://hooks.example/T0SECRET"


def test_all_that_can_be_said_is_taken():
    told = parse_settings(
        PAGES
        + '[[hooks]]\ncommand = ["~/bin/notify", "--quiet"]\nfrom = "major"\npages = ["acme", "openai"]\n'
        + 'kinds = ["opened", "resolved"]\ntimeout_seconds = 5\n'
        + f'[[webhooks]]\nname = "team"\nformat = "slack"\nurl = "{SECRET}"\n'
        + '[[webhooks]]\nname = "signed"\nurl_env = "URL"\nsecret_file = "key"\nenabled = false\n',
        FILE,
    )
    (hook,), (team, signed) = told.hooks, told.webhooks
    assert (hook.title, team.title, signed.enabled) == ("notify", "team", False)
    ids = page_ids((page.name, page.url) for page in told.pages)
    assert wants_of(hook, ids) == Wants(
        frozenset({page_id("https://status.acme.example"), "openai"}),
        Impact.MAJOR,
        frozenset({EventKind.OPENED, EventKind.RESOLVED}),
    )
    assert wants_of(team, ids).for_people
    assert not wants_of(signed, ids).for_people


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[hooks]]\n", "line 6: hook 1: command: must be a program and its arguments"),
        ('[[hooks]]\ncommand = "notify"\n', "line 7: hook 1: command: must be a program"),
        ('[[hooks]]\ncommand = ["a"]\ntimeout_seconds = 0\n', "line 8: hook 1: timeout_seconds: must be a number"),
        ('[[hooks]]\ncommand = ["a"]\nform = "minor"\n', "line 8: hook 1: form: is not a known setting; did you mean “from”"),
        ('[[hooks]]\ncommand = ["a"]\nfrom = "bad"\n', 'line 8: hook 1: from: must be "none"'),
        ('[[hooks]]\ncommand = ["a"]\nkinds = ["open"]\n', "line 8: hook 1: kinds: must be a list of kinds"),
        ('[[hooks]]\ncommand = ["x/a"]\n[[hooks]]\ncommand = ["y/a"]\n', "line 8: hook 2: name: “a” names two of them"),
        ('[[hooks]]\ncommand = ["a"]\npages = ["Acne"]\n', "line 8: hook 1: pages: “Acne” is none of your pages; did you mean “acme”?"),
        ('[[webhooks]]\nurl_env = "A"\n', "line 6: webhook 1: name: must be a text"),
        ('[[webhooks]]\nname = "t"\n', "line 6: webhook 1: url: exactly one of url, url_env"),
        ('[[webhooks]]\nname = "t"\nurl_env = "A"\nurl_file = "b"\n', "line 9: webhook 1: url_file: exactly one of"),
        ('[[webhooks]]\nname = "t"\nurl = "ftp://T0SECRET"\n', "line 8: webhook 1: url: must be an http or https address"),
        ('[[webhooks]]\nname = "t"\nformat = "apprise"\nurl = "T0SECRET"\n', "line 9: webhook 1: url: must be one that apprise knows"),
        ('[[webhooks]]\nname = "t"\nformat = "irc"\nurl_env = "A"\n', 'line 8: webhook 1: format: must be "json"'),
        ('[[webhooks]]\nname = "t"\nformat = "slack"\nurl_env = "A"\nsecret_env = "B"\n', "line 10: webhook 1: secret_env: only"),
        ("hooks = 3\n", "line 1: hooks: must be tables, each begun with [[hooks]]"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_key_and_repeats_no_secret(text, words):
    whole = text + PAGES if text.startswith("hooks") else PAGES + text
    with pytest.raises(SettingsError) as refused:
        parse_settings(whole, FILE)
    assert f"mine.toml, {words}" in str(refused.value)
    assert "T0SECRET" not in str(refused.value)
    assert str(refused.value) in [str(each) for each in all_mistakes(whole, FILE)]


def test_all_mistakes_of_all_tables_are_told_at_once():
    text = '[[pages]]\nname = ""\n[[hooks]]\ncommand = []\n[[webhooks]]\nname = "t"\nurl = "x"\n'
    assert [each.line for each in all_mistakes(text, FILE)] == [2, 4, 7]


def test_editors_are_told_the_shape():
    shapes = settings_schema()["$defs"]
    assert "from" in shapes["HookSetting"]["properties"]
    assert "least" not in shapes["WebhookSetting"]["properties"]
    assert shapes["WebhookSetting"]["properties"]["format"]["enum"] == [
        "apprise",
        "discord",
        "json",
        "slack",
        "teams",
    ]
