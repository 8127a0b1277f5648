"""Hooks: programs that get an event, with a time limit, a few at once; what they do and print harms nobody."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.specimens import ACME, NOW, TIMEOUT, event, incident, update
from tests.waiting import wait_until
from tray_status.config.targets import HookSetting
from tray_status.core.events import EventKind, to_json
from tray_status.core.targets import Fate, Wants
from tray_status.outputs.couriers import Couriers
from tray_status.outputs.hooks import AT_ONCE, Hook, variables
from tray_status.store import Store

EVENT = event(subject=incident(update(1, text="Words — “of” the\nvendor; $(touch x) `y`"))).numbered(17)
posix = pytest.mark.skipif(sys.platform == "win32", reason="groups of processes are of POSIX")


def hook(tmp_path, code, *arguments, name="", seconds=20.0):
    """A hook that is a Python program."""
    setting = HookSetting(command=(sys.executable, "-c", code, *arguments), name=name, timeout_seconds=seconds)
    environment = {**os.environ, "NOTIFY_SOCKET": "/run/none", "TRAY_STATUS_HOME": str(tmp_path)}
    return Hook(setting, Wants(), environment, tmp_path)


def test_the_event_comes_on_stdin_and_in_the_environment_and_no_shell_reads_it(tmp_path):
    code = "import json,os,sys; json.dump([sys.stdin.read(), dict(os.environ), sys.argv[1:]], open('told', 'w'))"
    assert hook(tmp_path, code, "$HOME; *", "a b").tell(EVENT).fate is Fate.TAKEN
    line, environment, arguments = json.loads((tmp_path / "told").read_text())
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert json.loads(line) == to_json(EVENT)
    assert arguments == ["$HOME; *", "a b"]
    assert environment["TRAY_STATUS_SEQ"] == "17"
    assert environment["TRAY_STATUS_KIND"] == "opened"
    assert environment["TRAY_STATUS_PAGE"] == "Acme"
    assert environment["TRAY_STATUS_IMPACT"] == "minor"
    assert environment["TRAY_STATUS_TEXT"] == EVENT.update.text
    assert environment["TRAY_STATUS_HOME"] == str(tmp_path), "a hook may ask this program of the same home"
    assert "NOTIFY_SOCKET" not in environment, "what the service manager told us is for us"
    assert [each.name for each in tmp_path.iterdir()] == ["told"]


def test_what_does_not_apply_is_empty():
    told = variables(event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT))
    assert told["TRAY_STATUS_READING"] == "unreachable"
    assert told["TRAY_STATUS_PROBLEM"] == TIMEOUT.text
    assert told["TRAY_STATUS_INCIDENT"] == told["TRAY_STATUS_IMPACT"] == ""
    assert told.keys() == variables(EVENT).keys()


@posix
def test_one_that_hangs_is_killed_with_all_that_it_began(tmp_path):
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open('pids', 'w').write(str(child.pid)); print('began', flush=True); time.sleep(600)"
    )
    hanging = hook(tmp_path, code, seconds=1.5)
    reply = hanging.tell(EVENT)
    assert reply.fate is Fate.REFUSED
    assert "killed, for it took more than 1.5 s" in reply.words
    assert reply.printed == "began"
    child = int((tmp_path / "pids").read_text())
    wait_until(lambda: is_gone(child), "the grandchild is gone too")


def is_gone(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False
    return state == "Z"  # nobody has asked how it ended


@pytest.mark.parametrize(
    ("code", "words", "printed"),
    [
        ("print('no'); raise SystemExit(3)", "exit code 3", "no"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "by signal 9", ""),
        ("import sys; sys.stderr.write('\\x1b[31mred\\x07'); sys.exit(1)", "exit code 1", "red"),
    ],
)
def test_one_that_fails_is_told(tmp_path, caplog, code, words, printed):
    if sys.platform == "win32" and "SIGKILL" in code:
        pytest.skip("no such signal")
    with caplog.at_level(logging.INFO, "tray_status"):
        reply = hook(tmp_path, code, name="mine").tell(EVENT)
    assert reply.fate is Fate.REFUSED
    assert words in reply.words
    assert reply.printed == printed
    assert not printed or f"mine, at event 17: {printed}" in caplog.text


def test_one_that_is_not_there_is_told(tmp_path):
    missing = Hook(HookSetting(command=("no-such-program-here",)), Wants(), dict(os.environ), tmp_path)
    assert missing.tell(EVENT).fate is Fate.NOT_SENT
    assert "no-such-program-here cannot be started: No such file" in missing.tell(EVENT).words


def test_whether_it_reads_is_its_own_affair_and_floods_are_cut(tmp_path):
    large = event(subject=incident(update(1, text="x" * 200_000)))
    code = "import sys\nfor _ in range(300): sys.stdout.write('y' * 10_000 + '\\n')"
    reply = hook(tmp_path, code).tell(large)
    assert reply.fate is Fate.TAKEN
    assert 0 < len(reply.printed) <= 8 * 1024


@posix
def test_something_left_in_the_background_is_not_waited_for(tmp_path):
    code = "import subprocess, sys; p = subprocess.Popen(['sleep', '30']); open('pid', 'w').write(str(p.pid))"
    began = time.monotonic()
    assert hook(tmp_path, code).tell(EVENT).fate is Fate.TAKEN
    assert time.monotonic() - began < 10
    os.kill(int((tmp_path / "pid").read_text()), 9)


def test_a_few_run_at_once_and_each_in_order(tmp_path):
    code = (
        "import os, sys, time, json, pathlib\n"
        "me = pathlib.Path(f'{sys.argv[1]}.running'); me.touch()\n"
        "time.sleep(0.15); at_once = len(list(pathlib.Path('.').glob('*.running'))); me.unlink()\n"
        "open(sys.argv[1] + '.told', 'a').write(f\"{os.environ['TRAY_STATUS_SEQ']} {at_once}\\n\")"
    )
    hooks = [hook(tmp_path, code, f"h{number}", name=f"h{number}") for number in range(AT_ONCE + 3)]
    store = Store.open(None)
    running = Couriers(store, lambda _output: 0)
    running.watch(hooks)
    for _ in range(3):
        with store.writing(ACME) as writing:
            writing.append([event(subject=incident(update(1)))], NOW)
    wait_until(lambda: all(store.cursor(each.output) == 3 for each in hooks), "all were begun", 60)

    def told():
        rows = [path.read_text().split() for path in tmp_path.glob("*.told")]
        return rows if len(rows) == len(hooks) and all(len(each) == 6 for each in rows) else None

    rows = wait_until(told, "all have ended", 60)
    running.stop()
    store.close()
    assert all(each[::2] == ["1", "2", "3"] for each in rows)
    assert max(int(number) for each in rows for number in each[1::2]) <= AT_ONCE


def test_what_waits_for_its_turn_at_the_end_of_the_program_is_run_by_the_next_one(tmp_path):
    code = "import sys; open(sys.argv[1] + '.told', 'a').write('x')"
    store = Store.open(None)
    with ExitStack() as busy:
        for _ in range(AT_ONCE):
            busy.enter_context(hook(tmp_path, code, "busy").turn())
        waiting = hook(tmp_path, code, "mine", name="mine")
        running = Couriers(store, lambda output: store.cursor(output) or 0)
        running.watch([waiting])
        with store.writing(ACME) as writing:
            writing.append([event(subject=incident(update(1)))], NOW)
        running.stop()
    assert (store.cursor(waiting.output) or 0) == 0
    again = Couriers(store, lambda output: store.cursor(output) or 0)
    again.watch([hook(tmp_path, code, "mine", name="mine")])
    wait_until(lambda: (tmp_path / "mine.told").exists(), "it was run", 30)
    again.stop()
    store.close()


@posix
def test_the_end_of_the_program_ends_what_runs(tmp_path):
    hanging = hook(
        tmp_path, "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)", seconds=600
    )
    replies = []
    thread = threading.Thread(target=lambda: replies.append(hanging.tell(EVENT)))
    thread.start()
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), "it runs")
    hanging.end()
    thread.join(10)
    assert "the program ends" in replies[0].words
    assert is_gone(int((tmp_path / "pid").read_text()))
