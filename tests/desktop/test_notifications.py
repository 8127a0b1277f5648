"""Notices on the desktop, through a real service on a real bus, and what a person's clicks do."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
import warnings
from dataclasses import replace

import plyer
import pytest
from dbus_fast import Message, MessageType
from PIL import Image
from plyer.utils import Proxy

from tests.loopback import incident, statuspage, update
from tests.waiting import PATIENCE, wait_until
from tests.watching import watching
from tray_status.core.model import Impact
from tray_status.core.notice import Action, Notice
from tray_status.delivery import Delivery
from tray_status.errors import NotDelivered
from tray_status.outputs.notifications import NO_SERVICE, NoNotifier, Notices, Person, choose_notifier
from tray_status.outputs.notifications.portable import PlyerNotifier, cut_units
from tray_status.poller.loop import utc_now
from tray_status.system.session_bus import NoBus, SessionBus

from .daemon import CLOSED, DISMISSED, EXPIRED, NAME, PATH, NotificationDaemon

URL = "https://status.example.com/incidents/1"
NOTICE = Notice("incident:a:1", "Acme: new incident", "Elevated errors", Impact.MAJOR, URL)


@pytest.fixture
def opened() -> list[str]:
    """The addresses that clicks have opened."""
    return []


@pytest.fixture
def notifier(session_bus, notification_daemon, opened):
    return choose_notifier(session_bus, opened.append)


# The choice


def test_a_running_service_is_used(notifier):
    assert notifier.name == "freedesktop"


def test_without_a_service_the_cure_is_told_and_notices_wait_for_one(session_bus):
    notifier = choose_notifier(session_bus, print)
    assert not notifier.available()
    assert "no notification service" in NO_SERVICE
    assert "sudo apt install dunst" in NO_SERVICE
    with pytest.raises(NotDelivered):
        notifier.show(NOTICE)


def test_what_happened_before_the_service_came_is_told_once_it_comes(session_bus, session_bus_address):
    with watching(statuspage(incident("inc1", update("u1")), incident("inc2", update("u2")))) as watch:
        store, notifier = watch.store, choose_notifier(session_bus, print)
        delivery = Delivery(store, [watch.page.id])
        delivery.add(
            Notices(notifier, store, store.wishes, Person(), monotonic=time.monotonic, now=utc_now),
            after=0,
            kept=True,
        )
        notifier.came = delivery.wake
        assert not delivery.deliver_due()
        assert not store.cursor(Notices.name)
        delivery.start()
        daemon = NotificationDaemon(session_bus_address)
        try:
            assert len({shown.id for shown in daemon.wait_for(2)}) == 2
            wait_until(lambda: store.cursor(Notices.name) == store.last_seq(), "the cursor at the end")
            assert len(daemon.shown) == 2
        finally:
            daemon.close()
            delivery.stop()


def test_without_a_bus_the_reason_is_told(no_bus):
    with pytest.raises(NoNotifier, match="there is no session bus"):
        choose_notifier(None, print)


# What is shown


def test_a_notice_is_shown_with_all_it_has(notifier, notification_daemon):
    notifier.show(NOTICE)
    (shown,) = notification_daemon.shown
    assert (shown.app, shown.title, shown.body) == ("Tray Status", "Acme: new incident", "Elevated errors")
    assert shown.hints == {
        "urgency": 1, "category": "network.error", "desktop-entry": "tray-status", "suppress-sound": True,
    }  # fmt: skip
    assert (shown.replaces, shown.timeout) == (0, -1)


def test_who_wants_to_hear_notices_hears_how_bad_it_is(notifier, notification_daemon):
    notifier.heard = lambda: True
    notifier.show(replace(NOTICE, impact=Impact.CRITICAL))
    notifier.show(replace(NOTICE, key="other"))
    assert [each.hints.get("sound-name") for each in notification_daemon.shown] == [
        "dialog-error",
        "dialog-warning",
    ]
    assert not any("suppress-sound" in each.hints for each in notification_daemon.shown)


def test_a_button_is_told_with_the_key_of_its_notice_and_an_unknown_one_does_nothing(notifier, notification_daemon):
    pressed = queue.SimpleQueue()
    notifier.pressed = lambda action, key: pressed.put((action, key))
    notifier.show(replace(NOTICE, actions=(Action("acknowledge", "Acknowledge"), Action("mute", "Mute 1 h"))))
    (shown,) = notification_daemon.shown
    assert (shown.actions["acknowledge"], shown.actions["mute"]) == ("Acknowledge", "Mute 1 h")
    notification_daemon.invoke(999, "mute")
    notification_daemon.invoke(shown.id, "mute")
    assert pressed.get(timeout=10) == ("mute", NOTICE.key)
    assert pressed.empty()


@pytest.mark.parametrize(
    ("impact", "over", "urgency", "timeout"),
    [
        (Impact.CRITICAL, False, 2, 0),
        (Impact.CRITICAL, True, 0, -1),
        (Impact.MAJOR, False, 1, -1),
        (Impact.MINOR, False, 1, -1),
        (Impact.MAINTENANCE, False, 1, -1),
        (Impact.UNKNOWN, False, 1, -1),
        (Impact.NONE, True, 0, -1),
    ],
)
def test_only_what_is_critical_and_goes_on_stays_on_the_screen(
    notifier, notification_daemon, impact, over, urgency, timeout
):
    notifier.show(replace(NOTICE, impact=impact, over=over))
    (shown,) = notification_daemon.shown
    assert (shown.hints["urgency"], shown.timeout) == (urgency, timeout)


@pytest.mark.parametrize(
    ("capabilities", "body"),
    [(("body", "body-markup"), "a &lt;b&gt; &amp; \"c\" 'd' &amp;amp;"), (("body",), "a <b> & \"c\" 'd' &amp;")],
)
def test_markup_is_escaped_only_where_it_would_be_read(notifier, notification_daemon, capabilities, body):
    notification_daemon.restart(capabilities)
    wait_for_new_service(notifier, notification_daemon)
    notifier.show(replace(NOTICE, title="a <b> & c", body="a <b> & \"c\" 'd' &amp;"))
    shown = notification_daemon.shown[-1]
    assert shown.body == body
    assert shown.title == "a <b> & c"  # titles are plain everywhere


def test_a_long_body_is_cut_at_a_word_before_it_is_escaped(notifier, notification_daemon):
    notifier.show(replace(NOTICE, body="R&D " * 400))
    body = notification_daemon.shown[0].body
    assert body.endswith(" R&amp;D…")
    assert len(body.replace("&amp;", "&")) <= 500


@pytest.mark.parametrize("body", ["", "\n", "one\ntwo", "🚨" * 700, "ünïcødé \u200fעברית"])
def test_any_body_is_taken(notifier, notification_daemon, body):
    notifier.show(replace(NOTICE, body=body))
    assert len(notification_daemon.shown[0].body) <= 500


def test_a_picture_goes_out_as_raw_pixels(notifier, notification_daemon):
    notifier.picture = lambda impact: Image.new("RGBA", (2, 1), (1, 2, 3, 4)) if impact is Impact.MAJOR else None
    notifier.show(NOTICE)
    width, height, row, alpha, bits, channels, pixels = notification_daemon.shown[0].hints["image-data"]
    assert (width, height, row, alpha, bits, channels) == (2, 1, 8, True, 8, 4)
    assert bytes(pixels) == bytes((1, 2, 3, 4)) * 2
    notifier.show(replace(NOTICE, key="other", impact=Impact.MINOR))
    assert "image-data" not in notification_daemon.shown[1].hints


# In place of each other


def test_news_of_the_same_incident_replaces_its_notice(notifier, notification_daemon):
    notifier.show(NOTICE)
    notifier.show(replace(NOTICE, key="incident:a:2"))
    notifier.show(replace(NOTICE, body="Fixed", over=True))
    first, second, third = notification_daemon.shown
    assert (third.replaces, third.id) == (first.id, first.id)
    assert second.replaces == 0
    assert {shown.body for shown in notification_daemon.on_screen.values()} == {"Fixed", "Elevated errors"}


@pytest.mark.parametrize("reason", [EXPIRED, DISMISSED, CLOSED])
def test_what_has_gone_from_the_screen_is_not_replaced_but_shown_anew(
    notifier, notification_daemon, session_bus, reason
):
    notifier.show(NOTICE)
    notification_daemon.close_notification(1, reason)
    session_bus.call(NAME, PATH, NAME, "GetServerInformation")  # its answer comes after the signal
    notifier.show(replace(NOTICE, body="More"))
    assert notification_daemon.shown[1].replaces == 0


def test_a_notice_can_be_withdrawn_once_and_comes_back_as_a_new_one(notifier, notification_daemon):
    notifier.show(NOTICE)
    notifier.withdraw(NOTICE.key)
    notifier.withdraw(NOTICE.key)
    notifier.withdraw("never shown")
    wait_until(lambda: not notification_daemon.on_screen, "the notice to go")
    notifier.show(NOTICE)
    assert notification_daemon.shown[1].replaces == 0
    assert notification_daemon.calls.count("CloseNotification") == 1


def test_withdrawing_without_a_service_says_nothing(notifier, notification_daemon, caplog):
    notifier.show(NOTICE)
    notification_daemon.close()
    with caplog.at_level(logging.WARNING):
        notifier.withdraw(NOTICE.key)
        with pytest.raises(NotDelivered):
            notifier.show(NOTICE)
    assert not caplog.records


# Clicks


@pytest.mark.parametrize("action", ["default", "open"])
def test_a_click_opens_the_vendors_page(notifier, notification_daemon, opened, action):
    notifier.show(NOTICE)
    assert action in notification_daemon.shown[0].actions
    notification_daemon.invoke(1, action)
    notification_daemon.close_notification(1)
    wait_until(lambda: opened == [URL], "the page")


def test_a_click_opens_the_page_of_the_last_news(notifier, notification_daemon, opened):
    notifier.show(NOTICE)
    notifier.show(replace(NOTICE, url="https://status.example.com/2"))
    notification_daemon.invoke(1)
    wait_until(lambda: opened == ["https://status.example.com/2"], "the page")


@pytest.mark.parametrize("url", [None, "", "ftp://example.com", "file:///etc/passwd", "javascript:alert(1)", "x"])
def test_without_a_page_there_is_nothing_to_click(notifier, notification_daemon, opened, url):
    notifier.show(NOTICE)
    notifier.show(replace(NOTICE, url=url))
    notifier.show(replace(NOTICE, key="other"))
    assert notification_daemon.shown[1].actions == {}
    notification_daemon.invoke(1)
    notification_daemon.invoke(2, "unknown")
    notification_daemon.invoke(99)
    notification_daemon.invoke(2)
    wait_until(lambda: opened, "the page of the other notice")
    assert opened == [URL]


def test_a_service_without_buttons_gets_none(notifier, notification_daemon):
    notification_daemon.restart(["body"])
    wait_for_new_service(notifier, notification_daemon)
    notifier.show(NOTICE)
    assert notification_daemon.shown[-1].actions == {}


# The service comes, goes and refuses


def test_it_is_asked_only_once_what_it_can_do(notifier, notification_daemon):
    for _ in range(3):
        notifier.show(NOTICE)
    assert notification_daemon.calls == ["GetCapabilities", "Notify", "Notify", "Notify"]


def test_another_service_is_asked_anew_and_its_ids_are_its_own(notifier, notification_daemon):
    notifier.show(NOTICE)
    notification_daemon.restart(["body"])
    wait_for_new_service(notifier, notification_daemon)
    notifier.show(NOTICE)
    shown = notification_daemon.shown[-1]
    assert (shown.replaces, shown.actions) == (0, {})


def test_a_service_that_refuses_is_told_and_may_take_the_next(notifier, notification_daemon):
    notification_daemon.refuses = True
    with pytest.raises(NotDelivered, match="ExcessNotificationGeneration"):
        notifier.show(NOTICE)
    notification_daemon.refuses = False
    notifier.show(NOTICE)
    assert len(notification_daemon.shown) == 1


def test_a_service_that_comes_back_is_used_again(notifier, notification_daemon, session_bus_address):
    notification_daemon.close()
    with pytest.raises(NotDelivered, match="no notification service answers yet"):
        notifier.show(NOTICE)
    later = NotificationDaemon(session_bus_address)
    notifier.show(NOTICE)
    assert later.shown
    later.close()


def test_text_that_no_bus_carries_is_refused_and_the_next_is_shown(notifier, notification_daemon):
    with pytest.raises(NotDelivered):
        notifier.show(replace(NOTICE, title="nul \0"))
    notifier.show(NOTICE)
    assert len(notification_daemon.shown) == 1


def test_a_bus_that_goes_is_told(notifier, desktop_bus):
    desktop_bus.process.kill()
    with pytest.raises(NotDelivered):
        notifier.show(NOTICE)
    notifier.withdraw(NOTICE.key)


# A service that takes its time


class SlowDaemon(NotificationDaemon):
    """Shows a notice as soon as it is asked to; while `slow`, its answer waits until `answer_all`."""

    def __init__(self, address: str) -> None:
        self.slow = True
        self._waiting: list[tuple[Message, int]] = []
        super().__init__(address)

    def _handle(self, message: Message) -> Message | bool | None:
        if message.member != "Notify" or message.message_type is not MessageType.METHOD_CALL or not self.slow:
            return super()._handle(message)
        signature, body = self._answer(message)
        assert signature == "u"
        self._waiting.append((message, body[0]))
        return True

    def answer_all(self) -> None:
        wait_until(lambda: self._waiting, "a call to answer")

        async def answered() -> None:
            for message, number in self._waiting:
                await self._bus.send(Message.new_method_return(message, "u", [number]))
            self._waiting.clear()

        self._run(answered())


@pytest.fixture
def slow_daemon(session_bus_address, monkeypatch):
    monkeypatch.setattr("tray_status.outputs.notifications.freedesktop.ANSWER_SECONDS", 0.1)
    daemon = SlowDaemon(session_bus_address)
    yield daemon
    daemon.close()


@pytest.fixture
def slow_notifier(session_bus, slow_daemon, opened):
    return choose_notifier(session_bus, opened.append)


def show_in_vain(notifier, notice=NOTICE, times=3):
    for _ in range(times):
        with pytest.raises(NotDelivered, match="has not answered yet"):
            notifier.show(notice)


def wait_for_answer(bus):
    """Whatever the service has sent until now has come: the answer to this comes after it."""
    bus.call(NAME, PATH, NAME, "GetServerInformation")


def test_a_notice_that_the_service_has_and_has_not_answered_is_not_sent_again(
    slow_notifier, slow_daemon, session_bus
):
    show_in_vain(slow_notifier)
    assert len(slow_daemon.shown) == 1
    slow_daemon.answer_all()
    wait_for_answer(session_bus)
    slow_notifier.show(NOTICE)
    assert len(slow_daemon.shown) == 1, "its late answer counts"
    slow_daemon.slow = False
    slow_notifier.show(NOTICE)
    assert [shown.replaces for shown in slow_daemon.shown] == [0, 1], "asked to show it once more, it does"


def test_an_answer_that_comes_while_somebody_waits_counts_at_once(slow_notifier, slow_daemon, monkeypatch):
    show_in_vain(slow_notifier, times=1)
    monkeypatch.setattr("tray_status.outputs.notifications.freedesktop.ANSWER_SECONDS", PATIENCE)
    waiting = threading.Thread(target=slow_notifier.show, args=(NOTICE,))
    waiting.start()
    slow_daemon.answer_all()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
    assert len(slow_daemon.shown) == 1


def test_an_answer_that_comes_at_the_very_moment_when_one_gives_up_counts(
    slow_notifier, slow_daemon, session_bus, monkeypatch
):
    def gives_up_too_late(answer, _timeout):
        slow_daemon.answer_all()
        answer.result(PATIENCE)
        raise NoBus("the session bus does not answer")

    assert slow_notifier.available()
    monkeypatch.setattr(session_bus, "wait", gives_up_too_late)
    slow_notifier.show(NOTICE)
    assert len(slow_daemon.shown) == 1


def test_news_of_an_incident_wait_for_the_answer_to_the_last_ones_and_take_their_place(
    slow_notifier, slow_daemon, session_bus
):
    show_in_vain(slow_notifier)
    show_in_vain(slow_notifier, replace(NOTICE, body="More"))
    assert len(slow_daemon.shown) == 1
    slow_daemon.answer_all()
    wait_for_answer(session_bus)
    slow_daemon.slow = False
    slow_notifier.show(replace(NOTICE, body="More"))
    assert [(shown.replaces, shown.body) for shown in slow_daemon.shown] == [(0, "Elevated errors"), (1, "More")]


def test_other_notices_do_not_wait(slow_notifier, slow_daemon):
    show_in_vain(slow_notifier)
    slow_daemon.slow = False
    slow_notifier.show(replace(NOTICE, key="other"))
    assert len(slow_daemon.shown) == 2


def test_a_notice_that_was_not_answered_goes_to_the_next_service(
    slow_notifier, slow_daemon, session_bus, session_bus_address
):
    show_in_vain(slow_notifier)
    slow_daemon.disown(NAME)
    later = NotificationDaemon(session_bus_address)
    try:
        wait_until(lambda: slow_notifier.available() and later.calls, "the other service to be asked what it can do")
        slow_notifier.show(NOTICE)
        slow_daemon.answer_all()  # too late, and with an id of its own
        session_bus.call(slow_daemon.name, PATH, NAME, "GetServerInformation")
        later.close_notification(1)
        wait_for_answer(session_bus)
        slow_notifier.show(NOTICE)
        assert [shown.replaces for shown in later.shown] == [0, 0]
    finally:
        later.close()
    assert len(slow_daemon.shown) == 1


def test_a_service_that_goes_without_an_answer_is_not_waited_for(slow_notifier, slow_daemon, session_bus_address):
    show_in_vain(slow_notifier)
    slow_daemon.close()
    with pytest.raises(NotDelivered, match="no notification service answers yet"):
        slow_notifier.show(NOTICE)
    later = NotificationDaemon(session_bus_address)
    slow_notifier.show(NOTICE)
    assert len(later.shown) == 1
    later.close()


def test_a_notice_that_is_withdrawn_before_its_answer_comes_goes_when_it_comes(
    slow_notifier, slow_daemon, session_bus
):
    show_in_vain(slow_notifier)
    slow_notifier.withdraw(NOTICE.key)
    show_in_vain(slow_notifier)
    slow_daemon.answer_all()
    wait_until(lambda: not slow_daemon.on_screen, "the notice to go")
    slow_daemon.slow = False
    slow_notifier.show(NOTICE)
    assert [shown.replaces for shown in slow_daemon.shown] == [0, 0]


def test_a_late_answer_does_not_count_for_the_same_words_of_another_day(
    slow_notifier, slow_daemon, session_bus, monkeypatch
):
    show_in_vain(slow_notifier)
    slow_daemon.answer_all()
    wait_for_answer(session_bus)
    monkeypatch.setattr("tray_status.outputs.notifications.freedesktop.LATE_COUNTS", 0.0)
    slow_daemon.slow = False
    slow_notifier.show(NOTICE)
    assert len(slow_daemon.shown) == 2


def test_a_late_refusal_is_an_answer_too(slow_notifier, slow_daemon, session_bus):
    show_in_vain(slow_notifier)

    wait_until(lambda: slow_daemon._waiting, "the call to refuse")

    async def refused() -> None:
        message, _ = slow_daemon._waiting.pop()
        await slow_daemon._bus.send(Message.new_error(message, "org.example.Full", "the screen is full"))

    slow_daemon._run(refused())
    wait_for_answer(session_bus)
    slow_daemon.slow = False
    slow_notifier.show(NOTICE)
    assert len(slow_daemon.shown) == 2


def test_a_late_answer_is_heard_of_and_each_event_is_shown_once(slow_notifier, slow_daemon):
    with watching(statuspage(incident("inc1", update("u1")), incident("inc2", update("u2")))) as watch:
        store = watch.store
        delivery = Delivery(store, [watch.page.id])
        delivery.add(
            Notices(slow_notifier, store, store.wishes, Person(), monotonic=time.monotonic, now=utc_now),
            after=0,
            kept=True,
        )
        slow_notifier.came = delivery.wake
        for _ in range(3):
            assert not delivery.deliver_due()
        assert len(slow_daemon.shown) == 1
        delivery.start()
        try:
            slow_daemon.slow = False
            slow_daemon.answer_all()
            wait_until(lambda: store.cursor(Notices.name) == store.last_seq(), "the cursor at the end")
        finally:
            delivery.stop()
    assert [shown.id for shown in slow_daemon.shown] == [1, 2]


# In place of each other, over restarts


@pytest.fixture
def notifier_of_a_new_run(session_bus_address, tmp_path, opened):
    """Makes notifiers that remember in one file, each on a connection of its own."""
    buses = []

    def make():
        buses.append(SessionBus.connect())
        return choose_notifier(buses[-1], opened.append, tmp_path / "notices.json")

    yield make
    for bus in buses:
        bus.close()


def test_news_after_a_restart_replace_the_notice_from_before(notifier_of_a_new_run, notification_daemon, opened):
    first = notifier_of_a_new_run()
    first.show(replace(NOTICE, key="other"))
    first.show(NOTICE)
    second = notifier_of_a_new_run()
    second.available()
    notification_daemon.invoke(1)
    wait_until(lambda: opened, "the page that the old notice leads to")
    second.show(replace(NOTICE, body="More"))
    second.withdraw("other")
    wait_until(lambda: 1 not in notification_daemon.on_screen, "the old notice to go")
    assert [(shown.id, shown.replaces) for shown in notification_daemon.shown] == [(1, 0), (2, 0), (2, 2)]
    third = notifier_of_a_new_run()
    third.show(replace(NOTICE, key="other"))
    assert notification_daemon.shown[-1].replaces == 0


def test_another_service_after_a_restart_is_not_asked_to_replace_what_it_never_showed(
    notifier_of_a_new_run, notification_daemon, session_bus_address
):
    notifier_of_a_new_run().show(NOTICE)
    notification_daemon.close()
    later = NotificationDaemon(session_bus_address)
    try:
        notifier_of_a_new_run().show(NOTICE)
        assert [shown.replaces for shown in later.shown] == [0]
    finally:
        later.close()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"null", b"[1]", b'{"shown": 7}', b'{"bus": 1, "owner": [], "shown": {"a": 1}}', b"\xff"]
)
def test_a_file_that_cannot_be_read_harms_nothing(notifier_of_a_new_run, notification_daemon, tmp_path, content):
    (tmp_path / "notices.json").write_bytes(content)
    notifier_of_a_new_run().show(NOTICE)
    notifier_of_a_new_run().show(NOTICE)
    assert [shown.replaces for shown in notification_daemon.shown] == [0, 1]


def test_entries_that_are_none_are_left_out(notifier_of_a_new_run, notification_daemon, tmp_path):
    notifier_of_a_new_run().show(NOTICE)
    file = tmp_path / "notices.json"
    kept = json.loads(file.read_text())
    kept["shown"].update(
        {"a": 1, "b": ["x", None], "c": [2, 3], "d": [-1, None], "e": [2**40, None], "f": [True, ""]}
    )
    kept["shown"]["g"] = [5, "javascript:alert(1)"]
    file.write_text(json.dumps(kept))
    notifier = notifier_of_a_new_run()
    for key in "abcdefg":
        notifier.show(replace(NOTICE, key=key))
    assert [shown.replaces for shown in notification_daemon.shown[1:]] == [0, 0, 2, 0, 0, 0, 5]


def test_a_file_that_cannot_be_written_harms_nothing(session_bus, notification_daemon, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    notifier = choose_notifier(session_bus, print, tmp_path / "file" / "notices.json")
    notifier.show(NOTICE)
    notifier.show(NOTICE)
    assert [shown.replaces for shown in notification_daemon.shown] == [0, 1]


def test_only_the_last_notices_are_remembered(session_bus, notification_daemon, tmp_path, monkeypatch):
    monkeypatch.setattr("tray_status.outputs.notifications.shown.KEPT", 3)
    notifier = choose_notifier(session_bus, print, tmp_path / "notices.json")
    for number in range(5):
        notifier.show(replace(NOTICE, key=str(number)))
    assert set(json.loads((tmp_path / "notices.json").read_text())["shown"]) == {"2", "3", "4"}
    assert (tmp_path / "notices.json").stat().st_mode & 0o777 == 0o600


def wait_for_new_service(notifier, daemon) -> None:
    """Until the notifier has heard that another service is there: it asks that one what it can do."""
    asked = daemon.calls.count("GetCapabilities")
    wait_until(lambda: notifier.available() and daemon.calls.count("GetCapabilities") > asked, "a new question")


# Without the bus: plyer


@pytest.mark.parametrize("limit", [63, 255])
@pytest.mark.parametrize(
    "text", ["", "short", "word " * 200, "🚨" * 200, "x" * 1000, "x🚨" * 300, "x" * 63, "x" * 255]
)
def test_text_is_cut_to_the_units_that_windows_takes(text, limit):
    shown = cut_units(text, limit)
    assert len(shown.encode("utf-16-le")) // 2 <= limit
    if len(text.encode("utf-16-le")) // 2 <= limit:
        assert shown == text


@pytest.fixture
def no_bus(monkeypatch, tmp_path):
    """No bus, no display, and nothing that plyer could use: the folder where its programs would be."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tray_status.outputs.notifications.portable.find_spec", lambda _name: None)
    monkeypatch.setattr(plyer, "notification", Proxy("notification", plyer.facades.Notification))
    return programs


