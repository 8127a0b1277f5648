"""Wrong calls and wrong settings: exit 2, one clear line that names what, where and the cure."""

from __future__ import annotations

import pytest

from tests.loopback import StatusHost, incident, statuspage, update

from .running import Program, finished

NOBODY = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--intervall", "5"], "--intervall"),
        (["--interval", "soon"], "--interval: “soon” is not a number of seconds from 1 up"),
        (["--interval", "0"], "--interval: 0: the interval must be 1 second or more"),
        (["--interval", "nan"], "--interval"),
        (["--console", "--page", "no such vendor"], "“no such vendor” is neither a known page nor an address"),
        (["--console", "--page", "ftp://status.example.com"], "ftp"),
        (["--console", "--page", "http://"], "http://"),
        (["--config", "/nowhere/at/all.toml", "--console"], "/nowhere/at/all.toml"),
        (["--interval", "inf"], "--interval: inf: the interval must come to an end"),
        (["--console", "--page", "opnai"], "did you mean “OpenAI”?"),
        (["--console", "--page", "GITHBU"], "did you mean “GitHub”?"),
        (["--CONSOLE"], "there is no option --CONSOLE; did you mean --console?"),
        (["--demo", "--page", "openai"], "--demo has pages of its own; leave out --page"),
        (["--demo", "--config", "mine.toml"], "--demo reads no settings; leave out --config"),
        (["--demo", "--interval", "0"], "--interval: 0: the interval must be 1 second or more"),
        (
            ["--serve", "--host", "no.such.host.invalid"],
            "--host no.such.host.invalid: this computer has no such address",
        ),
        (["--serve", "--host", "192.0.2.77"], "--host 192.0.2.77: this computer has no such address"),
        (["--serve", "--port", "http"], "--port: “http” is not a port"),
        (["--serve", "--port", "70000"], "--port: “70000” is not a port"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_a_wrong_call_names_what_is_wrong(arguments, words):
    run = finished(*arguments)
    assert run.code == 2
    assert words in run.err
    assert run.out == ""


def test_an_option_that_resembles_none_has_no_suggestion():
    run = finished("--qqqqqq")
    assert run.code == 2
    assert run.err.endswith("there is no option --qqqqqq\n")


@pytest.mark.parametrize(
    ("option", "command"),
    [
        (["--demo"], ["status"]),
        (["--demo"], ["add", "github"]),
        (["--console"], ["status"]),
        (["--serve"], ["events"]),
        (["--once"], ["list"]),
        (["--json"], ["config", "path"]),
        (["--page", "github"], ["add", "openai"]),
        (["--page", "github"], ["doctor"]),
        (["--interval", "5"], ["status"]),
        (["--port", "8000"], ["events"]),
        (["--host", "127.0.0.1"], ["login", "status"]),
    ],
)
def test_what_only_a_mode_obeys_is_refused_before_a_command(option, command, tmp_path):
    run = finished(*option, *command)
    assert run.code == 2
    assert run.err == f"tray-status: {option[0]} has no meaning for `tray-status {command[0]}`; leave it out\n"
    assert run.out == ""
    assert not (tmp_path / "home").exists()


def test_what_a_command_has_too_may_stand_before_it():
    run = finished("--json", "--page", NOBODY, "--verbose", "status")
    assert run.code == 3
    assert '"worst": "unknown"' in run.out


@pytest.mark.parametrize(
    ("settings", "line", "words"),
    [
        ("poll_interval_seconds = 'often'\n", 1, "poll_interval_seconds"),
        ("poll_interval_seconds = 0\n", 1, "poll_interval_seconds"),
        ("poll_intervall_seconds = 60\n", 1, "poll_interval_seconds"),
        ("poll_interval_seconds = \n", 1, "line 1"),
        ('[[pages]]\nname = "A"\n', 1, "url"),
        ('[[pages]]\nname = "A"\nurl = "nonsense://x"\n', 3, "url"),
        ('[[pages]]\nname = "A"\nurl = "http://127.0.0.1:9"\nenabled = "yes"\n', 4, "enabled"),
        ('[[pages]]\nname = "A"\nurl = "http://127.0.0.1:9"\nnotify_from = "huge"\n', 4, "notify_from"),
        ('[[pages]]\nname = "A"\nurl = "http://127.0.0.1:9"\n[[pages]]\nname = "A"\nurl = "http://127.0.0.1:8"\n', 5, "name"),
    ],
)  # fmt: skip
def test_wrong_settings_name_file_line_and_key(tmp_path, settings, line, words):
    file = tmp_path / "mine.toml"
    file.write_text(settings, encoding="utf-8")
    run = finished("--console", "--once", "--config", str(file))
    assert run.code == 2
    assert str(file) in run.err
    assert words in run.err
    assert f"line {line}" in run.err
    assert run.out == ""


@pytest.mark.parametrize(
    ("settings", "environment", "option", "shown"),
    [
        ("", "", None, "60 seconds"),
        ("poll_interval_seconds = 90\n", "", None, "90 seconds"),
        ("poll_interval_seconds = 90\n", "45", None, "45 seconds"),
        ("poll_interval_seconds = 90\n", "45", "2.5", "2.5 seconds"),
        ("", "", "1", "1 second"),
        ("", "", "1000000", "1000000 seconds"),
        ("poll_interval_seconds = 1000000\n", "", None, "1000000 seconds"),
        ("", "1000000", None, "1000000 seconds"),
    ],
)
def test_of_the_intervals_the_later_one_wins(tmp_path, settings, environment, option, shown):
    file = tmp_path / "mine.toml"
    file.write_text(settings, encoding="utf-8")
    more = ["--interval", option] if option else []
    run = finished(
        "--console", "--once", "--config", str(file), "--page", NOBODY, *more,
        environment={"POLL_INTERVAL_SECONDS": environment} if environment else {},
    )  # fmt: skip
    assert f"  Polling every {shown} for new incidents.\n" in run.out


def test_a_page_of_its_own_has_its_own_interval(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'poll_interval_seconds = 30\n[[pages]]\nname = "A"\nurl = "http://127.0.0.1:9"\ninterval_seconds = 5\n'
        '[[pages]]\nname = "B"\nurl = "http://127.0.0.1:8"\n'
    )
    run = finished("--console", "--once", "--config", str(file))
    assert "Polling every 5 to 30 seconds" in run.out


def test_a_wrong_interval_in_the_environment_is_named():
    run = finished("--console", environment={"POLL_INTERVAL_SECONDS": "often"})
    assert run.code == 2
    assert "POLL_INTERVAL_SECONDS: “often” is not a number of seconds" in run.err


def test_help_and_version_are_there():
    assert finished("--version").out.startswith("tray-status ")
    shown = finished("--help")
    assert shown.code == 0
    for option in ("--console", "--once", "--json", "--page", "--interval", "--demo", "--serve", "--verbose"):
        assert option in shown.out


@pytest.mark.parametrize("interval", ["1000000", "1e15", "1e308"])
def test_an_interval_of_any_length_is_waited_for(interval):
    with (
        StatusHost(statuspage(incident("inc1", update("u1")))) as host,
        Program("--console", "--page", host.url, "--interval", interval) as program,
    ):
        program.wait_for("1 open.\n")
        assert program.end() == 0
        assert program.err == ""


@pytest.fixture
def file_as_home(tmp_path, monkeypatch):
    home = tmp_path / "file"
    home.write_text("not a folder")
    monkeypatch.setenv("TRAY_STATUS_HOME", str(home))
    yield home
    assert home.read_text() == "not a folder"


def test_a_home_that_is_a_file_costs_a_mode_its_memory_but_not_the_program(file_as_home):
    with StatusHost(statuspage(incident("inc1", update("u1")))) as host:
        run = finished("--console", "--once", "--page", host.url)
    assert run.code == 0
    assert f"{file_as_home} is not a folder. This run keeps its history in memory only.\n" in run.err
    assert "1 open." in run.out


@pytest.mark.parametrize(
    "command",
    [["events"], ["status"], ["list"], ["add", "github"], ["remove", "github"], ["config", "check"], ["doctor"]],
)
@pytest.mark.parametrize("below", ["", "/deeper"])
def test_a_home_that_is_a_file_is_told_by_every_command(file_as_home, monkeypatch, command, below):
    monkeypatch.setenv("TRAY_STATUS_HOME", f"{file_as_home}{below}")
    run = finished(*command)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"tray-status: TRAY_STATUS_HOME: {file_as_home} is not a folder; name a folder")
    monkeypatch.delenv("TRAY_STATUS_HOME")
    assert finished("--home", str(file_as_home), *command).err.startswith("tray-status: --home: ")


