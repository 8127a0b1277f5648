"""Fills in what Homebrew, winget and Flatpak want to be told of a release: version, addresses, checksums.

    python .packaging/manifests.py DIST OUT

DIST holds what was built: the sdist, and for winget the zip of the one-folder program, which is called
`tray-status-VERSION-windows-x64.zip`. Without that zip no winget manifests are written. Nothing is downloaded:
Homebrew's and Flatpak's own tools add the dependencies.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / ".packaging" / "templates"
HOME_PAGE = "https://github.com/tray-status/tray-status"


def version() -> str:
    """The version that the package says it has."""
    found = re.search(r'^__version__ = "([^"]+)"$', (ROOT / "tray_status" / "__init__.py").read_text("utf-8"), re.M)
    assert found, "tray_status/__init__.py says no version"
    return found[1]


def write_manifests(dist: Path, out: Path) -> list[Path]:
    """Write all that can be; the files. Raises FileNotFoundError where there is no sdist of this version."""
    told = {"VERSION": version(), "HOME_PAGE": HOME_PAGE}
    told |= _artefact("SDIST", dist / f"tray_status-{told['VERSION']}.tar.gz", told["VERSION"])
    archive = dist / f"tray-status-{told['VERSION']}-windows-x64.zip"
    if archive.exists():
        told |= _artefact("ZIP", archive, told["VERSION"])
    written = []
    for template in sorted(each for each in TEMPLATES.rglob("*") if each.is_file()):
        text = template.read_text(encoding="utf-8")
        if template.parent.name == "winget" and "ZIP_URL" not in told:
            continue
        filled = re.sub(r"@([A-Z0-9_]+)@", lambda mark: told[mark[1]], text)
        path = out / template.relative_to(TEMPLATES)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled, encoding="utf-8")
        written.append(path)
    return written


def _artefact(name: str, file: Path, release: str) -> dict[str, str]:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {f"{name}_URL": f"{HOME_PAGE}/releases/download/v{release}/{file.name}", f"{name}_SHA256": digest}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: python .packaging/manifests.py DIST OUT")
    for written in write_manifests(Path(sys.argv[1]), Path(sys.argv[2])):
        print(written)
