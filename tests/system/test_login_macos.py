"""The launch agent: what launchd is told, and what is read back from it."""

from __future__ import annotations

import os
import plistlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.system.login.entry import CannotStartAtLogin, Entry
from tray_status.system.login.macos import LABEL, LaunchAgent, launch_agent, read_launch_agent

COMMAND = ("/Users/ada/my tools/bin/tray-status", "--home", "/Users/ada/<a & b> 100%")


def agent(**more):
    return plistlib.dumps({**plistlib.loads(launch_agent(COMMAND)), **more})


def test_launchd_is_told_to_start_it_at_login_in_the_graphical_session_only():
    assert plistlib.loads(launch_agent(COMMAND)) == {
        "Label": "io.github.tray-status",
        "ProgramArguments": list(COMMAND),
        "RunAtLoad": True,
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Interactive",
    }


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1))
def test_whatever_is_written_is_read_back(command):
    assert read_launch_agent(launch_agent(command)) == Entry(tuple(command), on=True)


def test_an_agent_in_the_binary_format_is_read_too():
    content = plistlib.dumps(plistlib.loads(launch_agent(COMMAND)), fmt=plistlib.FMT_BINARY)
    assert read_launch_agent(content) == Entry(COMMAND, on=True)


@pytest.mark.parametrize("more", [{"Disabled": True}, {"RunAtLoad": False}])
def test_an_agent_that_launchd_does_not_start_reads_as_off(more):
    assert read_launch_agent(agent(Disabled=False)).on
    assert read_launch_agent(agent(**more)) == Entry(COMMAND, on=False)


def test_an_agent_may_name_its_program_alone():
    content = plistlib.dumps({"Label": LABEL, "Program": "/bin/x", "RunAtLoad": True})
    assert read_launch_agent(content) == Entry(("/bin/x",), on=True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no list at all",
        b"<plist><dict>",
        b"<?xml version='1.0'?><plist><date>never</date></plist>",
        b"bplist00",
        b"bplist00" + b"\xff" * 40,
        plistlib.dumps(["a list"]),
        plistlib.dumps({}),
        agent(ProgramArguments=[]),
        agent(ProgramArguments=[1, 2]),
        agent(ProgramArguments="text"),
    ],
)
def test_a_file_that_is_no_agent_starts_nothing(content):
    assert read_launch_agent(content) == Entry((), on=False)


@given(st.binary())
def test_no_content_whatever_makes_reading_fail(content):
    for start in (b"", b"bplist00", b"<?xml version='1.0'?><plist>"):
        assert not read_launch_agent(start + content).on


@pytest.mark.parametrize("program", ["/opt/\udcff/x", "/opt/\x01/x"])
def test_a_program_that_no_agent_can_name_is_refused_with_the_cure(program):
    with pytest.raises(CannotStartAtLogin, match="folder"):
        launch_agent([program])


def test_the_file_is_named_after_its_label_and_is_all_that_is_left_or_removed(tmp_path):
    place = LaunchAgent(tmp_path)
    assert place.read() is None
    place.write(COMMAND)
    place.write(COMMAND)
    folder = tmp_path / "Library" / "LaunchAgents"
    assert os.listdir(folder) == [f"{LABEL}.plist"]
    assert not (folder / f"{LABEL}.plist").stat().st_mode & 0o022, "launchd refuses what others may write to"
    assert place.read() == Entry(COMMAND, on=True)
    place.remove()
    assert os.listdir(folder) == []
