"""A menu that is open: labels follow the news, nothing moves under the pointer, and it is told that somebody looks."""

from __future__ import annotations

import pytest
from dbus_fast import Variant

from tests.specimens import NOW, incident, state_of, update
from tests.waiting import wait_until
from tray_status.core.model import Page
from tray_status.core.view import look
from tray_status.core.wishes import Wish
from tray_status.tray.items import as_menu
from tray_status.tray.menu import Ask, Shown, build
from tray_status.tray.pystray_base import import_pystray

from .watcher import Item, Line

pystray = import_pystray()
Menu, MenuItem = pystray.Menu, pystray.MenuItem


def keyed(label: str, action=lambda: None, key: str = ""):
    item = MenuItem(label, action)
    item.key = key or label
    return item


def tell(item: Item, kind: str, number: int = 0) -> None:
    item.call_menu("Event", "isvu", [number, kind, Variant("i", 0), 0])


def places(line: Line):
    """Which line is where, whatever it says."""
    return line.id, [places(each) for each in line.lines]


def looks(run) -> list[bool]:
    """What the icon is told of its menu's opening and closing, in order."""
    told: list[bool] = []
    run.icon.on_menu = told.append
    return told


def test_an_open_menu_keeps_its_layout_while_its_labels_change_and_takes_up_the_rest_when_closed(watcher, start_icon):
    run = start_icon(menu=Menu(keyed("5 min", key="age"), keyed("Quit")))
    item = watcher.item()
    tell(item, "opened")
    before, revision, heard = item.menu(), item.revision(), len(item.signals)
    run.icon.menu = Menu(keyed("New trouble"), keyed("6 min", key="age"), keyed("Quit"))
    assert item.menu().labels == ["6 min", "Quit"]
    assert places(item.menu()) == places(before)
    assert item.revision() == revision
    assert item.emitted()[heard:] == ["ItemsPropertiesUpdated"]
    tell(item, "closed")
    assert item.menu().labels == ["New trouble", "6 min", "Quit"]
    assert item.menu().find("Quit").id == before.find("Quit").id
    assert item.revision() == revision + 1
    assert item.emitted()[heard:] == ["ItemsPropertiesUpdated", "LayoutUpdated"]


def test_sixty_updates_move_nothing_in_an_open_menu(watcher, start_icon):
    def menu(number: int):
        more = [keyed(f"Trouble {each}") for each in range(number % 7)]
        pages = MenuItem("Pages", Menu(*[keyed(f"Page {each}") for each in range(number % 5)], keyed("Last")))
        return Menu(*more, keyed(f"{number} min", key="age"), pages, keyed("Quit"))

    run = start_icon(menu=menu(3))
    item = watcher.item()
    tell(item, "opened")
    pages = item.menu().find("Pages").id
    item.call_menu("AboutToShow", "i", [pages])
    tell(item, "opened", pages)
    before, revision = item.menu(), item.revision()
    for number in range(60):
        run.icon.menu = menu(number)
        shown = item.menu()
        assert places(shown) == places(before)
        assert shown.labels[3] == f"{number} min"
    assert item.revision() == revision
    tell(item, "closed", pages)
    assert places(item.menu()) == places(before), "the menu itself is still open"
    tell(item, "closed")
    assert item.menu().labels == ["Trouble 0", "Trouble 1", "Trouble 2", "59 min", "Pages", "Quit"]


def test_what_went_meanwhile_can_still_be_chosen_and_the_choice_closes_the_menu(watcher, start_icon):
    chosen: list[str] = []
    run = start_icon(menu=Menu(keyed("Open", lambda: chosen.append("old")), keyed("Quit")))
    item = watcher.item()
    tell(item, "opened")
    run.icon.menu = Menu(keyed("Quit"))
    item.click("Open")
    wait_until(lambda: chosen == ["old"], "the click")
    assert item.menu().labels == ["Quit"]


def test_a_menu_that_is_never_said_to_be_closed_counts_as_closed_after_a_while(watcher, start_icon, monkeypatch):
    monkeypatch.setattr("tray_status.tray.dbusmenu.OPEN_AT_MOST", 0.3)
    run = start_icon(menu=Menu(keyed("Quit")))
    told = looks(run)
    item = watcher.item()
    item.call_menu("AboutToShow", "i", [0])
    run.icon.menu = Menu(keyed("New"), keyed("Quit"))
    wait_until(lambda: item.menu().labels == ["New", "Quit"], "the new layout")
    wait_until(lambda: told == [True, False], "that it was closed")


