"""Puts what a desktop looks for below a prefix, for packages of distributions: entry, metainfo and icons.

    python .packaging/linux/install.py /usr      or, in a package's build, "$DESTDIR/usr", and in a Flatpak /app

The icons are drawn by the program itself (`tray_status/tray/art.py`), in each size that the hicolor theme has a
folder for. The releases of the metainfo come from the changelog. What is written is reproducible.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / ".packaging")]

from changelog import releases  # noqa: E402 - these are found only now

from tray_status.core.model import Impact  # noqa: E402
from tray_status.tray.art import Look, draw  # noqa: E402

APP_ID = "io.github.tray_status.TrayStatus"
HERE = Path(__file__).parent

SIZES = (16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512)
"""Of the hicolor theme's folders for programs."""


def install(prefix: Path) -> list[Path]:
    """Write all of it; the files, in their order."""
    share = prefix / "share"
    written = [
        _write(share / "applications" / f"{APP_ID}.desktop", (HERE / f"{APP_ID}.desktop").read_text("utf-8")),
        _write(share / "metainfo" / f"{APP_ID}.metainfo.xml", metainfo()),
    ]
    for size in SIZES:
        path = share / "icons" / "hicolor" / f"{size}x{size}" / "apps" / f"{APP_ID}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(Look(Impact.NONE), size).save(path, optimize=True)
        written.append(path)
    return written


def metainfo() -> str:
    """The metainfo, with a line for each release that the changelog knows a day of."""
    text = (HERE / f"{APP_ID}.metainfo.xml").read_text("utf-8")
    lines = [f'    <release version="{each.version}" date="{each.day}" />\n' for each in releases() if each.day]
    if not lines:  # the validator would have none that is empty
        return text.replace("  <releases>\n  </releases>\n", "")
    return text.replace("  <releases>\n", "  <releases>\n" + "".join(lines))


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python .packaging/linux/install.py PREFIX")
    for file in install(Path(sys.argv[1])):
        print(file)
