"""The status page in a real Chromium."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests.desktop.requirements import require
from tests.specimens import ACME, incident, state_of, update
from tests.waiting import wait_until
from tray_status.core.model import Affected, Component, Impact, Page, State
from tray_status.web.server import Server

from .showing import TROUBLE, Shown, acme

PATIENCE = 30.0
QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip
OVER = replace(incident(update(1), update(9, State.RESOLVED), id="old", name="Lost mail"), state=State.RESOLVED)

CONTRAST = """
function channels(text) { return text.match(/[\\d.]+/g).map(Number); }
function luminance([r, g, b]) {
  const [x, y, z] = [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * x + .7152 * y + .0722 * z;
}
function ground(node) {
  for (; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor;
    const [, , , alpha = 1] = channels(colour);
    if (alpha > 0) return colour;
  }
  return "rgb(255, 255, 255)";
}
return [...document.querySelectorAll("h1, h2, p, a, dt, dd, summary, b, time, span")]
  .filter(node => node.innerText && node.checkVisibility())
  .map(node => {
    const [a, b] = [getComputedStyle(node).color, ground(node)].map(c => luminance(channels(c)));
    return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), node.outerHTML.slice(0, 80)];
  }).filter(([ratio]) => ratio < 4.5);
"""


@pytest.fixture
def browser(tmp_path):
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = require("chromium", "chromium")
    for argument in (*QUIET, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options, ChromeService(require("chromedriver", "chromium-driver")))
    yield driver
    driver.quit()


@pytest.fixture
def source():
    return Shown(acme(TROUBLE), past=[(ACME, OVER)])


@pytest.fixture
def server(source):
    with Server(source.site, "127.0.0.1", 0) as serving:
        yield serving


def text_of(browser):
    return browser.execute_script("return document.body.innerText")


def look_again(browser):
    """As a person who comes back to the tab: the page asks at once."""
    browser.execute_script("document.dispatchEvent(new Event('visibilitychange'))")


def wait_for_text(browser, words):
    look_again(browser)
    wait_until(lambda: words in text_of(browser), f"{words!r} on the page", PATIENCE)


def icon_of(browser):
    return urlsplit(browser.execute_script("return document.querySelector('link[rel=icon]').href")).path


def complaints(browser):
    """What the browser's console says, but for the requests that fail because a test has ended the server."""
    return [row["message"] for row in browser.get_log("browser") if "ERR_CONNECTION_REFUSED" not in row["message"]]


def test_it_shows_what_is_open_breaks_no_rule_and_loads_nothing_from_elsewhere(browser, server):
    browser.get(server.url)
    text = text_of(browser)
    for words in ("1 incident open, worst: Minor", "Elevated errors", "Found it.", "API", "Lost mail", "Acme"):
        assert words in text
    assert browser.title == "1 incident open, worst: Minor · Tray Status"
    assert icon_of(browser) == "/icon/minor.png"
    loaded = browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)")
    assert loaded
    assert all(each.startswith(server.url) for each in loaded)
    assert browser.execute_script("return [...document.images].every(each => each.complete && each.naturalWidth > 0)")
    assert complaints(browser) == []


def test_times_are_told_as_a_person_counts_them(browser, server):
    browser.get(server.url)
    wait_until(lambda: re.search(r"Last check (now|\d+ s ago)", text_of(browser)), "the age of the check", PATIENCE)
    assert re.search(r"From \d+ d ago", text_of(browser).replace("\n", " "))


def test_an_incident_that_comes_while_it_is_open_appears_without_a_reload(browser, server, source):
    many = incident(*(update(number) for number in range(1, 7)), name="Elevated errors")
    source.states = (acme(many),)
    browser.get(server.url)
    browser.execute_script(
        "window.mark = 1; document.querySelector('article details').open = true;"
        "getSelection().selectAllChildren(document.querySelector('article h3 a'));"
    )
    source.states = (acme(many, incident(update(20), id="i2", name="Slow logins", impact=Impact.CRITICAL)),)
    wait_for_text(browser, "Slow logins")
    assert browser.execute_script("return window.mark") == 1
    assert browser.execute_script("return document.querySelectorAll('article details')[0].open")
    assert browser.execute_script("return getSelection().toString()") == "Elevated errors"
    assert [
        each.text for each in browser.find_elements("css selector", "main > section:first-of-type h3 a:first-of-type")
    ] == [
        "Slow logins",
        "Elevated errors",
    ]
    assert (browser.title[:24], icon_of(browser)) == ("2 incidents open, worst:", "/icon/critical.png")
    source.states = (acme(),)
    wait_for_text(browser, "All systems operational")
    assert "Slow logins" not in text_of(browser)
    assert complaints(browser) == []


