"""The Run key and its mark, on a registry in memory; on Windows on the real one too, below a key of the tests'."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.system.login.entry import CannotStartAtLogin, Entry
from tray_status.system.login.windows import APPROVED, RUN, VALUE, RunKey, WindowsRegistry, is_off, split

COMMAND = (r"C:\Users\Ada Lovelace\venv\Scripts\tray-status-tray.exe", "--home", "D:\\a b\\")
SWITCHED_OFF = bytes.fromhex("030000009a2f1c1e5d0cda01")
SWITCHED_ON = bytes.fromhex("020000000000000000000000")


class MemoryRegistry:
    """Keys by path, without regard to case as Windows has it; values of any kind."""

    def __init__(self):
        self.values: dict[tuple[str, str], object] = {}
        self.denied: set[str] = set()
        """Keys that a policy keeps from being changed."""

    def get(self, key, value):
        return self.values.get(self._place(key, value))

    def set(self, key, value, text):
        self._check(key)
        self.values[self._place(key, value)] = text

    def delete(self, key, value):
        self._check(key)
        self.values.pop(self._place(key, value), None)

    def _check(self, key):
        if key in self.denied:
            raise PermissionError(13, "Access is denied")

    @staticmethod
    def _place(key, value):
        return key.casefold(), value.casefold()


@pytest.fixture
def registry():
    return MemoryRegistry()


@pytest.fixture
def place(registry):
    return RunKey(registry)


def test_the_command_line_is_quoted_as_windows_programs_read_it(registry, place):
    place.write(COMMAND)
    line = r'"C:\Users\Ada Lovelace\venv\Scripts\tray-status-tray.exe" --home "D:\a b\\"'
    assert registry.get(r"Software\Microsoft\Windows\CurrentVersion\Run", "Tray Status") == line


def test_what_is_written_is_read_back_and_removed_without_a_trace(registry, place):
    assert place.read() is None
    place.write(COMMAND)
    place.write(COMMAND)
    assert place.read() == Entry(COMMAND, on=True)
    place.remove()
    place.remove()
    assert registry.values == {}


@pytest.mark.parametrize(
    ("mark", "off"),
    [
        (None, False),
        (SWITCHED_ON, False),
        (SWITCHED_OFF, True),
        (b"\x06" + bytes(11), False),
        (b"\x07" + bytes(11), True),
        (b"\x01", True),
        (b"", False),
        ("text", False),
        (3, False),
    ],
)
def test_an_odd_first_byte_means_that_somebody_switched_it_off(registry, place, mark, off):
    place.write(COMMAND)
    if mark is not None:
        registry.set(APPROVED, VALUE, mark)
    assert is_off(mark) is off
    assert place.read() == Entry(COMMAND, on=not off)


def test_writing_removes_the_mark_that_switched_it_off(registry, place):
    registry.set(RUN, VALUE, "old.exe")
    registry.set(APPROVED, VALUE, SWITCHED_OFF)
    place.write(COMMAND)
    assert registry.get(APPROVED, VALUE) is None
    assert place.read() == Entry(COMMAND, on=True)


def test_removing_takes_the_mark_along_and_leaves_other_programs_alone(registry, place):
    registry.set(RUN, "Other", "other.exe")
    registry.set(APPROVED, "Other", SWITCHED_OFF)
    before = dict(registry.values)
    place.write(COMMAND)
    registry.set(APPROVED, VALUE, SWITCHED_OFF)
    place.remove()
    assert registry.values == before


def test_a_mark_without_a_value_is_no_entry(registry, place):
    registry.set(APPROVED, VALUE, SWITCHED_ON)
    assert place.read() is None


@pytest.mark.parametrize("held", ["", "   ", b"bytes", 7])
def test_a_value_that_is_no_command_starts_nothing(registry, place, held):
    registry.set(RUN, VALUE, held)
    assert place.read() == Entry((), on=False)


def test_a_command_too_long_for_windows_is_refused_with_the_cure(registry, place):
    with pytest.raises(CannotStartAtLogin, match="shorter path"):
        place.write(["C:\\" + "a" * 258])
    assert registry.values == {}


def test_a_registry_that_refuses_is_told_with_the_cure(registry, place):
    registry.denied = {RUN}
    for action, word in ((lambda: place.write(COMMAND), "written"), (place.remove, "removed")):
        with pytest.raises(CannotStartAtLogin, match=rf"cannot be {word} \(Access is denied\); a policy"):
            action()


@given(st.lists(st.text(st.characters(codec="utf-8") | st.sampled_from('\\" \t')), max_size=5))
def test_a_command_line_is_split_as_it_was_joined(command):
    # list2cmdline quotes for blanks and tabs only, as Windows splits; other white space is part of an argument.
    assert split(subprocess.list2cmdline(command)) == tuple(command)


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        # From Microsoft's table of how C programs read a command line.
        (r'"a b c" d e', ("a b c", "d", "e")),
        (r'"ab\"c" "\\" d', ('ab"c', "\\", "d")),
        (r'a\\\b d"e f"g h', (r"a\\\b", "de fg", "h")),
        (r"a\\\"b c d", (r"a\"b", "c", "d")),
        (r'a\\\\"b c" d e', (r"a\\b c", "d", "e")),
        (r'"C:\x y\z.exe"   --a', (r"C:\x y\z.exe", "--a")),
        ('"never ended', ("never ended",)),
    ],
)
def test_a_command_line_is_split_as_microsoft_says(line, arguments):
    assert split(line) == arguments


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has a registry")
def test_the_real_registry_keeps_reads_and_forgets_a_value():
    root = r"Software\Tray Status tests" + "\\"
    registry = WindowsRegistry(root)
    place = RunKey(registry)
    place.remove()
    assert place.read() is None
    place.write(COMMAND)
    assert place.read() == Entry(COMMAND, on=True)
    place.remove()
    assert place.read() is None
