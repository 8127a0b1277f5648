"""The program's own log, for whoever has to find out what happened at 3 a.m.: a file that stays small."""

from __future__ import annotations

import contextlib
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

BYTES = 1024 * 1024
OLD_FILES = 3
FORMAT = "%(asctime)s %(process)d %(levelname)s %(threadName)s: %(message)s"


class _LogFile(RotatingFileHandler):
    """Private to this person; a disk that is full, or a file that another process holds, never shows up elsewhere."""

    def _open(self) -> Any:
        number = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return open(number, self.mode, encoding=self.encoding, errors="backslashreplace")

    def doRollover(self) -> None:  # noqa: N802 - its name in the library
        with contextlib.suppress(OSError):  # Windows renames no file that another process has open
            super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """What cannot be logged is lost, and stops nothing."""


def begin_log_file(path: Path, *, verbose: bool) -> None:
    """Log to this file, too, from now on: what was decided and why; with `verbose`, each request as well."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = _LogFile(path, maxBytes=BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True)
    handler.setLevel(logging.DEBUG if verbose else logging.INFO)
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.getLogger().addHandler(handler)
    ours = logging.getLogger("tray_status")
    ours.setLevel(min(ours.getEffectiveLevel(), handler.level))