def test_it_asks_again_by_itself(browser, server, source):
    browser.get(server.url)
    source.states = (acme(replace(TROUBLE, name="Renamed by the vendor")),)
    wait_until(lambda: "Renamed by the vendor" in text_of(browser), "the new name", PATIENCE)


def test_when_nobody_answers_nothing_looks_as_if_it_were_so_now_and_it_recovers(browser, source):
    source.states = (acme(),)
    server = Server(source.site, "127.0.0.1", 0)
    browser.get(server.url)
    assert icon_of(browser) == "/icon/none.png"
    browser.execute_script("window.mark = 1")
    server.close()
    wait_for_text(browser, "Tray Status does not answer")
    assert (browser.title, icon_of(browser)) == ("Not known · Tray Status", "/icon/unknown.png")
    assert browser.execute_script("return getComputedStyle(document.querySelector('main')).filter") == "grayscale(1)"
    with Server(source.site, "127.0.0.1", urlsplit(server.url).port):
        look_again(browser)
        wait_until(lambda: browser.title.startswith("All systems operational"), "the recovery", PATIENCE)
        wait_until(lambda: "does not answer" not in text_of(browser), "the banner to go", PATIENCE)
        assert icon_of(browser) == "/icon/none.png"
        assert browser.execute_script("return window.mark") == 1


def test_a_history_that_cannot_be_read_is_no_green_page(browser, server, source):
    from tray_status.errors import StoreError

    source.states = (acme(),)
    browser.get(server.url)
    source.error = StoreError("the disk is full")
    wait_for_text(browser, "the disk is full")
    assert icon_of(browser) == "/icon/unknown.png"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_is_readable_in_light_and_dark(browser, server, source, theme):
    parts = (Component("c1", "API", Impact.MAJOR),)
    source.states = (acme(TROUBLE, components=parts), state_of(Page("z", "Zed", "http://127.0.0.1:9"), read_at=None))
    features = [{"name": "prefers-color-scheme", "value": theme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(server.url)
    ground = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground))) > 380) == (theme == "light")
    assert browser.execute_script(CONTRAST) == []


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_no_width_needs_scrolling_sideways(browser, server, source, width):
    wide = incident(update(1, text="w" * 10_000), name="n" * 500)
    source.states = (acme(TROUBLE, wide), state_of(Page("z", "z" * 200, "http://127.0.0.1:9/" + "y" * 300)))
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get(server.url)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"><svg onload=alert(1)>"
    "</p></main><iframe src=//evil.example></iframe>\"'><b>{{ 7|add:7 }}{% include 'x' %}\u202e\u2066&lt;i&gt;"
)


@pytest.mark.parametrize("address", ["javascript:document.title='owned'", "data:text/html,<script>1</script>", None])
def test_hostile_words_in_every_field_do_nothing(browser, server, source, address):
    hostile = incident(
        update(1, text=HOSTILE, word=HOSTILE, source=HOSTILE),
        id=HOSTILE,
        name=HOSTILE,
        word=HOSTILE,
        url=address,
        affected=(Affected(HOSTILE, HOSTILE),),
    )
    page = Page(HOSTILE, HOSTILE, "http://127.0.0.1:9/" + HOSTILE)
    parts = (Component(HOSTILE, HOSTILE, Impact.MAJOR, HOSTILE, HOSTILE),)
    source.states = (acme(hostile), state_of(page, hostile, components=parts, vendor_url=address))
    source.past = [(page, replace(hostile, state=State.RESOLVED))]
    browser.get(server.url)
    counted = "return ['script', 'iframe', 'svg', 'b > *', 'style'].map(s => document.querySelectorAll(s).length)"
    assert browser.execute_script(counted) == [1, 0, 0, 0, 0]
    wait_for_text(browser, "{{ 7|add:7 }}")
    assert "owned" not in browser.title
    outside = "return [...document.links].filter(each => each.origin !== location.origin)"
    links = browser.execute_script(f"{outside}.map(each => [each.protocol, each.rel, each.target])")
    assert {tuple(each) for each in links} <= {
        ("http:", "noopener noreferrer", "_blank"),
        ("https:", "noopener noreferrer", "_blank"),
    }
    assert complaints(browser) == []
