"""Standard output and error, made to outlive whoever reads them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from typing import TextIO

_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


class LastingStream:
    """A text stream that never fails: not on a character it cannot show, and not when its reader goes away."""

    def __init__(self, stream: TextIO | None, gone: Callable[[], None]) -> None:
        if stream is None:  # pythonw has none
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for as long as the program runs
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
        self._stream = stream
        self._gone = gone
        self.trouble = ""
        """Why it could not be written to, where that was not for want of a reader."""

    def isatty(self) -> bool:
        return self._stream.isatty()

    def may_be_read(self) -> bool:
        """Whether somebody may be reading now: at a terminal, or at the other end of a pipe; not in a file."""
        try:
            return self._stream.isatty() or stat.S_ISFIFO(os.fstat(self._stream.fileno()).st_mode)
        except (OSError, ValueError):
            return False

    def write(self, text: str) -> None:
        self._do(lambda: self._stream.write(text))

    def flush(self) -> None:
        self._do(self._stream.flush)

    def _do(self, action: Callable[[], object]) -> None:
        try:
            action()
        except (OSError, ValueError) as error:  # a closed pipe or terminal; a closed file; a full disk
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                self.trouble = error.strerror or str(error)
            # What is left in the buffer goes nowhere, so that Python's own flush at the end does not fail either.
            void = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(void, self._stream.fileno())
            except (OSError, ValueError):
                self._stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
            finally:
                os.close(void)
            self._gone()
