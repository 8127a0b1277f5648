"""Sleep and clocks that jump, told from time that simply passes."""

from __future__ import annotations

import pytest

from tray_status.system.clock import ClockWatch


@pytest.mark.parametrize(
    ("wall", "monotonic", "gap"),
    [
        (1, 1, None),
        (20, 20, None),
        (3600, 1, 3600),
        (3600, 3600, 3600),
        (-3600, 1, -3600),
        (3601, 1, 3601),
        (40 * 365 * 86_400, 1, 40 * 365 * 86_400),
        (29, 1, None),
    ],
    ids=["a second", "a busy machine", "asleep", "asleep, the clocks went on", "set back", "set forward", "a wrong year", "a small correction"],
)  # fmt: skip
def test_a_jump_is_told_from_time_that_passes(wall, monotonic, gap):
    clocks = [1000.0, 50.0]
    watch = ClockWatch(lambda: clocks[0], lambda: clocks[1])
    clocks[0] += wall
    clocks[1] += monotonic
    assert watch.jumped(1.0) == gap
    clocks[0] += 1
    clocks[1] += 1
    assert watch.jumped(1.0) is None, "it is told once"