def test_what_waited_comes_with_the_next_opening(watcher, start_icon):
    """Xfce's panel says when the menu is about to be shown, and never that it was closed."""
    run = start_icon(menu=Menu(keyed("Quit")))
    item = watcher.item()
    assert item.call_menu("AboutToShowGroup", "ai", [[0]]) == [[], []]
    run.icon.menu = Menu(keyed("New"), keyed("Quit"))
    assert item.menu().labels == ["Quit"]
    assert item.call_menu("AboutToShowGroup", "ai", [[0]]) == [[0], []]
    assert item.menu().labels == ["New", "Quit"]


@pytest.mark.parametrize("way", ["AboutToShow", "opened", "a submenu alone"])
def test_it_is_told_when_somebody_looks_and_when_no_longer(watcher, start_icon, way):
    run = start_icon(menu=Menu(MenuItem("More", Menu(keyed("inside"))), keyed("Quit")))
    told = looks(run)
    item = watcher.item()
    number = item.menu().find("More").id if way == "a submenu alone" else 0
    if way == "AboutToShow":
        item.call_menu("AboutToShow", "i", [0])
    else:
        tell(item, "opened", number)
    wait_until(lambda: told == [True], "that it was opened")
    tell(item, "closed", number)
    wait_until(lambda: told == [True, False], "that it was closed")


def test_moving_from_one_submenu_to_the_next_is_no_end(watcher, start_icon):
    run = start_icon(menu=Menu(MenuItem("A", Menu(keyed("a"))), MenuItem("B", Menu(keyed("b")))))
    told = looks(run)
    item = watcher.item()
    first, second = (line.id for line in item.menu().lines)
    item.call_menu("AboutToShow", "i", [first])
    tell(item, "opened", first)
    item.call_menu("AboutToShow", "i", [second])
    tell(item, "closed", first)
    run.icon.menu = Menu(MenuItem("A", Menu(keyed("a"))), MenuItem("B", Menu(keyed("b"), keyed("c"))))
    assert item.menu().find("B").labels == ["b"]
    tell(item, "opened", second)
    tell(item, "closed", second)
    assert item.menu().find("B").labels == ["b", "c"]
    wait_until(lambda: told == [True, False], "that it was closed")


def test_a_middle_click_has_an_action_of_its_own(watcher, start_icon):
    done: list[str] = []
    run = start_icon(menu=Menu(MenuItem("Show", lambda: done.append("show"), default=True)))
    run.icon.on_middle_click = lambda: done.append("check")
    item = watcher.item()
    item.call("SecondaryActivate", "ii", [0, 0])
    wait_until(lambda: done == ["check"], "the middle click")
    item.call("Activate", "ii", [0, 0])
    wait_until(lambda: done == ["check", "show"], "the click")


def three_hundred_pages(*troubled: int):
    pages = [Page(f"p{number}", f"Page {number:03}", f"https://p{number}.example") for number in range(300)]
    return [state_of(page, *([incident(update(1))] if at in troubled else ())) for at, page in enumerate(pages)]


def test_the_menu_of_three_hundred_pages_holds_and_leads_to_each(watcher, start_icon):
    chosen: list[object] = []

    def menu(*troubled: int):
        return as_menu(build(Shown(look(three_hundred_pages(*troubled), NOW), NOW)), chosen.append, {})

    run = start_icon(menu=menu(7))
    item = watcher.item()
    before = item.menu()
    groups = before.find("299 pages operational").lines
    assert sum(len(group.lines) for group in groups) == 299
    item.click(
        "299 pages operational", "Page 240 – Page 259", "Page 250: All systems operational", "Mute", "For good"
    )
    wait_until(lambda: chosen == [Ask(Wish.MUTE, "p250")], "the choice")
    tell(item, "opened")
    for number in range(60):
        run.icon.menu = menu(7, number, 299 - number)
        assert places(item.menu()) == places(before)
    tell(item, "closed")
    after = item.menu()
    assert len(after.find("3 incidents open, worst: Minor").label) < 80
    where = ("Page 250: All systems operational", "Mute", "For good")
    ids = [
        menu.find(title, "Page 240 – Page 259", *where).id
        for menu, title in ((before, "299 pages operational"), (after, "297 pages operational"))
    ]
    assert ids[0] == ids[1]
