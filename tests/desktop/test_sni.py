"""The tray icon as tray hosts see it: registered, read, clicked; and hosts that come and go."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from dbus_fast import Variant
from PIL import Image

from tests.waiting import PATIENCE, wait_until
from tray_status.tray.pystray_base import import_pystray

from .icons import square
from .peer import Refused
from .watcher import Watcher

pystray = import_pystray()
Menu, MenuItem = pystray.Menu, pystray.MenuItem


def keyed(key: str, item: object) -> object:
    """A menu entry that is the same one while its label changes."""
    item.key = key  # type: ignore[attr-defined]
    return item


def entry(label: str, **more: object) -> object:
    return MenuItem(label, lambda: None, **more)


# What a host reads


def test_the_item_describes_itself(watcher, start_icon):
    start_icon(title="Tray Status")
    properties = watcher.item().properties()
    told = {name: properties[name] for name in ("Category", "Id", "Title", "Status", "ItemIsMenu", "Menu")}
    assert told == {
        "Category": "ApplicationStatus",
        "Id": "tray-status",
        "Title": "Tray Status",
        "Status": "Active",
        "ItemIsMenu": False,
        "Menu": "/MenuBar",
    }


def test_images_go_out_in_every_size_as_big_endian_argb(watcher, start_icon):
    run = start_icon()
    run.icon.set_images({size: square((10, 20, 30, 40), size) for size in (48, 16, 22)})
    pixmaps = watcher.item().properties()["IconPixmap"]
    assert [(width, height) for width, height, _ in pixmaps] == [(16, 16), (22, 22), (48, 48)]
    assert all(bytes(pixels) == bytes((40, 10, 20, 30)) * width * height for width, height, pixels in pixmaps)
    assert run.icon.icon.size == (48, 48)


def test_images_that_are_set_while_an_earlier_one_is_converted_are_not_overwritten(watcher, start_icon):
    def convert(_mode: str) -> Image.Image:
        run.icon.set_images({16: square("blue")})
        return square("red")

    run = start_icon()
    item = watcher.item()
    run.icon.icon = SimpleNamespace(width=16, height=16, convert=convert)
    ((_, _, pixels),) = item.properties()["IconPixmap"]
    assert bytes(pixels[:4]) == bytes((255, 0, 0, 255))


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1", "LA"])
def test_any_kind_of_image_can_be_set_the_way_of_pystray(watcher, start_icon, mode):
    run = start_icon()
    item = watcher.item()
    run.icon.icon = Image.new(mode, (24, 24))
    ((width, height, pixels),) = item.properties()["IconPixmap"]
    assert (width, height, len(pixels)) == (24, 24, 24 * 24 * 4)


def test_the_tooltip_has_a_title_and_a_text(watcher, start_icon):
    run = start_icon()
    run.icon.set_tooltip("Major trouble", "OpenAI: elevated errors")
    properties = watcher.item().properties()
    assert properties["ToolTip"] == ["", [], "Major trouble", "OpenAI: elevated errors"]
    assert properties["Title"] == "Major trouble"


def test_every_change_is_signalled_and_nothing_else_is(watcher, start_icon):
    run = start_icon(title="before", menu=Menu(entry("Quit")))
    item = watcher.item()
    item.properties()
    before = len(item.signals)
    for _ in range(3):
        run.icon.set_images({16: square("blue")})
        run.icon.set_tooltip("after", "text")
        run.icon.set_status("NeedsAttention")
        run.icon.menu = Menu(entry("Quit"))
    item.properties()  # an answer comes after all that was signalled before it
    assert item.emitted()[before:] == ["NewIcon", "NewToolTip", "NewTitle", "NewStatus"]
    assert item.signals[-1].body == ["NeedsAttention"]
    run.icon.set_tooltip("after", "another text")
    item.properties()
    assert item.emitted()[before + 4 :] == ["NewToolTip"]


# The menu


def test_a_menu_goes_out_whole(watcher, start_icon):
    start_icon(
        menu=Menu(
            entry("with_underscore"),
            entry("greyed", enabled=False),
            entry("hidden", visible=False),
            Menu.SEPARATOR,
            entry("ticked", checked=lambda _: True),
            entry("chosen", checked=lambda _: False, radio=True),
            MenuItem("more", Menu(entry("inside"), MenuItem("deeper", Menu(entry("bottom"))))),
        )
    )
    menu = watcher.item().menu()
    assert menu.labels == ["with_underscore", "greyed", "-", "ticked", "chosen", "more"]
    assert not menu.find("greyed").enabled
    assert not menu.find("hidden").visible
    assert (menu.find("ticked").toggle, menu.find("ticked").checked) == ("checkmark", True)
    assert (menu.find("chosen").toggle, menu.find("chosen").checked) == ("radio", False)
    assert menu.find("more", "deeper", "bottom").enabled


def test_only_as_much_of_the_menu_goes_out_as_is_asked_for(watcher, start_icon):
    start_icon(menu=Menu(MenuItem("more", Menu(MenuItem("deeper", Menu(entry("bottom")))))))
    item = watcher.item()
    more = item.menu().find("more")
    _, (_, properties, children) = item.call_menu("GetLayout", "iias", [more.id, 1, ["label"]])
    assert properties == {"label": "more"}
    assert [(child[1], child[2]) for child in children] == [({"label": "deeper"}, [])]


def test_entries_keep_their_ids_while_others_come_and_go(watcher, start_icon):
    run = start_icon(menu=Menu(entry("a"), MenuItem("more", Menu(entry("inside"))), entry("b")))
    item = watcher.item()
    before = item.menu()
    run.icon.menu = Menu(entry("new"), entry("b"), MenuItem("more", Menu(entry("first"), entry("inside"))))
    after = item.menu()
    for way in (("b",), ("more",), ("more", "inside")):
        assert after.find(*way).id == before.find(*way).id
    assert {after.find("new").id, after.find("more", "first").id}.isdisjoint({before.find("a").id})


def test_entries_with_the_same_label_have_ids_of_their_own(watcher, start_icon):
    start_icon(menu=Menu(*(MenuItem("twin", Menu(entry("open"))) for _ in range(3))))
    menu = watcher.item().menu()
    ids = [twin.id for twin in menu.lines] + [twin.lines[0].id for twin in menu.lines]
    assert len(set(ids)) == 6


def test_a_new_label_disturbs_no_open_menu(watcher, start_icon):
    run = start_icon(menu=Menu(keyed("age", entry("5 min")), entry("Quit")))
    item = watcher.item()
    menu, revision, before = item.menu(), item.revision(), len(item.signals)
    run.icon.menu = Menu(keyed("age", entry("6 min", enabled=False)), entry("Quit"))
    assert item.revision() == revision
    (told,) = item.signals[before:]
    assert told.member == "ItemsPropertiesUpdated"
    assert told.body == [[[menu.find("5 min").id, {"label": "6 min", "enabled": False}]], []]
    run.icon.menu = Menu(keyed("age", entry("6 min")), entry("Quit"))
    item.revision()
    assert item.signals[-1].body[1] == [[menu.find("5 min").id, ["enabled"]]]


def test_another_layout_is_told_with_a_growing_revision(watcher, start_icon):
    run = start_icon(menu=Menu(entry("a")))
    item = watcher.item()
    before = item.revision()
    run.icon.menu = Menu(entry("a"), entry("b"))
    run.icon.menu = Menu(entry("b"))
    assert item.revision() == before + 2
    assert [each.body for each in item.signals if each.member == "LayoutUpdated"][-2:] == [
        [before + 1, 0],
        [before + 2, 0],
    ]


def test_an_icon_without_a_menu_offers_an_empty_one(watcher, start_icon):
    start_icon()
    assert watcher.item().menu().lines == ()


def test_hosts_may_ask_for_properties_one_by_one(watcher, start_icon):
    start_icon(menu=Menu(entry("a_b"), entry("c", enabled=False)))
    item = watcher.item()
    first, second = item.menu().lines
    assert item.call_menu("GetProperty", "is", [first.id, "label"]) == ["a__b"]
    (group,) = item.call_menu("GetGroupProperties", "aias", [[second.id, 999], ["enabled"]])
    assert group == [[second.id, {"enabled": False}]]
    (every,) = item.call_menu("GetGroupProperties", "aias", [[], []])
    assert {number for number, _ in every} == {0, first.id, second.id}
    assert item.call_menu("AboutToShow", "i", [0]) == [False]
    assert item.call_menu("AboutToShowGroup", "ai", [[first.id, 999]]) == [[], [999]]


def test_what_is_not_in_the_menu_is_refused_or_ignored(watcher, start_icon):
    start_icon(menu=Menu(entry("Quit")))
    item = watcher.item()
    event = [999, "clicked", Variant("i", 0), 0]
    assert item.call_menu("Event", "isvu", event) == []
    assert item.call_menu("EventGroup", "a(isvu)", [[event]]) == [[999]]
    assert item.call_menu("AboutToShow", "i", [-5]) == [False]
    assert item.call_menu("GetLayout", "iias", [999, -1, []])[1] == [999, {}, []]
    for wrong in (("GetProperty", "is", [999, "label"]), ("Absent", "", []), ("Event", "s", ["clicked"])):
        with pytest.raises(Refused):
            item.call_menu(*wrong)
    assert item.menu().labels == ["Quit"]


# What a person does


def test_a_click_in_the_menu_acts(watcher, start_icon):
    chosen: list[str] = []
    inside = MenuItem("inside", lambda _icon, item: chosen.append(item.text))
    start_icon(menu=Menu(MenuItem("more", Menu(inside)), entry("Quit")))
    item = watcher.item()
    item.click("more", "inside")
    wait_until(lambda: chosen == ["inside"], "the click")


def test_several_events_at_once_all_act(watcher, start_icon):
    chosen: list[str] = []
    start_icon(menu=Menu(*(MenuItem(name, lambda _, item: chosen.append(item.text)) for name in "ab")))
    item = watcher.item()
    events = [[line.id, "clicked", Variant("s", ""), 0] for line in item.menu().lines]
    item.call_menu("EventGroup", "a(isvu)", [events])
    wait_until(lambda: sorted(chosen) == ["a", "b"], "both clicks")


def test_hovering_and_opening_choose_nothing(watcher, start_icon):
    chosen: list[str] = []
    start_icon(menu=Menu(MenuItem("Quit", lambda: chosen.append("quit")), MenuItem("x", lambda: chosen.append("x"))))
    item = watcher.item()
    for kind in ("hovered", "opened", "closed", "nonsense"):
        item.call_menu("Event", "isvu", [item.menu().find("Quit").id, kind, Variant("i", 0), 0])
    item.click("x")
    wait_until(lambda: chosen, "the click")
    assert chosen == ["x"]


def test_an_action_that_takes_its_time_holds_nothing_up(watcher, start_icon):
    started, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        started.set()
        go_on.wait(PATIENCE)

    start_icon(menu=Menu(MenuItem("slow", slow)))
    item = watcher.item()
    item.click("slow")
    assert started.wait(PATIENCE)
    assert item.menu().labels == ["slow"]
    go_on.set()


def test_an_action_that_fails_is_logged_and_the_menu_goes_on(watcher, start_icon, caplog):
    chosen: list[str] = []

    def fails() -> None:
        raise RuntimeError("broken on purpose")

    start_icon(menu=Menu(MenuItem("fails", fails), MenuItem("works", lambda: chosen.append("works"))))
    item = watcher.item()
    with caplog.at_level(logging.ERROR):
        item.click("fails")
        wait_until(lambda: "broken on purpose" in caplog.text, "the log")
    item.click("works")
    wait_until(lambda: chosen, "the click")


def test_a_tick_follows_what_it_stands_for(watcher, start_icon):
    state = {"on": False}
    start_icon(menu=Menu(MenuItem("mute", lambda: state.update(on=True), checked=lambda _: state["on"])))
    item = watcher.item()
    assert not item.menu().find("mute").checked
    item.click("mute")
    wait_until(lambda: item.menu().find("mute").checked, "the tick")


@pytest.mark.parametrize("click", ["Activate", "SecondaryActivate"])
def test_a_click_on_the_icon_does_the_default_entry(watcher, start_icon, click):
    chosen: list[str] = []
    start_icon(menu=Menu(entry("Quit"), MenuItem("Show", lambda: chosen.append("show"), default=True)))
    watcher.item().call(click, "ii", [10, 10])
    wait_until(lambda: chosen == ["show"], "the click")


def test_scrolling_and_other_gestures_are_taken_and_do_nothing(watcher, start_icon):
    chosen: list[str] = []
    start_icon(menu=Menu(MenuItem("Show", lambda: chosen.append("show"), default=True)))
    item = watcher.item()
    assert item.call("Scroll", "is", [120, "vertical"]) == []
    assert item.call("ContextMenu", "ii", [1, 1]) == []
    assert item.call("ProvideXdgActivationToken", "s", ["token"]) == []
    assert not chosen


# Hosts come and go


def test_without_a_host_it_is_told_and_one_that_comes_later_gets_the_icon(session_bus_address, start_icon):
    run = start_icon(title="late")
    wait_until(lambda: run.hosts == [False], "that no host is there")
    watcher = Watcher(session_bus_address)
    assert watcher.item().properties()["Title"] == "late"
    wait_until(lambda: run.hosts == [False, True], "that a host has come")
    watcher.close()
    wait_until(lambda: run.hosts == [False, True, False], "that the host has gone")


def test_a_host_that_is_started_anew_gets_the_icon_again(watcher, start_icon):
    run = start_icon()
    watcher.item()
    watcher.stop()
    watcher.start()
    watcher.item()
    assert len(watcher.registrations) == 2
    wait_until(lambda: run.hosts == [True, False, True], "all three turns")


def test_a_watcher_without_a_panel_is_no_host(session_bus_address, start_icon):
    watcher = Watcher(session_bus_address, host=False)
    run = start_icon()
    wait_until(lambda: run.hosts == [False], "that nothing shows the icon")
    watcher.set_host(True)
    wait_until(lambda: run.hosts == [False, True], "that a panel shows it")
    watcher.set_host(False)
    wait_until(lambda: run.hosts == [False, True, False], "that the panel has gone")
    watcher.close()


def test_a_hidden_icon_leaves_the_host_and_comes_back(watcher, start_icon):
    run = start_icon()
    watcher.item()
    run.icon.visible = False
    wait_until(lambda: not watcher.services, "the icon to go")
    run.icon.set_images({16: square("blue")})
    run.icon.visible = True
    assert bytes(watcher.item().properties()["IconPixmap"][0][2][:4]) == bytes((255, 0, 0, 255))


def test_a_bus_that_goes_takes_the_icon_but_not_the_program(desktop_bus, watcher, start_icon):
    run = start_icon(menu=Menu(entry("a")))
    wait_until(lambda: run.hosts == [True], "the host")
    desktop_bus.process.kill()
    wait_until(lambda: run.hosts == [True, False], "that the icon is gone")
    run.icon.set_images({16: square("blue")})
    run.icon.set_tooltip("title", "text")
    run.icon.menu = Menu(entry("b"))
    assert run.thread.is_alive()


# Start and stop


def test_an_icon_that_is_stopped_before_it_runs_does_not_run(session_bus):
    from tray_status.tray.backends import choose_icon

    icon = choose_icon(session_bus, lambda _: None)("tray-status", icon=square("red"))
    icon.stop()
    running = threading.Thread(target=icon.run, daemon=True)
    running.start()
    running.join(PATIENCE)
    assert not running.is_alive()
    icon.visible = False


PROGRAM = """
import signal, sys
from PIL import Image
from tray_status.system.session_bus import SessionBus
from tray_status.tray.backends import choose_icon

