"""The program behind any WSGI server: importing this starts the polling, once a process, and serves what it finds.

Where a server runs several processes, one of them polls and the others follow its log. Django's `runserver` imports
this in the one process that serves, never in the one that watches the source for changes.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import NoReturn

from .app import DEFAULT_HOST, in_background
from .commands.arguments import parser
from .commands.printing import configure_logging, note
from .errors import TrayStatusError, UsageError
from .web.server import application as served


def _end(error: TrayStatusError) -> NoReturn:
    """End the process with the one line that a person needs, as the program's other modes do."""
    note(f"tray-status: {error}")
    code = 2 if isinstance(error, UsageError) else 1
    if threading.current_thread() is threading.main_thread():
        sys.exit(code)
    os._exit(code)  # the reloader serves on a thread of its own, and would wait for the mistake to be mended


_options = parser().parse_args(["--serve"])
configure_logging(_options.verbose)
try:
    _session = in_background(_options, os.environ)
except TrayStatusError as _error:
    _end(_error)
atexit.register(_session.close)
application = served(_session.site(), DEFAULT_HOST)
