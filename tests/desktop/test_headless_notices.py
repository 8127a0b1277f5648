"""A service without an icon beside the icon itself: each notice is shown by one of them, once."""

from __future__ import annotations

from tests.loopback import StatusHost, incident, statuspage, update
from tests.program.running import Program

WORDS = [update(f"u{step}", "identified", f"Step {step}.", at=f"2026-03-01T12:0{step}:00Z") for step in range(1, 4)]


def test_the_service_shows_notices_and_the_icon_takes_over_when_it_ends(desktop_bus, watcher, notification_daemon):
    with StatusHost(statuspage(incident("inc1", WORDS[0])), etags=True) as host:
        options = ("--page", host.url, "--interval", "1")
        with Program("run", "--no-tray", *options) as service:
            notification_daemon.wait_for(1)
            with Program(*options) as icon:
                icon.wait_for("follows its log")
                host.documents = statuspage(incident("inc1", *WORDS[:2]))
                icon.wait_for("Step 2.")
                notification_daemon.wait_for(2)
                service.kill()
                host.documents = statuspage(incident("inc1", *WORDS))
                icon.wait_for("Step 3.")
                notification_daemon.wait_for(3)
                notification_daemon.settle(service.pid)
                assert icon.end() == 0
    assert [each.body.rpartition("Step ")[2] for each in notification_daemon.shown] == ["1.", "2.", "3."]
