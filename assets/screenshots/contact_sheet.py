"""Writes `icons.png`: all states of the icon, named, on panels from black to white, in all themes, as others see it.

Run from the repository: `python assets/screenshots/contact_sheet.py`
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tray_status.core.model import Impact
from tray_status.tray.art import Look, Theme, draw

PANELS = {"black": 0, "dark": 40, "grey": 128, "light": 225, "white": 255}
LOOKS = {
    "operational": Look(Impact.NONE),
    "notice": Look(Impact.NOTICE, 1),
    "maintenance": Look(Impact.MAINTENANCE),
    "minor": Look(Impact.MINOR, 1),
    "major": Look(Impact.MAJOR),
    "2 major": Look(Impact.MAJOR, 2),
    "critical": Look(Impact.CRITICAL),
    "6 critical": Look(Impact.CRITICAL, 6),
    "12 critical": Look(Impact.CRITICAL, 12),
    "unknown": Look(Impact.UNKNOWN),
    "offline": Look(Impact.UNKNOWN, offline=True),
    "news": Look(Impact.NONE, unread=True),
    "news, major": Look(Impact.MAJOR, 3, unread=True),
    "old, minor": Look(Impact.MINOR, stale=True),
    "old, critical": Look(Impact.CRITICAL, 2, stale=True),
}
# Machado, Oliveira and Fernandes (2009), severity 1.0, https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/
BLINDNESS = {
    "protanopia": (0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
    "deuteranopia": (0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
    "tritanopia": (1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900),
}
NAMES, CELL, LABEL, ROW = 26, 88, 96, 54
SIZES = (16, 22, 32)


def row_of(name: str, grey: int, theme: Theme = Theme.AUTO) -> Image.Image:
    """All looks on one panel, small to large."""
    row = Image.new("RGB", (LABEL + CELL * len(LOOKS), ROW), (grey, grey, grey))
    ink = (0, 0, 0) if grey > 110 else (255, 255, 255)
    ImageDraw.Draw(row).text((8, ROW / 2 - 7), name, ink, ImageFont.load_default(12))
    for column, look in enumerate(LOOKS.values()):
        left = LABEL + column * CELL
        for size in SIZES:
            shown = Look(look.impact, look.count, look.offline, look.unread, look.stale, theme)
            icon = draw(shown, size)
            row.paste(icon, (left, (ROW - size) // 2), icon)
            left += size + 3
    return row


def as_seen(row: Image.Image, matrix: tuple[float, ...]) -> Image.Image:
    """A row as somebody without one kind of cones sees it."""
    red, green, blue = (matrix[start : start + 3] for start in (0, 3, 6))
    return row.convert("RGB", (*red, 0, *green, 0, *blue, 0))


def head() -> Image.Image:
    names = Image.new("RGB", (LABEL + CELL * len(LOOKS), NAMES), (255, 255, 255))
    pen = ImageDraw.Draw(names)
    for column, name in enumerate(LOOKS):
        pen.text((LABEL + column * CELL, 7), name, (0, 0, 0), ImageFont.load_default(11))
    return names


def enlarged() -> Image.Image:
    """The smallest ones, four times as large."""
    row = Image.new("RGB", (LABEL + CELL * len(LOOKS), 80), (128, 128, 128))
    ImageDraw.Draw(row).text((8, 32), "16 px, larger", (0, 0, 0), ImageFont.load_default(12))
    for column, look in enumerate(LOOKS.values()):
        icon = draw(look, 16).resize((64, 64), Image.Resampling.NEAREST)
        row.paste(icon, (LABEL + column * CELL, 8), icon)
    return row


def contact_sheet() -> Image.Image:
    """The rows below each other."""
    rows = [head(), *(row_of(name, grey) for name, grey in PANELS.items()), enlarged()]
    rows += [row_of("for dark ones", 30, Theme.DARK), row_of("for light ones", 235, Theme.LIGHT)]
    rows += [row_of("monochrome", grey, Theme.MONOCHROME) for grey in (30, 235)]
    rows += [as_seen(row_of(name, 40), matrix) for name, matrix in BLINDNESS.items()]
    sheet = Image.new("RGB", (rows[0].width, sum(row.height for row in rows)))
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    return sheet


if __name__ == "__main__":
    contact_sheet().quantize(256, dither=Image.Dither.NONE).save(Path(__file__).with_name("icons.png"), optimize=True)
