"""A look at threads from outside."""

from __future__ import annotations

import sys
import threading
import traceback


def stack_of(thread: threading.Thread) -> str:
    """Where a thread stands now, as a traceback would show it."""
    frame = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(frame)) if frame else "(it is nowhere)"
