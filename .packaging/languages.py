"""Compiles the catalogues of words: `python .packaging/languages.py`, after a change of a `.po` file.

Both kinds are kept in the repository, so that nobody needs more than Python to run it; a test compares them.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[1] / "tray_status" / "locale"


def main() -> None:
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.parents[1].name)
        with path.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


if __name__ == "__main__":
    main()
