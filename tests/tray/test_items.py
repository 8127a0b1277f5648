"""The menu as pystray's backends get it."""

from __future__ import annotations

from tray_status.tray.items import as_menu, spelled
from tray_status.tray.menu import SEPARATOR, Do, Entry, Open
from tray_status.tray.pystray_base import import_pystray

pystray = import_pystray()


def test_entries_become_items_with_what_they_do_and_what_they_bear():
    chosen: list[object] = []
    marks = {"on": False}
    entries = (
        Entry("Told", key="told"),
        SEPARATOR,
        Entry("Open", Open("https://a.example")),
        Entry("Login", Do.SWITCH_LOGIN, checked=True),
        Entry("More", children=(Entry("One of several", Do.CHECK_NOW, checked=True, radio=True),), key="more"),
        Entry("Hidden", Do.SHOW_RECENT, default=True, visible=False),
    )
    menu = as_menu(entries, chosen.append, {Do.SWITCH_LOGIN: lambda: marks["on"]})
    told, separator, opens, login, more, hidden = menu.items
    assert separator is pystray.Menu.SEPARATOR
    assert (told.text, told.enabled, told.checked, told.key) == ("Told", False, None, "told")
    assert (opens.enabled, opens.key) == (True, "Open")
    assert not login.checked, "it is asked, whatever it was when the menu was made"
    marks["on"] = True
    assert login.checked
    (inside,) = more.submenu.items
    assert (inside.checked, inside.radio) == (True, True)
    assert (hidden.default, hidden.visible) == (True, False)
    for item in (opens, inside, hidden):
        item(None)
    assert chosen == [Open("https://a.example"), Do.CHECK_NOW, Do.SHOW_RECENT]


def test_an_ampersand_is_shown_on_windows_too():
    assert spelled("AT&T: R&D", "win32") == "AT&&T: R&&D"
    assert spelled("AT&T", "linux") == "AT&T"
