"""Writes `icons.png`: every state of the icon at every size, on light, mid and dark panels, in colour and greyscale.

Run from the repository: `python assets/screenshots/contact_sheet.py`
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tray_status.core.model import Impact
from tray_status.tray.art import Look, draw

LIGHT, MID, DARK = (240, 240, 240), (128, 128, 128), (32, 32, 32)
LOOKS = (
    Look(Impact.NONE),
    Look(Impact.NOTICE, 1),
    Look(Impact.MAINTENANCE),
    Look(Impact.MINOR, 1),
    Look(Impact.MAJOR),
    Look(Impact.MAJOR, 2),
    Look(Impact.MAJOR, 12),
    Look(Impact.CRITICAL),
    Look(Impact.CRITICAL, 6),
    Look(Impact.CRITICAL, 12),
    Look(Impact.UNKNOWN),
    Look(Impact.UNKNOWN, offline=True),
)
PLACES = {16: (0, 0), 22: (22, 0), 24: (52, 0), 32: (0, 32), 48: (44, 32)}
ENLARGED = 6
CELL = (116, 196)


def strip(panel: tuple[int, int, int]) -> Image.Image:
    """All looks on one panel: each size as it is, and the smallest enlarged below."""
    sheet = Image.new("RGB", (CELL[0] * len(LOOKS), CELL[1]), panel)
    for column, look in enumerate(LOOKS):
        left = 10 + column * CELL[0]
        for size, (x, y) in PLACES.items():
            icon = draw(look, size)
            sheet.paste(icon, (left + x, 8 + y), icon)
        small = draw(look, 16)
        large = small.resize((16 * ENLARGED, 16 * ENLARGED), Image.Resampling.NEAREST)
        sheet.paste(large, (left, 94), large)
    return sheet


def contact_sheet() -> Image.Image:
    """The strips below each other: three panels in colour, then light and dark in greyscale."""
    strips = [strip(panel) for panel in (LIGHT, MID, DARK)]
    strips += [strip(panel).convert("L").convert("RGB") for panel in (LIGHT, DARK)]
    sheet = Image.new("RGB", (strips[0].width, CELL[1] * len(strips)))
    for row, each in enumerate(strips):
        sheet.paste(each, (0, row * CELL[1]))
    return sheet


if __name__ == "__main__":
    contact_sheet().save(Path(__file__).with_name("icons.png"), optimize=True)
