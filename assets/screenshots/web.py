"""Writes `web.png`: the demo's status page at its worst moment, on a light desktop and on a dark phone; and
`reports.png`, its history and its reports.

Run from the repository, with the packages of `.ci/run`: `python -m assets.screenshots.web`
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from tests.desktop.requirements import require

HERE = Path(__file__).parent
GAP = 24
GROUND = (47, 80, 104)
QUIET = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking")


def picture(browser: Chrome, theme: str, width: int, height: int, scale: float) -> Image.Image:
    """The page as it stands, in a theme and at a size in CSS pixels."""
    screen = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    theme_feature = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", theme_feature)
    return Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")


def main() -> None:
    program = [sys.executable, "-m", "tray_status", "--demo", "--serve", "--port", "0"]
    options = ChromeOptions()
    options.binary_location = require("chromium", "chromium")
    with tempfile.TemporaryDirectory() as profile:
        for argument in (*QUIET, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        server = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        browser = Chrome(options, ChromeService(require("chromedriver", "chromium-driver")))
        try:
            assert server.stdout is not None
            address = next(found[1] for line in server.stdout if (found := re.match(r"Status page: (\S+)", line)))
            browser.get(address)
            while "Critical" not in browser.title:
                browser.implicitly_wait(1)
            wide = picture(browser, "light", 900, 1000, 1)
            narrow = picture(browser, "dark", 390, 1000, 1)
            browser.get(f"{address}history")
            history = picture(browser, "dark", 900, 760, 1)
            browser.get(f"{address}reports?since=30d")
            reports = picture(browser, "light", 760, 760, 1)
        finally:
            browser.quit()
            server.terminate()
            server.wait(10)
    beside(wide, narrow).save(HERE / "web.png", optimize=True)
    beside(history, reports).save(HERE / "reports.png", optimize=True)


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    """Two pictures of one height on a common ground, in few colours."""
    both = Image.new("RGB", (left.width + right.width + 3 * GAP, left.height + 2 * GAP), GROUND)
    both.paste(left, (GAP, GAP))
    both.paste(right, (left.width + 2 * GAP, GAP))
    return both.quantize(192)


if __name__ == "__main__":
    main()