def test_a_history_that_is_no_database_is_set_aside_and_told(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "tray-status.sqlite3").write_bytes(b"garbage" * 1000)
    with StatusHost(statuspage(incident("inc1", update("u1")))) as host:
        run = finished("--console", "--once", "--page", host.url)
    assert run.code == 0
    assert "1 open." in run.out
    assert any(b"garbage" in each.read_bytes() for each in home.iterdir() if each.is_file()), "nothing is thrown away"
    assert "tray-status.sqlite3" in run.out


def test_the_demo_touches_no_settings_and_no_history(tmp_path):
    run = finished("--demo", "--console", "--once")
    assert run.code == 0
    assert "Watching 4 pages" in run.out
    assert not (tmp_path / "home").exists()


def test_the_demo_obeys_an_interval():
    run = finished("--demo", "--console", "--once", "--interval", "5")
    assert "Polling every 5 seconds" in run.out


@pytest.mark.parametrize(
    ("mode", "title"),
    [([], "Console Mode"), (["--console"], "Console Mode"), (["--serve", "--port", "0"], "Server Mode")],
)
def test_one_poll_is_had_in_every_mode_under_its_own_title(mode, title):
    with StatusHost(statuspage(incident("inc1", update("u1")))) as host:
        run = finished(*mode, "--once", "--page", host.url)
        assert run.code == 0
        assert f"  Tray Status — {title}\n" in run.out
        assert run.out.endswith("1 incident tracked on 1 page, 1 open.\n")
    assert finished(*mode, "--once", "--page", NOBODY).code == 3


def test_the_first_start_writes_settings_with_openai_in_them(tmp_path):
    with Program("--console") as program:
        program.wait_for("Watching 1 page: OpenAI")
        program.end()
    text = (tmp_path / "home" / "config.toml").read_text(encoding="utf-8")
    assert 'url = "https://status.openai.com"' in text
    assert "# " in text