bus = SessionBus.connect()
icon = choose_icon(bus, lambda present: None)("tray-status", icon=Image.new("RGBA", (16, 16), "red"))
signal.signal(getattr(signal, sys.argv[1]), lambda *_: icon.stop())
icon.run()
icon.visible = False
bus.close()
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_program_at_once_and_without_a_word(watcher, name):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, name], stderr=subprocess.PIPE, text=True, env=os.environ, cwd=root()
    )
    watcher.item()
    began = time.monotonic()
    process.send_signal(getattr(signal, name))
    _, words = process.communicate(timeout=PATIENCE)
    assert (process.returncode, words) == (0, "")
    assert time.monotonic() - began < 2.0  # 0.05 s on an idle machine
    wait_until(lambda: not watcher.services, "the icon to go")


def root() -> str:
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def test_ten_thousand_changes_from_several_threads_leak_nothing(start_icon, session_bus):
    run = start_icon()
    images = [square(colour) for colour in ("red", "blue")]

    def change(times: int) -> None:
        for number in range(times):
            run.icon.set_images({16: images[number % 2]})
            run.icon.set_tooltip("title", str(number))
            run.icon.menu = Menu(entry(str(number)), MenuItem("more", Menu(entry("inside"))))

    def changed_by_four(times: int) -> int:
        threads = [threading.Thread(target=change, args=(times,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        # All that was signalled has gone out once this is answered.
        session_bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId", timeout=60)
        gc.collect()
        return sys.getallocatedblocks()

    before = changed_by_four(250)
    assert changed_by_four(2500) - before < 3000  # a single object kept for each change would be 10,000
