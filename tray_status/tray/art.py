"""The icon, drawn: the worst impact decides colour, silhouette and mark, so that each can be told without the others.

A dark edge around a pale one keeps it plain on any panel; who knows the panel may do with one of them. A dot above
marks news not looked at yet, a clock below what was not read lately. Everything is drawn large and then reduced;
straight edges, strokes and digits lie on whole pixels of the final size, so that small icons stay crisp. Nothing is
read from disk.

Run `python -m tray_status.tray.art FOLDER` to write the program's own icon as PNG and ICO files.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import accumulate, pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ..core.model import Impact

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIZES = (16, 22, 24, 32, 44, 48, 64, 96)
"""What tray hosts ask for, in pixels; those from 44 up where two or three pixels are one."""

SMALLEST, LARGEST = 8, 512
_SMALLEST_WITH_NUMBER = 14
"""In smaller icons a number would hide the shape."""

Colour: TypeAlias = tuple[int, int, int]
Points: TypeAlias = Sequence[tuple[float, float]]
Shape: TypeAlias = Callable[[float, Colour], None]

_DARK = (10, 11, 14)
_WHITE = (255, 255, 255)


class Theme(Enum):
    """How the icon is drawn; each tells all states apart."""

    AUTO = "auto"
    """Plain on every panel."""
    LIGHT = "light"
    """For light panels: the dark edge alone."""
    DARK = "dark"
    """For dark panels: the pale edge alone."""
    MONOCHROME = "monochrome"
    """In shades of grey, plain on every panel."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the icon tells."""

    impact: Impact
    count: int = 0
    """Open incidents; a number from 1 up is shown with major and critical only."""
    offline: bool = False
    """This computer has no network. Shown where nothing is known: it never hides something bad."""
    unread: bool = False
    """Whether something happened that nobody looked at yet."""
    stale: bool = False
    """Whether what is shown was not read lately."""
    theme: Theme = Theme.AUTO


@lru_cache(maxsize=256)
def draw(look: Look, size: int) -> Image:
    """The icon as an RGBA image of `size` × `size` pixels, 8 to 512; ValueError beyond.

    The same look and size give the same image object: copy it before changing it.
    """
    if not SMALLEST <= size <= LARGEST:
        raise ValueError(f"an icon has {SMALLEST} to {LARGEST} pixels a side, not {size}")
    from PIL import Image, ImageDraw

    scale = 8 if size <= 64 else 4
    large = Image.new("RGBA", (size * scale, size * scale))
    pen = _Pen(ImageDraw.Draw(large), size, scale, look.theme)
    number = ""
    if look.impact in (Impact.MAJOR, Impact.CRITICAL) and look.count > 0 and size >= _SMALLEST_WITH_NUMBER:
        number = str(look.count) if look.count < 10 else "9+"
    if look.offline and look.impact is Impact.UNKNOWN:
        _offline(pen)
    else:
        _SHAPES[look.impact](pen, number)
    if number:
        _badge(pen, number)
    if look.stale:
        _clock(pen)
    if look.unread:
        _dot(pen)
    # The mean of whole pixels: unlike LANCZOS it leaves a hinted edge sharp, without halos.
    small = large.reduce(scale)
    return _in_greys(small) if look.theme is Theme.MONOCHROME else small


def _in_greys(icon: Image) -> Image:
    from PIL import Image

    grey = icon.convert("L")
    return Image.merge("RGBA", (grey, grey, grey, icon.getchannel("A")))