@pytest.fixture
def notify_send(no_bus, monkeypatch, tmp_path):
    """A display, and a notify-send that writes down what it is called with, one argument a line."""
    monkeypatch.setenv("DISPLAY", ":99")
    told = tmp_path / "told"
    program = no_bus / "notify-send"
    program.write_text(f'#!/bin/sh\nfor each in "$@"; do echo "$each" >> {told}; done\nexit 1\n')
    program.chmod(0o755)
    return lambda: told.read_text().splitlines()


def test_without_a_bus_plyer_is_tried_where_it_has_something_to_work_with(notify_send, caplog):
    with caplog.at_level(logging.WARNING):
        notifier = choose_notifier(None, print)
    assert (notifier.name, notifier.available()) == ("plyer", True)
    (record,) = caplog.records
    assert "plyer" in record.message
    assert "notify-send" in record.message
    assert "there is no session bus" in record.message
    with warnings.catch_warnings(record=True) as told:
        notifier.show(NOTICE)
    assert not told, "what plyer misses is of no use to anybody"
    assert notify_send()[:2] == ["Acme: new incident", "Elevated errors"]


def test_plyer_is_not_tried_where_no_desktop_is_near(notify_send, monkeypatch):
    monkeypatch.delenv("DISPLAY")
    with pytest.raises(NoNotifier, match="there is no session bus"):
        choose_notifier(None, print)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert choose_notifier(None, print).name == "plyer"


