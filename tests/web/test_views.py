"""Each page in a real Chromium: readable for all, at any size, by keyboard alone, and live."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.loopback import StatusHost, component, incident, statuspage, update
from tests.waiting import wait_until
from tray_status.acting import Acting
from tray_status.config import choose_pages, load_settings
from tray_status.config.choice import rules_of
from tray_status.config.file import SettingsHere
from tray_status.core.wishes import Wish
from tray_status.engine import Engine
from tray_status.web.server import Server
from tray_status.web.site import Site

from .reading import CONTRAST, complaints, text_of

PATIENCE = 30.0


def ago(**span):
    return (datetime.now(timezone.utc) - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


TROUBLE = incident(
    "now", update("u1", at=ago(hours=1)), update("u2", "identified", "Found it.", at=ago(minutes=9)), impact="major"
)
OVER = incident(
    "old", update("o1", at=ago(days=3)), update("o2", "resolved", "All is well.", at=ago(days=2)),
    name="Lost mail", status="resolved", started_at=ago(days=3), resolved_at=ago(days=2),
)  # fmt: skip
PARTS = [component("API", "partial_outage", id="c1"), component("Web", id="c2")]


class Served:
    """The engine over one page with a past, with settings on disk, and its site."""

    def __init__(self, folder, host):
        self.host = host
        self.path = folder / "config.toml"
        self.path.write_text(f'[[pages]]\nname = "Acme"\nurl = "{host.url}"\n')
        self.engine = Engine(self._pages(), folder / "history.sqlite3")
        self.engine.poller.start()
        assert self.engine.wait_for_round(20)
        self.acting = Acting(
            self.engine, self.engine.poller.check_now, SettingsHere(self.path, self._rules, self._take_up)
        )
        self.server = Server(Site(self.engine, self.acting), "127.0.0.1", 0)
        self.page = self.engine.pages[0].id

    def _pages(self):
        return choose_pages(load_settings(self.path), (), {}, 3600.0)

    def _rules(self):
        return rules_of(load_settings(self.path))

    def _take_up(self):
        self.engine.watch(self._pages())

    def url(self, path):
        return self.server.url.rstrip("/") + path.replace("PAGE", self.page)

    def close(self):
        self.server.close()
        self.engine.stop()


@pytest.fixture
def host():
    with StatusHost(statuspage(TROUBLE, OVER, components=PARTS), etags=True) as serving:
        yield serving


@pytest.fixture
def served(tmp_path, host):
    made = Served(tmp_path, host)
    yield made
    made.close()


PATHS = (
    "/", "/history", "/history?q=nothing+of+the+kind&from=2020-01-01", "/incident?page=PAGE&id=now", "/page?id=PAGE",
    "/reports", "/calendar", "/settings", "/settings?find=ai", "/components?id=PAGE",
)  # fmt: skip


def show(browser, *, theme="light", width=1000):
    features = [{"name": "prefers-color-scheme", "value": theme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def axe(browser):
    """What axe-core finds that is serious."""
    import axe_core_python

    browser.execute_script((Path(axe_core_python.__file__).with_name("axe.min.js")).read_text("utf-8"))
    found = browser.execute_async_script("axe.run().then(arguments[0])")["violations"]
    return [
        (each["id"], [node["html"][:120] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical", "moderate")
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_can_be_read_by_all_in_both_themes_and_on_a_phone(browser, served, theme):
    browser.set_script_timeout(PATIENCE)
    for path in PATHS:
        show(browser, theme=theme)
        browser.get(served.url(path))
        assert axe(browser) == [], path
        browser.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
        assert browser.execute_script(CONTRAST) == [], path
        for width in (320, 1600):
            show(browser, theme=theme, width=width)
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width, (path, width)
        assert complaints(browser) == [], path


def press(browser, *keys):
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def focused(browser):
    script = "const at = document.activeElement; return at === document.body ? '' : at.innerText || at.name"
    return browser.execute_script(script)


def tab_to(browser, words):
    from selenium.webdriver.common.keys import Keys

    for _ in range(60):
        press(browser, Keys.TAB)
        if words in (focused(browser) or ""):
            return
    raise AssertionError(f"{words!r} cannot be reached by keyboard")


def test_an_incident_is_acknowledged_by_keyboard_alone_and_the_page_says_so_without_a_reload(browser, served):
    from selenium.webdriver.common.keys import Keys

    browser.get(served.url("/"))
    browser.execute_script("window.mark = 1")
    press(browser, Keys.TAB)
    assert focused(browser) == "Skip to the content"
    tab_to(browser, "Acknowledge")
    press(browser, Keys.ENTER)
    wait_until(lambda: "Acknowledged (undo)" in text_of(browser), "what was done", PATIENCE)
    assert [wished.wish for wished in served.engine.wishes()][:1] == [Wish.ACKNOWLEDGE]
    assert "Acknowledged." in browser.find_element("id", "said").text
    assert focused(browser) == "Acknowledged (undo)"
    press(browser, Keys.ENTER)
    wait_until(lambda: "Acknowledged (undo)" not in text_of(browser), "that it was taken back", PATIENCE)
    assert served.engine.wishes() == []
    assert browser.execute_script("return window.mark") == 1
    assert complaints(browser) == []


def test_what_is_looked_for_is_found(browser, served):
    browser.get(served.url("/history"))
    browser.find_element("name", "q").send_keys("well\n")
    wait_until(lambda: "1 to 1 of 1" in text_of(browser), "what was found", PATIENCE)
    browser.find_element("link text", "Lost mail").click()
    wait_until(lambda: "It took 1 d" in text_of(browser), "the incident", PATIENCE)
    assert browser.title == "Acme: Lost mail · Tray Status"


def test_a_new_update_appears_on_the_incidents_own_page(browser, served, host):
    browser.get(served.url("/incident?page=PAGE&id=now"))
    later = update("u3", "monitoring", "We watch it.", at=ago(minutes=1))
    host.documents.update(
        statuspage({**TROUBLE, "incident_updates": [later, *TROUBLE["incident_updates"]]}, OVER, components=PARTS)
    )
    served.engine.poller.check_now()
    wait_until(lambda: "We watch it." in text_of(browser), "the update", PATIENCE)


def test_a_page_is_added_and_parts_of_it_are_chosen_with_a_mouse(browser, served):
    other = statuspage(components=[component("Mail", id="m1"), component("Calls", id="m2")])
    with StatusHost(other) as second:
        browser.get(served.url("/settings"))
        browser.find_element("name", "wanted").send_keys(second.url + "\n")
        wait_until(lambda: "Atlassian Statuspage, 2 components" in text_of(browser), "what was found", PATIENCE)
        browser.find_element("css selector", "details > summary").click()
        browser.find_element("css selector", "input[value=Calls]").click()
        name = browser.find_element("name", "name")
        name.clear()
        name.send_keys("Second")
        browser.find_element("css selector", "button[value=add]").click()
        wait_until(lambda: "only Calls" in text_of(browser), "the watched page", PATIENCE)
    assert [page.name for page in served.engine.pages] == ["Acme", "Second"]


def test_without_scripts_all_of_it_works(browser, served):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(served.url("/"))
    browser.find_element("css selector", "button[value=follow]").click()
    wait_until(lambda: "Followed (undo)" in browser.page_source, "what was done", PATIENCE)
    assert [wished.wish for wished in served.engine.wishes()] == [Wish.FOLLOW]


def test_the_page_says_when_the_program_is_gone_on_every_live_page(browser, served):
    browser.get(served.url("/page?id=PAGE"))
    served.server.close()
    browser.execute_script("document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(lambda: "does not answer" in text_of(browser), "the banner", PATIENCE)


def test_printed_it_has_no_buttons_and_its_details_are_open(browser, served):
    browser.get(served.url("/"))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.find_element("css selector", "button").is_displayed()
    assert "Elevated errors" in text_of(browser)
