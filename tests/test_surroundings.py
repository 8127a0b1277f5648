"""What changes around a running program."""

from __future__ import annotations

import os

import pytest

from tests.waiting import wait_until
from tray_status.surroundings import FileWatch, Surroundings


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("a = 1\n")
    return path


def test_a_change_is_seen_once(file):
    watch = FileWatch(file)
    assert not watch.changed()
    file.write_text("a = 22\n")
    assert watch.changed()
    assert not watch.changed()


def test_the_same_size_at_another_time_and_another_file_in_its_place_are_changes(file):
    watch = FileWatch(file)
    os.utime(file, ns=(1, 1))
    assert watch.changed()
    other = file.with_name("other")
    other.write_text("b = 1\n")
    os.utime(other, ns=(1, 1))
    os.replace(other, file)
    assert watch.changed()


def test_a_file_that_is_removed_for_a_moment_is_no_removal(file):
    watch = FileWatch(file)
    file.unlink()
    assert not watch.changed()
    file.write_text("a = 333\n")
    assert watch.changed()
    file.unlink()
    assert not watch.changed()
    assert watch.changed()
    assert not watch.changed()


def test_a_file_that_comes_is_a_change(tmp_path):
    watch = FileWatch(tmp_path / "new.toml")
    assert not watch.changed()
    (tmp_path / "new.toml").touch()
    assert watch.changed()


def test_a_look_that_fails_does_not_end_the_looking(caplog):
    looks = []

    def look():
        looks.append(1)
        raise ZeroDivisionError

    surroundings = Surroundings(look, every=0.01)
    wait_until(lambda: len(looks) > 3, "more looks")
    surroundings.close()
    assert "please report it" in caplog.text