def test_plyer_is_tried_where_dbus_python_is_there(no_bus, monkeypatch, caplog):
    monkeypatch.setenv("DISPLAY", ":99")
    with pytest.raises(NoNotifier):
        choose_notifier(None, print)
    monkeypatch.setattr("tray_status.outputs.notifications.portable.find_spec", lambda name: name == "dbus" or None)
    with caplog.at_level(logging.WARNING):
        assert choose_notifier(None, print).name == "plyer"
    assert "dbus-python" in caplog.text


def test_plyer_is_not_tried_where_it_would_take_the_system_for_a_flatpak(notify_send, monkeypatch):
    monkeypatch.setattr("os.path.isdir", lambda path: path == "/app")
    with pytest.raises(NoNotifier):
        choose_notifier(None, print)


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("--help", " --help", " --help"),
        ("-", " -", " -"),
        ("a -b", "a -b", "a -b"),
        ("<b>R&D</b>", "<b>R&D</b>", "&lt;b&gt;R&amp;D&lt;/b&gt;"),
    ],
)
def test_no_text_is_an_option_or_markup_for_what_plyer_calls(notify_send, text, title, body):
    choose_notifier(None, print).show(replace(NOTICE, title=text, body=text))
    assert notify_send()[:2] == [title, body]


def test_an_empty_body_is_not_handed_on(notify_send):
    choose_notifier(None, print).show(replace(NOTICE, title="-x", body=""))
    assert notify_send()[:2] == [" -x", " -x"]


@pytest.mark.filterwarnings("ignore::UserWarning")  # plyer tells what it misses
def test_a_failure_of_plyer_is_an_error_of_ours(no_bus):
    # Without a bus and without notify-send, nothing that plyer tries can work.
    notifier = PlyerNotifier()
    with pytest.raises(NotDelivered, match="did not take the notice"):
        notifier.show(NOTICE)
    notifier.withdraw(NOTICE.key)
