"""Standard streams that outlive their readers."""

from __future__ import annotations

import io
import os

from tray_status.outputs.stream import LastingStream


def test_a_reader_that_leaves_is_noticed_once_for_each_attempt_and_never_raises():
    ours, theirs = os.pipe()
    stream = open(theirs, "w", encoding="utf-8")  # noqa: SIM115
    left = []
    lasting = LastingStream(stream, lambda: left.append(True))
    lasting.write("one\n")
    lasting.flush()
    assert os.read(ours, 100) == b"one\n"
    assert not left
    os.close(ours)
    lasting.write("two\n")
    lasting.flush()
    assert left
    stream.close()  # nor does the flush at the end


def test_a_pipe_may_be_read_and_a_file_or_nothing_is_not(tmp_path):
    ours, theirs = os.pipe()
    with open(ours, "rb"), open(theirs, "w") as pipe, (tmp_path / "log").open("w") as file:
        assert LastingStream(pipe, lambda: None).may_be_read()
        assert not LastingStream(file, lambda: None).may_be_read()
    assert not LastingStream(None, lambda: None).may_be_read()
    assert not LastingStream(io.StringIO(), lambda: None).may_be_read()


def test_a_closed_file_is_no_crash():
    stream = io.StringIO()
    stream.close()
    left = []
    lasting = LastingStream(stream, lambda: left.append(True))
    lasting.write("one\n")
    lasting.flush()
    assert left


def test_no_stream_at_all_is_a_place_for_everything():
    lasting = LastingStream(None, lambda: None)
    lasting.write("one\n")
    lasting.flush()
    assert not lasting.isatty()


def test_a_character_that_the_stream_cannot_show_is_replaced():
    raw = io.BytesIO()
    lasting = LastingStream(io.TextIOWrapper(raw, encoding="ascii"), lambda: None)
    lasting.write("Müller ✓")
    lasting.flush()
    assert raw.getvalue() == b"M?ller ?"
