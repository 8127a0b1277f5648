"""Notices on the desktop, through a real service on a real bus, and what a person's clicks do."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

import pytest
from PIL import Image

from tests.loopback import incident, statuspage, update
from tests.waiting import wait_until
from tests.watching import watching
from tray_status.core.model import Impact
from tray_status.core.notice import Notice
from tray_status.delivery import Delivery
from tray_status.errors import NotDelivered
from tray_status.outputs.notifications import NO_SERVICE, NoNotifier, Notices, choose_notifier
from tray_status.outputs.notifications.portable import PlyerNotifier, cut_units
from tray_status.poller.loop import utc_now

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
        delivery.add(Notices(notifier, store, monotonic=time.monotonic, now=utc_now), after=0, kept=True)
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


def test_without_a_bus_the_reason_is_told():
    with pytest.raises(NoNotifier, match="there is no session bus"):
        choose_notifier(None, print)


# What is shown


def test_a_notice_is_shown_with_all_it_has(notifier, notification_daemon):
    notifier.show(NOTICE)
    (shown,) = notification_daemon.shown
    assert (shown.app, shown.title, shown.body) == ("Tray Status", "Acme: new incident", "Elevated errors")
    assert shown.hints == {"urgency": 1, "category": "network.error", "desktop-entry": "tray-status"}
    assert (shown.replaces, shown.timeout) == (0, -1)


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


@pytest.mark.filterwarnings("ignore::UserWarning")  # plyer tells what it misses
def test_a_failure_of_plyer_is_an_error_of_ours(monkeypatch, tmp_path):
    # Without a bus and without notify-send, nothing that plyer tries can work.
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    notifier = PlyerNotifier()
    with pytest.raises(NotDelivered, match="did not take the notice"):
        notifier.show(NOTICE)
    notifier.withdraw(NOTICE.key)
