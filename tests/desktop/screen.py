"""A screen in memory with a window manager, for real panels and notification daemons."""

from __future__ import annotations

import contextlib
import glob
import io
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image, ImageChops

from tests.waiting import wait_until

from .requirements import require

Colour = tuple[int, int, int]


class Screen:
    """Takes pictures, moves the mouse and types. What `start` starts ends with the screen."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._programs: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        program = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._programs.append(program)
        return program

    def output(self, *command: str) -> bytes:
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=30).stdout

    def picture(self) -> Image.Image:
        raw = self.output(require("import", "imagemagick"), "-silent", "-window", "root", "png:-")
        return Image.open(io.BytesIO(raw)).convert("RGB")

    def find(self, colour: Colour) -> tuple[int, int] | None:
        """The middle of all that has exactly this colour."""
        picture = self.picture()
        same = _strongest(ImageChops.difference(picture, Image.new("RGB", picture.size, colour))).point(_IS_ZERO)
        box = same.getbbox()
        if box is None or same.histogram()[255] < 40:  # a whole icon at the least, and no stray pixels
            return None
        left, top, right, bottom = box
        return (left + right) // 2, (top + bottom) // 2

    def changed_since(self, before: Image.Image) -> int:
        """How many pixels are others than on an earlier picture."""
        after = self.picture()
        return after.width * after.height - _strongest(ImageChops.difference(before, after)).histogram()[0]

    def wait_for(self, colour: Colour) -> tuple[int, int]:
        """Where a colour is, once it is there."""
        wait_until(lambda: self.find(colour) is not None, f"the colour {colour} on the screen", 30)
        place = self.find(colour)
        assert place is not None, "it was there only for a moment"
        return place

    def click(self, place: tuple[int, int], button: int = 1) -> None:
        self.output(require("xdotool", "xdotool"), "mousemove", *map(str, place), "click", str(button))

    def press(self, *keys: str) -> None:
        self.output(require("xdotool", "xdotool"), "key", "--clearmodifiers", *keys)

    def end(self) -> None:
        for program in reversed(self._programs):
            program.terminate()
        for program in reversed(self._programs):
            try:
                program.wait(5)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait(5)


_IS_ZERO = [255] + [0] * 255


def _strongest(picture: Image.Image) -> Image.Image:
    """Of each pixel the strongest channel."""
    red, green, blue = picture.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


@contextlib.contextmanager
def screen(folder: Path, bus_address: str, size: str = "800x400") -> Iterator[Screen]:
    """A fresh screen with a home of its own."""
    server = require("Xvfb", "xvfb")
    require("import", "imagemagick")
    require("xdotool", "xdotool")
    window_manager = require("openbox", "openbox")
    environment = {
        name: str(folder / name.lower())
        for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    }
    for path in environment.values():
        os.makedirs(path, mode=0o700)
    reader, writer = os.pipe()
    display = subprocess.Popen(
        [server, "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    environment |= {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DISPLAY": f":{number}",
        "DBUS_SESSION_BUS_ADDRESS": bus_address,
        "NO_AT_BRIDGE": "1",
        "GTK_THEME": "Adwaita",
    }
    shown = Screen(environment)
    try:
        shown.start(window_manager)
        yield shown
    finally:
        shown.end()
        display.terminate()
        display.wait(10)


def installed(pattern: str, package: str) -> str:
    """The path of a program that is not in the search path."""
    found = sorted(glob.glob(pattern))
    return found[0] if found else require(os.path.basename(pattern), package)
