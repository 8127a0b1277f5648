"""Under which names the page may be asked for."""

from __future__ import annotations

import socket

import pytest

from tray_status.web.hosts import allowed_hosts, is_loopback


def test_on_loopback_only_loopback_has_a_name():
    assert allowed_hosts("127.0.0.1") == ["127.0.0.1", "localhost", "[::1]"]
    assert set(allowed_hosts("127.0.0.1", "Status.Example, ,*,.evil")) == {
        "127.0.0.1", "localhost", "[::1]", "status.example", ".evil",
    }  # fmt: skip


def test_beyond_it_this_computers_own_names_are_added():
    names = allowed_hosts("0.0.0.0")
    assert socket.gethostname().lower() in names
    assert "*" not in names


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("status.example", False),
    ],
)
def test_which_addresses_are_for_this_computer_only(host, expected):
    assert is_loopback(host) is expected
