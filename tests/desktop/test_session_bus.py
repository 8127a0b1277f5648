"""The connection to the session bus: what others see of it, and what happens when there is none or it goes."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from dbus_fast import Variant

from tests.waiting import PATIENCE, wait_until
from tray_status.errors import TrayStatusError
from tray_status.system.session_bus import BusRefused, Interface, Method, NoBus, SessionBus

from .bus import PrivateBus
from .peer import DBUS, PROPERTIES, Peer, Refused

OURS = "org.example.Ours"


def ask(bus: SessionBus, member: str) -> list[object]:
    return bus.call(DBUS, "/org/freedesktop/DBus", DBUS, member)


def offer(bus: SessionBus) -> None:
    def fails() -> list[object]:
        raise RuntimeError("broken on purpose")

    methods = {"Twice": Method("i", "i", lambda number: [number * 2]), "Fails": Method("", "", fails)}
    bus.offer("/ours", {OURS: Interface(methods=methods)})


def test_without_a_bus_the_error_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(NoBus, match="DBUS_SESSION_BUS_ADDRESS is not set"):
        SessionBus.connect()


@pytest.mark.parametrize("address", ["unix:path=/nowhere/at/all", "nonsense", "tcp:host=127.0.0.1,port=1", "unix:"])
def test_a_bus_that_cannot_be_reached_is_an_error_of_ours(monkeypatch, address):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with pytest.raises(NoBus, match="cannot be reached"):
        SessionBus.connect()


def test_a_bus_that_accepts_and_says_nothing_is_given_up(monkeypatch, tmp_path):
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "s"))
        mute.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 's'}")
        with pytest.raises(NoBus, match="does not answer"):
            SessionBus.connect(timeout=0.2)


def test_the_users_own_bus_is_found_without_the_variable(session_bus_address, monkeypatch, tmp_path):
    path = session_bus_address.removeprefix("unix:path=").partition(",")[0]
    (tmp_path / "bus").symlink_to(path)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bus = SessionBus.connect()
    assert bus.unique_name.startswith(":")
    bus.close()


def test_what_we_offer_is_answered(session_bus, session_bus_address):
    peer = Peer(session_bus_address)
    offer(session_bus)
    assert peer.call(session_bus.unique_name, "/ours", OURS, "Twice", "i", [21]) == [42]
    peer.close()


@pytest.mark.parametrize(
    ("path", "interface", "member", "signature", "body"),
    [
        ("/ours", OURS, "Absent", "", []),
        ("/ours", "org.example.Other", "Twice", "i", [1]),
        ("/ours", OURS, "Twice", "s", ["wrong type"]),
        ("/ours", OURS, "Twice", "", []),
        ("/ours", OURS, "Fails", "", []),
        ("/ours", PROPERTIES, "Get", "ss", [OURS, "Absent"]),
        ("/ours", PROPERTIES, "Set", "ssv", None),
        ("/absent", OURS, "Twice", "i", [1]),
    ],
)
def test_a_wrong_call_is_answered_with_an_error_and_harms_nothing(
    session_bus, session_bus_address, path, interface, member, signature, body
):
    peer = Peer(session_bus_address)
    offer(session_bus)
    if body is None:
        body = [OURS, "Absent", Variant("s", "x")]
    with pytest.raises(Refused):
        peer.call(session_bus.unique_name, path, interface, member, signature, body)
    assert peer.call(session_bus.unique_name, "/ours", OURS, "Twice", "i", [2]) == [4]
    peer.close()


def test_a_call_that_is_refused_says_by_which_error(session_bus):
    with pytest.raises(BusRefused) as caught:
        session_bus.call("org.example.Nobody", "/", "org.example.Nobody", "Hello")
    assert caught.value.name.endswith("ServiceUnknown")


def test_a_call_has_a_time_limit(session_bus):
    silent = SessionBus.connect()
    held, hold = threading.Event(), threading.Event()

    def holding(_number: int) -> list[object]:
        held.set()
        hold.wait(PATIENCE)
        return [0]

    silent.offer("/ours", {OURS: Interface(methods={"Twice": Method("i", "i", holding)})})
    with pytest.raises(NoBus, match="does not answer"):
        session_bus.call(silent.unique_name, "/ours", OURS, "Twice", "i", [1], timeout=0.2)
    assert held.wait(PATIENCE)
    hold.set()
    silent.close()


def test_a_call_that_was_begun_goes_on_when_nobody_waits_for_it_any_longer(session_bus):
    slow = SessionBus.connect()
    hold = threading.Event()
    slow.offer(
        "/ours", {OURS: Interface(methods={"Twice": Method("i", "i", lambda n: [hold.wait(PATIENCE) and 2 * n])})}
    )
    came: list[list[object]] = []
    answer = session_bus.begin(slow.unique_name, "/ours", OURS, "Twice", "i", [21], then=came.append)
    with pytest.raises(NoBus, match="does not answer"):
        session_bus.wait(answer, 0.1)
    assert not answer.done()
    hold.set()
    assert session_bus.wait(answer, PATIENCE) == [42]
    assert came == [[42]]
    slow.close()


def test_a_call_that_was_begun_ends_with_the_bus(session_bus):
    slow = SessionBus.connect()
    hold = threading.Event()
    slow.offer("/ours", {OURS: Interface(methods={"Hold": Method("", "", lambda: hold.wait(PATIENCE) and [])})})
    answer = session_bus.begin(slow.unique_name, "/ours", OURS, "Hold")
    session_bus.close()
    with pytest.raises(NoBus, match=r"left|gone"):
        session_bus.wait(answer, PATIENCE)
    with pytest.raises(NoBus, match="left"):
        session_bus.begin(DBUS, "/org/freedesktop/DBus", DBUS, "GetId")
    hold.set()
    slow.close()


@pytest.mark.parametrize("text", ["nul \0 byte", "lone \ud800 surrogate"])
def test_text_that_no_bus_carries_is_an_error_and_harms_nothing(session_bus, text):
    with pytest.raises(TrayStatusError):
        session_bus.call(DBUS, "/org/freedesktop/DBus", DBUS, "NameHasOwner", "s", [text])
    assert ask(session_bus, "GetId")


def test_signals_are_heard_and_a_listener_that_fails_harms_nothing(session_bus, session_bus_address, caplog):
    peer = Peer(session_bus_address)
    heard: list[list[object]] = []

    def fails(_sender: str, _body: list[object]) -> None:
        raise RuntimeError("broken on purpose")

    session_bus.listen(OURS, "Told", fails)
    session_bus.listen(OURS, "Told", lambda _sender, body: heard.append(body))
    ask(session_bus, "GetId")  # the bus has taken the listeners
    peer.emit("/ours", OURS, "Told", "s", ["hello"])
    wait_until(lambda: heard == [["hello"]], "the signal")
    assert "broken on purpose" in caplog.text
    peer.close()


def test_a_storm_of_signals_does_not_cost_the_connection(session_bus):
    for _ in range(30_000):
        session_bus.emit("/ours", OURS, "Told", "s", ["x" * 100])
    assert ask(session_bus, "GetId")


def test_the_loss_of_the_bus_is_told_once_and_later_calls_fail_at_once(desktop_bus: PrivateBus, session_bus):
    lost: list[str] = []
    session_bus.on_loss(lambda: lost.append("gone"))
    ask(session_bus, "GetId")
    desktop_bus.process.kill()
    wait_until(lambda: lost, "the loss was not told")
    began = time.monotonic()
    with pytest.raises(NoBus, match="gone"):
        ask(session_bus, "GetId")
    session_bus.emit("/ours", OURS, "Told")
    session_bus.send(DBUS, "/org/freedesktop/DBus", DBUS, "GetId")
    session_bus.close()
    assert time.monotonic() - began < 2.0
    assert lost == ["gone"]


def test_a_call_under_way_ends_when_the_bus_goes(desktop_bus: PrivateBus, session_bus):
    other = SessionBus.connect()
    held, hold = threading.Event(), threading.Event()

    def holding() -> list[object]:
        held.set()
        hold.wait(PATIENCE)
        return []

    other.offer("/ours", {OURS: Interface(methods={"Hold": Method("", "", holding)})})
    errors: list[Exception] = []

    def call() -> None:
        try:
            session_bus.call(other.unique_name, "/ours", OURS, "Hold", timeout=PATIENCE * 3)
        except NoBus as error:
            errors.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    assert held.wait(PATIENCE)
    desktop_bus.process.kill()
    caller.join(PATIENCE)
    assert errors
    hold.set()
    other.close()


def test_closing_is_quick_can_be_repeated_and_leaves_no_thread(session_bus_address):
    bus = SessionBus.connect()
    lost: list[str] = []
    bus.on_loss(lambda: lost.append("gone"))
    began = time.monotonic()
    bus.close()
    assert time.monotonic() - began < 0.5
    bus.close()
    assert not [thread for thread in threading.enumerate() if "session bus" in thread.name]
    assert not lost
    with pytest.raises(NoBus, match="left"):
        ask(bus, "GetId")
    bus.emit("/ours", OURS, "Told")


def test_many_threads_may_use_it_at_once(session_bus):
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda: answers.extend(ask(session_bus, "GetId")[0] for _ in range(50)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(answers) == 400
    assert len(set(answers)) == 1
