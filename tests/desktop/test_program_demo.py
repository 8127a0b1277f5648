"""The demo as a person tries it: an icon that changes, and notices that come, with no network and no settings."""

from __future__ import annotations

from tests.program.running import Program
from tests.waiting import wait_until

PATIENCE = 40.0
"""Seconds. The story is bad from its second second on, and at its worst from the seventeenth."""


def test_the_demo_shows_icon_and_notices_as_its_story_goes(watcher, notification_daemon, tmp_path):
    with Program("--demo") as program:
        item = watcher.item()
        looks: set[bytes] = set()

        def changed() -> bool:
            looks.add(max(bytes(data) for _, _, data in item.properties()["IconPixmap"]))
            return len(looks) >= 3

        wait_until(changed, "an icon that changes twice", PATIENCE)
        titles = {each.title for each in notification_daemon.shown}
        wait_until(
            lambda: (
                titles.update(each.title for each in notification_daemon.shown)
                or {"Quillmind: new incident", "Nimbus Cloud: new incident", "Nimbus Cloud: update"} <= titles
            ),
            "a notice for each of the first steps",
            PATIENCE,
        )
        wait_until(
            lambda: "Nimbus Cloud: Elevated error rates" in str(item.menu().labels),
            "the incident in the menu",
            PATIENCE,
        )
        assert "Elevated error rates for databases" in program.out
        assert program.end() == 0
        assert program.err == ""
    assert not (tmp_path / "home").exists()