class _Pen:
    """Draws in fractions of the icon's side, from 0 at the top left to 1, larger than life by a whole factor."""

    def __init__(self, canvas: ImageDraw, size: int, scale: int, theme: Theme = Theme.AUTO) -> None:
        self._canvas = canvas
        self._theme = theme
        self._side = size * scale
        self.size = size
        self.pixel = 1 / size
        self.edge = max(1.0, math.sqrt(size) / 4) * self.pixel
        """The width of each of the two outlines: one pixel at 16, then slower than the icon grows."""

    def whole(self, length: float) -> float:
        """The nearest length of whole pixels, at least one."""
        return max(1, round(length * self.size)) * self.pixel

    def centred(self, width: float) -> float:
        """The nearest width of whole pixels that lies evenly about the middle of the icon."""
        odd = self.size % 2
        return max(2 - odd, odd + 2 * round((width * self.size - odd) / 2)) * self.pixel

    def circle(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self.box(x - radius, y - radius, x + radius, y + radius, fill, radius)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour, corner: float = 0) -> None:
        left, top, right, bottom = (round(each * self._side) for each in (left, top, right, bottom))
        if right > left and bottom > top:
            self._canvas.rounded_rectangle((left, top, right - 1, bottom - 1), corner * self._side, fill)

    def polygon(self, points: Points, fill: Colour) -> None:
        self._canvas.polygon([(x * self._side - 0.5, y * self._side - 0.5) for x, y in points], fill)

    def line(self, points: Points, width: float, fill: Colour) -> None:
        """A line with round ends and joints."""
        for (x0, y0), (x1, y1) in pairwise(points):
            length = math.hypot(x1 - x0, y1 - y0) or 1.0
            dx, dy = (y1 - y0) / length * width / 2, (x0 - x1) / length * width / 2
            self.polygon([(x0 + dx, y0 + dy), (x1 + dx, y1 + dy), (x1 - dx, y1 - dy), (x0 - dx, y0 - dy)], fill)
        for x, y in points:
            self.circle(x, y, width / 2, fill)

    def rounded(self, corners: int, y: float, turn: float, inner: float, corner: float, fill: Colour) -> None:
        """A regular polygon with round corners; `inner` is the radius of the circle that fits into it."""
        corner = max(0.0, corner)
        core = max(0.0, inner - corner) / math.cos(math.pi / corners)
        angles = [turn + 2 * math.pi * n / corners for n in range(corners)]
        points = [(0.5 + core * math.cos(angle), y + core * math.sin(angle)) for angle in angles]
        self.polygon(points, fill)
        self.line([*points, points[0]], 2 * corner, fill)

    def outlined(self, shape: Shape, fill: Colour, pale: Colour, level: bool = False) -> None:
        """Draw a shape that shrinks by its first argument thrice: dark edge, pale edge, inside.

        `level` shapes have level or upright sides, which look sharpest with edges of whole pixels.
        """
        edge = self.whole(self.edge) if level else self.edge
        shape(0, self.outer(pale))
        shape(edge, _DARK if self._theme is Theme.LIGHT else pale)
        shape(2 * edge, fill)

    def outer(self, pale: Colour) -> Colour:
        """The colour of the outermost edge, which has to stand out from the panel."""
        return pale if self._theme is Theme.DARK else _DARK


_GREEN, _PALE_GREEN = (22, 150, 70), (226, 250, 233)
_BLUE, _PALE_BLUE = (30, 100, 215), (224, 236, 255)
_YELLOW, _PALE_YELLOW = (255, 205, 0), (255, 242, 180)
_ORANGE, _PALE_ORANGE = (255, 128, 0), (255, 228, 190)
_RED, _PALE_RED = (214, 20, 36), (255, 226, 226)
_GREY, _PALE_GREY = (112, 117, 126), (232, 234, 238)


def _none(pen: _Pen, _number: str) -> None:
    """A disc with a check."""
    pen.outlined(lambda inset, fill: pen.circle(0.5, 0.5, 0.5 - inset, fill), _GREEN, _PALE_GREEN)
    pen.line([(0.28, 0.53), (0.44, 0.69), (0.73, 0.35)], 0.125, _WHITE)


def _notice(pen: _Pen, _number: str) -> None:
    """A speech bubble with a dot: the vendor says something, and calls it harmless."""

    def bubble(inset: float, fill: Colour) -> None:
        pen.circle(0.5, 0.5, 0.5 - inset, fill)
        pen.box(inset, 0.5, 0.5, 1 - inset, fill, max(0.0, 0.06 - inset))

    pen.outlined(bubble, _GREEN, _PALE_GREEN)
    pen.circle(0.5, 0.5, pen.centred(0.36) / 2, _WHITE)


