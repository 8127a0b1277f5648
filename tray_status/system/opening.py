"""Files opened in the program that this desktop has for them."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from ..errors import TrayStatusError

_COMMANDS = {"darwin": ("open", "-t"), "win32": ("notepad",)}


class CannotOpen(TrayStatusError):
    """Nothing here opens a file; the words name the file, so that the person can."""


def open_in_editor(path: Path, platform: str = sys.platform) -> None:
    """Open a text file in the desktop's editor, and come back at once. Raises CannotOpen."""
    command = (*_COMMANDS.get(platform, ("xdg-open",)), str(path))
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603 - the desktop's own opener
            command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
    except OSError as error:
        raise CannotOpen(f"{command[0]} cannot be started ({error.strerror or error}); the file is {path}") from None
    # Some openers stay as long as the editor does.
    threading.Thread(target=process.wait, name="tray-status editor", daemon=True).start()
