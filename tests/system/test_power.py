"""On battery, or behind a connection that costs."""

from __future__ import annotations

import pytest

from tray_status.system.power import ASK_EVERY, Thrift, is_metered, linux_on_battery, metered_told, on_battery

MAINS = {"type": "Mains", "online": "1"}
UNPLUGGED = {"type": "Mains", "online": "0"}
FULL = {"type": "Battery", "status": "Full"}
DRAINING = {"type": "Battery", "status": "Discharging", "scope": "System"}
MOUSE = {"type": "Battery", "status": "Discharging", "scope": "Device"}


@pytest.mark.parametrize(
    ("supplies", "battery"),
    [
        ([], False),
        ([MAINS], False),
        ([MAINS, FULL], False),
        ([UNPLUGGED, DRAINING], True),
        ([DRAINING], True),
        ([DRAINING, FULL], True),
        ([MAINS, DRAINING], False),
        ([DRAINING, {"type": "USB", "online": "1"}], False),
        ([MOUSE], False),
        ([UNPLUGGED, MOUSE], False),
        ([{}], False),
    ],
)
def test_what_the_kernel_tells_of_batteries(tmp_path, supplies, battery):
    for number, facts in enumerate(supplies):
        (tmp_path / f"S{number}").mkdir()
        for name, word in facts.items():
            (tmp_path / f"S{number}" / name).write_text(f"{word}\n")
    assert linux_on_battery(tmp_path) is battery


def test_where_nothing_is_told_nothing_is_spared(tmp_path):
    assert not linux_on_battery(tmp_path / "missing")
    assert on_battery() in (True, False)
    assert is_metered() in (True, False)


@pytest.mark.parametrize(
    ("text", "costs"),
    [("", False), ("no\n\nunknown\n", False), ("no (guessed)\nyes (guessed)\n", True), ("yes\n", True)],
)
def test_what_network_manager_tells(text, costs):
    assert metered_told(text) is costs


def test_it_is_asked_once_a_minute():
    clock, asked = [0.0], []
    thrift = Thrift(lambda: bool(asked.append(1)) or len(asked) == 1, lambda: clock[0])
    assert [thrift(), thrift()] == [True, True]
    clock[0] = ASK_EVERY
    assert thrift() is False
    assert len(asked) == 2