def _maintenance(pen: _Pen, _number: str) -> None:
    """A square with a spanner."""

    def square(inset: float, fill: Colour) -> None:
        margin = inset + round(0.03 * pen.size) * pen.pixel
        pen.box(margin, margin, 1 - margin, 1 - margin, fill, max(0.0, 0.17 - inset))

    pen.outlined(square, _BLUE, _PALE_BLUE, level=True)
    pen.line([(0.30, 0.70), (0.56, 0.44)], 0.15, _WHITE)
    pen.circle(0.61, 0.39, 0.205, _WHITE)
    pen.polygon([(0.58, 0.42), (0.58, 0.32), (0.75, 0.15), (0.85, 0.25), (0.68, 0.42)], _BLUE)  # the jaw


def _minor(pen: _Pen, _number: str) -> None:
    """A triangle with an exclamation mark."""

    def triangle(inset: float, fill: Colour) -> None:
        pen.rounded(3, base - inner, -math.pi / 2, inner - inset, 0.11 - inset, fill)

    base, inner = 1 - round(0.04 * pen.size) * pen.pixel, 0.335
    pen.outlined(triangle, _YELLOW, _PALE_YELLOW)
    _exclamation(pen, 0.33, 0.84)


def _major(pen: _Pen, number: str) -> None:
    """A diamond with an exclamation mark: its lower right side is the one that a number can best do without."""

    def diamond(inset: float, fill: Colour) -> None:
        pen.rounded(4, 0.5, 0, 0.38 - inset, 0.09 - inset, fill)

    pen.outlined(diamond, _ORANGE, _PALE_ORANGE)
    _exclamation(pen, *((0.19, 0.50) if len(number) > 1 else (0.22, 0.78)))


def _exclamation(pen: _Pen, top: float, bottom: float) -> None:
    width = pen.centred(0.12)
    round_ = width / 2 if width > 2.5 * pen.pixel else 0.0  # two pixels are too few for round ends
    left, right = 0.5 - width / 2, 0.5 + width / 2
    top, bottom = pen.whole(top), pen.whole(bottom)
    dot = min(width, pen.whole((bottom - top) / 4))
    gap = pen.whole(0.05)
    pen.box(left, top, right, bottom - dot - gap, _DARK, round_)
    pen.box(left, bottom - dot, right, bottom, _DARK, min(round_, dot / 2))


def _critical(pen: _Pen, number: str) -> None:
    """An octagon with a cross, which makes room for a number."""

    def octagon(inset: float, fill: Colour) -> None:
        pen.rounded(8, 0.5, math.pi / 8, 0.5 - inset, 0.06 - inset, fill)

    pen.outlined(octagon, _RED, _PALE_RED, level=True)
    x, y, reach = {0: (0.5, 0.5, 0.18), 1: (0.44, 0.44, 0.17), 2: (0.44, 0.34, 0.13)}[len(number)]
    x, y = pen.whole(x), pen.whole(y)
    pen.line([(x - reach, y - reach), (x + reach, y + reach)], 0.14, _WHITE)
    pen.line([(x + reach, y - reach), (x - reach, y + reach)], 0.14, _WHITE)


def _unknown(pen: _Pen, _number: str) -> None:
    """A hexagon with a question mark."""

    def hexagon(inset: float, fill: Colour) -> None:
        pen.rounded(6, 0.5, math.pi / 6, inner - inset, 0.08 - inset, fill)

    inner = pen.centred(0.87) / 2
    pen.outlined(hexagon, _GREY, _PALE_GREY)
    width = pen.centred(0.12)
    angles = [math.radians(degrees) for degrees in range(185, 451, 5)]
    hook = [(0.5 + 0.15 * math.cos(angle), 0.385 + 0.15 * math.sin(angle)) for angle in angles]
    pen.line([*hook, (0.5, 0.60)], 0.12, _WHITE)
    top = pen.whole(0.71)
    pen.box(0.5 - width / 2, top, 0.5 + width / 2, top + width, _WHITE, width / 2 if width > 2.5 * pen.pixel else 0)


def _offline(pen: _Pen) -> None:
    """A disc that a slash crosses from edge to edge."""
    pen.outlined(lambda inset, fill: pen.circle(0.5, 0.5, 0.44 - inset, fill), _GREY, _PALE_GREY)
    for inset, fill in ((0.0, _DARK), (pen.edge, _WHITE)):
        pen.line([(0.13, 0.13), (0.87, 0.87)], 0.26 - 2 * inset, fill)


