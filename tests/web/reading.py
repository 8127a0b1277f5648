"""What tests read off a page in the browser."""

from __future__ import annotations

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


def text_of(browser):
    return browser.execute_script("return document.body.innerText")


def look_again(browser):
    """As a person who comes back to the tab: the page asks at once."""
    browser.execute_script("document.dispatchEvent(new Event('visibilitychange'))")


def complaints(browser):
    """What the browser's console says, but for the requests that fail because a test has ended the server."""
    return [row["message"] for row in browser.get_log("browser") if "ERR_CONNECTION_REFUSED" not in row["message"]]