_SHAPES: Mapping[Impact, Callable[[_Pen, str], None]] = {
    Impact.NONE: _none,
    Impact.NOTICE: _notice,
    Impact.MAINTENANCE: _maintenance,
    Impact.MINOR: _minor,
    Impact.MAJOR: _major,
    Impact.CRITICAL: _critical,
    Impact.UNKNOWN: _unknown,
}

# Three columns and five rows: the odd ones are strokes, the even ones the gaps between them. No font is needed, and a
# digit of 3 × 5 pixels can still be read.
_DIGITS: Mapping[str, tuple[str, str, str, str, str]] = {
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
}


def _badge(pen: _Pen, number: str) -> None:
    """The number in the lower right corner: white on dark, with a white edge towards the shape."""
    wide = len(number) > 1
    stroke, across, down = (pen.whole(each) for each in ((0.06, 0.07, 0.07) if wide else (0.08, 0.075, 0.065)))
    plus = stroke + 2 * pen.whole(0.07) if wide else 0.0
    digit_width, digit_height = 2 * stroke + across, 3 * stroke + 2 * down
    pad, edge, corner = pen.whole(0.055), pen.whole(0.035), pen.whole(0.08)
    far = 1 - edge if pen.size >= 32 else 1.0  # where there is room, the white edge goes all around
    left = far - 2 * pad - digit_width - (plus + pen.whole(0.05) if wide else 0)
    top = far - 2 * pad - digit_height
    pen.box(left - edge, top - edge, 1, 1, _WHITE, corner + edge)
    pen.box(left, top, far, far, _DARK, corner)

    columns = pairwise(accumulate((left + pad, stroke, across, stroke)))
    rows = pairwise(accumulate((top + pad, stroke, down, stroke, down, stroke)))
    cells = product(rows, columns)
    for ((upper, lower), (start, end)), cell in zip(cells, "".join(_DIGITS[number[0]]), strict=True):
        if cell == "#":
            pen.box(start, upper, end, lower, _WHITE)
    if wide:
        start, arm = far - pad - plus, (plus - stroke) / 2
        upper = pen.whole(top + pad + (digit_height - plus) / 2)
        pen.box(start, upper + arm, start + plus, upper + arm + stroke, _WHITE)
        pen.box(start + arm, upper, start + arm + stroke, upper + plus, _WHITE)


_BLUE_DOT = (70, 170, 255)


def _dot(pen: _Pen) -> None:
    """A dot in the upper right corner, where no state has anything to say."""
    radius = pen.centred(0.34) / 2
    x, y = 1 - radius, radius
    pen.circle(x, y, radius, _DARK)
    pen.circle(x, y, radius - pen.edge, _WHITE if pen.size < 22 else _BLUE_DOT)
    if pen.size >= 22:
        pen.circle(x, y, radius - pen.edge * 1.6, _BLUE_DOT)


def _clock(pen: _Pen) -> None:
    """A clock's face in the lower left corner: what is shown was read some time ago."""
    radius = pen.centred(0.5) / 2
    x, y = radius, 1 - radius
    pen.circle(x, y, radius, _DARK)
    pen.circle(x, y, radius - pen.edge, _WHITE)
    width = pen.whole(0.07)
    reach = radius - 2 * pen.edge
    pen.box(x - width / 2, y - reach, x + width / 2, y + width / 2, _DARK)
    pen.box(x - width / 2, y - width / 2, x + reach * 0.8, y + width / 2, _DARK)


def write_app_icons(folder: Path) -> None:
    """Write the program's own icon: `tray-status.png` (256 px) and `tray-status.ico` (16 to 256 px)."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [draw(Look(Impact.NONE), size) for size in (256, 128, 64, 48, 32, 24, 16)]
    pictures[0].save(folder / "tray-status.png", optimize=True)
    pictures[0].save(folder / "tray-status.ico", sizes=[each.size for each in pictures], append_images=pictures[1:])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m tray_status.tray.art FOLDER")
    write_app_icons(Path(sys.argv[1]))
